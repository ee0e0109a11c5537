// Fleet: are all gateways the same, and does each keep up?
import { t, h, button, panel, pill, number, span, table, row, meter, mono, percent, stamp, instant, shortened, said, visible, dot } from "./ui.js";
import { about, send, whoami, part, faultView, Unwelcome, welcome } from "./api.js";
import { members } from "./fleet.js";
import { eventDetail } from "./page-overview.js";

// How often the page reloads, milliseconds; the lags above which, and the share of a disk below which there is a
// warning.
const every = 5000, eventsEvery = 60000, late = 60000, lowDisk = 0.2, mostEvents = 50;

export function show() {
  return [
    part(members, replicas, { every, bones: 3 }),
    h("div", { class: "split half" },
      h("div", { class: "split-main" }, part(members, (fleet) => [differences(fleet), checks(fleet)], { every, bones: 2 }), part(whoami, operations, { bones: 0 })),
      h("div", { class: "split-side" }, part((signal) => about("audit/records", { phase: "event", limit: mostEvents }, { signal }), events, { every: eventsEvery, bones: 3 }))),
  ];
}

// The value that most gateways have.
function usual(fleet, key) {
  const counts = new Map();
  for (const one of fleet) if (one[key]) counts.set(one[key], (counts.get(one[key]) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value)[0] ?? "";
}
const state = (one) => [verdict(one), one.isStale ? h("span", { class: "as-of quiet" }, t("fleet.told", { span: span(one.told) })) : null];
const verdict = (one) => (!one.isReady ? pill("failed", one.failing.length ? t("fleet.fails", { what: one.failing.join(", ") }) : t("fleet.away")) : one.warnings.length ? pill("warn", t("fleet.warns", { what: one.warnings.map((check) => check.name).join(", ") })) : pill("ok", t("fleet.ready")));

function replicas(fleet) {
  const version = usual(fleet, "version"), config = usual(fleet, "config");
  const marked = (value, common, content) => (value === common ? content : h("span", { class: "odd-text" }, content, h("span", { class: "sr" }, " " + t("fleet.differs")), h("span", { "aria-hidden": "true" }, "\u00a0≠")));
  const lag = (one, ms) => h("span", { class: "num" + (ms > late && !one.isStale ? " odd-text" : "") }, span(ms)), figure = (text) => h("span", { class: "num" }, text);
  const cols = [
    { text: t("field.gateway") }, { text: t("field.state") }, { text: t("fleet.version") }, { text: t("fleet.config") }, { text: t("fleet.up"), cls: "r" }, { text: t("fleet.rpm"), cls: "r" }, { text: t("fleet.sync"), cls: "r wide-only" },
    { text: t("evidence.anchor"), cls: "r" }, { text: t("evidence.copy"), cls: "r" }, { text: t("fleet.clock"), cls: "r wide-only" }, { text: t("fleet.disk") },
  ];
  const rows = fleet.map((one) => row(cols, [
    h("b", {}, shortened(one.name || "–", 60)), state(one), marked(one.version, version, figure(shortened(one.version || "–", 30))), marked(one.config, config, mono(visible(one.config || "–").slice(0, 8))),
    figure(one.started === null ? "–" : span(Date.now() - one.started)), figure(number(one.rpm, 1)), figure(span(one.sync)), lag(one, one.anchorLag), lag(one, one.shipLag),
    figure(one.clock === null ? "–" : (one.clock > 0 ? "+" : "") + span(one.clock)), one.disk === null ? figure("–") : meter(1 - one.disk, 1, { text: t("fleet.free", { n: percent(one.disk) }), cls: one.disk < lowDisk && !one.isStale ? "odd" : "calm" })], { class: one.isStale ? "stale" : null }));
  const kinds = (key) => new Set(fleet.map((one) => one[key]).filter(Boolean)).size;
  return panel(t("fleet.title"), { note: [t("fleet.note", { n: fleet.length }), t("fleet.note.versions", { n: kinds("version") }), t("fleet.note.configs", { n: kinds("config") })].join(t("comma")), cls: "flush" }, table(t("fleet.title"), cols, rows, "cards fleet"));
}

function differences(fleet) {
  const version = usual(fleet, "version"), config = usual(fleet, "config"), notes = [];
  for (const one of fleet) {
    const name = shortened(one.name, 60);
    if (one.fault) notes.push(t("fleet.note.fault", { why: shortened(one.fault, 200) }));
    if (one.version && one.version !== version) notes.push(t("fleet.note.version", { name, has: shortened(one.version, 30), usual: shortened(version, 30) }));
    if (one.config && one.config !== config) notes.push(t("fleet.note.config", { name, has: one.config.slice(0, 8), usual: config.slice(0, 8) }));
    // Its earlier state is no present finding.
    if (one.isStale) {
      notes.push(t("fleet.note.stale", { name, span: span(one.told) }));
      continue;
    }
    if (one.shipLag > late) notes.push(t("fleet.note.ship", { name, span: span(one.shipLag) }) + (one.held ? t("blank") + t("fleet.note.held", { n: one.held }) : ""));
    if (one.anchorLag > late) notes.push(t("fleet.note.anchor", { name, span: span(one.anchorLag) }));
    if (one.disk !== null && one.disk < lowDisk) notes.push(t("fleet.note.disk", { name, n: percent(one.disk) }));
  }
  return panel(t("fleet.differences"), { cls: "looks" }, notes.length
    ? h("ul", { class: "look-list" }, notes.map((one) => h("li", { class: "tone-odd" }, h("div", {}, dot("odd"), h("span", { class: "look-text" }, one)))))
    : h("p", { class: "quiet looks-none" }, t("fleet.differences.none")));
}

function checks(fleet) {
  const list = fleet.flatMap((one) => one.checks.map((check) => ({ ...check, gateway: one.name })));
  if (list.length === 0) return null;
  return panel(t("fleet.checks"), { cls: "looks" }, h("ul", { class: "look-list" }, list.map((check) => {
    const tone = check.ok === false ? "bad" : check.warning ? "odd" : "good";
    return h("li", { class: "tone-" + tone }, h("div", {}, dot(tone), h("span", { class: "look-text" }, h("strong", {}, shortened(check.name, 60) + (fleet.length > 1 ? t("dot") + shortened(check.gateway, 40) : "")), check.warning ? h("span", { class: "quiet" }, shortened(check.warning, 300)) : null)));
  })));
}

// Actions are shown to operators only. A reload is for this gateway, whichever is chosen above.
function operations(who) {
  if (who.role !== "operator") return null;
  const result = h("div", { role: "status" });
  const reload = button(t("reload"), async () => {
    reload.disabled = true;
    try {
      const told = await send("POST", "-/reload", {}, { statuses: [422] }), isDone = told.status === "reloaded";
      result.replaceChildren(h("p", { class: "said tone-" + (isDone ? "good" : "bad") }, isDone ? t("reload.done", { n: number(told.generation ?? null) }) : t("reload.refused", { why: shortened(told.reason || "–", 600) })));
    } catch (problem) {
      if (problem instanceof Unwelcome) return welcome.ask();
      result.replaceChildren(faultView(problem));
    } finally { reload.disabled = false; }
  });
  return panel(t("reload.title"), { note: t("reload.note"), cls: "no-print" }, reload, result);
}

function events(page) {
  const cols = [{ text: t("time") }, { text: t("field.gateway") }, { text: t("fleet.event") }, { text: t("fleet.what") }];
  const rows = page.records.map((one) => row(cols, [stamp(instant(one.time)), shortened((one.gateway || {}).instance || "–", 40), said("event", one.event || "–"), h("span", { class: "mono" }, eventDetail(one.detail))]));
  return panel(t("changed.title"), { cls: "flush" }, rows.length ? table(t("changed.title"), cols, rows, "cards changes") : h("p", { class: "quiet looks-none" }, t("changed.none")));
}
