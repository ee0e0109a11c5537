// The frame: the page, the language, the keyboard. Each page is a module of its own and is loaded when it is first shown.
import { t, speak, language, languages, h, s, segments, choice, button, pill, zone, zoneName, clock, skeleton, toast, shortened, visible, said } from "./console/ui.js";
import { app, go, link } from "./console/place.js";
import { get, whoami, present, hasToken, isToken, connection, tryNow, welcome, part, optional, faultView, Unwelcome } from "./console/api.js";

const $ = (id) => document.getElementById(id);
const groups = [["nav.look", ["overview", "records", "exports"]], ["nav.who", ["callers", "quota"]], ["nav.proof", ["evidence", "fleet"]]];
const pages = groups.flatMap(([, list]) => list);
const icons = {
  overview: "M2 9h5V2H2zM9 14h5V7H9zM2 14h5v-3H2zM9 5h5V2H9z",
  records: "M2.5 4h11M2.5 8h11M2.5 12h7",
  exports: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
  callers: "M8 8.2a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600zM2.8 14c.4-2.8 2.5-4.2 5.2-4.2s4.8 1.4 5.2 4.2",
  quota: "M2.5 12a6 6 0 1 1 11 0M8 11l3-4.5",
  evidence: "M8 1.8 3 3.7v4c0 3.2 2.1 5.5 5 6.5 2.9-1 5-3.3 5-6.5v-4zM5.7 8l1.7 1.7 3.1-3.1",
  fleet: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM4.8 5h.1M4.8 11h.1",
};
// How often the frame checks whether the gateways are ready, milliseconds.
const readinessEvery = 5000, buildEvery = 60000;

// MARK: Pages

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map((one) => { try { return decodeURIComponent(one); } catch { return one; } });
  app.page = pages.includes(parts[0]) ? parts[0] : "overview";
  app.part = parts[1] || "";
  app.query = new URLSearchParams(query || "");
  app.gateway = app.query.get("gateway") || "";
  app.query.delete("gateway");
  return show();
}

let shown = 0;
async function show() {
  shown += 1;
  const mine = shown, main = $("main");
  for (const end of app.leaving.splice(0)) end();
  app.parts.clear();
  app.keys = null;
  shell();
  document.title = t("nav." + app.page) + " · hss-gateway";
  main.replaceChildren(skeleton(6));
  try {
    const module = await import("./console/page-" + app.page + ".js");
    await known();
    if (mine !== shown) return;
    main.replaceChildren(...module.show().flat().filter(Boolean));
    readiness();
    shell();
    prefetch();
  } catch (problem) {
    if (mine !== shown) return;
    if (problem instanceof Unwelcome) return login();
    if (problem instanceof TypeError && connection.isAway) return;
    main.replaceChildren(faultView(problem, show));
  }
}

// The other pages are loaded when there is nothing else to do, so that they can be opened while the gateway is
// unreachable.
const prefetchAfter = 3000;
let isPrefetched = false;
function prefetch() {
  if (isPrefetched) return;
  isPrefetched = true;
  setTimeout(() => { for (const name of pages) import("./console/page-" + name + ".js").catch(() => { isPrefetched = false; }); }, prefetchAfter);
}

// Data for every page: the gateways, and this token's rights.
let isKnown = false;
async function known() {
  if (isKnown) return;
  try {
    app.instances = await optional(get("audit/instances", {}, { isFrame: true })) || app.instances;
    isKnown = true;
  } catch (problem) {
    if (problem.status !== 503) throw problem;
    // The central copy is unreachable: this gateway's own journal contains its name. The next page asks
    // again.
    const page = await get("audit/records", { source: "journal", limit: 1 }, { isFrame: true });
    app.instances = { instance: ((page.records[0] || {}).gateway || {}).instance || "", fleet: true, instances: [] };
  }
}

// MARK: The frame around the pages

let build = null, ready = null;
function readiness() {
  part(async (signal) => {
    // A reload changes the configuration's digest: it is read again from time to time.
    if (!build || Date.now() - build.at > buildEvery) build = { ...await get("version", {}, { signal, isFrame: true }), who: await whoami(signal), at: Date.now() };
    return { text: await get("readyz", { verbose: "" }, { signal, text: true, statuses: [503], isFrame: true }), build };
  }, (data) => {
    const failing = data.text.split("\n").filter((line) => line.startsWith("[-]")), warns = /^\[\+\].*ok, but:/m.test(data.text);
    ready = failing.length ? ["failed", t("bar.failing")] : warns ? ["warn", t("bar.warns")] : ["ok", t("bar.ready")];
    shell();
    return "";
  }, { every: readinessEvery, bones: 0 });
}

function shell() {
  const focused = document.activeElement && document.activeElement.id;
  $("skip").textContent = t("skip");
  $("burger-text").textContent = t("menu");
  $("nav").setAttribute("aria-label", t("nav.label"));
  const item = (name) => h("a", { href: link(name), "aria-current": name === app.page ? "page" : null, onclick: () => menu(false) },
    s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: icons[name] })), h("span", {}, t("nav." + name)));
  if (!$("nav").contains(document.activeElement) || $("nav").dataset.drawn !== app.page + language) {
    $("nav").replaceChildren(...groups.flatMap(([title, list]) => [h("p", { class: "group" }, t(title)), ...list.map(item)]));
    $("nav").dataset.drawn = app.page + language;
  }
  $("build").replaceChildren(...(build ? [h("p", {}, t("build.version", { v: shortened(build.version, 20) })),
    h("p", { title: shortened(build.config_sha256 || "") }, t("build.config"), " ", h("span", { class: "mono" }, String(build.config_sha256 || "").slice(0, 8))),
    build.who.name ? h("p", {}, shortened(build.who.name, 40), t("dot"), said("role", build.who.role)) : ""] : []));
  $("bar").setAttribute("aria-label", t("bar.label"));
  drawBar();
  if (focused && !document.activeElement?.id) $(focused)?.focus();
}

let drawnBar = "";
function drawBar() {
  const wanted = JSON.stringify([app.page, app.gateway, app.instances, language, zone.name, ready]);
  if (wanted === drawnBar) return;
  drawnBar = wanted;
  const index = [...$("bar").querySelectorAll("input, select, a, button")].indexOf(document.activeElement);
  const names = [...new Set([app.instances.instance, ...(app.instances.instances || []).map((one) => one.instance)])].filter(Boolean);
  const options = [...(app.instances.fleet ? [["", t("gateways.all")]] : []), ...names.map((name) => [name, t("gateways.one", { name: visible(name) })])];
  const chosen = app.gateway || (app.instances.fleet ? "" : app.instances.instance);
  const select = choice(options, chosen, { id: "gateway", onchange: (event) => {
    app.gateway = event.target.value;
    go(app.page, Object.fromEntries(app.query), app.part);
    if (link(app.page, Object.fromEntries(app.query), app.part) === location.hash) show();
  } });
  $("bar").replaceChildren(
    h("h1", {}, t("nav." + app.page)),
    h("label", { class: "inline" }, h("span", { class: "sr" }, t("gateways")), select),
    segments(t("zone"), [["local", zone.name === "local" ? zoneName() : localZone()], ["utc", "UTC"]], zone.name, (value) => { zone.name = value; show(); }),
    segments(t("language"), [["en", "EN"], ["zh", "中文"]], language, async (value) => { await speak(value); keep(value); show(); }),
    ready ? h("a", { class: "status-link", href: link("fleet") }, pill(ready[0], ready[1])) : "",
    button("?", help, { cls: "round", "aria-label": t("help"), id: "help-button" }));
  if (index >= 0) [...$("bar").querySelectorAll("input, select, a, button")][index]?.focus();
}
function localZone() {
  const kept = zone.name;
  zone.name = "local";
  const name = zoneName();
  zone.name = kept;
  return name;
}

function menu(isOpen) {
  $("burger").setAttribute("aria-expanded", String(isOpen));
  document.querySelector(".side").classList.toggle("open", isOpen);
}
$("burger").addEventListener("click", () => menu($("burger").getAttribute("aria-expanded") !== "true"));

connection.changed = () => {
  const banner = $("offline");
  banner.hidden = !connection.isAway;
  banner.replaceChildren(...(connection.isAway
    ? [h("span", {}, t("offline.banner", { time: connection.last === null ? "–" : clock(connection.last) })), " ", button(t("again"), tryNow)] : []));
  if (!connection.isAway && !isKnown) show();
};

// MARK: Dialogs

const keys = [["/", "help.search"], ["j k", "help.jk"], ["Enter", "help.enter"], ["Esc", "help.esc"], ["g o r e c q v f", "help.g"], ["← →", "help.arrows"], ["?", "help.help"]];
function help() {
  $("help").replaceChildren(h("form", { method: "dialog" },
    h("div", { class: "panel-head" }, h("h2", { id: "help-title" }, t("help")), h("button", { class: "plain" }, t("close"))),
    h("dl", { class: "keys" }, keys.flatMap(([key, text]) => [h("dt", {}, key.split(" ").map((one) => h("kbd", {}, one))), h("dd", {}, t(text))]))));
  $("help").showModal();
}

function login() {
  if ($("login").open) return;
  for (const end of app.leaving.splice(0)) end();
  $("main").replaceChildren();
  const problem = h("p", { class: "field-problem", id: "login-problem", role: "alert" }, hasToken() ? t("login.wrong") : "");
  const token = h("input", { type: "password", autocomplete: "off", required: true, "aria-describedby": "login-problem login-why" });
  present(null);
  const enter = async (event) => {
    event.preventDefault();
    // A header allows visible ASCII characters only: anything else is no token of this port.
    const given = token.value.trim(), isRight = /^[\x21-\x7e]+$/.test(given) && await isToken(given).catch(() => null);
    if (isRight === null) problem.textContent = t("offline.title");
    else if (!isRight) problem.textContent = t("login.wrong");
    if (!isRight) return token.select();
    present(given);
    token.value = "";
    $("login").close();
    toast(t("login.done"));
    build = null;
    show();
  };
  $("login").replaceChildren(h("form", { onsubmit: enter },
    h("div", { class: "login-mark" }, s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: "M12 2.5 4 5.5v6c0 5 3.4 8.6 8 10 4.6-1.4 8-5 8-10v-6z" }))),
    h("h2", { id: "login-title" }, t("login.title")), h("p", { class: "quiet", id: "login-why" }, t("login.text")),
    h("label", { class: "field" }, h("span", {}, t("login.token")), token), problem,
    h("button", { type: "submit", class: "wide" }, t("login.open")), h("p", { class: "quiet small" }, t("login.where"))));
  $("login").showModal();
  token.focus();
}
$("login").addEventListener("cancel", (event) => event.preventDefault());
welcome.ask = login;

// MARK: Keys; none of them while the user types

const chords = { o: "overview", r: "records", e: "exports", c: "callers", q: "quota", v: "evidence", f: "fleet" };
// Longest time between g and its letter, milliseconds.
const chordTime = 1200;
let chord = 0;
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const isChord = Date.now() - chord < chordTime && Object.hasOwn(chords, event.key);
  chord = 0;
  if (isChord) go(chords[event.key]);
  else if (event.key === "?") help();
  else if (event.key === "g") chord = Date.now();
  else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    search.focus();
    search.select();
  } else if (!app.keys || !app.keys(event)) return;
  event.preventDefault();
});

// MARK: Start

// Only the language is stored.
function keep(value) { try { localStorage.setItem("language", value); } catch { /* not kept then */ } }
function kept() { try { return localStorage.getItem("language"); } catch { return null; } }

const asked = new URLSearchParams(location.search);
if (asked.get("zone") === "utc") zone.name = "utc";
const preferred = (navigator.languages || []).map((one) => one.slice(0, 2).toLowerCase()).find((one) => languages.includes(one));
const wanted = [asked.get("lang"), kept(), preferred].find((one) => languages.includes(one)) || "en";
await speak(wanted);
addEventListener("hashchange", route);
addEventListener("online", tryNow);
document.addEventListener("visibilitychange", () => { if (!document.hidden) for (const one of app.parts) one.reload(); });
await route();
