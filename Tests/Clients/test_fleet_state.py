"""Several gateways that act as one: what they share, with a real PostgreSQL, and the behaviour while it is unreachable."""

import json
import re
import threading
import time

import pytest

from harness import wire
from harness.commands import create_key
from harness.deadline import eventually
from harness.process import PROJECT, write_secret
from harness.shared import DOWNLOAD, EXPORT, FILE, JSON, LIST, POLL, TEAMS, SharedFleet, command, figure, most_within, statements
from harness.upstream import Upstream, answer
from test_tables import COLOUR, shown
from test_virtual_keys import send, signed


# Statements that a gateway sends every second or so, independent of its requests.
BEATS = {"beat", "news", "retain", "rates_sync", "figures_tell"}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    fleet = SharedFleet(tmp_path_factory.mktemp("shared"))
    fleet.start("a")
    fleet.start("b")
    yield fleet
    for gateway in fleet.gateways.values():
        gateway.stop()
    fleet.close()


@pytest.fixture
def own(tmp_path):
    """A separate fleet for the test, whose database may be damaged."""
    fleet = SharedFleet(tmp_path)
    yield fleet
    fleet.close()


def call(gateway, method, target, team="one", fields=(), body=None):
    # Longer than any wait for a turn.
    with wire.Connection(gateway.data, timeout=60, source=TEAMS[team]) as connection:
        connection.send(wire.request(method, target, list(fields), body))
        return connection.response()


def export(gateway, team="one", key=None, body=b'{"operate_all":true}'):
    fields = [*JSON] + ([("Idempotency-Key", key)] if key else [])
    return call(gateway, "POST", EXPORT, team, fields, body)


def outcome(response):
    return response.status if response.status == 200 else response.error_code


# --- Migration and role ----------------------------------------------------------------------------------------------------------

def test_a_migration_may_be_run_again_and_leaves_the_roles(fleet):
    again = command(fleet.directory, "fleet", "migrate", "--url-file", fleet.owner)
    assert (again.returncode, again.stderr) == (0, "") and "was there already" in again.stdout
    other = command(fleet.directory, "fleet", "migrate", "--url-file", fleet.owner, "--name", "blue")
    assert other.returncode == 0 and "hssgw_fleet_blue" in other.stdout
    assert fleet.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'hssgw_owner'") == "f"
    refused = command(fleet.directory, "fleet", "migrate", "--url-file", fleet.url)
    assert refused.returncode == 7 and "may not do this" in refused.stderr


def test_the_gateways_role_may_call_the_functions_and_nothing_else(fleet):
    proven = command(fleet.directory, "fleet", "role", "--url-file", fleet.url)
    assert proven.returncode == 0 and "nothing but its functions" in proven.stdout, proven.stderr
    owner = command(fleet.directory, "fleet", "role", "--url-file", fleet.owner)
    assert owner.returncode == 7 and "exports" in owner.stderr
    loose = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'hssgw_fleet'::regnamespace AND (NOT prosecdef OR proconfig IS NULL)"
    assert fleet.query(loose) == "0"
    assert fleet.query("SELECT count(*) FROM pg_proc WHERE pronamespace = 'hssgw_fleet'::regnamespace AND proacl::text LIKE '%{=X%'") == "0"


def test_a_database_without_the_schema_is_named_in_words(own, tmp_path):
    nothing = write_secret(tmp_path / "nothing", own.database.url.replace("gateway@", "hssgw_gateway@"))
    done = command(tmp_path, "fleet", "role", "--url-file", nothing, "--name", "green")
    assert done.returncode == 7 and "fleet migrate" in done.stderr


def test_status_names_the_members(fleet):
    done = command(fleet.directory, "fleet", "status", "--config", fleet.directory / "a" / "gateway.yaml")
    assert done.returncode == 0 and done.stdout.startswith("STATE"), done.stderr
    assert re.search(r"^alive +a +20", done.stdout, re.M) and re.search(r"^alive +b +20", done.stdout, re.M), done.stdout
    configuration = str(fleet.directory / "a" / "gateway.yaml")
    for columns in (40, 80, 200):
        text = shown(fleet.directory, columns, ["fleet", "status", "--config", configuration])
        plain = COLOUR.sub("", text)
        assert text != plain and max(map(len, plain.splitlines())) <= columns and plain.count("alive") == 2, text
    assert shown(fleet.directory, 40, ["fleet", "status", "--wide", "--config", configuration], NO_COLOR="1").startswith("STATE  MEMBER")
    def alive() -> list[str]:
        return [member["instance"] for member in json.loads(wire.call(fleet.gateways["a"].admin, "GET", "/fleet").body)["members"] if member["alive"]]

    eventually(lambda: alive() == ["a", "b"], "each knows the other")
    seen = json.loads(wire.call(fleet.gateways["a"].admin, "GET", "/fleet").body)
    assert seen["mode"] == "shared"
    assert len({member["shared_sha256"] for member in seen["members"]}) == 1
    # Until the next heartbeat it says that members still report their journals.
    eventually(lambda: b"[+]fleet ok\n" in fleet.gateways["a"].readiness().body, "the check is well")


# --- Ownership -------------------------------------------------------------------------------------------------------------------

def test_an_export_belongs_to_its_creator_on_every_gateway_at_once(fleet):
    a, b = fleet.gateways["a"], fleet.gateways["b"]
    task = export(a).json["task_id"]
    assert outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031"
    assert outcome(call(b, "GET", POLL + task)) == 200
    file = f"{DOWNLOAD}file-of-{task}"
    assert outcome(call(a, "GET", file, "two")) == "HSSGW.4031" and outcome(call(b, "GET", file, "two")) == "HSSGW.4031"
    assert call(a, "GET", file).body == FILE
    # Refused before or not: no other caller can take it afterwards.
    assert outcome(call(a, "GET", POLL + task, "two")) == "HSSGW.4031"
    # A task that no gateway created belongs to everyone, as with one gateway.
    assert outcome(call(b, "GET", POLL + "made-in-the-console", "two")) == 200


def test_an_own_task_is_asked_for_once_and_never_again(fleet):
    a, b = fleet.gateways["a"], fleet.gateways["b"]
    task = export(a).json["task_id"]
    before = statements(b)
    for _ in range(5):
        assert outcome(call(b, "GET", POLL + task)) == 200
    after = statements(b)
    assert after["owners_of"] - before.get("owners_of", 0) == 1 and after["file_of"] - before.get("file_of", 0) == 1
    here = statements(a)
    assert outcome(call(a, "GET", POLL + task)) == 200
    assert statements(a).get("owners_of", 0) == here.get("owners_of", 0)


def test_whoever_may_see_own_tasks_alone_sees_them_on_every_gateway(own):
    def strict(document):
        document["policy"] = [{"name": "own", "callers": ["*"], "tasks": "own", "action": "allow"}]

    a, b = own.start("a", strict), own.start("b", strict)
    task = export(a).json["task_id"]
    for gateway in (b, b, a):
        assert outcome(call(gateway, "GET", POLL + task)) == 200
        assert outcome(call(gateway, "GET", f"{DOWNLOAD}file-of-{task}")) == 200
    assert outcome(call(b, "GET", POLL + "made-in-the-console")) == "HSSGW.4031"


def test_an_answer_that_could_not_be_told_leaves_the_task_to_nobody_else(fleet):
    a, b = fleet.gateways["a"], fleet.gateways["b"]
    release = threading.Event()

    def slow(received, connection):
        assert release.wait(300)
        return SharedFleet.handle(fleet, received, connection)

    fleet.upstream.handler = slow
    made = []
    thread = threading.Thread(target=lambda: made.append(export(a)))
    thread.start()
    try:
        eventually(lambda: fleet.query("SELECT count(*) FROM exports WHERE state = 'open'") == "1", "the open export")
        # Its end can't be written while the row is locked.
        with fleet.database.transaction("SELECT FROM hssgw_fleet.exports WHERE state = 'open' FOR UPDATE"):
            release.set()
            thread.join(60)
            task = made[0].json["task_id"]
            fleet.upstream.handler = fleet.handle
            assert outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.5035"
    finally:
        release.set()
        fleet.upstream.handler = fleet.handle
    eventually(lambda: outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031", "the end that was told from the journal")
    assert outcome(call(b, "GET", POLL + task)) == 200


# --- Idempotency keys and days -----------------------------------------------------------------------------------------------------

def test_one_key_makes_one_export_on_whatever_gateway(fleet):
    a, b = fleet.gateways["a"], fleet.gateways["b"]
    before = fleet.exports
    answers = []
    threads = [threading.Thread(target=lambda g=g: answers.append(export(g, key="k-1"))) for g in (a, b) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [response.status for response in answers] == [200] * 8 and len({response.json["task_id"] for response in answers}) == 1
    assert fleet.exports == before + 1
    first = next(response for response in answers if response.value("Idempotency-Replayed") is None)
    later = export(b, key="k-1")
    replayed = b.journal.closing(later.value("Audit-Id"))["detail"]["replayed"]
    assert later.value("Idempotency-Replayed") == "true" and replayed == first.value("Audit-Id")
    assert outcome(export(a, key="k-1", body=b'{"operate_all":false}')) == "HSSGW.4220"
    # Another caller's key with the same text is another key.
    assert export(b, "two", "k-1").value("Idempotency-Replayed") is None


def test_a_proven_failure_frees_the_key_and_the_day_and_an_unknown_end_doesnt(own):
    def limited(document):
        document["callers"][0]["limits"] = {"exports_per_day": 2}

    a, b = own.start("a", limited), own.start("b", limited)
    own.upstream.handler = lambda received, connection: answer(b'{"error_code":"HSS.1","error_msg":"no"}', 400)
    assert [export(gateway, key="k").status for gateway in (a, b, a)] == [400] * 3
    own.upstream.handler = lambda received, connection: answer(b'{"error_code":"HSS.2","error_msg":"no"}', 500)
    assert export(a, key="k").status == 500
    assert [outcome(export(gateway, key="k")) for gateway in (a, b)] == ["HSSGW.4090"] * 2
    own.upstream.handler = own.handle
    assert export(b, key="k-2").status == 200
    assert [outcome(export(gateway, key=f"full-{number}")) for number, gateway in enumerate((a, b, a))] == ["HSSGW.4291"] * 3
    assert outcome(export(b, "two")) == 200
    # An operator settles it; the other gateway's callers see the task as its creator's.
    unknown = json.loads(wire.call(b.admin, "GET", "/fleet/exports?state=unknown").body)["exports"]
    assert [(each["caller"], each["state"], each["instance"]) for each in unknown] == [("one", "unknown", "a")]
    act = json.dumps({"task": "task-x", "reason": "seen in the console"}).encode()
    path = f"/fleet/exports/{unknown[0]['id']}/resolve"
    for words in ({"reason": "\u3164"}, {"task": " \u200b"}):
        assert wire.call_json(b.admin, "POST", path, {"task": "task-x", "reason": "seen in the console", **words}).status == 400, words
    assert wire.call(b.admin, "POST", path, JSON, act).json["state"] == "made"
    assert wire.call(b.admin, "POST", path, JSON, act).status == 409
    assert [event["detail"]["task"] for event in b.journal.records() if event.get("event") == "fleet_export_resolved"] == ["task-x"]
    assert outcome(call(a, "GET", POLL + "task-x", "two")) == "HSSGW.4031" and export(a, key="k").json["task_id"] == "task-x"


def test_four_fifths_of_a_day_are_those_of_all_gateways(own):
    receiver = Upstream()
    secret = write_secret(own.directory / "hook", "canary-hook-secret\n")

    def limited(document):
        document["callers"][0]["limits"] = {"exports_per_day": 5}
        document["callers"][0]["notify"] = {"url": f"{receiver.url}/hook", "secret_file": secret}

    try:
        a, b = own.start("a", limited), own.start("b", limited)
        assert [export(gateway).status for gateway in (a, b, a)] == [200] * 3
        fourth = export(b)
        assert fourth.status == 200
        # Neither gateway has seen more than two of them itself.
        notice = json.loads(eventually(lambda: receiver.requests, "the notice")[0].body)
        assert (notice["event"], notice["used"], notice["limit"], notice["audit_id"]) == ("daily_limit", "4", "5", fourth.value("Audit-Id"))
        assert b.journal.closing(fourth.value("Audit-Id"))["detail"]["exports_of_day"] == 4
    finally:
        receiver.close()


def test_a_holder_that_died_leaves_its_key_unknown(own):
    a, b = own.start("a"), own.start("b")
    reached, release = threading.Event(), threading.Event()

    def slow(received, connection):
        reached.set()
        release.wait(30)
        return answer(b'{"task_id":"late"}')

    own.upstream.handler = slow
    threading.Thread(target=lambda: pytest.raises(Exception, export, a, key="k"), daemon=True).start()
    assert reached.wait(20)
    waiting = []
    thread = threading.Thread(target=lambda: waiting.append(export(b, key="k")))
    thread.start()
    a.kill()
    thread.join(60)
    release.set()
    assert outcome(waiting[0]) == "HSSGW.4090" and len(own.upstream.requests) == 1
    # Its next start doesn't change that, and its caller's other exports work.
    own.upstream.handler = own.handle
    a = own.start("a")
    assert outcome(export(a, key="k")) == "HSSGW.4090" and export(a, key="k-2").status == 200


# --- The database is away ----------------------------------------------------------------------------------------------------------

def test_while_the_database_is_away_reads_and_own_tasks_go_on_and_nothing_else(own):
    a, b = own.start("a"), own.start("b")
    task = export(a).json["task_id"]
    assert outcome(call(b, "GET", POLL + task)) == 200
    own.database.kill()
    assert [call(gateway, "GET", LIST).status for gateway in (a, b)] == [200, 200]
    before = len(own.upstream.requests)
    refused = export(a, key="k")
    assert outcome(refused) == "HSSGW.5035" and refused.value("Retry-After") is not None and len(own.upstream.requests) == before
    assert outcome(call(a, "GET", POLL + task)) == 200 and outcome(call(b, "GET", POLL + task)) == 200
    assert outcome(call(b, "GET", POLL + "unheard-of", "two")) == "HSSGW.5035"
    eventually(lambda: b"database can't be used" in a.readiness().body, "the check's warning")
    assert a.readiness().status == 200
    own.database.start()
    eventually(lambda: outcome(export(a, key="k")) == 200, "exports again")
    eventually(lambda: outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031", "the owner is known")


def test_what_a_failover_lost_comes_back_from_the_journals_before_an_export_leaves(own):
    def limited(document):
        document["callers"][0]["limits"] = {"exports_per_day": 2}

    a, b = own.start("a", limited), own.start("b", limited)
    made = [export(a, key="k-1").json["task_id"], export(b, key="k-2").json["task_id"]]
    call(a, "GET", POLL + made[0])
    # A standby without this data takes over, on another timeline.
    own.query("TRUNCATE exports, keys, days, files; UPDATE fleet SET timeline = '00000000'; UPDATE members SET pushed_timeline = '00000000'")
    # Until both have reported their journals, exports are refused with 5035 and nothing is sent.
    again = eventually(lambda: (response := export(b, key="k-1")).status != 503 and response, "the fleet has recovered")
    assert again.value("Idempotency-Replayed") == "true" and again.json["task_id"] == made[0] and own.exports == 2
    assert outcome(export(b, key="k-3")) == "HSSGW.4291" and own.query("SELECT used FROM days") == "2"
    for task in made:
        assert {outcome(call(gateway, "GET", POLL + task, "two")) for gateway in (a, b)} == {"HSSGW.4031"}
    assert outcome(call(b, "GET", f"{DOWNLOAD}file-of-{made[0]}", "two")) == "HSSGW.4031"


def test_in_local_mode_each_gateway_has_its_part_and_tells_it_afterwards(own):
    def limited(document):
        document["callers"][0]["limits"] = {"exports_per_day": 4}

    a, b = own.start("a", limited), own.start("b", limited)
    eventually(lambda: figure(a, "hssgw_fleet_members") == 2, "both are known")
    for words in ({}, {"reason": " "}, {"reason": "\u3164\u202e"}, {"reason": "\0"}):  # of which nobody could read anything
        assert wire.call_json(a.admin, "POST", "/-/fleet/local", {"for": "30m", **words}).status == 400, words
    act = b'{"for":"30m","reason":"the database moves"}'
    assert [wire.call(gateway.admin, "POST", "/-/fleet/local", JSON, act).json["mode"] for gateway in (a, b)] == ["local"] * 2
    own.database.kill()
    assert [outcome(export(gateway)) for gateway in (a, a, a, b)] == [200, 200, "HSSGW.4291", 200]
    records = [record for record in a.journal.records() if record.get("kind") == "export" and record["phase"] == "response"]
    assert [record["detail"]["fleet"] for record in records] == ["local"] * 2
    own.database.start()
    for gateway in (a, b):
        assert wire.call(gateway.admin, "POST", "/-/fleet/shared").json["mode"] == "shared"
    eventually(lambda: own.query("SELECT used FROM days WHERE caller = 'one'") == "3", "what was counted apart")
    eventually(lambda: outcome(export(b)) == 200, "the fourth")
    assert outcome(export(a)) == "HSSGW.4291"


@pytest.mark.parametrize("how", ["an outage", "an order"])
def test_who_decides_alone_sends_no_export_again_whose_end_it_does_not_know(own, how):
    def alone(document):
        document["fleet"]["outage"] = {"exports": "local"}

    a = own.start("a", alone)
    own.upstream.handler = lambda received, connection: answer(b'{"error_code":"HSS.2","error_msg":"no"}', 500)
    assert export(a, key="k").status == 500
    own.upstream.handler = own.handle
    before = len(own.upstream.requests)
    if how == "an order":
        assert wire.call(a.admin, "POST", "/-/fleet/local", JSON, b'{"for":"30m","reason":"the database moves"}').status == 200
    else:
        own.database.kill()
    assert outcome(export(a, key="k")) == "HSSGW.4090" and len(own.upstream.requests) == before
    assert outcome(export(a, key="k-2")) == 200


def test_a_journal_that_begins_anew_under_a_name_is_told_from_its_beginning(own, tmp_path):
    # The name's earlier journal: longer than the next one will be, and told up to its end.
    a = own.start("a")
    assert {outcome(call(a, "GET", LIST)) for _ in range(60)} == {200}
    a.stop()
    a = own.start("a")
    eventually(lambda: int(own.query("SELECT pushed_seq FROM members")) > 40, "the long journal was told")
    a.stop()
    own.database.kill()

    def alone(document):
        document["fleet"]["outage"] = {"exports": "local"}

    a = own.start("a", alone, tmp_path / "anew", joins=False)
    task = export(a).json["task_id"]
    own.database.start()
    eventually(lambda: own.query("SELECT task FROM exports") == task, "what the new journal alone knew")
    b = own.start("b")
    assert outcome(call(b, "GET", POLL + task, "two")) == "HSSGW.4031" and outcome(call(b, "GET", POLL + task)) == 200


def test_a_key_that_ran_out_and_was_used_apart_makes_no_second_export(own):
    a, b = own.start("a"), own.start("b")
    assert outcome(export(a, key="k")) == 200
    # More than a day ago; rows that ran out are deleted once an hour.
    own.query("UPDATE keys SET expires = now() - interval '1 minute'")
    assert wire.call(b.admin, "POST", "/-/fleet/local", JSON, b'{"for":"30m","reason":"the database moves"}').status == 200
    made = export(b, key="k").json["task_id"]
    assert own.exports == 2 and wire.call(b.admin, "POST", "/-/fleet/shared").status == 200
    eventually(lambda: own.query(f"SELECT count(*) FROM exports WHERE task = '{made}'") == "1", "what was made apart")
    again = export(own.start("c"), key="k")
    assert (again.status, again.json["task_id"], own.exports) == (200, made, 2)


# --- Signatures ---------------------------------------------------------------------------------------------------------------------

def virtual_pair(own, **fleet):
    """Two gateways with a common virtual key."""
    def virtual(document):
        document["callers"] = [{"name": "sdk-team", "authenticate": {"virtual_key": True}, "projects": ["prod"]}]
        document["caller_keys"] = {"store_file": str(own.directory / "callers"), "master_key_file": str(own.directory / "master.key")}
        document["fleet"] |= fleet

    a, b = own.start("a", virtual), own.start("b", virtual)
    key = create_key(a.directory, "sdk-team", "--virtual")
    for gateway in (a, b):
        eventually(lambda: send(gateway, "GET", *signed(gateway, key, LIST + "?limit=1", method="GET", body=b""), None).status == 200, "the key")
    return a, b, key


def test_a_signature_is_good_once_in_the_fleet_for_what_changes_something(own):
    a, b, key = virtual_pair(own)
    target, headers = signed(a, key, EXPORT.replace("_", PROJECT, 1) + "?export_size=5", body=b"{}")
    answers = [send(gateway, "POST", target, headers, b"{}") for gateway in (a, b, a)]
    assert [outcome(each) for each in answers] == [200, "HSSGW.4013", "HSSGW.4013"] and own.exports == 1
    # The result of a signed idempotency key is returned on every gateway that gets the same bytes.
    target, headers = signed(a, key, EXPORT.replace("_", PROJECT, 1) + "?export_size=8", body=b"{}", fields={"Idempotency-Key": "same-bytes"})
    again = [send(gateway, "POST", target, headers, b"{}") for gateway in (a, b, a)]
    assert [outcome(each) for each in again] == [200] * 3 and len({each.json["task_id"] for each in again}) == 1 and own.exports == 2
    # A read is reported afterwards, and counted when it comes a second time.
    target, headers = signed(a, key, LIST.replace("_", PROJECT, 1) + "?limit=7", method="GET", body=b"")
    assert [send(gateway, "GET", target, headers, None).status for gateway in (a, b)] == [200, 200]
    eventually(lambda: figure(a, "hssgw_fleet_repeated_reads_total") + figure(b, "hssgw_fleet_repeated_reads_total") == 1, "the repetition")
    # A key that is revoked for the fleet is also refused where its file was not changed.
    other = create_key(a.directory, "sdk-team", "--virtual")
    path = LIST.replace("_", PROJECT, 1)
    eventually(lambda: send(b, "GET", *signed(b, other, path + "?limit=9", method="GET", body=b""), None).status == 200, "the other key")
    store = (own.directory / "callers").read_bytes()
    revoked = command(a.directory, "caller", "key", "revoke", other["access_key"], "--fleet", "--config", a.directory / "gateway.yaml")
    assert revoked.returncode == 0, revoked.stderr
    (own.directory / "callers").write_bytes(store)
    eventually(lambda: outcome(send(b, "GET", *signed(b, other, path + "?limit=10", method="GET", body=b""), None)) == "HSSGW.4010", "its end")
    own.database.kill()
    target, headers = signed(b, key, EXPORT.replace("_", PROJECT, 1) + "?export_size=6", body=b"{}")
    assert outcome(send(b, "POST", target, headers, b"{}")) == "HSSGW.5035" and own.exports == 2


class Away:
    """HSS's port is closed; then it is open again, at the same address."""

    def __init__(self, fleet):
        self.fleet = fleet

    def __enter__(self):
        self.fleet.upstream.close()

    def __exit__(self, *_):
        self.fleet.upstream = Upstream(port=int(self.fleet.upstream.address.rpartition(":")[2]))
        self.fleet.upstream.handler = self.fleet.handle


def is_refused_here(response):
    """Because HSS's port is closed."""
    return response.status == 502 and response.error_code == "HSSGW.5020"


def test_what_one_gateway_refused_itself_may_come_again_byte_by_byte_on_either(own):
    a, b, key = virtual_pair(own)
    reads = LIST.replace("_", PROJECT, 1)
    read = signed(a, key, reads + "?limit=3", method="GET", body=b"")
    exports = EXPORT.replace("_", PROJECT, 1)
    bare = signed(a, key, exports + "?export_size=5", body=b"{}")
    keyed = signed(a, key, exports + "?export_size=6", body=b"{}", fields={"Idempotency-Key": "kept"})
    with Away(own):
        for target, headers in (bare, keyed):
            assert all(is_refused_here(send(gateway, "POST", target, headers, b"{}")) for gateway in (a, b, b, a))
        assert all(is_refused_here(send(gateway, "GET", *read, None)) for gateway in (a, b))
        assert own.query("SELECT count(*) FROM signatures WHERE pass IS NOT NULL") == "0"
    eventually(lambda: send(b, "GET", *signed(b, key, reads + "?limit=2", method="GET", body=b""), None).status == 200, "HSS is there again")
    answers = [send(gateway, "POST", *bare, b"{}") for gateway in (b, a, b)]
    assert [outcome(each) for each in answers] == [200, "HSSGW.4013", "HSSGW.4013"] and own.exports == 1
    assert [outcome(send(gateway, "POST", *keyed, b"{}")) for gateway in (b, a)] == [200, 200] and own.exports == 2
    # A refused read was not used either: it comes for the first time now.
    assert send(b, "GET", *read, None).status == 200
    eventually(lambda: statements(a).get("signatures_used", 0) + statements(b).get("signatures_used", 0) > 1, "reads are told")
    assert figure(a, "hssgw_fleet_repeated_reads_total") + figure(b, "hssgw_fleet_repeated_reads_total") == 0


def test_with_exact_signatures_a_refused_read_comes_again_as_well(own):
    a, b, key = virtual_pair(own, signatures="exact")
    read = signed(a, key, LIST.replace("_", PROJECT, 1) + "?limit=3", method="GET", body=b"")
    with Away(own):
        assert all(is_refused_here(send(gateway, "GET", *read, None)) for gateway in (a, b, a))
    eventually(lambda: not is_refused_here(send(b, "GET", *signed(b, key, LIST + "?limit=2", method="GET", body=b""), None)), "HSS is there again")
    assert [outcome(send(gateway, "GET", *read, None)) for gateway in (b, a)] == [200, "HSSGW.4013"]


def test_a_signature_that_could_not_be_given_back_stays_used(own):
    a, b, key = virtual_pair(own)
    own.query("REVOKE EXECUTE ON FUNCTION signature_give_back FROM hssgw_gateway")
    target, headers = signed(a, key, EXPORT.replace("_", PROJECT, 1) + "?export_size=5", body=b"{}")
    with Away(own):
        assert is_refused_here(send(a, "POST", target, headers, b"{}"))
        assert [outcome(send(gateway, "POST", target, headers, b"{}")) for gateway in (b, a)] == ["HSSGW.4013"] * 2
    assert own.exports == 0
    # No other request can release it: not with another pass, for another gateway, or after a newer start.
    own.query("GRANT EXECUTE ON FUNCTION signature_give_back TO hssgw_gateway")
    row = "SELECT {} FROM signatures s JOIN members m ON m.instance = {} WHERE s.pass IS NOT NULL"
    give = "signature_give_back(m.instance, m.epoch + {}, s.key_id, s.mark, {})"
    assert own.query(row.format(give.format(1, "s.pass"), "s.instance")) == "fenced"
    assert own.query(row.format(give.format(0, "gen_random_uuid()"), "s.instance")) == "missing"
    assert own.query(row.format(give.format(0, "s.pass"), "'b'")) == "missing"
    # A repetition by the request that used it, after a lost answer, succeeds; another request's doesn't.
    take = "signature_take(s.instance, s.key_id, s.mark, 0, {})"
    assert own.query(row.format(take.format("s.pass"), "s.instance")) == "fresh"
    assert own.query(row.format(take.format("gen_random_uuid()"), "s.instance")) == "used"
    assert own.query(row.format(give.format(0, "s.pass"), "s.instance")) == "given"
    # Gateways of the previous version continue next to this one; their notes can't be released.
    assert own.query("SELECT signature_use('k', 'm', 0), signature_use('k', 'm', 0)") == "t|f"
    # A leftover row is deleted with the others, by its date.
    own.query("UPDATE signatures SET dated = clock_timestamp() - interval '1 hour'; SELECT retain()")
    assert own.query("SELECT count(*) FROM signatures") == "0"


# --- What each gateway says of itself ------------------------------------------------------------------------------------------------

def member(gateway, name):
    found = wire.call(gateway.admin, "GET", "/fleet").json
    return next((one for one in found["gateways"] if one["instance"] == name), {})


FIGURES = ["config_sha256", "clock_offset_s", "requests_per_minute", "tree_size", "signed", "segments_held", "disk_free", "sync_p99_us", "checks"]


def test_each_gateway_shows_what_the_others_say_of_themselves(own):
    a, b = own.start("a"), own.start("b")
    assert outcome(export(b)) == 200
    for _ in range(20):
        assert call(b, "GET", LIST).status == 200
    seen = eventually(lambda: (member(a, "b").get("requests_per_minute") or 0) >= 21 and member(a, "b"), "b has said how it is", patience=60)
    assert set(FIGURES) <= set(seen) and seen["alive"] is True and seen["stale"] is False and 0 <= seen["figures_age_s"] <= 30
    itself = member(b, "b")
    assert {"figures_age_s", "stale"}.isdisjoint(itself) and seen["config_sha256"] == itself["config_sha256"]
    assert 22 <= seen["tree_size"] <= itself["tree_size"] and 0 < seen["sync_p99_us"] and abs(seen["disk_free"] - itself["disk_free"]) < 0.1
    # Passing checks aren't reported.
    assert all(not check["ok"] or check["warning"] for check in seen["checks"])
    # It is gone, and its last report is old.
    b.kill()
    gone = eventually(lambda: member(a, "b").get("alive") is False and member(a, "b"), "b is not heard of", patience=60)
    assert gone["stale"] is True and gone["tree_size"] >= seen["tree_size"]
    eventually(lambda: member(a, "b")["figures_age_s"] > gone["figures_age_s"], "they grow older")
    # Another process with its name has reported nothing yet, and then something new.
    b = own.start("b")
    eventually(lambda: member(a, "b").get("stale") is False and member(a, "b")["figures_age_s"] <= 30, "it says how it is", patience=60)


def test_figures_that_somebody_edited_are_left_out_and_the_others_stay(own):
    a, b = own.start("a"), own.start("b")
    eventually(lambda: "tree_size" in member(a, "b"), "b has said how it is", patience=60)
    # From here on no gateway can report.
    own.query("ALTER FUNCTION figures_tell(text, bigint, jsonb) RENAME TO figures_kept")
    hostile = {
        "tree_size": -1, "signed": "5", "requests_per_minute": 1e300, "sync_p99_us": 9223372036854775808, "disk_free": 1.5, "anchor_lag_s": None, "ship_lag_s": {"a": [1]},
        "segments_held": 7, "clock_offset_s": 1e20, "config_sha256": "<img src=x>", "checkpoint_at": "yesterday",
        "checks": [{"name": "x" * 500, "ok": False, "warning": "<b>" + "w" * 2000 + "\u202e"}, {"ok": True}, "text", None, *[{"name": f"n{number}", "ok": True, "warning": "w"} for number in range(40)]],
    }
    own.query(f"UPDATE figures SET said = '{json.dumps(hostile)}' WHERE instance = 'b'")
    found = member(a, "b")
    assert found["segments_held"] == 7 and not {"tree_size", "signed", "requests_per_minute", "sync_p99_us", "disk_free", "anchor_lag_s", "ship_lag_s", "clock_offset_s",
                                               "config_sha256", "checkpoint_at"} & set(found)
    assert len(found["checks"]) == 13 and len(found["checks"][0]["name"]) == 80 and len(found["checks"][0]["warning"]) == 200
    for said in ("5", '"text"', "[]", "{}", '{"checks": 5}'):
        own.query(f"UPDATE figures SET said = '{said}' WHERE instance = 'b'")
        assert "tree_size" not in member(a, "b")
    for told in ("infinity", "-infinity"):
        own.query(f"UPDATE figures SET said = '{{}}', told = '{told}'")
        assert member(a, "b")["figures_age_s"] >= 0
    own.query("ALTER FUNCTION figures_kept(text, bigint, jsonb) RENAME TO figures_tell")
    eventually(lambda: "tree_size" in member(a, "b"), "b says it anew", patience=60)
    # A report that is too long is not stored, nor one of a process whose epoch has ended.
    epoch = own.query("SELECT epoch FROM members WHERE instance = 'b'")
    long = json.dumps({"a": "b" * 9000})
    assert own.query(f"SELECT figures_tell('b', {epoch}, '{long}'), figures_tell('b', 0, '{{}}')") == "f|f"
    own.query(f"UPDATE figures SET said = '{long}' WHERE instance = 'b'")
    assert outcome(export(a)) == 200 and outcome(export(b)) == 200, "nothing is decided by them"


def test_an_older_schema_is_brought_to_this_version_while_its_rows_stay(own):
    own.query("ALTER TABLE signatures DROP COLUMN pass, DROP COLUMN instance; DELETE FROM schema_version WHERE version > 2; "
              "DROP FUNCTION signature_take; DROP FUNCTION signature_give_back; DROP TABLE figures; DROP FUNCTION figures_tell; DROP FUNCTION figures_list; "
              "INSERT INTO signatures VALUES ('key', 'mark', clock_timestamp())")
    for before in (2, 4):
        done = command(own.directory, "fleet", "migrate", "--url-file", own.owner)
        assert (done.returncode, done.stderr) == (0, ""), before
    assert own.query("SELECT count(*) FROM signatures WHERE pass IS NULL") == "1" and own.query("SELECT max(version) FROM schema_version") == "4"
    a, b, key = virtual_pair(own)
    bare = signed(a, key, EXPORT.replace("_", PROJECT, 1) + "?export_size=5", body=b"{}")
    assert [outcome(send(gateway, "POST", *bare, b"{}")) for gateway in (a, b)] == [200, "HSSGW.4013"]


# --- Rates --------------------------------------------------------------------------------------------------------------------------

def test_a_callers_rate_is_the_fleets(own):
    def limited(document):
        document["callers"][0]["limits"] = {"requests_per_second": 1, "burst": 60}

    a, b = own.start("a", limited), own.start("b", limited)
    # A bucket of sixty that is emptied on one gateway is empty on the other, which has let only one through.
    assert [call(a, "GET", f"{LIST}?limit={n + 1}").status for n in range(50)] == [200] * 50
    assert outcome(call(b, "GET", LIST)) == 200
    eventually(lambda: float(own.query("SELECT full_again / 1e9 - extract(epoch FROM clock_timestamp()) FROM rates WHERE caller = 'one'") or 0) > 30, "told")
    # One may be under way that has asked before.
    heard = statements(b).get("rates_sync", 0) + 2
    eventually(lambda: statements(b).get("rates_sync", 0) >= heard, "heard")
    left = sum(call(b, "GET", f"{LIST}?limit={n + 1}").status == 200 for n in range(55))
    assert left < 50, "the other gateway has no bucket of its own"


# --- HSS's quota --------------------------------------------------------------------------------------------------------------------

def paced(document):
    document["upstream"]["flow_control"] = {"per_operation": "10/min", "max_wait": "1s"}


def test_a_written_pace_is_one_pace_for_all_gateways(own):
    a, b = own.start("a", paced), own.start("b", paced)
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(call((a, b)[n % 2], "GET", f"{LIST}?limit={n + 1}", ("one", "two")[n % 3 == 0])))
               for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(own.upstream.requests) == 10 and sorted(map(str, map(outcome, answers))) == ["200"] * 10 + ["HSSGW.4290"] * 14
    # Each caller's turn is kept at the promised time, whichever gateway it comes back to.
    waits = [int(response.value("Retry-After")) for response in answers if response.status == 429]
    assert all(30 < wait <= 62 for wait in waits)
    assert outcome(call(b, "GET", LIST)) == outcome(call(a, "GET", LIST)) == "HSSGW.4290" and len(own.upstream.requests) == 10
    assert "ListVulnerabilities" in command(own.directory, "fleet", "status", "--config", own.directory / "a" / "gateway.yaml").stdout
    assert figure(a, "hssgw_fleet_turns_total{result=\"taken\"}") + figure(b, "hssgw_fleet_turns_total{result=\"taken\"}") == 10


def test_a_429_of_hss_holds_the_other_gateway_back_as_well(own):
    def adaptive(document):
        document["upstream"]["flow_control"] = "adaptive"

    a, b = own.start("a", adaptive), own.start("b", adaptive)
    throttle = b'{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached: policy user over ratelimit,limit:5,time:1 minute"}'
    own.upstream.handler = lambda received, connection: answer(throttle, 429) if len(own.upstream.requests) > 5 else answer(b'{"total_num":0}')
    assert [call(gateway, "GET", f"{LIST}?limit={n + 1}").status for n, gateway in enumerate((a, a, b, b, b))] == [200] * 5
    # Its calls leave before all earlier ones are counted, and get other 429s, which HSS doesn't execute.
    held = threading.Thread(target=call, args=(a, "GET", LIST))
    held.start()
    eventually(lambda: figure(b, 'hssgw_flow_quota_per_minute{operation="ListVulnerabilities",credential="keys"}') == 5, "the other one knows")
    assert outcome(call(b, "GET", LIST)) == "HSSGW.4290" and len(own.upstream.requests) <= 12
    held.join(60)


def test_a_line_that_somebody_edited_is_said_and_never_overwritten(own):
    a, b = own.start("a", paced), own.start("b", paced)
    assert call(a, "GET", LIST).status == 200
    own.query("UPDATE lines SET state = '\\x02ff', version = version + 5")
    assert call(b, "GET", LIST).status == 200
    eventually(lambda: b"the line ListVulnerabilities can't be read" in b.readiness().body, "the check says it")
    assert b.readiness().status == 200 and own.query("SELECT state FROM lines") == "\\x02ff"
    # Without the row the line starts again.
    own.query("DELETE FROM lines")
    assert call(b, "GET", LIST).status == 200
    eventually(lambda: b"can't be read" not in b.readiness().body, "it is well again")


def counted_by_the_others(fleet):
    """A gateway that has been a member for less than a few seconds takes nothing alone: others may not know of it yet."""
    known = "SELECT bool_and(started < clock_timestamp() - interval '7 s') FROM members"
    eventually(lambda: fleet.query(known) == "t", "all know each other", patience=40)


def test_while_the_database_is_away_each_gateway_has_its_part_of_the_pace(own):
    """And none until the calls of the other since it read the line can't count any more."""
    quota, period, arrivals = 4, 1.0, []

    def quick(document):
        document["upstream"]["flow_control"] = {"per_operation": f"{quota}/s", "max_wait": "4s"}

    own.upstream.handler = lambda received, connection: arrivals.append(time.monotonic()) or answer(b'{"total_num":0}')
    gateways = [own.start(name, quick) for name in "ab"]
    assert {outcome(call(gateway, "GET", LIST)) for gateway in gateways} == {200}
    counted_by_the_others(own)
    own.database.kill()
    begun, isEnough = len(arrivals), threading.Event()

    def load(number):
        while not isEnough.is_set():
            call(gateways[number % 2], "GET", f"{LIST}?limit={number + 1}")

    threads = [threading.Thread(target=load, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: len(arrivals) >= begun + 6 * quota, "both go on alone", patience=60)
    finally:
        isEnough.set()
        for thread in threads:
            thread.join(60)
    for gateway in gateways:
        gateway.stop()
    assert most_within(period, gateways) <= quota
    for gateway in gateways:
        assert any(record.get("detail", {}).get("fleet") == "local" for record in gateway.journal.records())


def test_who_can_not_know_what_others_have_used_takes_no_turn_while_the_database_is_away(own):
    a, b = own.start("a", paced), own.start("b", paced)
    local = own.start("c", lambda document: paced(document) or document["fleet"].update(outage={"paced": "local"}))
    assert outcome(call(a, "GET", LIST)) == 200
    counted_by_the_others(own)
    own.database.kill()
    late = own.start("d", paced, joins=False)
    # It has read the line, and others may have used all of it since then: for as long as that counts, nothing is
    # sent.
    held = call(a, "GET", f"{LIST}?limit=2")
    assert outcome(held) == "HSSGW.4290" and 30 < int(held.value("Retry-After")) <= 70
    # These have never read it.
    assert [outcome(call(gateway, "GET", f"{LIST}?limit=3")) for gateway in (b, late)] == ["HSSGW.5035"] * 2
    assert len(own.upstream.requests) == 1
    # An operator may configure that each gateway has the whole pace.
    assert outcome(call(local, "GET", f"{LIST}?limit=4")) == 200
    own.database.start()
    eventually(lambda: outcome(call(b, "GET", f"{LIST}?limit=5")) == 200, "turns again", patience=90)


# --- Membership --------------------------------------------------------------------------------------------------------------------

def test_the_older_of_two_processes_with_one_name_is_fenced(own, tmp_path):
    older = own.start("a")
    newer = own.start("a", directory=tmp_path / "second")
    eventually(lambda: b"fenced" in older.readiness().body, "the older one notices")
    assert older.readiness().status == 503 and outcome(export(older)) == "HSSGW.5035" and outcome(export(newer)) == 200
    newer.stop()
    eventually(lambda: outcome(export(older)) == 200, "the name is free again", patience=40)
    older.stop()


def test_reads_send_no_statement_beyond_the_beats(fleet):
    a = fleet.gateways["a"]
    eventually(lambda: outcome(call(a, "GET", LIST)) == 200 and statements(a).get("trust_end"), "the key is proven")
    before = statements(a)
    with wire.Connection(a.data) as connection:
        for number in range(500):
            connection.send(wire.request("GET", f"{LIST}?limit={number % 200 + 1}"))
            assert connection.response().status == 200
    after = statements(a)
    assert {name for name in after if after[name] != before.get(name, 0)} <= BEATS


def test_an_export_costs_two_statements_beside_its_own_syncs(fleet):
    """One takes its key, its part of the day and its place; the other reports the outcome, before the caller has the answer."""
    a = fleet.gateways["a"]
    eventually(lambda: outcome(call(a, "GET", LIST)) == 200 and statements(a).get("trust_end"), "the key is proven")
    before = statements(a)
    for number in range(5):
        assert outcome(export(a, key=f"costs-two-{number}")) == 200
    after = statements(a)
    counted = {name: int(after[name] - before.get(name, 0)) for name in after if after[name] != before.get(name, 0)}
    assert {name: count for name, count in counted.items() if name not in BEATS} == {"export_begin": 5, "export_end": 5}


def test_members_with_different_rules_are_seen(own):
    a = own.start("a")
    own.start("b", lambda document: document["policy"].append({"name": "no-writes", "callers": ["two"], "kinds": ["write"], "action": "deny"}))
    eventually(lambda: figure(a, "hssgw_fleet_config_versions") == 2, "the difference")
    assert a.readiness().status == 200
