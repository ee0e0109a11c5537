"""Callers recognised by their origin: the peer's address, the address from a trusted proxy, the user of a Unix socket."""

import os

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import PROJECT

TARGET = f"/v5/{PROJECT}/host-management/hosts?limit=10"


def caller_of(gateway, answer) -> dict:
    return gateway.journal.closing(answer.value("Audit-Id"))["caller"]


def proxied(document):
    document["listeners"] = [
        {"name": "internal", "address": "127.0.0.1:0", "trusted_proxies": ["127.0.0.1", "10.0.0.0/8"]},
        {"name": "direct", "address": "127.0.0.1:0"},
    ]
    document["callers"] = [
        {"name": "office", "authenticate": {"cidr": ["192.0.2.0/24", "2001:db8::/32"]}, "projects": ["prod"]},
        {"name": "proxy", "authenticate": {"cidr": ["127.0.0.1"]}, "projects": ["prod"]},
        {"name": "anonymous", "projects": ["prod"]},
    ]


@pytest.mark.parametrize(("fields", "caller", "address"), [
    (["192.0.2.7"], "office", "192.0.2.7"), (["192.0.2.7, 10.1.2.3"], "office", "192.0.2.7"), (["2001:db8::7"], "office", "2001:db8::7"),
    # However a proxy writes an address, records have one spelling of it.
    (["::FFFF:192.0.2.7"], "office", "192.0.2.7"), (["2001:DB8:0:0::7"], "office", "2001:db8::7"), (["[2001:db8::7]:443"], "office", "2001:db8::7"),
    # The part before the last foreign address was written by the client itself.
    (["192.0.2.7, 203.0.113.9"], None, "203.0.113.9"), (["192.0.2.7", "203.0.113.9, 10.1.2.3"], None, "203.0.113.9"),
    # A trusted proxy is never the client, not even its own.
    ([], None, "127.0.0.1"), ([""], None, "127.0.0.1"), (["10.1.2.3, 127.0.0.1"], None, "10.1.2.3"),
    # Nor is one that has named no client to the next proxy, whatever caller has its address.
    (["127.0.0.1"], None, "127.0.0.1"), (["127.0.0.1, 10.1.2.3"], None, "127.0.0.1"), (["::ffff:127.0.0.1", "10.1.2.3"], None, "127.0.0.1"),
])
def test_only_what_trusted_proxies_wrote_counts(sandbox, start, fields, caller, address):
    gateway = start(sandbox.url, proxied)
    answer = gateway.call("GET", TARGET, [("X-Forwarded-For", value) for value in fields])
    record = caller_of(gateway, answer)
    assert record["address"] == address
    # Behind a proxy no caller is anonymous unless that was configured.
    assert (record.get("name"), answer.status) == (caller, 200 if caller else 401)
    # On a listener without trusted proxies any client may write anything.
    direct = wire.call(gateway.addresses["listener.direct"], "GET", TARGET, [("X-Forwarded-For", value) for value in fields])
    assert caller_of(gateway, direct)["name"] == "proxy"
    if fields:
        # Which is logged once.
        wire.call(gateway.addresses["listener.direct"], "GET", TARGET, [("Forwarded", "for=192.0.2.7")])
        eventually(lambda: "forwarding fields are not believed" in gateway.log, "the line")
        gateway.stop()
        assert gateway.log.count("forwarding fields are not believed") == 1


def test_a_word_that_is_no_address_proves_nothing(sandbox, start):
    gateway = start(sandbox.url, proxied)
    answer = gateway.call("GET", TARGET, [("X-Forwarded-For", "unknown")])
    assert (answer.status, answer.error_code) == (401, "HSSGW.4010")


@pytest.mark.parametrize(("user", "caller"), [(os.getuid(), "here"), (os.getuid() + 1, None)])
def test_the_kernel_says_who_is_behind_a_unix_socket(sandbox, start, tmp_path, user, caller):
    socket = str(tmp_path / "gateway.sock")

    def local(document):
        document["listeners"] = [{"name": "local", "unix": socket, "mode": "0600", "anonymous": False}]
        document["callers"] = [{"name": "here", "authenticate": {"unix_uid": [user]}, "projects": ["prod"]}]

    gateway = start(sandbox.url, local)
    answer = wire.call(socket, "GET", TARGET)
    record = caller_of(gateway, answer)
    assert (record.get("name"), answer.status) == (caller, 200 if caller else 401)
    if caller:
        assert record == {"name": "here", "method": "unix_uid", "address": "unix"}


def test_an_ipv4_caller_of_a_listener_for_both_families_has_its_own_address(sandbox, start):
    def both(document):
        document["listeners"] = [{"name": "both", "address": "[::]:0"}]

    gateway = start(sandbox.url, both)
    port = gateway.data.rsplit(":", 1)[1]
    answer = wire.call(f"127.0.0.1:{port}", "GET", TARGET)
    assert answer.status == 200
    assert caller_of(gateway, answer) == {"name": "team", "method": "cidr", "address": "127.0.0.1"}
