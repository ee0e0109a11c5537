"""Edge cases of a fleet's guarantees: lost answers, two at the same time, a gateway that is gone, wrong roles, edited rows."""

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import wire
from harness.cutting import CuttingProxy
from harness.deadline import eventually
from harness.process import PROJECT, write_secret
from harness.shared import EXPORT, JSON, LIST, POLL, SharedFleet, figure, most_within
from harness.upstream import answer
from test_fleet_faults import check_sentence, limited
from test_fleet_state import call, export, outcome, paced, send, signed, virtual_pair


@pytest.fixture
def own(tmp_path):
    fleet = SharedFleet(tmp_path)
    yield fleet
    fleet.close()


# --- Another configuration ---------------------------------------------------------------------------------------------------------

def test_a_fleet_that_is_restarted_with_another_pace_keeps_that_one(own):
    def start(pace):
        def change(document):
            document["upstream"]["flow_control"] = {"per_operation": pace, "max_wait": "1s"}

        return [own.start(name, change) for name in "ab"]

    def calls(gateways):
        before = len(own.upstream.requests)
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda n: call(gateways[n % 2], "GET", f"{LIST}?limit={n + 1}"), range(12)))
        return len(own.upstream.requests) - before

    gateways = start("4/min")
    assert calls(gateways) == 4
    for pace, more in (("9/min", 5), ("2/min", 0)):
        for gateway in gateways:
            gateway.stop()
        gateways = start(pace)
        assert calls(gateways) == more, pace
        quotas = {queue["quota"] for gateway in gateways for queue in wire.call(gateway.admin, "GET", "/flow").json["queues"] if queue["credential"]}
        assert quotas == {int(pace[0])}


# --- Answers that are lost ---------------------------------------------------------------------------------------------------------

def test_a_statement_that_was_done_and_whose_answer_was_lost_is_asked_again_and_done_once(own):
    proxy = CuttingProxy(own.database.port)
    try:
        own.url = write_secret(own.directory / "proxied-url", f"postgresql://hssgw_gateway@127.0.0.1:{proxy.port}/postgres\n")

        def both(document):
            limited(3)(document)
            paced(document)
            # Under load a second connection takes time.
            document["fleet"]["patience"] = "5s"

        a = own.start("a", both)
        for number, word in enumerate((b"hssgw_fleet.export_begin(", b"hssgw_fleet.export_end(")):
            proxy.cut(word)
            made = export(a, key=f"k-{number}")
            assert made.status == 200 and proxy.cuts == number + 1, word
            assert export(a, key=f"k-{number}").json["task_id"] == made.json["task_id"]
        assert own.exports == 2 and own.query("SELECT used FROM days") == "2"
        assert own.query("SELECT count(*), count(DISTINCT task), min(state) FROM exports") == "2|2|made"
        proxy.cut(b"hssgw_fleet.file_of(")
        assert outcome(call(a, "GET", POLL + "task-1")) == 200 and proxy.cuts == 3 and own.query("SELECT count(*) FROM files") == "1"
        # A stored turn whose answer was lost is not taken twice: ten calls are ten calls.
        before = len(own.upstream.requests)
        proxy.cut(b"hssgw_fleet.line_put(")
        answers = [outcome(call(a, "GET", f"{LIST}?limit={n + 1}")) for n in range(12)]
        assert proxy.cuts == 4 and len(own.upstream.requests) - before <= 10 and answers.count(200) >= 9
    finally:
        proxy.close()


# --- Two at once -------------------------------------------------------------------------------------------------------------------

def test_an_export_that_two_operators_settle_at_once_is_settled_by_one(own):
    a, b = own.start("a"), own.start("b")
    own.upstream.handler = lambda received, connection: answer(b'{"error_code":"HSS.2","error_msg":"no"}', 500)
    assert export(a, key="k").status == 500
    identifier = own.query("SELECT id FROM exports WHERE state = 'unknown'")
    # Both have seen that it is unknown before either reports its end.
    said = {}
    with own.database.transaction("SELECT FROM hssgw_fleet.exports FOR UPDATE"):
        threads = [threading.Thread(target=lambda n=n: said.update({n: own.query(f"SELECT export_resolve('{identifier}', 'task-{n}', 'why-{n}')")}))
                   for n in (1, 2)]
        for thread in threads:
            thread.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%export_resolve%'"
        eventually(lambda: own.database.query(waiting) == "2", "both wait", patience=60)
    for thread in threads:
        thread.join(60)
    assert sorted(said.values()) == ["ended", "settled"]
    winner = next(n for n, word in said.items() if word == "ended")
    assert own.query("SELECT state, task, note FROM exports") == f"made|task-{winner}|why-{winner}"
    act = json.dumps({"task": "none", "reason": "too late"}).encode()
    assert [wire.call(gateway.admin, "POST", f"/fleet/exports/{identifier}/resolve", JSON, act).status for gateway in (a, b)] == [409] * 2
    assert outcome(call(b, "GET", f"{POLL}task-{winner}", "two")) == "HSSGW.4031"


def test_a_key_that_is_under_way_elsewhere_is_no_other_exports(own):
    a, b = own.start("a"), own.start("b")
    reached, release = own.hold_calls()
    made = []
    thread = threading.Thread(target=lambda: made.append(export(a, key="k")))
    thread.start()
    try:
        assert reached.wait(20)
        # It need not wait for the first one's end to know that it is different.
        assert outcome(export(b, key="k", body=b'{"operate_all":false}')) == "HSSGW.4220"
    finally:
        release.set()
        thread.join(60)
    assert made[0].status == 200 and own.exports == 1 and export(b, key="k").json["task_id"] == made[0].json["task_id"]


# --- A gateway that is gone --------------------------------------------------------------------------------------------------------

def test_a_signature_that_a_gateway_took_before_it_died_is_used_on_the_others(own):
    a, b, key = virtual_pair(own)
    bare = signed(a, key, EXPORT.replace("_", PROJECT, 1) + "?export_size=5", body=b"{}")
    assert send(a, "POST", *bare, b"{}").status == 200
    a.kill()
    assert outcome(send(b, "POST", *bare, b"{}")) == "HSSGW.4013" and own.exports == 1
    # Its next start knows it as well, and both still know the task's owner.
    a = own.start("a", lambda document: document.update(
        callers=[{"name": "sdk-team", "authenticate": {"virtual_key": True}, "projects": ["prod"]}],
        caller_keys={"store_file": str(own.directory / "callers"), "master_key_file": str(own.directory / "master.key")}))
    assert outcome(send(a, "POST", *bare, b"{}")) == "HSSGW.4013" and own.exports == 1


def test_a_gateway_that_stood_still_with_turns_lets_none_leave_late(own):
    """The other one overtakes it, and its stored turns have passed when it wakes."""
    quota, period = 4, 1.0

    def quick(document):
        document["upstream"]["flow_control"] = {"per_operation": f"{quota}/s", "max_wait": "10s"}

    arrivals = own.note_arrivals()
    gateways = [own.start(name, quick) for name in "ab"]
    isEnough = threading.Event()

    def load(number):
        while not isEnough.is_set():
            call(gateways[number % 2], "GET", f"{LIST}?limit={number + 1}", ("one", "two")[number % 2])

    threads = [threading.Thread(target=load, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: len(arrivals) >= 3 * quota, "both send", patience=60)
        os.kill(gateways[0].pid, signal.SIGSTOP)
        try:
            known = len(arrivals)
            eventually(lambda: len(arrivals) >= known + 3 * quota, "the other one goes on", patience=60)
        finally:
            os.kill(gateways[0].pid, signal.SIGCONT)
        known, taken = len(arrivals), figure(gateways[0], 'hssgw_fleet_turns_total{result="taken"}')
        eventually(lambda: len(arrivals) >= known + 3 * quota, "both send again", patience=60)
        eventually(lambda: figure(gateways[0], 'hssgw_fleet_turns_total{result="taken"}') > taken, "it has turns again", patience=60)
    finally:
        isEnough.set()
        for thread in threads:
            thread.join(60)
    assert most_within(period, gateways) <= quota


# --- Wrong roles, and rows that somebody edited ------------------------------------------------------------------------------------

@pytest.mark.parametrize("make, words", [
    ("CREATE ROLE stranger LOGIN", b"the role may not do this (42501)"),
    ("CREATE ROLE stranger", b"can't connect to the server, or it refused the login"),
    ("CREATE ROLE stranger LOGIN IN ROLE hssgw_reader", b"the role may not do this (42501)"),
], ids=["no right", "no login", "an auditor's"])
def test_a_wrong_role_has_its_sentence_and_takes_nothing(own, make, words):
    a = own.start("a", paced)
    task = export(a).json["task_id"]
    own.database.query(make)
    own.url = write_secret(own.directory / "strange-url", own.database.url.replace("gateway@", "stranger@") + "\n")
    b = own.start("b", paced, joins=False)
    check_sentence(b, words)
    before = len(own.upstream.requests)
    assert outcome(export(b)) == "HSSGW.5035" and outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.5035"
    # It has never read the line either.
    assert outcome(call(b, "GET", LIST)) == "HSSGW.5035" and len(own.upstream.requests) == before
    assert outcome(call(a, "GET", LIST)) == 200 and outcome(export(a)) == 200
    own.database.query("ALTER ROLE stranger LOGIN; GRANT hssgw_gateway TO stranger")
    eventually(lambda: outcome(export(b)) == 200, "it may now", patience=60)
    assert outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031"


def test_a_members_row_that_somebody_edited_fences_it_for_a_moment_and_nothing_is_lost(own):
    a, b = own.start("a", limited(3)), own.start("b", limited(3))
    task = export(a, key="k").json["task_id"]
    own.query("UPDATE members SET epoch = epoch + 1000 WHERE instance = 'a'")
    check_sentence(a, b"fenced: another process has this member's name", status=503)
    assert outcome(export(a)) == "HSSGW.5035" and call(a, "GET", LIST).status == 200 and outcome(export(b)) == 200
    # The row has no heartbeat: it lapses after ten seconds.
    eventually(lambda: outcome(export(a)) == 200, "it joined anew", patience=60)
    assert a.readiness().status == 200 and own.query("SELECT used FROM days") == "3"
    own.query("UPDATE members SET seen = 'infinity', version = '', config = 'nonsense', mode = 'other', clock_offset_us = 9223372036854775807, "
              "pushed_seq = -5, pushed_timeline = 'x' WHERE instance = 'b'")
    eventually(lambda: own.query("SELECT count(*) FROM members WHERE seen < clock_timestamp() + interval '10 s'") == "2", "it beats", patience=60)
    eventually(lambda: outcome(export(b, key="k")) == 200, "it has told its journal again", patience=60)
    assert export(b, key="k").json["task_id"] == task and outcome(export(b)) == "HSSGW.4291"
    assert outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031"


def test_a_schema_without_its_version_has_its_sentence(own):
    a = own.start("a")
    own.query("DELETE FROM schema_version")
    b = own.start("b", joins=False)
    check_sentence(b, b"the schema has version 0 and this gateway needs")
    assert outcome(export(b)) == "HSSGW.5035" and call(b, "GET", LIST).status == 200 and outcome(export(a)) == 200
    own.query("INSERT INTO schema_version VALUES (1), (2), (3), (4)")
    eventually(lambda: outcome(export(b)) == 200, "it is there again", patience=60)
