// Overview: is everything healthy, and what needs attention? Three bands: the state, plots, and exceptions.
import { t, has, h, panel, segments, number, percent, bytes, span, ago, clock, short, instant, shortened, said, dot, codeWords, visible } from "./ui.js";
import { plot } from "./plot.js";
import { app, go, link } from "./place.js";
import { about, get, optional, part } from "./api.js";
import { members } from "./fleet.js";

const ranges = { "1h": 60, "24h": 48, "30d": 30 };
const outcomes = ["success", "refused", "failure", "unknown"];
// How often each part is reloaded, milliseconds.
const every = { attention: 15000, plots: 60000, state: 15000, changes: 60000 };
// Newest events that are shown.
const mostEvents = 20;
// Codes of refusals with a colour of their own; the rest are "others".
const mostCodes = 3;

export function show() {
  const range = Object.hasOwn(ranges, app.query.get("range") || "") ? app.query.get("range") : "24h";
  const plots = part((signal) => about("audit/histogram", { since: range, buckets: ranges[range], by: "outcome,error_code", measure: "count,p50,p99,exports,bytes" }, { signal }),
    (data) => drawPlots(range, data), { every: every.plots, bones: 4 });
  const attention = part((signal) => about("audit/attention", {}, { signal }), look, { every: every.attention });
  const changes = part((signal) => about("audit/records", { phase: "event", limit: mostEvents }, { signal }), changed, { every: every.changes });
  const state = part(readState, strip, { every: every.state, bones: 1 });
  const chosen = segments(t("range"), Object.keys(ranges).map((one) => [one, t("range." + one)]), range, (value) => go("overview", { range: value }));
  return [state, h("div", { class: "split look-first" },
    h("div", { class: "split-main" }, h("div", { class: "line" }, h("h2", { class: "sr" }, t("plots")), chosen, h("span", { class: "quiet" }, t("plot.zoomhint"))), plots, changes),
    h("div", { class: "split-side" }, attention))];
}

// MARK: The state

async function readState(signal) {
  const [fleet, credentials, verifications] = await Promise.all([
    members(signal), optional(get("credentials", {}, { signal })), optional(get("audit/verifications", {}, { signal })),
  ]);
  return { fleet, credentials: credentials && credentials.credentials, verifications: verifications && verifications.verifications };
}

const tile = (name, tone, value, note, href) =>
  h("a", { class: "tile tone-" + tone, href }, h("span", { class: "tile-name" }, name), h("span", { class: "tile-value" }, dot(tone), h("span", {}, value)), h("span", { class: "quiet" }, note));
const most = (list, key) => list.reduce((best, one) => (typeof one[key] === "number" && (best === null || one[key] > best[key]) ? one : best), null);
const least = (list, key) => list.reduce((best, one) => (typeof one[key] === "number" && (best === null || one[key] < best[key]) ? one : best), null);

function strip({ fleet, credentials, verifications }) {
  return h("div", { class: "strip" }, readyTile(fleet), journalTile(fleet), credentialsTile(credentials), verifiedTile(verifications, fleet), copiesTile(fleet), configTile(fleet));
}
function readyTile(fleet) {
  const ready = fleet.filter((one) => one.isReady), warned = fleet.find((one) => one.isReady && one.warnings.length);
  const tone = ready.length < fleet.length ? "bad" : warned ? "odd" : "good";
  const failing = fleet.find((one) => !one.isReady);
  return tile(t("tile.ready"), tone, t("tile.ready.value", { ready: number(ready.length), all: number(fleet.length) }),
    failing ? t("tile.ready.failing", { name: shortened(failing.name, 40) }) : warned ? t("tile.ready.note", { name: shortened(warned.name, 40) }) : t("tile.ready.all"), link("fleet"));
}
function journalTile(fleet) {
  const failing = fleet.find((one) => one.failing.includes("journal")), disk = least(fleet, "disk"), records = fleet.reduce((sum, one) => sum + (one.size || 0), 0);
  const isLow = disk !== null && disk.disk < 0.2, note = t("tile.journal.records", { n: short(records) }) + (disk ? t("dot") + t("tile.journal.disk", { disk: percent(disk.disk) }) : "");
  return tile(t("tile.journal"), failing ? "bad" : isLow ? "odd" : "good", t(failing ? "tile.journal.failing" : "tile.journal.value"), note, link("evidence"));
}
function credentialsTile(list) {
  if (!list) return tile(t("tile.credentials"), "calm", "–", t("absent.short"), link("quota"));
  const resting = list.filter((one) => one.state === "suspended" || one.state === "unavailable");
  return tile(t("tile.credentials"), resting.length ? "bad" : "good", resting.length ? t("tile.credentials.bad", { n: number(resting.length) }) : t("tile.credentials.good", { n: number(list.length) }),
    resting.length ? shortened(resting[0].name, 40) + t("dot") + t("tile.credentials.note", { n: number(list.length - resting.length) }) : t("tile.credentials.all"), link("quota"));
}
function verifiedTile(list, fleet) {
  const done = (list || []).filter((one) => one.state === "done" && one.report), last = done.sort((a, b) => (instant(b.ended || b.started) || 0) - (instant(a.ended || a.started) || 0))[0];
  const unsigned = fleet.reduce((sum, one) => sum + Math.max(0, (one.size || 0) - (one.signed || 0)), 0);
  const note = t("tile.verified.unsigned", { n: number(unsigned) });
  if (!last) return tile(t("tile.verified"), "calm", t("never"), note, link("evidence"));
  const isBroken = last.report.verdict === "broken";
  return tile(t("tile.verified"), isBroken ? "bad" : "good", t(isBroken ? "verdict.broken.short" : "verdict.intact.short"), ago(instant(last.ended || last.started)) + t("dot") + note, link("evidence"));
}
function copiesTile(fleet) {
  const anchor = most(fleet, "anchorLag"), ship = most(fleet, "shipLag"), late = (one, key) => one !== null && one[key] > 60000;
  if (!anchor && !ship) return tile(t("tile.copies"), "calm", "–", t("tile.copies.none"), link("fleet"));
  if (!late(anchor, "anchorLag") && !late(ship, "shipLag")) return tile(t("tile.copies"), "good", t("tile.copies.good"), "", link("fleet"));
  const worst = late(ship, "shipLag") ? ship : anchor;
  return tile(t("tile.copies"), "odd", t("tile.copies.bad", { span: span(Math.max(anchor ? anchor.anchorLag : 0, ship ? ship.shipLag : 0)) }),
    late(anchor, "anchorLag") ? t("tile.copies.note", { name: shortened(anchor.name, 40), span: span(anchor.anchorLag) }) : shortened(worst.name, 40), link("fleet"));
}
function configTile(fleet) {
  const digests = new Set(fleet.map((one) => one.config).filter(Boolean)), started = most(fleet, "started");
  return tile(t("tile.config"), digests.size > 1 ? "odd" : "good", digests.size > 1 ? t("tile.config.bad", { n: number(digests.size) }) : visible([...digests][0] || "–").slice(0, 8),
    started ? t("tile.config.note", { ago: ago(started.started) }) : "", link("fleet"));
}

// MARK: Plots

function drawPlots(range, data) {
  const buckets = data.buckets.map((one) => ({ t: instant(one.t), ...one.outcome, codes: one.error_code || {}, p50: one.p50_us === null || one.p50_us === undefined ? null : one.p50_us / 1000, p99: one.p99_us === null || one.p99_us === undefined ? null : one.p99_us / 1000, exports: one.exports || 0, bytes: one.bytes || 0 }));
  const sums = new Map();
  for (const one of buckets) for (const [code, n] of Object.entries(one.codes)) sums.set(code, (sums.get(code) || 0) + n);
  const codes = [...sums].sort((a, b) => b[1] - a[1]).map(([code]) => code), shown = codes.slice(0, mostCodes);
  for (const one of buckets) {
    shown.forEach((code, i) => { one["code" + i] = one.codes[code] || 0; });
    one.others = codes.slice(mostCodes).reduce((sum, code) => sum + (one.codes[code] || 0), 0);
  }
  const zoom = (a, b) => go("records", { since: new Date(a).toISOString(), until: new Date(b).toISOString() });
  const base = { buckets, step: data.step_us / 1000, day: range === "30d", describe: t("plot.range." + range) };
  const refusals = [...shown.map((code, i) => ({ key: "code" + i, text: codeWords(code), cls: "cat" + (i + 1) })), ...(codes.length > mostCodes ? [{ key: "others", text: t("others"), cls: "rest" }] : [])];
  return h("div", { class: "plots" },
    panel(t("plot.requests"), {}, plot({ ...base, title: t("plot.requests"), zoom, series: outcomes.map((key) => ({ key, text: t("state." + key), cls: key })) })),
    panel(t("plot.refusals"), {}, refusals.length ? plot({ ...base, title: t("plot.refusals"), series: refusals }) : h("p", { class: "quiet plot-none" }, t("plot.refusals.none"))),
    panel(t("plot.latency"), { note: t("plot.latency.note") }, plot({ ...base, kind: "lines", log: true, total: false, title: t("plot.latency"), form: span, tick: (v) => (v < 1000 ? v + " ms" : v / 1000 + " s"), series: [{ key: "p50", text: "p50", cls: "success" }, { key: "p99", text: "p99", cls: "failure" }] })),
    panel(t("plot.exports"), {}, h("div", { class: "stack" }, plot({ ...base, height: 84, title: t("plot.exports"), series: [{ key: "exports", text: t("plot.exports.n"), cls: "cat1" }] }),
      plot({ ...base, height: 84, title: t("plot.exports.bytes"), form: (v) => (v ? bytes(v) : "0"), series: [{ key: "bytes", text: t("plot.exports.bytes"), cls: "rest" }] }))));
}

// MARK: Lists

// The text of an item; an unknown kind is shown by its name.
function words(item) {
  const facts = item.facts || {}, given = { subject: shortened(item.subject || "–", 60), gateway: shortened(item.instance || "–", 40) };
  for (const [key, value] of Object.entries(facts)) given[key] = figure(key, value);
  // Unknown parts are left out: in the title the place, otherwise the note. No shown text contains the mark.
  const title = () => t("look." + item.kind, given, "\u0000").replace(/ ?\**\u0000/g, ""), note = has("look." + item.kind + ".note") ? t("look." + item.kind + ".note", given, "\u0000") : "";
  return has("look." + item.kind) ? [title(), note.includes("\u0000") ? "" : note]
    : [shortened(item.kind.replaceAll("_", " "), 60) + t("dot") + given.subject, Object.entries(facts).map(([key, value]) => key + " " + figure(key, value)).join(t("dot"))];
}
function figure(key, value) {
  if (typeof value === "number") return key.endsWith("_us") ? span(value / 1000) : key.endsWith("_s") ? span(value * 1000) : key === "bytes" ? bytes(value) : number(value, 2);
  if (/_at$|^ends$|^since$/.test(key) && instant(value) !== null) return ago(instant(value));
  if (key === "code" || key === "error_code") return codeWords(value);
  return key === "error" ? codeWords(null, value) : shortened(Array.isArray(value) ? value.join(", ") : value, 60);
}
// Links of the API lead to pages of the console, never elsewhere.
const inside = (address) => (typeof address === "string" && /^#\/[\w/?&=.%:~-]*$/.test(address) ? address : null);

const listItem = (tone, href, title, note, when) =>
  h("li", { class: "tone-" + tone }, h(href ? "a" : "div", { href }, dot(tone), h("span", { class: "look-text" }, h("strong", {}, title), note), h("span", { class: "quiet num when" }, when)));
const isToday = (ms) => Date.now() - ms < 20 * 3600000;
const moment = (ms) => (ms === null ? "" : clock(ms, isToday(ms) ? "hm" : "day"));
const toneOf = (word) => (["bad", "odd", "note", "calm"].includes(word) ? word : "calm");

function look(data) {
  const items = data.items || [];
  const list = items.map((one) => {
    const [title, note] = words(one);
    return listItem(toneOf(one.tone), inside(one.link), title, note ? h("span", { class: "quiet" }, note) : null, moment(instant(one.since)));
  });
  return panel(t("look.title"), { note: items.length ? t("look.count", { n: items.length }) : "", cls: "looks" },
    list.length ? h("ul", { class: "look-list" }, list) : h("p", { class: "quiet looks-none" }, t("look.none")));
}

const eventTone = (name) => (/(refused|suspended|failed|damaged|missing|lost|critical|dropped)$/.test(name) ? "bad" : /(low|held|late|superseded|torn_tail)$/.test(name) ? "odd" : "calm");
export const eventDetail = (detail) =>
  Object.entries(detail || {}).slice(0, 4).map(([key, value]) => key + " " + shortened(typeof value === "object" ? JSON.stringify(value) : value, 60)).join(t("dot"));

function changed(page) {
  const list = page.records.map((one) => {
    const name = one.event || "–", time = instant(one.time), gateway = (one.gateway || {}).instance || "";
    return listItem(eventTone(name), null, said("event", name) + (gateway ? t("dot") + shortened(gateway, 40) : ""), h("span", { class: "quiet mono" }, eventDetail(one.detail)), moment(time));
  });
  return panel(t("changed.title"), { cls: "looks two" }, list.length ? h("ul", { class: "look-list" }, list) : h("p", { class: "quiet looks-none" }, t("changed.none")));
}
