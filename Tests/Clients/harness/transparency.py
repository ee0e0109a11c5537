"""A verifier of checkpoints and proofs that shares no code with the gateway: RFC 6962 section 2.1, the signed notes and checkpoints of C2SP, and
Ed25519 of another library."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def leaf_hash(line: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH, with a stack instead of recursion."""
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        stack.append((1, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (size, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * size, node_hash(left, right)))
    if not stack:
        return hashlib.sha256(b"").digest()
    _, root = stack.pop()
    while stack:
        root = node_hash(stack.pop()[1], root)
    return root


def root_from_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2."""
    assert index < size
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        assert sn > 0, "the path is too long"
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0, "the path is too short"
    return root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2."""
    if old == new:
        return not proof and old_root == new_root
    if old & (old - 1) == 0:
        proof = [old_root, *proof]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for hash_ in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(hash_, fr), node_hash(hash_, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, hash_)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == new_root and sn == 0


class Key:
    """A verifier key, `name+id+base64`."""

    def __init__(self, text: str):
        self.name, identifier, encoded = text.split("+", 2)
        material = base64.b64decode(encoded, validate=True)
        assert material[0] == 1 and len(material) == 33
        self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        assert self.id.hex() == identifier
        self.key = Ed25519PublicKey.from_public_bytes(material[1:])


class Checkpoint:
    """A checkpoint whose signature was verified."""

    def __init__(self, note: str, key: Key):
        text, signatures = note.rsplit("\n\n", 1)
        text += "\n"
        assert signatures.endswith("\n")
        signed = False
        for line in signatures.splitlines():
            dash, name, encoded = line.split(" ")
            signature = base64.b64decode(encoded, validate=True)
            assert dash == "—"
            if name == key.name and signature[:4] == key.id:
                try:
                    key.key.verify(signature[4:], text.encode())
                except InvalidSignature:
                    raise AssertionError("the signature is bad") from None
                signed = True
        assert signed, "not signed by the key"
        self.origin, size, root = text.split("\n")[:3]
        self.size, self.root = int(size), base64.b64decode(root, validate=True)
        assert str(self.size) == size and len(self.root) == 32


class Inclusion:
    """A c2sp.org/tlog-proof whose extra data is the record."""

    def __init__(self, text: str, key: Key):
        head, note = text.split("\n\n", 1)
        lines = head.split("\n")
        assert lines.pop(0) == "c2sp.org/tlog-proof@v1"
        assert lines[0].startswith("extra ")
        self.record = base64.b64decode(lines.pop(0).removeprefix("extra "), validate=True)
        self.index = int(re.fullmatch(r"index (\d+)", lines.pop(0))[1])
        self.checkpoint = Checkpoint(note, key)
        path = [base64.b64decode(line, validate=True) for line in lines]
        root = root_from_inclusion(leaf_hash(self.record), self.index, self.checkpoint.size, path)
        assert root == self.checkpoint.root, "the record is not in the tree"


def check_consistency(text: str, old: Checkpoint, key: Key) -> Checkpoint:
    """The body of c2sp.org/tlog-witness's add-checkpoint."""
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    assert lines.pop(0) == f"old {old.size}"
    new = Checkpoint(note, key)
    assert is_consistent(old.size, old.root, new.size, new.root, [base64.b64decode(line, validate=True) for line in lines])
    return new


def journal_lines(directory: Path) -> list[bytes]:
    """The lines of all segments, plain or compressed, without those that a later segment supersedes."""
    lines: list[bytes] = []
    for segment in sorted(directory.glob("journal-*.jsonl*"), key=lambda path: path.name[:34]):
        del lines[int(segment.name[8:28]):]
        content = gzip.decompress(segment.read_bytes()) if segment.suffix == ".gz" else segment.read_bytes()
        lines += content.split(b"\n")[:-1]
    return lines


def removed_file(lines: list[bytes], note: str) -> str:
    """The file `removed` about these records, which anybody can make who has them and the checkpoint of exactly their number."""
    hashes, parts, place = [leaf_hash(line) for line in lines], [], 0
    for bit in reversed(range(len(lines).bit_length())):
        if len(lines) >> bit & 1:
            parts.append(tree_hash(hashes[place:place + (1 << bit)]))
            place += 1 << bit
    return f"hss-gateway journal removed 1\nsize {len(lines)}\n" + "".join(f"hash {part.hex()}\n" for part in parts) + f"\n{note}"
