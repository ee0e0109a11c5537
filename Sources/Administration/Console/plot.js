// Plots as inline SVG at their actual width: no style attribute, no library. The legend shows the values: totals by default, those of a bucket under
// the cursor.
import { h, s, t, clock, number, span, instant, shortened } from "./ui.js";

// Redraws when the width has changed; text never scales.
export function responsive(draw) {
  const box = h("div", { class: "plot-box" });
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.round(box.clientWidth);
    if (width === 0 || width === last) return;
    last = width;
    draw(box, width);
  }).observe(box);
  return box;
}

const round = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10];
function ceiling(top) {
  if (top <= 1) return 1;
  const power = Math.pow(10, Math.floor(Math.log10(top)));
  const step = round.find((one) => one * power >= top && (power >= 10 || Number.isInteger(one * power / 2))) || 10;
  return step * power;
}
const value = (bucket, one) => (typeof bucket[one.key] === "number" ? bucket[one.key] : null);
const left = 46, right = 4, bottom = 18, above = 8;

// The vertical axis: 0, half and top; powers of ten when it is logarithmic.
function axis(kind, series, buckets, inner, log) {
  const sums = buckets.map((b) => (kind === "bars" ? series.reduce((all, one) => all + (value(b, one) || 0), 0) : Math.max(0, ...series.map((one) => value(b, one) || 0))));
  const most = Math.max(0, ...sums);
  if (log) {
    const low = 10, top = Math.pow(10, Math.ceil(Math.log10(Math.max(most, 100)))), decades = Math.round(Math.log10(top / low));
    return { lines: Array.from({ length: decades + 1 }, (_, i) => low * Math.pow(10, i)), y: (v) => above + inner - Math.log10(Math.max(v, low) / low) / decades * inner };
  }
  const top = ceiling(most);
  return { lines: top === 1 ? [0, 1] : [0, top / 2, top], y: (v) => above + inner - v / top * inner };
}

// One path for each series: stacked bars.
function bars(series, buckets, width, y) {
  return series.map((one, k) => {
    let d = "";
    buckets.forEach((b, i) => {
      const v = value(b, one) || 0;
      if (v <= 0) return;
      const below = series.slice(0, k).reduce((all, other) => all + (value(b, other) || 0), 0);
      const gap = width > 4 ? Math.min(2, width * 0.18) : width > 2 ? 0.5 : 0, y0 = y(below), y1 = Math.min(y(below + v), y0 - (k ? 1.5 : 0.5));
      d += "M" + (left + i * width + gap / 2).toFixed(1) + " " + y0.toFixed(1) + "V" + y1.toFixed(1) + "h" + (width - gap).toFixed(1) + "V" + y0.toFixed(1) + "z";
    });
    return d ? s("path", { class: "area " + one.cls, d }) : null;
  });
}
// A line ends where there is no value; a value between two holes is a dot.
function lines(series, buckets, width, y) {
  return series.map((one) => {
    let d = "", isDown = false;
    buckets.forEach((b, i) => {
      const v = value(b, one), x = left + (i + 0.5) * width;
      if (v === null) { isDown = false; return; }
      const isAlone = !isDown && (i + 1 === buckets.length || value(buckets[i + 1], one) === null);
      d += isAlone ? "M" + (x - 1.5).toFixed(1) + " " + y(v).toFixed(1) + "a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0" : (isDown ? "L" : "M") + x.toFixed(1) + " " + y(v).toFixed(1);
      isDown = true;
    });
    return s("path", { class: "line " + one.cls, d });
  });
}

let names = 0;

// kind: "bars" (stacked) or "lines". series: [{ key, text, cls }]. buckets: [{ t, [key]: number or null }], t and step in milliseconds.
export function plot({ title, describe, kind = "bars", series, buckets, step, height = 148, form = number, tick = form, log = false, total = true, zoom, marks = [], day = false }) {
  names += 1;
  const id = "plot" + names, inner = height - bottom - above, { lines: rules, y } = axis(kind, series, buckets, inner, log);
  const atRest = (one) => (total ? form(buckets.reduce((sum, b) => sum + (value(b, one) || 0), 0)) : "");
  const read = (b, one) => (value(b, one) === null ? "–" : form(value(b, one)));
  const figures = series.map((one) => h("b", { class: "num" }, atRest(one))), when = h("span", { class: "quiet num when" });
  const glyph = (one) => (kind === "lines"
    ? s("svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: "dash" }, s("path", { d: "M0 5H18", class: "line " + one.cls }))
    : s("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, s("rect", { width: 10, height: 10, rx: 2, class: "area " + one.cls })));
  const legend = h("div", { class: "legend" }, series.map((one, i) => h("span", { class: "key" }, glyph(one), h("span", {}, one.text), figures[i])), when);
  const polite = h("span", { class: "sr", "aria-live": "polite" });
  const last = buckets.length - 1;
  let at = -1, from = -1, cursor, band, width = 1;

  function show(i) {
    at = i;
    series.forEach((one, k) => { figures[k].textContent = i < 0 ? atRest(one) : read(buckets[i], one); });
    when.textContent = i < 0 ? "" : clock(buckets[i].t, day ? "date" : "minute");
    cursor.setAttribute("visibility", i < 0 ? "hidden" : "visible");
    if (i < 0) return;
    const x = left + (i + 0.5) * width;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  }
  function select(a, b) {
    band.setAttribute("visibility", a < 0 ? "hidden" : "visible");
    if (a < 0) return;
    band.setAttribute("x", left + Math.min(a, b) * width);
    band.setAttribute("width", (Math.abs(a - b) + 1) * width);
  }
  function take() {
    const [a, b] = [Math.min(from, at), Math.max(from, at)];
    from = -1;
    select(-1);
    if (a >= 0) zoom(buckets[a].t, buckets[b].t + step);
  }
  function pressed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && last >= 0) {
      if (zoom && event.shiftKey && from < 0) from = Math.max(at, 0);
      show(Math.max(0, Math.min(last, at < 0 ? (by > 0 ? 0 : last) : at + by)));
      if (from >= 0) select(from, at);
      polite.textContent = when.textContent + ": " + series.map((one, k) => one.text + " " + figures[k].textContent).join(", ");
    } else if (event.key === "Enter" && zoom && at >= 0) {
      if (from < 0) from = at;
      take();
    } else if (event.key === "Escape" && (from >= 0 || at >= 0)) {
      from = -1;
      select(-1);
      show(-1);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  const box = responsive((place, whole) => {
    const room = whole - left - right, ticks = [];
    width = room / Math.max(1, buckets.length);
    const every = Math.max(1, Math.ceil(buckets.length / Math.max(2, Math.floor(room / 66))));
    buckets.forEach((b, i) => {
      const x = left + i * width;
      if (i % every === 0 && x < whole - 44) ticks.push(s("text", { class: "tick", x, y: height - 4 }, clock(b.t, day ? "day" : "hm")));
    });
    const ruled = rules.map((v) => [s("line", { class: "grid", x1: left, x2: whole - right, y1: y(v), y2: y(v) }), s("text", { class: "tick", x: left - 6, y: y(v) + 4, "text-anchor": "end" }, tick(v))]);
    const marked = marks.map((one) => {
      const i = buckets.findIndex((b) => b.t <= one.t && one.t < b.t + step), x = left + (i + 0.5) * width, isLate = i > buckets.length * 0.7;
      return i < 0 ? null : [s("path", { class: "mark", d: "M" + x + " " + above + "V" + (height - bottom) }), s("text", { class: "tick", x: x + (isLate ? -4 : 4), y: above + 8, "text-anchor": isLate ? "end" : "start" }, one.text)];
    });
    cursor = s("line", { class: "cursor", y1: above, y2: height - bottom, visibility: "hidden" });
    band = s("rect", { class: "band", y: above, height: inner, visibility: "hidden" });
    const svg = s("svg", { class: "plot" + (zoom ? " zooms" : ""), width: whole, height, viewBox: "0 0 " + whole + " " + height, role: "img", tabindex: "0", "aria-labelledby": id + "t " + id + "d" },
      s("title", { id: id + "t" }, title), s("desc", { id: id + "d" }, describe + " " + t("plot.keys")), ruled, ticks,
      (kind === "bars" ? bars : lines)(series, buckets, width, y), marked, band, cursor);
    const hit = (event) => Math.max(0, Math.min(last, Math.floor((event.clientX - svg.getBoundingClientRect().left - left) / width)));
    svg.addEventListener("pointermove", (event) => {
      if (last < 0) return;
      show(hit(event));
      if (from >= 0) select(from, at);
    });
    svg.addEventListener("pointerleave", () => { if (from < 0) show(-1); });
    if (zoom && last >= 0) {
      svg.addEventListener("pointerdown", (event) => {
        svg.setPointerCapture(event.pointerId);
        from = hit(event);
        show(from);
        select(from, from);
      });
      svg.addEventListener("pointerup", () => { if (from >= 0) take(); });
      svg.addEventListener("pointercancel", () => { from = -1; select(-1); });
    }
    svg.addEventListener("keydown", pressed);
    svg.addEventListener("blur", () => { if (from < 0) show(-1); });
    place.replaceChildren(svg);
  });
  return h("figure", { class: "plot-figure" }, legend, box, asTable(title, series, buckets, day, read), polite);
}

function asTable(title, series, buckets, day, read) {
  const fill = (event) => {
    if (!event.target.open || event.target.querySelector("table")) return;
    const head = h("tr", {}, h("th", { scope: "col" }, t("time")), series.map((one) => h("th", { scope: "col", class: "r" }, one.text)));
    const rows = buckets.map((b) => h("tr", {}, h("td", { class: "num" }, clock(b.t, day ? "date" : "minute")), series.map((one) => h("td", { class: "r num" }, read(b, one)))));
    event.target.append(h("div", { class: "table small", tabindex: "0", role: "group", "aria-label": title }, h("table", {}, h("thead", {}, head), h("tbody", {}, rows))));
  };
  return h("details", { class: "as-table", ontoggle: fill }, h("summary", {}, t("plot.table")));
}

export function spark(values, label) {
  const top = Math.max(1, ...values), width = 100 / Math.max(1, values.length);
  const d = values.map((v, i) => (v > 0 ? "M" + (i * width).toFixed(2) + " 24V" + (24 - v / top * 23).toFixed(2) + "h" + (width * 0.8).toFixed(2) + "V24z" : "")).join("");
  return s("svg", { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img", "aria-label": label }, s("path", { class: "area success", d: d || "M0 24" }));
}

// MARK: The timeline of an export: the API's times in milliseconds since its request, and a bar of it on a logarithmic axis

const shortest = 1000, longest = 2 * 3600000;
const lifeTicks = [1000, 10000, 60000, 600000, 3600000];
const endStates = new Set(["ready", "downloaded", "download_incomplete", "failed"]);

// From an export of /audit/exports: t is the time of its request, all others are relative to it. Polls and
// downloads of one export that are drawn.
const mostMarks = 100;

export function life(one) {
  const created = one.created || {}, polls = one.polls || {}, downloads = one.downloads || [];
  const waited = (one.waited_us || 0) / 1000, sent = instant(created.time);
  const begin = (sent === null ? instant(polls.first) ?? instant((downloads[0] || {}).time) : sent - waited);
  const after = (text) => (instant(text) === null || begin === null ? null : Math.max(0, instant(text) - begin));
  const times = Array.isArray(polls.at) && polls.at.length ? polls.at : [polls.first, polls.last];
  const at = (times.length > mostMarks ? [...times.slice(0, mostMarks - 1), times.at(-1)] : times).map(after).filter((ms) => ms !== null);
  const fetched = downloads.map((step) => ({ ...step, at: after(step.time), by: step.caller || "", isWhole: isWhole(step) }));
  const isReady = one.state !== "failed" && endStates.has(one.state);
  return {
    task: one.task_id || "", state: one.state, t: begin, waited, caller: created.caller || "", operation: created.operation || "", project: created.project || "",
    reason: created.reason || "", rows: one.record_total_num ?? null, polls: at, pollCount: polls.count || 0, created, downloads: fetched,
    ready: isReady ? at.at(-1) ?? (fetched[0] ? fetched[0].at : null) : null, failed: one.state === "failed" ? at.at(-1) ?? null : null,
    files: one.file_ids || [], whole: fetched.find((step) => step.isWhole && !step.part) || null,
    // For an export that is loaded in parts, these are totals of all downloads.
    downloadCount: one.download_count ?? fetched.length, wholeCount: one.whole_downloads ?? fetched.filter((step) => step.isWhole).length,
    others: one.other_downloaders || [...new Set(fetched.filter((step) => step.isWhole && step.by && step.by !== (created.caller || "")).map((step) => step.by))],
  };
}
const isWhole = (step) => step.whole === true;

const lifeX = (ms, width) => Math.log(Math.max(shortest, Math.min(longest, ms)) / shortest) / Math.log(longest / shortest) * (width - 14) + 6;

export function lifeAxis() {
  return responsive((place, width) => place.replaceChildren(s("svg", { width, height: 14, "aria-hidden": "true", class: "life" },
    lifeTicks.filter((_, i) => width > 250 || i % 2 === 0).map((ms) => s("text", { class: "tick", x: lifeX(ms, width), y: 11, "text-anchor": ms === shortest ? "start" : "middle" }, span(ms))))));
}

export const describe = (one) =>
  t("life.describe", { who: shortened(one.caller || t("nobody"), 60), wait: span(one.waited), made: one.ready === null ? "–" : span(one.ready - one.waited), n: one.downloads.length });

export function lifeBar(one) {
  return responsive((place, width) => {
    const end = one.ready ?? one.failed ?? Math.max(one.polls.at(-1) || 0, one.waited + 2000), last = one.downloads.at(-1);
    const bar = (cls, from, to) => {
      const x0 = lifeX(from, width), x1 = lifeX(to, width);
      return x1 - x0 < 0.5 ? null : s("rect", { class: cls, x: x0, y: 7, width: x1 - x0, height: 8, rx: 2 });
    };
    const download = (step) => (step.isWhole
      ? s("circle", { class: one.others.includes(step.by) ? "got other" : "got", cx: lifeX(step.at, width), cy: 11, r: 5 })
      : s("path", { class: "lost", d: "M" + (lifeX(step.at, width) - 4) + " 7l8 8m0 -8l-8 8" }));
    place.replaceChildren(s("svg", { class: "life", width, height: 22, role: "img", "aria-label": describe(one) },
      lifeTicks.map((ms) => s("line", { class: "grid", x1: lifeX(ms, width), x2: lifeX(ms, width), y1: 0, y2: 22 })),
      one.waited > 0 ? bar("wait", 1000, one.waited) : null,
      bar(one.state === "failed" ? "made bad" : one.state === "pending" ? "made open" : "made", Math.max(1000, one.waited), end),
      one.ready !== null && last && last.at !== null ? s("line", { class: "idle", x1: lifeX(one.ready, width), x2: lifeX(last.at, width), y1: 11, y2: 11 }) : null,
      one.polls.map((ms) => s("line", { class: "poll", x1: lifeX(ms, width), x2: lifeX(ms, width), y1: 8, y2: 14 })),
      one.downloads.filter((step) => step.at !== null).slice(-mostMarks).map(download)));
  });
}

const shapes = {
  wait: () => s("rect", { class: "wait", y: 2, width: 16, height: 8, rx: 2 }),
  made: () => s("rect", { class: "made", y: 2, width: 16, height: 8, rx: 2 }),
  poll: () => [s("rect", { class: "made", y: 2, width: 16, height: 8, rx: 2 }), s("line", { class: "poll", x1: 8, x2: 8, y1: 3, y2: 9 })],
  idle: () => s("line", { class: "idle", x1: 0, x2: 16, y1: 6, y2: 6 }),
  got: () => s("circle", { class: "got", cx: 8, cy: 6, r: 4.5 }),
  other: () => s("circle", { class: "got other", cx: 8, cy: 6, r: 4.5 }),
  lost: () => s("path", { class: "lost", d: "M4 2l8 8m0-8l-8 8" }),
};
export const lifeKey = () =>
  h("div", { class: "legend" }, Object.entries(shapes).map(([name, draw]) =>
    h("span", { class: "key" }, s("svg", { viewBox: "0 0 16 12", class: "life glyph-life", "aria-hidden": "true" }, draw()), h("span", {}, t("exports.key." + name)))));
