"""A database that misbehaves on the wire, as a fleet's, as a sink's and as a command's: it can take nothing, learn nothing, hold nobody up for
longer than its wait, and fill no memory and no terminal."""

import asyncio
import os
import re
import resource
import ssl
import struct
import subprocess
import threading
import time

import pytest

from harness import wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.hostile_postgres import (
    READY, ChangingProxy, HostilePostgreSQL, answer, authentication, description, error, message, notice, row)
from harness.process import PROJECT, clean_environment, configuration, serve, write_secret
from harness.shared import EXPORT, JSON, LIST, SharedFleet, figure, statements
from harness.upstream import answer as http
from test_fleet_state import counted_by_the_others, virtual_pair
from test_virtual_keys import send, signed

PASSWORD = "canary-password-5f2e"
#: More than a gateway with its libraries has, and less than what each of the floods would fill.
MOST_MEMORY = 400 << 20


def greet(*data, then=None):
    async def begin(client, text):
        for piece in data:
            await client.send(piece)
        if then == "reset":
            client.reset()
        return False if then else None

    return begin


def reply(coroutine):
    """To every statement but the first, which sets a timeout."""

    async def answer_one(client, statement):
        await (client.send(answer()) if statement.startswith("SET") else coroutine(client))

    return answer_one


def sends(*data):
    async def once(client):
        for piece in data:
            await client.send(piece)

    return reply(once)


def endless(piece, *before):
    async def flood(client):
        for one in before:
            await client.send(one)
        while True:
            await client.send(piece)

    return reply(flood)


def silence(client, *_):
    return asyncio.sleep(600)


ROWS = message(b"1") + message(b"2") + description(1)
ESCAPES = b"\x1b]0;owned\x07\nforged line\xff"

BEHAVIOURS = {
    "it resets at once": dict(greet=greet(then="reset")),
    "a request of no length": dict(greet=greet(message(b"R", b"\0\0\0\0", 0))),
    "a request of the largest length": dict(greet=greet(message(b"R", b"\0\0\0\0", 2**31 - 1))),
    "a request of a negative length": dict(greet=greet(message(b"R", b"\0\0\0\0", -1))),
    "an unknown way to log in": dict(greet=greet(authentication(99))),
    "a refusal of a mebibyte": dict(greet=greet(error(b"A" * (1 << 20)), then="end")),
    "notices without end before the login": dict(greet=lambda client, text: flood_login(client, notice(b"x" * 60_000))),
    "parameters without end": dict(greet=lambda client, text: flood_login(client, message(b"S", b"p\0" + b"x" * 60_000 + b"\0"))),
    "a copy in": dict(reply=sends(message(b"1") + message(b"2") + message(b"G", b"\0\0\0"))),
    "a copy out": dict(reply=sends(message(b"1") + message(b"2") + message(b"H", b"\0\0\0"))),
    "a copy both ways": dict(reply=sends(message(b"1") + message(b"2") + message(b"W", b"\0\0\0"))),
    "rows without end": dict(reply=endless(row(b"x" * 60_000) * 10, ROWS)),
    "one row of more than a gibibyte": dict(reply=endless(b"x" * (1 << 20), ROWS + b"D" + struct.pack("!Ihi", (1500 << 20) + 10, 1, 1500 << 20))),
    "notifications without end": dict(reply=endless(message(b"A", b"\0\0\0\1x\0" + b"y" * 7_000 + b"\0") * 20)),
    "notices without end": dict(reply=endless(notice(b"x" * 60_000))),
    "results without end": dict(reply=endless(message(b"C", b"X\0") * 1_000)),
    "faults without end": dict(reply=endless(error(b"42501") * 100)),
    "a code that is none": dict(reply=sends(error(ESCAPES) + READY)),
    "a code of a mebibyte": dict(reply=sends(error(b"A" * (1 << 20)) + READY)),
    "half a message and its end": dict(reply=lambda client, statement: cut_off(client)),
    "no columns": dict(reply=sends(answer(()))),
    "nothing but NULL": dict(reply=sends(answer((None,) * 20))),
    "the largest numbers": dict(reply=sends(answer((b"9223372036854775807",) * 20))),
    "numbers that no variable takes": dict(reply=sends(answer((b"-99999999999999999999999",) * 20))),
    "texts that are none": dict(reply=sends(answer((ESCAPES,) * 20))),
}


async def flood_login(client, piece):
    await client.send(authentication(0))
    while True:
        await client.send(piece)


async def cut_off(client):
    await client.send(answer((b"3", b"1"))[:-9])
    client.reset()


async def endless_rounds(client, text):
    await client.send(authentication(10, b"SCRAM-SHA-256\0\0"))
    _, body = await client.read()
    nonce = body.split(b"r=")[1]
    await client.send(authentication(11, b"r=" + nonce + b"abc,s=c2FsdA==,i=2147483647"))
    await silence(client)


@pytest.fixture
def hostile():
    servers = []

    def begin(**behaviour):
        servers.append(HostilePostgreSQL(**behaviour))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


def run(directory, url: str, arguments: list[str]) -> tuple[int, bytes, int]:
    """Exit code, all output, and the most memory that it had."""
    file = write_secret(directory / "url", url + "\n")
    process = subprocess.Popen([os.environ["HSSGW_BINARY"], *arguments, file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=directory,
                               env=clean_environment(directory), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
    killer = threading.Timer(90, process.kill)
    killer.start()
    try:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        killer.cancel()
        process.stdout.close()
    return process.returncode, output, usage.ru_maxrss << 10


def check_harmless(code: int, output: bytes, memory: int, ends: tuple[int, ...]):
    assert code in ends, (code, output[-500:])
    assert memory < MOST_MEMORY and len(output) < 2_000, (memory, len(output))
    assert b"\x1b" not in output and b"forged" not in output and PASSWORD.encode() not in output, output


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_fleets_role_is_tried_at_a_server_that_misbehaves(name, hostile, tmp_path):
    server = hostile(**BEHAVIOURS[name])
    code, output, memory = run(tmp_path, server.url(f"gateway:{PASSWORD}"), ["fleet", "role", "--url-file"])
    check_harmless(code, output, memory, (7,))
    assert server.passwords == []


@pytest.mark.parametrize("name", ["a copy out", "rows without end", "one row of more than a gibibyte", "notices without end", "a code that is none"])
def test_records_are_searched_at_a_server_that_misbehaves(name, hostile, tmp_path):
    server = hostile(**BEHAVIOURS[name])
    check_harmless(*run(tmp_path, server.url(f"reader:{PASSWORD}"), ["audit", "query", "--database"]), (1,))


# --- The password ------------------------------------------------------------------------------------------------------------------

IN_CLEAR = {
    "at once": [authentication(3)],
    "in two pieces": [authentication(3)[:5], authentication(3)[5:]],
    "behind another request": [authentication(5, b"salt") + authentication(3)],
}


@pytest.mark.parametrize("way", IN_CLEAR)
def test_a_password_is_not_sent_in_clear_text_without_tls(way, hostile, tmp_path):
    async def ask(client, text):
        for piece in IN_CLEAR[way]:
            await client.send(piece)
            # So that they don't travel together.
            await asyncio.sleep(0.2)

    server = hostile(greet=ask)
    code, output, _ = run(tmp_path, server.url(f"gateway:{PASSWORD}"), ["fleet", "role", "--url-file"])
    assert code == 7 and b"clear text" in output and b"sslmode=verify-full" in output
    assert server.passwords == []


def test_a_digest_of_the_password_may_go_out_and_rounds_without_end_are_not_begun(hostile, tmp_path):
    server = hostile(greet=greet(authentication(5, b"salt")))
    done = threading.Event()

    async def login(client, text):
        await client.send(authentication(5, b"salt"))
        kind, body = await client.read()
        server.passwords.append(body)
        done.set()
        return False

    server.greet = login
    code, _, _ = run(tmp_path, server.url(f"gateway:{PASSWORD}"), ["fleet", "role", "--url-file"])
    assert code == 7 and done.is_set() and server.passwords[0].startswith(b"md5")

    server.greet = endless_rounds
    code, output, _ = run(tmp_path, server.url(f"gateway:{PASSWORD}"), ["fleet", "role", "--url-file"])
    assert code == 7 and b"protocol" in output, output


# --- A gateway ---------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["a copy in", "rows without end", "a code that is none", "notifications without end"])
def test_a_gateway_whose_fleet_is_at_such_a_server_serves_reads_and_refuses_exports_in_time(name, hostile, upstream, tmp_path):
    upstream.handler = lambda received, connection: http(b'{"total_num":0}')
    server = hostile(**BEHAVIOURS[name])
    document = configuration(tmp_path / "gateway", upstream.url)
    document["fleet"] = {"url_file": write_secret(tmp_path / "fleet-url", server.url() + "\n"), "patience": "1s"}
    document["upstream"] = {"flow_control": "off", "coalesce": "off"}
    gateway = serve(tmp_path / "gateway", document)
    try:
        eventually(lambda: server.connections > 3, "the gateway tries it")
        begun = time.monotonic()
        for number in range(20):
            assert gateway.call("GET", f"{LIST}?limit={number + 1}").status == 200
            refused = gateway.call("POST", EXPORT, JSON, b'{"operate_all":true}')
            assert (refused.status, refused.error_code) == (503, "HSSGW.5035")
        # Its patience and a second each, and as much as that twice over on a machine that is busy.
        assert time.monotonic() - begun < 120
        assert gateway.memory("VmHWM") < 2 * MOST_MEMORY and figure(gateway, "hssgw_fleet_up") == 0
        told = gateway.readiness().body + gateway.metrics().encode() + wire.call(gateway.admin, "GET", "/fleet").body + gateway.log.encode()
        assert b"forged line" not in told and b"\x1b" not in told
        gateway.stop()
    finally:
        gateway.kill()


def test_a_gateway_whose_threads_are_kept_busy_by_a_server_serves_reads_and_ends_all_the_same(hostile, upstream, tmp_path):
    """A server behind TLS that nobody verifies can ask for rounds of SCRAM without end."""
    upstream.handler = lambda received, connection: http(b'{"total_num":0}')
    certificate, key = Authority(tmp_path).issue("database", "IP:127.0.0.1", "serverAuth")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = hostile(greet=endless_rounds, context=context)
    document = configuration(tmp_path / "gateway", upstream.url)
    url = write_secret(tmp_path / "url", server.url(f"gateway:{PASSWORD}", "?sslmode=require") + "\n")
    document["fleet"] = {"url_file": url, "patience": "1s", "connections": 1}
    document["audit"]["ship"] = [{"type": "postgresql", "url_file": url}]
    document["upstream"] = {"flow_control": "off", "coalesce": "off"}
    gateway = serve(tmp_path / "gateway", document)
    try:
        eventually(lambda: server.connections >= 2, "it logs in")
        assert gateway.call("GET", LIST).status == 200
        assert gateway.call("POST", EXPORT, JSON, b'{"operate_all":true}').error_code == "HSSGW.5035"
        gateway.stop()
    finally:
        gateway.kill()


@pytest.mark.parametrize("name", ["a copy in", "rows without end", "a code that is none"])
def test_a_sink_that_is_such_a_server_slows_no_request_and_is_shown(name, hostile, upstream, tmp_path):
    upstream.handler = lambda received, connection: http(b'{"total_num":0}')
    server = hostile(**BEHAVIOURS[name])
    document = configuration(tmp_path / "gateway", upstream.url)
    document["audit"]["ship"] = [{"type": "postgresql", "url_file": write_secret(tmp_path / "sink-url", server.url("gateway") + "\n")}]
    gateway = serve(tmp_path / "gateway", document)
    try:
        eventually(lambda: figure(gateway, 'hssgw_audit_ship_errors_total{sink="postgresql"}') >= 2, "it fails", patience=60)
        assert all(gateway.call("GET", f"{LIST}?limit={number + 1}").status == 200 for number in range(20))
        assert gateway.memory("VmHWM") < MOST_MEMORY and b"\x1b" not in gateway.log.encode() and "forged" not in gateway.log
        gateway.stop()
    finally:
        gateway.kill()


# --- A real server whose answers are changed on the way ----------------------------------------------------------------------------

@pytest.fixture
def changed(tmp_path):
    fleet = SharedFleet(tmp_path)
    proxy = ChangingProxy(fleet.database.port)
    fleet.url = write_secret(tmp_path / "changed-url", f"postgresql://hssgw_gateway@127.0.0.1:{proxy.port}/postgres\n")
    yield fleet, proxy
    fleet.close()
    proxy.close()


LARGEST, SMALLEST = b"9223372036854775807", b"-9223372036854775808"
CHANGES = {
    "NULL everywhere": lambda rows: [[None] * len(one) for one in rows],
    "no row": lambda rows: [],
    "no column": lambda rows: [[] for _ in rows],
    "the largest number everywhere": lambda rows: [[LARGEST] * len(one) for one in rows],
    "the largest number where there is one": lambda rows: [[one[0], *[LARGEST] * (len(one) - 2), one[-1]] for one in rows if len(one) > 1],
    "the smallest number where there is one": lambda rows: [[one[0], *[SMALLEST] * (len(one) - 2), one[-1]] for one in rows if len(one) > 1],
    "a clock in the year 300000": lambda rows: [[*one[:-1], b"9404640000000000000"] for one in rows],
    "a clock before 1970": lambda rows: [[*one[:-1], b"-1"] for one in rows],
    "texts that are none": lambda rows: [[ESCAPES] * len(one) for one in rows],
    "each row three times": lambda rows: rows * 3,
    "five columns more": lambda rows: [[*one, *[b"1"] * 5] for one in rows],
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_a_row_says_no_gateway_ends_and_all_is_well_afterwards(name, changed):
    fleet, proxy = changed

    def paced(document):
        document["upstream"]["flow_control"] = {"per_operation": "100/s", "max_wait": "2s"}
        document["callers"][0]["limits"] = {"requests_per_second": 50, "concurrent": 5, "exports_per_day": 1_000}
        # On a busy machine a statement takes time, and after an outage the quota of a minute may count as used.
        document["fleet"]["patience"] = "5s"

    gateway = fleet.start("a", paced)
    # Every function of the fleet, each answer of which comes changed some time.
    for function in ("export_begin", "export_end", "owners_of", "file_of", "line_put", "line_get", "rates_sync", "slots_sync", "beat", "news",
                     "figures_list", "member_list", "line_list", "export_list"):
        proxy.change = lambda statement, rows: CHANGES[name](rows) if f".{function}(" in statement else None
        gateway.call("GET", LIST)
        gateway.call("POST", EXPORT, JSON, b'{"operate_all":true}')
        gateway.call("GET", "/v5/_/export-task/task-1")
        for path in ("/fleet", "/fleet/exports", "/readyz?verbose", "/metrics"):
            assert b"\x1b" not in wire.call(gateway.admin, "GET", path).body
        assert gateway.process.poll() is None, (function, gateway.log[-500:])
    proxy.change = lambda statement, rows: CHANGES[name](rows) if "member_list(" in statement or "line_list(" in statement else None
    for form in ([], ["--json"]):
        done = subprocess.run([os.environ["HSSGW_BINARY"], "fleet", "status", *form, "--config", fleet.directory / "a" / "gateway.yaml"],
                              capture_output=True, env=clean_environment(fleet.directory), cwd=fleet.directory, timeout=60)
        assert done.returncode in (0, 7) and b"\x1b" not in done.stdout + done.stderr and b"\nforged" not in done.stdout, done
    proxy.change = None
    eventually(lambda: gateway.call("POST", EXPORT, JSON, b'{"operate_all":true}').status == 200, "an export", patience=150)
    eventually(lambda: gateway.call("GET", LIST).status == 200, "a turn", patience=150)


def test_any_number_of_new_signatures_is_counted(changed):
    fleet, proxy = changed
    gateway, _, key = virtual_pair(fleet)
    path = LIST.replace("_", PROJECT, 1)
    for number, told in enumerate((SMALLEST, LARGEST, b"-1")):
        seen = threading.Event()

        def change(statement, rows):
            if ".signatures_used(" not in statement:
                return None
            seen.set()
            return [[told, one[-1]] for one in rows]

        proxy.change = change
        target, headers = signed(gateway, key, f"{path}?limit={number + 20}", method="GET", body=b"")
        assert send(gateway, "GET", target, headers, None).status == 200
        assert seen.wait(30)
    assert send(gateway, "GET", *signed(gateway, key, path + "?limit=30", method="GET", body=b""), None).status == 200
    assert figure(gateway, "hssgw_fleet_repeated_reads_total") <= 6


def test_who_is_told_of_more_members_than_there_can_be_goes_on_alone_at_less_and_does_not_end(changed):
    fleet, proxy = changed
    proxy.change = lambda statement, rows: [[*one[:5], LARGEST, *one[6:]] for one in rows] if ".beat(" in statement else None

    def quick(document):
        document["upstream"]["flow_control"] = {"per_operation": "50/s", "max_wait": "2s"}

    gateway = fleet.start("a", quick)
    assert gateway.call("GET", LIST).status == 200
    eventually(lambda: figure(gateway, "hssgw_fleet_members") > 1_000, "the first beat's answer")
    counted_by_the_others(fleet)
    fleet.database.kill()
    answers = []
    eventually(lambda: answers.append(gateway.call("GET", LIST)) or answers[-1].error_code == "HSSGW.4290", "it goes on at its part", patience=60)
    assert gateway.process.poll() is None


# --- What expires ------------------------------------------------------------------------------------------------------------------

def as_gateway(fleet, sql: str) -> str:
    url = fleet.database.url.replace("gateway@", "hssgw_gateway@")
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-d", url, "-c", sql], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


@pytest.fixture
def own(tmp_path):
    fleet = SharedFleet(tmp_path)
    yield fleet
    fleet.close()


def test_old_weeks_are_dropped_however_the_server_plans_it_and_not_while_somebody_reads_them(own):
    own.query("CREATE TABLE exports_20200106 PARTITION OF exports FOR VALUES FROM ('2020-01-06') TO ('2020-01-13')")
    partitions = "SELECT count(*) FROM pg_class WHERE relname = 'exports_20200106'"
    # A plan that looks at every table first, as it comes about when the server has counted them.
    plan = "SET enable_nestloop = off; SET enable_indexscan = off; SET enable_bitmapscan = off; "
    with own.database.transaction("SELECT count(*) FROM hssgw_fleet.exports_20200106"):
        assert as_gateway(own, plan + "SELECT hssgw_fleet.retain()") == "t" and own.query(partitions) == "1"
    assert as_gateway(own, plan + "SELECT hssgw_fleet.retain()") == "t" and own.query(partitions) == "0"


def test_a_database_that_cannot_delete_what_has_expired_is_there_all_the_same(own):
    own.query("CREATE OR REPLACE FUNCTION retain() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE division_by_zero; END $$")
    gateway = own.start("a")
    eventually(lambda: re.search(r'^hssgw_fleet_statements_total\{statement="retain"', gateway.metrics(), re.M), "it was tried")
    beats = statements(gateway)["beat"]
    eventually(lambda: statements(gateway)["beat"] >= beats + 3, "beats")
    assert statements(gateway)["retain"] == 1 and statements(gateway)["join_fleet"] == 1 and figure(gateway, "hssgw_fleet_up") == 1
    assert gateway.call("POST", EXPORT, JSON, b'{"operate_all":true}').status == 200 and "can't be used" not in gateway.log
