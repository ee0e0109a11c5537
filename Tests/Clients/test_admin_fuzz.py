"""The admin port with nonsensical queries: whatever they contain, the process goes on and answers 2xx or 4xx."""

import base64
import os
import random
import re
from urllib.parse import quote

import pytest

from harness import wire
from harness.process import Gateway
from test_admin_description import OPERATIONS

ROUNDS = int(os.environ.get("HSSGW_TEST_FUZZ", "1500"))
NUMBERS = [str(number + step) for number in (0, 1, 10**3, 2**31, 2**32, 2**53, 2**62, 2**63, 2**64, 10**19) for step in (-1, 0, 1)] + [
    "-9223372036854775808", "1e9", "0x7fffffffffffffff", "٣", "+1", " 1", "1.0", "NaN", "9" * 400]
TEXTS = ["", "a", "\0", "\n", "%00", "'; DROP TABLE record; --", "\u202e\u200b", "\ud7ff\uffff", "x" * 1023, "x" * 1025, "%", "*", "[]", "../../etc/passwd", "r1:1"]
TIMES = ["0s", "9223372036854775807d", "3650000d", "0000-01-01", "9999-12-31", "9999-12-31T23:59:59.999999999-23:59", "0001-01-01T00:00:00+14:00",
         "1970-01-01T00:00:00Z", "2026-99-99", "2026-12-01T99:99:99Z"]
WORDS = {"kind": ["read", "export"], "outcome": ["success"], "phase": ["event"], "order": ["newest", "oldest"], "source": ["journal", "fleet"],
         "format": ["json", "ndjson", "csv", "table", "ocsf", "cadf"]}


def cursor(choose: random.Random) -> str:
    """A cursor in the usual format, with numbers of all sizes; sometimes with one byte changed."""
    place = choose.choice([f"r1:{choose.choice(NUMBERS)}", f"r1:{choose.choice(NUMBERS)}:{choose.choice(NUMBERS)}:{choose.choice(TEXTS)}"])
    text = base64.urlsafe_b64encode(place.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    if text and choose.random() < 0.2:
        at = choose.randrange(len(text))
        text = text[:at] + choose.choice("A-_z=%") + text[at + 1:]
    return text


def value(name: str, choose: random.Random) -> str:
    if choose.random() < 0.1:
        return choose.choice(NUMBERS + TEXTS + TIMES)
    if name == "cursor":
        return cursor(choose)
    if name in ("since", "until"):
        return choose.choice(TIMES)
    if name in ("limit", "size"):
        return choose.choice(NUMBERS)
    return choose.choice(WORDS.get(name, TEXTS + NUMBERS))


def escaped(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    gateway = Gateway.start(tmp_path_factory.mktemp("fuzzed"), ["--sandbox"])
    for _ in range(3):
        gateway.call("POST", "/v5/_/image/baseline/export", [("Content-Type", "application/json")], b"{}")
    yield gateway
    gateway.kill()


def ask(gateway, method: str, target: str) -> wire.Response:
    answer = wire.call(gateway.admin, method, target, timeout=60)
    assert 200 <= answer.status < 300 or 400 <= answer.status < 500, f"{method} {target} was answered {answer.status}: {answer.body[:200]}"
    return answer


@pytest.mark.parametrize("target", [
    "/audit/records?order=oldest&cursor=cjE6OTIyMzM3MjAzNjg1NDc3NTgwNw", "/audit/exports?order=oldest&cursor=cjE6OTIyMzM3MjAzNjg1NDc3NTgwNw",
    "/audit/records?cursor=cjE6OTIyMzM3MjAzNjg1NDc3NTgwNw", "/audit/proof/18446744073709551615", "/audit/proof/0?size=18446744073709551615",
    "/audit/consistency/18446744073709551615?size=18446744073709551615", "/audit/consistency/0?size=9223372036854775808"])
def test_a_number_at_the_end_of_its_range_ends_nothing(gateway, target):
    ask(gateway, "GET", target)
    assert ask(gateway, "GET", "/livez").status == 200


def test_no_question_ends_the_process_or_is_answered_with_a_fault_of_ours(gateway):
    seed = int(os.environ.get("HSSGW_TEST_SEED", "20261128"))
    choose = random.Random(seed)
    paths = [(method.upper(), path, [p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"])
             for method, path, operation in OPERATIONS if path not in ("/audit/verify", "/-/reload", "/readyz", "/healthz")]
    names = sorted({name for _, _, known in paths for name in known} | set(WORDS) | {
        "caller", "operation", "project", "since", "until", "task", "file_id", "sha256", "request_id", "instance", "limit", "cursor", "size", "verbose"})
    for _ in range(ROUNDS):
        method, path, known = choose.choice(paths)
        path = re.sub(r"\{\w+\}", lambda _: escaped(choose.choice(NUMBERS + TEXTS)) or "0", path)
        chosen = choose.sample(known or names, min(len(known or names), choose.randrange(4))) + ([choose.choice(names)] if choose.random() < 0.3 else [])
        query = "&".join(f"{name}={escaped(value(name, choose))}" for name in chosen)
        ask(gateway, method, path + ("?" + query if query else ""))
    for target in ("/audit/verify", "/readyz"):
        ask(gateway, "GET", target)
    assert gateway.call("GET", "/v5/_/vulnerability/vulnerabilities").status == 200
