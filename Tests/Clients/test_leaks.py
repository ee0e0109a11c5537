"""Distinctive secrets everywhere, and every output of the gateway is searched for them, also after a forced crash."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.iam import Iam
from harness.process import REGION, configuration, serve, write_secret
from harness.upstream import Upstream, answer

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
POLICIES = "/v5/_/container/kubernetes/clusters/protection-policy"
JSON = [("Content-Type", "application/json")]
CANARIES = {
    "secret key": "canary-5ecretkey-a81f", "security token": "canary-securitytoken-b92e", "password": "canary-passw0rd-c03d",
    "static token": "canary-statictoken-d14c", "issued token": "MII-canary-token-", "caller's bearer": "canary-bearer-e25b",
    "admin token": "canary-admintoken-f36a", "caller's query": "canary-query-0479",
}


def document(directory: Path, hss: str, iam: str) -> dict:
    document = configuration(directory, hss)
    document["regions"][REGION]["iam"] = iam
    document["log"] = {"level": "debug", "format": "json"}
    document["admin"]["token_file"] = write_secret(directory / "admin-token", CANARIES["admin token"])

    def secret(name: str) -> str:
        return write_secret(directory / name.replace(" ", "-"), CANARIES[name])

    document["credentials"] = [
        {
            "name": "keys", "type": "aksk", "access_key": "CANARYACCESSKEY00001", "secret_key_file": secret("secret key"),
            "security_token_file": secret("security token"), "fallback": "static",
        },
        {"name": "static", "type": "token", "token_file": secret("static token")},
        {"name": "robot", "type": "iam_password", "domain": "acme", "username": "robot", "password_file": secret("password")},
    ]
    document["projects"] += [{"name": "second", "id": "p2", "region": REGION, "credential": "robot"}]
    document["callers"][0]["projects"] = ["prod", "second"]
    return document


@pytest.fixture
def parts(tmp_path):
    iam, hss = Iam(CANARIES["password"]), Upstream()
    gateway = serve(tmp_path, document(tmp_path, hss.url, iam.url))
    yield gateway, iam, hss
    gateway.kill()
    iam.close()
    hss.close()


def outputs(gateway) -> bytes:
    """All files of a run, except the secrets' own."""
    found = b""
    for path in sorted(gateway.directory.rglob("*")):
        if path.is_file() and path.parent.name == "audit" or path.name in ("stdout", "stderr", "ready"):
            found += path.read_bytes()
    return found


def expect_none(text: bytes, but: tuple[str, ...] = ()):
    for name, canary in CANARIES.items():
        assert name in but or canary.encode() not in text, f"the {name} is in {text[:200]!r}…"


def test_no_output_holds_a_secret(parts):
    gateway, iam, hss = parts
    echo = b'{"data_list":[],"x_auth_token":"%s"}'
    answers = b""

    def judge(request, connection):
        sent = (request.values("X-Auth-Token") or request.values("X-Security-Token") or [""])[0].encode()
        assert CANARIES["caller's bearer"].encode() not in request.head
        if "fail" in request.target:
            return answer(b'{"error_code":"APIGW.0301","error_msg":"no"}', 401)
        return answer(echo % sent) if "protection-policy" in request.target else answer()

    hss.handler = judge
    bearer = [("Authorization", "Bearer " + CANARIES["caller's bearer"]), ("X-Auth-Token", CANARIES["caller's bearer"])]
    secret_query = "/v5/second/image/registries/image-upload-command?username=u&password=" + CANARIES["caller's query"]
    for method, target, body in [
        ("GET", LIST, None), ("POST", EXPORT, b"{}"), ("GET", LIST.replace("_", "second"), None), ("GET", POLICIES.replace("_", "second"), None),
        ("GET", POLICIES, None), ("GET", secret_query, None), ("GET", LIST + "?severity=fail", None), ("GET", LIST + "?severity=fail", None),
        ("GET", LIST + "?severity=fail", None), ("GET", LIST.replace("_", "second") + "?severity=fail", None), ("GET", "/nowhere", None),
        ("PATCH", LIST, None), ("GET", LIST + "?enterprise_project_id=a&enterprise_project_id=b", None),
    ]:
        response = gateway.call(method, target, JSON + bearer, body)
        answers += response.body + repr(response.fields).encode()
    iam.is_down = True
    for name in ("secret-key", "static-token"):
        write_secret(gateway.directory / (name + ".new"), CANARIES[name.replace("-", " ")] + "\nsecond line")
        (gateway.directory / (name + ".new")).rename(gateway.directory / name)
    eventually(lambda: "credential not rotated" in gateway.log, "the failed rotation")
    admin = [("Authorization", "Bearer " + CANARIES["admin token"])]
    for path in ("/readyz?verbose", "/metrics", "/version", "/livez", "/startupz", "/nothing"):
        answers += wire.call(gateway.admin, "GET", path, admin).body
    answers += Path(f"/proc/{gateway.pid}/cmdline").read_bytes()
    gateway.stop()
    expect_none(answers)
    expect_none(outputs(gateway))
    assert len(hss.requests) >= 8
    shown = subprocess.run(
        [os.environ["HSSGW_BINARY"], "config", "show", "--config", str(gateway.directory / "gateway.yaml")], capture_output=True, timeout=30)
    assert shown.returncode == 0
    expect_none(shown.stdout + shown.stderr)


@pytest.mark.parametrize("number", [signal.SIGILL, signal.SIGTRAP, signal.SIGSEGV, signal.SIGABRT], ids=lambda number: number.name)
def test_a_crash_prints_and_leaves_nothing(number, tmp_path):
    """Even if Swift's crash reporter was requested at the start: it prints registers and the memory that they point to."""
    iam, hss = Iam(CANARIES["password"]), Upstream()
    variables = {"SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no,output-to=stderr"}
    gateway = serve(tmp_path, document(tmp_path, hss.url, iam.url), variables)
    try:
        assert gateway.call("GET", LIST).status == 200
        assert gateway.call("GET", LIST.replace("_", "second")).status == 200
        environment = Path(f"/proc/{gateway.pid}/limits").read_text()
        core = next(line for line in environment.splitlines() if line.startswith("Max core file size"))
        assert core.split()[4:6] == ["0", "0"], core
        gateway.process.send_signal(number)
        assert gateway.process.wait(30) == -number
        expect_none(outputs(gateway))
        assert "Thread 0" not in gateway.log and "Registers" not in gateway.log, gateway.log[-2000:]
        assert not [path for path in tmp_path.rglob("core*") if path.is_file()]
    finally:
        gateway.kill()
        iam.close()
        hss.close()
