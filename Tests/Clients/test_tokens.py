"""JSON Web Tokens made by another library, with keys from files and from a server."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from harness.commands import run
from harness.deadline import eventually
from harness.process import PROJECT, configuration, serve

TARGET = f"/v5/{PROJECT}/host-management/hosts?limit=10"
ISSUER, AUDIENCE = "https://kubernetes.default.svc.cluster.local", "hss-gateway"
SUBJECT = "system:serviceaccount:security:scanner"


class Signer:
    def __init__(self, key, algorithm: str, identifier: str):
        self.key, self.algorithm, self.identifier = key, algorithm, identifier

    @property
    def public(self) -> dict:
        families = {"RS": jwt.algorithms.RSAAlgorithm, "PS": jwt.algorithms.RSAAlgorithm, "ES": jwt.algorithms.ECAlgorithm}
        family = families.get(self.algorithm[:2], jwt.algorithms.OKPAlgorithm)
        return json.loads(family.to_jwk(self.key.public_key())) | {"kid": self.identifier, "use": "sig"}

    def token(self, headers: dict | None = None, **claims) -> str:
        now = int(time.time())
        payload = {"iss": ISSUER, "aud": [AUDIENCE], "sub": SUBJECT, "iat": now, "nbf": now, "exp": now + 600} | claims
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(payload, self.key, algorithm=self.algorithm, headers={"kid": self.identifier} | (headers or {}))


SIGNERS = [
    Signer(rsa.generate_private_key(65537, 2048), "RS256", "rsa"), Signer(rsa.generate_private_key(65537, 2048), "PS384", "pss"),
    Signer(ec.generate_private_key(ec.SECP256R1()), "ES256", "p256"), Signer(ec.generate_private_key(ec.SECP384R1()), "ES384", "p384"),
    Signer(ec.generate_private_key(ec.SECP521R1()), "ES512", "p521"), Signer(ed25519.Ed25519PrivateKey.generate(), "EdDSA", "ed"),
]


def callers(jwks: str) -> list[dict]:
    rule = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": jwks}
    return [
        {"name": "scanner", "authenticate": {"jwt": rule | {"claims": {"sub": SUBJECT}}}, "projects": ["prod"]},
        {"name": "admins", "authenticate": {"jwt": rule | {"claims": {"groups": "admins"}}}, "projects": ["prod"]},
        {
            "name": "near", "authenticate": {"jwt": rule | {"claims": {"sub": "near"}}, "cidr": ["10.0.0.0/8"]}, "projects": ["prod"],
        },
        {"name": "network", "authenticate": {"cidr": ["127.0.0.0/8"]}, "projects": ["prod"]},
    ]


@pytest.fixture(scope="module")
def gateway(sandbox, tmp_path_factory):
    directory = tmp_path_factory.mktemp("tokens")
    document = configuration(directory, sandbox.url)
    (directory / "jwks.json").write_text(json.dumps({"keys": [signer.public for signer in SIGNERS]}))
    document["callers"] = callers("jwks.json")
    gateway = serve(directory, document)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


def ask(gateway, token: str, header="Authorization"):
    return gateway.call("GET", TARGET, [(header, f"Bearer {token}" if header == "Authorization" else token)])


def caller_of(gateway, answer) -> dict:
    return gateway.journal.closing(answer.value("Audit-Id"))["caller"]


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.algorithm)
def test_every_accepted_algorithm_proves_a_service_account(gateway, signer):
    for header in ("Authorization", "X-HSSGW-Token"):
        answer = ask(gateway, signer.token(), header)
        assert answer.status == 200, answer.body
        assert caller_of(gateway, answer) == {"name": "scanner", "method": "jwt", "address": "127.0.0.1"}


def test_claims_decide_between_callers_and_kinds_add_up(gateway):
    signer = SIGNERS[2]
    assert caller_of(gateway, ask(gateway, signer.token(sub="someone", groups=["users", "admins"])))["name"] == "admins"
    assert caller_of(gateway, ask(gateway, signer.token(aud=AUDIENCE)))["name"] == "scanner"
    for claims in ({"sub": "someone"}, {"sub": "near"}, {"aud": ["other"]}, {"groups": "admin", "sub": "x"}):
        answer = ask(gateway, signer.token(**claims))
        assert (answer.status, answer.error_code) == (401, "HSSGW.4010"), claims


def unsigned(header: dict, **claims) -> str:
    def part(value) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part({'iss': ISSUER, 'aud': AUDIENCE, 'sub': SUBJECT, 'exp': int(time.time()) + 600} | claims)}."


def bad_tokens() -> dict[str, str]:
    now = int(time.time())
    rsa_signer, ec_signer = SIGNERS[0], SIGNERS[2]
    forged = Signer(ec.generate_private_key(ec.SECP256R1()), "ES256", "p256")
    good = rsa_signer.token().split(".")
    confused = unsigned({"alg": "HS256", "kid": "rsa"})[:-1]
    public = json.dumps(rsa_signer.public).encode()
    code = base64.urlsafe_b64encode(hmac.new(public, confused.encode(), hashlib.sha256).digest()).decode().rstrip("=")
    return {
        "forged": forged.token(), "expired": ec_signer.token(exp=now - 60), "early": ec_signer.token(nbf=now + 120), "eternal": ec_signer.token(exp=None),
        "unsigned": unsigned({"alg": "none"}), "unsigned in capitals": unsigned({"alg": "NONE"}), "a public key as a secret": f"{confused}.{code}",
        "another payload": ".".join([good[0], ec_signer.token(sub="near").split(".")[1], good[2]]), "cut": ".".join(good[:2]) + ".",
        "another algorithm of the key's family": jwt.encode(
            {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": now + 60}, SIGNERS[4].key, algorithm="ES512", headers={"kid": "p256"}),
        "an unknown key": Signer(ec_signer.key, "ES256", "unknown").token(),
    }


@pytest.mark.parametrize("name", bad_tokens())
def test_a_bad_token_is_refused_although_the_address_alone_would_do(gateway, name):
    token = bad_tokens()[name]
    answer = ask(gateway, token)
    assert (answer.status, answer.error_code) == (401, "HSSGW.4010"), answer.body
    assert token.split(".")[1] not in answer.body.decode()


def test_foreign_tokens_are_none_of_our_business(gateway):
    for token in (SIGNERS[2].token(iss="https://other.example"), "opaque", "a.b.c"):
        assert caller_of(gateway, ask(gateway, token))["name"] == "network"
    assert gateway.call("GET", TARGET).status == 200


def test_no_token_is_kept(gateway):
    token = SIGNERS[0].token(canary="c4n4ry")
    assert ask(gateway, token).status == 200
    for path in [file for file in gateway.directory.rglob("*") if file.is_file()]:
        assert token.split(".")[2].encode() not in path.read_bytes() and token.split(".")[1].encode() not in path.read_bytes(), path


class Publisher:
    """An issuer's server; `keys` is what it publishes, `status` its answer's."""

    def __init__(self):
        self.keys: list[dict] = []
        self.status = 200
        self.count = 0
        publisher = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                publisher.count += 1
                body = json.dumps({"keys": publisher.keys}).encode()
                self.send_response(publisher.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/openid/v1/jwks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def publisher():
    publisher = Publisher()
    yield publisher
    publisher.close()


def test_an_issuer_that_is_down_at_start_is_asked_again_and_meanwhile_nobody_is_proven(sandbox, start, publisher):
    publisher.status = 503
    gateway = start(sandbox.url, lambda document: document.update(callers=callers(publisher.url)))
    eventually(lambda: publisher.count >= 1, "the first fetch")
    signer = SIGNERS[0]
    answer = ask(gateway, signer.token())
    assert (answer.status, answer.error_code) == (401, "HSSGW.4010") and answer.value("Retry-After")
    publisher.keys, publisher.status = [signer.public], 200
    eventually(lambda: ask(gateway, signer.token()).status == 200, "the keys", patience=30)
    # Tokens with made-up key ids cause no storm of fetches.
    before, began = publisher.count, time.monotonic()
    for number in range(50):
        assert ask(gateway, Signer(SIGNERS[2].key, "ES256", f"made-up-{number}").token()).error_code == "HSSGW.4010"
    # At most one in ten seconds, however long the fifty take.
    assert publisher.count <= before + 1 + (time.monotonic() - began) // 10
    assert ask(gateway, signer.token()).status == 200


def test_a_replaced_key_set_file_is_in_force_within_moments(sandbox, start, tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [SIGNERS[2].public]}))
    gateway = start(sandbox.url, lambda document: document.update(callers=callers(str(path))))
    old, new = SIGNERS[2], SIGNERS[3]
    assert ask(gateway, old.token()).status == 200 and ask(gateway, new.token()).status == 401
    (tmp_path / "new").write_text(json.dumps({"keys": [new.public]}))
    (tmp_path / "new").rename(path)
    eventually(lambda: ask(gateway, new.token()).status == 200, "the new key")
    # A token that was accepted with a key that is gone is not accepted any more.
    assert ask(gateway, old.token()).status == 401
    (tmp_path / "new").write_text("nonsense")
    (tmp_path / "new").rename(path)
    eventually(lambda: any(record.get("event") == "key_set_refused" for record in gateway.journal.records()), "the event")
    assert ask(gateway, new.token()).status == 200


def test_issuers_that_share_a_key_set_file_all_get_the_new_keys(sandbox, start, tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [SIGNERS[2].public]}))
    issuers = ("https://one.test", "https://two.test")

    def change(document):
        document["callers"] = [
            {"name": f"team-{number}", "projects": ["prod"], "authenticate": {
                "jwt": {"issuer": issuer, "audience": AUDIENCE, "jwks": str(path), "claims": {"sub": SUBJECT}}}}
            for number, issuer in enumerate(issuers)
        ]

    gateway = start(sandbox.url, change)
    assert [ask(gateway, SIGNERS[2].token(iss=issuer)).status for issuer in issuers] == [200, 200]
    (tmp_path / "new").write_text(json.dumps({"keys": [SIGNERS[3].public]}))
    (tmp_path / "new").rename(path)
    # Without a token of the new keys: an unknown key id would have them read at once.
    eventually(lambda: [ask(gateway, SIGNERS[2].token(iss=issuer)).status for issuer in issuers] == [401, 401], "the end of the old keys")
    assert [ask(gateway, SIGNERS[3].token(iss=issuer)).status for issuer in issuers] == [200, 200]


def test_config_check_names_what_is_wrong_with_key_sets(sandbox, tmp_path):
    document = configuration(tmp_path, sandbox.url)
    secret = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(SIGNERS[2].key)) | {"kid": "leak"}
    small = Signer(rsa.generate_private_key(65537, 1024), "RS256", "small")
    for text, word in (
        ("{", "is not a JSON Web Key Set"), ('{"keys": []}', "holds no public key"), (json.dumps({"keys": [secret]}), "holds a private key"),
        (json.dumps({"keys": [SIGNERS[0].public | {"dp": "AQAB"}]}), "holds a private key"),
        (json.dumps({"keys": [small.public]}), "holds no public key"), (json.dumps({"keys": [{"kty": "oct", "k": "AAAA"}]}), "holds no public key"),
    ):
        (tmp_path / "jwks.json").write_text(text)
        document["callers"] = callers("jwks.json")
        (tmp_path / "gateway.yaml").write_text(json.dumps(document, indent=1))
        done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
        assert done.returncode == 3 and word in done.stderr and "gateway.yaml:" in done.stderr, done.stderr
        assert "AAAA" not in done.stderr and secret["d"] not in done.stderr
        assert run(tmp_path, "serve", "--config", "gateway.yaml").returncode == 3
