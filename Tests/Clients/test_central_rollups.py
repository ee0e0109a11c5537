"""The counts of the central copy: rollups that are stored with the rows, and results when they are missing, late or restored."""

import collections
import functools
import json
from datetime import datetime, timedelta, timezone

import pytest

from harness import wire
from harness.deadline import eventually
from harness.fleet import Fleet, calls
from harness.postgres import PostgreSQL

TABLES = "hssgw_rollups, hssgw_rollup_groups, hssgw_rollup_cuts, hssgw_counted"
INDEXES = "hssgw_records_events, hssgw_records_exports"


@pytest.fixture(scope="module")
def server():
    server = PostgreSQL()
    server.start()
    yield server
    server.close()


@pytest.fixture
def fleet(server, tmp_path):
    """The copy of one journal, whose gateway `two` was stopped."""
    server.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    fleet = Fleet(tmp_path, server)
    fleet.run("two", 10)
    yield fleet
    fleet.close()


def ended(fleet) -> list[dict]:
    """The records of all journals that end an exchange."""
    return [record for gateway in fleet.gateways.values() for record in gateway.journal.records() if record["phase"] in ("response", "refusal")]


def counted(fleet, instance: str) -> bool:
    """Whether the rollups cover all of a gateway's records in the copy."""
    found = fleet.database.query(f"SELECT next FROM hssgw_counted WHERE instance = '{instance}' AND cuts = next", check=False)
    return found != "" and found == fleet.database.query(f"SELECT max(seq) + 1 FROM hssgw_records WHERE instance = '{instance}'")


@functools.cache
def begin() -> datetime:
    """The minute in which the first of these tests asks: the same minutes for every query, since one may begin between two of them. Not that in which this
    file is read, which may be an hour earlier."""
    return datetime.now(timezone.utc).replace(second=0, microsecond=0)


def histogram(gateway, more: str = "") -> dict:
    since, until = (begin() - timedelta(hours=1)).isoformat()[:-6] + "Z", (begin() + timedelta(hours=1)).isoformat()[:-6] + "Z"
    answer = wire.call(gateway.admin, "GET", f"/audit/histogram?since={since}&until={until}&buckets=120&by=outcome,operation,kind&measure=count,p50,exports,bytes{more}", timeout=60)
    assert answer.status == 200, answer.body
    return answer.json


def sums(found: dict) -> dict[str, collections.Counter]:
    total = {name: collections.Counter() for name in ("outcome", "operation", "kind")}
    for bucket in found["buckets"]:
        assert sum(bucket["outcome"].values()) == bucket["count"]
        for name, counter in total.items():
            counter.update(bucket[name])
    return total


def expected(records: list[dict]) -> dict[str, collections.Counter]:
    return {name: collections.Counter(record.get(name, "") for record in records) for name in ("outcome", "operation", "kind")}


def test_the_rollups_say_what_the_records_say_and_are_counted_without_reading_them(fleet):
    one = fleet.start("one")
    calls(one, 10)
    eventually(lambda: fleet.database.lines("one") == one.journal.lines() and counted(fleet, "one") and counted(fleet, "two"), "everything is counted")
    found = histogram(one, "&source=fleet")
    assert found["complete"] and sums(found) == expected(ended(fleet))
    assert sum(bucket["exports"] for bucket in found["buckets"]) == sum(record["kind"] == "export" for record in ended(fleet))
    assert found["as_of"].keys() == {"one", "two"} and found["as_of"]["two"] == len(fleet.gateways["two"].journal.lines())
    # A gateway's own index counts the same, minute by minute.
    assert histogram(one, "&source=fleet&instance=one")["buckets"] == histogram(one)["buckets"]
    own = histogram(one, "&source=fleet&instance=two&kind=export")
    assert sums(own) == expected([record for record in fleet.gateways["two"].journal.records() if record["phase"] == "response" and record["kind"] == "export"])
    for more, seen in [("", {"one", "two"}), ("&instance=two", {"two"})]:
        answer = wire.call(one.admin, "GET", f"/audit/attention?source=fleet{more}")
        assert answer.status == 200 and {item["instance"] for item in answer.json["items"] if "instance" in item} <= seen
    notes = wire.call(one.admin, "GET", "/audit/checkpoints?source=fleet").json["checkpoints"]
    assert {note["instance"] for note in notes} == {"one", "two"} and [note["at"] for note in notes] == sorted((note["at"] for note in notes), reverse=True)
    own = {note["size"]: note["root"] for note in wire.call(one.admin, "GET", "/audit/checkpoints").json["checkpoints"]}
    assert all(own[note["size"]] == note["root"] for note in notes if note["instance"] == "one")
    assert {note["instance"] for note in wire.call(one.admin, "GET", "/audit/checkpoints?source=fleet&instance=two&limit=2").json["checkpoints"]} == {"two"}
    assert wire.call(one.admin, "GET", "/audit/checkpoints?source=fleet&until=2026-01-01").json["checkpoints"] == []
    # Reading a line of these would answer 409.
    fleet.database.query("CREATE TABLE spare AS SELECT * FROM hssgw_records; UPDATE hssgw_records SET line = '{}'")
    assert histogram(one, "&source=fleet")["buckets"] == found["buckets"]
    assert wire.call(one.admin, "GET", "/audit/records?source=fleet").status == 409
    usage = wire.call(one.admin, "GET", "/audit/usage?source=fleet&since=24h").json
    assert sum(caller["requests"] for caller in usage["callers"]) == len(ended(fleet))
    one.kill()


@pytest.mark.parametrize("has_rollups", [True, False], ids=["rollups", "lines alone"])
def test_records_that_stand_under_two_names_count_once(fleet, has_rollups):
    """A host that was renamed, or somebody who may insert rows; the report says it, and counts once as well."""
    one = fleet.start("one")
    calls(one, 10)
    eventually(lambda: fleet.database.lines("one") == one.journal.lines() and counted(fleet, "one") and counted(fleet, "two"), "everything is counted")
    if not has_rollups:
        fleet.database.query(f"DROP TABLE {TABLES}")
    two = sums(histogram(one, "&source=fleet&instance=two"))
    fleet.database.query(
        "CREATE TEMP TABLE more AS SELECT * FROM hssgw_records WHERE instance = 'two';"
        "UPDATE more SET instance = 'again'; INSERT INTO hssgw_records SELECT * FROM more;"
        "UPDATE more SET instance = 'a part'; INSERT INTO hssgw_records SELECT * FROM more WHERE seq < 8")
    found = histogram(one, "&source=fleet")
    assert sums(found) == expected(ended(fleet)) and found["as_of"].keys() == {"one", "again"}
    usage = wire.call(one.admin, "GET", "/audit/usage?source=fleet&since=24h").json
    assert sum(caller["requests"] for caller in usage["callers"]) == len(ended(fleet))
    # Whoever asks for one of them gets it.
    assert sums(histogram(one, "&source=fleet&instance=two")) == sums(histogram(one, "&source=fleet&instance=again")) == two
    one.kill()


@pytest.mark.parametrize("table,more", [("hssgw_rollup_cuts", ""), ("hssgw_rollups", ",operation")])
def test_a_plot_reads_the_rows_of_its_time_and_not_all_there_are(fleet, table, more):
    # Hours of two and a half years before.
    cut = "1, " if table == "hssgw_rollup_cuts" else ""
    fleet.database.query(
        f"INSERT INTO {table} SELECT 'two', {cut}60, (extract(epoch FROM now()) / 3600)::bigint * 60 - 60 * (n + 100), (SELECT min(grp) FROM {table}), 1, 1, '', '', 0 "
        f"FROM generate_series(1, 20000) n; ANALYZE {table}")
    one = fleet.start("one")
    calls(one, 10)
    eventually(lambda: fleet.database.lines("one") == one.journal.lines() and counted(fleet, "one") and counted(fleet, "two"), "everything is counted")
    fleet.database.query("SELECT pg_stat_reset()")
    answer = wire.call(one.admin, "GET", f"/audit/histogram?since=24h&buckets=48&by=outcome{more}&source=fleet", timeout=60)
    assert answer.status == 200 and sum(bucket["count"] for bucket in answer.json["buckets"]) == len(ended(fleet))

    # A session's statistics are complete when it has ended.
    sessions = fleet.database.query("SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE application_name = 'hss-gateway'")
    fleet.database.query(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN ({sessions})")
    eventually(lambda: fleet.database.query(f"SELECT count(*) FROM pg_stat_activity WHERE pid IN ({sessions})") == "0", "the sessions are over")
    assert 0 < int(fleet.database.query(f"SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = '{table}'")) < 5_000


def test_a_copy_from_before_the_rollups_is_counted_from_its_rows(fleet):
    fleet.database.query(
        f"DROP TABLE {TABLES}; DROP INDEX {INDEXES}; DELETE FROM hssgw_schema WHERE version >= 4;"
        "CREATE ROLE shipper; GRANT INSERT, SELECT ON hssgw_records TO shipper; CREATE ROLE auditor; GRANT SELECT ON hssgw_records TO auditor")
    # Without the tables, and while a journal's rows are not counted, their lines are counted.
    one = fleet.start("one")
    eventually(lambda: sums(histogram(one, "&source=fleet")) == expected(ended(fleet)), "the lines are counted")
    eventually(lambda: fleet.database.query("SELECT max(version) FROM hssgw_schema") == "5", "the tables are made")
    assert not counted(fleet, "two")
    two = fleet.start("two")
    eventually(lambda: counted(fleet, "two"), "the rows are counted")
    calls(two, 10)
    eventually(lambda: counted(fleet, "two") and sums(histogram(one, "&source=fleet")) == expected(ended(fleet)), "the new ones are counted too")
    rights = {f"{role} {right}": fleet.database.query(f"SELECT bool_and(has_table_privilege('{role}', t, '{right}')) FROM unnest(ARRAY['hssgw_rollups', 'hssgw_rollup_groups', 'hssgw_rollup_cuts', 'hssgw_counted']) t")
              for role in ("shipper", "auditor") for right in ("SELECT", "UPDATE")}
    assert rights == {"shipper SELECT": "t", "shipper UPDATE": "t", "auditor SELECT": "t", "auditor UPDATE": "f"}
    # Deleting a gateway's row makes it count again.
    fleet.database.query("DELETE FROM hssgw_counted; UPDATE hssgw_rollups SET count = 1000; UPDATE hssgw_rollup_cuts SET count = 1000")
    two.stop()
    fleet.start("two")
    eventually(lambda: counted(fleet, "two"), "it is counted anew")
    assert sums(histogram(one, "&source=fleet")) == expected(ended(fleet))


def test_records_are_copied_where_they_can_not_be_counted(fleet):
    fleet.database.query("ALTER TABLE hssgw_rollups ADD CHECK (step > 1) NOT VALID")
    one = fleet.start("one")
    calls(one, 10)
    eventually(lambda: fleet.database.lines("one") == one.journal.lines(), "the copy has everything")
    assert not counted(fleet, "one")
    assert sums(histogram(one, "&source=fleet")) == expected(ended(fleet))


def test_rows_that_were_put_back_are_counted_once(fleet):
    before = ended(fleet)
    fleet.database.query("DELETE FROM hssgw_records WHERE instance = 'two' AND seq BETWEEN 5 AND 9")
    done = fleet.command("repair-database", "--directory", fleet.gateways["two"].journal.directory)
    assert "5 put back" in done.stdout, done.stdout + done.stderr
    assert json.loads(fleet.database.query("SELECT count(*) FROM hssgw_records WHERE instance = 'two' AND seq BETWEEN 5 AND 9")) == 5
    two = fleet.start("two")
    eventually(lambda: counted(fleet, "two"), "everything is counted anew")
    assert sums(histogram(two, "&source=fleet")) == expected(before)


# Queries by the cut that answers them; the last one needs all dimensions.
QUESTIONS = {"outcome": "by=outcome,error_code", "caller": "by=caller", "credential": "by=outcome&credential=keys", "": "by=operation,kind"}


def plots(gateway) -> dict[str, list]:
    # The same days for every question of a test, however long it takes.
    today = begin().replace(hour=0, minute=0)
    since, until = (today - timedelta(days=28)).isoformat()[:-6] + "Z", (today + timedelta(days=2)).isoformat()[:-6] + "Z"
    found = {}
    for name, by in QUESTIONS.items():
        answer = wire.call(gateway.admin, "GET", f"/audit/histogram?source=fleet&since={since}&until={until}&buckets=30&{by}&measure=count,p50,p99,exports,bytes", timeout=60)
        assert answer.status == 200 and answer.json["complete"], answer.body
        found[name] = [bucket for bucket in answer.json["buckets"] if bucket["count"]]
        assert found[name]
    return found


def test_a_plot_of_few_things_reads_what_is_counted_by_few_things(fleet):
    one = fleet.start("one")
    calls(one, 10)
    eventually(lambda: fleet.database.lines("one") == one.journal.lines() and counted(fleet, "one") and counted(fleet, "two"), "everything is counted")
    right = plots(one)
    assert {name: sum(bucket["count"] for bucket in buckets) for name, buckets in right.items() if name != "credential"} == dict.fromkeys(["outcome", "caller", ""], len(ended(fleet)))
    # Reading rows of the full cut would be noticed.
    fleet.database.query("UPDATE hssgw_rollups SET count = count + 1000")
    found = plots(one)
    assert {name for name in QUESTIONS if found[name] != right[name]} == {""}
    fleet.database.query("UPDATE hssgw_rollups SET count = count - 1000; UPDATE hssgw_rollup_cuts SET count = count + 1000")
    found = plots(one)
    assert {name for name in QUESTIONS if found[name] != right[name]} == {"outcome", "caller", "credential"}


@pytest.mark.parametrize("change", [
    # Tables of the previous version, which has none.
    f"DROP TABLE hssgw_rollup_cuts; ALTER TABLE hssgw_counted DROP COLUMN cuts; DROP INDEX {INDEXES}; DELETE FROM hssgw_schema WHERE version = 5",
    # A gateway of the previous version has counted without them.
    "UPDATE hssgw_counted SET cuts = next - 1; DELETE FROM hssgw_rollup_cuts WHERE step > 1; UPDATE hssgw_rollup_cuts SET count = 1000",
])
def test_cuts_that_are_missing_are_made_from_the_rollups_and_nothing_is_counted_without_them_meanwhile(fleet, change):
    one = fleet.start("one")
    calls(one, 10)
    eventually(lambda: fleet.database.lines("one") == one.journal.lines() and counted(fleet, "one") and counted(fleet, "two"), "everything is counted")
    right = plots(one)
    # Unreadable lines: only the rollups have the counts.
    fleet.database.query("CREATE TABLE spare AS SELECT * FROM hssgw_records; UPDATE hssgw_records SET line = '{}'")
    fleet.database.query(change)
    assert plots(one) == right
    fleet.database.query("UPDATE hssgw_records r SET line = s.line FROM spare s WHERE (s.instance, s.seq) = (r.instance, r.seq)")
    two = fleet.start("two")
    eventually(lambda: counted(fleet, "two"), "the cuts are made")
    two.stop()
    one.stop()
    one = fleet.start("one")
    eventually(lambda: counted(fleet, "one"), "those of the other too")
    one.stop()
    # Each cut counts what the rollups count, at each length.
    sums = "SELECT instance, step, sum(count), sum(bytes), max(longest) FROM"
    whole = fleet.database.query(f"{sums} hssgw_rollups GROUP BY 1, 2 ORDER BY 1, 2")
    assert whole.count("\n") == 7
    for cut in (1, 2, 3):
        assert fleet.database.query(f"{sums} hssgw_rollup_cuts WHERE cut = {cut} GROUP BY 1, 2 ORDER BY 1, 2") == whole
