"""Secrets in stores: fetched, rotated and renewed without a restart; a store that is sealed, slow or faulty doesn't invalidate known values."""

import contextlib
import hashlib
import hmac
import http.client
import json
import os
import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from harness import wire
from harness.certificates import Authority
from harness.commands import run
from harness.deadline import eventually
from harness.openbao import OpenBao, program
from harness.process import ACCESS_KEY, SECRET_KEY, configuration, serve, write_secret
from harness.upstream import Upstream, answer
from harness.vault import Vault

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
TOKEN = "hvs.canary-vault-token"
OTHER_KEY = "canary-secret-key-rotated-7b"
JWT = "eyJ.canary-jwt.sig"


@pytest.fixture
def vault():
    vault = Vault(JWT)
    vault.put("secret/hss/prod", secret_key=SECRET_KEY, access_key=ACCESS_KEY)
    vault.grant(TOKEN)
    yield vault
    vault.close()


@pytest.fixture
def csms():
    server = Upstream()
    server.secret, server.status = SECRET_KEY, 200
    #: The requests that were refused.
    server.refused = []

    def handler(request, connection):
        if (status := server.status) != 200:
            server.refused.append(request)
            return answer(b'{"error_code":"CSMS.0001","error_msg":"no"}', status)
        return answer(json.dumps({"version": {"version_metadata": {"id": "v1"}, "secret_string": server.secret}}).encode())

    server.handler = handler
    yield server
    server.close()


def in_vault(vault, directory: Path, login: dict | None = None, reference: str = "vault:secret/hss/prod#secret_key", timeout: str = "20s",
             **more):
    def change(document):
        document["credentials"][0]["secret_key_file"] = reference
        token = login or {"token_file": write_secret(directory / "vault-token", TOKEN + "\n")}
        document["secret_stores"] = {"refresh": "200ms", "timeout": timeout, "vault": {"address": vault.url, **token}, **more}

    return change


def signs_with(request, key: str) -> bool:
    """Whether a request's signature was made with a secret key."""
    names = request.value("Authorization").split("SignedHeaders=")[1].split(",")[0]
    path, _, query = request.target.partition("?")
    fields = [f"{name}:{request.value(name)}" for name in names.split(";")]
    canonical = "\n".join([request.method, path + ("" if path.endswith("/") else "/"), query, *fields, "", names, hashlib.sha256(request.body).hexdigest()])
    text = f"SDK-HMAC-SHA256\n{request.value('X-Sdk-Date')}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return request.value("Authorization").endswith("Signature=" + hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest())


def events(gateway, name: str) -> list[dict]:
    return [record["detail"] for record in gateway.journal.records() if record.get("event") == name]


def metric(gateway, store: str) -> str:
    return next(line.split()[1] for line in gateway.metrics().splitlines() if line.startswith(f'hssgw_secret_store_up{{store="{store}"}}'))


def calls(gateway, upstream, key: str) -> bool:
    assert gateway.call("GET", LIST).status == 200
    return signs_with(upstream.requests[-1], key)


def no_secret_is_told(gateway):
    text = gateway.log + gateway.metrics() + "".join(p.read_text(errors="replace") for p in (gateway.directory / "audit").glob("*.jsonl"))
    for secret in (SECRET_KEY, OTHER_KEY, TOKEN, JWT, "hvs.canary-login"):
        assert secret not in text


def test_a_key_in_vault_signs_and_a_rotated_one_takes_over_without_a_restart(start, upstream, vault, tmp_path):
    gateway = start(upstream.url, in_vault(vault, tmp_path))
    assert calls(gateway, upstream, SECRET_KEY)
    vault.put("secret/hss/prod", secret_key=OTHER_KEY)
    eventually(lambda: calls(gateway, upstream, OTHER_KEY), "the rotated key")
    assert metric(gateway, "vault") == "1" and events(gateway, "secret_store_failing") == []
    shown = run(gateway.directory, "config", "show", "--config", "gateway.yaml")
    assert "vault:secret/hss/prod#secret_key" in shown.stdout and "/proc/self" not in shown.stdout
    no_secret_is_told(gateway)


@pytest.mark.parametrize("trouble", ["sealed", "slow", "away", "forbidden", "gone", "garbage", "no such field", "a number", "half a character", "no UTF-8",
                                     "empty", "version 1", "elsewhere"])
def test_what_was_known_stays_in_use_whatever_the_store_does(trouble, start, upstream, vault, tmp_path):
    sentence = {
        "sealed": "is sealed: unseal it", "slow": "no answer in time", "away": "can't be asked", "forbidden": "let", "gone": "has nothing at",
        "garbage": "does not answer as Vault does", "no such field": "without the field secret_key", "a number": "something else than a text",
        "half a character": "something else than a text", "no UTF-8": "something else than a text",
        "empty": "an empty text", "version 1": "KV version 1", "elsewhere": "sends elsewhere"}[trouble]
    # The start needs an answer within that time.
    gateway = start(upstream.url, in_vault(vault, tmp_path, timeout="5s" if trouble == "slow" else "20s"))
    assert calls(gateway, upstream, SECRET_KEY)
    kept = dict(vault.secrets)
    match trouble:
        case "sealed": vault.sealed = True
        case "slow": vault.delay = 15
        case "away": vault.go_away()
        case "forbidden": vault.tokens.clear()
        case "gone": vault.secrets.clear()
        case "garbage": vault.lie = (200, b"<html>welcome</html>")
        case "no such field": vault.put("secret/hss/prod", other="x")
        case "a number": vault.put("secret/hss/prod", secret_key=5)
        case "half a character": vault.lie = (200, b'{"data":{"data":{"secret_key":"\\ud800k"}}}')
        case "no UTF-8": vault.lie = (200, b'{"data":{"data":{"secret_key":"k\xff"}}}')
        case "empty": vault.put("secret/hss/prod", secret_key="")
        case "version 1": vault.lie = (200, b'{"data":{"secret_key":"x"}}')
        case "elsewhere": vault.lie = (307, b"")
    eventually(lambda: events(gateway, "secret_store_failing"), "the event")
    (event,) = events(gateway, "secret_store_failing")
    assert event["store"] == "vault" and sentence in event["reason"] and event["reason"].endswith("."), event
    assert calls(gateway, upstream, SECRET_KEY) and gateway.readiness().status == 200
    eventually(lambda: metric(gateway, "vault") == "0", "the metric")
    if trouble not in ("away", "slow"):
        vault.sealed, vault.lie = False, None
        vault.secrets = kept
        vault.grant(TOKEN)
        eventually(lambda: events(gateway, "secret_store_recovered"), "the recovery")
        eventually(lambda: metric(gateway, "vault") == "1", "the metric")
    no_secret_is_told(gateway)


@pytest.fixture
def another_vault():
    other = Vault(JWT)
    other.put("secret/hss/prod", secret_key=OTHER_KEY, access_key="OTHERACCESSKEY000001")
    other.grant(TOKEN)
    yield other
    other.close()


def refused_address(document):
    document["listeners"][0]["address"] = "127.0.0.1:1"


def refused_credential(document):
    document["credentials"].append({"name": "none", "type": "token", "token_file": "/nonexistent"})


def refused_authority(document):
    document["upstream"]["ca_file"] = document["credentials"][1]["token_file"]


@pytest.mark.parametrize("fault", [refused_address, refused_credential, refused_authority])
def test_a_refused_configuration_with_another_store_takes_nothing_from_it(fault, start, upstream, vault, another_vault, tmp_path):
    """Its values are never in use, not even until the next refresh."""

    def change(document):
        in_vault(vault, tmp_path)(document)
        document["secret_stores"]["refresh"] = "1h"
        # Both at once: a pair of which only one half has changed waits for the other.
        document["credentials"][0]["access_key_file"] = "vault:secret/hss/prod#access_key"
        directory = tmp_path / "gateway"
        document["credentials"].append({"name": "spare", "type": "token", "token_file": write_secret(directory / "spare-token", "token")})

    gateway = start(upstream.url, change)
    assert calls(gateway, upstream, SECRET_KEY)

    def point_elsewhere(document):
        document["secret_stores"]["vault"]["address"] = another_vault.url
        fault(document)

    assert gateway.reconfigure(point_elsewhere).status != 200
    assert any("secret/data/hss/prod" in path for _, path in another_vault.calls)
    # A credential takes a file that it has seen unchanged twice. Another credential's, which changes last, shows when that would have happened.
    spare = gateway.directory / "spare-token"
    write_secret(gateway.directory / "spare-token.new", "changed")
    (gateway.directory / "spare-token.new").rename(spare)
    eventually(lambda: events(gateway, "credential_rotated"), "a look at all files")
    assert [event["credential"] for event in events(gateway, "credential_rotated")] == ["spare"]
    assert calls(gateway, upstream, SECRET_KEY)
    no_secret_is_told(gateway)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may see another process' files")
def test_refused_configurations_leave_no_files_behind(start, upstream, vault, tmp_path):
    gateway = start(upstream.url, in_vault(vault, tmp_path))

    def files() -> int:
        found = 0
        for file in Path(f"/proc/{gateway.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # it has just been closed
                found += "hss-gateway-secret" in os.readlink(file)
        return found

    before = files()
    for number in range(1, 6):
        assert gateway.reconfigure(lambda document: document["secret_stores"]["vault"].update(address=f"http://127.0.0.1:{number}")).status != 200
    # Those of the last two, which are released with the next: five have been refused.
    eventually(lambda: before <= files() <= before + 2, "the end of all others")
    assert gateway.reconfigure(lambda document: document["secret_stores"]["vault"].update(address=vault.url)).status == 200
    assert calls(gateway, upstream, SECRET_KEY)


def test_a_configuration_with_another_store_that_is_good_takes_its_values(start, upstream, vault, another_vault, tmp_path):
    gateway = start(upstream.url, in_vault(vault, tmp_path))
    assert calls(gateway, upstream, SECRET_KEY)
    assert gateway.reconfigure(lambda document: document["secret_stores"]["vault"].update(address=another_vault.url)).status == 200
    assert calls(gateway, upstream, OTHER_KEY)
    another_vault.put("secret/hss/prod", secret_key="rotated-in-the-other", access_key=ACCESS_KEY)
    eventually(lambda: calls(gateway, upstream, "rotated-in-the-other"), "the rotated value")
    # And back: what the first one says now.
    assert gateway.reconfigure(lambda document: document["secret_stores"]["vault"].update(address=vault.url)).status == 200
    assert calls(gateway, upstream, SECRET_KEY)


def test_a_shorter_interval_holds_at_once(start, upstream, vault, tmp_path):
    def change(document):
        in_vault(vault, tmp_path)(document)
        document["secret_stores"]["refresh"] = "1h"

    gateway = start(upstream.url, change)
    assert calls(gateway, upstream, SECRET_KEY)
    assert gateway.reconfigure(lambda document: document["secret_stores"].update(refresh="200ms")).status == 200
    # The replaced file is noticed as well, and each reload asks the store.
    eventually(lambda: {"request", "file"} <= {event["trigger"] for event in events(gateway, "reload")}, "both reloads")
    vault.put("secret/hss/prod", secret_key=OTHER_KEY, access_key=ACCESS_KEY)
    eventually(lambda: calls(gateway, upstream, OTHER_KEY), "the rotated value")


def test_what_begins_with_the_process_follows_another_store(start, upstream, vault, another_vault, tmp_path):
    """A sink's token is in the store: the sink isn't made anew by a reload."""
    collector = Upstream()
    try:
        for one, token in ((vault, "first-token"), (another_vault, "second-token")):
            one.put("secret/hss/sink", headers=f"Authorization: Bearer {token}")

        def change(document):
            in_vault(vault, tmp_path)(document)
            document["audit"]["ship"] = [
                {"name": "collector", "type": "otlp", "endpoint": collector.url, "headers_file": "vault:secret/hss/sink#headers"}]

        gateway = start(upstream.url, change)
        assert calls(gateway, upstream, SECRET_KEY)
        eventually(lambda: any("first-token" in str(r.values("Authorization")) for r in collector.requests), "the first token")
        assert gateway.reconfigure(lambda document: document["secret_stores"]["vault"].update(address=another_vault.url)).status == 200
        assert calls(gateway, upstream, OTHER_KEY)
        # A sink reads its headers with each connection.
        collector.handler = lambda r, c: answer(b"{}", 401 if "first-token" in str(r.values("Authorization")) else 200)
        eventually(lambda: calls(gateway, upstream, OTHER_KEY) and "second-token" in str(collector.requests[-1].values("Authorization")), "the second")
    finally:
        collector.close()


def test_keys_that_csms_refused_are_not_shown_again_because_of_a_reload(start, upstream, csms, tmp_path):
    gateway = start(upstream.url, in_csms(csms, tmp_path))
    csms.status = 401
    eventually(lambda: metric(gateway, "csms") == "0", "the refusal")
    before = len(csms.requests)
    for timeout in ("19s", "18s", "17s"):
        assert gateway.reconfigure(lambda document: document["secret_stores"].update(timeout=timeout)).status == 200
    assert len(csms.requests) == before


@pytest.mark.parametrize("trouble", ["sealed", "slow", "away", "forbidden"])
def test_a_start_without_a_secret_says_which_and_why(trouble, upstream, vault, tmp_path):
    document = configuration(tmp_path, upstream.url)
    in_vault(vault, tmp_path, timeout="1s" if trouble == "slow" else "20s")(document)
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    match trouble:
        case "sealed": vault.sealed = True
        case "slow": vault.delay = 3
        case "away": vault.go_away()
        case "forbidden": vault.tokens.clear()
    done = run(tmp_path, "serve", "--config", "gateway.yaml")
    assert done.returncode == 3, done.stderr
    assert "vault:secret/hss/prod#secret_key" in done.stderr and "Vault (127.0.0.1:" in done.stderr
    assert TOKEN not in done.stderr and not (tmp_path / "audit").exists()
    # The configuration is valid, and a secret in it could not be fetched.
    for flags in ([], ["--json"]):
        checked = run(tmp_path, "config", "check", "--connect", *flags, "--config", "gateway.yaml")
        said = json.loads(checked.stdout)["message"] if flags else checked.stderr
        assert checked.returncode == 7 and TOKEN not in checked.stdout + checked.stderr
        assert "vault:secret/hss/prod#secret_key" in said and "Vault (127.0.0.1:" in said, checked
    looked = run(tmp_path, "doctor", "--json", "--config", "gateway.yaml")
    findings = [f for f in json.loads(looked.stdout)["findings"] if f["check"] == "secrets" and f["verdict"] == "failure"]
    assert looked.returncode == 7 and findings[0]["subject"] == "vault:secret/hss/prod#secret_key" and findings[0]["advice"]
    assert [f["message"] for f in findings if f["subject"] == "keys"] == ["It was not tried: its secret is in a store that doesn't give it."]
    assert "/proc/self" not in looked.stdout and TOKEN not in looked.stdout


def test_a_value_that_is_no_key_is_named_by_its_reference(start, upstream, vault, tmp_path):
    def change(document):
        in_vault(vault, tmp_path)(document)
        document["credentials"][0]["access_key_file"] = "vault:secret/hss/prod#access_key"

    gateway = start(upstream.url, change)
    vault.put("secret/hss/prod", secret_key="line\nbreak", access_key="OTHERACCESSKEY000001")
    event = eventually(lambda: events(gateway, "credential_rotation_failed"), "the event")[0]
    assert "vault:secret/hss/prod#secret_key holds a line break" in event["reason"] and calls(gateway, upstream, SECRET_KEY)
    eventually(lambda: "credential not rotated" in gateway.log, "the line")
    assert "/proc/self" not in gateway.log
    gateway.stop()
    for command in (["serve"], ["config", "check", "--connect"]):
        done = run(gateway.directory, *command, "--config", "gateway.yaml")
        assert done.returncode == 3 and "vault:secret/hss/prod#secret_key holds a line break" in done.stderr, done.stderr
        assert "/proc/self" not in done.stderr


def test_the_form_is_checked_without_asking_the_store(upstream, vault, tmp_path):
    document = configuration(tmp_path, upstream.url)
    in_vault(vault, tmp_path)(document)
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    assert run(tmp_path, "config", "check", "--config", "gateway.yaml").returncode == 0
    assert vault.calls == []
    for broken in ("vault:secret#x", "vault:secret/hss/prod", "vault:secret/../x#y", "vault:secret/a b#c", "vault:#", "csms:", "csms:a/b", "vault:a/b#c#d"):
        document["credentials"][0]["secret_key_file"] = broken
        (tmp_path / "gateway.yaml").write_text(json.dumps(document))
        done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
        assert done.returncode == 3 and "expected a reference such as" in done.stderr, (broken, done.stderr)
    document["credentials"][0]["secret_key_file"] = "csms:hss"
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    assert "nothing says where CSMS is" in run(tmp_path, "config", "check", "--config", "gateway.yaml").stderr
    document["credentials"][0]["secret_key_file"] = "vault:secret/x#y"
    document["secret_stores"]["vault"]["token_file"] = "vault:secret/x#token"
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    assert "can't be in a store" in run(tmp_path, "config", "check", "--config", "gateway.yaml").stderr


def test_a_pods_token_logs_in_and_a_login_that_ended_is_made_anew(start, upstream, vault, tmp_path):
    login = {"role": "gateway", "jwt_file": write_secret(tmp_path / "jwt", JWT)}
    gateway = start(upstream.url, in_vault(vault, tmp_path, login))
    assert calls(gateway, upstream, SECRET_KEY)
    logins = lambda: vault.calls.count(("POST", "/v1/auth/kubernetes/login"))
    assert logins() == 1 and TOKEN not in "".join(vault.tokens.keys() - {TOKEN})
    vault.tokens.clear()
    eventually(lambda: logins() == 2, "the second login")
    reads = len(vault.calls)
    eventually(lambda: len(vault.calls) > reads + 2, "more reads with the second token")
    assert logins() == 2 and events(gateway, "secret_store_failing") == [] and calls(gateway, upstream, SECRET_KEY)
    no_secret_is_told(gateway)


def test_a_token_is_renewed_in_the_second_half_of_its_life(start, upstream, vault, tmp_path):
    vault.grant(TOKEN, 4)
    vault.grace = 60
    gateway = start(upstream.url, in_vault(vault, tmp_path))
    eventually(lambda: ("POST", "/v1/auth/token/renew-self") in vault.calls, "the renewal")
    first = vault.tokens[TOKEN][0]
    eventually(lambda: vault.tokens[TOKEN][0] > first + 1, "one more renewal")
    assert calls(gateway, upstream, SECRET_KEY) and events(gateway, "secret_store_failing") == []


@pytest.mark.parametrize("path", ["/v1/auth/token/lookup-self", "/v1/auth/token/renew-self"])
def test_a_call_about_the_token_that_fails_once_is_repeated(path, start, upstream, vault, tmp_path):
    vault.failures[path] = 2
    vault.grant(TOKEN, 6)
    vault.grace = 60
    gateway = start(upstream.url, in_vault(vault, tmp_path))
    first = vault.tokens[TOKEN][0]
    eventually(lambda: vault.tokens[TOKEN][0] > first, "the renewal")
    assert vault.failures[path] == 0 and calls(gateway, upstream, SECRET_KEY) and events(gateway, "secret_store_failing") == []


def test_the_variables_of_vaults_own_tools_are_enough(upstream, vault, tmp_path):
    document = configuration(tmp_path, upstream.url)
    document["credentials"][0]["secret_key"] = "vault:secret/data/hss/prod#secret_key"
    del document["credentials"][0]["secret_key_file"]
    gateway = serve(tmp_path, document, {"VAULT_ADDR": vault.url, "VAULT_TOKEN": TOKEN, "VAULT_NAMESPACE": "team-a"})
    try:
        assert calls(gateway, upstream, SECRET_KEY)
        assert vault.namespaces == {"team-a"}
    finally:
        gateway.stop()


def test_every_file_may_be_in_a_store(start, upstream, vault, tmp_path):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue("gateway", "DNS:localhost", usage="serverAuth")
    hss_certificate, hss_key = authority.issue("hss", "DNS:localhost", usage="serverAuth")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(hss_certificate, hss_key)
    hss = Upstream(context)
    vault.put("kv/tls/gateway", certificate=Path(certificate).read_text(), key=Path(key).read_text(), ca=Path(authority.certificate).read_text())
    vault.put("kv/admin", token="canary-admin-token")
    vault.put("kv/hook", secret="canary-hook-secret")
    receiver = Upstream()
    hss.handler = lambda request, connection: answer(b'{"task_id":"t"}')

    def change(document):
        in_vault(vault, tmp_path, reference="vault:secret/hss/prod#secret_key")(document)
        document["credentials"][0]["access_key_file"] = "vault:secret/hss/prod#access_key"
        document["listeners"][0]["tls"] = {
            "certificate_file": "vault:kv/tls/gateway#certificate", "private_key_file": "vault:kv/tls/gateway#key"}
        document["upstream"]["ca_file"] = "vault:kv/tls/gateway#ca"
        document["admin"]["token_file"] = "vault:kv/admin#token"
        document["callers"][0]["limits"] = {"exports_per_day": 1}
        document["callers"][0]["notify"] = {"url": f"{receiver.url}/hook", "secret_file": "vault:kv/hook#secret"}

    try:
        gateway = start(hss.url, change)
        client = ssl.create_default_context(cafile=authority.certificate)
        host, port = gateway.data.split(":")
        connection = http.client.HTTPSConnection("localhost", int(port), context=client)
        connection.request("GET", LIST)
        assert connection.getresponse().status == 200 and signs_with(hss.requests[-1], SECRET_KEY)
        connection.close()
        assert wire.call(gateway.admin, "GET", "/metrics").status == 401
        eventually(lambda: wire.call(gateway.admin, "GET", "/metrics", [("Authorization", "Bearer canary-admin-token")]).status == 200, "the token")
        vault.put("kv/admin", token="canary-admin-token-2")
        # A notice is signed with the key in the store.
        connection.request("POST", EXPORT, b'{"operate_all":true}', {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200
        connection.close()
        notice = eventually(lambda: receiver.requests, "the notice")[0]
        signed = f"{notice.value('X-HSSGW-Timestamp')}.".encode() + notice.body
        assert notice.value("X-HSSGW-Signature") == "sha256=" + hmac.new(b"canary-hook-secret", signed, hashlib.sha256).hexdigest()
        # The certificate is replaced like one in a file.
        other, other_key = authority.issue("renewed", "DNS:localhost", usage="serverAuth")
        vault.put("kv/tls/gateway", certificate=Path(other).read_text(), key=Path(other_key).read_text(), ca=Path(authority.certificate).read_text())

        def shown() -> str:
            with socket.create_connection((host, int(port))) as plain, client.wrap_socket(plain, server_hostname="localhost") as secured:
                return str(secured.getpeercert()["subject"])

        eventually(lambda: "renewed" in shown(), "the new certificate")
        done = run(gateway.directory, "doctor", "--json", "--config", "gateway.yaml")
        oks = {f["subject"] for f in json.loads(done.stdout)["findings"] if f["check"] == "secrets" and f["verdict"] == "ok"}
        assert {"vault:secret/hss/prod#secret_key", "vault:kv/tls/gateway#key"} <= oks, done.stdout
    finally:
        hss.close()
        receiver.close()


def in_csms(csms, directory: Path, reference: str = "csms:hss-key", timeout: str = "20s"):
    def change(document):
        document["credentials"][0]["secret_key_file"] = reference
        document["secret_stores"] = {"refresh": "200ms", "timeout": timeout, "csms": {
            "endpoint": csms.url, "project_id": "0" * 32, "access_key": "STOREACCESSKEY000001",
            "secret_key_file": write_secret(directory / "csms-key", "canary-csms-secret")}}

    return change


def test_a_key_in_csms_is_asked_for_with_a_signature_and_rotated(start, upstream, csms, tmp_path):
    gateway = start(upstream.url, in_csms(csms, tmp_path))
    assert calls(gateway, upstream, SECRET_KEY)
    asked = csms.requests[0]
    assert asked.target == f"/v1/{'0' * 32}/secrets/hss-key/versions/latest" and signs_with(asked, "canary-csms-secret")
    assert asked.value("X-Project-Id") == "0" * 32
    csms.secret = OTHER_KEY
    eventually(lambda: calls(gateway, upstream, OTHER_KEY), "the rotated key")
    csms.secret = ""
    eventually(lambda: events(gateway, "secret_store_failing"), "the event")
    assert calls(gateway, upstream, OTHER_KEY)
    no_secret_is_told(gateway)


class Metadata(Upstream):
    """The metadata service of a machine with an agency (protocol page b.4)."""

    def __init__(self, knows_sessions=True):
        super().__init__()
        self.number, self.life, self.agency, self.knows_sessions = 1, 3600, True, knows_sessions
        #: Members of the keys that are something else than usual.
        self.odd: dict = {}
        self.handler = self.serve

    def serve(self, request, connection):
        if request.method == "PUT":
            return answer(b"a-session-token") if self.knows_sessions else answer(b"{}", 404)
        if not self.agency:
            return answer(b"Please configure Cloud Service Agency first", 401)
        if self.knows_sessions and request.values("X-Metadata-Token") != ["a-session-token"]:
            return answer(b"{}", 401)
        end = datetime.now(timezone.utc) + timedelta(seconds=self.life)
        return answer(json.dumps({"credential": {
            "access": f"AGENCYACCESSKEY0000{self.number}", "secret": f"canary-agency-secret-{self.number}",
            "securitytoken": f"canary-agency-token-{self.number}", "expires_at": end.strftime("%Y-%m-%dT%H:%M:%S.000000Z"), **self.odd}}).encode())


@pytest.fixture(params=[True, False], ids=["with sessions", "without"])
def metadata(request):
    server = Metadata(request.param)
    yield server
    server.close()


def by_agency(csms, metadata, directory: Path):
    usual = in_csms(csms, directory)

    def change(document):
        usual(document)
        section = document["secret_stores"]["csms"]
        del section["access_key"], section["secret_key_file"]
        section |= {"type": "ecs_metadata", "metadata_endpoint": metadata.url}

    return change


def test_the_machines_agency_may_ask_csms(start, upstream, csms, metadata, tmp_path):
    gateway = start(upstream.url, by_agency(csms, metadata, tmp_path))
    assert calls(gateway, upstream, SECRET_KEY)
    asked = csms.requests[0]
    assert signs_with(asked, "canary-agency-secret-1") and asked.value("X-Security-Token") == "canary-agency-token-1"
    assert "x-security-token" in asked.value("Authorization") and "AGENCYACCESSKEY00001" in asked.value("Authorization")
    # Keys that stay valid for a while are not requested for each poll of the secret.
    csms.wait_for(len(csms.requests) + 3)
    assert sum(request.method == "GET" for request in metadata.requests) == 1
    # Keys that CSMS refuses are replaced; the known secret stays in use meanwhile.
    csms.secret, metadata.number, csms.status = OTHER_KEY, 2, 401
    eventually(lambda: events(gateway, "secret_store_failing"), "the event")
    assert calls(gateway, upstream, SECRET_KEY)
    csms.status = 200
    eventually(lambda: calls(gateway, upstream, OTHER_KEY), "the rotated secret")
    assert signs_with(csms.requests[-1], "canary-agency-secret-2")
    no_secret_is_told(gateway)


def test_keys_of_the_agency_that_are_about_to_end_are_replaced(start, upstream, csms, metadata, tmp_path):
    metadata.life = 60
    gateway = start(upstream.url, by_agency(csms, metadata, tmp_path))
    metadata.number = 2
    eventually(lambda: signs_with(csms.requests[-1], "canary-agency-secret-2"), "the newer keys")
    assert calls(gateway, upstream, SECRET_KEY)


@pytest.mark.parametrize("odd", [
    {"access": "A\r\nX-Evil: 1"}, {"access": "A,B"}, {"access": ""}, {"access": 5}, {"secret": ""}, {"secret": "a\nb"}, {"securitytoken": "t\r\nX-Evil: 1"},
    {"securitytoken": "t\u00e9"}, {"securitytoken": ""}, {"securitytoken": {"a": 1}}, {"expires_at": 1 << 63}, {"expires_at": "10000-01-01T00:00:00Z"},
], ids=str)
def test_keys_of_the_agency_that_could_not_sign_are_used_for_nothing_and_asked_for_again(odd, start, upstream, csms, metadata, tmp_path):
    metadata.life = 100
    gateway = start(upstream.url, by_agency(csms, metadata, tmp_path))
    assert calls(gateway, upstream, SECRET_KEY)
    metadata.number, metadata.life, metadata.odd = 2, 3600, odd
    event = eventually(lambda: events(gateway, "secret_store_failing"), "the event")[0]
    assert "does not answer as one does" in event["reason"] and calls(gateway, upstream, SECRET_KEY)
    metadata.odd = {}
    eventually(lambda: events(gateway, "secret_store_recovered"), "the recovery")
    assert signs_with(csms.requests[-1], "canary-agency-secret-2")
    assert all(request.values("X-Evil") == [] and len(request.values("X-Security-Token")) == 1 for request in csms.requests)


def test_a_machine_without_an_agency_is_told_so(upstream, csms, metadata, tmp_path):
    metadata.agency = False
    document = configuration(tmp_path, upstream.url)
    by_agency(csms, metadata, tmp_path)(document)
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    done = run(tmp_path, "config", "check", "--connect", "--config", "gateway.yaml")
    assert done.returncode == 7 and "The metadata service (127.0.0.1:" in done.stderr and "give the server an agency" in done.stderr, done.stderr
    assert csms.requests == []
    document["secret_stores"]["csms"] |= {"access_key": "STOREACCESSKEY000001"}
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
    assert done.returncode == 3 and "are both given" in done.stderr, done.stderr


def test_a_member_of_a_secret_in_csms_may_be_meant(start, upstream, csms, tmp_path):
    csms.secret = json.dumps({"secret_key": SECRET_KEY, "other": "x"})
    gateway = start(upstream.url, in_csms(csms, tmp_path, "csms:hss-key#secret_key"))
    assert calls(gateway, upstream, SECRET_KEY)


def test_keys_that_csms_refuses_are_shown_once(start, upstream, csms, tmp_path):
    gateway = start(upstream.url, in_csms(csms, tmp_path))
    csms.status = 401
    eventually(lambda: events(gateway, "secret_store_failing"), "the event")
    eventually(lambda: metric(gateway, "csms") == "0", "the metric")
    assert calls(gateway, upstream, SECRET_KEY)
    # Another key is tried; until then the refused one isn't used.
    csms.status = 200
    count = len(csms.requests)
    write_secret(tmp_path / "csms-key", "canary-csms-secret-2")
    eventually(lambda: events(gateway, "secret_store_recovered"), "the recovery")
    assert signs_with(csms.requests[count], "canary-csms-secret-2")
    assert [signs_with(request, "canary-csms-secret") for request in csms.refused] == [True]


# --- A real server ---------------------------------------------------------------------------------------------------------------

@pytest.fixture
def openbao(tmp_path):
    if not program():
        pytest.skip("OpenBao is not beside this Python")
    server = OpenBao(tmp_path)
    yield server
    server.close()


def test_a_real_server_gives_rotates_withholds_is_sealed_and_comes_back(start, upstream, openbao, tmp_path):
    openbao.put("hss/prod", secret_key=SECRET_KEY)
    token = openbao.token("hss/prod")

    def change(document):
        document["credentials"][0]["secret_key_file"] = "vault:secret/hss/prod#secret_key"
        document["secret_stores"] = {"refresh": "200ms", "timeout": "30s", "vault": {
            "address": openbao.url, "token_file": write_secret(tmp_path / "vault-token", token + "\n")}}

    gateway = start(upstream.url, change)
    assert calls(gateway, upstream, SECRET_KEY)
    openbao.put("hss/prod", secret_key=OTHER_KEY)
    eventually(lambda: calls(gateway, upstream, OTHER_KEY), "the rotated key")
    openbao.seal()
    eventually(lambda: events(gateway, "secret_store_failing"), "the event")
    assert "is sealed: unseal it" in events(gateway, "secret_store_failing")[0]["reason"]
    assert calls(gateway, upstream, OTHER_KEY) and gateway.readiness().status == 200
    openbao.unseal()
    eventually(lambda: events(gateway, "secret_store_recovered"), "the recovery")
    # The token may no longer read it.
    openbao.token("hss/other")
    eventually(lambda: len(events(gateway, "secret_store_failing")) == 2, "the second event")
    assert "let" in events(gateway, "secret_store_failing")[1]["reason"] and calls(gateway, upstream, OTHER_KEY)
    no_secret_is_told(gateway)
    assert token not in gateway.log


@pytest.mark.parametrize("trouble", ["slow", "no JSON", "no version", "a number", "broken", "elsewhere", "away"])
def test_what_csms_gave_stays_in_use_whatever_it_does_then(trouble, start, upstream, csms, tmp_path):
    gateway = start(upstream.url, in_csms(csms, tmp_path, timeout="5s" if trouble == "slow" else "20s"))
    assert calls(gateway, upstream, SECRET_KEY)
    before, good, held = len(csms.requests), csms.handler, threading.Event()
    answers = {
        "no JSON": answer(b"<html>welcome</html>"), "no version": answer(b'{"version":{}}'), "a number": answer(b'{"version":{"secret_string":5}}'),
        "broken": answer(b"{}", 500), "elsewhere": answer(fields=[("Location", "http://127.0.0.1:9/")], status=302)}
    try:
        if trouble == "away":
            csms.close()
        else:
            csms.handler = lambda request, connection: answers.get(trouble) or held.wait(60) and b""
            csms.wait_for(before + 1)
        eventually(lambda: events(gateway, "secret_store_failing"), "the event")
        (event,) = events(gateway, "secret_store_failing")
        assert event["store"] == "csms" and event["reason"].endswith("."), event
        assert calls(gateway, upstream, SECRET_KEY) and gateway.readiness().status == 200
        held.set()
        csms.handler = good
        if trouble != "away":
            eventually(lambda: events(gateway, "secret_store_recovered"), "the recovery")
        no_secret_is_told(gateway)
    finally:
        held.set()
