// Records: one row is one exchange. The filter is in the address: what is shown can be linked, saved, printed and queried on the command
// line.
import {
  t, h, s, unseenSubmit, panel, segments, pill, number, span, clock, stamp, table, row, rowKeys, field, choice, button, copy, save, empty, codeWords, toast, zoneName, shortened, said, shell, instant,
} from "./ui.js";
import { plot } from "./plot.js";
import { app, go, scope, isOwn } from "./place.js";
import { get, about, optional, poll, part, Refusal, Unwelcome, welcome } from "./api.js";
import { exchange, exchanges, detail } from "./exchange.js";

const periods = { "15m": 900000, "1h": 3600000, "24h": 86400000, "7d": 604800000, "30d": 2592000000 };
const outcomes = ["success", "failure", "refused", "unknown"];
const kinds = ["read", "write", "export", "download"];
// Filters of the API in the folded part of the form.
const folded = ["operation", "kind", "project", "code", "rule", "credential", "task", "sha256"];
// Filters that the plot's counts support; with another one there is no plot.
const counted = new Set(["caller", "operation", "kind", "project", "outcome", "instance", "code", "credential"]);
const filters = ["caller", "outcome", "text", "request_id", "file_id", "instance", ...folded];
const rowsOfAPage = 50, bucketsOfAPlot = 72;
// Most rows in the document, and most pages of a download.
const mostRows = 1000, mostPages = 100, rowsOfADownload = 1000;
// How long one request of the tail waits, seconds; and the pause after a failed one, milliseconds.
const tailWait = 20, tailPause = 5000;

// MARK: The query

function asked() {
  const q = Object.fromEntries(app.query), range = Object.hasOwn(periods, q.range || "") ? q.range : "24h";
  const own = instant(q.since) !== null && instant(q.until) !== null ? [instant(q.since), instant(q.until)] : null;
  const now = Date.now(), filter = Object.fromEntries(filters.filter((key) => q[key]).map((key) => [key, q[key]]));
  return {
    filter, range, own, since: own ? own[0] : now - periods[range], until: own ? own[1] : now,
    period: own ? { since: new Date(own[0]).toISOString(), until: new Date(own[1]).toISOString() } : { since: range },
  };
}
const change = (more) => go("records", { ...Object.fromEntries(app.query), ...more });

// A text is searched where it can occur: a digest and an id have filters of their own.
function search(text) {
  const found = text.trim();
  const cleared = { text: "", request_id: "", sha256: "" };
  if (/^[0-9a-f]{64}$/i.test(found)) return change({ ...cleared, sha256: found.toLowerCase() });
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(found)) return change({ ...cleared, request_id: found.toLowerCase() });
  return change({ ...cleared, text: found });
}

function command(q) {
  const flags = { caller: "caller", operation: "operation", kind: "kind", outcome: "outcome", project: "project", task: "task", file_id: "file-id", sha256: "sha256", request_id: "request-id", instance: "instance" };
  const given = Object.entries(q.filter).filter(([key]) => flags[key]).map(([key, value]) => "--" + flags[key] + " " + shell(value));
  const period = Object.entries(q.period).map(([key, value]) => "--" + key + " " + value);
  return ["hss-gateway audit query", ...given, ...period, "--format table"].join(" ");
}

// MARK: The page

export function show() {
  const q = asked(), line = command(q);
  const list = part((signal) => exchanges({ ...q.filter, ...q.period, limit: rowsOfAPage }, { signal }), (page) => rows(q, page, line), { bones: 8 });
  const isCounted = Object.keys(q.filter).every((key) => counted.has(key));
  const plotted = !isCounted ? null : part((signal) => optional(about("audit/histogram", { ...q.filter, ...q.period, buckets: bucketsOfAPlot, by: "outcome" }, { signal })), (data) => over(q, data), { bones: 1 });
  return [form(q), chips(q), printHead(line), plotted, list];
}

const printHead = (line) => h("div", { class: "print-head" }, h("h2", {}, t("print.title")), h("p", {}, t("print.made", { time: clock(Date.now(), "full"), zone: zoneName() })), h("p", { class: "mono" }, line));

function form(q) {
  const text = h("input", { type: "search", name: "text", value: q.filter.text || q.filter.request_id || "", placeholder: t("records.search"), spellcheck: "false", "data-search": true, maxlength: 256 });
  const caller = h("input", { name: "caller", list: "callers", value: q.filter.caller || "", spellcheck: "false", maxlength: 256, onchange: (event) => change({ caller: event.target.value.trim() }) });
  const names = h("datalist", { id: "callers" });
  // Names are optional: without them the field accepts any text. They are loaded once the field has the focus.
  caller.addEventListener("focus", async () => {
    const known = await optional(get("callers")).catch(() => null);
    if (known) names.replaceChildren(...known.callers.slice(0, 200).map((one) => h("option", { value: one.name })));
  }, { once: true });
  const outcome = choice([["", t("any")], ...outcomes.map((one) => [one, t("state." + one)])], q.filter.outcome || "", { name: "outcome", onchange: (event) => change({ outcome: event.target.value }) });
  const options = [...Object.keys(periods).map((one) => [one, t("range." + one)]), ...(q.own ? [["own", t("range.own")]] : [])];
  const range = segments(t("range"), options, q.own ? "own" : q.range, (value) => change({ since: "", until: "", range: value }));
  return h("form", { class: "filter-bar", role: "search", onsubmit: (event) => { event.preventDefault(); search(text.value); } },
    field(t("records.search.label"), text, "grow"), field(t("field.caller"), caller), names, field(t("field.outcome"), outcome),
    h("div", { class: "field" }, h("span", {}, t("range")), range), unseenSubmit());
}

function chips(q) {
  const used = folded.filter((key) => q.filter[key]);
  const control = (key) => (key === "kind"
    ? choice([["", t("any")], ...kinds.map((one) => [one, t("kind." + one)])], q.filter.kind || "", { onchange: (event) => change({ kind: event.target.value }) })
    : h("input", { value: q.filter[key] || "", spellcheck: "false", maxlength: 256, onchange: (event) => change({ [key]: event.target.value.trim() }) }));
  const more = h("details", { class: "more" }, h("summary", {}, t("records.more"), used.length ? h("span", { class: "badge" }, number(used.length)) : null),
    h("div", { class: "filters" }, folded.map((key) => field(t("field." + key), control(key)))));
  const chip = (key, text, cleared) => h("button", { type: "button", class: "chip", "aria-label": t("records.drop", { what: t("field." + key) }), onclick: () => change(cleared) },
    h("span", { class: "quiet" }, t("field." + key)), text, h("span", { "aria-hidden": "true" }, "×"));
  const words = { outcome: "state", kind: "kind" };
  const shown = Object.entries(q.filter).map(([key, value]) => chip(key, words[key] ? said(words[key], value) : shortened(value, 32), { [key]: "" }));
  if (q.own) shown.push(chip("since", clock(q.since, "minute") + " – " + clock(q.until, "minute"), { since: "", until: "" }));
  return h("div", { class: "line" }, more, h("div", { class: "chips" }, shown, shown.length ? button(t("records.clear"), () => go("records"), { cls: "link", plain: false }) : null));
}

function over(q, data) {
  if (!data) return null;
  const step = data.step_us / 1000, buckets = data.buckets.map((one) => ({ t: instant(one.t), ...one.outcome }));
  const total = buckets.reduce((sum, one) => sum + outcomes.reduce((all, key) => all + (one[key] || 0), 0), 0);
  const zoom = (a, b) => change({ since: new Date(a).toISOString(), until: new Date(b).toISOString(), range: "" });
  return panel(t("records.over"), { note: t("records.n", { n: number(total) }) + " · " + clock(q.since, "minute") + " – " + clock(q.until, "minute"), cls: "tight" },
    plot({ title: t("records.over"), describe: t("records.over.describe"), buckets, step, height: 88, day: step >= 3600000, zoom, series: ["success", "refused", "failure", "unknown"].map((key) => ({ key, text: t("state." + key), cls: key })) }));
}

// MARK: The table

const columns = () => [
  { text: t("field.detail"), cls: "narrow", isHidden: true }, { text: t("time") }, { text: t("field.outcome") }, { text: t("field.caller") }, { text: t("field.operation") }, { text: t("field.project"), cls: "wide-only" },
  { text: t("field.answer") }, { text: t("field.took"), cls: "r" }, { text: t("field.gateway"), cls: "wide-only" }, { text: t("field.record"), cls: "r wide-only" },
];
function value(key, text) {
  if (!text) return h("span", { class: "quiet" }, "–");
  return h("button", { type: "button", class: "value", title: t("records.only", { what: shortened(text) }), onclick: (event) => { event.stopPropagation(); change({ [key]: text }); } }, shortened(text, 48));
}

function rows(q, page, line) {
  const cols = columns(), opened = new Map(), known = new Map();
  let cursor = page.next_cursor || null, newest = page.newest_cursor || null, count = 0;

  function toggle(tr, one) {
    const twist = tr.querySelector(".twist"), isOpen = opened.has(tr);
    if (isOpen) {
      opened.get(tr).remove();
      opened.delete(tr);
    } else {
      const extra = h("tr", { role: "row", class: "detail-row" }, h("td", { role: "cell", colspan: cols.length }, detail(one)));
      tr.after(extra);
      opened.set(tr, extra);
    }
    tr.classList.toggle("open", !isOpen);
    twist.setAttribute("aria-expanded", String(!isOpen));
  }
  function make(raw) {
    const one = exchange(raw);
    const answer = one.isOpen ? h("span", { class: "quiet" }, t("records.open"))
      : h("span", { class: "answer" }, h("span", { class: "num" }, one.status ?? "–"), h("span", { class: "code-words" }, codeWords(one.code, one.error)));
    const twist = h("button", { type: "button", class: "twist", "aria-expanded": "false", "aria-label": t("records.detail", { n: number(one.seqs[0] ?? null) }), onclick: (event) => { event.stopPropagation(); toggle(tr, one); } },
      s("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, s("path", { d: "M3 1.5 7 5 3 8.5" })));
    const tr = row(cols, [
      twist, stamp(one.t), pill(one.outcome), one.caller ? value("caller", one.caller) : h("span", { class: "quiet" }, t("nobody")),
      h("span", {}, one.operation ? value("operation", one.operation) : h("span", { class: "mono" }, shortened(one.path || "–", 48)), " ", one.kind && one.kind !== "read" ? h("span", { class: "tag" + (kinds.includes(one.kind) ? " kind-" + one.kind : "") }, said("kind", one.kind)) : null),
      value("project", one.project), answer,
      h("span", { class: "num" }, span(one.took), one.waited ? h("span", { class: "waited" }, t("records.waited", { span: span(one.waited) })) : null),
      isOwn(one.gateway) && !app.instances.fleet ? h("span", {}, shortened(one.gateway, 32)) : value("instance", one.gateway), h("span", { class: "num quiet" }, one.seqs.join(" · "))],
    { class: "entry", onclick: (event) => { if (!event.target.closest("button, a")) toggle(tr, one); } });
    known.set(one.id, tr);
    count += 1;
    return tr;
  }

  const body = table(t("nav.records"), cols, page.exchanges.map(make), "cards records");
  const status = h("p", { class: "quiet", role: "status" });
  const older = button(t("records.older", { n: rowsOfAPage }), () => append().catch((problem) => refused(problem)));
  async function append(limit = rowsOfAPage) {
    older.disabled = true;
    try {
      const next = await exchanges({ ...q.filter, ...q.period, limit, cursor });
      body.body.append(...next.exchanges.map(make));
      cursor = next.next_cursor || null;
    } finally {
      older.disabled = false;
      tell();
    }
  }
  function tell() {
    const all = page.total === undefined ? null : (page.total_is === "at_least" ? t("records.atleast", { n: number(page.total) }) : number(Math.max(page.total, count)));
    const rest = page.complete === false && cursor !== null ? t("dot") + t("records.further") : "";
    status.textContent = (all === null ? t("records.shown.some", { n: number(count) }) : t("records.shown", { n: number(count), all })) + rest;
    older.hidden = cursor === null || count >= mostRows;
  }
  tell();

  // MARK: keys
  const entries = () => [...body.body.querySelectorAll("tr.entry")], move = rowKeys(entries, (tr) => tr.querySelector(".twist"));
  app.keys = (event) => {
    if (move(event)) return true;
    if (event.key !== "Escape" || opened.size === 0) return false;
    const all = [...opened.keys()];
    for (const tr of all) toggle(tr);
    all[0].querySelector(".twist").focus();
    return true;
  };

  const live = newest === null ? null : tail(q, body, { make, known, opened, tell, cursor: () => newest, move: (to) => { newest = to; } });
  const fill = async () => {
    while (cursor !== null && count < mostRows) await append(Math.min(200, mostRows - count));
    if (cursor !== null) toast(t("records.print.cut", { n: number(mostRows) }));
    print();
  };
  const tools = h("div", { class: "line tools" }, live, h("span", { class: "push" }), button(t("records.cli"), () => copy(line, t("records.cli.done"))),
    h("span", { class: "group-buttons" }, ["CSV", "NDJSON", "OCSF"].map((form) => button(form, () => download(q, form.toLowerCase()), { "aria-label": t("download.as", { form }) }))),
    button(t("print"), () => fill().catch(refused)));
  const nothing = empty(t("records.none"), t("records.none.text"), button(t("records.clear"), () => go("records")));
  return [h("h2", { class: "sr" }, t("nav.records")), tools, page.exchanges.length ? body : h("div", {}, nothing, h("div", { hidden: true }, body)), h("div", { class: "line" }, status, older)];
}

function refused(problem) {
  if (problem instanceof Unwelcome) welcome.ask();
  else if (problem.name !== "AbortError") toast(problem instanceof Refusal ? problem.message : t("offline.title"));
}

// The live tail. New rows are inserted above the others, and no other row is changed, so that the focus, open rows and the scroll position stay.
// While the user reads, new rows wait behind a button.
function tail(q, body, list) {
  let buffer = [], leave = null;
  const fresh = button("", () => flush(), { cls: "fresh", hidden: true });
  const isReading = () => body.contains(document.activeElement) || list.opened.size > 0 || scrollY > 200;
  function flush() {
    for (const raw of buffer.splice(0)) {
      const before = list.known.get(raw.id);
      if (before && (list.opened.has(before) || before.contains(document.activeElement))) continue;
      const tr = list.make(raw);
      tr.classList.add("new");
      if (before && before.isConnected) before.replaceWith(tr);
      else body.body.prepend(tr);
    }
    const all = body.body.querySelectorAll("tr.entry");
    for (let i = mostRows; i < all.length; i += 1) if (!list.opened.has(all[i])) all[i].remove();
    fresh.hidden = true;
    list.tell();
  }
  async function follow(signal) {
    while (!signal.aborted) {
      try {
        const found = await poll("audit/exchanges", { ...q.filter, ...scope(), after: list.cursor(), wait: tailWait + "s", limit: rowsOfAPage }, { signal, wait: tailWait * 1000 });
        list.move(found.newest_cursor || list.cursor());
        // Oldest first, so that each goes above the one before.
        buffer.push(...[...found.exchanges].reverse());
        buffer.splice(0, Math.max(0, buffer.length - mostRows));
        if (buffer.length === 0) continue;
        if (isReading()) {
          fresh.textContent = t("records.fresh", { n: number(buffer.length) });
          fresh.hidden = false;
        } else flush();
      } catch (problem) {
        if (problem.name === "AbortError") return;
        if (problem instanceof Unwelcome) return welcome.ask();
        if (problem instanceof Refusal && problem.status < 500) return refused(problem);
        await new Promise((done) => setTimeout(done, tailPause));
      }
    }
  }
  const toggle = h("input", { type: "checkbox", role: "switch", onchange: (event) => {
    if (leave) leave.abort();
    leave = event.target.checked ? new AbortController() : null;
    if (leave) follow(leave.signal);
  } });
  app.leaving.push(() => leave && leave.abort());
  return [h("label", { class: "switch" }, toggle, h("span", {}, t("records.live"))), fresh];
}

// All matches, page by page, in the gateway's format.
async function download(q, format) {
  const chunks = [];
  const { text, code, rule, credential, ...filter } = q.filter;
  let cursor = "", pages = 0, type = "text/plain";
  try {
    do {
      const answer = await get("audit/records", { ...filter, ...q.period, ...scope(), format, limit: rowsOfADownload, cursor }, { raw: true });
      let content = await answer.text();
      type = answer.headers.get("Content-Type") || type;
      if (format === "csv" && pages > 0) content = content.replace(/^[^\n]*\n/, ""); // the names of the columns, once
      chunks.push(content);
      cursor = answer.headers.get("Next-Cursor") || "";
      pages += 1;
      if (pages > 1) toast(t("download.pages", { n: number(pages * rowsOfADownload) }));
    } while (cursor && pages < mostPages);
    save("records." + (format === "ocsf" ? "ocsf.ndjson" : format), new Blob(chunks, { type }));
    if (cursor) toast(t("download.cut", { n: number(pages * rowsOfADownload) }));
    else if (text || code || rule || credential) toast(t("download.wider"));
  } catch (problem) { refused(problem); }
}
