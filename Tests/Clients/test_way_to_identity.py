"""The connections to identity services and token issuers follow the configuration in force, not the one of the start."""

import json
import ssl
from pathlib import Path

import pytest

from harness import wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.iam import Iam
from harness.process import REGION, write_secret
from harness.upstream import Upstream, answer
from test_tokens import SIGNERS, callers

LIST = "/v5/_/vulnerability/vulnerabilities"
PASSWORD = "canary-password-71aa"
# Nothing listens there: only a proxy can answer for it.
NOWHERE = "http://127.0.0.1:9"


def by_password(document, iam: str):
    document["regions"][REGION]["iam"] = iam
    password = write_secret(Path(document["credentials"][0]["secret_key_file"]).parent / "password", PASSWORD)
    document["credentials"] = [{"name": "keys", "type": "iam_password", "domain": "acme", "username": "robot", "password_file": password}]


def reconfigure(gateway, **upstream):
    path = gateway.directory / "gateway.yaml"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({**json.loads(path.read_text()), "upstream": upstream}))
    fresh.rename(path)
    response = wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")])
    assert response.status == 200, response.body


def has_no_token(gateway):
    eventually(lambda: any(r.get("event") == "credential_renewal_failed" for r in gateway.journal.records()), "the failed renewal's record")
    assert gateway.call("GET", LIST).error_code == "HSSGW.5030"


def test_an_authority_that_a_reload_brings_is_trusted_by_what_is_asked_next(start, upstream, tmp_path):
    authority = Authority(tmp_path / "authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("iam", "DNS:localhost", usage="serverAuth"))
    iam = Iam(PASSWORD, context=context)
    try:
        gateway = start(upstream.url, lambda document: by_password(document, iam.url))
        has_no_token(gateway)
        assert iam.requests == []
        reconfigure(gateway, ca_file=authority.certificate)
        eventually(lambda: gateway.call("GET", LIST).status == 200, "a token")
        # Back to the original connection, the token is still valid.
        reconfigure(gateway)
        assert gateway.call("GET", LIST).status == 200
        assert iam.token_requests() == 1
    finally:
        iam.close()


@pytest.fixture
def proxy():
    """A proxy that stands for everything behind it: IAM, HSS, and an issuer's keys."""
    iam, proxy = Iam(PASSWORD), Upstream()
    proxy.passed = []

    def handler(request, connection):
        if request.method == "CONNECT":
            return b"HTTP/1.1 200 Connected\r\n\r\n"
        proxy.passed.append(request.target)
        if request.target == "/jwks":
            return answer(json.dumps({"keys": [SIGNERS[2].public]}).encode())
        return iam.handler(request, connection) if request.target.startswith("/v3/") else answer()

    proxy.handler = handler
    yield proxy
    proxy.close()
    iam.close()


def test_a_proxy_that_a_reload_brings_leads_to_iam_and_to_issuers(start, upstream, proxy):
    def change(document):
        by_password(document, NOWHERE)
        document["callers"] = callers(NOWHERE + "/jwks")

    gateway = start(upstream.url, change)
    has_no_token(gateway)
    token = [("X-HSSGW-Token", SIGNERS[2].token())]
    assert gateway.call("GET", LIST, token).error_code == "HSSGW.4010"
    reconfigure(gateway, proxy=proxy.url)
    # The keys are known when the configuration comes into force: no token is refused because they are still
    # being fetched.
    assert gateway.call("GET", LIST, token).error_code != "HSSGW.4010"
    eventually(lambda: gateway.call("GET", LIST, token).status == 200, "a token of IAM's")
    assert "/jwks" in proxy.passed and any(path.startswith("/v3/auth/tokens") for path in proxy.passed)
    assert upstream.requests == []
