// Evidence: is the journal intact? The verdict first, as a sentence; then its basis.
import { t, h, s, panel, number, span, table, row, field, button, save, copy, ago, clock, instant, shortened, zoneName, mono } from "./ui.js";
import { plot } from "./plot.js";
import { app, isOwn } from "./place.js";
import { about, get, send, optional, part, faultView, Refusal, Unwelcome, welcome } from "./api.js";
import { members } from "./fleet.js";
import { dropZone, lookUp } from "./drop.js";

// How often a running verification is polled, and how often the rest of the page is reloaded, milliseconds.
const progressEvery = 500, every = 60000;
// Largest file that may be an anchor's note, bytes.
const largestNote = 65536;
const late = 60000;

export function show() {
  return [
    h("div", { class: "print-head" }, h("h2", {}, t("print.evidence")), h("p", {}, t("print.made", { time: clock(Date.now(), "full"), zone: zoneName() })), h("p", { class: "mono" }, command)),
    verdict(),
    part(async (signal) => ({ fleet: await members(signal), key: await optional(get("audit/public-key", {}, { signal, text: true })) }), gateways, { every, bones: 2 }),
    part((signal) => optional(about("audit/checkpoints", { since: "24h", limit: 200 }, { signal })), growth, { every, bones: 2 }),
    h("div", { class: "split even" }, h("div", { class: "split-main" }, prove()), h("div", { class: "split-side" }, dropZone(t("evidence.drop"), t("evidence.drop.note"), look))),
  ];
}
// Verifying signatures and trees is a module of its own, loaded when it is needed.
const checker = () => import("./note.js");
const command = "hss-gateway audit verify --directory /var/lib/hss-gateway/audit --public-key KEPT --checkpoint ANCHOR";

// MARK: The verdict

function verdict() {
  const place = h("div", { class: "verdict tone-calm", "aria-live": "polite" });
  let running = null, timer = null, hasLeft = false;
  app.leaving.push(() => { hasLeft = true; clearTimeout(timer); });
  const actions = (...buttons) => h("div", { class: "line verdict-actions no-print" }, buttons);
  const shield = (mark) => s("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" }, s("path", { d: "M24 4 8 10v12c0 10 6.8 17.2 16 20 9.2-2.8 16-10 16-20V10z" }), s("path", { class: "inner", d: mark }));
  const again = () => button(t("evidence.verify"), start, { plain: false });
  const others = () => [button(t("records.cli"), () => copy(command, t("records.cli.done"))), button(t("print"), () => print())];

  function say(tone, mark, title, lines, isFocused) {
    place.className = "verdict tone-" + tone;
    place.replaceChildren(shield(mark), h("div", {}, h("h2", {}, title), lines.filter(Boolean).map((line, i) => h("p", { class: i ? "quiet" : "" }, line))), actions(again(), ...others()));
    if (isFocused) place.querySelector("button").focus();
  }
  function rest(isFocused) { say("calm", "M16 24h16", t("verdict.none"), [t("verdict.none.text")], isFocused); }
  function done(one, isFocused) {
    const report = one.report, ended = instant(one.ended), began = instant(one.started), when = ended === null ? "" : t("verdict.when", { ago: ago(ended), took: began === null ? "–" : span(ended - began) });
    const remarks = (report.remarks || []).length ? h("details", {}, h("summary", {}, t("verdict.remarks", { n: report.remarks.length })), h("ul", { class: "plain-list" }, report.remarks.map((remark) => h("li", {}, shortened(remark, 600))))) : null;
    if (report.verdict === "broken") {
      const fault = report.fault || {};
      return say("bad", "M17 17l14 14m0-14L17 31", t("verdict.broken"), [fault.sentence ? shortened(fault.sentence, 600) : t("verdict.broken.text", { first: number(fault.first), last: number(fault.last) }), when, remarks], isFocused);
    }
    const unsigned = Math.max(0, report.tree_size - report.signed);
    say("good", "M16 24l6 6 11-12", t(report.verdict === "intact" ? "verdict.intact" : "verdict.intact_not_all_signed"),
      [t("verdict.text", { n: number(report.records), gateway: shortened(one.instance || app.instances.instance, 60) }) + (unsigned ? t("blank") + t("verdict.unsigned", { n: unsigned }) : ""), when + t("blank") + t("verdict.keys"), remarks], isFocused);
  }
  function progress(one) {
    const bar = h("progress", { max: Math.max(1, one.of || 1), value: one.read || 0, "aria-label": t("evidence.progress") });
    const began = instant(one.started), spent = began === null ? 0 : Date.now() - began, leftover = one.read > 0 ? spent / one.read * Math.max(0, one.of - one.read) : null;
    const how = t("evidence.sofar", { n: number(one.read || 0), all: number(one.of ?? null), left: span(leftover) });
    const shown = place.querySelector("progress");
    place.className = "verdict tone-calm";
    if (shown) {
      shown.max = bar.max;
      shown.value = bar.value;
      place.querySelector(".sofar").textContent = how;
      return;
    }
    place.replaceChildren(h("div", { class: "verifying" }, h("h2", {}, t("evidence.reading")), bar, h("p", { class: "quiet num sofar" }, how)), actions(button(t("cancel"), cancel)));
    place.querySelector("button").focus();
  }
  function fault(problem) {
    if (hasLeft) return;
    if (problem instanceof Unwelcome) return welcome.ask();
    place.className = "verdict tone-bad";
    place.replaceChildren(faultView(problem, latest), actions(again(), ...others()));
  }
  async function latest() {
    try {
      const all = ((await get("audit/verifications")) || {}).verifications || [], mine = all.filter((one) => !app.gateway || !one.instance || one.instance === app.gateway);
      const newest = mine.sort((a, b) => (instant(b.started) || 0) - (instant(a.started) || 0)), going = newest.find((one) => one.state === "running" || one.state === "waiting"), ended = newest.find((one) => one.state === "done" && one.report);
      if (hasLeft) return;
      if (going) follow(going);
      else if (ended) done(ended);
      else rest();
    } catch (problem) { fault(problem); }
  }
  function follow(one) {
    running = one.id;
    progress(one);
    timer = setTimeout(async () => {
      try {
        const now = await get("audit/verifications/" + encodeURIComponent(one.id));
        if (hasLeft || running !== one.id) return;
        if (now.state === "running" || now.state === "waiting") return follow(now);
        running = null;
        if (now.state === "done" && now.report) done(now, true);
        else rest(true);
      } catch (problem) { running = null; fault(problem); }
    }, progressEvery);
  }
  async function start() {
    try { follow(await send("POST", "audit/verifications", { instance: app.gateway || app.instances.instance })); } catch (problem) { fault(problem); }
  }
  async function cancel() {
    const id = running;
    running = null;
    clearTimeout(timer);
    try { await send("DELETE", "audit/verifications/" + encodeURIComponent(id)); } catch (problem) { if (problem instanceof Unwelcome) return welcome.ask(); }
    await latest();
    place.querySelector("button")?.focus();
  }
  place.replaceChildren(h("div", { class: "verifying" }, h("h2", {}, t("loading"))));
  latest();
  return place;
}

// MARK: By gateway

function gateways({ fleet, key }) {
  // NAME+ID of the first key; the rest of the line is the key itself.
  const name = key ? key.split("\n")[0].split("+").slice(0, 2).join("+") : "";
  const cols = [{ text: t("field.gateway") }, { text: t("evidence.records"), cls: "r" }, { text: t("evidence.signed"), cls: "r" }, { text: t("evidence.checkpoint"), cls: "r" }, { text: t("evidence.anchor"), cls: "r" }, { text: t("evidence.copy"), cls: "r" }, { text: t("evidence.key"), cls: "wide-only" }];
  const lag = (ms) => h("span", { class: "num" + (ms > late ? " odd-text" : "") }, span(ms));
  const rows = fleet.map((one) => row(cols, [shortened(one.name || "–", 60), h("span", { class: "num" }, number(one.size)), h("span", { class: "num" }, number(one.signed)), h("span", { class: "num" }, one.checkpoint === null ? "–" : ago(one.checkpoint)),
    lag(one.anchorLag), lag(one.shipLag), isOwn(one.name) && name ? mono(name, 80) : h("span", { class: "quiet" }, "–")]));
  return panel(t("evidence.per"), { note: t("evidence.per.note"), cls: "flush" }, table(t("evidence.per"), cols, rows, "cards evidence"));
}

const styles = ["success", "unknown", "refused", "failure"];
// Steps of the plot: checkpoints of a day in half hours.
const steps = 48, stepLength = 1800000;
function growth(data) {
  if (!data) return null;
  const names = [...new Set(data.checkpoints.map((one) => one.instance))].sort().slice(0, styles.length);
  if (names.length === 0) return panel(t("evidence.growth"), {}, h("p", { class: "quiet" }, t("evidence.growth.none")));
  const begin = Date.now() - steps * stepLength;
  const buckets = Array.from({ length: steps }, (_, i) => ({ t: begin + i * stepLength }));
  names.forEach((name, k) => {
    const points = data.checkpoints.filter((one) => one.instance === name).map((one) => ({ at: instant(one.at), size: one.size })).filter((one) => one.at !== null).sort((a, b) => a.at - b.at);
    const base = points.length ? points[0].size : 0;
    for (const bucket of buckets) {
      const before = points.filter((one) => one.at < bucket.t + stepLength);
      bucket["g" + k] = before.length ? before.at(-1).size - base : null;
    }
  });
  const anchored = data.checkpoints.filter((one) => (one.anchors || []).length);
  const note = anchored.length ? t("evidence.anchored", { n: number(anchored.length), all: number(data.checkpoints.length) }) : t("evidence.anchored.none");
  return panel(t("evidence.growth"), { note: t("evidence.growth.note") + t("dot") + note }, plot({ kind: "lines", total: false, title: t("evidence.growth"), describe: t("plot.range.24h"), buckets, step: stepLength, height: 128, series: names.map((name, k) => ({ key: "g" + k, cls: styles[k], text: shortened(name, 40) })) }));
}

// MARK: One record

function prove() {
  const said = h("p", { class: "said", role: "status" }), out = h("pre", { hidden: true, tabindex: "0", role: "region", "aria-label": t("prove.title") });
  let text = "";
  const keep = button(t("detail.proof.get"), () => save("proof.txt", text), { hidden: true });
  const say = (tone, sentence, proof = "") => {
    text = proof;
    said.className = "said tone-" + tone;
    said.textContent = sentence;
    out.hidden = keep.hidden = !proof;
    out.textContent = shortened(proof, 20000).replaceAll("\\u000a", "\n");
  };
  const ask = async (event) => {
    event.preventDefault();
    const seq = Number(new FormData(event.target).get("seq"));
    try {
      const { parseKeys, parseProof, isIncluded, signer } = await checker();
      const proof = await get("audit/proof/" + seq, {}, { text: true }), parsed = parseProof(proof), keys = parseKeys(await get("audit/public-key", {}, { text: true }));
      if (!globalThis.crypto || !crypto.subtle) return say("odd", t("prove.insecure"), proof);
      const isRight = parsed !== null && parsed.index === seq && await isIncluded(parsed), key = parsed && await signer(parsed.note, keys).catch(() => undefined);
      if (!isRight || key === null) return say("bad", t("prove.wrong", { n: number(seq) }), proof);
      say("good", t(key ? "prove.yes" : "prove.unsigned", { n: number(seq), size: number(parsed.note.size), key: key ? key.name : "" }), proof);
    } catch (problem) {
      if (problem instanceof Unwelcome) return welcome.ask();
      say("odd", problem instanceof Refusal ? problem.message : t("offline.title"));
    }
  };
  const form = h("form", { class: "explain", onsubmit: ask },
    field(t("field.record"), h("input", { name: "seq", inputmode: "numeric", pattern: "[0-9]{1,15}", required: true, "data-search": true })), h("button", { type: "submit", class: "plain" }, t("prove.ask")));
  return panel(t("prove.title"), { note: t("prove.note"), cls: "no-print" }, form, said, out, keep);
}

// MARK: A file or an anchor's note

async function look(file) {
  const { parseNote, parseKeys, parseConsistency, signer, isConsistent } = await checker();
  const note = file.size <= largestNote ? parseNote(await file.text()) : null;
  if (!note) return lookUp(file);
  const name = shortened(note.origin.replace(/^hss-gateway\//, ""), 60), size = number(note.size);
  const keys = parseKeys(await get("audit/public-key", {}, { text: true }));
  if (!keys.some((key) => key.name === note.origin)) return ["odd", t("evidence.drop.other", { name })];
  let key;
  try { key = await signer(note, keys); } catch { return ["odd", t("evidence.drop.noed")]; }
  if (!key) return ["bad", t("evidence.drop.forged", { name })];
  let newest;
  try { newest = parseNote(await get("audit/checkpoint", {}, { text: true })); } catch (problem) { if (!(problem instanceof Refusal)) throw problem; newest = null; }
  if (!newest || newest.size < note.size) return ["bad", t("evidence.drop.ahead", { size })];
  if (newest.size === note.size) return newest.root.every((byte, i) => byte === note.root[i]) ? ["good", t("evidence.drop.same", { name, size })] : ["bad", t("evidence.drop.changed", { name, size })];
  const proof = parseConsistency(await get("audit/consistency/" + note.size, {}, { text: true }));
  const isGrown = proof !== null && proof.old === note.size && await signer(proof.note, keys) !== null && await isConsistent(note, proof.note, proof.path);
  return isGrown ? ["good", t("evidence.drop.anchor", { name, size })] : ["bad", t("evidence.drop.changed", { name, size })];
}
