"""Destinations of checkpoints, each a real server that can be stopped for a while: `up()`, `down()`, and its notes."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness.ports import free_port
from harness.postgres import PostgreSQL
from harness.process import write_secret
from harness.syslog import Rsyslog


class HTTPWitness:
    """Stores what is POSTed to /checkpoints with the right token."""

    def __init__(self, directory: Path):
        self.kept = []
        self.port = free_port()
        self.server = None
        self.token = "witness-token-1"
        headers = write_secret(directory / "witness-headers", f"Authorization: Bearer {self.token}\n")
        self.setting = {"type": "http", "endpoint": f"http://127.0.0.1:{self.port}/checkpoints", "headers_file": headers}

    def up(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                note = self.rfile.read(int(self.headers["Content-Length"])).decode()
                is_known = self.headers["Authorization"] == f"Bearer {outer.token}"
                if is_known and self.path == "/checkpoints" and self.headers["Content-Type"].startswith("text/plain"):
                    outer.kept.append(note)
                self.send_response(201 if is_known else 401)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def down(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def notes(self) -> list[str]:
        return list(self.kept)

    close = down


class SyslogWitness:
    """rsyslog over TLS; the notes are read from its file as the documentation describes."""

    def __init__(self, directory: Path):
        self.server = Rsyslog(directory / "rsyslog")
        self.setting = {"type": "syslog", "address": f"tls://localhost:{self.server.port}", "ca_file": str(self.server.authority)}

    def up(self):
        self.server.start()

    def down(self):
        if self.server.process:
            self.server.kill()

    def notes(self) -> list[str]:
        if not self.server.output.exists():
            return []
        texts = [line.partition("] ")[2].strip() for line in self.server.output.read_text().split("\n")[:-1]]
        return [subprocess.run(["printf", "%b", text], capture_output=True, text=True, check=True).stdout for text in texts]

    close = down


class PostgreSQLWitness:
    def __init__(self, directory: Path):
        self.database = PostgreSQL()
        self.setting = {"type": "postgresql", "url_file": write_secret(directory / "witness-url", self.database.url)}

    def up(self):
        self.database.start()

    def down(self):
        if self.database.process and self.database.process.poll() is None:
            self.database.kill()

    def notes(self) -> list[str]:
        text = self.database.query("SELECT encode(convert_to(note, 'UTF8'), 'hex') FROM hssgw_checkpoints ORDER BY size", check=False)
        return [bytes.fromhex(line).decode() for line in text.split("\n") if line and "ERROR" not in line]

    def close(self):
        self.database.close()


WITNESSES = {"http": HTTPWitness, "syslog": SyslogWitness, "postgresql": PostgreSQLWitness}
