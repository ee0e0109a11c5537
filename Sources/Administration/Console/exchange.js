// One exchange of /audit/exchanges: its request record and its closing record, as one value, one sentence, and
// one detail.
import { t, h, span, bytes, number, facts, mono, button, copy, save, codeWords, said, instant, shortened, shell, stamp, toast } from "./ui.js";
import { app, isOwn, link } from "./place.js";
import { about, get, optional, Refusal } from "./api.js";

const milliseconds = (us) => (typeof us === "number" ? us / 1000 : null);

export function exchange(one) {
  const last = one.end || one.request || {}, first = one.request || last, of = (key) => last[key] || first[key] || {};
  const ep = of("enterprise_project_id"), moved = of("export"), credential = of("credential"), detail = last.detail || first.detail || {};
  return {
    id: one.id, gateway: one.instance || of("gateway").instance || "", seqs: one.seqs || [], records: [one.request, one.end].filter(Boolean),
    isOpen: Boolean(one.open), outcome: one.open ? "open" : one.outcome || last.outcome || "unknown", t: instant(first.time),
    caller: of("caller").name || "", proof: of("caller").method, address: of("caller").address, operation: last.operation || first.operation || "", kind: last.kind || first.kind || "",
    method: last.method || first.method, path: last.path || first.path, query: last.query || first.query, project: of("project").name || "", region: of("project").region,
    ep: ep.value, isInjected: ep.injected, task: moved.task_id, file: moved.file_id, rows: moved.record_total_num, decision: last.decision || first.decision,
    rule: last.rule || first.rule, credential: credential.name, tail: credential.access_key_tail, reason: last.reason || first.reason, requestId: last.request_id || first.request_id,
    waited: milliseconds(one.waited_us ?? detail.waited_us), status: last.status ?? null, code: last.error_code, source: last.source,
    error: (last.upstream || {}).error, hssId: (last.upstream || {}).request_id, bytes: (last.response_body || {}).bytes, sha: (last.response_body || {}).sha256,
    took: one.open ? null : milliseconds(last.duration_us), config: of("gateway").config_sha256, event: last.event,
  };
}

// Matching exchanges; joined here from single records if the gateway does not join them.
let isJoinedHere = false;
export async function exchanges(query, options) {
  const found = isJoinedHere ? null : await optional(about("audit/exchanges", query, options));
  if (found) return found;
  isJoinedHere = true;
  const { text, code, rule, credential, ...filter } = query;
  const page = await about("audit/records", filter, options), joined = new Map();
  for (const record of page.records) {
    if (record.phase === "event") continue;
    const one = joined.get(record.id) || { id: record.id, instance: (record.gateway || {}).instance, seqs: [] };
    one[record.phase === "request" ? "request" : "end"] = record;
    one.seqs = [...one.seqs, record.seq].sort((a, b) => a - b);
    joined.set(record.id, one);
  }
  const list = [...joined.values()].map((one) => ({ ...one, open: !one.end, outcome: (one.end || {}).outcome }));
  return { exchanges: list, next_cursor: page.next_cursor };
}

export function sentence(one) {
  const given = {
    who: shortened(one.caller || t("nobody"), 60), operation: shortened(one.operation || one.path || "–", 80), project: shortened(one.project || "–", 60),
    words: codeWords(one.code, one.error) || "–", rule: shortened(one.rule || "–", 60), status: one.status ?? "–", span: span(one.took),
  };
  const name = { refused: one.rule ? "refused.rule" : "refused", failure: "failure", unknown: "unknown", open: "open" }[one.outcome] || "success";
  return t("sentence." + name, given);
}

const signedSize = (gateway) => ((app.instances.instances || []).find((one) => one.instance === gateway) || {}).signed;
export const isSigned = (gateway, seq) => typeof signedSize(gateway) === "number" && seq < signedSize(gateway);

export async function saveProof(gateway, seq) {
  try {
    save("proof-" + gateway + "-" + seq + ".txt", await get("audit/proof/" + seq, {}, { text: true }));
  } catch (problem) { toast(problem instanceof Refusal ? problem.message : t("offline.title")); }
}
// A proof comes from the gateway whose journal has the record.
export const proofButton = (gateway, seq, label) =>
  (isOwn(gateway) && typeof seq === "number" ? button(t("detail.proof.get"), () => saveProof(gateway, seq), label ? { "aria-label": label } : {}) : null);

export function detail(one) {
  const group = (title, pairs) => h("div", { class: "detail-group" }, h("h3", {}, t(title)), facts(pairs));
  const last = one.seqs.at(-1), size = signedSize(one.gateway);
  const covered = size === undefined ? null : isSigned(one.gateway, last) ? t("detail.signed", { size: number(size) }) : t("detail.unsigned");
  const target = one.path ? (one.method || "") + "\u00a0" + one.path + (one.query ? "?" + one.query : "") : "";
  return h("div", { class: "detail" },
    h("p", { class: "sentence" }, sentence(one)),
    h("div", { class: "detail-groups" },
      group("detail.who", [
        [t("field.caller"), shortened(one.caller || t("nobody"))], [t("field.proof"), one.proof && one.proof.split("+").map((word) => said("proof", word)).join(" + ")],
        [t("field.address"), one.address && mono(one.address)], [t("field.reason"), one.reason && shortened(one.reason, 1200)], [t("field.requestId"), one.requestId && mono(one.requestId)]]),
      group("detail.what", [
        [t("field.request"), target && mono(target, 1200)], [t("field.project"), one.project && shortened(one.project + (one.region ? " · " + one.region : ""))],
        [t("field.ep"), one.ep && shortened(one.ep) + (one.isInjected ? " " + t("detail.injected") : "")],
        [t("field.task"), one.task && h("a", { href: link("exports", {}, one.task), class: "mono" }, shortened(one.task))], [t("field.file"), one.file && mono(one.file)],
        [t("field.rows"), typeof one.rows === "number" && number(one.rows)]]),
      group("detail.decision", [
        [t("field.decision"), one.decision && said("decision", one.decision) + (one.rule ? " · " + shortened(one.rule) : "")],
        [t("field.credential"), one.credential && shortened(one.credential) + (one.tail ? " · ****" + shortened(one.tail, 8) : "")],
        [t("field.waited"), one.waited ? span(one.waited) : null], [t("field.config"), one.config && mono(one.config.slice(0, 12))]]),
      group("detail.answer", [
        [t("field.status"), one.status && one.status + (one.code ? " · " + shortened(one.code, 60) : "")], [t("field.source"), one.source && said("source", one.source)],
        [t("field.broke"), one.error && said("error", one.error)], [t("field.hssId"), one.hssId && mono(one.hssId)],
        [t("field.bytes"), typeof one.bytes === "number" && bytes(one.bytes)], [t("field.took"), one.took !== null && span(one.took)]]),
      group("detail.proof", [
        ["Audit-Id", mono(one.id)], [t("field.record"), shortened(one.gateway, 60) + " · " + one.seqs.join(", ")], [t("time"), stamp(one.t, "full")],
        ["SHA-256", one.sha && mono(one.sha)], [t("field.signed"), covered]])),
    h("div", { class: "line no-print" }, proofButton(one.gateway, last),
      button(t("detail.link"), () => copy(location.href.split("#")[0] + link("records", { request_id: one.id, range: "30d" }))),
      button(t("records.cli"), () => copy("hss-gateway audit query --request-id " + shell(one.id), t("records.cli.done"))),
      one.task ? h("a", { class: "as-button", href: link("exports", {}, one.task) }, t("detail.life")) : null),
    h("details", { class: "raw" }, h("summary", {}, t("detail.raw", { n: one.records.length })),
      one.records.map((record) => h("pre", { tabindex: "0" }, shortened(JSON.stringify(record, null, 1), 40000).replaceAll("\\u000a", "\n")))));
}
