"""The admin port with tokens and roles, TLS with certificates that are replaced, client certificates."""

import re
import socket
import ssl
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from harness import ending_certificates, wire
from harness.certificates import Authority
from harness.commands import run
from harness.deadline import eventually
from harness.process import configuration, serve

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "docs" / "admin-openapi.yaml").read_text())
OPERATIONS = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
# Paths that are open without a token; and actions for operators only.
OPEN = re.compile(r"/livez|/|/console.*")
TOKENS = {"auditor": "a" * 40, "operator": "o" * 40, "old": "l" * 40}
# The address isn't in it, so the name is decisive.
SERVER = "DNS:admin.test"


def secret(directory: Path, name: str, text: str) -> str:
    path = directory / name
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def guarded(directory: Path) -> dict:
    return {
        "address": "127.0.0.1:0", "token_file": secret(directory, "old", TOKENS["old"]),
        "tokens": [
            {"name": "revision", "role": "auditor", "token_file": secret(directory, "auditor", TOKENS["auditor"])},
            {"name": "night-shift", "role": "operator", "token_file": secret(directory, "operator", TOKENS["operator"])},
        ],
    }


@pytest.fixture
def gateway(start, upstream, tmp_path):
    return start(upstream.url, lambda document: document.update(admin=guarded(tmp_path)))


def call(gateway, method: str, path: str, token: str | None = None) -> wire.Response:
    fields = [("Authorization", f"Bearer {token}")] if token else []
    return wire.call(gateway.admin, method, path, fields, timeout=60)


def test_each_role_may_do_on_each_path_what_the_description_lets_it(gateway):
    assert len(OPERATIONS) > 20
    for method, path in OPERATIONS:
        target = re.sub(r"\{\w+\}", "0", path)
        is_change = method != "GET" and not re.fullmatch(r"/audit/verifications.*|/explain", path)
        if OPEN.fullmatch(path):
            assert call(gateway, method, target).status in (200, 404), (method, path)
            continue
        without = call(gateway, method, target)
        assert without.status == 401 and "token" in without.json["error"] and without.value("WWW-Authenticate") == "Bearer", (method, path)
        auditor = call(gateway, method, target, TOKENS["auditor"])
        if is_change:
            assert auditor.status == 403 and "auditor" in auditor.json["error"], (method, path)
        else:
            assert auditor.status not in (401, 403), (method, path)
        for name in ("operator", "old"):
            assert call(gateway, method, target, TOKENS[name]).status not in (401, 403), (method, path)
    assert call(gateway, "GET", "/nowhere").status == 401
    assert call(gateway, "GET", "/nowhere", TOKENS["auditor"]).status == 404


def test_who_asks_learns_its_role_and_who_reads_is_recorded_by_name(gateway):
    for token, name, role in (("auditor", "revision", "auditor"), ("operator", "night-shift", "operator"), ("old", "operator", "operator")):
        assert call(gateway, "GET", "/-/whoami", TOKENS[token]).json == {"name": name, "role": role}
        # In every spelling of the path.
        for path in ("/audit/records", "//audit/records", "/audit/checkpoint"):
            call(gateway, "GET", path, TOKENS[token])
    readers = [record["detail"]["reader"] for record in gateway.journal.records() if record.get("event") == "evidence_read"]
    assert readers == ["revision", "night-shift", "operator"]


def test_a_replaced_token_counts_at_once_and_a_wrong_one_is_answered_late(gateway, tmp_path):
    secret(tmp_path, "auditor", "b" * 40)
    assert call(gateway, "GET", "/version", "b" * 40).status == 200
    wrong = call(gateway, "GET", "/version", TOKENS["auditor"])
    assert wrong.status == 401 and "invalid_token" in wrong.value("WWW-Authenticate")
    metrics = call(gateway, "GET", "/metrics", TOKENS["operator"]).body.decode()
    assert "\nhssgw_admin_auth_failures_total 1\n" in metrics


@pytest.mark.parametrize("change,said", [
    (lambda admin: admin["tokens"][0].update(role="root"), "role"),
    (lambda admin: admin["tokens"][0].pop("role"), "role"),
    (lambda admin: admin["tokens"][0].update(name="night-shift"), "same name"),
    (lambda admin: admin["tokens"][0].update(name="operator"), "admin.token_file"),
    (lambda admin: admin["tokens"][0].pop("token_file"), "token_file"),
    (lambda admin: admin["tokens"][0].update(token_file="/nowhere/token"), "/nowhere"),
    (lambda admin: admin.update(tls={"certificate_file": "/nowhere/x.pem"}), "private_key_file"),
    (lambda admin: admin.clear() or admin.update(address="0.0.0.0:9090"), "client_ca_file"),
])
def test_bad_settings_are_named(tmp_path, change, said):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    document["admin"] = guarded(tmp_path)
    change(document["admin"])
    file = tmp_path / "bad.yaml"
    file.write_text(yaml.safe_dump(document))
    found = run(tmp_path, "config", "check", "--config", str(file))
    assert found.returncode == 3 and "admin" in found.stderr and said in found.stderr, found.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def secure_call(address: str, context: ssl.SSLContext, target: str, token: str | None = None) -> wire.Response:
    host, port = wire.parse_address(address)
    with socket.create_connection((host, port), timeout=20) as plain, context.wrap_socket(plain, server_hostname="admin.test") as secure:
        connection = wire.Connection.over(secure)
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        secure.sendall(f"GET {target} HTTP/1.1\r\nHost: admin.test\r\n{bearer}Connection: close\r\n\r\n".encode())
        return connection.response()


def test_tls_serves_health_and_takes_a_replaced_certificate_without_a_restart(sandbox, authority, tmp_path):
    certificate, key = authority.issue("server", SERVER, usage="serverAuth")
    document = configuration(tmp_path, sandbox.url)
    document["admin"] = guarded(tmp_path) | {"tls": {"certificate_file": certificate, "private_key_file": key}}
    gateway = serve(tmp_path, document)
    try:
        context = ssl.create_default_context(cafile=authority.certificate)
        # Whatever the client offers, the port uses HTTP/1.1.
        context.set_alpn_protocols(["h2", "http/1.1"])
        assert secure_call(gateway.admin, context, "/version", TOKENS["auditor"]).status == 200
        assert secure_call(gateway.admin, context, "/version").status == 401
        health = ["health", "--admin", f"https://{gateway.admin}", "--token-file", str(tmp_path / "auditor")]
        well = run(tmp_path, *health, "--ca-file", authority.certificate, "--server-name", "admin.test")
        assert well.returncode == 0 and "readyz check passed" in well.stdout, well.stderr
        assert run(tmp_path, *health).returncode == 1
        tokenless = run(tmp_path, *health[:3], "--ca-file", authority.certificate, "--server-name", "admin.test")
        assert tokenless.returncode == 1 and tokenless.stderr == "--token-file names a file with a token, or HSSGW_ADMIN_TOKEN_FILE.\n"
        assert run(tmp_path, *health, "--ca-file", authority.certificate, "--server-name", "other.test").returncode == 1
        assert run(tmp_path, *health, "--ca-file", authority.certificate).returncode == 1

        def presented() -> int:
            host, port = wire.parse_address(gateway.admin)
            with socket.create_connection((host, port), timeout=20) as plain, context.wrap_socket(plain, server_hostname="admin.test") as secure:
                return int(secure.getpeercert()["serialNumber"], 16)

        before = presented()
        authority.issue("server", SERVER, usage="serverAuth")
        eventually(lambda: presented() != before, "the new certificate")
    finally:
        gateway.stop()


def test_client_certificates_stand_for_a_token(sandbox, authority, tmp_path):
    certificate, key = authority.issue("server", SERVER, usage="serverAuth")
    document = configuration(tmp_path, sandbox.url)
    tls = {"certificate_file": certificate, "private_key_file": key, "client_ca_file": authority.certificate}
    document["admin"] = {"address": "127.0.0.1:0", "tls": tls}
    gateway = serve(tmp_path, document)
    try:
        context = ssl.create_default_context(cafile=authority.certificate)
        with pytest.raises((ssl.SSLError, OSError, wire.Truncated)):
            secure_call(gateway.admin, context, "/version")
        files = authority.issue("operator", "DNS:night.corp.test")
        context.load_cert_chain(*files)
        assert secure_call(gateway.admin, context, "/-/whoami").json == {"name": "night.corp.test", "role": "operator"}
        assert secure_call(gateway.admin, context, "/audit/records").status == 200
        events = [record["detail"]["reader"] for record in gateway.journal.records() if record.get("event") == "evidence_read"]
        assert events == ["night.corp.test"]
        client = ["--certificate-file", files[0], "--private-key-file", files[1]]
        health = ["health", "--admin", gateway.admin, "--ca-file", authority.certificate, "--server-name", "admin.test"]
        assert run(tmp_path, *health, *client).returncode == 0
        assert run(tmp_path, *health).returncode == 1
        assert run(tmp_path, *health, *client[:2]).returncode == 2
    finally:
        gateway.stop()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
@pytest.mark.parametrize("has_token", [False, True], ids=["alone", "with a token"])
def test_a_client_certificate_reads_nothing_after_its_end_neither_on_an_open_connection_nor_by_resumption(
    version, has_token, sandbox, authority, tmp_path
):
    certificate, key = authority.issue("server", SERVER, usage="serverAuth")
    document = configuration(tmp_path, sandbox.url)
    document["admin"] = guarded(tmp_path) if has_token else {"address": "127.0.0.1:0"}
    document["admin"]["tls"] = {"certificate_file": certificate, "private_key_file": key, "client_ca_file": authority.certificate}
    gateway = serve(tmp_path, document)
    try:
        context = ssl.create_default_context(cafile=authority.certificate)
        context.minimum_version = context.maximum_version = version
        bearer = [("Authorization", f"Bearer {TOKENS['operator']}")] if has_token else []

        def connect(session=None) -> ssl.SSLSocket:
            plain = socket.create_connection(wire.parse_address(gateway.admin), timeout=20)
            return context.wrap_socket(plain, server_hostname="admin.test", session=session)

        def ask(secure: ssl.SSLSocket, method: str = "GET", target: str = "/audit/records") -> wire.Response:
            secure.sendall(wire.request(method, target, bearer, b"" if method == "POST" else None, host="admin.test"))
            return wire.Connection.over(secure).response()

        with ExitStack() as stack:
            kept, session = ending_certificates.accepted(
                stack, authority, "URI:spiffe://corp.test/operator", lambda files: context.load_cert_chain(*files), connect,
                lambda secure: ask(secure).status)
            eventually(lambda: ask(kept).status == 401, "the end of the certificate", patience=120)
            assert ask(kept, "POST", "/-/reload").status == 401 and "has expired" in ask(kept).json["error"]
        with connect(session) as resumed:
            assert resumed.session_reused and ask(resumed).status == 401 and ask(resumed, target="/metrics").status == 401
            # Needs no right from anybody.
            assert ask(resumed, target="/livez").status == 200
        assert not [record for record in gateway.journal.records() if record.get("event") == "admin_token_refused"]
    finally:
        gateway.stop()
    assert not [record for record in gateway.journal.records() if record.get("event") == "admin_token_refused"]
