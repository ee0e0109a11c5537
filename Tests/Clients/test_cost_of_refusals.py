"""What a refused request costs the gateway, whatever stands in its fields: in CPU time, compared with a field of the same length that nobody reads."""

import os
import subprocess
from pathlib import Path

import pytest

from harness import http2, wire
from harness.process import clean_environment, configuration, serve

LIST = "/v5/_/vulnerability/vulnerabilities"
LENGTH = 60_000
SENT = 40

# What a loop over bytes costs in a build without optimisation says nothing: set HSSGW_BINARY to a release for these.
IS_DEBUG = "/debug/" in os.environ.get("HSSGW_BINARY", "/debug/")
LOOPS = {"no key", "options of a connection", "bytes that are no UTF-8"}


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    """A gateway that knows nobody by the address alone, and the id of a virtual key."""
    directory = tmp_path_factory.mktemp("keyed")
    document = configuration(directory, "http://127.0.0.1:9")
    document["callers"][0]["authenticate"] = {"api_key": True, "virtual_key": True}
    document["listeners"].append({"name": "proxied", "address": "127.0.0.1:0", "trusted_proxies": ["127.0.0.0/8"]})
    document["limits"]["refusals"] = {"per_source": "1/s"}
    (directory / "keys").mkdir(mode=0o700)
    gateway = serve(directory, document, {"HSSGW_LIMITS_REFUSALS_PER_SOURCE": ""})
    made = subprocess.run(
        [os.environ["HSSGW_BINARY"], "caller", "key", "create", "team", "--virtual", "--config", str(directory / "gateway.yaml")], cwd=directory,
        env=clean_environment(directory), capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    gateway.key = made.stdout.split("access_key=", 1)[1].split()[0]
    yield gateway
    gateway.stop()


def skip_loops(name: str) -> None:
    if IS_DEBUG and name in LOOPS:
        pytest.skip("needs an optimised build")


def cpu_seconds(pid: int) -> float:
    """To the nanosecond, of all threads; none of a gateway's threads ends meanwhile."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def cost(gateway, fields, listener: str = "data") -> float:
    """CPU time of a refused request with these fields: the least of three rounds, since other work can only add to it."""
    request = wire.request("GET", LIST, fields)
    rounds = []
    with wire.Connection(gateway.addresses[listener]) as connection:
        for _ in range(3):
            begun = cpu_seconds(gateway.pid)
            connection.send(request * SENT)
            assert {connection.response().status for _ in range(SENT)} == {401}
            rounds.append(cpu_seconds(gateway.pid) - begun)
    return min(rounds) / SENT


def texts(key: str) -> dict[str, list[tuple[str, str]]]:
    """Fields that are read before anybody is known, by what is in them."""
    signature = f"SDK-HMAC-SHA256 Access={key}, SignedHeaders={{}}host, Signature={'a' * 64}"
    return {
        "names that are signed": [("Authorization", signature.format("a;" * 4_000))],
        "different names that are signed": [("Authorization", signature.format("".join(f"h{number:04};" for number in range(1_300))))],
        "parts of a signature": [("Authorization", f"SDK-HMAC-SHA256 Access={key}, {','.join(f'{n:x}=' for n in range(1_500))},Signature={'a' * 64}")],
        "no key": [("Authorization", "Access=HGV" * (LENGTH // 10))],
        "no token": [("Authorization", "Bearer " + "a" * LENGTH)],
        "options of a connection": [("Connection", "a," * (LENGTH // 2) + "keep-alive")],
        "options of many fields": [("Connection", "a")] * 150,
        "many proofs": [("Authorization", "a")] * 150,
        "many languages": [("Accept-Language", "a" * 300)] * 150,
        "many media types": [("Accept", "a" * 300)] * 150,
        "many pages": [("Origin", "a")] * 150,
        "bytes that are no UTF-8": [("X-Any", "\u00e9a" * (LENGTH // 2))],
    }


@pytest.mark.parametrize("name", texts(""))
def test_a_refused_request_costs_what_its_bytes_cost_whatever_they_say(keyed, name):
    skip_loops(name)
    fields = texts(keyed.key)[name]
    unread = [("X-Foo", "a" * len(value)) for _, value in fields]
    read, least = cost(keyed, fields), cost(keyed, unread)
    print(f"{name}: {read * 1e6:.1f} us, {read / least:.2f} times what nobody reads")
    assert read < 6 * least


@pytest.mark.parametrize("address", ["192.0.2.7,", "127.0.0.1,", ",", "a"])
def test_a_client_s_list_of_addresses_behind_a_proxy_costs_what_its_bytes_cost(keyed, address):
    value = address * (LENGTH // len(address)) + "192.0.2.7"
    read, least = cost(keyed, [("X-Forwarded-For", value)], "listener.proxied"), cost(keyed, [("X-Foo", value)], "listener.proxied")
    print(f"{address}: {read * 1e6:.1f} us, {read / least:.2f} times what nobody reads")
    assert read < 6 * least


def test_an_invisible_reason_costs_little_however_long_it_is(keyed):
    blank = "%E3%85%A4" * (LENGTH // 9)
    read, least = cost(keyed, [("X-Audit-Reason", blank)]), cost(keyed, [("X-Foo", blank)])
    print(f"{read * 1e6:.1f} us, {read / least:.2f} times what nobody reads")
    assert read < 8 * least


@pytest.mark.parametrize("name", ["names that are signed", "bytes that are no UTF-8"])
def test_a_field_over_http2_costs_at_most_eight_times_a_request_without_it(keyed, name):
    """The field is sent once and then referred to by one byte, many times where that is allowed: the sender pays nothing for its length."""
    skip_loops(name)
    field, value, times = {
        "names that are signed": (
            b"authorization", f"SDK-HMAC-SHA256 Access={keyed.key}, SignedHeaders={'a;' * 1_800}host, Signature={'a' * 64}".encode(), 1),
        "bytes that are no UTF-8": (b"x-any", b"\xe9a" * 1_950, 4),
    }[name]

    def each(times: int) -> float:
        fields = http2.block(http2.request(LIST.encode()))
        first = b"\x40" + http2.literal(field, value)[1:]
        rounds, stream = [], 1
        with http2.Connection(keyed.data) as connection:
            for _ in range(4):
                begun = cpu_seconds(keyed.pid)
                for _ in range(5):
                    streams = [stream + 2 * number for number in range(40)]
                    heads = [fields + (first + b"\xbe" * (times - 1) if number == 1 and times else b"\xbe" * times) for number in streams]
                    connection.send(b"".join(http2.frame(http2.HEADERS, 5, number, head) for number, head in zip(streams, heads)))
                    connection.until_done(*streams)
                    stream += 80
                rounds.append(cpu_seconds(keyed.pid) - begun)
            assert set(connection.status.values()) == {401}
        return min(rounds)

    each(0)
    dear, usual = each(times), each(0)
    print(f"{name}: {dear / usual:.2f} times a request without it")
    assert dear < 8 * usual
