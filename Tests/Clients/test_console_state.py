"""The console's requests about states: exports by state and by downloader, quotas, credentials, one gateway as a fleet."""

import json
import re
import time
from datetime import datetime, timezone

import pytest

from harness import wire
from harness.commands import create_key
from harness.deadline import eventually
from harness.process import Sandbox, configuration, serve
from harness.upstream import answer

JSON = [("Content-Type", "application/json")]
EXPORT = "/v5/_/image/baseline/export"
HOSTS = "/v5/_/host-management/hosts"
# Callers by their address.
OWNER, OTHER = "127.0.1.1", "127.0.1.2"


def two_teams(document):
    document["callers"] = [{"name": name, "authenticate": {"cidr": [f"{address}/32"]}, "projects": ["prod"]} for name, address in [("owner", OWNER), ("other", OTHER)]]
    # A file belongs to its creator, unless the policy says otherwise.
    document["policy"] = [{"name": "everything", "callers": ["*"], "action": "allow", "tasks": "any"}]


def call(gateway, source: str, method: str, target: str, fields=None, body=None):
    with wire.Connection(gateway.data, timeout=60, source=source) as connection:
        connection.send(wire.request(method, target, fields, body))
        return connection.response()


def ask(gateway, target: str):
    return wire.call(gateway.admin, "GET", target)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    process = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield process
    process.stop()


@pytest.fixture(scope="module")
def teams(sandbox, tmp_path_factory):
    """Three exports: one not downloaded, one downloaded by its owner, and one downloaded by another team."""
    directory = tmp_path_factory.mktemp("teams")
    document = configuration(directory, sandbox.url)
    two_teams(document)
    gateway = serve(directory, document)
    gateway.tasks = {}
    for name, fetcher in [("nobody's", None), ("own", OWNER), ("others'", OTHER)]:
        task = call(gateway, OWNER, "POST", EXPORT, JSON, b"{}").json["task_id"]

        def file():
            polled = call(gateway, OWNER, "GET", f"/v5/_/export-task/{task}").json
            return polled["task_status"] == "success" and polled["file_id"]

        found = eventually(file, "the end of the task", pause=0.2)
        if fetcher:
            assert call(gateway, fetcher, "GET", f"/v5/_/download/{found}").status == 200
        gateway.tasks[name] = task
    gateway.pending = call(gateway, OTHER, "POST", EXPORT, JSON, b"{}").json["task_id"]
    yield gateway
    gateway.stop()


# MARK: Exports


@pytest.mark.parametrize("question,found", [
    ("state=downloaded", ["own", "others'"]), ("state=ready", ["nobody's"]), ("state=pending", ["pending"]), ("state=failed", []), ("state=download_incomplete", []),
    ("downloader=other", ["others'"]), ("downloader=owner", ["own"]), ("downloader=nobody", []), ("cross_team=1", ["others'"]), ("cross_team=true&state=ready", []),
    ("cross_team=0&caller=owner", ["nobody's", "own", "others'"]), ("caller=other", ["pending"]), ("cross_team=1&downloader=owner", [])])
def test_exports_are_listed_by_state_and_by_who_fetched_them(teams, question, found):
    answer = ask(teams, f"/audit/exports?{question}").json
    tasks = {**teams.tasks, "pending": teams.pending}
    assert [export["task_id"] for export in answer["exports"]] == [tasks[name] for name in reversed(found)] and answer["complete"] is True


def test_pages_of_a_filtered_list_have_every_export_once(teams):
    seen, cursor = [], ""
    for _ in range(5):
        page = ask(teams, f"/audit/exports?caller=owner&limit=1&downloader=other{cursor}")
        seen += [export["task_id"] for export in page.json["exports"]]
        assert page.json.get("next_cursor") == page.value("Next-Cursor")
        if not page.value("Next-Cursor"):
            break
        cursor = "&cursor=" + page.value("Next-Cursor")
    assert seen == [teams.tasks["others'"]]


@pytest.mark.parametrize("question", ["state=done", "state=", "cross_team=yes", "cross_team=", "downloader=" + "x" * 1025])
def test_a_filter_of_exports_that_says_nothing_is_named(teams, question):
    answer = ask(teams, f"/audit/exports?{question}")
    assert answer.status == 400 and answer.json["error"].startswith(question.split("=")[0]), answer.body


def test_other_calls_take_no_filter_of_exports(teams):
    for path in ["/audit/records", "/audit/exchanges", f"/audit/exports/{teams.pending}"]:
        for question in ["state=ready", "downloader=other", "cross_team=1"]:
            assert ask(teams, f"{path}?{question}").status == 400, (path, question)


def test_a_life_has_the_times_of_its_polls(teams):
    trail = ask(teams, f"/audit/exports/{teams.tasks['own']}").json
    times = [record["time"] for record in trail["records"] if record["kind"] == "read" and record["phase"] == "response"]
    assert trail["polls"]["at"] == times and trail["polls"]["count"] == len(times) > 0
    assert trail["polls"]["first"] == times[0] and trail["polls"]["last"] == times[-1] and "waited_us" not in trail


def test_a_life_comes_in_parts_to_whoever_wants_it_so(teams):
    task = teams.tasks["own"]
    (file,) = ask(teams, f"/audit/exports/{task}").json["file_ids"]
    for _ in range(4):
        assert call(teams, OWNER, "GET", f"/v5/_/download/{file}").status == 200
    whole = ask(teams, f"/audit/exports/{task}").json
    assert len(whole["downloads"]) == 5 and "next_cursor" not in whole and "complete" not in whole
    seen, cursor = [], ""
    for size in [2, 2, 1]:
        part = ask(teams, f"/audit/exports/{task}?limit=2{cursor}").json
        assert len(part["downloads"]) == size and (part["download_count"], part["whole_downloads"], part["other_downloaders"]) == (5, 5, [])
        assert {name: part[name] for name in ("task_id", "state", "created", "polls")} == {name: whole[name] for name in ("task_id", "state", "created", "polls")}
        # The records of the creation and of these downloads, none of the polls.
        assert [record["seq"] for record in part["records"]] == [whole["created"]["seq"]] + [step["seq"] for step in part["downloads"]]
        assert [(one["records"], one["last_seq"]) for one in part["journals"]] == [(len(whole["records"]), max(record["seq"] for record in whole["records"]))]
        seen += part["downloads"]
        cursor = "&cursor=" + part.get("next_cursor", "")
    assert seen == whole["downloads"] and cursor == "&cursor="
    other = ask(teams, "/audit/records?limit=1&order=oldest").json["next_cursor"]
    for question in ["limit=0", "cursor=x", f"cursor={other}"]:
        assert ask(teams, f"/audit/exports/{task}?{question}").status == 400, question


def test_an_id_in_the_path_may_be_escaped(teams):
    task = teams.tasks["own"]
    escaped = "".join(f"%{ord(one):02x}" for one in task)
    assert ask(teams, f"/audit/exports/{escaped}").json["task_id"] == task
    assert ask(teams, f"/audit/exports/{escaped}/bundle").status == ask(teams, f"/audit/exports/{task}/bundle").status
    assert ask(teams, f"/audit/exports/{task}%2").status == ask(teams, f"/audit/exports/{task}%zz").status == 404


# MARK: Attention


def items(gateway, kind: str) -> list[dict]:
    return [item for item in ask(gateway, "/audit/attention").json["items"] if item["kind"] == kind]


def test_a_file_that_another_team_fetched_is_looked_at(teams):
    (item,) = items(teams, "file_fetched_by_other")
    assert item["subject"] == teams.tasks["others'"] and item["facts"]["owner"] == "owner" and item["facts"]["downloader"] == "other"
    assert item["link"] == f"#/exports/{item['subject']}"


def test_a_key_that_ends_soon_is_looked_at_and_one_that_ends_later_is_not(sandbox, start):
    def callers(document):
        document["callers"] = [{"name": name, "authenticate": {"api_key": True}, "projects": ["prod"]} for name in ("soon", "later", "never")]

    gateway = start(sandbox.url, callers)
    for name, flags in [("soon", ["--expires", "3d"]), ("later", ["--expires", "90d"]), ("never", [])]:
        create_key(gateway.directory, name, *flags)
    (item,) = eventually(lambda: items(gateway, "key_ends"), "the keys are known")
    days = (moment(item["facts"]["ends"]) - time.time()) / 86_400
    assert item["subject"] == "soon" and item["tone"] == "note" and 2.9 < days < 3.1 and item["link"] == "#/callers/soon"


def moment(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


def test_a_credential_that_can_not_be_obtained_or_rests_is_looked_at_with_its_next_try(start, upstream):
    def robot(document):
        password = document["credentials"][0]["secret_key_file"]
        document["credentials"].append({"name": "robot", "type": "iam_password", "domain": "acme", "username": "hss-robot", "password_file": password})
        document["projects"].append({**document["projects"][0], "name": "second", "id": "1" * 32, "credential": "robot"})
        document["callers"][0]["projects"].append("second")

    upstream.handler = lambda received, connection: answer(b'{"error_code":"APIGW.0301","error_msg":"no"}', 401)
    gateway = start(upstream.url, robot)
    eventually(lambda: items(gateway, "credential_unavailable"), "nobody answers the robot")
    for _ in range(2):
        assert gateway.call("GET", HOSTS).status == 401
    (resting,) = eventually(lambda: items(gateway, "credential_suspended"), "the key rests")
    (robot_item,) = items(gateway, "credential_unavailable")
    assert (robot_item["subject"], robot_item["tone"], resting["subject"], resting["tone"]) == ("robot", "bad", "keys", "bad")
    told = {one["name"]: one for one in ask(gateway, "/credentials").json["credentials"]}
    assert told["keys"]["state"] == "suspended" and told["robot"]["state"] == "unavailable"
    # Both are tried again, the key a minute after it was refused.
    assert 0 <= moment(told["keys"]["retry_at"]) - moment(told["keys"]["since"]) <= 62
    assert moment(told["keys"]["changed"]) < moment(told["keys"]["since"]) and "changed" not in told["robot"] and "retry_at" in told["robot"]
    assert resting["facts"]["retry_at"][:16] <= told["keys"]["retry_at"][:16]


# MARK: Quota


def test_a_queue_says_where_its_pace_comes_from_and_when_who_waits_leaves(sandbox, start):
    gateway = start(sandbox.url, lambda document: document["upstream"].update(flow_control={"per_operation": "1/h", "per_api": "600/min", "max_wait": "2h"}))
    assert gateway.call("GET", HOSTS).status == 200
    (queue,) = [one for one in ask(gateway, "/flow").json["queues"] if one["operation"] == "ListHostStatus" and one["credential"] == "keys"]
    assert queue["mode"] == "fixed" and queue["quota"] == 1 and queue["waiting"] == [] and queue["throttled_24h"] == queue["coalesced_24h"] == 0
    with wire.Connection(gateway.data, timeout=60) as connection:
        connection.send(wire.request("GET", HOSTS + "?limit=7"))
        waiting = eventually(lambda: [one for one in ask(gateway, "/flow").json["queues"] if one["waiting"]], "it waits")[0]["waiting"]
        # It is sent when the hour is over.
        assert waiting[0]["caller"] == "team" and waiting[0]["requests"] == 1 and 3_000e6 < waiting[0]["first_turn_us"] <= 3_700e6


def test_what_hss_refused_and_what_shared_a_call_is_counted_for_the_day(sandbox, start):
    gateway = start(sandbox.url, lambda document: document["upstream"].update(flow_control="adaptive"))
    assert wire.call_json(sandbox.addresses["iam"], "POST", "/sandbox/throttle", {"limit": 1, "seconds": 1, "sliding": True}).status == 200
    try:
        for number in range(3):
            assert gateway.call("GET", f"{HOSTS}?limit={number + 1}").status == 200
    finally:
        wire.call(sandbox.addresses["iam"], "POST", "/sandbox/reset")
    queues = [one for one in ask(gateway, "/flow").json["queues"] if one["operation"] == "ListHostStatus"]
    assert queues and {one["mode"] for one in queues} == {"adaptive"}
    assert max(one["throttled_24h"] for one in queues) == max(one["throttled"] for one in queues) >= 1


# MARK: Fleet


def test_a_gateway_that_is_alone_is_a_fleet_of_one(teams):
    told = ask(teams, "/fleet").json
    (own,) = told["gateways"]
    version = ask(teams, "/version").json
    assert told["mode"] == "alone" and told["instance"] == own["instance"] == ask(teams, "/audit/instances").json["instance"]
    assert own["version"] == version["version"] and own["config_sha256"] == version["config_sha256"] and "shared_sha256" not in own
    assert moment(own["started"]) < moment(own["seen"]) and abs(own["clock_offset_s"]) < 60
    # The tree grows a moment after a record was written.
    written = len(teams.journal.lines()) - 1
    eventually(lambda: ask(teams, "/fleet").json["gateways"][0]["tree_size"] >= written, "the tree has what the journal has")
    assert own["signed"] <= own["tree_size"] and 0 < own["disk_free"] <= 1
    names = re.findall(r"^\[[+-]\](\S+)", teams.readiness().body.decode(), re.M)
    assert [check["name"] for check in own["checks"]] == names and all(check["ok"] for check in own["checks"])
    assert own["segments_held"] == 0 and own["sync_p99_us"] > 0 and "ship_lag_s" not in own
    for path in ["/fleet/exports", "/-/fleet/local"]:
        assert wire.call(teams.admin, "POST" if path.startswith("/-") else "GET", path, JSON, b"{}").status == 404


def test_a_gateway_that_is_alone_says_what_fails(start, upstream):
    gateway = start(upstream.url)
    upstream.handler = lambda received, connection: answer(b'{"error_code":"APIGW.0301","error_msg":"no"}', 401)
    for _ in range(2):
        gateway.call("GET", HOSTS)
    (own,) = ask(gateway, "/fleet").json["gateways"]
    (failing,) = [check for check in own["checks"] if not check["ok"]]
    assert failing["name"] == "credential:keys" and "rests" in failing["warning"]
    assert json.dumps(own).count("APIGW") == 0


def test_attention_takes_a_time_and_a_gateway_and_names_what_it_does_not_take(teams):
    instance = ask(teams, "/audit/instances").json["instance"]
    assert {item["instance"] for item in ask(teams, f"/audit/attention?since=24h&until=2030-01-01&instance={instance}").json["items"]} == {instance}
    for nothing in ["since=2020-01-01&until=2020-01-02", "instance=somebody-else"]:
        assert [item for item in ask(teams, f"/audit/attention?{nothing}").json["items"] if item["kind"] == "file_fetched_by_other"] == [], nothing
    for wrong in ["caller=owner", "since=soon", "source=moon", "source=fleet"]:
        answer = ask(teams, f"/audit/attention?{wrong}")
        assert answer.status == 400 and answer.json["error"].startswith(wrong.split("=")[0]), answer.body
