"""IAM answers that must not be trusted: whatever it answers instead of a token, nothing is sent to HSS with it, and callers are refused at once."""

import json
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from harness.deadline import eventually
from harness.iam import Iam, iso
from harness.process import REGION, write_secret
from harness.upstream import answer

LIST = "/v5/_/vulnerability/vulnerabilities"
PASSWORD = "canary-password-3b60"
GOOD = "MII-good-token"


def issued(*tokens: str, expires: str | None = None, status: int = 201, body: bytes | None = None) -> bytes:
    if body is None:
        body = json.dumps({"token": {"expires_at": expires or iso(time.time() + 3600), "methods": ["password"]}}).encode()
    return answer(body, status, [("Date", formatdate(usegmt=True)), *(("X-Subject-Token", token) for token in tokens)])


def cut_off(request, connection):
    connection.sendall(issued(GOOD)[:-10])
    connection.close()


BAD = {
    "a fault of its own": lambda r, c: answer(b"<html>oops</html>", 500),
    "no token": lambda r, c: issued(),
    "an empty token": lambda r, c: issued(""),
    "two tokens": lambda r, c: issued("MII-one", "MII-other"),
    "a token with a blank": lambda r, c: issued("MII one"),
    "a token with a tab": lambda r, c: issued("MII\tone"),
    "a token that is no ASCII": lambda r, c: issued("MII-é"),
    "a token in two lines": lambda r, c: issued("MII-one\r\n two"),
    "a token longer than any": lambda r, c: issued("M" * 40_000),
    "a token of a mebibyte": lambda r, c: issued("M" * (1 << 20)),
    "no end": lambda r, c: issued(GOOD, body=b'{"token":{"methods":["password"]}}'),
    "an end that is no time": lambda r, c: issued(GOOD, expires="soon"),
    "an end that is past": lambda r, c: issued(GOOD, expires=iso(time.time() - 60)),
    "no JSON": lambda r, c: issued(GOOD, body=b"token"),
    "nothing": lambda r, c: issued(GOOD, body=b""),
    "half an answer": cut_off,
    "a body without end": lambda r, c: issued(GOOD, body=b'{"a":"' + b"a" * (4 << 20) + b'"}'),
    "a redirection": lambda r, c: answer(b"", 302, [("Location", "http://127.0.0.1:9/v3/auth/tokens"), ("X-Subject-Token", GOOD)]),
    "no HTTP": lambda r, c: b"\x00\x01 token\r\n\r\n",
    "a refusal with a token": lambda r, c: issued(GOOD, status=403),
}


def by_password(iam):
    def change(document):
        document["regions"][REGION]["iam"] = iam.url
        password = write_secret(Path(document["credentials"][0]["secret_key_file"]).parent / "password", PASSWORD)
        document["credentials"] = [{"name": "keys", "type": "iam_password", "domain": "acme", "username": "robot", "password_file": password}]

    return change


@pytest.fixture
def iam():
    iam = Iam(PASSWORD)
    yield iam
    iam.close()


@pytest.mark.parametrize("name", BAD)
def test_an_answer_that_is_no_token_is_used_for_nothing(name, start, upstream, iam):
    iam.handler = BAD[name]
    began = time.monotonic()
    gateway = start(upstream.url, by_password(iam))
    eventually(lambda: any(r.get("event") == "credential_renewal_failed" for r in gateway.journal.records()), "the failed renewal's record")
    for _ in range(10):
        refused = gateway.call("GET", LIST)
        assert (refused.status, refused.error_code) == (503, "HSSGW.5030") and int(refused.value("Retry-After")) >= 1
    assert upstream.requests == []
    # Requests cause no additional attempts: at least one and a half seconds lie between two.
    assert len(iam.requests) <= 1 + (time.monotonic() - began) / 1.5
    assert gateway.readiness().status == 503
    for secret in (PASSWORD, GOOD, "MII"):
        assert secret not in gateway.log and secret not in refused.body.decode()


def test_the_first_good_answer_after_bad_ones_is_taken(start, upstream, iam):
    good = iam.handler
    iam.handler = BAD["no token"]
    gateway = start(upstream.url, by_password(iam))
    iam_was_asked = eventually(lambda: iam.token_requests(), "the first attempt")
    iam.handler = good
    eventually(lambda: gateway.call("GET", LIST).status == 200, "a token")
    assert iam.token_requests() > iam_was_asked and {r.value("X-Auth-Token") for r in upstream.requests} <= set(iam.tokens)


def test_a_token_is_replaced_before_its_end_although_the_answer_s_date_is_behind(start, upstream, iam):
    def handler(request, connection):
        body = json.dumps({"token": {"expires_at": iso(time.time() + 3)}}).encode()
        return answer(body, 201, [("Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("X-Subject-Token", f"{GOOD}-{len(iam.requests)}")])

    iam.handler = handler
    gateway = start(upstream.url, by_password(iam))
    eventually(lambda: iam.token_requests() >= 3, "further tokens")
    assert gateway.call("GET", LIST).status == 200


@pytest.mark.parametrize("behind", [0, 3600], ids=["a right clock", "a clock that is behind"])
def test_a_date_in_retry_after_is_obeyed_like_seconds(behind, start, upstream, iam):
    """Against the answer's own date: the gateway's own first pause ends before 3 s."""
    good, times = iam.handler, []

    def handler(request, connection):
        times.append(time.monotonic())
        if len(times) > 1:
            return good(request, connection)
        now = int(time.time()) - behind
        return answer(b"{}", 503, [("Date", formatdate(now, usegmt=True)), ("Retry-After", formatdate(now + 6, usegmt=True))])

    iam.handler = handler
    gateway = start(upstream.url, by_password(iam))
    eventually(lambda: gateway.call("GET", LIST).status == 200, "a token")
    assert times[1] - times[0] >= 6
    gateway.stop()
