"""Sinks that refuse a record, or all: what is set aside, what stops, the messages for operators, and how a copy becomes complete again."""

import email.utils
import json
import time

import pytest

from harness.deadline import eventually
from harness.postgres import PostgreSQL
from harness.transparency import leaf_hash
from test_shipping import EXPORT, LIST, calls, caught_up, collector, database, hss, metric, ship, to  # noqa: F401
from test_central_copy import os, subprocess

JSON = [("Content-Type", "application/json")]


def audit(directory, *arguments, code: int = 0) -> str:
    done = subprocess.run([os.environ["HSSGW_BINARY"], "audit", *map(str, arguments)], cwd=directory, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def events(gateway, name: str) -> list[dict]:
    return [record["detail"] for record in gateway.journal.records() if record.get("event") == name]


def report(tmp_path, sink: dict, gateway, code: int) -> dict:
    text = audit(tmp_path, "verify-database", "--json", "--database", sink["url_file"], "--key", gateway.journal.directory / "checkpoint.key.pub", code=code)
    return json.loads(text.splitlines()[0])


def test_a_read_of_an_endless_id_is_shipped_and_found_like_any_other(database, ship, tmp_path):
    database.start()
    sink = to(database, tmp_path)
    gateway = ship([sink])
    for letters in ("t" * 255, "t" * 2_800, "t" * 6_000):
        gateway.call("GET", "/v5/_/export-task/" + letters)
        gateway.call("GET", "/v5/_/download/" + letters)
    calls(gateway, 5)
    caught_up(gateway, "postgresql")
    gateway.stop()
    assert database.lines("one") == gateway.journal.lines()
    ids = {record["export"].get("task_id") or record["export"].get("file_id") for record in gateway.journal.records() if "export" in record}
    assert {len(name.encode()) for name in ids if name and name.startswith("t")} == {255, 512}
    found = audit(tmp_path, "query", "--database", sink["url_file"], "--task", "t" * 255, "--format", "ndjson")
    assert len(found.splitlines()) == 1


def test_tables_of_the_version_before_are_changed_and_then_take_what_stopped_them(database, ship, tmp_path):
    database.start()
    sink = to(database, tmp_path)
    gateway = ship([sink])
    calls(gateway, 5)
    caught_up(gateway, "postgresql")
    gateway.stop()
    database.query("DROP TABLE hssgw_set_aside, hssgw_rollups, hssgw_rollup_groups, hssgw_rollup_cuts, hssgw_counted; DELETE FROM hssgw_schema WHERE version >= 3;"
                   "DROP INDEX hssgw_records_file, hssgw_records_task, hssgw_records_request, hssgw_records_events, hssgw_records_exports;"
                   "DROP INDEX hssgw_records_upstream; CREATE INDEX hssgw_records_task ON hssgw_records (task_id) WHERE task_id IS NOT NULL;"
                   "CREATE INDEX hssgw_records_request ON hssgw_records (request_id);"
                   "CREATE INDEX hssgw_records_upstream ON hssgw_records (upstream_request_id) WHERE upstream_request_id IS NOT NULL")
    gateway = ship([sink])
    calls(gateway, 5)
    caught_up(gateway, "postgresql")
    gateway.stop()
    assert database.query("SELECT max(version) FROM hssgw_schema") == "5"
    assert database.query("SELECT count(*) FROM pg_indexes WHERE tablename = 'hssgw_records' AND indexdef LIKE '%USING hash%'") == "4"
    assert database.lines("one") == gateway.journal.lines()


def test_a_record_that_the_tables_cannot_take_is_set_aside_and_the_copy_still_verifies(database, ship, tmp_path):
    database.start()
    sink = to(database, tmp_path) | {"required": True}
    gateway = ship([sink], change=lambda document: document["audit"].update(checkpoint={"every": 5, "interval": "1s"}))
    calls(gateway, 5)
    caught_up(gateway, "postgresql")
    database.query("ALTER TABLE hssgw_records ALTER COLUMN request_id TYPE varchar(40)")
    for number in (1, 2):
        gateway.call("GET", LIST, [("X-Request-Id", f"{number}" * 60)])
        calls(gateway, 5)
    eventually(lambda: metric(gateway, "hssgw_audit_ship_rejected_records_total", "postgresql") == 2, "two records are set aside", patience=60)
    eventually(lambda: events(gateway, "records_set_aside"), "the event")
    calls(gateway, 5)
    caught_up(gateway, "postgresql")
    gateway.stop()
    lines = gateway.journal.lines()
    bad = [number for number, line in enumerate(lines) if b"1" * 60 in line or b"2" * 60 in line]
    kept = [line for number, line in enumerate(lines) if number not in bad]
    assert database.lines("one") == kept
    rows = database.query("SELECT seq, leaf, reason FROM hssgw_set_aside ORDER BY seq").splitlines()
    assert [row.split("|")[:2] for row in rows] == [[str(number), leaf_hash(lines[number]).hex()] for number in bad]
    first = events(gateway, "records_set_aside")[0]
    assert first["sink"] == "postgresql" and "22001" in first["reason"] and int(first["seq"].split()[0]) == bad[0]
    said = report(tmp_path, sink, gateway, 10)
    assert said["verdict"] != "broken" and any("could not take 2 records" in remark for remark in said["remarks"])
    # A row can't be hidden by declaring it set aside: its digest has to fit the signed tree.
    database.query(f"UPDATE hssgw_set_aside SET leaf = repeat('0', 64) WHERE seq = {bad[0]}")
    assert report(tmp_path, sink, gateway, 9)["fault"]["kind"] == "changed"


SENTENCES = {
    "a column that somebody added": ("ALTER TABLE hssgw_records ADD COLUMN note text NOT NULL DEFAULT ''; ALTER TABLE hssgw_records ALTER COLUMN note DROP DEFAULT",
                                     "a column that isn't ours must have a value", "ALTER TABLE hssgw_records DROP COLUMN note"),
    "a dropped table": ("ALTER TABLE hssgw_records RENAME TO lost", "a table is missing: restore it", "ALTER TABLE lost RENAME TO hssgw_records"),
    "a dropped column": ("ALTER TABLE hssgw_records RENAME COLUMN file_id TO lost", "a column is missing", "ALTER TABLE hssgw_records RENAME COLUMN lost TO file_id"),
    "a check": ("ALTER TABLE hssgw_records ADD CONSTRAINT nothing CHECK (false) NOT VALID", "a check that isn't ours", "ALTER TABLE hssgw_records DROP CONSTRAINT nothing"),
    "a column of another type": ("ALTER TABLE hssgw_records ALTER COLUMN time_us TYPE integer USING 0", "no record is taken, so it is not the records",
                                 "ALTER TABLE hssgw_records ALTER COLUMN time_us TYPE bigint"),
    "a trigger that drops rows": ("CREATE FUNCTION drops() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER drops BEFORE INSERT"
                                  " ON hssgw_records FOR EACH ROW EXECUTE FUNCTION drops()", "the server stores fewer records than it is sent",
                                  "DROP TRIGGER drops ON hssgw_records"),
    "a server that only reads": ("ALTER USER gateway SET default_transaction_read_only = on", "the server is read-only", "ALTER USER gateway RESET default_transaction_read_only"),
}


@pytest.fixture(scope="module")
def filled():
    database = PostgreSQL()
    database.start()
    yield database
    database.close()


@pytest.mark.parametrize("what", SENTENCES)
def test_whatever_somebody_did_to_the_tables_is_said_with_what_to_do(filled, ship, tmp_path, what):
    change, sentence, back = SENTENCES[what]
    gateway = ship([to(filled, tmp_path)], instance=f"of-{list(SENTENCES).index(what)}")
    calls(gateway, 5)
    caught_up(gateway, "postgresql")
    filled.query("SET transaction_read_only = off; " + change)
    filled.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hss-gateway'")
    calls(gateway, 5)
    eventually(lambda: sentence in gateway.log, f"the log says {sentence!r}", patience=60)
    assert metric(gateway, "hssgw_audit_ship_rejected_records_total", "postgresql") == 0
    filled.query("SET transaction_read_only = off; " + back)
    caught_up(gateway, "postgresql")
    gateway.stop()


def test_a_database_of_another_encoding_is_refused_with_what_to_do(database, ship, tmp_path):
    database.start()
    database.query("CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    sink = to(database, tmp_path) | {"required": True}
    (tmp_path / "database-url").write_text(database.url.replace("/postgres", "/narrow") + "\n")
    gateway = ship([sink])
    calls(gateway, 3)
    eventually(lambda: "the database's encoding is LATIN1" in gateway.log and "ENCODING 'UTF8'" in gateway.log, "the sentence")
    said = eventually(lambda: (lambda text: text if "sink:postgresql" in text and "LATIN1" in text else None)(gateway.readiness().body.decode()), "readyz says it", patience=60)
    assert "readyz check passed" in said
    gateway.stop()


def test_a_store_that_calls_everything_bad_drains_nothing(collector, ship):
    """400 for every body, and the same as a partial success: nothing is skipped, and everything arrives once the sink works."""
    gateway = ship([{"type": "otlp", "endpoint": collector.url, "required": True}])
    for poison in (b"resourceLogs", b"hssgw.seq"):
        collector.poison = poison
        calls(gateway, 15)
        eventually(lambda: "no record is taken, so it is not the records" in gateway.log, "the sentence")
        assert metric(gateway, "hssgw_audit_ship_rejected_records_total", "otlp") == 0
        collector.poison = None
        caught_up(gateway, "otlp")
    collector.faults = [(200, {}, b'{"partialSuccess":{"rejectedLogRecords":"99999999999999999999"}}')] * 3
    calls(gateway, 10)
    caught_up(gateway, "otlp")
    gateway.stop()
    assert collector.lines().keys() >= set(range(len(gateway.journal.lines()) - 1))


def test_a_page_with_200_is_no_collectors_answer_and_nothing_counts_as_shipped(collector, ship):
    pages = [(200, {"Content-Type": "text/html"}, body) for body in (b"<html>Please log in</html>", b"\xef\xbb\xbf \r\n<!DOCTYPE html>")]
    collector.faults = list(pages)
    gateway = ship([{"type": "otlp", "endpoint": collector.url}])
    eventually(lambda: metric(gateway, "hssgw_audit_ship_errors_total", "otlp") == 2, "both pages were failures")
    calls(gateway, 3)
    caught_up(gateway, "otlp")
    numbers = [next(a.value.int_value for a in record.attributes if a.key == "hssgw.seq") for record in collector.records]
    assert numbers.count(0) == 3, "once for each page, and once for the answer"
    assert "a page came back" in gateway.log
    gateway.stop()


def test_a_date_in_retry_after_is_obeyed(collector, ship):
    gateway = ship([{"type": "otlp", "endpoint": collector.url}])
    calls(gateway, 3)
    caught_up(gateway, "otlp")
    begin = time.time()
    until = email.utils.formatdate(begin + 4, usegmt=True)
    collector.faults = [(503, {"Retry-After": until}, b"")]
    calls(gateway, 3)
    eventually(lambda: not collector.faults, "the refusal")
    caught_up(gateway, "otlp")
    assert time.time() >= email.utils.parsedate_to_datetime(until).timestamp() - 1
    gateway.stop()


def after_more(gateway, look):
    """A closed segment triggers the removal of old ones."""

    def more():
        calls(gateway, 40)
        return look()

    return more


def test_segments_stay_while_the_copy_lost_rows_and_go_when_it_was_repaired(database, ship, tmp_path):
    database.start()
    sink = to(database, tmp_path) | {"required": True}

    def keep(document):
        document["audit"] |= {"rotate": {"size": "64KiB"}, "checkpoint": {"every": 10, "interval": "1s", "anchors": []}}

    gateway = ship([sink], change=keep)
    while len(gateway.journal.segments()) < 3:
        calls(gateway, 20)
    caught_up(gateway, "postgresql")
    gateway.stop()
    whole = database.query("SELECT count(*) FROM hssgw_records")
    database.query("DELETE FROM hssgw_records WHERE seq BETWEEN 3 AND 7 OR seq = 11")
    gateway = ship([sink], change=lambda document: (keep(document), document["audit"].update(retain="1s")))
    eventually(after_more(gateway, lambda: any("record 3 is missing from the copy of one" in detail["reason"] for detail in events(gateway, "housekeeping_failed"))), "the event", patience=60)
    eventually(lambda: "the copy lost records" in gateway.readiness().body.decode(), "the check says it")
    assert gateway.journal.segments()[0].name.startswith(f"journal-{0:020}") and not events(gateway, "segments_removed")
    assert "6 put back" in audit(tmp_path, "repair-database", "--directory", gateway.journal.directory, "--database", sink["url_file"])
    assert int(database.query("SELECT count(*) FROM hssgw_records")) >= int(whole)
    database.query("UPDATE hssgw_records SET line = replace(line, 'ListVul', 'LostVul') WHERE seq = 9")
    said = audit(tmp_path, "repair-database", "--directory", gateway.journal.directory, "--database", sink["url_file"], code=9)
    assert "1 rows are not what the journal says" in said and " 9." in said
    gateway.stop()
    database.query("UPDATE hssgw_records SET line = replace(line, 'LostVul', 'ListVul') WHERE seq = 9")
    gateway = ship([sink], change=lambda document: (keep(document), document["audit"].update(retain="1s")))
    eventually(after_more(gateway, lambda: events(gateway, "segments_removed")), "the removal", patience=60)
    gateway.stop()
