// Callers: what each uses of its limits; and `hss-gateway explain` as a form.
import {
  t, h, panel, pill, number, bytes, span, clock, table, row, rowKeys, field, choice, facts, button, meter, mono, ago, copy, instant, shortened, said, codeWords, shell, empty,
} from "./ui.js";
import { spark, plot } from "./plot.js";
import { app, go, link } from "./place.js";
import { about, get, send, optional, part, faultView, Unwelcome, welcome } from "./api.js";

const day = 86400000, hour = 3600000;
// A key that expires within this time is reported, milliseconds.
const soon = 14 * day;

export function show() {
  const load = async (signal) => {
    const [usage, callers, flow] = await Promise.all([
      about("audit/usage", { since: "24h" }, { signal }), optional(get("callers", {}, { signal })), optional(get("flow", {}, { signal })),
    ]);
    return { usage: usage.callers, callers: callers ? callers.callers : [], queues: flow ? flow.queues : [] };
  };
  const question = explain();
  return [part(load, (data) => drawn(data, question), { every: 60000, bones: 6 }), question.panel];
}

function joined({ usage, callers, queues }) {
  const names = [...new Set([...usage.map((one) => one.name), ...callers.map((one) => one.name)])];
  return names.map((name) => {
    const used = usage.find((one) => one.name === name) || {}, known = callers.find((one) => one.name === name) || {}, waits = used.waits || {};
    const refused = Object.entries(used.refused || {}).sort((a, b) => b[1] - a[1]);
    return {
      name, requests: used.requests || 0, hours: used.by_hour || [], exports: used.exports_today || 0, bytes: used.bytes || 0, refused, refusals: refused.reduce((sum, [, n]) => sum + n, 0),
      longest: typeof waits.max_us === "number" ? waits.max_us / 1000 : null, limits: known.limits || {}, reasons: known.require_reason || [], projects: known.projects || [], keys: known.keys || [],
      waiting: queues.flatMap((queue) => queue.waiting || []).filter((one) => one.caller === name).reduce((sum, one) => sum + one.requests, 0),
    };
  }).sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1));
}
const nextEnd = (one) => one.keys.map((key) => instant(key.ends)).filter((ms) => ms !== null).sort((a, b) => a - b)[0] ?? null;
const ending = (ms) => (ms === null ? h("span", { class: "quiet" }, t("never.ends")) : ms - Date.now() < soon ? pill("warn", ago(ms)) : h("span", { class: "quiet" }, ago(ms)));

function drawn(data, question) {
  const list = joined(data);
  question.propose(list.map((one) => one.name).filter(Boolean));
  if (list.length === 0) return empty(t("callers.none"), t("callers.none.text"));
  const chosen = list.find((one) => one.name === app.part) || list[0];
  const cols = [
    { text: t("field.caller") }, { text: t("callers.day"), cls: "spark-cell" }, { text: t("callers.requests"), cls: "r" }, { text: t("callers.exports") }, { text: t("callers.refused"), cls: "r" },
    { text: t("callers.waiting"), cls: "r" }, { text: t("callers.key") },
  ];
  const rows = list.map((one) => row(cols, [
    h("a", { href: link("callers", {}, one.name), "aria-current": one === chosen ? "true" : null }, shortened(one.name || t("nobody"), 48)), spark(one.hours, t("callers.spark", { n: number(one.requests) })),
    h("span", { class: "num" }, number(one.requests)), meter(one.exports, one.limits.exports_per_day),
    one.refusals ? h("a", { class: "num" + (one.refusals > 20 ? " bad-text" : ""), href: link("records", { caller: one.name, outcome: "refused" }) }, number(one.refusals)) : h("span", { class: "num quiet" }, "0"),
    one.waiting ? pill("pending", number(one.waiting)) : h("span", { class: "num quiet" }, "0"), one.keys.length ? ending(nextEnd(one)) : h("span", { class: "quiet" }, "–")],
  { class: "entry" + (one === chosen ? " at" : ""), onclick: (event) => { if (!event.target.closest("a")) go("callers", {}, one.name); } }));
  app.keys = rowKeys(() => rows, (tr) => tr.querySelector("a"));
  return [panel(t("callers.title"), { note: t("callers.note"), cls: "flush" }, table(t("callers.title"), cols, rows, "cards callers")), detail(chosen)];
}

function detail(one) {
  const figure = (name, value, more) => h("div", {}, h("span", { class: "quiet" }, name), h("b", {}, value), more ? h("span", { class: "quiet" }, more) : null);
  const cols = [{ text: t("callers.keys.what") }, { text: t("callers.keys.made") }, { text: t("callers.keys.used") }, { text: t("callers.keys.ends") }];
  const rows = one.keys.map((key) => row(cols, [h("span", {}, mono(key.id ?? "–", 60), " ", key.kind ? h("span", { class: "tag" }, said("proof", key.kind)) : null), clock(instant(key.made), "date"),
    key.last_used ? ago(instant(key.last_used)) : h("span", { class: "quiet" }, "–"), ending(instant(key.ends))]));
  const begin = (Math.floor(Date.now() / hour) + 1 - one.hours.length) * hour, buckets = one.hours.map((n, i) => ({ t: begin + i * hour, n }));
  const projects = one.projects.map((name) => (name === "*" ? t("callers.allprojects") : shortened(name, 48))).join(", "), limits = one.limits;
  return panel(one.name || t("nobody"), { note: projects },
    h("div", { class: "figures" }, figure(t("callers.requests"), number(one.requests)), figure(t("callers.got"), bytes(one.bytes)), figure(t("callers.waittop"), span(one.longest)),
      limits.requests_per_second ? figure(t("callers.limits"), t("callers.rps", { n: number(limits.requests_per_second) }), limits.concurrent ? t("callers.concurrent", { n: number(limits.concurrent) }) : "") : null,
      one.reasons.length ? figure(t("callers.reasons"), one.reasons.map((kind) => said("kind", kind)).join(t("comma"))) : null),
    buckets.length ? plot({ title: t("callers.hours", { who: shortened(one.name, 48) }), describe: t("plot.range.24h"), buckets, step: hour, height: 92, total: false, series: [{ key: "n", text: t("callers.requests"), cls: "success" }] }) : null,
    one.keys.length ? [h("h3", {}, t("callers.keys")), table(t("callers.keys"), cols, rows, "cards plain-table")] : null,
    one.refused.length ? [h("h3", {}, t("callers.refusals")), h("ul", { class: "plain-list" }, one.refused.map(([code, n]) => h("li", {}, h("b", { class: "num" }, number(n)), " ", codeWords(code))))] : null);
}

// MARK: What may it do?

const methods = ["GET", "POST", "PUT", "DELETE"];

// Names of operations with their methods and paths, from the API's description; loaded when the field is used.
async function catalogue() {
  const text = await get("openapi.yaml", {}, { text: true }), found = new Map();
  let path = "", method = "";
  for (const line of text.split("\n")) {
    const at = /^ {2}(\/\S*):\s*$/.exec(line), how = /^ {4}(get|post|put|delete|patch):\s*$/.exec(line), name = /^ {6}operationId: (\w+)/.exec(line);
    if (at) path = at[1];
    else if (how) method = how[1].toUpperCase();
    else if (name && path) found.set(name[1], { method, path: path.replace("{project_id}", "_").replace(/\{(\w+)\}/g, "$1") });
  }
  return found;
}

function explain() {
  const result = h("div", { class: "explained", role: "status", hidden: true }), names = h("datalist", { id: "operations" }), callers = h("datalist", { id: "callers" });
  const caller = h("input", { name: "caller", list: "callers", required: true, value: app.part || "", spellcheck: "false", maxlength: 256 });
  const operation = h("input", { name: "operation", list: "operations", spellcheck: "false", placeholder: t("explain.operation.hint"), maxlength: 128 });
  const method = choice(methods.map((one) => [one, one]), "GET", { name: "method" }), path = h("input", { name: "path", required: true, spellcheck: "false", value: "/v5/_/", maxlength: 2048 });
  let known = null;
  operation.addEventListener("focus", async () => {
    try {
      known = await catalogue();
      names.replaceChildren(...[...known.keys()].map((name) => h("option", { value: name })));
    } catch { known = new Map(); }
  }, { once: true });
  operation.addEventListener("input", () => {
    const found = known && known.get(operation.value.trim());
    if (!found) return;
    method.value = found.method;
    path.value = found.path;
  });
  const ask = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    const body = { caller: given.caller.trim(), method: given.method, path: given.path.trim() };
    if (given.reason.trim()) body.reason = given.reason.trim();
    if (given.time) body.time = new Date(given.time).toISOString();
    result.hidden = false;
    try {
      answer(result, body, await send("POST", "explain", body));
    } catch (problem) {
      if (problem instanceof Unwelcome) return welcome.ask();
      result.className = "explained";
      result.replaceChildren(faultView(problem));
    }
  };
  const form = h("form", { class: "explain", onsubmit: ask },
    field(t("field.caller"), caller), callers, field(t("field.operation"), operation, "grow"), names,
    field(t("explain.method"), method), field(t("explain.path"), path, "grow"), field(t("explain.time"), h("input", { name: "time", type: "datetime-local" })), field(t("field.reason"), h("input", { name: "reason", maxlength: 256 })),
    h("button", { type: "submit" }, t("explain.ask")));
  // The first caller of the list, until the user has entered another.
  const propose = (known) => {
    callers.replaceChildren(...known.map((name) => h("option", { value: name })));
    if (!caller.value && caller !== document.activeElement && known.length) caller.value = known[0];
  };
  return { panel: panel(t("explain.title"), { note: t("explain.note"), cls: "no-print" }, form, result), propose };
}

function answer(place, asked, x) {
  const isAllowed = x.decision === "allow", what = shortened(x.operation || asked.method + " " + asked.path, 120), ep = x.enterprise_project_id;
  const command = ["hss-gateway explain", asked.method, shell(asked.path), "--caller " + shell(asked.caller), ...(asked.reason ? ["--reason " + shell(asked.reason)] : []), ...(asked.time ? ["--time " + asked.time] : [])].join(" ");
  place.className = "explained tone-" + (isAllowed ? "good" : "odd");
  place.replaceChildren(
    h("p", { class: "told" }, h("span", { class: "dot", "aria-hidden": "true" }), t(isAllowed ? "explain.yes" : "explain.no", { who: shortened(asked.caller, 60), operation: what })),
    facts([
      [t("field.rule"), x.rule && mono(x.rule)], [t("field.kind"), x.kind && said("kind", x.kind)], [t("explain.answer"), x.error_code && shortened(x.error_code, 40) + t("dot") + codeWords(x.error_code)],
      [t("explain.why"), x.error_msg && shortened(x.error_msg, 400)], [t("explain.what"), x.hint && shortened(x.hint, 400)], [t("field.project"), x.project && shortened(x.project)],
      [t("field.credential"), x.credential && shortened(x.credential)], [t("field.request"), x.target && mono(x.target, 400)],
      [t("field.ep"), ep && shortened(typeof ep === "object" ? ep.value : ep)]], "one"),
    button(t("records.cli"), () => copy(command, t("records.cli.done"))));
}
