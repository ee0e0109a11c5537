"""Reads the audit journal as an auditor would: from its files, trusting nothing about them."""

import gzip
import json
from pathlib import Path

from harness.deadline import eventually

# The order of the keys in a record, and in its objects.
KEYS = (
    "v seq id phase time request_id caller operation kind method path query project region_header enterprise_project_id credential decision rule"
    " error_code reason request_body status outcome source upstream response_body export duration_us gateway event detail"
).split()
INNER_KEYS = {
    "caller": "name method address".split(),
    "project": "name id region".split(),
    "enterprise_project_id": "value injected".split(),
    "credential": "name type access_key_tail".split(),
    "request_body": "bytes sha256 fields text truncated".split(),
    "upstream": "request_id attempts connect_us first_byte_us total_us error".split(),
    "response_body": "bytes sha256".split(),
    "export": "task_id file_id record_total_num".split(),
    "gateway": "instance version config_sha256".split(),
}


def _in_order(keys, order) -> bool:
    places = [order.index(key) for key in keys]
    return places == sorted(places)


def _object(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
    return dict(pairs)


def _no_float(text: str):
    raise AssertionError(f"{text} is not an integer")


_DECODER = json.JSONDecoder(parse_float=_no_float)


class Journal:
    def __init__(self, directory: Path):
        self.directory = Path(directory)

    def segments(self) -> list[Path]:
        """The segments in order; if one exists both plain and compressed for a moment, the plain one."""
        segments = {}
        for path in sorted(self.directory.glob("journal-*.jsonl*")):
            if path.suffix in (".jsonl", ".gz"):
                segments.setdefault(path.name[:34], path)
        return list(segments.values())

    @staticmethod
    def content(segment: Path) -> bytes:
        """A segment's content; it may be compressed while it is read."""
        if segment.suffix == ".gz":
            return gzip.decompress(segment.read_bytes())
        try:
            return segment.read_bytes()
        except FileNotFoundError:
            return gzip.decompress(segment.with_name(segment.name + ".gz").read_bytes())

    def lines(self) -> list[bytes]:
        """The complete lines; one that is being written has no newline yet."""
        lines = []
        for segment in self.segments():
            lines += self.content(segment).split(b"\n")[:-1]
        return lines

    def records(self) -> list[dict]:
        return [json.loads(line) for line in self.lines()]

    def of(self, audit_id: str) -> list[dict]:
        """The records of one request."""
        return [record for record in self.records() if record["id"] == audit_id]

    def closing(self, name: str, member: str = "id") -> dict:
        """The closing record of a request, once it exists; `member` may be the caller's own `request_id`."""

        def look():
            return [record for record in self.records() if record.get(member) == name and record["phase"] in ("response", "refusal")]

        found = eventually(look, f"a closing record of {name}")
        assert len(found) == 1, found
        return found[0]

    def closings_after(self, sequence: int) -> list[dict]:
        return [r for r in self.records() if r["seq"] > sequence and r["phase"] in ("response", "refusal")]

    def last_sequence(self) -> int:
        records = self.records()
        return records[-1]["seq"] if records else -1

    def stream(self):
        """Every record, checked: numbering, key order, integers, one line each, no key twice. One segment at a time is in memory."""
        count, shapes = 0, set()
        for segment in self.segments():
            lines = self.content(segment).split(b"\n")
            assert lines.pop() == b"", f"{segment.name} ends in half a line"
            assert segment.name[:34] == f"journal-{count:020}.jsonl", segment.name
            if segment.exists():
                assert segment.stat().st_mode & 0o777 == 0o600
            for line in lines:
                record = _DECODER.decode(line.decode())
                assert record["v"] == 1 and record["seq"] == count, f"line {count} says {record['seq']}"
                count += 1
                # Lines with the same keys in the same places, and as many of them, are as right as the first of them.
                shape = line.count(b'":'), tuple(record), *[tuple(value) for value in record.values() if type(value) is dict]
                if shape not in shapes:
                    json.loads(line, object_pairs_hook=_object)
                    assert _in_order(record, KEYS), list(record)
                    for key, order in INNER_KEYS.items():
                        assert _in_order(record.get(key, {}), order), (key, record[key])
                        assert record.get(key) != {}, f"{record['id']}: {key} is empty"
                    shapes.add(shape)
                if record["phase"] in ("response", "refusal"):
                    assert record["outcome"] in ("success", "failure", "refused", "unknown")
                elif record["phase"] != "request":
                    assert record["phase"] == "event" and record["event"]
                yield record
        assert self.directory.stat().st_mode & 0o777 == 0o700

    def check_form(self) -> list[dict]:
        """All records, each checked as `stream` does; every request is closed by one record."""
        records, open_ids, closed_ids = [], set(), set()
        for record in self.stream():
            records.append(record)
            if record["phase"] == "request":
                assert record["id"] not in open_ids and record["id"] not in closed_ids
                open_ids.add(record["id"])
            elif record["phase"] != "event":
                assert record["id"] not in closed_ids, f"{record['id']} is closed twice"
                closed_ids.add(record["id"])
                open_ids.discard(record["id"])
        assert not open_ids, f"never closed: {open_ids}"
        return records
