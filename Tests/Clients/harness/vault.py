"""A server with the part of HashiCorp Vault's HTTP API that the gateway uses: health, login, tokens, KV version 2. Tests control its behaviour."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Vault:
    def __init__(self, jwt: str = ""):
        self.jwt = jwt
        #: The stored secrets by mount and path, with their version.
        self.secrets: dict[str, dict] = {}
        self.versions: dict[str, int] = {}
        #: Valid tokens: until when, and how long each renewal is valid.
        self.tokens: dict[str, tuple[float, int]] = {}
        self.sealed = False
        self.calls: list[tuple[str, str]] = []
        self.namespaces: set[str | None] = set()
        #: The delay of each answer in seconds, and an answer that replaces the real one.
        self.delay = 0.0
        self.is_away = False
        self.lie: tuple[int, bytes] | None = None
        #: How many calls of a path are still answered with 500.
        self.failures: dict[str, int] = {}
        self.lease = 3600
        #: How much longer a token is taken than it says: a machine that stands still for a moment must not end it.
        self.grace = 0
        self._logins = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self, "GET", {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.answer(self, "POST", json.loads(body or b"{}"))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def go_away(self):
        """Stops answering: new connections are refused, and existing ones end without an answer."""
        self.is_away = True
        self.server.socket.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def put(self, path: str, **fields):
        self.versions[path] = self.versions.get(path, 0) + 1
        self.secrets[path] = fields

    def grant(self, token: str, seconds: int = 3600):
        self.tokens[token] = (time.time() + seconds, seconds)

    def answer(self, handler, method: str, body: dict):
        self.calls.append((method, handler.path))
        if self.is_away:
            handler.close_connection = True
            return
        time.sleep(self.delay)
        if self.failures.get(handler.path, 0) > 0:
            self.failures[handler.path] -= 1
            status, text = 500, b'{"errors":["internal error"]}'
        else:
            status, text = self.lie if self.lie and not handler.path.startswith("/v1/sys/") else self.truth(handler, method, body)
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        try:
            handler.wfile.write(text)
        except OSError:
            pass

    def truth(self, handler, method: str, body: dict) -> tuple[int, bytes]:
        def errors(status: int, *texts: str):
            return status, json.dumps({"errors": list(texts)}).encode()

        self.namespaces.add(handler.headers.get("X-Vault-Namespace"))
        if handler.path == "/v1/sys/health":
            return (503 if self.sealed else 200), json.dumps({"initialized": True, "sealed": self.sealed, "standby": False}).encode()
        if self.sealed:
            return errors(503, "Vault is sealed")
        if handler.headers.get("X-Vault-Request") != "true":
            return errors(412, "missing header")
        if handler.path == "/v1/auth/kubernetes/login":
            if body.get("jwt") != self.jwt or body.get("role") != "gateway":
                return errors(403, "permission denied")
            self._logins += 1
            token = f"hvs.canary-login-{self._logins}"
            self.grant(token, self.lease)
            auth = {"client_token": token, "lease_duration": self.lease, "renewable": True, "policies": ["default"]}
            return 200, json.dumps({"auth": auth, "data": None}).encode()
        token = handler.headers.get("X-Vault-Token") or ""
        if self.tokens.get(token, (0, 0))[0] + self.grace < time.time():
            return errors(403, "permission denied", "invalid token")
        if handler.path == "/v1/auth/token/lookup-self":
            left = int(self.tokens[token][0] - time.time())
            return 200, json.dumps({"data": {"ttl": left, "renewable": True, "id": token}}).encode()
        if handler.path == "/v1/auth/token/renew-self" and method == "POST":
            self.grant(token, self.tokens[token][1])
            return 200, json.dumps({"auth": {"client_token": token, "lease_duration": self.tokens[token][1], "renewable": True}}).encode()
        mount, _, path = handler.path.removeprefix("/v1/").partition("/data/")
        kept = self.secrets.get(f"{mount}/{path}")
        if kept is None:
            return errors(404)
        metadata = {"version": self.versions[f"{mount}/{path}"], "created_time": "2026-11-28T00:00:00Z", "deletion_time": "", "destroyed": False}
        return 200, json.dumps({"data": {"data": kept, "metadata": metadata}, "lease_duration": 0, "renewable": False}).encode()
