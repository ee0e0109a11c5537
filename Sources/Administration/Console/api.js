// Calls the admin API: the token, the handling of refusals, the number of concurrent requests, and parts of a page that reload
// themselves.
import { t, h, skeleton, trouble, empty, button, nodes } from "./ui.js";
import { app, scope, link } from "./place.js";

// Longest time for an answer, milliseconds; a long poll has its own waiting time in addition.
const patience = 60000;
// Concurrent requests: few until the first data of the page is there, without those of the frame around it.
const widths = { first: 2, later: 6 };
// Longest time between two attempts, milliseconds.
const longestPause = 60000;

export class Refusal extends Error {
  constructor(status, text, seconds) {
    super(text);
    this.status = status;
    this.seconds = seconds;
  }
}
export class Unwelcome extends Error {}
export class Away extends Error {}

let token = null, visitor = null;
export const present = (given) => {
  token = given;
  visitor = null;
};
// The name and role of this token. While the port doesn't answer, nothing is shown that changes something; the next page asks again.
export async function whoami(signal) {
  visitor ||= await optional(get("-/whoami", {}, { signal, isFrame: true }));
  return visitor || { name: "", role: "auditor" };
}
export const hasToken = () => token !== null;

// MARK: Reachability

export const connection = { last: null, isAway: false, changed: () => {} };
let probe = null;

function heard() {
  connection.last = Date.now();
  if (!connection.isAway) return;
  connection.isAway = false;
  clearTimeout(probe);
  connection.changed();
  for (const one of app.parts) one.reload();
}
function lost() {
  if (connection.isAway) return;
  connection.isAway = true;
  connection.changed();
  retry(1000);
}
function retry(pause) {
  clearTimeout(probe);
  probe = setTimeout(async () => {
    try { await ask("livez", {}, { text: true }); } catch { /* said by the banner */ }
    if (connection.isAway) retry(Math.min(longestPause, pause * 2));
  }, pause);
}
export const tryNow = () => retry(0);

// MARK: Requests

let underway = 0, isFirst = true;
const waiting = [];
function admitted() {
  if (underway < (isFirst ? widths.first : widths.later)) {
    underway += 1;
    return Promise.resolve();
  }
  return new Promise((admit) => waiting.push(admit));
}
function left() {
  underway -= 1;
  while (waiting.length && underway < (isFirst ? widths.first : widths.later)) {
    underway += 1;
    waiting.shift()();
  }
}

export function address(path, query = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined));
  return path + (asked.size ? "?" + asked : "");
}

async function ask(path, query, { method = "GET", body, accept = "application/json", signal, text = false, raw = false, wait = 0, statuses = [], bearer = token } = {}) {
  const headers = { Accept: text || raw ? "*/*" : accept };
  if (bearer) headers.Authorization = "Bearer " + bearer;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const limit = AbortSignal.timeout(patience + wait), ended = signal ? AbortSignal.any([signal, limit]) : limit;
  let answer, content;
  try {
    answer = await fetch(address(path, query), {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store", credentials: "omit", redirect: "error", signal: ended,
    });
    content = raw && answer.ok ? answer : await answer.text();
  } catch {
    if (signal && signal.aborted) throw new DOMException("left", "AbortError");
    lost();
    throw new Away();
  }
  heard();
  if (answer.status === 401) throw new Unwelcome();
  if (!answer.ok && !statuses.includes(answer.status)) {
    let sentence = "HTTP " + answer.status;
    try {
      const fault = JSON.parse(content), words = fault.error || fault.detail || fault.error_msg || fault.title;
      if (typeof words === "string") sentence += ": " + words;
    } catch { /* no words beside the status */ }
    throw new Refusal(answer.status, sentence, Number(answer.headers.get("Retry-After")) || null);
  }
  if (raw || text) return content;
  if (answer.status === 204 || content === "") return null;
  try { return JSON.parse(content); } catch { throw new Refusal(answer.status, "HTTP " + answer.status + ": no JSON", null); }
}

async function inTurn(path, query, options) {
  await admitted();
  try {
    const answer = await ask(path, query, options);
    isFirst &&= Boolean(options && options.isFrame);
    return answer;
  } finally { left(); }
}
export const get = (path, query, options) => inTurn(path, query, options);
// Not counted among the concurrent requests: it waits for new data.
export const poll = (path, query, options) => ask(path, query, options);
export const send = (method, path, body, options) => inTurn(path, {}, { method, body, ...options });
// For the chosen gateways.
export const about = (path, query, options) => get(path, { ...query, ...scope() }, options);
export const isToken = async (given) => {
  try { await ask("version", {}, { bearer: given }); } catch (problem) { if (problem instanceof Unwelcome) return false; throw problem; }
  return true;
};
// Missing data, or data that this token may not read, becomes nothing; other faults stay faults.
export const optional = (promise) => promise.catch((problem) => {
  if (problem instanceof Refusal && [403, 404, 405, 501].includes(problem.status)) return null;
  throw problem;
});

// MARK: Sentences for faults

export function faultView(problem, again) {
  const retry = again ? button(t("again"), again) : null;
  if (problem instanceof Away) return trouble(t("offline.title"), t("offline.text"), retry);
  if (!(problem instanceof Refusal)) {
    console.error(problem);
    return trouble(t("error.title"), String(problem && problem.message), retry);
  }
  const instance = app.instances.instance;
  const ownJournal = app.instances.fleet && app.gateway !== instance
    ? h("a", { class: "as-button", href: link(app.page, { ...Object.fromEntries(app.query), gateway: instance }, app.part) }, t("error.own")) : null;
  switch (problem.status) {
    case 403: return trouble(t("forbidden.title"), problem.message);
    case 404: case 405: case 501: return empty(t("absent.title"), t("absent.text"));
    case 409: return trouble(t("touched.title"), problem.message, h("a", { class: "as-button", href: link("evidence") }, t("nav.evidence")));
    case 421: return trouble(t("misdirected.title"), problem.message);
    case 503: return trouble(t("error.title"), problem.message, ownJournal, retry);
    default: return trouble(t("error.title"), problem.message, retry);
  }
}

// MARK: Parts of a page

export const welcome = { ask: () => {} };

// A box that loads its content and, with `every` (milliseconds), reloads it while the page is visible. The old content stays during a reload and
// after a failure, and is not redrawn while it has the focus or when nothing has changed.
export function part(load, draw, { every = 0, bones = 3, cls = "" } = {}) {
  const box = h("div", { class: "part " + cls, "aria-busy": "true" }, skeleton(bones));
  const leave = new AbortController();
  let timer = null, shown = null, isDrawn = false, isLoading = false, pause = every, ended = false;

  const next = () => {
    clearTimeout(timer);
    if (every && !ended) timer = setTimeout(() => (document.hidden ? next() : reload()), pause);
  };
  async function reload() {
    if (isLoading || ended) return;
    isLoading = true;
    try {
      const data = await load(leave.signal);
      if (ended) return;
      pause = every;
      const text = JSON.stringify(data);
      const isBusy = isDrawn && box.contains(document.activeElement) && document.activeElement !== document.body;
      if (text !== shown && !isBusy) {
        box.replaceChildren(...nodes([draw(data)]));
        shown = text;
        isDrawn = true;
      }
      box.classList.remove("stale");
    } catch (problem) {
      if (ended || problem.name === "AbortError") return;
      pause = Math.min(longestPause, Math.max(every, 1000) * 2);
      if (problem instanceof Unwelcome) welcome.ask();
      else if (isDrawn && (problem instanceof Away || problem.status === 503)) box.classList.add("stale");
      else {
        box.replaceChildren(faultView(problem, () => { box.replaceChildren(skeleton(bones)); reload(); }));
        shown = null;
        isDrawn = false;
      }
    } finally {
      isLoading = false;
      box.removeAttribute("aria-busy");
      next();
    }
  }
  const made = { reload };
  app.parts.add(made);
  app.leaving.push(() => {
    ended = true;
    clearTimeout(timer);
    leave.abort();
    app.parts.delete(made);
  });
  reload();
  return Object.assign(box, { reload, redraw: () => { shown = null; return reload(); } });
}
