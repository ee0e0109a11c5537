"""Faults of HSS: what the caller gets, the record, and how often HSS was called."""

import array
import fcntl
import socket
import ssl
import subprocess
import threading
import uuid

import pytest

from harness import wire
from harness.deadline import eventually
from harness.ports import free_port
from harness.process import configuration, serve
from harness.upstream import Upstream, answer, head, reset

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
FILE = "/v5/_/download/some-file"
JSON = [("Content-Type", "application/json")]
# The timeouts of these tests; everything that has to be faster is on this machine.
SHORT = "1500ms"


def check_refusal(gateway, response, status: int, code: str, error: str | None, phase: str):
    assert (response.status, response.error_code) == (status, f"HSSGW.{code}"), response.body
    assert response.value("X-HSSGW-Source") == "gateway" and response.value("Location") is None
    assert response.json["request_id"] == response.value("X-Request-Id")
    record = gateway.journal.closing(response.value("Audit-Id"))
    assert (record["phase"], record["outcome"], record["status"]) == (phase, "failure", status)
    assert record["error_code"] == f"HSSGW.{code}" and record["source"] == "gateway"
    if error:
        assert record["upstream"]["error"] == error
    return record


def test_an_upstream_that_is_down_is_5020(start):
    gateway = start(f"http://127.0.0.1:{free_port()}")
    read = check_refusal(gateway, gateway.call("GET", LIST), 502, "5020", "connect", "refusal")
    assert read["upstream"]["attempts"] == 2
    written = check_refusal(gateway, gateway.call("POST", EXPORT, JSON, b"{}"), 502, "5020", "connect", "refusal")
    assert written["upstream"]["attempts"] == 1
    gateway.stop()
    gateway.journal.check_form()


def test_an_endpoint_that_is_down_costs_its_own_callers_little_and_others_nothing(tmp_path, upstream):
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    place = f"127.0.0.1:{held.getsockname()[1]}"
    document = configuration(tmp_path, f"http://{place}")
    document["regions"]["cn-south-1"] = {"hss": upstream.url, "iam": "http://127.0.0.1:9"}
    document["projects"].append({"name": "south", "id": "8" * 32, "region": "cn-south-1", "credential": "keys"})
    document["callers"][0]["projects"].append("south")
    gateway = serve(tmp_path, document)
    figure = f'hssgw_upstream_endpoint_up{{server_address="{place}"}} '
    try:
        assert figure + "1" in gateway.metrics()
        for _ in range(10):
            record = check_refusal(gateway, gateway.call("GET", LIST), 502, "5020", "connect", "refusal")
            assert record["upstream"]["attempts"] == 2
        eventually(lambda: (refused := gateway.call("GET", LIST)).value("Retry-After") == "1" and refused, "a refusal without an attempt")
        refused = next(answer for _ in range(1000) if (answer := gateway.call("POST", EXPORT, JSON, b"{}")).value("Retry-After"))
        assert (refused.status, refused.error_code, refused.json["retryable"]) == (502, "HSSGW.5020", True)
        assert "is down" in refused.json["error_msg"] and "not sent" in refused.json["error_msg"]
        record = gateway.journal.closing(refused.value("Audit-Id"))
        assert (record["phase"], record["outcome"]) == ("refusal", "refused") and "attempts" not in record.get("upstream", {})
        assert figure + "0" in gateway.metrics()
        ready = gateway.readiness()
        assert ready.status == 200 and f"[+]endpoint:{place} ok, but: connections to it fail" in ready.body.decode()
        assert all(gateway.call("GET", "/v5/south/vulnerability/vulnerabilities").status == 200 for _ in range(20))
        held.listen(64)
        threading.Thread(target=serve_one_answer_each, args=(held,), daemon=True).start()
        eventually(lambda: gateway.call("GET", LIST).status == 200, "the endpoint to be back")
        assert all(gateway.call("GET", LIST).status == 200 for _ in range(20))
        assert figure + "1" in gateway.metrics() and "endpoint:" not in gateway.readiness().body.decode()
        eventually(lambda: "HSS's endpoint is down" in gateway.log and "HSS's endpoint is back" in gateway.log, "both lines of the log")
        gateway.stop()
        gateway.journal.check_form()
    finally:
        held.close()


def serve_one_answer_each(listener: socket.socket):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(65536)
            connection.sendall(answer(fields=[("Connection", "close")]))


def test_reads_survive_kept_connections_that_die_however_often(tmp_path, upstream):
    document = configuration(tmp_path, upstream.url)
    document["upstream"] = {"retry": {"attempts": 1, "on": []}}
    gateway = serve(tmp_path, document, {"HSSGW_WORKERS": "1"})
    seen: set[int] = set()

    def once_for_each_connection(received, connection):
        if received.connection in seen:
            connection.shutdown(socket.SHUT_RDWR)
            return None
        seen.add(received.connection)
        return answer()

    upstream.handler = once_for_each_connection
    assert [gateway.call("GET", LIST).status for _ in range(20)] == [200] * 20
    assert len(upstream.requests) == 39
    gateway.stop()


def test_a_read_that_was_answered_and_sent_again_counts_as_sent(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))
    document = configuration(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}")
    document["upstream"] = {"retry": {"attempts": 2, "on": [503]}}
    document["audit"]["durability"] = "best-effort"
    gateway = serve(tmp_path, document, {"HSSGW_WORKERS": "1"})

    def answer_once():
        connection, _ = listener.accept()
        connection.recv(65536)
        listener.close()
        connection.sendall(answer(b"{}", 503, [("Connection", "close")]))
        connection.close()

    once = threading.Thread(target=answer_once)
    once.start()
    refused = gateway.call("GET", LIST)
    once.join()
    assert (refused.status, refused.error_code) == (502, "HSSGW.5020")
    gateway.stop()
    (record,) = [record for record in gateway.journal.records() if record.get("request_id") and record["phase"] in ("response", "refusal")]
    assert record["id"] == refused.value("Audit-Id")
    assert (record["phase"], record["outcome"], record["upstream"]["attempts"]) == ("response", "failure", 2)


def test_two_gateways_that_point_at_each_other_end_a_request_at_the_second(tmp_path):
    places = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    gateways = []
    for own, neighbour in [places, places[::-1]]:
        directory = tmp_path / own.replace(":", "-")
        document = configuration(directory, f"http://{neighbour}")
        document["listeners"] = [{"name": "internal", "address": own}]
        gateways.append(serve(directory, document))
    for call in [("GET", LIST), ("POST", EXPORT, JSON, b"{}")]:
        answered = gateways[0].call(*call)
        assert (answered.status, answered.error_code) == (508, "HSSGW.4001"), answered.body
    for gateway in gateways:
        gateway.stop()
    first, second = ([r for r in gateway.journal.records() if r["phase"] in ("response", "refusal")] for gateway in gateways)
    assert [(r["status"], r["source"]) for r in first] == [(508, "upstream")] * 2
    assert [(r["phase"], r["error_code"]) for r in second] == [("refusal", "HSSGW.4001")] * 2


def reset_before_head(received, connection):
    reset(connection)


def close_before_head(received, connection):
    connection.shutdown(socket.SHUT_RDWR)


BAD_ANSWERS = {
    "a reset instead of an answer": (reset_before_head, "connection_lost"),
    "a close instead of an answer": (close_before_head, "connection_lost"),
    "garbage": (lambda received, connection: b"\x00\x01 not http\r\n\r\n" * 4, "protocol"),
    "two different lengths": (lambda r, c: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", "protocol"),
    "a redirection": (lambda r, c: answer(b"", 302, [("Location", "http://127.0.0.1:9/elsewhere")]), None),
    "a permanent redirection": (lambda r, c: answer(b"", 308, [("Location", "https://internal.example/")]), None),
    "a status of what hasn't changed": (lambda r, c: answer(b"", 304), None),
    "a line of HTTP/2 without a length": (lambda r, c: b"HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n{}", "protocol"),
    "a line of HTTP/2 with a length": (lambda r, c: answer().replace(b"HTTP/1.1", b"HTTP/2"), "protocol"),
    "a body without an end mark": (lambda r, c: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", None),
    "an endless head": (lambda r, c: b"HTTP/1.1 200 OK\r\n" + (b"X-Long: " + b"a" * 8000 + b"\r\n") * 200 + b"\r\n", None),
}


@pytest.fixture(scope="module")
def broken_upstream():
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def hurried_gateway(broken_upstream, tmp_path_factory):
    """A gateway with short timeouts before a faulty upstream."""
    directory = tmp_path_factory.mktemp("hurried")
    document = configuration(directory, broken_upstream.url)
    document["upstream"] = {"first_byte_timeout": SHORT, "idle_timeout": SHORT}
    gateway = serve(directory, document)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


@pytest.fixture(scope="module")
def patient_gateway(broken_upstream, tmp_path_factory):
    """Before the same upstream, for faults that have nothing to do with time."""
    directory = tmp_path_factory.mktemp("patient")
    gateway = serve(directory, configuration(directory, broken_upstream.url))
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


@pytest.mark.parametrize("method, target, body", [("GET", LIST, None), ("POST", EXPORT, b"{}")], ids=["on a read", "on an export"])
@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_an_answer_that_is_none_is_5022(name, method, target, body, patient_gateway, broken_upstream):
    handler, error = BAD_ANSWERS[name]
    broken_upstream.handler = handler
    before = len(broken_upstream.requests)
    response = patient_gateway.call(method, target, JSON, body)
    record = check_refusal(patient_gateway, response, 502, "5022", error, "response")
    assert record["upstream"]["attempts"] == 1
    assert len(broken_upstream.requests) == before + 1


def test_an_upstream_that_does_not_answer_is_5040(hurried_gateway, broken_upstream):
    over = threading.Event()
    broken_upstream.handler = lambda received, connection: over.wait(30) and None
    try:
        response = hurried_gateway.call("POST", EXPORT, JSON, b"{}")
    finally:
        over.set()
    record = check_refusal(hurried_gateway, response, 504, "5040", "timeout_first_byte", "response")
    assert record["upstream"]["total_us"] >= 1_400_000 and "check" in response.json["hint"]


def cut_by_reset(received, connection):
    connection.sendall(head(1000) + b"a" * 600)
    # Waits for its arrival: a reset discards what the other side has not read.
    eventually(lambda: _nothing_unacknowledged(connection), "the acknowledgement of the first bytes")
    reset(connection)


def _nothing_unacknowledged(connection) -> bool:
    pending = array.array("i", [0])
    # SIOCOUTQ: bytes in the send queue that the peer has not acknowledged (tcp(7)).
    fcntl.ioctl(connection.fileno(), 0x5411, pending)
    return pending[0] == 0


def cut_by_close(received, connection):
    connection.sendall(head(1000) + b"a" * 600)
    connection.shutdown(socket.SHUT_RDWR)


def cut_in_a_chunk(received, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n258\r\n" + b"a" * 600 + b"\r\n")
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("target, kind", [(FILE, "download"), (LIST, "read")], ids=["a download", "a read"])
@pytest.mark.parametrize("cut", [cut_by_reset, cut_by_close, cut_in_a_chunk], ids=["a reset", "a short body", "a missing last chunk"])
def test_an_answer_cut_short_is_a_cut_connection_and_the_record_says_so(cut, target, kind, patient_gateway, broken_upstream):
    broken_upstream.handler = cut
    name = f"cut-{uuid.uuid4()}"
    with wire.Connection(patient_gateway.data) as connection:
        connection.send(wire.request("GET", target, [("X-Request-Id", name)]))
        # Whether the head was sent before the end depends on microseconds; a complete answer must never be possible.
        with pytest.raises((wire.Truncated, ConnectionResetError)):
            assert connection.response().status == 200
    (record,) = eventually(
        lambda: [r for r in patient_gateway.journal.records() if r.get("request_id") == name and r["phase"] == "response"], "the record")
    assert (record["outcome"], record["status"], record["kind"]) == ("failure", 200, kind)
    assert record["upstream"]["error"] == "truncated" and record["response_body"]["bytes"] <= 600


def test_an_upstream_that_stalls_in_mid_body_is_cut_off(hurried_gateway, broken_upstream):
    over = threading.Event()

    def stall(received, connection):
        connection.sendall(head(1000) + b"a" * 10)
        over.wait(30)

    broken_upstream.handler = stall
    try:
        with wire.Connection(hurried_gateway.data) as connection:
            connection.send(wire.request("GET", FILE))
            response = connection.head()
            with pytest.raises(wire.Truncated):
                connection.take(1000)
    finally:
        over.set()
    record = hurried_gateway.journal.closing(response.value("Audit-Id"))
    assert (record["outcome"], record["upstream"]["error"]) == ("failure", "timeout_idle")


@pytest.mark.parametrize("warm", [False, True], ids=["on a new connection", "on a kept one"])
@pytest.mark.parametrize("handler", [reset_before_head, close_before_head], ids=["a reset", "a close"])
def test_a_write_whose_answer_is_lost_is_sent_exactly_once(handler, warm, upstream, start):
    gateway = start(upstream.url)
    if warm:
        assert gateway.call("GET", LIST).status == 200
    before = len(upstream.requests)
    upstream.handler = handler
    check_refusal(gateway, gateway.call("POST", EXPORT, JSON, b"{}"), 502, "5022", "connection_lost", "response")
    upstream.handler = lambda received, connection: answer()
    # All calls under way have ended when a later request has its answer.
    assert gateway.call("GET", LIST).status == 200
    assert [received.method for received in upstream.requests[before:]] == ["POST", "GET"]


def test_every_sending_of_a_read_is_counted_also_those_that_libcurl_repeats_before_the_gateway_does(tmp_path, upstream):
    """A kept connection breaks under the request, libcurl sends it again, and the gateway then aborts that call itself."""
    gateway = serve(tmp_path, configuration(tmp_path, upstream.url), {"HSSGW_WORKERS": "1"})
    held = threading.Event()

    def dies(connection):
        connection.shutdown(socket.SHUT_RDWR)

    for sendings, leaves in [([dies, lambda _: answer(b"{}", 503), lambda _: answer()], False), ([dies, lambda _: held.wait(20) and answer()], True)]:
        upstream.handler = lambda received, connection: answer()
        assert gateway.call("GET", LIST).status == 200, "a connection is kept"
        ways, before = iter(sendings), len(upstream.requests)
        upstream.handler = lambda received, connection: next(ways)(connection)
        with wire.Connection(gateway.data) as connection:
            connection.send(wire.request("GET", LIST, [("X-Request-Id", f"leaves-{leaves}")]))
            if leaves:
                eventually(lambda: len(upstream.requests) == before + len(sendings), "the second sending")
            else:
                assert connection.response().status == 200
        record = gateway.journal.closing(f"leaves-{leaves}", "request_id")
        assert record["upstream"]["attempts"] == len(sendings) == len(upstream.requests) - before
        assert record["upstream"].get("error") == ("caller_left" if leaves else None)
    held.set()
    gateway.stop()


def test_a_read_is_tried_again_after_503_and_the_record_counts_it(upstream, start):
    gateway = start(upstream.url)
    statuses = iter([503, 200])
    upstream.handler = lambda received, connection: answer(b"{}", next(statuses))
    response = gateway.call("GET", LIST)
    assert response.status == 200
    assert gateway.journal.closing(response.value("Audit-Id"))["upstream"]["attempts"] == 2
    first, second = upstream.requests
    assert first.target == second.target and first.value("Authorization") and second.value("Authorization")
    assert 'hssgw_upstream_retries_total{reason="503"} 1' in gateway.metrics()

    # The last attempt's answer is passed on, and only a read is tried twice.
    upstream.handler = lambda received, connection: answer(b'{"error_code":"APIGW.0613"}', 503)
    for method, target, body, attempts in [("GET", LIST, None, 2), ("POST", EXPORT, b"{}", 1), ("GET", FILE, None, 1)]:
        before = len(upstream.requests)
        response = gateway.call(method, target, JSON, body)
        assert (response.status, response.error_code) == (503, "APIGW.0613")
        record = gateway.journal.closing(response.value("Audit-Id"))
        assert (record["upstream"]["attempts"], record["outcome"], record["error_code"]) == (attempts, "failure", "APIGW.0613")
        assert len(upstream.requests) == before + attempts


def test_a_caller_that_hangs_up_ends_the_upstreams_work_and_leaves_a_record(upstream, start):
    gateway = start(upstream.url)
    noticed = threading.Event()

    def endless(received, connection):
        try:
            connection.sendall(head(1 << 40))
            while True:
                connection.sendall(b"a" * 65536)
        except OSError:
            noticed.set()

    upstream.handler = endless
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("GET", FILE))
        response = connection.head()
        connection.take(200_000)
    assert noticed.wait(20), "the upstream was never told"
    assert gateway.call("GET", "/v5/_/nothing").status == 403, "the gateway is gone"
    record = gateway.journal.closing(response.value("Audit-Id"))
    assert (record["phase"], record["outcome"], record["upstream"]["error"]) == ("response", "failure", "caller_left")
    # Data that was sent but not acknowledged when the caller's reset came may have arrived or not.
    assert record["response_body"]["bytes"] + record.get("detail", {}).get("unacknowledged_bytes", 0) >= 200_000


@pytest.mark.parametrize("behind", [b"", wire.request("GET", LIST)], ids=["at rest", "with another request in the pipeline"])
def test_a_caller_that_hangs_up_before_the_answer_ends_the_upstreams_work_too(behind, upstream, start):
    gateway = start(upstream.url)
    noticed = threading.Event()

    def wait_for_the_end(received, connection):
        connection.settimeout(20)
        try:
            if connection.recv(1) == b"":
                noticed.set()
        except ConnectionResetError:
            noticed.set()

    upstream.handler = wait_for_the_end
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("POST", EXPORT, JSON + [("X-Request-Id", "left-early")], b"{}") + behind)
        upstream.wait_for(1)
    assert noticed.wait(20), "the upstream was never told"
    (record,) = eventually(
        lambda: [r for r in gateway.journal.records() if r.get("request_id") == "left-early" and r["phase"] == "response"], "the record")
    assert (record["outcome"], record["upstream"]["error"]) == ("failure", "caller_left")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for localhost and its key, in one file each."""
    directory = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem"],
        cwd=directory, check=True, capture_output=True,
    )
    return directory


def test_tls_is_trusted_through_the_configured_authority_only(certificate, start, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    upstream = Upstream(context)
    try:
        stranger = start(upstream.url, directory=tmp_path / "stranger")
        check_refusal(stranger, stranger.call("GET", LIST), 502, "5021", "tls_untrusted", "refusal")
        assert upstream.requests == []

        def trust(document):
            document["upstream"]["ca_file"] = str(certificate / "certificate.pem")

        friend = start(upstream.url, trust, directory=tmp_path / "friend")
        assert friend.call("GET", LIST).status == 200
        assert upstream.requests[0].value("Host") == upstream.url.removeprefix("https://")

        misled = start(upstream.url.replace("localhost", "127.0.0.1"), trust, directory=tmp_path / "misled")
        check_refusal(misled, misled.call("GET", LIST), 502, "5021", "tls_wrong_host", "refusal")
        assert len(upstream.requests) == 1
    finally:
        upstream.close()


def test_an_echoed_token_is_removed_from_the_answer(upstream, start):
    gateway = start(upstream.url)
    data = b'[{"a": "\\u955c", "x_auth_token": "MIIdeeper"}]'
    body = b'{"total_num": 1, "x_auth_token": "MIItokentoken", "data_list": ' + data + b', "general_policy_num": 2}'
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 7]), body[i : i + 7]) for i in range(0, len(body), 7)) + b"0\r\n\r\n"
    head_only = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    for response_bytes in (answer(body), head_only + chunked):
        upstream.handler = lambda received, connection: response_bytes
        for path in ("cluster-protect/policy", "cluster-protect/default-policy", "cluster-protect/policy/some-policy"):
            response = gateway.call("GET", f"/v5/_/{path}")
            assert response.status == 200
            assert b"MII" not in response.body and b"x_auth_token" not in response.body, response.body
            assert response.json["total_num"] == 1 and response.json["general_policy_num"] == 2
            assert response.json["data_list"][0]["a"] == "镜"
