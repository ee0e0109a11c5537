"""Requests that must be refused: each has its code, a sentence, a record, and nothing reaches HSS."""

import json
import threading

import pytest

from harness import wire
from harness.ports import free_port
from harness.process import PROJECT
from harness.upstream import answer

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]
MEBIBYTE = 1 << 20


def raw(*lines: str, body: bytes = b"") -> bytes:
    return "".join(line + "\r\n" for line in lines).encode("latin-1") + b"\r\n" + body


def get(target: str) -> bytes:
    return wire.request("GET", target)


def post(body: bytes, *fields: tuple[str, str], target: str = EXPORT) -> bytes:
    return wire.request("POST", target, JSON + list(fields), body)


def framed(*lines: str, body: bytes = b"") -> bytes:
    return raw(f"POST {EXPORT} HTTP/1.1", "Host: g", *lines, body=body)


CHUNKED = "Transfer-Encoding: chunked"

BAD = {
    # The message.
    "two hosts": (raw(f"GET {LIST} HTTP/1.1", "Host: a", "Host: b"), 400, "4000"),
    "two equal hosts": (raw(f"GET {LIST} HTTP/1.1", "Host: a", "Host: a"), 400, "4000"),
    "no host": (raw(f"GET {LIST} HTTP/1.1"), 400, "4000"),
    "a host with a user": (raw(f"GET {LIST} HTTP/1.1", "Host: user@a"), 400, "4000"),
    "a length and chunks": (framed("Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 400, "4000"),
    "two different lengths": (framed("Content-Length: 2", "Content-Length: 3", body=b"{} "), 400, "4000"),
    "two lengths in one field": (framed("Content-Length: 2, 2", body=b"{}"), 400, "4000"),
    "a length with a sign": (framed("Content-Length: +2", body=b"{}"), 400, "4000"),
    "a length beyond all numbers": (framed("Content-Length: 99999999999999999999", body=b"{}"), 400, "4000"),
    "another transfer coding": (framed("Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"), 400, "4000"),
    "chunked twice": (framed("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 400, "4000"),
    "a chunk size that is no number": (framed("Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n0\r\n\r\n"), 400, "4000"),
    "a chunk longer than its size": (framed("Transfer-Encoding: chunked", body=b"1\r\n{}\r\n0\r\n\r\n"), 400, "4000"),
    "a blank before a colon": (raw(f"GET {LIST} HTTP/1.1", "Host: g", "X-A : b"), 400, "4000"),
    "a folded field": (raw(f"GET {LIST} HTTP/1.1", "Host: g", "X-A: b", " c"), 400, "4000"),
    "a control character in a field": (raw(f"GET {LIST} HTTP/1.1", "Host: g", "X-A: b\x00c"), 400, "4000"),
    "another protocol version": (raw(f"GET {LIST} HTTP/3.0", "Host: g"), 400, "4000"),
    "no protocol at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40), 400, "4000"),
    "a compressed body": (post(b"\x1f\x8b\x08", ("Content-Encoding", "gzip")), 400, "4000"),
    "fields of more than 64 KiB": (wire.request("GET", LIST, [(f"X-{i}", "a" * 1000) for i in range(70)]), 431, "4310"),
    "one field of more than 64 KiB": (wire.request("GET", LIST, [("X-Long", "a" * 70_000)]), 431, "4310"),
    "too many fields": (wire.request("GET", LIST, [(f"X-{i}", "") for i in range(1000)]), 431, "4310"),
    # Its target.
    "another host's address": (raw(f"GET http://other/{LIST} HTTP/1.1", "Host: g"), 400, "4000"),
    "an asterisk": (raw("OPTIONS * HTTP/1.1", "Host: g"), 400, "4000"),
    "an empty segment": (get("/v5//_/host-management/hosts"), 400, "4000"),
    "dot segments": (get("/v5/_/download/../vulnerability/vulnerabilities"), 400, "4000"),
    "encoded dot segments": (get("/v5/_/download/%2e%2E/vulnerability"), 400, "4000"),
    "an encoded slash": (get("/v5/_/export-task/a%2Fb"), 400, "4000"),
    "an encoded zero": (get("/v5/_/export-task/a%00b"), 400, "4000"),
    "a doubly encoded path": (get("/v5/_/export-task/a%252Fb"), 400, "4000"),
    "a path parameter": (get("/v5/_/vulnerability/vulnerabilities;a=b"), 400, "4000"),
    "a trailing slash": (get(LIST + "/"), 400, "4000"),
    "a fragment": (get(LIST + "#a"), 400, "4000"),
    "bytes that are no text": (get("/v5/_/export-task/%ff"), 400, "4000"),
    "a broken escape": (get(LIST + "?vul_name=%zz"), 400, "4000"),
    "a project in the query": (get(LIST + "?project_id=" + "f" * 32), 400, "4000"),
    "a path outside the API": (get("/v4/_/vulnerability/vulnerabilities"), 404, "4002"),
    "the root": (get("/"), 404, "4002"),
    "the admin port's path": (get("/metrics"), 404, "4002"),
    "an unknown operation": (get("/v5/_/vulnerability/nothing"), 403, "4030"),
    "an operation's path with another method": (wire.request("DELETE", LIST), 403, "4030"),
    "a method that no operation has": (wire.request("PATCH", LIST), 403, "4030"),
    "a foreign project": (get("/v5/ffffffffffffffffffffffffffffffff/vulnerability/vulnerabilities"), 403, "4033"),
    "an unknown project's name": (get("/v5/elsewhere/vulnerability/vulnerabilities"), 403, "4033"),
    # Its enterprise project.
    "an enterprise project twice": (get(LIST + "?enterprise_project_id=0&enterprise_project_id=1"), 400, "4003"),
    "an enterprise project twice alike": (get(LIST + "?enterprise_project_id=0&enterprise_project_id=0"), 400, "4003"),
    "an enterprise project with an encoded name": (get(LIST + "?enterprise%5Fproject_id=0"), 400, "4003"),
    "an enterprise project in capitals": (get(LIST + "?Enterprise_Project_Id=0"), 400, "4003"),
    "an enterprise project with dashes": (get(LIST + "?enterprise-project-id=0"), 400, "4003"),
    "an enterprise project in brackets": (get(LIST + "?enterprise_project_id%5B%5D=0"), 400, "4003"),
    "raw brackets in the query": (get(LIST + "?vul_name[]=0"), 400, "4000"),
    "an enterprise project without a value": (get(LIST + "?enterprise_project_id="), 400, "4003"),
    "an enterprise project with odd characters": (get(LIST + "?enterprise_project_id=0%2C1"), 400, "4003"),
    "an enterprise project hidden in a value": (get(LIST + "?vul_name=a%26enterprise_project_id%3D1"), 400, "4003"),
    "enterprise projects in query and body that differ":
        (post(b'{"enterprise_project_id":"1"}', target=EXPORT + "?enterprise_project_id=0"), 400, "4003"),
    "an enterprise project twice in the body": (post(b'{"enterprise_project_id":"0","enterprise_project_id":"1"}'), 400, "4003"),
    "an enterprise project in the body with an escaped name":
        (post(b'{"enterprise\\u005fproject_id":"1"}', target=EXPORT + "?enterprise_project_id=0"), 400, "4003"),
    # Its body.
    "a body for a read": (wire.request("GET", LIST, JSON, b"{}"), 400, "4000"),
    "half an object": (post(b'{"operate_all":'), 400, "4000"),
    "two values": (post(b"{} {}"), 400, "4000"),
    "no JSON at all": (post(b"operate_all=true"), 400, "4000"),
    "a number that JSON doesn't have": (post(b'{"a":NaN}'), 400, "4000"),
    "a body that is no text": (post(b'{"a":"\xff\xfe"}'), 400, "4000"),
    "arrays without end": (post(b"[" * 100_000), 400, "4000"),
    "a form where JSON is due": (post(b"--b--\r\n", ("X-A", "b"), target="/v5/_/report/logo/upload"), 400, "4000"),
    "a body of more than 12 MiB, announced": (framed("Content-Type: application/json", f"Content-Length: {13 * MEBIBYTE}"), 413, "4130"),
    "a chunk of more than 12 MiB, announced": (framed("Content-Type: application/json", CHUNKED, body=b"fffffff\r\n"), 413, "4130"),
    "a chunk of more than 12 MiB, before its size has come to an end": (framed("Content-Type: application/json", CHUNKED, body=b"fffffff"), 413, "4130"),
    "a body of more than 12 MiB, by the digits of its second chunk": (
        framed("Content-Type: application/json", CHUNKED, body=b"1\r\n{\r\nfffffff"), 413, "4130"),
}
# The members of a refusal's JSON: the SDKs' three, then those of RFC 9457 and ours.
MEMBERS = {"error_code", "error_msg", "request_id", "type", "title", "status", "retryable", "hint"}


def check_refusal(response: wire.Response, status: int, code: str) -> dict:
    assert (response.status, response.error_code) == (status, f"HSSGW.{code}"), response.body
    body = response.json
    assert set(body) - {"rule"} == MEMBERS and body["status"] == status
    assert body["error_msg"].endswith(".") and body["hint"].endswith((".", "?")) and body["request_id"] == response.value("X-Request-Id")
    assert response.value("X-HSSGW-Source") == "gateway" and response.value("Content-Type") == "application/json"
    if status in (429, 503):
        assert int(response.value("Retry-After")) > 0
    return body


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_recorded_and_kept_from_hss(name, gateway):
    data, status, code = BAD[name]
    before = gateway.ledger.total()
    with wire.Connection(gateway.data) as connection:
        connection.send(data)
        response = connection.response()
    check_refusal(response, status, code)
    record = gateway.journal.closing(response.value("Audit-Id"))
    assert (record["phase"], record["outcome"], record["error_code"]) == ("refusal", "refused", f"HSSGW.{code}")
    assert record["status"] == status and record["source"] == "gateway" and "upstream" not in record
    assert gateway.ledger.total() == before


def test_a_body_of_more_than_12_mib_is_refused_in_chunks_too(gateway):
    before = gateway.ledger.total()
    piece = b"%x\r\n%s\r\n" % (MEBIBYTE, b" " * MEBIBYTE)
    with wire.Connection(gateway.data) as connection:
        connection.send(framed("Content-Type: application/json", "Transfer-Encoding: chunked"))
        try:
            for _ in range(13):
                connection.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        check_refusal(connection.response(), 413, "4130")
    assert gateway.ledger.total() == before


def test_policy_and_callers_decide_before_anything_is_sent(upstream, start):
    def change(document):
        document["policy"] = [
            {"name": "no-exports", "callers": ["team"], "kinds": ["export"], "action": "deny"},
            {"name": "reads", "callers": ["*"], "kinds": ["read"], "action": "allow"},
        ]

    gateway = start(upstream.url, change)
    assert gateway.call("GET", LIST).status == 200
    denied = check_refusal(gateway.call("POST", EXPORT, JSON, b"{}"), 403, "4031")
    assert denied["rule"] == "no-exports" and "BatchExportBaselineTask" in denied["error_msg"] and "team" in denied["error_msg"]
    unmatched = gateway.call("DELETE", "/v5/_/app/policy", JSON, b"{}")
    check_refusal(unmatched, 403, "4031")
    record = gateway.journal.closing(unmatched.value("Audit-Id"))
    assert (record["decision"], record["operation"], record["caller"]["name"]) == ("deny", "DeleteAppWhitelistPolicy", "team")
    assert [received.method for received in upstream.requests] == ["GET"]
    assert 'hssgw_refusals_total{error_code="HSSGW.4031"} 2' in gateway.metrics()


def test_an_address_that_no_caller_has_is_4010(upstream, start):
    def change(document):
        document["listeners"][0]["anonymous"] = False
        document["callers"][0]["authenticate"] = {"cidr": ["10.0.0.0/8"]}

    gateway = start(upstream.url, change)
    response = gateway.call("GET", LIST)
    check_refusal(response, 401, "4010")
    assert response.value("WWW-Authenticate")
    assert upstream.requests == []


def test_slow_senders_are_told_so(upstream, start):
    def change(document):
        document["limits"] = {"header_timeout": "500ms"}

    gateway = start(upstream.url, change)
    half_a_head = f"GET {LIST} HTTP/1.1\r\nHost: g\r\nX-".encode()
    half_a_body = framed("Content-Length: 10", "Content-Type: application/json", body=b"{")
    for begun in (half_a_head, half_a_body):
        with wire.Connection(gateway.data) as connection:
            connection.send(begun)
            check_refusal(connection.response(), 408, "4080")
            assert connection.is_closed()
    assert upstream.requests == []


def test_a_region_that_points_at_the_gateway_itself_is_found_at_the_start(start, tmp_path):
    """A gateway whose region points to its own port must not call itself until resources run out."""
    address = f"127.0.0.1:{free_port()}"

    def change(document):
        document["listeners"][0]["address"] = address

    with pytest.raises(AssertionError, match="the gateway ended with 3") as fault:
        start(f"http://{address}", change)
    assert f"http://{address}, where this gateway's own listener internal is" in str(fault.value)


# Unusual, but valid.


def test_an_expected_100_comes_before_the_body_and_only_when_the_body_is_wanted(gateway):
    expecting = JSON + [("Expect", "100-continue"), ("Content-Length", "2")]
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("POST", EXPORT, expecting))
        assert connection.take(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(b"{}")
        response = connection.response()
        assert response.status == 200 and response.interim == []
        # The same connection again, for an operation that doesn't exist: no 100 Continue.
        connection.send(wire.request("POST", "/v5/_/nothing", expecting))
        refused = connection.response()
        check_refusal(refused, 403, "4030")
        assert refused.interim == [] and connection.is_closed()


def test_pipelined_requests_are_answered_in_their_order(upstream, start):
    gateway = start(upstream.url)
    first_may_end = threading.Event()

    def echo(received, connection):
        if "vul_name=0" in received.target:
            first_may_end.wait(20)
        return answer(json.dumps({"target": received.target, "body": received.body.decode()}).encode())

    upstream.handler = echo
    bad = wire.request("GET", "/v5/_/nothing")
    requests = [get(f"{LIST}?vul_name={i}") for i in range(3)] + [bad, post(b'{"image_name":"4"}'), get(f"{LIST}?vul_name=5")]
    with wire.Connection(gateway.data) as connection:
        connection.send(b"".join(requests))
        upstream.wait_for(1)
        first_may_end.set()
        responses = [connection.response() for _ in requests]
    assert [response.status for response in responses] == [200, 200, 200, 403, 200, 200]
    assert [f"vul_name={i}" in responses[i].json["target"] for i in (0, 1, 2, 5)] == [True] * 4
    assert responses[4].json["body"] == '{"image_name":"4"}'
    assert len({response.value("Audit-Id") for response in responses}) == len(requests)


def test_a_request_that_comes_byte_by_byte_is_a_request(gateway):
    start = gateway.ledger.total()
    with wire.Connection(gateway.data) as connection:
        for byte in wire.request("POST", EXPORT, JSON + [("Transfer-Encoding", "chunked")], b'2;a=b\r\n{}\r\n0\r\nX-T: 1\r\n\r\n'):
            connection.send(bytes([byte]))
        assert connection.response().status == 200
    (entry,) = gateway.ledger.entries(after=start)
    assert entry["body"] == "{}" and entry["verdict"] == "accepted"


def test_a_head_request_is_the_read_without_its_body_and_the_connection_goes_on(upstream, start):
    gateway = start(upstream.url)
    whole = answer(b'{"total_num":0}')
    upstream.handler = lambda received, connection: whole[: whole.index(b"\r\n\r\n") + 4] if received.method == "HEAD" else whole
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("HEAD", LIST) + wire.request("HEAD", "/v5/_/nothing") + get(LIST))
        passed, refused, got = connection.response(to_head=True), connection.response(to_head=True), connection.response()
    assert (passed.status, passed.value("X-HSSGW-Source"), passed.value("Content-Length")) == (200, "upstream", "15")
    assert (refused.status, refused.value("X-HSSGW-Source")) == (403, "gateway") and int(refused.value("Content-Length")) > 0
    assert got.body == b'{"total_num":0}'
    record = gateway.journal.closing(passed.value("Audit-Id"))
    assert (record["method"], record["operation"], record["response_body"]["bytes"]) == ("HEAD", "ListVulnerabilities", 0)


def test_http_1_0_gets_a_length_and_a_close(gateway):
    with wire.Connection(gateway.data) as connection:
        connection.send(raw(f"GET {LIST}?limit=1 HTTP/1.0", "Host: g"))
        response = connection.response()
        assert response.status == 200 and response.value("Content-Length") and connection.is_closed()


def test_the_admin_paths_are_not_on_the_data_port_nor_the_api_on_the_admin_port(gateway):
    for path in ("/livez", "/readyz", "/metrics", "/version", "/openapi.yaml"):
        assert gateway.call("GET", path).error_code == "HSSGW.4002"
        assert wire.call(gateway.admin, "GET", path).status == 200
    before = gateway.ledger.total()
    assert wire.call(gateway.admin, "GET", f"/v5/{PROJECT}/vulnerability/vulnerabilities").status == 404
    assert gateway.ledger.total() == before
