"""Shipping of records: real PostgreSQL, real rsyslog over TLS, a collector with OTLP's schema."""

import os
import re
import select
import socket
import struct
import threading

import pytest

from harness.collector import Collector
from harness.deadline import eventually
from harness.ports import free_port
from harness.postgres import PostgreSQL
from harness.process import Gateway, configuration, serve, write_secret
from harness.syslog import Rsyslog
from harness.upstream import answer

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"


@pytest.fixture
def database():
    database = PostgreSQL()
    yield database
    database.close()


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
def hss(upstream):
    upstream.handler = lambda received, connection: answer(b'{"total_num":0}')
    return upstream


@pytest.fixture
def ship(tmp_path, hss):
    """Starts gateways that ship; kills those that a test leaves running."""
    started = []

    def start(sinks: list[dict], instance: str = "one", change=None) -> Gateway:
        directory = tmp_path / instance
        document = configuration(directory, hss.url)
        document["audit"]["ship"] = sinks
        if change:
            change(document)
        started.append(serve(directory, document, {"HSSGW_INSTANCE": instance}))
        return started[-1]

    yield start
    for gateway in started:
        gateway.kill()


def to(database: PostgreSQL, tmp_path) -> dict:
    return {"type": "postgresql", "url_file": write_secret(tmp_path / "database-url", database.url + "\n")}


def metric(gateway: Gateway, name: str, sink: str) -> float:
    return float(re.search(rf'^{name}{{sink="{sink}"}} (\S+)$', gateway.metrics(), re.M)[1])


def calls(gateway: Gateway, count: int):
    for number in range(count):
        if number % 5 == 0:
            response = gateway.call("POST", EXPORT, [("Content-Type", "application/json"), ("X-Audit-Reason", "tab\there \\ ünd".encode().decode("latin-1"))], b"{}")
        else:
            response = gateway.call("GET", f"{LIST}?limit={number}")
        assert response.status == 200


def caught_up(gateway: Gateway, sink: str):
    def look():
        return gateway.journal.lines() and metric(gateway, "hssgw_audit_ship_position", sink) == len(gateway.journal.lines())

    eventually(look, "the sink has everything", patience=60)


def test_a_database_that_is_killed_and_restarted_has_every_record_once(database, ship, tmp_path):
    database.start()
    gateway = ship([to(database, tmp_path)])
    calls(gateway, 40)
    caught_up(gateway, "postgresql")
    done = threading.Event()
    failures = []

    def load():
        try:
            while not done.is_set():
                calls(gateway, 10)
        except AssertionError as error:
            failures.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    try:
        for _ in range(3):
            begin = metric(gateway, "hssgw_audit_ship_records_total", "postgresql")
            eventually(lambda: metric(gateway, "hssgw_audit_ship_records_total", "postgresql") > begin, "shipping goes on", patience=60)
            database.kill()
            errors = metric(gateway, "hssgw_audit_ship_errors_total", "postgresql")
            eventually(lambda: metric(gateway, "hssgw_audit_ship_errors_total", "postgresql") > errors, "the sink's failure", patience=60)
            eventually(lambda: metric(gateway, "hssgw_audit_ship_connected", "postgresql") == 0, "it is not connected")
            database.start()
    finally:
        done.set()
        thread.join()
    assert not failures, failures
    caught_up(gateway, "postgresql")
    assert metric(gateway, "hssgw_audit_ship_lag_seconds", "postgresql") >= 0
    gateway.stop()
    # The end of the run is shipped as well.
    assert database.lines("one") == gateway.journal.lines()
    assert database.query("SELECT count(*), count(DISTINCT seq) FROM hssgw_records") == "|".join([str(len(gateway.journal.lines()))] * 2)
    # So are the rollups, with every record counted once.
    ended = sum(record["phase"] in ("response", "refusal") for record in gateway.journal.records())
    for step in (1, 10, 60, 1440):
        assert database.query(f"SELECT sum(count) FROM hssgw_rollups WHERE step = {step}") == str(ended)
    gateway.journal.check_form()


def test_a_gateway_that_is_killed_in_mid_shipment_goes_on_where_the_database_is(database, ship, tmp_path):
    database.start()
    sink = to(database, tmp_path)
    for round_ in range(3):
        gateway = ship([sink])
        calls(gateway, 60)
        gateway.kill()
    gateway = ship([sink])
    caught_up(gateway, "postgresql")
    gateway.stop()
    assert database.lines("one") == gateway.journal.lines()


def test_a_sink_that_is_down_from_the_start_slows_nobody_and_shows_its_lag(database, ship, tmp_path):
    gateway = ship([to(database, tmp_path)])
    calls(gateway, 30)
    eventually(lambda: metric(gateway, "hssgw_audit_ship_errors_total", "postgresql") > 0, "an error")
    eventually(lambda: metric(gateway, "hssgw_audit_ship_lag_seconds", "postgresql") > 0, "a lag")
    assert gateway.readiness().status == 200
    eventually(lambda: "records can't be shipped" in gateway.log, "the log's line")
    database.start()
    caught_up(gateway, "postgresql")
    eventually(lambda: metric(gateway, "hssgw_audit_ship_lag_seconds", "postgresql") == 0, "no lag")
    gateway.stop()
    assert database.lines("one") == gateway.journal.lines()


def up_to_stop(lines: list[bytes]) -> list[bytes]:
    """A last segment may be removed while the gateway ends: that event comes after the stop, and is copied in time or after the next start."""
    lines = list(lines)
    while b'"event":"stop"' not in lines[-1]:
        assert b'"event":"segments_removed"' in lines.pop()
    return lines


def test_retention_removes_nothing_that_a_required_sink_has_not_got(database, ship, tmp_path):
    """Sink down: old segments stay, and an event and a metric name it. Sink up: they are removed, and the copy has them from the first record on."""

    def change(document):
        document["audit"] |= {"retain": "1s", "rotate": {"size": "64KiB"}, "checkpoint": {"every": 10, "interval": "1s", "anchors": []}}

    gateway = ship([to(database, tmp_path) | {"required": True}], change=change)
    journal = gateway.journal

    def after_more(look):
        """A closed segment triggers the removal of old ones."""

        def more():
            for _ in range(40):
                assert gateway.call("POST", EXPORT, [("Content-Type", "application/json")], b"{}").status == 200
            return look()

        return more

    def event(name: str) -> list[dict]:
        return [record["detail"] for record in journal.records() if record.get("event") == name]

    eventually(after_more(lambda: event("segments_held")), "an event that segments are held", patience=60)
    assert event("segments_held")[0]["sinks"] == ["postgresql needs 0"]
    assert float(re.search(r"^hssgw_audit_segments_held (\S+)$", gateway.metrics(), re.M)[1]) > 0
    assert journal.segments()[0].name.startswith(f"journal-{0:020}") and not event("segments_removed")
    database.start()
    eventually(after_more(lambda: event("segments_removed")), "the removal", patience=60)
    eventually(lambda: not journal.segments()[0].name.startswith(f"journal-{0:020}"), "the first segment is gone")
    gateway.stop()
    copied, left = up_to_stop(database.lines("one")), up_to_stop(journal.lines())
    assert copied[-len(left):] == left and len(copied) > len(left) and b'"seq":0,' in copied[0]


def test_another_journal_of_the_same_name_is_never_mixed_in(database, ship, tmp_path):
    database.start()
    sink = to(database, tmp_path)
    gateway = ship([sink])
    calls(gateway, 10)
    gateway.stop()
    before = database.lines("one")
    for path in sorted(gateway.journal.directory.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    gateway = ship([sink])
    calls(gateway, 30)
    eventually(lambda: "another journal" in gateway.log, "the refusal")
    gateway.stop()
    assert database.lines("one") == before


def test_another_database_in_the_url_file_gets_the_whole_journal(database, ship, tmp_path):
    database.start()
    gateway = ship([to(database, tmp_path)])
    calls(gateway, 10)
    caught_up(gateway, "postgresql")
    other = PostgreSQL()
    try:
        other.start()
        # The first one keeps answering: the connection doesn't end by itself.
        os.replace(write_secret(tmp_path / "other-url", other.url + "\n"), tmp_path / "database-url")
        eventually(lambda: other.query("SELECT to_regclass('hssgw_records')") != "", "the other one is used")
        calls(gateway, 10)
        caught_up(gateway, "postgresql")
        eventually(lambda: other.lines("one") == gateway.journal.lines(), "the whole journal")
    finally:
        other.close()


def test_a_collector_gets_every_record_through_all_its_faults(collector, ship, tmp_path):
    headers = write_secret(tmp_path / "headers", "X-Tenant: audit\nAuthorization: Bearer collector-token\n")
    retry = (503, {"Retry-After": "0"}, b"")
    collector.faults = [retry, (429, {"Retry-After": "1"}, b""), retry, (502, {}, b"")]
    gateway = ship([{"type": "otlp", "endpoint": collector.url, "headers_file": headers}])
    calls(gateway, 40)
    caught_up(gateway, "otlp")
    collector.faults = [retry, (200, {}, b'{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"no"}}')]
    calls(gateway, 20)
    caught_up(gateway, "otlp")
    assert metric(gateway, "hssgw_audit_ship_rejected_records_total", "otlp") == 2
    gateway.stop()
    assert not collector.problems, collector.problems
    assert collector.lines() == dict(enumerate(gateway.journal.lines()))
    assert all(h["X-Tenant"] == "audit" and h["Authorization"] == "Bearer collector-token" for h in collector.headers)
    assert "collector-token" not in gateway.log


def test_one_record_that_the_collector_calls_bad_holds_up_no_other(collector, ship):
    gateway = ship([{"type": "otlp", "endpoint": collector.url}], change=lambda document: document["audit"].update(durability="strict"))
    collector.poison = b"bad-reason"
    gateway.call("GET", LIST, [("X-Audit-Reason", "bad-reason")])
    calls(gateway, 20)
    caught_up(gateway, "otlp")
    rejected = metric(gateway, "hssgw_audit_ship_rejected_records_total", "otlp")
    gateway.stop()
    lines = gateway.journal.lines()
    bad = {number for number, line in enumerate(lines) if b"bad-reason" in line}
    assert rejected == len(bad) == 2
    assert collector.lines() == {number: line for number, line in enumerate(lines) if number not in bad}


def test_rsyslog_gets_every_line_over_tls_and_after_its_own_crash(ship, tmp_path):
    server = Rsyslog(tmp_path / "rsyslog")
    server.start()
    try:
        sink = {"type": "syslog", "address": f"tls://localhost:{server.port}", "ca_file": str(server.authority), "max_message": "32KiB"}
        gateway = ship([sink])
        calls(gateway, 30)
        caught_up(gateway, "syslog")
        server.kill()
        calls(gateway, 10)
        server.start()
        calls(gateway, 10)
        eventually(lambda: server.lines().keys() >= set(range(len(gateway.journal.lines()))), "every record", patience=60)
        gateway.stop()
        expected = dict(enumerate(gateway.journal.lines()))
        eventually(lambda: server.lines().keys() >= expected.keys(), "the last records", patience=60)
        got = server.lines()
        assert {number: line for number, line in got.items() if number in expected} == expected
    finally:
        server.kill()


def test_a_syslog_server_that_resets_in_the_middle_gets_it_again_although_nothing_follows(ship):
    server = socket.create_server(("127.0.0.1", 0))
    streams: list[bytearray] = []

    def serve_connections():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            streams.append(bytearray())
            with connection:
                # The first two are reset once some of a message has come.
                while data := connection.recv(100 if len(streams) < 3 else 65536):
                    streams[-1] += data
                    if len(streams) < 3 and len(streams[-1]) > 150:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        break

    threading.Thread(target=serve_connections, daemon=True).start()
    gateway = ship([{"type": "syslog", "address": f"tcp://127.0.0.1:{server.getsockname()[1]}"}])
    calls(gateway, 3)

    def numbers() -> set[int]:
        return {int(number) for number in re.findall(rb' seq="(\d+)"', bytes(streams[2]))} if len(streams) > 2 else set()

    eventually(lambda: numbers() == set(range(len(gateway.journal.lines()))), "all of them")
    gateway.stop()
    server.close()


def test_a_record_that_is_longer_than_a_datagram_holds_up_no_other(ship):
    """It had been refused by the kernel, and sent again together with those before it without an end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(60)
        gateway = ship([{"type": "syslog", "address": f"udp://127.0.0.1:{server.getsockname()[1]}", "max_message": "1MiB"}],
                       change=lambda document: document["audit"].update(body="full"))
        # Escapes make the record twice as long.
        assert gateway.call("POST", EXPORT, [("Content-Type", "application/json")], b'{"x":"' + b'\\"' * 30_000 + b'"}').status == 200
        calls(gateway, 3)
        caught_up(gateway, "syslog")
        messages = [server.recv(1 << 17) for _ in gateway.journal.lines()]
        assert metric(gateway, "hssgw_audit_ship_errors_total", "syslog") == 0
        assert max(map(len, messages)) == 65_507 and sum(b'truncated="1"' in message for message in messages) > 0
        gateway.stop()


@pytest.mark.parametrize("scheme", ["tcp", "tls", "udp"])
@pytest.mark.parametrize("host", ["0.0.0.0", "[::ffff:0.0.0.0]"])
def test_a_syslog_server_at_an_address_of_this_link_gets_nothing(ship, tmp_path, scheme, host):
    """Where metadata services are. The kernel takes the unspecified address, which counts as one of them, for this machine's own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if scheme == "udp" else socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        if scheme != "udp":
            server.listen()
        server.setblocking(False)
        gateway = ship([{"type": "syslog", "address": f"{scheme}://{host}:{server.getsockname()[1]}"}])
        calls(gateway, 3)
        eventually(lambda: metric(gateway, "hssgw_audit_ship_errors_total", "syslog") > 0 or select.select([server], [], [], 0)[0], "an attempt")
        assert not select.select([server], [], [], 0)[0], "it was connected to"
        assert "leads to an address of this link" in gateway.log
        gateway.stop()


def test_a_socket_of_another_kind_is_said_to_be_one(ship, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(tmp_path / "log"))
        gateway = ship([{"type": "syslog", "address": f"unix://{tmp_path / 'log'}"}])
        eventually(lambda: "the socket takes datagrams" in gateway.log, "the reason")
        gateway.stop()


def test_a_syslog_server_whose_certificate_nobody_vouches_for_gets_nothing(ship, tmp_path):
    server = Rsyslog(tmp_path / "rsyslog")
    server.start()
    try:
        gateway = ship([{"type": "syslog", "address": f"tls://localhost:{server.port}"}])
        calls(gateway, 5)
        eventually(lambda: metric(gateway, "hssgw_audit_ship_errors_total", "syslog") > 0, "the refusal", patience=60)
        gateway.stop()
        assert server.lines() == {}
        assert "records can't be shipped" in gateway.log
    finally:
        server.kill()


def test_a_sink_that_takes_nothing_slows_no_request(ship):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        gateway = ship([{"type": "syslog", "address": f"tcp://{address}"}, {"type": "otlp", "endpoint": f"http://{address}"},
                        {"type": "otlp", "name": "nobody", "endpoint": f"http://127.0.0.1:{free_port()}"}])
        calls(gateway, 100)
        assert len([r for r in gateway.journal.records() if r["phase"] == "response"]) >= 99
        assert metric(gateway, "hssgw_audit_ship_records_total", "nobody") == 0
        gateway.stop()
