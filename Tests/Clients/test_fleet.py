"""Queries over all gateways, from the central copy in a real PostgreSQL: the commands, the admin API and the console."""

import csv
import io
import json
import re

import pytest

from harness import wire
from harness.console import show
from harness.deadline import eventually
from harness.devtools import BROWSER, Chromium
from harness.fleet import LIST, Fleet, caught_up, ship_end
from harness.upstream import answer

JSON = [("Content-Type", "application/json")]
FILE = b"an exported file" * 1000
needs_browser = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")


def hss(received, connection):
    if "/image/baseline/export" in received.target:
        return answer(b'{"task_id":"task-1","record_total_num":3}')
    if "/export-task/" in received.target:
        return answer(b'{"task_id":"task-1","task_status":"success","file_id":"file-1"}')
    if "/download/" in received.target:
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: %d\r\n\r\n%s" % (len(FILE), FILE)
    return answer(b'{"total_num":0}')


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    """Two running gateways; an export that one began and the other finished."""
    fleet = Fleet(tmp_path_factory.mktemp("fleet"))
    fleet.upstream.handler = hss
    one, two = fleet.start("one"), fleet.start("two")
    for number in range(12):
        assert (one, two)[number % 2].call("GET", f"{LIST}?limit={number}").status == 200
    one.call("POST", "/v5/_/image/baseline/export", [*JSON, ("X-Audit-Reason", "audit of the quarter")], b'{"operate_all":true}')
    two.call("GET", "/v5/_/export-task/task-1")
    assert two.call("GET", "/v5/_/download/file-1").body == FILE
    two.call("GET", "/v5/_/no/such/operation")
    for gateway in (one, two):
        caught_up(gateway)
    yield fleet
    fleet.close()


def everything(fleet) -> list[dict]:
    """The content of the journals themselves, in the fleet's order."""
    records = [json.loads(line) for name in ("one", "two") for line in fleet.gateways[name].journal.lines()]
    return sorted(records, key=lambda record: (record["time"], record["gateway"]["instance"], record["seq"]))


def query(fleet, *arguments) -> list[dict]:
    done = fleet.command("query", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_gives_every_record_of_every_gateway_once_and_in_order(fleet):
    assert query(fleet, "--order", "oldest") == everything(fleet)
    assert query(fleet) == everything(fleet)[::-1]


@pytest.mark.parametrize("filters,matches", [
    (["--instance", "two"], lambda r: r["gateway"]["instance"] == "two"),
    (["--kind", "export", "--outcome", "success"], lambda r: r.get("kind") == "export" and r.get("outcome") == "success"),
    (["--operation", "ListVulnerabilities"], lambda r: r.get("operation") == "ListVulnerabilities"),
    (["--outcome", "refused"], lambda r: r.get("outcome") == "refused"),
    (["--phase", "event"], lambda r: r["phase"] == "event"),
    (["--task", "task-1"], lambda r: r.get("export", {}).get("task_id") == "task-1"),
    (["--file-id", "file-1", "--caller", "team"], lambda r: r.get("export", {}).get("file_id") == "file-1"),
    (["--project", "default"], lambda r: r.get("project", {}).get("name") == "default"),
    (["--since", "1h", "--until", "0s"], lambda r: True),
    (["--caller", "'; DROP TABLE hssgw_records; --"], lambda r: False),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_the_filters_mean_the_same_as_in_a_journal(fleet, filters, matches):
    assert query(fleet, "--order", "oldest", *filters) == [record for record in everything(fleet) if matches(record)]


def test_pages_follow_each_other_over_all_gateways_and_every_form_is_there(fleet):
    seen, cursor = [], []
    while True:
        done = fleet.command("query", "--format", "ndjson", "--limit", "7", *cursor)
        assert done.returncode == 0, done.stderr
        seen += [json.loads(line) for line in done.stdout.splitlines()]
        more = re.search(r"--cursor (\S+)", done.stderr)
        if not more:
            break
        cursor = ["--cursor", more[1]]
    assert seen == everything(fleet)[::-1]
    table = fleet.command("query", "--format", "table").stdout.splitlines()
    assert table[0].startswith("INSTANCE") and {line.split()[0] for line in table[1:]} == {"one", "two"}
    rows = list(csv.DictReader(io.StringIO(fleet.command("query", "--format", "csv").stdout)))
    assert len(rows) == len(seen) and {row["instance"] for row in rows} == {"one", "two"}
    for format in ("ocsf", "cadf"):
        assert len([json.loads(line) for line in fleet.command("query", "--format", format).stdout.splitlines()]) == len(seen)


def test_a_trail_goes_over_gateways_and_a_file_finds_it(fleet):
    held = fleet.directory / "held.zip"
    held.write_bytes(FILE)
    trails = [json.loads(fleet.command("trail", *arguments, "--format", "json").stdout) for arguments in (["task-1"], ["--file", held])]
    for member in (member for trail in trails for member in trail["shipped"]):
        # Counted from the time of the query, of which there were two.
        assert member.pop("behind_seconds") >= 0
    assert trails[0] == trails[1]
    trail = trails[0]
    assert (trail["state"], trail["created"]["instance"], trail["created"]["reason"]) == ("downloaded", "one", "audit of the quarter")
    assert [download["instance"] for download in trail["downloads"]] == ["two"] and trail["polls"]["count"] == 1
    text = fleet.command("trail", "task-1").stdout
    assert re.search(r"\[one \d+\]", text)
    # How far each gateway's records were copied: later ones can't be in the trail.
    newest = {name: json.loads(gateway.journal.lines()[-1])["seq"] for name, gateway in fleet.gateways.items()}
    assert trail["may_have_more"] is False and {member["instance"]: member["last_seq"] for member in trail["shipped"]} == newest
    for name, last in newest.items():
        assert re.search(rf"^  shipped    {name} up to record {last} of ", text, re.M), text


def test_a_database_that_is_not_there_is_said_without_its_url(fleet, tmp_path):
    url = tmp_path / "url"
    url.write_text("postgresql://gateway:the-password@127.0.0.1:1/postgres")
    done = fleet.command("query", database=url)
    assert done.returncode == 1 and "can't be read" in done.stderr and "the-password" not in done.stderr
    assert fleet.command("query", "--directory", tmp_path).returncode == 2


def ask(gateway, target):
    return wire.call(gateway.admin, "GET", target, timeout=60)


def test_the_admin_api_answers_for_the_fleet_when_it_is_asked(fleet):
    one = fleet.gateways["one"]

    def known_ends():
        return [member["end"] for member in ask(one, "/audit/instances").json["instances"]]

    def kept():
        return [len(fleet.gateways[name].journal.lines()) for name in ("one", "two")]

    # Reading the evidence is an event too, which has to reach the copy first.
    eventually(lambda: known_ends() == kept(), "the copy has what the journals have")
    known = ask(one, "/audit/instances").json
    assert (known["instance"], known["fleet"], [member["instance"] for member in known["instances"]]) == ("one", True, ["one", "two"])
    own = ask(one, "/audit/records?limit=1000").json["records"]
    assert {record["gateway"]["instance"] for record in own} == {"one"}
    seen, cursor = [], ""
    while cursor is not None:
        page = ask(one, f"/audit/records?source=fleet&limit=9{cursor and '&cursor=' + cursor}").json
        seen += page["records"]
        cursor = page.get("next_cursor")
    assert seen == everything(fleet)[::-1]
    # Another gateway's records are only in the central copy.
    assert {record["gateway"]["instance"] for record in ask(one, "/audit/records?instance=two").json["records"]} == {"two"}
    trail = ask(one, "/audit/exports/task-1?source=fleet").json
    assert trail["state"] == "downloaded" and trail["downloads"][0]["instance"] == "two"
    assert ask(one, "/audit/exports/task-1").json["downloads"] == []
    assert [export["task_id"] for export in ask(one, "/audit/exports?source=fleet").json["exports"]] == ["task-1"]
    elsewhere = next(record for record in seen if record["gateway"]["instance"] == "two" and record["phase"] == "response")["id"]
    assert ask(one, f"/audit/records/{elsewhere}").status == 404
    assert ask(one, f"/audit/records/{elsewhere}?source=fleet").status == 200


def test_a_row_that_is_not_its_line_ends_the_answer_with_what_to_do(fleet):
    touch = "UPDATE hssgw_records SET time_us = time_us {} 1 WHERE instance = 'two' AND seq = 3"
    fleet.database.query(touch.format("+"))
    try:
        done = fleet.command("query")
        assert done.returncode == 1 and "Record 3 of two is not what its row says: run `audit verify-database`" in done.stderr
        assert ask(fleet.gateways["one"], "/audit/records?source=fleet&limit=1000").status == 409
    finally:
        fleet.database.query(touch.format("-"))


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    browser = Chromium(tmp_path_factory.mktemp("browser"))
    yield browser.tab()
    browser.close()


def gateways(tab) -> set[str]:
    """The gateways of the records in the console's list."""
    tab.until('document.querySelectorAll("tr.entry").length > 0')
    return set(tab.run('[...document.querySelectorAll(".records tr.entry td:nth-child(9)")].map((cell) => cell.textContent)'))


@needs_browser
def test_the_console_shows_the_fleet_and_whose_each_record_is(fleet, tab):
    one = fleet.gateways["one"].admin
    show(tab, one, "records?kind=read")
    assert gateways(tab) >= {"one", "two"}
    assert tab.run('[...document.querySelectorAll("#gateway option")].map((option) => option.value)') == ["", "one", "two"]
    for address, names in [("records?instance=two", {"two"}), ("records?gateway=two", {"two"}), ("records?gateway=one", {"one"})]:
        show(tab, one, address)
        assert gateways(tab) == names, address
    show(tab, one, "exports/task-1")
    steps = tab.run('document.querySelector(".steps").innerText')
    assert "Created" in steps and "Fetched by its owner" in steps and "two" in steps
    show(tab, one, "exports")
    assert tab.run('[...document.querySelectorAll(".exports tr.entry a.mono")].some((link) => link.title === "task-1")')


@needs_browser
def test_a_console_without_its_database_says_so_and_shows_its_own_records(fleet, tab):
    one = fleet.gateways["one"]
    fleet.database.kill()
    try:
        show(tab, one.admin, "records", loaded='document.querySelector("main .trouble")')
        said = tab.run('document.querySelector("main .trouble").innerText')
        assert "central database" in said
        tab.run('[...document.querySelectorAll(".trouble a")].find((link) => link.textContent.includes("own journal")).click()')
        assert gateways(tab) == {"one"}
        answer = ask(one, "/audit/records?source=fleet")
        assert answer.status == 503 and answer.value("Retry-After") and "central database" in answer.json["error"]
        assert ask(one, "/audit/records").status == 200
    finally:
        fleet.database.start()
        for gateway in fleet.gateways.values():
            # A sink notices that its connection is lost when it has something to send.
            gateway.call("GET", LIST)
            caught_up(gateway)


def test_a_report_of_the_fleet_counts_what_is_proved_of_each(fleet):
    """Last, because it stops the gateways."""
    for name in ("one", "two"):
        caught_up(fleet.gateways[name])
        fleet.gateways[name].stop()
    one, two = (fleet.gateways[name] for name in ("one", "two"))
    ship_end(fleet.database, one, "one")
    fleet.database.query("DELETE FROM hssgw_checkpoints WHERE instance = 'two' AND size > 20")
    done = fleet.command("report", "--format", "json", "--public-key", fleet.key("one"), "--public-key", fleet.key("two"))
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    ends = report["proved_up_to"]
    assert ends["one"] == len(one.journal.lines()) and 0 < ends["two"] <= 20
    assert report["unproved_records"] == len(two.journal.lines()) - ends["two"]
    assert sum(row["calls"] for row in report["callers"]) == sum(
        record["phase"] in ("response", "refusal") for record in everything(fleet) if record["seq"] < ends[record["gateway"]["instance"]])
    fleet.database.query("UPDATE hssgw_records SET line = replace(line, '127.0.0.1', '127.0.0.2') WHERE instance = 'two' AND seq = 2")
    broken = fleet.command("report")
    assert broken.returncode == 9 and broken.stdout == "" and "No report: the journal of two is broken: " in broken.stderr
