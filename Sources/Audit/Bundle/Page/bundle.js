"use strict";
// Verifies the evidence below it with the browser's own WebCrypto: no network, nothing from elsewhere.
(() => {
  const encoder = new TextEncoder();
  const problems = [];
  const element = (name, text) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = String(text);
    return made;
  };
  const bytes = base64 => Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  const hex = hash => Array.from(hash, byte => byte.toString(16).padStart(2, "0")).join("");
  const concat = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) { whole.set(part, place); place += part.length; }
    return whole;
  };
  const sha256 = async data => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  // RFC 6962 section 2.1.
  const leaf = line => sha256(concat(Uint8Array.of(0), encoder.encode(line)));
  const node = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

  // RFC 9162 section 2.1.3.2.
  const rootOf = async (index, size, hash, path) => {
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
    let [place, last] = [BigInt(index), BigInt(size) - 1n];
    for (const step of path) {
      if (last === 0n) return null;
      if (place & 1n || place === last) {
        hash = await node(step, hash);
        while (!(place & 1n) && place !== 0n) { place >>= 1n; last >>= 1n; }
      } else {
        hash = await node(hash, step);
      }
      place >>= 1n;
      last >>= 1n;
    }
    return last === 0n ? hash : null;
  };

  // c2sp.org/signed-note and c2sp.org/tlog-checkpoint.
  const checkpointOf = note => {
    const gap = note.lastIndexOf("\n\n");
    const text = note.slice(0, gap + 1);
    const lines = text.split("\n");
    if (gap < 0 || !lines[0] || !/^(0|[1-9][0-9]{0,15})$/.test(lines[1] ?? "") || !/^[A-Za-z0-9+/]{43}=$/.test(lines[2] ?? "")) throw new Error("no checkpoint");
    const signatures = note.slice(gap + 2).split("\n").filter(line => line.startsWith("\u2014 ")).map(line => {
      const [, name, value] = line.split(" ");
      const raw = bytes(value);
      return { name, id: hex(raw.slice(0, 4)), signature: raw.slice(4) };
    });
    return { text, origin: lines[0], size: Number(lines[1]), root: bytes(lines[2]), signatures };
  };
  // NAME+ID+KEY, where the id is made of the rest: a key of another form, or that was changed, is none.
  const keyOf = async text => {
    const [, name, id, value] = /^(\S+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text);
    const raw = bytes(value);
    const made = hex(await sha256(concat(encoder.encode(name + "\n"), raw))).slice(0, 8);
    if (raw.length !== 33 || raw[0] !== 1 || made !== id) throw new Error("no key");
    return { text, name, id, raw: raw.slice(1) };
  };
  const signer = async (checkpoint, keys) => {
    for (const key of keys) {
      const signature = checkpoint.signatures.find(one => one.name === key.name && one.name === checkpoint.origin && one.id === key.id);
      if (!signature) continue;
      const imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
      if (await crypto.subtle.verify({ name: "Ed25519" }, imported, signature.signature, encoder.encode(checkpoint.text))) return key;
    }
    return null;
  };
  // The last line has the digest of everything before it, which names damage and proves nothing.
  const isSealed = async json => {
    const end = json.lastIndexOf(',"sha256":"');
    return end >= 0 && json.slice(end) === ',"sha256":"' + hex(await sha256(encoder.encode(json.slice(0, end)))) + '"}\n';
  };
  // What a step gives; where it fails, the sentence is a problem.
  const attempt = async (sentence, step) => {
    try { return await step(); } catch {
      problems.push(sentence);
      return null;
    }
  };

  const check = async (record, checkpoint) => {
    try {
      const found = JSON.parse(record.line);
      if (found.seq !== record.seq) return "carries the number " + found.seq;
      const root = await rootOf(record.seq, checkpoint.size, await leaf(record.line), record.path.map(bytes));
      return root && hex(root) === hex(checkpoint.root) ? null : "is not the one that the checkpoint signs";
    } catch {
      return "can't be read";
    }
  };

  const row = (record, fault) => {
    const made = element("tr");
    let said = {};
    try { said = JSON.parse(record.line); } catch { said = {}; }
    made.append(element("td", record.seq), element("td", fault ? "\u2717 " + fault : "\u2713"), element("td", said.time ?? ""));
    made.append(element("td", said.phase === "event" ? said.event : (said.phase ?? "") + " " + (said.operation ?? "")));
    made.append(element("td", said.caller?.name ?? ""), element("td", [said.outcome, said.status].filter(Boolean).join(" ")));
    const [cell, details] = [element("td"), element("details")];
    details.append(element("summary", "record"), element("pre", record.line));
    cell.append(details);
    made.append(cell);
    if (fault) made.className = "broken";
    return made;
  };

  const facts = list => {
    for (const [name, value] of list) document.getElementById("facts").append(element("dt", name), element("dd", value));
  };

  const run = async () => {
    if (!globalThis.crypto?.subtle) throw new Error("this browser offers no WebCrypto here: open the file in a current one");
    const json = document.getElementById("bundle").textContent.replace(/^\n/, "");
    const lines = json.trim().split("\n");
    const head = await attempt("The bundle's head can't be read.", () => {
      const found = JSON.parse(lines[0] + "]}");
      if (!Array.isArray(found.seqs) || !Array.isArray(found.public_keys) || typeof found.checkpoint !== "string") throw new Error("no head");
      return found;
    });
    if (!head) return;
    const checkpoint = await attempt("The checkpoint can't be read.", () => checkpointOf(head.checkpoint));
    const keys = await attempt("A public key can't be read, or was changed.", () => Promise.all(head.public_keys.map(keyOf)));
    let key = null;
    if (checkpoint && keys) {
      try {
        key = await signer(checkpoint, keys);
        if (!key) problems.push("The checkpoint is not signed by the key.");
      } catch (error) {
        problems.push(error.name === "NotSupportedError"
          ? "This browser can't check Ed25519 signatures: records and tree are checked, the signature is not."
          : "The checkpoint's signature can't be read.");
      }
    }
    const body = document.querySelector("tbody");
    const seen = new Set();
    for (const [index, line] of lines.slice(1, -1).entries()) {
      let record = null;
      try { record = JSON.parse(line.replace(/,$/, "")); } catch { record = null; }
      const number = record?.seq ?? head.seqs[index];
      let fault = record ? checkpoint ? await check(record, checkpoint) : "has no checkpoint that proves it" : "can't be read";
      if (!fault && record.seq !== head.seqs[index]) fault = "stands where the head doesn't name it";
      seen.add(number);
      if (fault) problems.push("Record " + number + " " + fault + ".");
      body.append(row(record ?? { seq: number, line }, fault));
    }
    for (const number of head.seqs) if (!seen.has(number)) problems.push("Record " + number + " is missing.");
    if (!problems.length && !await isSealed(json)) problems.push("What the file says beside its records is not what was written.");
    if (checkpoint) {
      facts([
        ["Evidence of", head.subject], ["Made", head.made + " by " + head.by], ["Journal", checkpoint.origin],
        ["Checkpoint", checkpoint.size + " records, root " + hex(checkpoint.root)], ["Signed by", key?.text ?? "nobody who is known"],
      ]);
    }
  };

  const conclude = () => {
    const verdict = document.getElementById("verdict");
    verdict.className = problems.length ? "broken" : "intact";
    verdict.textContent = problems.length
      ? "Broken: " + problems.join(" ")
      : "Intact: every record below is in the journal that the checkpoint signs, as it was written.";
  };
  document.getElementById("verdict").textContent = "Checking…";
  run().catch(error => problems.push("The evidence can't be read: " + error.message)).finally(conclude);
})();
