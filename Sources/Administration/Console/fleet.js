// The gateways side by side: from /fleet, or this gateway's own state if it is alone.
import { instant } from "./ui.js";
import { app } from "./place.js";
import { get, optional, Refusal } from "./api.js";

const milliseconds = (seconds) => (typeof seconds === "number" ? seconds * 1000 : null);

function member(one) {
  const checks = one.checks || [];
  return {
    // The last report of another gateway; this gateway's figures are never old.
    told: milliseconds(one.figures_age_s), isStale: one.stale === true,
    name: one.instance, version: one.version || "", config: one.shared_sha256 || one.config_sha256 || "", started: instant(one.started), seen: instant(one.seen), checks,
    isReady: one.alive !== false && one.ready !== false && checks.every((check) => check.ok !== false), warnings: checks.filter((check) => check.ok !== false && check.warning),
    failing: checks.filter((check) => check.ok === false).map((check) => check.name),
    rpm: one.requests_per_minute ?? null, size: one.tree_size ?? null, signed: one.signed ?? null, checkpoint: instant(one.checkpoint_at),
    anchorLag: milliseconds(one.anchor_lag_s), shipLag: milliseconds(one.ship_lag_s), held: one.segments_held ?? null, disk: one.disk_free ?? null,
    clock: one.clock_offset_s !== undefined && one.clock_offset_s !== null ? one.clock_offset_s * 1000 : one.clock_offset_ms ?? null, sync: typeof one.sync_p99_us === "number" ? one.sync_p99_us / 1000 : null,
  };
}

// Lines of /readyz?verbose.
export function checks(text) {
  return text.split("\n").map((line) => /^\[([+-])\](\S+) (?:ok(?:, but: (.*))?|failed: (.*))$/.exec(line)).filter(Boolean)
    .map(([, sign, name, warning, reason]) => ({ name, ok: sign === "+", ...(warning || reason ? { warning: warning || reason } : {}) }));
}

export async function members(signal) {
  const fleet = await optional(get("fleet", {}, { signal }));
  const told = fleet && (fleet.gateways || fleet.members);
  const all = told && told.length ? told.map(member) : [await alone(signal)];
  await complete(all, signal);
  // Why the others are missing.
  if (fleet && fleet.fault) all[0].fault = fleet.fault;
  const chosen = app.gateway ? all.filter((one) => one.name === app.gateway) : all;
  return chosen.length ? chosen : all;
}
// Other gateways don't report the length of their journals: it is read from the central copy, if that is available.
async function complete(all, signal) {
  if (!app.instances.fleet || all.every((one) => one.size !== null)) return;
  const copy = await get("audit/instances", {}, { signal }).catch((problem) => { if (problem instanceof Refusal) return null; throw problem; });
  for (const one of all.filter((each) => each.size === null)) {
    const known = copy && copy.instances.find((each) => each.instance === one.name);
    if (known) Object.assign(one, { size: known.end, signed: known.signed });
  }
}
async function alone(signal) {
  const [version, ready, newest, note] = await Promise.all([
    get("version", {}, { signal }), get("readyz", { verbose: "" }, { signal, text: true, statuses: [503] }), get("audit/records", { limit: 1 }, { signal }), optional(get("audit/checkpoint", {}, { signal, text: true })),
  ]);
  const size = newest.records.length ? newest.records[0].seq + 1 : 0;
  return member({ instance: app.instances.instance, ...version, checks: checks(ready), tree_size: size, signed: note ? Number(note.split("\n")[1]) : 0 });
}
