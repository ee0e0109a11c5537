"""Traces: spans of requests and of calls at a collector with the schema, by the caller's decision or by a share; none of it is sent to the cloud."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from harness import wire
from harness.deadline import eventually
from harness.process import ACCESS_KEY, PROJECT, SECRET_KEY, write_secret
from harness.upstream import answer

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
LIST = "/v5/_/vulnerability/vulnerabilities"
TEMPLATE = "/v5/{project_id}/vulnerability/vulnerabilities"
CANARY = "canary-in-a-query-13f0"


class Collector:
    def __init__(self):
        self.spans: list[Span] = []
        self.resources: list[dict] = []
        self.problems: list[str] = []
        self.headers: list[dict] = []
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.statuses.pop(0) if outer.statuses else 200
                if status == 200:
                    outer.keep(self, body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def keep(self, handler, body: bytes):
        self.bodies.append(body)
        self.headers.append(dict(handler.headers))
        if handler.path != "/v1/traces":
            self.problems.append(handler.path)
        # OTLP's JSON has ids in hexadecimal, protobuf's own has bytes in Base64.
        document = json.loads(body)
        for resource in document["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    for name in ("traceId", "spanId", "parentSpanId"):
                        if name in span:
                            span[name] = __import__("base64").b64encode(bytes.fromhex(span[name])).decode()
        try:
            request = json_format.ParseDict(document, ExportTraceServiceRequest())
        except json_format.ParseError as error:
            self.problems.append(str(error))
            return
        for resource in request.resource_spans:
            self.resources.append({a.key: a.value.string_value for a in resource.resource.attributes})
            for scope in resource.scope_spans:
                self.spans += scope.spans

    def wait(self, count: int) -> list[Span]:
        eventually(lambda: len(self.spans) >= count, f"{count} spans")
        assert self.problems == []
        return self.spans

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


def traced(collector, **more):
    return lambda document: document.update(tracing={"endpoint": collector.url, **more})


def attributes(span: Span) -> dict:
    return {a.key: a.value.int_value if a.value.HasField("int_value") else a.value.string_value for a in span.attributes}


def metric(gateway, name: str) -> int:
    return next(int(line.split()[1]) for line in gateway.metrics().splitlines() if line.startswith(name + " "))


def by_kind(spans, kind) -> list[Span]:
    return [span for span in spans if span.kind == kind]


def test_a_callers_trace_goes_on_through_the_gateway_and_stops_before_the_cloud(start, upstream, collector):
    upstream.handler = lambda request, connection: answer(status=200)
    gateway = start(upstream.url, traced(collector, sample=0))
    response = gateway.call("GET", f"{LIST}?host_name={CANARY}", [("traceparent", TRACEPARENT), ("tracestate", "a=1"), ("tracestate", "b=2")])
    assert response.status == 200
    spans = collector.wait(2)
    (server,), (client,) = by_kind(spans, Span.SPAN_KIND_SERVER), by_kind(spans, Span.SPAN_KIND_CLIENT)
    assert server.trace_id.hex() == client.trace_id.hex() == TRACE and server.parent_span_id.hex() == PARENT
    assert client.parent_span_id == server.span_id and server.trace_state == client.trace_state == "a=1,b=2"
    assert server.name == f"GET {TEMPLATE}" and client.name == "GET"
    assert server.start_time_unix_nano <= client.start_time_unix_nano <= client.end_time_unix_nano <= server.end_time_unix_nano
    facts = attributes(server)
    assert facts["http.request.method"] == "GET" and facts["url.path"] == TEMPLATE and facts["http.response.status_code"] == 200
    assert facts["hssgw.caller"] == "team" and facts["hssgw.operation"] == "ListVulnerabilities" and "error.type" not in facts
    assert facts["hssgw.audit_id"] == response.value("Audit-Id")
    assert attributes(client) == {
        "http.request.method": "GET", "server.address": "127.0.0.1", "server.port": int(upstream.address.split(":")[1]), "http.response.status_code": 200}
    assert collector.resources[0]["service.name"] == "hss-gateway" and collector.resources[0]["service.version"]
    sent = {name.lower() for name, _ in upstream.requests[0].fields}
    assert not sent & {"traceparent", "tracestate"}
    record = gateway.journal.closing(response.value("Audit-Id"))
    assert record["detail"]["traceparent"] == TRACEPARENT
    body = b"".join(collector.bodies).decode()
    assert not any(secret in body for secret in (CANARY, SECRET_KEY, ACCESS_KEY, PROJECT))


def test_a_trace_that_its_caller_does_not_sample_is_recorded_and_not_exported(start, upstream, collector):
    gateway = start(upstream.url, traced(collector, sample=1))
    unsampled = gateway.call("GET", LIST, [("traceparent", TRACEPARENT[:-1] + "0")])
    assert gateway.journal.closing(unsampled.value("Audit-Id"))["detail"]["traceparent"] == TRACEPARENT[:-1] + "0"
    own = gateway.call("GET", LIST)
    spans = collector.wait(2)
    assert {span.trace_id.hex() for span in spans} != {TRACE} and len({span.trace_id for span in spans}) == 1
    trace = gateway.journal.closing(own.value("Audit-Id"))["detail"]["traceparent"]
    server = by_kind(spans, Span.SPAN_KIND_SERVER)[0]
    assert trace == f"00-{server.trace_id.hex()}-{server.span_id.hex()}-01" and not server.parent_span_id


@pytest.mark.parametrize("fields", [
    [("traceparent", TRACEPARENT), ("traceparent", TRACEPARENT)], [("traceparent", TRACEPARENT.upper())], [("traceparent", "x" * 5000)],
    [("traceparent", f"00-{'0' * 32}-{PARENT}-01")], [("traceparent", f"ff-{TRACE}-{PARENT}-01")], [("tracestate", "a=1")],
], ids=["twice", "upper case", "long", "zeros", "version ff", "a state alone"])
def test_a_parent_that_is_none_is_no_trace_and_no_fault(fields, start, upstream, collector):
    gateway = start(upstream.url, traced(collector, sample=0))
    response = gateway.call("GET", LIST, fields)
    assert response.status == 200
    assert "traceparent" not in gateway.journal.closing(response.value("Audit-Id")).get("detail", {})
    gateway.stop()
    assert collector.spans == []


def test_refusals_and_retries_are_spans_with_their_errors(start, upstream, collector):
    statuses = [503, 200]
    upstream.handler = lambda request, connection: answer(status=statuses.pop(0) if statuses else 200)
    gateway = start(upstream.url, traced(collector, sample=1))
    assert gateway.call("GET", LIST).status == 200
    spans = collector.wait(3)
    calls = sorted(by_kind(spans, Span.SPAN_KIND_CLIENT), key=lambda span: span.start_time_unix_nano)
    first, second = map(attributes, calls)
    assert first["error.type"] == "503" and first["http.response.status_code"] == 503 and calls[0].status.code == Status.STATUS_CODE_ERROR
    assert second["http.request.resend_count"] == 1 and calls[1].status.code == Status.STATUS_CODE_UNSET
    assert gateway.call("GET", "/v5/_/nothing/of/the/kind").status == 403
    spans = collector.wait(4)
    refused = attributes(spans[-1])
    assert refused["error.type"] == "HSSGW.4030" and refused["http.response.status_code"] == 403 and spans[-1].name == "GET"


def test_the_cloud_is_told_the_trace_where_the_operator_asks_for_it(start, upstream, collector):
    gateway = start(upstream.url, traced(collector, sample=0, propagate=True))
    gateway.call("GET", LIST, [("traceparent", TRACEPARENT), ("tracestate", "a=1")])
    client = by_kind(collector.wait(2), Span.SPAN_KIND_CLIENT)[0]
    assert upstream.requests[0].value("traceparent") == f"00-{TRACE}-{client.span_id.hex()}-01"
    assert upstream.requests[0].value("tracestate") == "a=1"
    gateway.call("GET", LIST + "?limit=2", [("traceparent", TRACEPARENT[:-1] + "0")])
    assert upstream.requests[1].value("traceparent") == TRACEPARENT[:-1] + "0"
    gateway.call("GET", LIST + "?limit=3")
    assert upstream.requests[2].values("traceparent") == []


def test_off_by_default_the_callers_trace_is_recorded_all_the_same(start, upstream):
    gateway = start(upstream.url)
    response = gateway.call("GET", LIST, [("traceparent", TRACEPARENT)])
    assert gateway.journal.closing(response.value("Audit-Id"))["detail"]["traceparent"] == TRACEPARENT
    assert not upstream.requests[0].values("traceparent")
    assert metric(gateway, "hssgw_trace_spans_exported_total") == metric(gateway, "hssgw_trace_spans_dropped_total") == 0


def test_a_collector_that_fails_is_asked_again_and_then_spans_are_counted_as_dropped(start, upstream, collector, tmp_path):
    headers = write_secret(tmp_path / "headers", "Authorization: Bearer canary-token\n")
    gateway = start(upstream.url, traced(collector, sample=1, headers_file=headers))
    collector.statuses = [503, 503]
    gateway.call("GET", LIST)
    collector.wait(2)
    assert collector.headers[0]["Authorization"] == "Bearer canary-token"
    eventually(lambda: metric(gateway, "hssgw_trace_spans_exported_total") == 2, "the count")
    assert metric(gateway, "hssgw_trace_spans_dropped_total") == 0
    collector.statuses = [401]
    gateway.call("GET", LIST + "?limit=2")
    eventually(lambda: metric(gateway, "hssgw_trace_spans_dropped_total") == 2, "the dropped spans")
    eventually(lambda: "spans can't be exported" in gateway.log, "the line")
    assert "canary-token" not in gateway.log
    assert gateway.call("GET", LIST + "?limit=3").status == 200


def test_a_reload_brings_another_collector_and_takes_tracing_away(start, upstream, collector):
    gateway = start(upstream.url)
    path = gateway.directory / "gateway.yaml"
    document = json.loads(path.read_text())

    def reload(tracing):
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({**document, **tracing}))
        fresh.rename(path)
        assert wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")]).status == 200

    reload({"tracing": {"endpoint": collector.url, "sample": 1}})
    gateway.call("GET", LIST)
    collector.wait(2)
    reload({})
    gateway.call("GET", LIST + "?limit=2")
    gateway.stop()
    assert len(collector.spans) == 2
