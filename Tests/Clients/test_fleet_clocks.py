"""Clocks that jump and days that end: guarantees of a fleet while a wall clock is moved on one gateway, or on the database."""

import glob
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from harness import wire
from harness.clocks import set_clock
from harness.deadline import eventually
from harness.process import configuration, serve
from harness.shared import LIST, PATIENCE, POLL, TEAMS, SharedFleet, figure
from test_fleet_faults import check_sentence, limited
from test_fleet_state import call, export, outcome

HOUR = 3600


@pytest.fixture
def own(tmp_path):
    fleet = SharedFleet(tmp_path, clock=True)
    yield fleet
    fleet.close()


class Clock:
    """A gateway's wall clock that follows a file. The clock for durations doesn't."""

    def __init__(self, path):
        self.path = path
        self.set(0)

    def set(self, seconds: float):
        set_clock(self.path, seconds)

    @property
    def variables(self) -> dict[str, str]:
        return {"LD_PRELOAD": glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0], "FAKETIME_TIMESTAMP_FILE": str(self.path),
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def start(fleet, name, clock, change=None):
    directory = fleet.directory / name
    document = configuration(directory, fleet.upstream.url)
    document["fleet"] = {"url_file": fleet.url, "patience": PATIENCE}
    document["upstream"] = {"flow_control": "off", "coalesce": "off"}
    document["callers"] = [
        {"name": team, "authenticate": {"cidr": [address + "/32"]}, "projects": ["prod"]} for team, address in TEAMS.items()]
    if change:
        change(document)
    # The library adds a variable to the environment of the first program that loads it, and a Swift program only finds its arguments if the
    # environment was not moved: so a shell is first.
    shell = directory / "with-clock"
    shell.write_text(f'#!/bin/sh\nexec "{os.environ["HSSGW_BINARY"]}" "$@"\n')
    shell.chmod(0o755)
    gateway = serve(directory, document, {"HSSGW_INSTANCE": name, "HSSGW_WORKERS": "2", **clock.variables}, binary=str(shell))
    fleet.gateways[name] = gateway
    eventually(lambda: figure(gateway, "hssgw_fleet_up") == 1, f"{name} has joined", patience=40)
    return gateway


def paced(document):
    document["upstream"]["flow_control"] = {"per_operation": "10/min", "max_wait": "1s"}


# --- A machine's clock -------------------------------------------------------------------------------------------------------------

def test_a_clock_that_is_ahead_hides_no_export_from_a_database_that_has_lost_it(own, tmp_path):
    """Who reports its journal begins a month back: by the clock that is believed, as everything that would be gone for good."""
    clock = Clock(tmp_path / "clock-of-a")
    a, b = start(own, "a", clock, lambda document: document["audit"].update(rotate={"size": "64KiB"})), own.start("b")
    made = export(a, key="k-1").json["task_id"]

    def is_in_an_older_segment():
        call(a, "GET", LIST)
        return len(list(a.journal.directory.glob("journal-*"))) > 2

    eventually(is_in_an_older_segment, "later segments", patience=60)
    clock.set(60 * 24 * HOUR)
    own.query("TRUNCATE exports, keys, days, files; UPDATE fleet SET timeline = '00000000'; UPDATE members SET pushed_timeline = '00000000'")
    again = eventually(lambda: (response := export(b, key="k-1")).status != 503 and response, "the fleet has recovered")
    assert again.value("Idempotency-Replayed") == "true" and again.json["task_id"] == made and own.exports == 1


@pytest.mark.parametrize("jump, words", [(HOUR, b"ahead of"), (-HOUR, b"behind")])
def test_a_gateways_clock_that_jumps_is_said_and_moves_no_turn_no_day_and_no_lease(own, tmp_path, jump, words):
    clock = Clock(tmp_path / "clock-of-a")

    def both(document):
        limited(3)(document)
        paced(document)

    a, b = start(own, "a", clock, both), own.start("b", both)
    assert export(a).status == 200 and [call(a, "GET", f"{LIST}?limit={n + 1}").status for n in range(5)] == [200] * 5
    epoch = own.query("SELECT epoch FROM members WHERE instance = 'a'")
    clock.set(jump)
    check_sentence(a, b" s " + words + b" the database's")
    eventually(lambda: abs(abs(figure(a, "hssgw_fleet_clock_offset_seconds")) - HOUR) < 30, "the metric")
    # Ten calls a minute for both, whatever hour one of them has.
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: call((a, b)[n % 2], "GET", f"{LIST}?limit={n + 10}"), range(12)))
    assert sum(each.status == 200 for each in answers) == 5
    # The day is the database's as well: two are left.
    assert [outcome(export(gateway)) for gateway in (a, b, a, b)] == [200, 200, "HSSGW.4291", "HSSGW.4291"]
    assert own.query("SELECT sum(used), count(*) FROM days") == "3|1"
    assert own.query("SELECT epoch FROM members WHERE instance = 'a'") == epoch, "it was never fenced"
    # Other gateways are not affected, and it is well again once its clock is right.
    assert b"machine's clock" not in b.readiness().body
    clock.set(0)
    eventually(lambda: b"this machine's clock" not in a.readiness().body, "it is well again")


def test_a_gateways_clock_that_jumps_under_a_waiting_call_wakes_it_neither_sooner_nor_later(own, tmp_path):
    clock = Clock(tmp_path / "clock-of-a")

    def slow(document):
        document["upstream"]["flow_control"] = {"per_operation": "2/s", "max_wait": "30s"}

    a, b = start(own, "a", clock, slow), own.start("b", slow)
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(call((a, b)[n % 2], "GET", f"{LIST}?limit={n + 1}", ("one", "two")[n % 2]).status))
               for n in range(16)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(own.upstream.requests) >= 4, "some have left")
    clock.set(-HOUR)
    eventually(lambda: len(own.upstream.requests) >= 8, "others go on", patience=60)
    clock.set(HOUR)
    for thread in threads:
        thread.join(120)
    assert answers == [200] * 16 and len(own.upstream.requests) == 16


# --- The database's clock ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("jump, words", [(HOUR, b"behind"), (-HOUR, b"ahead of")])
def test_the_databases_clock_that_jumps_is_learnt_anew_and_nothing_is_made_twice(own, jump, words):
    a, b = own.start("a", limited(4)), own.start("b", limited(4))
    task = export(a, key="k").json["task_id"]
    own.database.set_clock(jump)
    # Members that were alive by the old clock may have to join again; until then exports are refused and nothing is
    # sent.
    answers = []
    eventually(lambda: answers.append(export(b, key="k-2")) or answers[-1].status == 200, "exports again", patience=60)
    assert {outcome(each) for each in answers[:-1]} <= {"HSSGW.5035"}
    assert export(b, key="k").json["task_id"] == task and own.exports == 2, "the key is good for its day"
    assert outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031"
    check_sentence(a, b" s " + words + b" the database's")
    # The sentence comes with the first answer of the database; the member is alive again once that has renewed its lease.
    eventually(lambda: alive(a) == {"a", "b"}, "both are alive by the new clock", patience=60)


def alive(gateway) -> set[str]:
    members = json.loads(wire.call(gateway.admin, "GET", "/fleet").body)["members"]
    return {member["instance"] for member in members if member["alive"]}


def test_no_state_of_a_line_is_stored_by_a_time_that_is_not_the_databases(own):
    a, b = own.start("a", paced), own.start("b", paced)
    assert [call(a, "GET", f"{LIST}?limit={n + 1}").status for n in range(6)] == [200] * 6
    own.database.set_clock(-30)
    # Calls that left are slightly in the line's future now, and count as long as before.
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: outcome(call((a, b)[n % 2], "GET", f"{LIST}?limit={n + 10}")), range(8)))
    # A gateway that could not read the line in time takes nothing of it: it doesn't know what the other one has used.
    assert set(answers) <= {200, "HSSGW.4290", "HSSGW.5035"}
    assert answers.count(200) <= 4 and len(own.upstream.requests) <= 10


def test_a_line_goes_on_after_the_databases_clock_stepped_back_by_an_hour(own):
    def quick(document):
        document["upstream"]["flow_control"] = {"per_operation": "2/s", "max_wait": "5s"}

    a, b = own.start("a", quick), own.start("b", quick)
    assert [call((a, b)[n % 2], "GET", f"{LIST}?limit={n + 1}").status for n in range(4)] == [200] * 4
    own.database.set_clock(-HOUR)
    # Calls by the old clock count again from now on, but not for an hour.
    for gateway in (a, b):
        eventually(lambda: call(gateway, "GET", f"{LIST}?limit=50").status == 200, "a turn", patience=60)
    # A member that is gone doesn't stay alive for an hour.
    b.kill()
    eventually(lambda: figure(a, "hssgw_fleet_members") == 1, "it is gone", patience=60)


def test_a_callers_rate_holds_nobody_for_longer_when_the_databases_clock_steps_back(own):
    def limited(document):
        document["callers"][0]["limits"] = {"requests_per_second": 1, "burst": 8}

    a, b = own.start("a", limited), own.start("b", limited)
    # Sequential calls take time, in which the bucket fills again.
    spent = [call(a, "GET", f"{LIST}?limit={n + 1}").status for n in range(12)]
    assert spent.count(200) >= 8
    ahead = "SELECT coalesce(max(full_again), 0) / 1e9 - extract(epoch FROM clock_timestamp()) FROM rates"
    eventually(lambda: float(own.query(ahead)) > 0, "the fleet knows")
    own.database.set_clock(-HOUR)
    eventually(lambda: float(own.query(ahead)) < 30, "the rate's clock has stepped back as well", patience=40)
    # It fills at its rate from there: neither empty for an hour, nor full at once for both.
    for gateway in (a, b):
        eventually(lambda: call(gateway, "GET", f"{LIST}?limit=50").status == 200, "it goes on", patience=60)
    assert float(own.query(ahead)) < 30


# --- Midnight ------------------------------------------------------------------------------------------------------------------------

def seconds_to_midnight() -> float:
    now = datetime.now(timezone.utc)
    return ((now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) - now).total_seconds()


def test_days_end_once_at_the_databases_midnight_in_utc_for_all_gateways(own):
    """The server's own time zone and the gateways' clocks don't matter."""
    for statement in ("ALTER SYSTEM SET timezone = 'Pacific/Kiritimati'", "SELECT pg_reload_conf()"):
        own.database.query(statement)
    # One midnight for the whole test. Until it there are minutes, for two starts and ten exports.
    left = seconds_to_midnight()
    own.database.set_clock(left - 300)
    gateways = [own.start(name, limited(2)) for name in "ab"]
    a, b = gateways
    own.upstream.handler = lambda received, connection: answer_refused()
    assert [export(gateway).status for gateway in (a, b)] == [400] * 2, "proven failures in between"
    own.upstream.handler = own.handle
    with ThreadPoolExecutor(8) as pool:
        before = list(pool.map(lambda n: outcome(export(gateways[n % 2])), range(8)))
    assert sorted(map(str, before)) == ["200"] * 2 + ["HSSGW.4291"] * 6 and own.exports == 2
    today = own.query("SELECT day FROM days")
    own.database.set_clock(left + 1)
    # Members that were alive by the old clock join again first.
    answers = []
    eventually(lambda: answers.append(outcome(export(b))) or answers[-1] == 200, "the new day", patience=60)
    assert set(answers[:-1]) <= {"HSSGW.5035"}
    # The other one may still have to join.
    eventually(lambda: answers.append(outcome(export(a))) or answers[-1] != "HSSGW.5035", "the other gateway", patience=60)
    with ThreadPoolExecutor(8) as pool:
        after = list(pool.map(lambda n: outcome(export(gateways[n % 2])), range(8)))
    assert answers.count(200) == 2 and set(after) == {"HSSGW.4291"} and own.exports == 4
    assert own.query(f"SELECT used, day - date '{today}' FROM days ORDER BY day") == "2|0\n2|1"


def answer_refused():
    body = b'{"error_code":"HSS.1","error_msg":"no"}'
    return b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
