"""Existing files with invalid content: `config check` names the key, the file and the fault; `serve` doesn't start."""

import json
from pathlib import Path

import pytest

from harness import wire
from harness.commands import create_key, run
from harness.process import configuration, write_secret
from harness.upstream import answer

NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
CANARY = "canary-half-9d1c"


def file(document, name: str, text: str) -> str:
    return write_secret(Path(document["credentials"][0]["secret_key_file"]).parent / name, text)


def keys(name: str, text: str):
    return lambda document: document["credentials"][0].update({name: file(document, "odd", text)})


def another(**credential):
    """Another credential, whose secrets are given as texts and written to files."""

    def change(document):
        made = {name: file(document, "odd", text) if name.endswith("_file") else text for name, text in credential.items()}
        document["credentials"].append({"name": "other", **made})

    return change


def sink(document):
    document["audit"]["ship"] = [{"type": "otlp", "endpoint": "https://127.0.0.1:9", "ca_file": file(document, "odd", "none")}]


MALFORMED = {
    "a secret key and something else": (keys("secret_key_file", f"{CANARY}\nmore\n"), "credentials[0].secret_key_file", "line break"),
    "a secret key that is a blank line": (keys("secret_key_file", "\n"), "credentials[0].secret_key_file", "empty"),
    "a secret key between blanks": (keys("secret_key_file", f" {CANARY}"), "credentials[0].secret_key_file", "space"),
    "a control character": (keys("secret_key_file", f"{CANARY}\x00"), "credentials[0].secret_key_file", "control character"),
    "an access key with a comma": (keys("access_key_file", f"{CANARY},b"), "credentials[0].access_key_file", "visible ASCII"),
    "a security token with a blank": (keys("security_token_file", f"{CANARY} b"), "credentials[0].security_token_file", "visible ASCII"),
    "a token of two lines": (another(type="token", token_file=f"{CANARY}\nb"), "credentials[1].token_file", "line break"),
    "a password of two lines":
        (another(type="iam_password", domain="d", username="u", password_file=f"{CANARY}\nb"), "credentials[1].password_file", "line break"),
    "an identity token in quotes and blanks":
        (another(type="oidc", idp="cce", id_token_file=f'"{CANARY} "'), "credentials[1].id_token_file", "visible ASCII"),
    "authorities that are none": (lambda d: d["upstream"].update(ca_file=file(d, "odd", CANARY)), "upstream.ca_file", "no certificates"),
    "an authority in broken PEM": (lambda d: d["upstream"].update(ca_file=file(d, "odd", NO_CERTIFICATE)), "upstream.ca_file", "no certificates"),
    "a sink's authorities that are none": (sink, "audit.ship[0].ca_file", "no certificates"),
    "an admin token of two lines": (lambda d: d["admin"].update(token_file=file(d, "odd", f"{CANARY}\nb")), "admin.token_file", "line break"),
}
# A file that is only read when needed doesn't prevent the start.
READ_LATER = {"a password of two lines", "an identity token in quotes and blanks", "a sink's authorities that are none"}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_is_named_with_its_key_and_its_fault(name, tmp_path):
    change, key, fault = MALFORMED[name]
    document = configuration(tmp_path, "http://127.0.0.1:9")
    change(document)
    (tmp_path / "gateway.yaml").write_text(json.dumps(document, indent=1))
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
    assert done.returncode == 3, done.stdout
    for part in ("gateway.yaml:", key, str(tmp_path / "odd"), fault):
        assert part in done.stderr, done.stderr
    assert CANARY not in done.stderr + done.stdout
    (fact,) = [json.loads(line) for line in run(tmp_path, "config", "check", "--json", "--config", "gateway.yaml").stdout.splitlines()]
    assert fact["path"] == key
    if name not in READ_LATER:
        served = run(tmp_path, "serve", "--config", "gateway.yaml")
        assert served.returncode == 3 and CANARY not in served.stderr, served.stderr
        assert not (tmp_path / "audit").exists()


@pytest.mark.parametrize(("spoil", "fault"), [
    (lambda keys: (keys / "master.key").write_text("short"), "master.key is shorter than"),
    (lambda keys: (keys / "master.key").unlink(), "master.key is not there"),
    (lambda keys: (keys / "callers").write_text("nonsense\n"), "callers:1 "),
    (lambda keys: (keys / "callers").write_text((keys / "callers").read_text() + "a b\n"), "callers:4 "),
], ids=["a short master key", "no master key", "a key file that is none", "a line that is no key"])
def test_callers_key_files_are_looked_at_too(spoil, fault, tmp_path):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    document["callers"] = [{"name": "team", "authenticate": {"virtual_key": True}, "projects": ["prod"]}]
    (tmp_path / "gateway.yaml").write_text(json.dumps(document, indent=1))
    made = create_key(tmp_path, "team", "--virtual")
    assert run(tmp_path, "config", "check", "--config", "gateway.yaml").returncode == 0
    spoil(tmp_path / "keys")
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
    assert done.returncode == 3 and fault in done.stderr, done.stderr
    assert made["secret_key"] not in done.stderr
    assert run(tmp_path, "serve", "--config", "gateway.yaml").returncode == 3


#: The variables of a default chain, and the warning about them; None if a source is complete.
CHAINS = {
    "nothing": ({}, None),
    "a key without its secret": ({"HUAWEICLOUD_SDK_AK": "HPUAEXAMPLE"}, "HUAWEICLOUD_SDK_SK"),
    "keys": ({"HUAWEICLOUD_SDK_AK": "HPUAEXAMPLE", "HUAWEICLOUD_SDK_SK": CANARY}, None),
    "a provider without a token file": ({"HUAWEICLOUD_SDK_IDP_ID": "cce"}, "HUAWEICLOUD_SDK_ID_TOKEN_FILE"),
    "an agency without a provider": ({"HUAWEICLOUD_OIDC_AGENCY_URN": "iam::x:agency:y"}, "HUAWEICLOUD_OIDC_PROVIDER_URN"),
    "a half before keys": (
        {"HUAWEICLOUD_SDK_IDP_ID": "cce", "HUAWEICLOUD_SDK_AK": "HPUAEXAMPLE", "HUAWEICLOUD_SDK_SK": CANARY}, "HUAWEICLOUD_SDK_ID_TOKEN_FILE"),
    "keys before a half": (
        {"HC_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/x", "HUAWEICLOUD_SDK_AK": "HPUAEXAMPLE", "HUAWEICLOUD_SDK_SK": CANARY}, None),
    "a pod without an address": ({"HC_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/x"}, "HC_CONTAINER_CREDENTIALS_FULL_URI"),
    "a profile that is not there": ({"HUAWEICLOUD_SDK_CREDENTIALS_FILE": "/nowhere/profile"}, "/nowhere/profile"),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_default_chain_that_is_half_set_up_is_a_warning(name, tmp_path):
    variables, missing = CHAINS[name]
    document = configuration(tmp_path, "http://127.0.0.1:9")
    document["credentials"] = [{"name": "keys", "type": "default_chain"}]
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml", **variables)
    assert done.returncode == 0 and CANARY not in done.stderr
    assert ("credentials[0].type" in done.stderr and missing in done.stderr) if missing else "credentials" not in done.stderr, done.stderr
    strict = run(tmp_path, "config", "check", "--strict", "--config", "gateway.yaml", **variables)
    assert strict.returncode == (3 if missing else 0)
    assert "credentials" not in run(tmp_path, "config", "check", "--offline", "--config", "gateway.yaml", **variables).stderr


def test_a_check_without_secrets_asks_for_no_variable_that_the_file_refers_to(tmp_path):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    document["credentials"][0] = {"name": "keys", "type": "aksk", "access_key": "${UNSET_AK}", "secret_key": "${UNSET_SK}"}
    document["upstream"]["proxy"] = "${UNSET_PROXY}"
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    check = ("config", "check", "--config", "gateway.yaml")
    there = run(tmp_path, *check)
    assert there.returncode == 3 and there.stderr.count("the environment variable that this refers to is not set") == 3, there.stderr
    assert run(tmp_path, *check, "--offline").returncode == 0


@pytest.mark.parametrize("exceptions, said", [
    ("*.example.com,10.0.0.0/8,localhost,fd00::/8", None), ("*", None), ("hss.example.com:443", "ports"), ("[::1]:80", "ports"),
    ("10.*", "wildcard"), ("a.com, *example.com", "*example.com"), ("https://hss.example.com", "entry 1"), ("a.com,10.0.0.0/33", "no effect"),
    (f"user:{CANARY}@proxy.example/", "entry 1"),
])
def test_an_exception_from_the_proxy_that_means_something_else_is_a_warning(exceptions, said, tmp_path):
    (tmp_path / "gateway.yaml").write_text(json.dumps(configuration(tmp_path, "http://127.0.0.1:9")))
    variables = {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": exceptions}
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml", **variables)
    assert done.returncode == 0 and CANARY not in done.stderr
    assert ("NO_PROXY" in done.stderr and said in done.stderr) if said else "NO_PROXY" not in done.stderr, done.stderr
    # Without a proxy there are no exceptions from it.
    assert "NO_PROXY" not in run(tmp_path, "config", "check", "--config", "gateway.yaml", NO_PROXY=exceptions).stderr


@pytest.mark.parametrize("command", [["serve"], ["config", "check"], ["config", "show"], ["doctor"]])
@pytest.mark.parametrize(("flag", "key"), [("--listen", "listeners[0].address"), ("--admin", "admin.address")])
def test_a_flag_that_is_no_address_is_blamed_itself(command, flag, key, tmp_path):
    (tmp_path / "gateway.yaml").write_text(json.dumps(configuration(tmp_path, "http://127.0.0.1:9")))
    done = run(tmp_path, *command, "--config", "gateway.yaml", flag, "foo")
    said = done.stdout + done.stderr
    assert done.returncode == (7 if command == ["doctor"] else 3)
    assert flag in said and key in said and "expected an address such as" in said and "gateway.yaml:" not in said, said


ADDRESSES = [" ", "/", "http://127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", "tls://", "tls://a@b", "tcp://127.0.0.1:x", "unix://relative", "5/min"]


@pytest.mark.parametrize("place", ["ship", "anchors"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_a_syslog_server_that_is_none_is_a_fault_of_the_check(address, place, tmp_path):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    entry = {"type": "syslog", "name": "logs", "address": address}
    document["audit"].update({"ship": [entry]} if place == "ship" else {"checkpoint": {"anchors": [entry]}})
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    key = "audit.ship[0].address" if place == "ship" else "audit.checkpoint.anchors[0].address"
    for command in (["config", "check"], ["serve"]):
        done = run(tmp_path, *command, "--config", "gateway.yaml")
        assert done.returncode == 3 and f"{key}: expected an address such as" in done.stderr, (command, done.stdout, done.stderr)


@pytest.mark.parametrize("path, said", [
    ("/dev/null", "is not a regular file"), (".", "is not a regular file"), ("missing/key", "can't be made"), ("gateway.yaml/key", "can't be made")])
def test_a_checkpoint_key_that_can_not_be_made_is_a_fault_of_the_check(path, said, tmp_path):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    document["audit"]["checkpoint"] = {"key_file": path}
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
    assert done.returncode == 3 and "audit.checkpoint.key_file" in done.stderr and said in done.stderr, done.stdout + done.stderr
    # The journal has an exit code of its own.
    assert run(tmp_path, "serve", "--config", "gateway.yaml").returncode == 4
    # In the journal's directory it is made together with that.
    for directory in ("new", "new/"):
        document["audit"].update(directory=directory, checkpoint={"key_file": "new/key"})
        (tmp_path / "gateway.yaml").write_text(json.dumps(document))
        assert run(tmp_path, "config", "check", "--config", "gateway.yaml").returncode == 0


@pytest.mark.parametrize("host", [" ", "https://gateway.example", "gateway.example:8080", "*.example", "a b", "[::1", "[gateway]", "é.example", "a/"])
def test_a_host_that_no_request_can_name_is_a_fault_of_the_check(host, tmp_path):
    document = configuration(tmp_path, "http://127.0.0.1:9")
    document["listeners"][0]["hosts"] = [host]
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
    assert done.returncode == 3 and "listeners[0].hosts[0]: expected a host name or address without a port" in done.stderr, done.stderr


def test_an_address_of_ipv6_is_served_with_and_without_brackets(start, upstream):
    upstream.handler = lambda request, connection: answer(b"{}")
    for host in ("::1", "[::1]", "[0:0::1]"):
        gateway = start(upstream.url, lambda document: document["listeners"][0].update(hosts=[host, "Gateway.Example"]))
        for said, status in (("[::1]:8080", 200), ("gateway.example", 200), ("other.example", 400)):
            with wire.Connection(gateway.data) as connection:
                connection.send(f"GET /v5/_/vulnerability/vulnerabilities HTTP/1.1\r\nHost: {said}\r\n\r\n".encode())
                assert connection.response().status == status, (host, said)
        gateway.stop()
