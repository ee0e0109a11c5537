// The building blocks of pages: texts, elements, figures and times, components. Values are text, never
// markup.

// MARK: Texts, in two languages; a missing one is an error on the console, which the tests find, and the page shows its key

let dictionary = {};
export let language = "en";
export const languages = ["en", "zh"];

export async function speak(wanted) {
  const answer = await fetch(new URL("words." + wanted + ".json", import.meta.url), { credentials: "omit" });
  dictionary = await answer.json();
  language = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
}

export const has = (key) => Object.hasOwn(dictionary, key);

// {n} and other parameters are replaced once: a value that contains braces is never replaced again. unknown:
// the replacement for a missing parameter.
export function t(key, given = {}, unknown = null) {
  const chosen = (given.n === 1 || given.n === "1") && has(key + ".one") ? key + ".one" : key;
  if (!has(chosen)) {
    console.error("no word for " + key);
    return key;
  }
  return dictionary[chosen].replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(given, name) ? given[name] : unknown ?? whole));
}

// MARK: Elements

const SVG = "http://www.w3.org/2000/svg";
const properties = new Set(["value", "checked", "hidden", "disabled", "open"]);

function make(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (properties.has(key) && key in made) made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...nodes(children));
  return made;
}
const isNothing = (one) => one === null || one === undefined || one === false;
export const nodes = (children) =>
  children.flat(4).filter((one) => !isNothing(one)).map((one) => (one instanceof Node ? one : visible(one)));
export const h = (name, attributes, ...children) => make(document.createElement(name), attributes, children);
export const s = (name, attributes, ...children) => make(document.createElementNS(SVG, name), attributes, children);

// Characters that reverse the text or are invisible are shown as their code. A value longer than a page is cut.
const invisible = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
export const visible = (value) => String(value).replace(invisible, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
const mostCharacters = 160;
export function shortened(value, most = mostCharacters) {
  const text = visible(value);
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}

// MARK: Figures

const locale = () => (language === "zh" ? "zh-CN" : "en");
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const unbroken = (text) => text.replaceAll(" ", "\u00a0"); // a figure and its unit stay on one line
export const number = (value, digits = 0) => (isNumber(value) ? value.toLocaleString(locale(), { maximumFractionDigits: digits }) : "–");
export const percent = (share) => (isNumber(share) ? Math.round(share * 100) + "\u00a0%" : "–");
export function short(value) {
  if (!isNumber(value) || value < 10000) return number(value);
  if (language === "zh") return unbroken(value < 1e8 ? number(value / 1e4, 1) + " 万" : number(value / 1e8, 2) + " 亿");
  return unbroken(value < 1e6 ? number(value / 1e3, 1) + " k" : number(value / 1e6, 2) + " M");
}
export function bytes(value) {
  if (!isNumber(value)) return "–";
  const [scale, unit, digits] = value < 1e3 ? [1, "B", 0] : value < 1e6 ? [1e3, "kB", value < 1e4 ? 1 : 0] : value < 1e9 ? [1e6, "MB", 1] : [1e9, "GB", 1];
  return unbroken(number(value / scale, digits) + " " + unit);
}

// MARK: Times, in milliseconds

export function span(ms) {
  if (!isNumber(ms)) return "–";
  const sign = ms < 0 ? "−" : "";
  return sign + unbroken(lasting(Math.abs(ms)));
}
function lasting(ms) {
  if (ms < 1000) return number(ms, ms < 1 ? 1 : 0) + " ms";
  if (ms < 60000) return t("span.seconds", { n: number(ms / 1000, ms < 10000 ? 1 : 0) });
  if (ms < 3600000) {
    const rest = ms % 60000 >= 1000 && ms < 600000 ? " " + t("span.seconds", { n: number(Math.floor((ms % 60000) / 1000)) }) : "";
    return t("span.minutes", { n: Math.floor(ms / 60000) }) + rest;
  }
  if (ms < 172800000) return t("span.hours", { n: number(ms / 3600000, ms < 36000000 ? 1 : 0) });
  return t("span.days", { n: number(Math.round(ms / 86400000)) });
}
export const zone = { name: "local" };
const two = (value) => String(value).padStart(2, "0");
export function zoneName() {
  if (zone.name === "utc") return "UTC";
  const minutes = -new Date().getTimezoneOffset(), whole = Math.trunc(Math.abs(minutes) / 60), rest = Math.abs(minutes) % 60;
  return "UTC" + (minutes < 0 ? "−" : "+") + whole + (rest ? ":" + two(rest) : "");
}
// An instant of the API as milliseconds; null if it is invalid.
export function instant(text) {
  const ms = typeof text === "string" ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
export function clock(ms, form = "time") {
  if (!isNumber(ms)) return "–";
  const d = new Date(zone.name === "utc" ? ms : ms - new Date(ms).getTimezoneOffset() * 60000);
  if (Number.isNaN(d.getTime())) return "–";
  const day = two(d.getUTCMonth() + 1) + "-" + two(d.getUTCDate()), minute = two(d.getUTCHours()) + ":" + two(d.getUTCMinutes());
  const second = minute + ":" + two(d.getUTCSeconds());
  switch (form) {
    case "hm": return minute;
    case "day": return day;
    case "date": return d.getUTCFullYear() + "-" + day;
    case "minute": return d.getUTCFullYear() + "-" + day + " " + minute;
    case "full": return d.getUTCFullYear() + "-" + day + " " + second + "." + String(d.getUTCMilliseconds()).padStart(3, "0");
    default: return day + " " + second;
  }
}
export function stamp(ms, form = "time") {
  if (!isNumber(ms) || Number.isNaN(new Date(ms).getTime())) return h("span", { class: "quiet" }, "–");
  const exact = new Date(ms).toISOString();
  return h("time", { datetime: exact, title: exact, class: "num" }, clock(ms, form));
}
export function ago(ms, now = Date.now()) {
  if (!isNumber(ms)) return t("never");
  return now - ms >= 0 ? t("ago", { span: span(now - ms) }) : t("in", { span: span(ms - now) });
}

// MARK: Words with a tone

const glyphs = {
  success: "✓", downloaded: "✓", ready: "✓", ok: "✓", intact: "✓", failure: "✕", failed: "✕", suspended: "✕", unavailable: "✕", broken: "✕",
  download_incomplete: "✕", refused: "⊘", unknown: "?", open: "…", pending: "…", renewing: "↻", other: "⇄", warn: "!",
};
const tones = {
  success: "good", downloaded: "good", ready: "good", ok: "good", intact: "good", failure: "bad", failed: "bad", suspended: "bad", unavailable: "bad",
  broken: "bad", download_incomplete: "bad", refused: "odd", unknown: "note", renewing: "odd", other: "note", warn: "odd",
};
const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : undefined);
export const pill = (word, text) =>
  h("span", { class: "pill " + (own(tones, word) || "calm") }, h("span", { class: "glyph", "aria-hidden": "true" }, own(glyphs, word) || "·"),
    h("span", { class: "pill-text" }, text === undefined ? said("state", word) : shortened(text, 60)));
// A word of the API in the reader's language; unchanged if there is no translation.
export const said = (group, word) => (has(group + "." + word) ? t(group + "." + word) : shortened(word, 60));
export const mono = (text, most) => h("span", { class: "mono" }, shortened(text, most));
export const digest = (text, length = 12) => h("span", { class: "mono", title: shortened(text) }, visible(text).slice(0, length) + "…");
export const quiet = (text) => h("span", { class: "quiet" }, text);

// The meaning of the gateway's or HSS's code, as a sentence.
export function codeWords(code, error) {
  if (code) {
    const n = String(code).replace("HSSGW.", "");
    return has("code." + n) ? t("code." + n) : shortened(code, 60);
  }
  return error ? said("error", error) : "";
}

// MARK: Components

export const panel = (title, { note, actions, cls = "" } = {}, ...body) =>
  h("section", { class: "panel " + cls, "aria-label": shortened(title) },
    h("div", { class: "panel-head" }, h("h2", {}, shortened(title)), note ? h("p", { class: "quiet" }, note) : null,
      actions ? h("div", { class: "actions" }, actions) : null), ...body);
export const button = (text, onclick, { plain = true, cls = "", ...more } = {}) =>
  h("button", { type: "button", class: (plain ? "plain " : "") + cls, onclick, ...more }, text);

let groups = 0;
export function segments(label, options, chosen, change) {
  groups += 1;
  const name = "segments" + groups;
  return h("fieldset", { class: "seg" }, h("legend", { class: "sr" }, label), options.map(([value, text]) =>
    h("label", {}, h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => change(value) }), h("span", {}, text))));
}
// A form of several fields is only submitted by Enter if it has a button for that.
export const unseenSubmit = () => h("button", { type: "submit", class: "sr", tabindex: "-1" }, t("records.search.label"));
export const field = (label, control, cls = "") => h("label", { class: "field " + cls }, h("span", {}, label), control);
export function choice(options, value, attributes) {
  const known = options.some(([one]) => one === value) ? options : [...options, [value, value]];
  const made = h("select", attributes, known.map(([one, text]) => h("option", { value: one }, shortened(text, 60))));
  made.value = value;
  return made;
}

// A table that becomes cards on a phone. Its roles are set explicitly, since `display: grid` removes them.
export function table(label, columns, rows, cls = "") {
  const body = h("tbody", { role: "rowgroup" }, rows);
  const head = h("tr", { role: "row" }, columns.map((one) => h("th", { scope: "col", role: "columnheader", class: one.cls || "" }, one.isHidden ? h("span", { class: "sr" }, one.text) : one.text)));
  const made = h("div", { class: "table " + cls, role: "group", "aria-label": shortened(label), tabindex: "0" },
    h("table", { role: "table" }, h("caption", { class: "sr" }, shortened(label)), h("thead", { role: "rowgroup" }, head), body));
  return Object.assign(made, { body });
}
export const row = (columns, cells, attributes) =>
  h("tr", { role: "row", ...attributes },
    cells.map((cell, i) => h("td", { role: "cell", class: columns[i].cls || "", "data-label": columns[i].isHidden ? "" : columns[i].text }, cell)));
// j and k: the next and the previous row, by the focusable element of each.
export function rowKeys(rows, target) {
  let at = -1;
  return (event) => {
    if (event.key !== "j" && event.key !== "k") return false;
    const all = rows();
    if (all.length === 0) return true;
    const focused = all.findIndex((one) => one.contains(document.activeElement));
    at = Math.max(0, Math.min(all.length - 1, (focused >= 0 ? focused : at) + (event.key === "j" ? 1 : -1)));
    all.forEach((one, i) => one.classList.toggle("at", i === at));
    target(all[at])?.focus();
    all[at].scrollIntoView({ block: "nearest" });
    return true;
  };
}

const isShown = (value) => !isNothing(value) && value !== "";
export const facts = (pairs, cls = "") =>
  h("dl", { class: "facts " + cls }, pairs.filter((one) => one && isShown(one[1])).map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value))));
export function meter(used, limit, { cls, text } = {}) {
  const share = limit ? Math.max(0, Math.min(1, used / limit)) : 0;
  const tone = cls || (share >= 1 ? "bad" : share > 0.8 ? "odd" : "");
  return h("span", { class: "meter" },
    s("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
      s("rect", { class: "track", width: 100, height: 6 }), s("rect", { class: "fill " + tone, width: share * 100, height: 6 })),
    h("span", { class: "num" }, text || number(used) + " / " + (limit ? number(limit) : "∞")));
}
export const dot = (tone) => [h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "sr" }, said("tone", tone || "calm") + " ")];

// MARK: States of every page

export const skeleton = (n = 4) =>
  h("div", { class: "skeleton", role: "status" }, h("span", { class: "sr" }, t("loading")), Array.from({ length: n }, () => h("div", { class: "bone" })));
export const empty = (title, text, action) =>
  h("div", { class: "nothing" },
    s("svg", { viewBox: "0 0 48 48", "aria-hidden": "true", class: "nothing-art" }, s("rect", { x: 8, y: 10, width: 32, height: 28, rx: 3 }),
      s("path", { d: "M8 18h32M14 25h12M14 31h20" })),
    h("h2", {}, title), h("p", {}, text), action);
export const trouble = (title, text, ...actions) =>
  h("div", { class: "trouble", role: "alert" }, h("h2", {}, title), h("p", {}, shortened(text, 400)), actions.length ? h("div", { class: "line" }, actions) : null);

// MARK: Output

export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = visible(text);
  place.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { place.hidden = true; }, 3500);
}
export async function copy(text, saying) {
  try {
    await navigator.clipboard.writeText(text);
    toast(saying || t("copied"));
  } catch { toast(text); }
}
export function save(name, content, type = "text/plain") {
  const blob = content instanceof Blob ? content : new Blob([content], { type }), address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name.replace(/[^\w.-]/g, "_") });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
// One word of a command line, quoted for a POSIX shell where it must be.
export const shell = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "'" + String(word).replaceAll("'", "'\\''") + "'");
