// Exports: who requested, who downloaded, and where the time went. A row is an export; the detail is a sentence, a timeline and
// proofs.
import {
  t, h, unseenSubmit, panel, segments, pill, number, bytes, span, clock, stamp, table, row, rowKeys, field, facts, button, save, copy, empty, mono, shortened, said, toast, zoneName, instant, shell,
} from "./ui.js";
import { app, go, link } from "./place.js";
import { about, get, optional, part, Refusal, Unwelcome, welcome } from "./api.js";
import { life, lifeBar, lifeAxis, lifeKey } from "./plot.js";
import { isSigned, proofButton } from "./exchange.js";
import { dropZone, digestOf, lookUp } from "./drop.js";

const states = ["pending", "ready", "downloaded", "download_incomplete", "failed"];
const rowsOfAPage = 50;
// Names in a row of the list, and downloads that are shown at a time.
const mostNames = 3, downloadsOfAPage = 50;
// Most names in the summary sentence.
const mostTold = 20;
// Shorter waits get no line, milliseconds.
const shortestIdle = 30000;
const idShown = 8;

export function show() {
  return app.part ? one(app.part) : all();
}

// MARK: All exports

function all() {
  const q = Object.fromEntries(app.query), change = (more) => go("exports", { ...q, ...more });
  const filter = { state: q.state, caller: q.caller, downloader: q.downloader, cross_team: q.cross_team, limit: rowsOfAPage };
  const find = h("form", { class: "filter-bar", role: "search", onsubmit: (event) => { event.preventDefault(); const task = event.target.elements.task.value.trim(); if (task) go("exports", {}, task); } },
    field(t("exports.find"), h("input", { name: "task", type: "search", placeholder: t("exports.find.hint"), spellcheck: "false", maxlength: 256, "data-search": true }), "grow"),
    field(t("field.owner"), h("input", { name: "caller", value: q.caller || "", spellcheck: "false", maxlength: 256, onchange: (event) => change({ caller: event.target.value.trim() }) })),
    field(t("field.downloader"), h("input", { name: "downloader", value: q.downloader || "", spellcheck: "false", maxlength: 256, onchange: (event) => change({ downloader: event.target.value.trim() }) })),
    h("label", { class: "switch low" }, h("input", { type: "checkbox", role: "switch", checked: q.cross_team === "1", onchange: (event) => change({ cross_team: event.target.checked ? "1" : "" }) }), h("span", {}, t("exports.other"))), unseenSubmit());
  const tabs = segments(t("field.state"), [["", t("all")], ...states.map((state) => [state, t("state." + state)])], q.state || "", (state) => change({ state }));
  const list = part((signal) => about("audit/exports", filter, { signal }), (page) => rows(filter, page), { bones: 6 });
  return [find, h("div", { class: "line" }, tabs), list, held()];
}

const columns = () => [
  { text: t("field.created") }, { text: t("field.state") }, { text: t("field.owner") }, { text: t("field.operation") }, { text: t("exports.life"), cls: "life-cell" },
  { text: t("field.downloader") }, { text: t("field.rows"), cls: "r" }, { text: t("field.task"), cls: "wide-only" },
];

function rows(filter, page) {
  if (page.exports.length === 0 && !page.next_cursor) return empty(t("exports.none"), t("exports.none.text"), Object.keys(Object.fromEntries(app.query)).length ? button(t("records.clear"), () => go("exports")) : null);
  const cols = columns();
  const make = (raw) => {
    const made = life(raw), target = link("exports", {}, made.task), names = [...new Set(made.downloads.map((step) => step.by))];
    const who = names.length ? h("span", { class: "who" }, names.slice(0, mostNames).map((by) => (made.others.includes(by) ? pill("other", shortened(by, 40)) : h("span", {}, shortened(by || t("nobody"), 40)))),
      names.length > mostNames ? h("span", { class: "quiet num" }, "+" + number(names.length - mostNames)) : null)
      : h("span", { class: "quiet" }, made.state === "ready" ? t("exports.nobody") : "–");
    const tr = row(cols, [
      [h("a", { class: "sr-focus", href: target }, t("exports.open", { task: shortened(made.task, idShown) })), stamp(made.t)], pill(made.state), shortened(made.caller || t("nobody"), 40), shortened(made.operation || "–", 60), [h("div", { class: "card-only" }, lifeAxis()), lifeBar(made)],
      who, h("span", { class: "num" }, made.rows === null ? "–" : number(made.rows)), h("a", { href: target, class: "mono", title: shortened(made.task), tabindex: "-1" }, shortened(made.task, idShown + 1))],
    { class: "entry", onclick: (event) => { if (!event.target.closest("a, button")) go("exports", {}, made.task); } });
    return tr;
  };
  const body = table(t("nav.exports"), cols, page.exports.map(make), "cards exports");
  body.querySelector("th.life-cell").append(lifeAxis());
  app.keys = rowKeys(() => [...body.body.children], (tr) => tr.querySelector(".sr-focus"));
  let cursor = page.next_cursor || null;
  // Filters without an index are searched for as long as a page may take: then the page says so, and continues on request.
  const further = h("span", { class: "quiet", role: "status" });
  const tellWhetherAll = (one) => { further.textContent = one.complete === false && cursor !== null ? t("exports.further") : ""; };
  tellWhetherAll(page);
  const older = button(t("records.older", { n: rowsOfAPage }), async () => {
    older.disabled = true;
    try {
      const next = await about("audit/exports", { ...filter, cursor });
      body.body.append(...next.exports.map(make));
      cursor = next.next_cursor || null;
      older.hidden = cursor === null;
      tellWhetherAll(next);
    } catch (problem) { tell(problem); }
    older.disabled = false;
  }, { hidden: cursor === null });
  return [panel(t("exports.lives"), { note: t("exports.lives.note"), cls: "flush" }, lifeKey(), body), h("div", { class: "line" }, older, further)];
}
function tell(problem) {
  if (problem instanceof Unwelcome) welcome.ask();
  else toast(problem instanceof Refusal ? problem.message : t("offline.title"));
}

const held = () => dropZone(t("exports.held"), t("exports.held.note"), lookUp);

// MARK: One export

// A part of an export: some downloads, and the totals of all of them.
const trailOf = (task, signal, cursor) => about("audit/exports/" + encodeURIComponent(task), { limit: downloadsOfAPage, cursor }, { signal }).catch((problem) => { if (problem.status === 404) return null; throw problem; });

// The task for an id of its file, or for the first characters of its own id.
async function meant(text, signal) {
  const task = (record) => ((record || {}).export || {}).task_id, ofFile = await about("audit/records", { file_id: text, order: "oldest", limit: 10 }, { signal });
  const known = ofFile.records.map(task).find(Boolean);
  if (known) return known;
  const begun = await optional(about("audit/exchanges", { text, kind: "export", limit: 20 }, { signal }));
  return begun ? begun.exchanges.map((one) => task(one.end)).find((id) => id && id.startsWith(text)) || null : null;
}

function one(task) {
  const load = async (signal) => {
    const [trail, checkpoints] = await Promise.all([
      trailOf(task, signal),
      optional(about("audit/checkpoints", { limit: 200 }, { signal })),
    ]);
    if (!trail) {
      const other = await meant(task, signal);
      if (other && other !== task) go("exports", {}, other);
    }
    return { trail, checkpoints: checkpoints ? checkpoints.checkpoints : [] };
  };
  const back = h("p", { class: "no-print" }, h("a", { href: link("exports") }, t("exports.back")));
  app.keys = (event) => (event.key === "Escape" ? (go("exports"), true) : false);
  return [back, part(load, ({ trail, checkpoints }) => (trail ? drawn(task, trail, checkpoints) : empty(t("exports.unknown"), t("exports.unknown.text"))), { bones: 6 })];
}

function drawn(task, trail, checkpoints) {
  const made = life(trail), records = trail.records || [];
  const create = records.find((record) => record.kind === "export" && record.phase !== "request") || records.find((record) => record.kind === "export") || {};
  return [
    h("div", { class: "line no-print" }, h("span", { class: "push" }), button(t("records.cli"), () => copy("hss-gateway audit trail " + shell(task), t("records.cli.done"))),
      button(t("trail.bundle"), () => bundle(task)), button(t("print"), () => print())),
    h("div", { class: "print-head" }, h("h2", {}, t("print.trail")), h("p", {}, t("print.made", { time: clock(Date.now(), "full"), zone: zoneName() })), h("p", { class: "mono" }, "hss-gateway audit trail " + shell(task))),
    h("section", { class: "panel hero", "aria-label": t("print.trail") },
      h("div", { class: "line" }, pill(made.state), made.others.length ? pill("other", t("trail.otherteam")) : null, h("span", { class: "quiet mono" }, shortened(task))),
      h("p", { class: "told" }, told(made)), lifeAxis(), lifeBar(made)),
    h("div", { class: "split" },
      h("div", { class: "split-main" }, panel(t("trail.title"), {}, h("ol", { class: "steps" }, steps(made, trail)))),
      h("div", { class: "split-side" }, known(made, create), made.whole ? check(made, trail) : null, covered(trail, checkpoints)))];
}

function told(made) {
  const who = made.caller || t("nobody"), whole = made.downloads.filter((step) => step.isWhole), all = [...new Set([...made.others, ...whole.map((step) => step.by || t("nobody"))])];
  const names = all.slice(0, mostTold).map((name) => shortened(name, 60)).concat(all.length > mostTold ? ["+" + number(all.length - mostTold)] : []);
  const asked = t(made.reason ? "trail.asked.why" : "trail.asked", { who: shortened(who, 60), operation: shortened(made.operation || "–", 80), project: shortened(made.project || "–", 60), time: clock(made.t, "minute"), reason: shortened(made.reason, 1200) });
  const size = made.whole ? made.whole.bytes : null;
  const end = made.state === "failed" ? t("trail.failed")
    : made.ready !== null ? t(size === null || made.rows === null ? "trail.ready.some" : "trail.ready", { span: span(made.ready - made.waited), n: number(made.rows), bytes: bytes(size) })
      : t("trail.pending", { n: made.pollCount });
  const got = made.wholeCount ? t("trail.got", { n: made.wholeCount, who: names.join(t("comma")) }) : made.downloads.length ? t("trail.broken") : made.ready !== null ? t("trail.untouched") : "";
  return [asked, made.waited > 1000 ? t("trail.waited", { span: span(made.waited) }) : "", end, got].filter(Boolean).join(t("blank"));
}

function steps(made, trail) {
  const list = [];
  const step = (tone, title, entry, ms, more) => h("li", { class: "tone-" + tone }, h("span", { class: "dot", "aria-hidden": "true" }),
    h("div", { class: "step-head" }, h("strong", {}, title), entry.time ? stamp(instant(entry.time), "full") : null, ms === null || ms === undefined ? null : h("span", { class: "quiet num" }, "+" + span(ms))),
    h("p", { class: "quiet" }, [entry.caller && shortened(entry.caller, 60), entry.address && t("from", { address: shortened(entry.address, 60) }), entry.instance && shortened(entry.instance, 60), typeof entry.seq === "number" && t("record", { n: entry.seq })].filter(Boolean).join(t("dot"))), more);
  const gap = (ms, word) => h("li", { class: "gap" }, h("span", {}, t(word, { span: span(ms) })));
  const proof = (entry) => { const asked = proofButton(entry.instance, entry.seq, t("trail.proof", { n: entry.seq })); return asked ? h("div", { class: "line no-print" }, asked) : null; };
  if (made.waited > 0) list.push(gap(made.waited, "trail.gap.wait"));
  if (trail.created) list.push(step("good", t("trail.created"), trail.created, made.waited, [made.reason ? h("p", { class: "quote" }, shortened(made.reason, 1200)) : null, proof(trail.created)]));
  if (made.pollCount) {
    const polls = trail.polls, note = polls.first ? t("trail.polled.note", { first: clock(instant(polls.first)), last: clock(instant(polls.last)) }) : "";
    list.push(step(made.state === "failed" ? "bad" : "calm", t("trail.polled", { n: made.pollCount }), { time: polls.first }, made.polls[0], h("p", { class: "quiet" }, note)));
  }
  if (made.ready !== null && made.files.length) list.push(step("good", t("trail.made"), { time: (trail.polls || {}).last }, made.ready, h("p", { class: "quiet" }, t("field.file"), " ", made.files.map((file) => [mono(file), " "]))));
  const download = (entry, i) => {
    const shown = [], before = i ? made.downloads[i - 1].at : made.ready;
    if (entry.at !== null && before !== null && entry.at - before > shortestIdle) shown.push(gap(entry.at - before, "trail.gap.idle"));
    const isOther = made.others.includes(entry.by), isPart = !entry.isWhole && entry.outcome === "success", title = isPart ? "trail.part" : !entry.isWhole ? "trail.broke" : isOther ? "trail.downloaded.other" : "trail.downloaded";
    const why = entry.isWhole || isPart ? entry.part || "" : entry.error ? said("error", entry.error) : entry.outcome ? said("state", entry.outcome) : "";
    shown.push(step(entry.isWhole ? (isOther ? "note" : "good") : isPart ? "note" : "bad", t(title), entry, entry.at, [
      entry.reason ? h("p", { class: "quote" }, shortened(entry.reason, 1200)) : null,
      h("p", { class: "quiet" }, [typeof entry.bytes === "number" ? bytes(entry.bytes) : "", why].filter(Boolean).join(t("dot")), entry.sha256 ? [t("dot") + "SHA-256 ", mono(entry.sha256)] : null),
      h("div", { class: "line no-print" }, proofButton(entry.instance, entry.seq, t("trail.proof", { n: entry.seq })), entry.isWhole && !entry.part && entry.sha256 ? button(t("trail.copysha"), () => copy(entry.sha256)) : null)]));
    return shown;
  };
  let cursor = trail.next_cursor || null;
  list.push(...made.downloads.flatMap(download));
  const left = () => Math.max(1, made.downloadCount - made.downloads.length);
  if (cursor !== null) {
    const more = h("li", { class: "gap no-print" }, button(t("trail.more", { n: left() }), async (event) => {
      const pressed = event.currentTarget, place = pressed.closest("li"), known = made.downloads.length;
      pressed.disabled = true;
      try {
        const part = await trailOf(made.task, undefined, cursor);
        made.downloads.push(...life({ ...trail, downloads: part ? part.downloads : [] }).downloads);
        cursor = (part || {}).next_cursor || null;
      } catch (problem) {
        pressed.disabled = false;
        tell(problem);
        return;
      }
      const added = made.downloads.slice(known).flatMap((entry, i) => download(entry, known + i));
      place.before(...added);
      pressed.textContent = t("trail.more", { n: left() });
      pressed.disabled = false;
      if (cursor !== null) {
        pressed.focus();
        return;
      }
      if (added.length) {
        added[0].setAttribute("tabindex", "-1");
        added[0].focus();
      }
      place.remove();
    }));
    list.push(more);
  }
  return list;
}

function known(made, record) {
  const credential = record.credential || {}, ep = made.created.enterprise_project_id || (record.enterprise_project_id || {}).value;
  return panel(t("trail.facts"), {}, facts([
    [t("field.owner"), shortened(made.caller || t("nobody"))], [t("field.proof"), (record.caller || {}).method && record.caller.method.split("+").map((word) => said("proof", word)).join(" + ")],
    [t("field.operation"), shortened(made.operation)], [t("field.project"), shortened(made.project)], [t("field.ep"), ep && shortened(ep)], [t("field.rows"), made.rows !== null && number(made.rows)],
    [t("field.bytes"), made.whole && typeof made.whole.bytes === "number" && bytes(made.whole.bytes)], [t("field.rule"), made.created.rule && shortened(made.created.rule)],
    [t("field.credential"), credential.name && shortened(credential.name) + (credential.access_key_tail ? t("dot") + "****" + shortened(credential.access_key_tail, 8) : "")],
    ["SHA-256", made.whole && made.whole.sha256 && mono(made.whole.sha256)], [t("field.requestId"), record.request_id && mono(record.request_id)]], "one"));
}

const check = (made, trail) => dropZone(t("trail.check"), t("exports.held.note"), async (file) => {
  const hash = await digestOf(file), found = (steps) => steps.find((step) => step.isWhole && !step.part && step.sha256 === hash);
  let same = found(made.downloads);
  // A download that isn't shown yet may match the file.
  for (let cursor = trail.next_cursor; !same && cursor;) {
    const part = await trailOf(made.task, undefined, cursor);
    if (!part) break;
    same = found(life(part).downloads);
    cursor = part.next_cursor;
  }
  return same ? ["good", t("trail.check.same", { who: shortened(same.by || t("nobody"), 60) })] : ["bad", t("trail.check.different", { hash: hash.slice(0, 16) })];
});

// A status applies to an export if it applies to each of its records: signed when a checkpoint covers the last one in its journal, anchored when an
// anchor has such a checkpoint.
function covered(trail, checkpoints) {
  const journals = trail.journals || [], count = journals.reduce((sum, one) => sum + one.records, 0);
  const place = (journal) => journal.instance || app.instances.instance;
  const newest = (journal) => checkpoints.filter((one) => one.instance === place(journal) && one.size > journal.last_seq);
  const isSignedAll = count > 0 && journals.every((one) => newest(one).length || isSigned(place(one), one.last_seq));
  const isAnchored = count > 0 && journals.every((one) => newest(one).some((checkpoint) => (checkpoint.anchors || []).length));
  const [word, key] = isAnchored ? ["intact", "trail.covered.yes"] : isSignedAll ? ["ok", "trail.covered.signed"] : ["pending", "trail.covered.no"];
  return panel(t("trail.covered"), {}, h("p", {}, pill(word, t(key))), h("p", { class: "quiet" }, t(key + ".note", { n: number(count) })));
}

// One page with the records, their proofs, the checkpoint and the key, which verifies itself without this gateway. The journal that has the records proves them.
async function bundle(task) {
  try {
    const page = await get("audit/exports/" + encodeURIComponent(task) + "/bundle", { source: "journal", format: "html" }, { text: true });
    save("trail-" + task + ".html", page, "text/html");
  } catch (problem) { tell(problem); }
}
