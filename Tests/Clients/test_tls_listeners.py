"""TLS listeners: their protocols, whom they accept, and certificates that are replaced while they serve."""

import json
import os
import shutil
import socket
import ssl
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness import ending_certificates, wire
from harness.certificates import Authority
from harness.commands import run
from harness.deadline import eventually
from harness.http2 import Connection as HTTP2Connection, request
from harness.process import PROJECT, configuration, serve

TARGET = f"/v5/{PROJECT}/host-management/hosts?limit=10"
EXPORT = "/v5/_/image/baseline/export"
SERVER = "DNS:gateway.test,IP:127.0.0.1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger")


@pytest.fixture(scope="module")
def gateway(sandbox, authority, tmp_path_factory):
    directory = tmp_path_factory.mktemp("tls")
    document = configuration(directory, sandbox.url)
    certificate, key = authority.issue("server", SERVER, usage="serverAuth")
    document["listeners"] = [
        {
            "name": "mutual", "address": "127.0.0.1:0",
            "tls": {"certificate_file": certificate, "private_key_file": key, "client_ca_file": authority.certificate},
        },
        {"name": "open", "address": "127.0.0.1:0", "tls": {"certificate_file": certificate, "private_key_file": key}},
    ]
    document["callers"] = [
        {"name": "scanner", "authenticate": {"mtls_san": ["spiffe://corp.test/ns/sec/sa/scanner"]}, "projects": ["prod"]},
        {"name": "by-name", "authenticate": {"mtls_san": ["Team.corp.test"]}, "projects": ["prod"]},
        {"name": "anonymous", "projects": ["prod"]},
    ]
    document["listeners"][0]["anonymous"] = False
    gateway = serve(directory, document)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


def client(authority, certificate: tuple[str, str] | None = None, alpn=("http/1.1",), **versions) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority.certificate)
    if certificate:
        context.load_cert_chain(*certificate)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    for name, value in versions.items():
        setattr(context, name, value)
    return context


def call(address: str, context: ssl.SSLContext, target: str = TARGET) -> wire.Response:
    host, port = wire.parse_address(address)
    with socket.create_connection((host, port), timeout=20) as plain, context.wrap_socket(plain, server_hostname="gateway.test") as secure:
        connection = wire.Connection.over(secure)
        secure.sendall(f"GET {target} HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n\r\n".encode())
        return connection.response()


@pytest.mark.parametrize(("names", "caller"), [
    ("URI:spiffe://corp.test/ns/sec/sa/scanner", "scanner"), ("DNS:team.corp.test", "by-name"), ("DNS:TEAM.CORP.test,DNS:x.test", "by-name"),
    ("URI:spiffe://corp.test/ns/sec/sa/other", None), ("URI:spiffe://corp.test/ns/sec/sa/scanner/x", None), ("", None),
    # A name of one type never matches another type, however it is spelled.
    # No workload has two ids (X509-SVID section 5.2).
    ("URI:spiffe://corp.test/other,URI:spiffe://corp.test/ns/sec/sa/scanner", None), ("URI:spiffe://corp.test/ns/sec/sa/scanner,URI:https://x", None),
    ("DNS:spiffe://corp.test/ns/sec/sa/scanner", None), ("URI:team.corp.test", None),
    ("DNS:corp.test", None), ("email:team.corp.test@x.test", None), ("URI:SPIFFE://corp.test/ns/sec/sa/scanner", None),
])
def test_a_certificate_is_the_caller_that_its_names_say(gateway, authority, names, caller):
    context = client(authority, authority.issue("client", names))
    answer = call(gateway.addresses["listener.mutual"], context)
    record = gateway.journal.closing(answer.value("Audit-Id"))
    if caller:
        assert answer.status == 200
        assert record["caller"] == {"name": caller, "method": "mtls_san", "address": "127.0.0.1"}
    else:
        assert (answer.status, answer.error_code) == (401, "HSSGW.4010")


def test_whom_the_authority_does_not_vouch_for_gets_no_answer_at_all(gateway, authority, stranger, sandbox):
    name = "URI:spiffe://corp.test/ns/sec/sa/scanner"
    start = sandbox.ledger.total()
    for certificate in (
        None, stranger.issue("client", name), authority.issue("late", name, expired=True), authority.issue("wrong", name, usage="serverAuth"),
    ):
        with pytest.raises((ssl.SSLError, OSError, wire.Truncated)):
            call(gateway.addresses["listener.mutual"], client(authority, certificate))
    assert sandbox.ledger.total() == start


def ask(secure: ssl.SSLSocket) -> wire.Response:
    connection = wire.Connection.over(secure)
    secure.sendall(f"GET {TARGET} HTTP/1.1\r\nHost: gateway.test\r\n\r\n".encode())
    return connection.response()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
def test_a_certificate_proves_nobody_after_its_end_neither_on_an_open_connection_nor_by_resumption(gateway, authority, version):
    host, port = wire.parse_address(gateway.addresses["listener.mutual"])
    context = None

    def connect(session=None) -> ssl.SSLSocket:
        return context.wrap_socket(socket.create_connection((host, port), timeout=20), server_hostname="gateway.test", session=session)

    def use(files: tuple[str, str]) -> None:
        nonlocal context
        context = client(authority, files, minimum_version=version, maximum_version=version)

    with ExitStack() as stack:
        open_one, session = ending_certificates.accepted(
            stack, authority, "URI:spiffe://corp.test/ns/sec/sa/scanner", use, connect, lambda secure: ask(secure).status)
        # Of a body that is as long as this the rest may come minutes later.
        body = b'{"a":"' + b"a" * 200_000 + b'"}'
        upload = stack.enter_context(connect(session))
        upload.sendall(wire.request("POST", EXPORT, [("Content-Type", "application/json")], body)[:-1])
        eventually(lambda: ask(open_one).status == 401, "the end of the certificate", patience=120)
        late = ask(open_one)
        assert late.error_code == "HSSGW.4010" and "expired" in late.json["error_msg"]
        assert "name" not in gateway.journal.closing(late.value("Audit-Id"))["caller"]
        upload.sendall(body[-1:])
        assert wire.Connection.over(upload).response().error_code == "HSSGW.4010"
    with connect(session) as resumed:
        assert resumed.session_reused
        assert (ask(resumed).status, ask(resumed).error_code) == (401, "HSSGW.4010")
    with pytest.raises((ssl.SSLError, OSError, wire.Truncated)):
        with connect() as new:
            ask(new)


def test_both_protocols_are_offered_and_nothing_old(gateway, authority):
    address = gateway.addresses["listener.open"]
    assert call(address, client(authority)).status == 200
    assert call(address, client(authority, alpn=None)).status == 200
    assert call(address, client(authority, maximum_version=ssl.TLSVersion.TLSv1_2)).status == 200
    with HTTP2Connection(address, client(authority, alpn=("h2", "http/1.1"))) as connection:
        assert connection.socket.selected_alpn_protocol() == "h2"
        connection.headers(1, [(b":scheme", b"https") if name == b":scheme" else (name, value) for name, value in request(TARGET.encode())])
        connection.until_done(1)
        assert connection.status[1] == 200
    for refused in (["-tls1_1"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], ["-tls1_2", "-cipher", "AES128-GCM-SHA256"]):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", address, "-cipher", "DEFAULT@SECLEVEL=0", *refused], input=b"", capture_output=True, timeout=60)
        assert b"Cipher is (NONE)" in done.stdout or done.returncode != 0, refused
    url = f"https://{address}{TARGET}"
    done = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--http2", "--cacert", authority.certificate, "-w", "\n%{http_version} %{http_code}", url],
        capture_output=True, text=True, timeout=30)
    assert done.stdout.splitlines()[-1] == "2 200", done


def test_plain_http_on_a_tls_port_gets_nothing(gateway):
    with wire.Connection(gateway.addresses["listener.open"]) as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        received = connection.socket.recv(65_536)
        assert not received.startswith(b"HTTP")


def serial(address: str, authority) -> str:
    host, port = wire.parse_address(address)
    with socket.create_connection((host, port), timeout=20) as plain:
        with client(authority).wrap_socket(plain, server_hostname="gateway.test") as secure:
            return secure.getpeercert()["serialNumber"]


def install(authority, name: str, files: Path):
    """A new certificate in place of the one in `files`, as `server.crt` and `server.key`."""
    files.mkdir(exist_ok=True)
    certificate, key = authority.issue(name, SERVER, usage="serverAuth")
    for source, target in ((certificate, "server.crt"), (key, "server.key")):
        shutil.copy(source, files / "new")
        (files / "new").chmod(0o600)
        os.rename(files / "new", files / target)


def test_listeners_that_share_a_certificate_all_get_the_new_one(sandbox, authority, start, tmp_path):
    files = tmp_path / "files"
    install(authority, "first-of-all", files)
    tls = {"certificate_file": str(files / "server.crt"), "private_key_file": str(files / "server.key")}

    def change(document):
        document["listeners"] = [{"name": name, "address": "127.0.0.1:0", "tls": tls} for name in ("one", "two")]
        document["admin"] |= {"tls": tls}

    gateway = start(sandbox.url, change)
    places = [gateway.addresses[name] for name in ("listener.one", "listener.two", "admin")]
    old = {serial(place, authority) for place in places}
    assert len(old) == 1
    install(authority, "second-of-all", files)
    eventually(lambda: not old & {serial(place, authority) for place in places}, "the new certificate on every port")


def test_a_new_certificate_is_for_new_connections_and_cuts_none(sandbox, authority, start, tmp_path):
    files = tmp_path / "files"
    install(authority, "first", files)

    def tls(document):
        document["listeners"] = [{
            "name": "internal", "address": "127.0.0.1:0",
            "tls": {"certificate_file": str(files / "server.crt"), "private_key_file": str(files / "server.key")}}]

    gateway = start(sandbox.url, tls)
    first = serial(gateway.data, authority)
    host, port = wire.parse_address(gateway.data)
    with socket.create_connection((host, port), timeout=20) as plain, client(authority).wrap_socket(plain, server_hostname="gateway.test") as old:
        connection = wire.Connection.over(old)

        def ask():
            old.sendall(f"GET {TARGET} HTTP/1.1\r\nHost: gateway.test\r\n\r\n".encode())
            return connection.response().status

        assert ask() == 200
        install(authority, "second", files)
        eventually(lambda: serial(gateway.data, authority) != first, "the new certificate")
        assert ask() == 200
        # Invalid files leave the present certificate in force.
        second = serial(gateway.data, authority)
        (files / "bad").write_text("no certificate")
        os.rename(files / "bad", files / "server.crt")
        eventually(lambda: any(record.get("event") == "certificate_refused" for record in gateway.journal.records()), "the event")
        assert serial(gateway.data, authority) == second and ask() == 200
        install(authority, "third", files)
        eventually(lambda: serial(gateway.data, authority) not in (first, second), "the third certificate")
        assert ask() == 200


def test_config_check_names_what_is_wrong_with_certificates(authority, stranger, sandbox, tmp_path):
    document = configuration(tmp_path, sandbox.url)
    certificate, key = authority.issue("server", SERVER, usage="serverAuth")
    _, other = stranger.issue("other", SERVER, usage="serverAuth")
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for tls, word in (
        ({"certificate_file": str(garbage), "private_key_file": key}, "garbage.pem holds no certificates"),
        ({"certificate_file": certificate, "private_key_file": str(garbage)}, "garbage.pem holds no private key"),
        ({"certificate_file": certificate, "private_key_file": other}, "doesn't belong to the certificate"),
        ({"certificate_file": certificate, "private_key_file": key, "client_ca_file": str(garbage)}, "garbage.pem holds no certificates"),
    ):
        document["listeners"] = [{"name": "internal", "address": "127.0.0.1:0", "tls": tls}]
        (tmp_path / "gateway.yaml").write_text(json.dumps(document, indent=1))
        done = run(tmp_path, "config", "check", "--config", "gateway.yaml")
        assert done.returncode == 3 and word in done.stderr and "gateway.yaml:" in done.stderr, done.stderr
        assert run(tmp_path, "serve", "--config", "gateway.yaml").returncode == 3


def test_half_a_hello_has_as_long_as_a_head(sandbox, authority, tmp_path):
    document = configuration(tmp_path, sandbox.url)
    certificate, key = authority.issue("short", SERVER, usage="serverAuth")
    document["listeners"][0]["tls"] = {"certificate_file": certificate, "private_key_file": key}
    document["limits"] = {"header_timeout": "2s", "idle_timeout": "1h"}
    gateway = serve(tmp_path, document)
    for begun in (b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
        with socket.create_connection(wire.parse_address(gateway.data), timeout=20) as half:
            half.sendall(begun)
            assert half.recv(1) == b"", "it is closed"
    # A connection without a request after the handshake is idle; it doesn't have a slow head.
    context = client(authority)
    with context.wrap_socket(socket.create_connection(wire.parse_address(gateway.data), timeout=20), server_hostname="gateway.test") as idle:
        # Longer than a head may take.
        idle.settimeout(3)
        with pytest.raises(TimeoutError):
            idle.recv(1)
    gateway.stop()
