// The console: reads the admin API and shows it. Nothing from the API is ever taken for markup: every value goes in as text.
"use strict";

const $ = (id) => document.getElementById(id);
let token = null;
// Whose records are shown: those of this gateway's journal, or the central copy of all where there is one.
let source = "journal";

// MARK: Asking

class Unwelcome extends Error {}

async function ask(path, accept) {
  const headers = { Accept: accept || "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  const answer = await fetch(path, { headers, cache: "no-store", credentials: "omit", redirect: "error" });
  if (answer.status === 401) throw new Unwelcome();
  return answer;
}

async function askJSON(path) {
  const answer = await ask(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error || "The gateway answered " + answer.status + ".");
  return body;
}

// Runs what asks; a missing token opens the dialog, everything else is said on the page.
async function showing(work) {
  try {
    await work();
    $("problem").hidden = true;
  } catch (problem) {
    if (problem instanceof Unwelcome) return login();
    $("problem").textContent = problem instanceof TypeError ? "The gateway does not answer." : problem.message;
    $("problem").hidden = false;
  }
}

function login() {
  $("login-problem").textContent = token ? "That is not the token." : "";
  token = null;
  if (!$("login").open) $("login").showModal();
}

// MARK: Building

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : visible(child))));
  return made;
}

// Characters that would turn the writing around or vanish are shown as what they are.
function visible(value) {
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) =>
    "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
}

const tones = { success: "good", downloaded: "good", ready: "good", failure: "bad", failed: "bad", refused: "odd", unknown: "odd", download_incomplete: "bad", pending: "odd" };

function pill(word) {
  return word ? element("span", { class: "pill " + (Object.hasOwn(tones, word) ? tones[word] : "") }, word.replaceAll("_", " ")) : null;
}

const time = (text) => (text || "").replace("T", " ").replace(/(\.\d{3})\d*Z$/, "$1").replace(/Z$/, "");
const milliseconds = (us) => (us === undefined ? "" : us < 10000 ? (us / 1000).toFixed(1) + " ms" : us < 10000000 ? Math.round(us / 1000) + " ms" : (us / 1000000).toFixed(1) + " s");
const number = (value) => (value === undefined || value === null ? "" : Number(value).toLocaleString("en"));
const bytes = (value) => (value === undefined ? "" : value < 10000 ? number(value) + " bytes" : value < 10000000 ? (value / 1000).toFixed(1) + " kB" : (value / 1000000).toFixed(1) + " MB");

function facts(list, pairs) {
  list.replaceChildren(...pairs.filter(([, value]) => value !== undefined && value !== null && value !== "").flatMap(([name, value]) =>
    [element("dt", {}, name), element("dd", {}, value)]));
}

// MARK: Records

let recordFilters = "";
let olderCursor = null;
let newest = -1;

function recordRow(record) {
  const what = record.operation || record.event || record.path || "";
  const row = element("tr", { onclick: () => detail(record) },
    element("td", { class: "mono" }, time(record.time)),
    element("td", {}, record.gateway ? record.gateway.instance : ""),
    element("td", {}, pill(record.outcome || record.phase)),
    element("td", {}, record.caller && record.caller.name ? record.caller.name : record.phase === "event" ? "the gateway" : "nobody known"),
    element("td", { title: visible(what) }, what),
    element("td", {}, record.kind || record.phase),
    element("td", { class: "number" }, record.error_code || record.status || ""),
    element("td", { class: "number" }, milliseconds(record.duration_us)),
    element("td", { class: "number" }, element("button", { type: "button", class: "row", "aria-label": "Details of record " + record.seq }, record.seq)));
  return row;
}

function empty(columns, text) {
  return element("tr", {}, element("td", { class: "empty", colspan: columns }, text));
}

async function loadRecords(more) {
  const query = new URLSearchParams(recordFilters);
  query.set("limit", "50");
  query.set("source", source);
  if (more && olderCursor) query.set("cursor", olderCursor);
  const page = await askJSON("audit/records?" + query);
  const rows = page.records.map(recordRow);
  if (more) $("rows").append(...rows);
  else {
    newest = page.records.length ? page.records[0].seq : -1;
    $("rows").replaceChildren(...(rows.length ? rows : [empty(9, "No record matches.")]));
  }
  olderCursor = page.next_cursor || null;
  $("older").hidden = !olderCursor;
  const shown = $("rows").querySelectorAll("button.row").length;
  $("count").textContent = shown ? number(shown) + (olderCursor ? " shown, there are older ones" : " shown, that is all") : "";
  const known = new Set([...$("operations").children].map((option) => option.value));
  for (const record of page.records) if (record.operation && !known.has(record.operation)) {
    known.add(record.operation);
    $("operations").append(element("option", { value: record.operation }));
  }
}

function detail(record) {
  const at = (object, key) => (object === undefined ? undefined : object[key]);
  const task = at(record.export, "task_id");
  facts($("detail-facts"), [
    ["Record", record.seq], ["Time", record.time], ["Phase", record.phase], ["Outcome", pill(record.outcome)],
    ["Caller", at(record.caller, "name")], ["Recognised by", at(record.caller, "method")], ["Address", at(record.caller, "address")],
    ["Reason", record.reason], ["Operation", record.operation], ["Kind", record.kind],
    ["Request", [record.method, record.path].filter(Boolean).join(" ") + (record.query ? "?" + record.query : "")],
    ["Project", record.project && [record.project.name, record.project.id, record.project.region].filter(Boolean).join(" · ")],
    ["Enterprise project", record.enterprise_project_id && record.enterprise_project_id.value + (record.enterprise_project_id.injected ? " (added by the gateway)" : "")],
    ["Credential", record.credential && [record.credential.name, record.credential.access_key_tail && "****" + record.credential.access_key_tail].filter(Boolean).join(" · ")],
    ["Decision", record.decision && record.decision + (record.rule ? " by rule " + record.rule : "")],
    ["Status", record.status], ["Error code", record.error_code], ["Answered by", record.source],
    ["HSS request id", at(record.upstream, "request_id")], ["What broke", at(record.upstream, "error")],
    ["Answer", record.response_body && bytes(record.response_body.bytes)], ["Answer's SHA-256", at(record.response_body, "sha256")],
    ["Export", task && element("a", { href: "#/exports/" + encodeURIComponent(task), onclick: () => $("detail").close() }, task)],
    ["File", at(record.export, "file_id")], ["Rows", number(at(record.export, "record_total_num"))],
    ["Took", milliseconds(record.duration_us)], ["Event", record.event], ["Gateway", at(record.gateway, "instance")], ["Audit-Id", record.id], ["Request id", record.request_id],
  ]);
  $("detail-line").textContent = visible(JSON.stringify(record, null, 2)).replaceAll("\\u000a", "\n");
  $("detail").showModal();
}

// MARK: Exports

let exportCursor = null;

async function loadExports(more) {
  const query = new URLSearchParams({ limit: "25", source });
  if (more && exportCursor) query.set("cursor", exportCursor);
  const page = await askJSON("audit/exports?" + query);
  const rows = page.exports.map((trail) => {
    const created = trail.created || {};
    return element("tr", { onclick: () => { if (trail.task_id) location.hash = "#/exports/" + encodeURIComponent(trail.task_id); } },
      element("td", { class: "mono" }, time(created.time)), element("td", {}, pill(trail.state)), element("td", {}, created.caller || "nobody known"),
      element("td", {}, created.operation || ""), element("td", { class: "number" }, number(trail.record_total_num)),
      element("td", { class: "number" }, number(trail.downloads.length)),
      element("td", { class: "mono" }, trail.task_id ? element("a", { href: "#/exports/" + encodeURIComponent(trail.task_id) }, trail.task_id) : "none"));
  });
  if (more) $("export-rows").append(...rows);
  else $("export-rows").replaceChildren(...(rows.length ? rows : [empty(7, "No export yet.")]));
  exportCursor = page.next_cursor || null;
  $("older-exports").hidden = !exportCursor;
}

async function loadTrail(task) {
  const trail = await askJSON("audit/exports/" + encodeURIComponent(task) + "?source=" + source);
  const created = trail.created || {};
  const asked = created.asked_for || {};
  facts($("trail-facts"), [
    ["Task", trail.task_id], ["State", pill(trail.state)], ["Asked for", created.operation], ["By", created.caller], ["Why", created.reason],
    ["Project", created.project && created.project + " · " + (created.project_id || "")], ["Query", asked.query],
    ["Body", asked.body === undefined ? asked.body_sha256 && bytes(asked.body_bytes) + ", SHA-256 " + asked.body_sha256 : JSON.stringify(asked.body)],
    ["Rows", number(trail.record_total_num)], ["File", trail.file_ids.join(", ")],
  ]);
  const steps = [];
  const step = (title, entry, more) => steps.push(element("li", { class: entry.outcome === "success" || !entry.outcome ? "" : "bad" },
    element("strong", {}, title), pill(entry.outcome),
    element("span", { class: "quiet" }, [time(entry.time), entry.caller, entry.address && "from " + entry.address, source === "fleet" && entry.instance && "by way of " + entry.instance, entry.reason && "because: " + entry.reason, entry.error_code].filter(Boolean).join(" · ")),
    more ? element("span", { class: "quiet mono" }, more) : null));
  if (trail.created) step("Created", trail.created);
  if (trail.polls.count) steps.push(element("li", {}, element("strong", {}, "Polled"),
    element("span", { class: "quiet" }, number(trail.polls.count) + (trail.polls.count === 1 ? " time, " : " times, from ") + time(trail.polls.first) + (trail.polls.count === 1 ? "" : " to " + time(trail.polls.last)))));
  for (const download of trail.downloads) step(download.outcome === "success" ? "Downloaded" : "Download broken off", download,
    [bytes(download.bytes), download.sha256 && "SHA-256 " + download.sha256, download.error].filter(Boolean).join(" · "));
  $("trail-steps").replaceChildren(...steps);
}

async function findHeld(file) {
  if (!globalThis.crypto || !crypto.subtle) throw new Error("This browser hashes files only on pages of https or of this machine. Use hss-gateway audit trail --file.");
  const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const found = await askJSON("audit/exports?source=" + source + "&sha256=" + hash);
  if (!found.exports.length) throw new Error("No download in this journal gave its caller a file with this content (SHA-256 " + hash + ").");
  const task = found.exports[0].task_id;
  if (!task) throw new Error("The file was downloaded through this gateway, but its task is not in the journal.");
  location.hash = "#/exports/" + encodeURIComponent(task);
}

// MARK: State

async function loadReadiness() {
  const answer = await ask("readyz?verbose", "text/plain");
  const lines = (await answer.text()).split("\n").filter((line) => line.startsWith("["));
  const failing = lines.filter((line) => line.startsWith("[-]")).length;
  $("readiness").className = "pill " + (failing ? "bad" : "good");
  $("readiness").textContent = failing ? "not ready: " + failing + (failing === 1 ? " check fails" : " checks fail") : "ready";
  $("checks").replaceChildren(...lines.map((line) => element("li", { class: "pill " + (line.startsWith("[+]") ? "good" : "bad") },
    (line.startsWith("[+]") ? "\u2713 " : "\u2717 ") + line.slice(3))));
}

async function loadState() {
  const answer = await ask("audit/checkpoint", "text/plain");
  $("checkpoint").textContent = answer.ok ? visible(await answer.text()).replaceAll("\\u000a", "\n") : "There is no signed checkpoint yet.";
}

async function verify() {
  $("verification").hidden = false;
  $("verification").textContent = "reading every record …";
  const answer = await ask("audit/verify");
  $("verification").textContent = answer.status === 404 ? "This gateway does not verify by itself; run hss-gateway audit verify."
    : visible(await answer.text()).replaceAll("\\u000a", "\n");
}

// MARK: Where we are

const views = ["records", "exports", "trail", "state"];

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
  const view = parts[0] === "exports" && parts[1] ? "trail" : views.includes(parts[0]) ? parts[0] : "records";
  for (const name of views) $(name).hidden = name !== view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.view === (view === "trail" ? "exports" : view)) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  if (view === "records") {
    recordFilters = query || "";
    const asked = new URLSearchParams(recordFilters);
    if (!$("place").hidden && ["fleet", "journal"].includes(asked.get("source"))) choose(asked.get("source"));
    asked.delete("source");
    recordFilters = String(asked);
    const given = new URLSearchParams(recordFilters);
    for (const field of $("filters").elements) if (field.name) field.value = given.get(field.name) || "";
    return showing(() => loadRecords(false));
  }
  if (view === "exports") return showing(() => loadExports(false));
  if (view === "trail") return showing(() => loadTrail(parts[1]));
  return showing(loadState);
}

function choose(place) {
  source = place;
  $("source").value = place;
  $("instance-filter").hidden = place !== "fleet";
  if (place !== "fleet") $("instances").value = "";
}

// The central copy is shown first where there is one; when it can't be read, that is said, and this gateway's own records are shown.
async function loadPlaces() {
  try {
    const known = await askJSON("audit/instances");
    $("place").hidden = !known.fleet;
    $("instances").replaceChildren(element("option", { value: "" }, "any"), ...known.instances.map((member) => element("option", { value: member.instance }, member.instance)));
    choose(known.fleet ? "fleet" : "journal");
    return null;
  } catch (problem) {
    if (problem instanceof Unwelcome) throw problem;
    choose("journal");
    return problem;
  }
}

async function start() {
  let missing = null;
  await showing(async () => {
    const version = await askJSON("version");
    $("build").textContent = "version " + visible(version.version) + ", commit " + visible(String(version.commit).slice(0, 12));
    await loadReadiness();
    missing = await loadPlaces();
  });
  if ($("login").open) return;
  await route();
  if (missing) {
    $("problem").textContent = missing.message + " What follows is of this gateway alone.";
    $("problem").hidden = false;
  }
}

$("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  const query = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value !== ""));
  const target = "#/records" + (query.size ? "?" + query : "");
  if (location.hash === target) route(); else location.hash = target;
});
$("filters").addEventListener("reset", () => { location.hash = "#/records"; });
$("source").addEventListener("change", (event) => {
  choose(event.target.value);
  const query = new URLSearchParams(recordFilters);
  if (source !== "fleet") query.delete("instance");
  const target = "#/records" + (query.size ? "?" + query : "");
  if ($("records").hidden || location.hash === target) route(); else location.hash = target;
});
$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const task = new FormData(event.target).get("task").trim();
  if (task) location.hash = "#/exports/" + encodeURIComponent(task);
});
$("held").addEventListener("change", (event) => { if (event.target.files[0]) showing(() => findHeld(event.target.files[0])); });
$("older").addEventListener("click", () => showing(() => loadRecords(true)));
$("older-exports").addEventListener("click", () => showing(() => loadExports(true)));
$("verify").addEventListener("click", () => showing(verify));
$("login-form").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  $("token").value = "";
  $("login").close();
  start();
});
$("login").addEventListener("cancel", (event) => event.preventDefault());
window.addEventListener("hashchange", route);
// The page asks again every few seconds only while somebody looks at it.
setInterval(() => {
  if (document.hidden || $("login").open) return;
  showing(async () => {
    await loadReadiness();
    if (!$("records").hidden && $("live").checked && !$("detail").open) await loadRecords(false);
  });
}, 4000);
start();
