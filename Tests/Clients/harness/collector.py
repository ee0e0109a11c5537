"""An OTLP collector that knows the schema: it parses its input with OpenTelemetry's own definitions, and fails as the test requires."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest


class Collector:
    def __init__(self):
        self.records = []
        self.headers = []
        self.faults = []
        self.refused = 0
        self.problems = []
        # Bodies that contain this are refused as bad.
        self.poison = None
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.receive(self, body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def receive(self, handler, body: bytes):
        with self.lock:
            fault = self.faults.pop(0) if self.faults else None
            status, fields, answer = 200, {}, b"{}"
            if fault:
                status, fields, answer = fault
            if self.poison and self.poison in body:
                status, answer = 400, b'{"code":3}'
            if status == 200:
                self.keep(handler, body)
            else:
                self.refused += 1
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(answer)), **fields}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer)

    def keep(self, handler, body: bytes):
        try:
            request = json_format.Parse(body, ExportLogsServiceRequest())
        except json_format.ParseError as error:
            self.problems.append(str(error))
            return
        if handler.path != "/v1/logs":
            self.problems.append(handler.path)
        self.headers.append(dict(handler.headers))
        for resource in request.resource_logs:
            names = {a.key: a.value.string_value for a in resource.resource.attributes}
            if names.get("service.name") != "hss-gateway" or not names.get("service.instance.id"):
                self.problems.append(str(names))
            for scope in resource.scope_logs:
                self.records += scope.log_records

    def lines(self) -> dict[int, bytes]:
        """By number; a record that came twice must be identical."""
        lines = {}
        with self.lock:
            for record in self.records:
                number = next(a.value.int_value for a in record.attributes if a.key == "hssgw.seq")
                line = record.body.string_value.encode()
                assert lines.setdefault(number, line) == line
        return lines

    def close(self):
        self.server.shutdown()
        self.server.server_close()
