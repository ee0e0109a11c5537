"""The content of every file in the configuration matters: a bundle that is replaced under its path is another one."""

import socket
import ssl

import pytest

from harness import wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.process import PROJECT, configuration, serve
from harness.upstream import Upstream

TARGET = f"/v5/{PROJECT}/host-management/hosts?limit=10"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("other"), "other")


def reload(gateway):
    answer = wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")])
    assert answer.status == 200, answer.body


def replace(path, *authorities):
    """As tools that maintain a bundle do it: written under another name, then renamed."""
    beside = path.with_suffix(".new")
    beside.write_bytes(b"".join(open(one.certificate, "rb").read() for one in authorities))
    beside.rename(path)


@pytest.fixture
def secure_upstream(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("hss", "DNS:localhost", usage="serverAuth"))
    upstream = Upstream(context)
    yield upstream
    upstream.close()


def test_a_bundle_replaced_under_its_path_is_taken_by_a_reload(secure_upstream, authority, other, tmp_path):
    bundle = tmp_path / "bundle.pem"
    replace(bundle, authority)
    document = configuration(tmp_path / "gateway", secure_upstream.url)
    document["upstream"] = {"ca_file": str(bundle), "retry": {"attempts": 1}}
    # One worker, which has one connection.
    gateway = serve(tmp_path / "gateway", document, {"HSSGW_WORKERS": "1"})
    assert gateway.call("GET", TARGET).status == 200
    replace(bundle, other)
    reload(gateway)
    refused = gateway.call("GET", TARGET)
    assert refused.status == 502 and refused.error_code == "HSSGW.5021", "an authority that was withdrawn, over a connection from before"
    replace(bundle, other, authority)
    reload(gateway)
    assert gateway.call("GET", TARGET).status == 200
    before = len({request.connection for request in secure_upstream.requests})
    reload(gateway)
    assert gateway.call("GET", TARGET).status == 200
    assert len({request.connection for request in secure_upstream.requests}) == before, "nothing changed, so the connection goes on"
    gateway.stop()


@pytest.mark.parametrize("way", ["the file alone", "a reload"])
def test_connections_of_clients_end_with_the_authority_they_came_under(way, start, upstream, authority, other, tmp_path):
    bundle = tmp_path / "clients.pem"
    replace(bundle, authority)
    certificate, key = authority.issue("server", "DNS:gateway.test", usage="serverAuth")

    def change(document):
        document["listeners"].append({
            "name": "mutual", "address": "127.0.0.1:0",
            "tls": {"certificate_file": certificate, "private_key_file": key, "client_ca_file": str(bundle)},
        })

    gateway = start(upstream.url, change)
    context = ssl.create_default_context(cafile=authority.certificate)
    context.load_cert_chain(*authority.issue("client", "DNS:team.test"))
    context.set_alpn_protocols(["http/1.1"])
    host, port = wire.parse_address(gateway.addresses["listener.mutual"])
    plain = socket.create_connection((host, port), timeout=20)
    with plain, context.wrap_socket(plain, server_hostname="gateway.test") as secure:
        kept = wire.Connection.over(secure)

        def ask() -> int:
            secure.sendall(wire.request("GET", TARGET, host="gateway.test"))
            return kept.response().status

        assert ask() == ask()
        replace(bundle, authority, other)
        reload(gateway)
        ask()  # one more authority takes nothing from anybody
        replace(bundle, other)
        if way == "a reload":
            reload(gateway)
        else:
            eventually(lambda: "certificate_reloaded" in gateway.log, "the new bundle")
        assert kept.is_closed()
    gateway.stop()


def test_a_connection_to_hss_has_a_bounded_life(start, upstream):
    gateway = start(upstream.url, lambda document: document["upstream"].update(connection_lifetime="1s"))

    def connections() -> int:
        assert gateway.call("GET", TARGET).status == 200
        return len({request.connection for request in upstream.requests})

    # Otherwise it is never idle for so long, and has served few requests.
    eventually(lambda: connections() > 2, "a third connection")
    assert len(upstream.requests) > 3
