// A place for a file: dropped, or chosen with the keyboard. The file stays on this machine; only its digest or its text is used.
import { t, h, panel, shortened } from "./ui.js";
import { link } from "./place.js";
import { about, Away, Refusal, Unwelcome, welcome } from "./api.js";

// Largest file that is read into memory for its digest, bytes.
const mostBytes = 1 << 30;

export async function digestOf(file) {
  if (!globalThis.crypto || !crypto.subtle) throw new Error(t("drop.insecure"));
  if (file.size > mostBytes) throw new Error(t("drop.large"));
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// Looks up the digest of a file; the file stays where it is.
export async function lookUp(file) {
  const hash = await digestOf(file), found = (await about("audit/exports", { sha256: hash, limit: 1 })).exports[0];
  return found ? ["good", t("exports.held.found", { task: shortened(found.task_id || "–", 8) }), link("exports", {}, found.task_id || "")] : ["odd", t("exports.held.none", { hash: hash.slice(0, 16) })];
}

function reason(problem) {
  if (problem instanceof Unwelcome) welcome.ask();
  if (problem instanceof Away) return t("offline.title");
  return problem instanceof Refusal || (problem instanceof Error && problem.name === "Error") ? problem.message : t("drop.unreadable");
}

// look(file) returns [tone, sentence, address of a page].
export function dropZone(title, note, look) {
  const said = h("p", { class: "said", role: "status" });
  const say = (tone, text, href) => {
    said.className = "said tone-" + tone;
    said.replaceChildren(h("span", {}, text), ...(href ? [" ", h("a", { href }, t("drop.open"))] : []));
  };
  const take = async (file) => {
    if (!file) return;
    say("calm", t("drop.reading", { name: shortened(file.name, 60) }));
    try { say(...await look(file)); } catch (problem) { say("bad", reason(problem)); }
  };
  const input = h("input", { type: "file", class: "sr-file", onchange: (event) => { take(event.target.files[0]); event.target.value = ""; } });
  const over = (isOver) => (event) => { event.preventDefault(); zone.classList.toggle("over", isOver); };
  const zone = h("label", { class: "drop", ondragover: over(true), ondragleave: over(false), ondrop: (event) => { over(false)(event); take(event.dataTransfer.files[0]); } },
    input, h("span", {}, h("b", {}, t("drop.choose")), " ", t("drop.or")));
  return panel(title, { note, cls: "drop-panel no-print" }, zone, said);
}
