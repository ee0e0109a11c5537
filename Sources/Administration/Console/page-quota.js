// Quota and credentials: which requests wait, and which credentials can sign.
import { t, h, s, panel, pill, number, span, table, row, facts, meter, ago, clock, instant, shortened, said, empty } from "./ui.js";
import { plot } from "./plot.js";
import { app, link } from "./place.js";
import { get, optional, part } from "./api.js";

// How often the page reloads, milliseconds.
const every = 5000, clockEvery = 60000;
// A credential that expires within this time is reported, milliseconds; and most slots that are drawn one by
// one.
const soon = 900000, mostSlots = 20;

export function show() {
  return [
    part((signal) => get("flow", {}, { signal }), queues, { every, bones: 4 }),
    h("h2", { class: "section" }, t("cred.title")),
    part((signal) => get("credentials", {}, { signal }), credentials, { every, bones: 2 }),
    part((signal) => optional(get("clock", {}, { signal })), clocks, { every: clockEvery, bones: 1 }),
  ];
}

const milliseconds = (us) => (typeof us === "number" ? us / 1000 : null);
function slots(used, all) {
  if (all > mostSlots) return meter(used, all);
  return s("svg", { class: "slots", viewBox: "0 0 " + all * 14 + " 12", width: all * 14, height: 12, role: "img", "aria-label": t("quota.used", { used: number(used), all: number(all) }) },
    Array.from({ length: all }, (_, i) => s("rect", { class: i < used ? "on" : "off", x: i * 14 + 1, y: 1, width: 11, height: 10, rx: 2 })));
}

function queues(data) {
  const list = data.queues || [], waiting = list.flatMap((one) => one.waiting || []).reduce((sum, one) => sum + (one.requests || 0), 0);
  const cols = [
    { text: t("field.operation") }, { text: t("field.credential") }, { text: t("quota.pace") }, { text: t("quota.inuse") }, { text: t("quota.queue") }, { text: t("quota.next"), cls: "r" },
    { text: t("quota.waits"), cls: "r wide-only" }, { text: t("quota.throttled"), cls: "r" },
  ];
  const rows = list.map((one) => {
    const isPaced = typeof one.quota === "number" && one.quota > 0, wait = one.wait || {}, next = milliseconds(one.next_turn_us), queue = one.waiting || [], shared = one.coalesced_24h ?? one.coalesced, throttled = one.throttled_24h ?? one.throttled ?? null;
    return row(cols, [
      shortened(one.operation || "–", 60), shortened(one.credential || "–", 40), isPaced ? [t("quota.per", { n: number(one.quota), span: span(milliseconds(one.period_us)) }), one.mode ? [" ", h("span", { class: "quiet" }, said("pace", one.mode))] : null] : h("span", { class: "quiet" }, t("quota.open")),
      isPaced ? slots(one.counting || 0, one.quota) : h("span", { class: "num quiet" }, t("quota.calls", { n: number(one.counting || 0) })),
      queue.length ? h("span", { class: "who" }, queue.map((who) => h("a", { class: "chip", href: link("callers", {}, who.caller) }, shortened(who.caller || t("nobody"), 40), h("b", { class: "num" }, "×" + number(who.requests)), h("span", { class: "quiet num" }, span(milliseconds(who.first_turn_us))))))
        : h("span", { class: "quiet" }, shared ? t("quota.coalesced", { n: number(shared) }) : t("nobody.waits")),
      h("span", { class: "num" }, next ? span(next) : t("quota.atonce")), h("span", { class: "num quiet" }, wait.p99_us ? span(milliseconds(wait.p50_us)) + " / " + span(milliseconds(wait.p99_us)) : "–"),
      h("span", { class: "num" + (throttled ? "" : " quiet") }, number(throttled))]);
  });
  return panel(t("quota.title"), { note: t("quota.note", { n: waiting }), cls: "flush" }, rows.length ? table(t("quota.title"), cols, rows, "cards quota") : h("p", { class: "quiet looks-none" }, t("quota.none")));
}

const tone = { ready: "good", suspended: "bad", unavailable: "bad" };
function credentials(data) {
  const list = data.credentials || [];
  if (list.length === 0) return empty(t("cred.none"), t("cred.none.text"));
  const now = Date.now();
  return h("div", { class: "cards-grid" }, list.map((one) => {
    const ends = instant(one.ends), changed = instant(one.changed), life = ends !== null && changed !== null && ends > changed ? ends - changed : null, isSoon = ends !== null && ends - now < soon;
    return h("article", { class: "card tone-" + (Object.hasOwn(tone, one.state) ? tone[one.state] : "odd"), "aria-label": shortened(one.name, 60) },
      h("div", { class: "line" }, h("h3", {}, shortened(one.name, 60)), h("span", { class: "push" }), pill(one.state)),
      h("p", { class: "quiet" }, said("type", one.type) + (one.access_key_tail ? t("dot") + "****" + shortened(one.access_key_tail, 8) : "")),
      one.state === "unavailable" ? h("p", { class: "notice" }, t("cred.unavailable", { since: ago(instant(one.since)), next: instant(one.retry_at) === null ? t("cred.soon") : ago(instant(one.retry_at)) }),
        one.problem ? [t("blank"), shortened(one.problem, 300)] : null) : null,
      one.state === "suspended" ? h("p", { class: "notice" }, t("cred.suspended", { since: ago(instant(one.since)), next: instant(one.retry_at) === null ? t("cred.soon") : ago(instant(one.retry_at)) })) : null,
      ends === null ? h("p", { class: "quiet" }, t("cred.endless"))
        : h("div", { class: "ends" }, h("span", {}, t("cred.ends", { span: ago(ends) })), life ? meter(now - changed, life, { cls: isSoon ? "odd" : "calm", text: clock(ends, "hm") }) : null),
      facts([[t("cred.projects"), (one.projects || []).map((name) => shortened(name, 40)).join(", ")], [t("cred.changed"), changed === null ? null : ago(changed)], [t("cred.calls"), one.calls_24h !== undefined && number(one.calls_24h)],
        [t("cred.refused"), one.refused_24h !== undefined && number(one.refused_24h)]], "pairs"));
  }));
}

// The clock of each gateway compared with the cloud's: one point now, or a line if the gateways store it.
const styles = ["success", "refused", "unknown", "failure"];
function clocks(data) {
  if (!data) return null;
  const gateways = data.gateways || [data], measured = gateways.map((one) => ({ name: one.instance || app.instances.instance, offset: typeof one.offset_s === "number" ? one.offset_s * 1000 : milliseconds(one.offset_us), points: one.points || [] }));
  const longest = Math.max(0, ...measured.map((one) => one.points.length));
  const figures = h("div", { class: "figures" }, measured.map((one) => h("div", {}, h("span", { class: "quiet" }, shortened(one.name || "–", 40)), h("b", {}, one.offset === null ? t("clock.unknown") : (one.offset > 0 ? "+" : "") + span(one.offset)))));
  if (longest < 2) return panel(t("clock.title"), { note: t("clock.note") }, figures);
  const shown = measured.slice(0, styles.length), first = shown.find((one) => one.points.length === longest).points;
  const buckets = first.map((point, i) => ({ t: instant(point.t), ...Object.fromEntries(shown.map((one, k) => ["g" + k, one.points[i] ? Math.abs(one.points[i].offset_s * 1000) : null])) }));
  return panel(t("clock.title"), { note: t("clock.note") }, figures, plot({ kind: "lines", total: false, title: t("clock.title"), describe: t("clock.describe"), buckets, step: buckets[1].t - buckets[0].t, height: 110, form: span, series: shown.map((one, k) => ({ key: "g" + k, text: shortened(one.name, 40), cls: styles[k] })) }));
}
