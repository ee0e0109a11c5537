"""A test's IAM: issues tokens, counts every request, and fails as the test requires."""

import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from email.utils import formatdate

from harness.upstream import Received, Upstream, answer


def iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(moment))


class Iam(Upstream):
    """Answers `POST /v3/auth/tokens` for one password."""

    def __init__(self, password: str, lifetime: int = 3600, context: ssl.SSLContext | None = None):
        super().__init__(context)
        self.password, self.lifetime = password, lifetime
        # The expiry of each token.
        self.tokens: dict[str, float] = {}
        self.delay = 0.0
        self.is_down = False
        self.status = 201
        self._issuing = threading.Lock()
        self.handler = self._answer

    def _answer(self, request: Received, connection) -> bytes | None:
        if self.is_down:
            connection.close()
            return None
        time.sleep(self.delay)
        date = [("Date", formatdate(usegmt=True))]
        if self.status != 201:
            return answer(b'{"error":{"code":%d,"message":"no"}}' % self.status, self.status, date)
        if (request.method, request.target.split("?")[0]) != ("POST", "/v3/auth/tokens"):
            return answer(b'{"domains":[{"id":"d"}]}', 200, date)
        if json.loads(request.body)["auth"]["identity"]["password"]["user"]["password"] != self.password:
            return answer(b'{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}', 401, date)
        with self._issuing:
            token = f"MII-canary-token-{len(self.tokens)}-" + "x" * 2000
            end = int(time.time()) + self.lifetime
            self.tokens[token] = end
        body = json.dumps({"token": {"expires_at": iso(end), "methods": ["password"]}}).encode()
        return answer(body, 201, [("X-Subject-Token", token), *date])

    def is_valid(self, token: str) -> bool:
        # A second more than the token says: it may expire while a request is on its way.
        return time.time() < self.tokens.get(token, 0) + 1

    def token_requests(self) -> int:
        return sum(r.target.startswith("/v3/auth/tokens") for r in self.requests)


class CountingFront(Upstream):
    """Forwards everything to a service and counts."""

    def __init__(self, url: str):
        super().__init__()
        self.service = url
        self.handler = self._forward

    def _forward(self, request: Received, connection) -> bytes:
        fields = {name: value for name, value in request.fields if name.lower() not in ("host", "connection", "content-length")}
        forwarded = urllib.request.Request(self.service + request.target, request.body or None, fields, method=request.method)
        try:
            response = urllib.request.urlopen(forwarded, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            kept = [(n, v) for n, v in response.headers.items() if n.lower() in ("x-subject-token", "date")]
            return answer(response.read(), response.status, kept)
