"""The copy of many journals in a real PostgreSQL: what it proves, and how changes in it are detected."""

import base64
import json
import os
import subprocess

import pytest

from harness.deadline import eventually
from harness.fleet import Fleet, calls, keep
from harness.forgery import Signer
from harness.process import configuration, serve
from harness.transparency import leaf_hash, removed_file, tree_hash


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    fleet = Fleet(tmp_path_factory.mktemp("fleet"))
    for instance in ("one", "two"):
        fleet.run(instance, 25)
    fleet.database.query("CREATE TABLE spare AS SELECT * FROM hssgw_records; CREATE TABLE spare_notes AS SELECT * FROM hssgw_checkpoints")
    yield fleet
    fleet.close()


@pytest.fixture
def touched(fleet):
    """The fleet's database, restored after the test."""
    yield fleet
    fleet.database.query("DELETE FROM hssgw_records; INSERT INTO hssgw_records SELECT * FROM spare;"
                         "DELETE FROM hssgw_checkpoints; INSERT INTO hssgw_checkpoints SELECT * FROM spare_notes")


def test_an_untouched_copy_is_intact_and_says_whose_word_that_is(fleet):
    reports = fleet.verify(code=0)
    assert {name: report["verdict"] for name, report in reports.items()} == {"one": "intact", "two": "intact"}
    for name, report in reports.items():
        lines = fleet.gateways[name].journal.lines()
        assert report["records"] == len(lines) == report["signed"] and report["root"] == tree_hash([leaf_hash(line) for line in lines]).hex()
        assert report["checkpoints"] > 1 and any("the key that the records themselves name" in remark for remark in report["remarks"])
    trusted = fleet.verify("--key", fleet.key("one"), "--key", fleet.key("two"), "--checkpoint", fleet.directory / "one" / "audit" / "checkpoint", code=0)
    assert trusted["one"]["anchored"] and not trusted["two"]["anchored"]
    assert not any("--key" in remark for report in trusted.values() for remark in report["remarks"])
    assert trusted["one"]["remarks"] == [] and "cut off its end" in trusted["two"]["remarks"][0]


def test_reconcile_finds_in_the_copy_what_any_gateway_sent_and_names_what_none_did(fleet):
    calls = [record for name in ("one", "two") for record in fleet.gateways[name].journal.records() if record["phase"] == "response" and "upstream" in record]
    traces = [{"trace_id": f"t{number}", "trace_name": record["operation"], "service_type": "HSS", "request_id": record["upstream"]["request_id"],
               "time": record["time"], "user": {"access_key_id": "TESTACCESSKEY0000001"}} for number, record in enumerate(calls)]
    assert {record["gateway"]["instance"] for record in calls} == {"one", "two"}
    exported = fleet.directory / "cts.json"
    exported.write_text(json.dumps(traces))
    done = fleet.command("reconcile", "--reads", "--cts", exported)
    assert done.returncode == 0 and done.stdout.startswith(f"{len(calls)} matched, 0 past the gateway, 0 unknown to CTS."), done.stdout + done.stderr
    exported.write_text(json.dumps([*traces[1:], {**traces[0], "trace_id": "stray", "request_id": "e" * 32}]))
    done = fleet.command("reconcile", "--reads", "--cts", exported, "--format", "json")
    assert done.returncode == 9 and [trace["trace_id"] for trace in json.loads(done.stdout)["past_the_gateway"]] == ["stray"], done.stdout + done.stderr


CHANGES = {
    "a value in a line": ("UPDATE hssgw_records SET line = replace(line, '127.0.0.1', '127.0.0.2') WHERE instance = 'two' AND seq = 7", "changed", None),
    "a value in a column": ("UPDATE hssgw_records SET caller = 'nobody' WHERE instance = 'two' AND seq = 9", "changed", 9),
    "a line and its column": ("UPDATE hssgw_records SET line = replace(line, '\"operation\":\"List', '\"operation\":\"Lost'), operation = replace(operation, 'List', 'Lost')"
                              " WHERE instance = 'two' AND seq = (SELECT max(seq) FROM hssgw_records WHERE operation LIKE 'List%' AND instance = 'two')", "changed", None),
    "a row deleted": ("DELETE FROM hssgw_records WHERE instance = 'two' AND seq = 4", "removed", 4),
    "the first rows deleted": ("DELETE FROM hssgw_records WHERE instance = 'two' AND seq < 3", "removed", 0),
    "the end deleted": ("DELETE FROM hssgw_records WHERE instance = 'two' AND seq > 20", "cut_tail", 21),
    "two rows swapped": ("UPDATE hssgw_records SET seq = -1 WHERE instance = 'two' AND seq = 2; UPDATE hssgw_records SET seq = 2 WHERE instance = 'two'"
                         " AND seq = 3; UPDATE hssgw_records SET seq = 3 WHERE instance = 'two' AND seq = -1", "reordered", 2),
    "a row twice": ("UPDATE hssgw_records SET line = (SELECT line FROM hssgw_records WHERE instance = 'two' AND seq = 5) WHERE instance = 'two' AND seq = 6", "duplicated", 6),
    "a row of the other journal": ("UPDATE hssgw_records SET line = (SELECT line FROM hssgw_records WHERE instance = 'one' AND seq = 8) WHERE instance = 'two' AND seq = 8", "changed", None),
    "a row put in between": ("INSERT INTO hssgw_records SELECT 'two', -1, time_us, phase, id, request_id, upstream_request_id, caller, operation, kind, project_name,"
                             " project_id, outcome, status, error_code, task_id, file_id, line FROM hssgw_records WHERE instance = 'two' AND seq = 3", "inserted", 0),
    "no note": ("UPDATE hssgw_checkpoints SET note = 'nothing' WHERE instance = 'two' AND size = (SELECT min(size) FROM hssgw_checkpoints WHERE instance = 'two')", "forged_checkpoint", None),
    "a signature": ("UPDATE hssgw_checkpoints SET note = overlay(note placing 'AAAA' from length(note) - 12 for 4) WHERE instance = 'two' AND size ="
                    " (SELECT max(size) FROM hssgw_checkpoints WHERE instance = 'two')", "forged_checkpoint", None),
    "the other's checkpoint": ("UPDATE hssgw_checkpoints SET note = (SELECT note FROM hssgw_checkpoints WHERE instance = 'one' ORDER BY size DESC LIMIT 1), size ="
                               " (SELECT max(size) FROM hssgw_checkpoints WHERE instance = 'one') WHERE instance = 'two' AND size ="
                               " (SELECT max(size) FROM hssgw_checkpoints WHERE instance = 'two')", "other_log", None),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_trusting", [False, True], ids=["with no key", "with the keys"])
def test_whatever_is_touched_is_named_with_its_instance(touched, change, is_trusting):
    statement, kind, place = CHANGES[change]
    touched.database.query(statement)
    keys = ["--key", touched.key("one"), "--key", touched.key("two")] if is_trusting else []
    reports = touched.verify(*keys, code=9)
    assert reports["one"]["verdict"] == "intact" and reports["two"]["verdict"] == "broken"
    fault = reports["two"]["fault"]
    assert fault["kind"] == kind and (place is None or fault["first"] == place), fault


def test_a_history_written_anew_is_caught_by_the_key_or_by_a_checkpoint_from_elsewhere(touched):
    """An attacker with the database and without the key changes the last record, and signs with a key that the records are changed to name."""
    database, lines = touched.database, touched.gateways["two"].journal.lines()
    forger = Signer("hss-gateway/two")
    old = json.loads(lines[0])["detail"]["checkpoint_key"]
    lines[0] = lines[0].replace(old.encode(), forger.text.encode())
    root = tree_hash([leaf_hash(line) for line in lines])
    database.query(f"UPDATE hssgw_records SET line = replace(line, '{old}', '{forger.text}') WHERE instance = 'two' AND seq = 0;"
                   "DELETE FROM hssgw_checkpoints WHERE instance = 'two'")
    keep(database, "two", len(lines), base64.b64encode(root).decode(), forger.checkpoint("hss-gateway/two", len(lines), root))
    alone = touched.verify(code=0)
    assert any("could have written all of it anew" in remark for remark in alone["two"]["remarks"])
    assert touched.verify("--key", touched.key("two"), code=9)["two"]["fault"]["kind"] == "forged_checkpoint"
    anchor = touched.directory / "two" / "audit" / "checkpoint"
    assert touched.verify("--checkpoint", anchor, code=9)["two"]["fault"]["kind"] in ("forged_checkpoint", "rewritten")


def test_a_checkpoint_by_another_key_with_the_right_root_is_forged(touched):
    lines = touched.gateways["two"].journal.lines()[:10]
    root = tree_hash([leaf_hash(line) for line in lines])
    touched.database.query("DELETE FROM hssgw_checkpoints WHERE instance = 'two' AND size = 10")
    keep(touched.database, "two", 10, base64.b64encode(root).decode(), Signer("hss-gateway/two").checkpoint("hss-gateway/two", 10, root))
    for keys in [[], ["--key", touched.key("two")]]:
        assert touched.verify(*keys, code=9)["two"]["fault"] == {
            "kind": "forged_checkpoint", "first": 10, "last": 10, "sentence": "the checkpoint of size 10 is not signed by the journal's key"}


def test_a_beginning_that_somebody_cut_off_is_missed_although_its_evidence_is_genuine(touched):
    database, lines = touched.database, touched.gateways["two"].journal.lines()
    size, note = database.query("SELECT size FROM hssgw_checkpoints WHERE instance = 'two' ORDER BY size LIMIT 1"), database.query(
        "SELECT note FROM hssgw_checkpoints WHERE instance = 'two' ORDER BY size LIMIT 1")
    database.query(f"DELETE FROM hssgw_records WHERE instance = 'two' AND seq < {size}; DELETE FROM hssgw_checkpoints WHERE instance = 'two' AND size < {size};"
                   f"INSERT INTO hssgw_beginnings (instance, seq, removed) VALUES ('two', {size}, '{removed_file(lines[:int(size)], note + chr(10))}')")
    try:
        fault = touched.verify("--key", touched.key("one"), "--key", touched.key("two"), code=9)["two"]["fault"]
        assert (fault["kind"], fault["first"], fault["last"]) == ("removed", 0, int(size) - 1), fault
    finally:
        database.query("DELETE FROM hssgw_beginnings")


def test_records_that_stand_under_two_names_count_once(touched):
    """Somebody who may insert rows, or a host that was renamed: every record and checkpoint is genuine."""
    def calls():
        done = touched.command("report", "--format", "json", "--key", touched.key("one"), "--key", touched.key("two"))
        assert done.returncode == 0, done.stderr
        return sum(row["calls"] for row in json.loads(done.stdout)["callers"]), done.stdout

    count, _ = calls()
    for table in ("hssgw_records", "hssgw_checkpoints"):
        touched.database.query(f"CREATE TEMP TABLE more AS SELECT * FROM {table} WHERE instance = 'two'; UPDATE more SET instance = 'again';"
                               f"INSERT INTO {table} SELECT * FROM more")
    reports = touched.verify("--key", touched.key("one"), "--key", touched.key("two"), code=0)
    assert [name for name, report in reports.items() if any("under another name" in remark for remark in report["remarks"])] == ["two"]
    again, text = calls()
    assert again == count and "records of again under another name" in text
    # A part of it is less than the whole.
    touched.database.query("DELETE FROM hssgw_records WHERE instance = 'again' AND seq > 20; DELETE FROM hssgw_checkpoints WHERE instance = 'again' AND size > 21")
    reports = touched.verify("--key", touched.key("one"), "--key", touched.key("two"), code=10)
    assert [name for name, report in reports.items() if any("records of two under another name" in remark for remark in report["remarks"])] == ["again"]
    assert calls()[0] == count


@pytest.mark.parametrize("given", ["key", "checkpoint"])
def test_an_instance_that_is_gone_as_a_whole_is_missed_by_whoever_has_its_key_or_a_checkpoint(touched, given):
    """The others were intact, and so was the verdict."""
    kept = {"key": touched.key, "checkpoint": lambda name: touched.directory / name / "audit" / "checkpoint"}[given]
    trust = [word for name in ("one", "two") for word in (f"--{given}", kept(name))]
    records = touched.verify(*trust, code=0)["two"]["records"]
    touched.database.query("DELETE FROM hssgw_records WHERE instance = 'two'; DELETE FROM hssgw_checkpoints WHERE instance = 'two'")
    reports = touched.verify(*trust, code=9)
    assert reports["one"]["verdict"] == "intact" and reports["two"]["verdict"] == "broken"
    assert reports["two"]["fault"]["kind"] == "cut_tail" and reports["two"]["fault"]["last"] == (records - 1 if given == "checkpoint" else 0)
    assert touched.verify("--instance", "two", f"--{given}", kept("two"), code=9)["two"]["verdict"] == "broken"
    assert list(touched.verify("--instance", "one", f"--{given}", kept("one"), code=0)) == ["one"]
    done = touched.command("report", *trust)
    assert done.returncode == 9 and "the journal of two is broken: all records are gone" in done.stderr and done.stdout == "", done.stderr


def test_a_database_without_a_record_is_not_called_intact(touched):
    for name, words in (("nobody", "no record of nobody"), (None, "no record of any gateway")):
        if name is None:
            touched.database.query("DELETE FROM hssgw_records; DELETE FROM hssgw_checkpoints")
        for command in (["verify-database"] + (["--instance", name] if name else []), *([["report"]] if name is None else [])):
            done = touched.command(*command)
            assert done.returncode == 2 and words in done.stderr and done.stdout == "", (command, done.stdout, done.stderr)
    assert set(touched.verify("--key", touched.key("one"), "--key", touched.key("two"), code=9)) == {"one", "two"}


def test_a_key_that_took_over_is_known_by_the_record_that_both_keys_signed(fleet, tmp_path):
    def rotate(gateway):
        before = len(gateway.journal.lines())
        done = subprocess.run([os.environ["HSSGW_BINARY"], "audit", "key", "rotate", "--directory", gateway.journal.directory], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        eventually(lambda: any(b"checkpoint_key_changed" in line for line in gateway.journal.lines()[before:]), "the event")
        calls(gateway, 15)

    old = tmp_path / "old.pub"
    fleet.run("three", 15, during=lambda gateway: (old.write_text(open(fleet.key("three")).read()), rotate(gateway)))
    try:
        assert old.read_text() != open(fleet.key("three")).read()
        assert fleet.verify("--instance", "three", "--key", old, code=0)["three"]["verdict"] == "intact"
        assert fleet.verify("--instance", "three", code=0)["three"]["verdict"] == "intact"
    finally:
        fleet.database.query("DELETE FROM hssgw_records WHERE instance = 'three'; DELETE FROM hssgw_checkpoints WHERE instance = 'three'")


def test_a_copy_that_begins_late_says_what_it_can_not_prove(fleet):
    """Retention had removed the first segments before the sink existed: the journal's own evidence about them is in the copy."""
    def aging(document):
        document["audit"].update(rotate={"size": "64KiB"}, retain="1s")
        document["audit"]["ship"] = []

    directory = fleet.directory / "late"
    document = configuration(directory, fleet.upstream.url)
    aging(document)
    document["audit"]["checkpoint"] = {"every": 10, "interval": "1s"}
    gateway = serve(directory, document, {"HSSGW_INSTANCE": "late"})
    try:
        def removed():
            calls(gateway, 25)
            return (directory / "audit" / "removed").exists()

        eventually(removed, "the removal of the first segment", patience=60)
    finally:
        gateway.stop()
    gateway = fleet.run("late", 5)
    try:
        first = json.loads(gateway.journal.lines()[0])["seq"]
        assert first > 0
        # Nothing counts as signed, but the copy isn't reported as broken: the journal recorded their removal.
        report = fleet.verify("--instance", "late", code=10)["late"]
        assert (report["first"], report["signed"], report["verdict"]) == (first, 0, "intact_not_all_signed")
        assert any(f"begins with record {first}" in remark and "--removed" in remark for remark in report["remarks"])
        # The evidence about them is in the copy as well, and is accepted with the auditor's key.
        assert int(fleet.database.query("SELECT seq FROM hssgw_beginnings WHERE instance = 'late'")) == first
        report = fleet.verify("--instance", "late", "--key", fleet.key("late"), code=0)["late"]
        assert (report["verdict"], report["first"]) == ("intact", first)
        removed_file = directory / "audit" / "removed"
        report = fleet.verify("--instance", "late", "--key", fleet.key("late"), "--removed", removed_file, code=0)["late"]
        assert report["signed"] == first + len(gateway.journal.lines()) and report["verdict"] == "intact"
        fleet.database.query(f"UPDATE hssgw_records SET line = replace(line, '127.0.0.1', '127.0.0.2') WHERE instance = 'late' AND seq = {first + 4}")
        assert fleet.verify("--instance", "late", "--key", fleet.key("late"), "--removed", removed_file, code=9)["late"]["fault"]["kind"] == "changed"
        fleet.database.query(f"DELETE FROM hssgw_records WHERE instance = 'late' AND seq < {first + 9}")
        assert fleet.verify("--instance", "late", code=9)["late"]["fault"]["kind"] == "removed"
    finally:
        fleet.database.query("DELETE FROM hssgw_records WHERE instance = 'late'; DELETE FROM hssgw_checkpoints WHERE instance = 'late'; DELETE FROM hssgw_beginnings")
