"""`doctor`: everything that it checks is broken once, with real parts; its findings, its advice, and that it changes nothing."""

import base64
import hashlib
import json
import os
import re
import ssl
import subprocess
from email.utils import formatdate
from pathlib import Path
from time import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from harness.certificates import Authority
from harness.commands import create_key, run
from harness.collector import Collector
from harness.postgres import PostgreSQL
from harness.process import PROJECT, REGION, Sandbox, configuration, serve, write_secret
from harness.upstream import Upstream, answer

OTHER_PROJECT = "fedcba9876543210fedcba9876543210"
CANARY = "canary-wrong-secret-key-55d1"


def examine(directory: Path, document, descriptors: int | None = None, **variables: str) -> tuple[int, dict[str, list[dict]]]:
    """The exit code, and the findings by check."""
    (directory / "gateway.yaml").write_text(json.dumps(document, indent=1))
    done = run(directory, "doctor", "--json", "--config", "gateway.yaml", **variables)
    assert CANARY not in done.stdout + done.stderr
    report = json.loads(done.stdout)
    findings: dict[str, list[dict]] = {}
    for finding in report["findings"]:
        assert finding["verdict"] == "ok" or finding["advice"].count(". ") == 0 and finding["advice"], finding
        findings.setdefault(finding["check"], []).append(finding)
    worst = {0: "ok", 6: "warning", 7: "failure"}[done.returncode]
    assert report["verdict"] == worst, report
    return done.returncode, findings


def one(findings, check: str, verdict: str, *words: str) -> dict:
    """The only finding with a verdict, which contains these words."""
    found = [f for f in findings.get(check, []) if f["verdict"] == verdict]
    assert found, (check, findings.get(check))
    hits = [f for f in found if all(word in json.dumps(f) for word in words)]
    assert hits, (words, found)
    return hits[0]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """The stand-in for HSS and IAM."""
    sandbox = Sandbox(tmp_path_factory.mktemp("cloud"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def document(cloud, tmp_path):
    made = configuration(tmp_path, cloud.url)
    made["regions"][REGION]["iam"] = "http://" + cloud.addresses["iam"]
    return made


def listing(directory: Path) -> dict:
    return {str(p): (p.stat().st_mode, p.stat().st_mtime_ns, p.stat().st_size) for p in [directory, *directory.rglob("*")]
            if p.name != "gateway.yaml" and p != directory}


def test_a_healthy_gateway_is_called_healthy_and_nothing_is_changed(document, tmp_path):
    gateway = serve(tmp_path, document)
    assert gateway.call("GET", "/v5/_/vulnerability/vulnerabilities").status == 200
    gateway.stop()
    before = listing(tmp_path)
    code, findings = examine(tmp_path, document)
    assert code == 0, findings
    assert listing(tmp_path) == before
    for check in ("configuration", "limits", "permissions", "journal", "disk", "checkpoint", "proxy", "dns", "tcp", "clock", "iam", "hss", "roles", "anchors"):
        assert check in findings, check
    one(findings, "checkpoint", "ok", "covers")
    text = run(tmp_path, "doctor", "--config", "gateway.yaml")
    assert text.returncode == 0 and re.match(r"VERDICT +CHECK +FINDING\nok  ", text.stdout), text.stdout
    assert "all of them well" in text.stderr


def test_a_configuration_with_a_fault_is_a_finding_with_its_place(document, tmp_path):
    document["limits"]["request_bodi"] = "1MiB"
    code, findings = examine(tmp_path, document)
    assert code == 7
    one(findings, "configuration", "failure", "gateway.yaml:", "request_bodi")


def test_a_file_that_is_not_there_is_a_finding_too(tmp_path):
    done = run(tmp_path, "doctor", "--json", "--config", "nowhere.yaml")
    assert done.returncode == 7, done
    assert json.loads(done.stdout)["findings"][0]["check"] == "configuration"


def test_a_closed_port_is_told_from_a_name_that_leads_nowhere(document, tmp_path):
    document["regions"][REGION]["hss"] = "http://127.0.0.1:9"
    code, findings = examine(tmp_path, document)
    assert code == 7
    one(findings, "tcp", "failure", "HSS 127.0.0.1:9", "refused")
    one(findings, "hss", "failure", "can't be reached")
    document["regions"][REGION]["hss"] = "https://hss.invalid"
    code, findings = examine(tmp_path, document)
    assert code == 7
    assert "leads to no address" in one(findings, "dns", "failure", "hss.invalid")["message"]
    assert all("hss.invalid" not in (f["subject"] or "") for f in findings["tcp"])


def test_both_families_of_a_name_are_looked_up(document, tmp_path):
    document["regions"][REGION]["hss"] = document["regions"][REGION]["hss"].replace("127.0.0.1", "localhost")
    _, findings = examine(tmp_path, document)
    message = next(f for f in findings["dns"] if "localhost" in f["subject"])["message"]
    assert "IPv4: 127.0.0.1" in message and "IPv6: " in message


@pytest.mark.parametrize(("seconds", "verdict"), [(90, "warning"), (-90, "warning"), (1200, "failure")])
def test_a_wrong_clock_is_seen_by_the_date_of_hss(seconds, verdict, document, upstream, tmp_path):
    upstream.handler = lambda request, connection: answer(fields=[("Date", formatdate(time() + seconds, usegmt=True))])
    document["regions"][REGION]["hss"] = upstream.url
    code, findings = examine(tmp_path, document)
    assert code >= {"warning": 6, "failure": 7}[verdict]
    found = one(findings, "clock", verdict, "behind" if seconds > 0 else "ahead of")
    assert any(str(abs(seconds) + near) in found["message"] for near in range(-10, 11)) and "NTP" in found["advice"]


def certificate_of(path: str):
    return x509.load_pem_x509_certificate(Path(path).read_bytes())


def pin_of(path: str) -> str:
    key = certificate_of(path).public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "sha256//" + base64.b64encode(hashlib.sha256(key).digest()).decode()


@pytest.mark.parametrize(("name", "alternative", "expired", "trusted", "pin", "words"), [
    ("good", "DNS:localhost", False, True, None, ()),
    ("good", "DNS:localhost", False, True, "own", ("pinned",)),
    ("good", "DNS:localhost", False, True, "other", ("none of upstream.pinned_public_key", "it shows sha256//")),
    ("good", "DNS:localhost", False, False, None, ("No trusted authority",)),
    ("late", "DNS:localhost", True, True, None, ("out of its time", "ended")),
    ("other", "DNS:elsewhere.example", False, True, None, ("another host",)),
], ids=["trusted", "pinned", "another key", "no authority", "expired", "another host"])
def test_a_certificate_is_judged_with_its_end_and_its_key(name, alternative, expired, trusted, pin, words, document, tmp_path):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue(name, alternative, usage="serverAuth", expired=expired)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Upstream(context)
    try:
        server.handler = lambda request, connection: answer(fields=[("Date", formatdate(usegmt=True))])
        document["regions"][REGION]["hss"] = server.url
        if trusted:
            document["upstream"]["ca_file"] = authority.certificate
        if pin:
            document["upstream"]["pinned_public_key"] = pin_of(certificate) if pin == "own" else "sha256//" + "A" * 43 + "="
        _, findings = examine(tmp_path, document)
    finally:
        server.close()
    is_well = not words or pin == "own"
    if not is_well:
        one(findings, "hss", "failure", "can't be trusted over TLS", "the finding about tls")
    found = one(findings, "tls", "ok" if is_well else "failure", *words, "CN=" + name, "ends " + str(certificate_of(certificate).not_valid_after_utc.date()))
    if pin == "other":
        # Neither a signature nor a token reaches it.
        assert server.requests == []
        assert pin_of(certificate) in found["message"]
    assert server.requests == [] or all("Authorization" not in dict(r.fields) or r.target != "/" for r in server.requests)


def test_a_port_without_tls_is_not_taken_for_a_bad_certificate(document, cloud, tmp_path):
    document["regions"][REGION]["hss"] = cloud.url.replace("http://", "https://")
    _, findings = examine(tmp_path, document)
    one(findings, "tls", "failure")
    one(findings, "hss", "failure", "can't be trusted over TLS", "the finding about tls")


def test_a_proxy_that_is_down_and_one_that_refuses_are_named(document, upstream, tmp_path):
    document["regions"][REGION] = {"hss": "https://hss.example.com", "iam": "https://iam.example.com"}
    code, findings = examine(tmp_path, document, HTTPS_PROXY="http://127.0.0.1:9")
    assert code == 7
    one(findings, "proxy", "failure", "127.0.0.1:9", "refused")
    upstream.handler = lambda request, connection: answer(status=407)
    code, findings = examine(tmp_path, document, HTTPS_PROXY=f"http://user:{CANARY}@{upstream.address}")
    one(findings, "proxy", "ok", upstream.address)
    one(findings, "proxy", "failure", "HSS hss.example.com", "407")
    assert "dns" not in findings


def test_a_wrong_secret_key_is_said_by_line_comparison_and_tried_once(document, cloud, tmp_path):
    write_secret(tmp_path / "secret-key", CANARY)
    document["regions"][REGION]["iam"] = "http://127.0.0.1:9"
    code, findings = examine(tmp_path, document)
    assert code == 7
    found = one(findings, "hss", "failure", "APIGW.0301")
    assert "the same as ours, line by line" in found["message"]


@pytest.mark.parametrize(("change", "words"), [
    (lambda lines: [lines[0], lines[1].replace("/v5/", "/prefix/v5/"), *lines[2:]], ("line 2", "the path", "/prefix/v5/")),
    (lambda lines: [*lines[:2], "limit=1", *lines[3:]], ("line 3", "the query", "limit=1")),
    (lambda lines: [("host:internal.example" if line.startswith("host:") else line) for line in lines], ("the field host", "internal.example")),
    (lambda lines: [*lines[:-1], "0" * 64], ("the hash of the body", "0000")),
], ids=["path", "query", "host", "body"])
def test_what_the_gateway_signed_is_compared_with_what_the_cloud_saw(change, words, document, upstream, tmp_path):
    def refuse(request, connection):
        names = request.value("Authorization").split("SignedHeaders=")[1].split(",")[0] if request.values("Authorization") else ""
        if not names:
            return answer(fields=[("Date", formatdate(usegmt=True))])
        path, _, query = request.target.partition("?")
        fields = [f"{name}:{request.value(name)}" for name in names.split(";")]
        lines = [request.method, path + ("" if path.endswith("/") else "/"), query, *fields, "", names, hashlib.sha256(request.body).hexdigest()]
        text = "Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:" + "|".join(change(lines))
        return answer(json.dumps({"error_code": "APIGW.0301", "error_msg": text, "request_id": "r"}).encode(), 401)

    upstream.handler = refuse
    document["regions"][REGION]["hss"] = upstream.url
    code, findings = examine(tmp_path, document)
    assert code == 7
    found = one(findings, "hss", "failure", *words)
    assert "what stands between" in found["advice"]
    assert sum(bool(r.values("Authorization")) for r in upstream.requests) == 1


def test_a_role_that_is_missing_in_one_project_is_named_with_it(document, upstream, tmp_path):
    def handler(request, connection):
        if OTHER_PROJECT in request.target:
            return answer(b'{"error_code":"HSS.0013","error_msg":"no"}', 403)
        return answer(fields=[("Date", formatdate(usegmt=True))])

    upstream.handler = handler
    document["regions"][REGION]["hss"] = upstream.url
    document["projects"].append({"name": "second", "id": OTHER_PROJECT, "region": REGION, "credential": "keys"})
    code, findings = examine(tmp_path, document)
    assert code == 7
    found = one(findings, "roles", "failure", "project second")
    assert "a role for HSS in the project" in found["advice"]
    one(findings, "hss", "ok", "prod")


def test_one_credential_that_cannot_be_read_does_not_hide_the_other(document, tmp_path):
    document["credentials"].append({"name": "lost", "type": "token", "token_file": str(tmp_path / "nowhere")})
    code, findings = examine(tmp_path, document)
    assert code == 7
    one(findings, "permissions", "failure", "credentials[1].token_file")
    one(findings, "iam", "ok", "keys")
    one(findings, "secrets", "failure", "lost")


def test_modes_that_let_others_in_are_named(document, tmp_path):
    document["callers"][0]["authenticate"] = {"api_key": True}
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    create_key(tmp_path, "team")
    gateway = serve(tmp_path, document)
    gateway.stop()
    for name, mode in {"secret-key": 0o644, "keys/callers": 0o640, "gateway.yaml": 0o666}.items():
        (tmp_path / name).chmod(mode)
    (tmp_path / "audit").chmod(0o755)
    segment = next((tmp_path / "audit").glob("journal-*"))
    segment.chmod(0o644)
    code, findings = examine(tmp_path, document)
    assert code == 7
    for name in ("secret-key", "keys/callers"):
        assert "chmod 0600" in one(findings, "permissions", "warning", name)["advice"]
    one(findings, "permissions", "failure", "gateway.yaml", "chmod go-w")
    one(findings, "journal", "warning", "755")
    one(findings, "journal", "warning", segment.name)


def test_a_full_disk_is_named(document, tmp_path):
    directory = tmp_path / "audit"
    directory.mkdir(mode=0o700)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", directory], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a tmpfs: {mounted.stderr.strip()}")
    try:
        with pytest.raises(OSError):
            (directory / "filling").write_bytes(bytes(1 << 20))
            os.sync()
        code, findings = examine(tmp_path, document)
        assert code == 7
        assert "room" in one(findings, "disk", "failure", "fsync")["advice"]
        one(findings, "disk", "failure", str(directory), "0 % of the disk")
        assert [p.name for p in directory.iterdir()] == ["filling"]
    finally:
        subprocess.run(["umount", directory], check=True)


@pytest.mark.parametrize("place, words", [
    ("/proc/audit", "proc"), ("/proc", "proc"), ("/proc/sys/audit", "proc"), ("/sys/audit", "sysfs"), ("/sys/kernel/audit/", "sysfs"),
    ("gateway.yaml", "not a directory"), ("gateway.yaml/audit", "gateway.yaml is a file"), ("gateway.yaml/deep/audit", "gateway.yaml is a file"),
    ("no/such/audit", "neither is"), ("dangling", "symbolic link"),
])
def test_a_place_where_no_journal_can_be_made_is_named(place, words, document, tmp_path):
    (tmp_path / "dangling").symlink_to("nowhere")
    document["audit"]["directory"] = place if place.startswith("/") else str(tmp_path / place)
    code, findings = examine(tmp_path, document)
    assert code == 7
    one(findings, "journal", "failure", words)
    # As at the gateway's start, which would change the mode of an existing directory.
    if place != "/proc":
        assert run(tmp_path, "serve", "--config", "gateway.yaml").returncode == 4


@pytest.mark.parametrize("place", ["audit", "missing"])
def test_a_mount_that_can_only_be_read_is_named(place, document, tmp_path):
    mount = tmp_path / "disk"
    (mount / "audit").mkdir(parents=True, mode=0o700)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", mount], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a tmpfs: {mounted.stderr.strip()}")
    try:
        if place == "audit":
            for step in (["mount", "-o", "remount,rw", mount], ["mkdir", "-m", "0700", mount / "audit"], ["mount", "-o", "remount,ro", mount]):
                subprocess.run(step, check=True)
        document["audit"]["directory"] = str(mount / place)
        code, findings = examine(tmp_path, document)
        assert code == 7
        assert "Mount it" in one(findings, "journal", "failure", "read only")["advice"]
    finally:
        subprocess.run(["umount", mount], check=True)


def test_a_journal_without_a_checkpoint_or_with_anothers_key_is_named(document, tmp_path):
    serve(tmp_path, document).stop()
    audit = tmp_path / "audit"
    (audit / "checkpoint.key").rename(audit / "away")
    code, findings = examine(tmp_path, document)
    assert code == 7
    one(findings, "checkpoint", "failure", "missing")
    (audit / "away").rename(audit / "checkpoint.key")
    segment = next(audit.glob("journal-*"))
    os.utime(segment, (time() + 3600, time() + 3600))
    _, findings = examine(tmp_path, document)
    one(findings, "checkpoint", "failure", "after it")
    signed = (audit / "checkpoint").read_bytes()
    (audit / "checkpoint").write_bytes(signed + b"x")
    code, findings = examine(tmp_path, document)
    assert code == 7
    one(findings, "checkpoint", "failure", "can't be read")
    (audit / "checkpoint").unlink()
    os.utime(segment, (time() - 3600, time() - 3600))
    _, findings = examine(tmp_path, document)
    one(findings, "checkpoint", "failure", "no checkpoint")


def test_a_sandboxs_journal_is_not_taken_for_a_real_one(document, tmp_path):
    (tmp_path / "audit").mkdir(mode=0o700)
    (tmp_path / "audit" / "sandbox").write_text("x")
    _, findings = examine(tmp_path, document)
    one(findings, "journal", "failure", "sandbox")


def test_too_few_descriptors_are_said_with_the_number_that_is_enough(document, tmp_path):
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    command = f"ulimit -n 1024; exec {os.environ['HSSGW_BINARY']} doctor --json --config gateway.yaml"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 6, done.stdout
    findings = {"limits": [f for f in json.loads(done.stdout)["findings"] if f["check"] == "limits"]}
    assert "LimitNOFILE" in one(findings, "limits", "warning", "descriptors")["advice"]


def test_sinks_and_anchors_are_tried_and_given_nothing(document, upstream, tmp_path):
    collector = Collector()
    database = PostgreSQL()
    database.start()
    try:
        url = write_secret(tmp_path / "url", database.url)
        wrong = write_secret(tmp_path / "wrong", "postgresql://nobody@127.0.0.1:9/x")
        document["audit"]["ship"] = [
            {"name": "good", "type": "otlp", "endpoint": collector.url}, {"name": "db", "type": "postgresql", "url_file": url},
            {"name": "lost", "type": "postgresql", "url_file": wrong}, {"name": "log", "type": "syslog", "address": "tcp://127.0.0.1:9"},
        ]
        document["audit"]["checkpoint"] = {"anchors": [
            "stderr", {"file": "./anchors.txt"}, {"file": "/nowhere/there"}, {"name": "web", "type": "http", "endpoint": upstream.url + "/x"}]}
        code, findings = examine(tmp_path, document)
        one(findings, "sinks", "ok", "good")
        one(findings, "sinks", "ok", "db")
        one(findings, "sinks", "warning", "log", "can't connect")
        assert code == 7
        one(findings, "anchors", "failure", "/nowhere/there")
        one(findings, "anchors", "ok", "web")
        assert collector.records == [] and collector.problems == []
        assert [r.method for r in upstream.requests] == ["OPTIONS"] and not (tmp_path / "anchors.txt").exists()
    finally:
        database.close()


def test_a_gateway_that_speaks_tls_and_asks_for_a_named_token_is_asked_like_any_other(document, upstream, tmp_path):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue("admin", "DNS:elsewhere.example", usage="serverAuth")
    token = write_secret(tmp_path / "auditor-token", "canary-auditor-token-0123456789\n")
    document["regions"][REGION]["hss"] = upstream.url
    document["admin"].update(
        tls={"certificate_file": certificate, "private_key_file": key}, tokens=[{"name": "prometheus", "role": "auditor", "token_file": token}])
    gateway = serve(tmp_path, document)
    document["admin"]["address"] = gateway.admin
    _, findings = examine(tmp_path, document)
    one(findings, "gateway", "ok", "is ready")
    # Another certificate is from another server, and a port without TLS is refused too.
    other, other_key = authority.issue("other", "DNS:elsewhere.example", usage="serverAuth")
    document["admin"]["tls"] = {"certificate_file": other, "private_key_file": other_key}
    _, findings = examine(tmp_path, document)
    one(findings, "gateway", "warning", "another certificate")
    document["admin"]["address"] = upstream.url.removeprefix("http://")
    _, findings = examine(tmp_path, document)
    one(findings, "gateway", "warning", "no gateway of this configuration")
    # The doctor has no client certificate.
    document["admin"]["tls"]["client_ca_file"] = authority.certificate
    _, findings = examine(tmp_path, document)
    one(findings, "gateway", "ok", "client certificate")
    gateway.stop()


def test_a_running_gateway_that_is_not_ready_is_a_finding(document, upstream, tmp_path):
    document["regions"][REGION]["hss"] = upstream.url
    gateway = serve(tmp_path, document)
    document["admin"]["address"] = gateway.admin
    _, findings = examine(tmp_path, document)
    one(findings, "gateway", "ok", "is ready")
    gateway.stop()
