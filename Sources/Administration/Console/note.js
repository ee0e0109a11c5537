// Checkpoints as signed notes, and proofs about them, verified in the browser: RFC 6962 trees, Ed25519 by WebCrypto. The gateway's statements about a
// note aren't trusted: it returns hashes, and they must result in the roots that its key has signed.

const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
async function sha256(...chunks) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer()));
}
const node = (left, right) => sha256(new Uint8Array([1]), left, right);

// A note: origin, size, root, an empty line, and lines of signatures. Null if it is invalid.
export function parseNote(text) {
  const end = text.indexOf("\n\n");
  if (end < 0) return null;
  const [origin, size, root] = text.slice(0, end).split("\n");
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size || "") || !/^[A-Za-z0-9+/]{43}=$/.test(root || "")) return null;
  const signatures = text.slice(end + 2).split("\n").map((line) => /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line)).filter(Boolean);
  try {
    return { origin, size: Number(size), root: decode(root), signed: text.slice(0, end + 1), signatures: signatures.map(([, name, bytes]) => ({ name, bytes: decode(bytes) })) };
  } catch { return null; }
}

// Keys in the form of /audit/public-key: NAME+ID+BASE64 of a byte 1 and the key.
export function parseKeys(text) {
  return text.split("\n").map((line) => /^(\S+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line)).filter(Boolean)
    .map(([line, name, id, key]) => ({ line, name, id: Uint8Array.from(id.match(/../g), (two) => parseInt(two, 16)), key: decode(key) })).filter((one) => one.key.length === 33 && one.key[0] === 1);
}

// The key that signed a note, or null if none of these did. Throws if the browser has no Ed25519.
export async function signer(note, keys) {
  for (const key of keys) {
    for (const { name, bytes } of note.signatures) {
      if (name !== key.name || name !== note.origin || bytes.length !== 68 || !same(bytes.slice(0, 4), key.id)) continue;
      const imported = await crypto.subtle.importKey("raw", key.key.slice(1), "Ed25519", false, ["verify"]);
      if (await crypto.subtle.verify("Ed25519", imported, bytes.slice(4), new TextEncoder().encode(note.signed))) return key;
    }
  }
  return null;
}

// A consistency proof in the form of /audit/consistency/{size}: "old N", hashes, an empty line, the newer
// checkpoint.
export function parseConsistency(text) {
  const end = text.indexOf("\n\n"), lines = (end < 0 ? "" : text.slice(0, end)).split("\n"), note = end < 0 ? null : parseNote(text.slice(end + 2));
  if (!note || !/^old \d+$/.test(lines[0])) return null;
  try { return { old: Number(lines[0].slice(4)), path: lines.slice(1).map(decode), note }; } catch { return null; }
}

// Whether a proof results in both roots, by the steps of RFC 9162 section 2.1.4.2. Sizes are below 2^53.
export async function isConsistent(older, newer, proof) {
  if (older.size === newer.size) return proof.length === 0 && same(older.root, newer.root);
  if (older.size === 0 || older.size > newer.size) return false;
  let first = BigInt(older.size) - 1n, last = BigInt(newer.size) - 1n;
  while (first & 1n) { first >>= 1n; last >>= 1n; }
  const path = [...proof];
  if ((BigInt(older.size) & (BigInt(older.size) - 1n)) === 0n) path.unshift(older.root);
  let a = path.shift(), b = a;
  if (!a) return false;
  for (const hash of path) {
    if (last === 0n) return false;
    if (first & 1n || first === last) {
      a = await node(hash, a);
      b = await node(hash, b);
      while (!(first & 1n) && first > 0n) { first >>= 1n; last >>= 1n; }
    } else b = await node(b, hash);
    first >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(a, older.root) && same(b, newer.root);
}

// An inclusion proof in the form of /audit/proof/{seq}: the record in `extra`, its number, hashes, an empty line, the
// checkpoint.
export function parseProof(text) {
  const end = text.indexOf("\n\n"), lines = (end < 0 ? "" : text.slice(0, end)).split("\n"), note = end < 0 ? null : parseNote(text.slice(end + 2));
  if (!note || lines[0] !== "c2sp.org/tlog-proof@v1" || !/^extra /.test(lines[1] || "") || !/^index \d+$/.test(lines[2] || "")) return null;
  try { return { record: decode(lines[1].slice(6)), index: Number(lines[2].slice(6)), path: lines.slice(3).map(decode), note }; } catch { return null; }
}

export async function isIncluded({ record, index, path, note }) {
  if (index >= note.size) return false;
  let hash = await sha256(new Uint8Array([0]), record), first = BigInt(index), last = BigInt(note.size) - 1n;
  for (const other of path) {
    if (last === 0n) return false;
    if (first & 1n || first === last) {
      hash = await node(other, hash);
      while (!(first & 1n) && first > 0n) { first >>= 1n; last >>= 1n; }
    } else hash = await node(hash, other);
    first >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(hash, note.root);
}
