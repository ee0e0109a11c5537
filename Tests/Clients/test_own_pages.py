"""The gateway's own pages for a caller on the data port, and the limits in every answer."""

import json
import re
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from harness import http2, wire
from harness.commands import create_key
from harness.deadline import eventually
from harness.process import PROJECT
from harness.upstream import answer as http_answer

PAGES = ["/-/whoami", "/-/usage", "/-/operations", "/-/openapi.yaml", "/-/docs"]
HOSTS, EXPORT = "/v5/_/host-management/hosts", "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]


@pytest.fixture
def gateway(start, upstream):
    def change(document):
        document["upstream"] = {"flow_control": "off", "coalesce": "off"}
        document["callers"] = [
            {"name": "images", "authenticate": {"api_key": True}, "projects": ["prod"],
             "enterprise_projects": {"default": "0", "allowed": ["0", "7"]},
             "limits": {"requests_per_second": 5, "burst": 1000, "concurrent": 8, "exports_per_day": 3}},
            {"name": "everything", "authenticate": {"virtual_key": True}, "projects": ["prod"]},
        ]
        document["policy"] = [
            {"name": "exports", "callers": ["images"], "action": "allow",
             "operations": ["BatchExportBaselineTask", "ListQueryExportTask", "ListDownloadExportedFile"]},
            {"name": "all", "callers": ["everything"], "action": "allow"},
        ]

    gateway = start(upstream.url, change)
    gateway.key = create_key(gateway.directory, "images")["api_key"]
    eventually(lambda: gateway.call("GET", "/-/whoami", key(gateway)).status == 200, "the key")
    return gateway


def key(gateway):
    return [("X-HSSGW-Key", gateway.key)]


def alone(gateway) -> dict:
    """What the caller uses, once nothing of earlier requests is left but this one: they may end a moment after their answers."""
    def look():
        usage = gateway.call("GET", "/-/usage", key(gateway)).json
        return usage["used"]["concurrent"] == 1 and usage

    return eventually(look, "the end of earlier requests")


def test_a_caller_learns_who_it_is_and_what_it_may(gateway, upstream):
    who = gateway.call("GET", "/-/whoami", key(gateway)).json
    assert (who["caller"], who["method"], who["kinds"]) == ("images", "api_key", ["read", "export", "download"])
    assert who["operations"] == ["BatchExportBaselineTask", "ListDownloadExportedFile", "ListQueryExportTask"]
    assert who["projects"] == [
        {"name": "prod", "id": PROJECT, "region": "cn-north-4", "enterprise_project_id": "0", "default": True}]
    assert who["enterprise_projects"] == {"default": "0", "allowed": ["0", "7"]}
    usage = alone(gateway)
    assert usage["limits"] == {"requests_per_second": 5, "burst": 1000, "concurrent": 8, "exports_per_day": 3}
    assert usage["used"]["exports_per_day"] == 0 and usage["left"]["exports_per_day"] == 3 and usage["queue"] == []
    assert usage["used"]["concurrent"] == 1 and 0 < usage["left"]["burst"] < 1000
    found = gateway.call("GET", "/-/operations?q=BASELINE+export", key(gateway)).json
    assert [operation["name"] for operation in found["operations"]] == ["BatchExportBaselineTask"]
    assert found["operations"][0] | {"summary": ""} == {
        "name": "BatchExportBaselineTask", "kind": "export", "method": "POST", "path": "/v5/{project_id}/image/baseline/export",
        "summary": "", "tag": "Images", "query": ["enterprise_project_id", "export_size"], "projects": ["prod"]}
    assert gateway.call("GET", "/-/operations?q=hosts", key(gateway)).json == {"count": 0, "operations": []}
    assert upstream.requests == []


def test_the_description_has_the_callers_operations_and_is_valid(gateway):
    answer = gateway.call("GET", "/-/openapi.yaml", key(gateway))
    assert answer.value("Content-Type") == "application/yaml"
    document = yaml.safe_load(answer.body)
    operations = {operation["operationId"] for path in document["paths"].values() for name, operation in path.items() if name != "parameters"}
    assert operations == {"BatchExportBaselineTask", "ListQueryExportTask", "ListDownloadExportedFile"}
    assert all("parameters" in path for path in document["paths"].values())
    for reference in re.findall(r"'#/([^']+)'", answer.body.decode()):
        node = document
        for step in reference.split("/"):
            node = node[step]


def test_the_page_for_readers_loads_nothing_from_elsewhere(gateway):
    answer = gateway.call("GET", "/-/docs?q=%3Cscript%3E", key(gateway))
    page = answer.body.decode()
    assert answer.value("Content-Type") == "text/html; charset=utf-8" and "<script" not in page and "&lt;script&gt;" in page
    policy = answer.value("Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    full = gateway.call("GET", "/-/docs", key(gateway)).body.decode()
    assert "BatchExportBaselineTask" in full and "ListHosts" not in full and not re.search(r"(src|href)=\"(https?:)?//", full)


def test_a_page_is_read_by_who_is_known_and_recorded_like_every_request(gateway, upstream):
    for page in PAGES:
        unknown = gateway.call("GET", page)
        assert (unknown.status, unknown.error_code) == (401, "HSSGW.4010") and "images" not in unknown.body.decode()
        read = gateway.call("GET", page, key(gateway))
        assert read.status == 200 and read.value("X-HSSGW-Source") == "gateway" and read.value("Cache-Control") == "no-store"
        record = gateway.journal.closing(read.value("Audit-Id"))
        assert record["phase"] == "refusal" and record["outcome"] == "success" and record["path"] == page and record["caller"]["name"] == "images"
        assert record["status"] == 200 and record["source"] == "gateway" and "error_code" not in record and "operation" not in record
        with wire.Connection(gateway.data) as connection:
            connection.send(f"HEAD {page} HTTP/1.1\r\nHost: g\r\nX-HSSGW-Key: {gateway.key}\r\n\r\n".encode())
            asked = connection.response(to_head=True)
        assert asked.status == 200 and int(asked.value("Content-Length")) > 0
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            other = gateway.call(method, page, key(gateway))
            assert (other.status, other.error_code, other.value("Allow")) == (405, "HSSGW.4000", "GET, HEAD"), method
            assert other.json["status"] == 405 and gateway.journal.closing(other.value("Audit-Id"))["status"] == 405
    assert upstream.requests == []


def test_what_is_no_page_is_not_in_the_api(gateway, upstream):
    for path in ("/-", "/-/who", "/-/whoami/x", "/-/Whoami", "/whoami"):
        answer = gateway.call("GET", path, key(gateway))
        assert (answer.status, answer.error_code) == (404, "HSSGW.4002"), path
    assert "/-/whoami" in gateway.call("GET", "/-/who", key(gateway)).json["hint"] and upstream.requests == []


def test_a_virtual_key_signs_for_a_page_once(gateway, upstream):
    pair = create_key(gateway.directory, "everything", "--virtual")

    def ask(number: int) -> wire.Response:
        request = SdkRequest(
            method="GET", schema="http", host=gateway.data, resource_path="/-/whoami", query_params=[("n", str(number))], body="",
            header_params={"Host": gateway.data})
        done = Signer(BasicCredentials(pair["access_key"], pair["secret_key"])).sign(request)
        ask.last = (done.uri, list(done.header_params.items()))
        return gateway.call("GET", *ask.last)

    numbers = iter(range(1000))
    eventually(lambda: ask(next(numbers)).status == 200, "the pair")
    assert ask(1000).json["method"] == "virtual_key"
    again = gateway.call("GET", *ask.last)
    assert (again.status, again.error_code) == (401, "HSSGW.4013") and upstream.requests == []


def fields_of(answer):
    return answer.value("RateLimit"), answer.value("RateLimit-Policy")


def test_answers_say_what_is_left_to_whom_is_limited(gateway, upstream):
    alone(gateway)
    answer = gateway.call("POST", EXPORT, JSON + key(gateway), b"{}")
    state, policy = fields_of(answer)
    assert policy == '"requests";q=1000;w=200, "concurrent";q=8;qu="concurrent-requests", "exports";q=3;w=86400;qu="exports"'
    assert re.fullmatch(r'"requests";r=\d+;t=\d+, "concurrent";r=7, "exports";r=2;t=\d+', state), state
    refused = gateway.call("GET", HOSTS, key(gateway))
    assert refused.error_code == "HSSGW.4031" and '"exports";r=2;' in refused.value("RateLimit")

    def left() -> int:
        return int(re.search(r'"requests";r=(\d+)', fields_of(gateway.call("GET", "/-/usage", key(gateway)))[0])[1])

    # A fifth of a second brings one back.
    eventually(lambda: left() > left(), "each costs one")
    for _ in range(2):
        gateway.call("POST", EXPORT, JSON + key(gateway), b"{}")
    over = gateway.call("POST", EXPORT, JSON + key(gateway), b"{}")
    assert over.error_code == "HSSGW.4291" and '"exports";r=0;' in over.value("RateLimit") and over.value("X-HSSGW-Waited-Ms") is None
    assert fields_of(gateway.call("GET", "/-/whoami")) == (None, None)
    with http2.Connection(gateway.data) as connection:
        connection.headers(1, http2.request(b"/-/whoami", (b"x-hssgw-key", gateway.key.encode())))
        connection.until_done(1)
        assert connection.status[1] == 200


def test_a_wait_for_the_turn_is_told_and_the_upstream_cannot_tell_one(start, upstream, tmp_path):
    answers = iter([http_answer(fields=[("X-HSSGW-Waited-Ms", "7"), ("RateLimit", "\"theirs\";r=1")])])
    upstream.handler = lambda *_: next(answers, http_answer())
    paced = start(upstream.url, lambda document: document.update(upstream={"flow_control": {"per_operation": "2/s", "max_wait": "10s"}, "coalesce": "off"}))
    first = paced.call("GET", HOSTS)
    assert first.value("X-HSSGW-Waited-Ms") is None and first.values("RateLimit") == ["\"theirs\";r=1"]

    def waited(offset: int) -> str | None:
        return paced.call("GET", f"{HOSTS}?offset={offset}").value("X-HSSGW-Waited-Ms")

    def somebody_waited() -> list[str]:
        # Four at once, of which two are allowed in a second.
        with ThreadPoolExecutor(4) as pool:
            return [wait for wait in pool.map(waited, range(1, 5)) if wait]

    assert all(0 < int(wait) <= 10_000 for wait in eventually(somebody_waited, "a wait"))


def test_refusals_are_recorded_with_their_caller_and_counted_with_their_operation(gateway, upstream):
    unknown = gateway.call("GET", "/v5/_/host-management/hots", key(gateway))
    assert unknown.error_code == "HSSGW.4030" and "ListHosts" not in unknown.json["error_msg"] and "Did you mean" in unknown.json["hint"]
    record = gateway.journal.closing(unknown.value("Audit-Id"))
    assert record["caller"]["name"] == "images" and record["decision"] == "deny"
    other = gateway.call("POST", EXPORT + "?enterprise_project_id=9", JSON + key(gateway), b"{}")
    assert other.error_code == "HSSGW.4032" and "9" in other.json["error_msg"]
    assert gateway.journal.closing(other.value("Audit-Id"))["enterprise_project_id"] == {"value": "9", "injected": False}
    project = gateway.call("GET", "/v5/nobody/host-management/hosts", key(gateway))
    assert project.error_code == "HSSGW.4033" and "prod" in project.json["hint"]
    assert gateway.journal.closing(project.value("Audit-Id"))["project"]["name"] == "nobody"
    stranger = gateway.call("POST", EXPORT, JSON, b"{}")
    assert stranger.error_code == "HSSGW.4010"
    metrics = gateway.metrics()
    for operation in ("BatchExportBaselineTask", "ListHostStatus"):
        assert re.search(rf'^hssgw_requests_total\{{[^}}]*operation="{operation}"[^}}]*outcome="refused"', metrics, re.M), metrics
    assert upstream.requests == []


def test_a_caller_sees_where_its_waiting_requests_stand_and_nobody_elses(start, upstream):
    def change(document):
        document["upstream"] = {"flow_control": {"per_operation": "2/min", "max_wait": "1h"}, "coalesce": "off"}
        document["callers"] = [
            {"name": f"team-{n}", "authenticate": {"cidr": [f"127.0.1.{n}/32"]}, "projects": ["prod"]} for n in (1, 2)]

    gateway = start(upstream.url, change)
    connections = []

    def begin(team: int, number: int):
        connection = wire.Connection(gateway.data, source=f"127.0.1.{team}")
        connection.send(f"GET {HOSTS}?offset={number} HTTP/1.1\r\nHost: g\r\n\r\n".encode())
        connections.append(connection)

    def queue(team: int) -> list[dict]:
        with wire.Connection(gateway.data, source=f"127.0.1.{team}") as connection:
            connection.send(b"GET /-/usage HTTP/1.1\r\nHost: g\r\n\r\n")
            return connection.response().json["queue"]

    for number in range(2):
        begin(1, number)
    upstream.wait_for(2)
    begin(1, 2)
    eventually(lambda: len(queue(1)) == 1, "the one that waits")
    begin(2, 3)
    places = eventually(lambda: queue(2), "the other's")
    # Callers take turns: the first has been served twice.
    assert [(place["operation"], place["position"]) for place in places] == [("ListHostStatus", 1)]
    # In this order: an estimate shrinks while time passes.
    (first,), (second,) = queue(1), queue(2)
    assert first["position"] == 2 and 0 < second["estimate_ms"] <= first["estimate_ms"] <= 120_000
    for connection in connections:
        connection.close()
    eventually(lambda: queue(1) == [] and queue(2) == [], "an empty line")


def test_pages_that_nobody_reads_keep_little_memory_and_are_whole_when_somebody_does(start, upstream):
    """A client of HTTP/2 that opens no window leaves every answer in the gateway."""
    gateway = start(upstream.url, lambda document: document["limits"].update(bodies="64MiB"))
    page = gateway.call("GET", "/-/openapi.yaml").body
    resident = gateway.memory("VmRSS")
    streams = range(1, 200, 2)
    with http2.Connection(gateway.data, settings=struct.pack(">HI", 4, 0)) as connection:
        for stream in streams:
            connection.headers(stream, http2.request(b"/-/openapi.yaml"))
        connection.until(lambda: len(connection.status) == len(streams), "all heads")
        served = [stream for stream in streams if connection.status[stream] == 200]
        assert set(connection.status.values()) == {200, 503} and len(served) == (4 << 20) // len(page)
        growth = gateway.memory("VmRSS") - resident
        assert growth < 24 << 20, f"{growth >> 20} MiB for {len(streams)} pages that nobody reads"
        assert gateway.call("GET", "/-/usage").status == 200, "a small page still has room"
        connection.send(http2.frame(http2.WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30)))
        connection.send(http2.frame(http2.SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 24)))
        connection.until_done(*streams)
        assert all(connection.bodies[stream] == page for stream in served)
        assert all(json.loads(connection.bodies[stream])["error_code"] == "HSSGW.5033" for stream in streams if stream not in served)
    assert gateway.call("GET", "/-/openapi.yaml").body == page
    with http2.Connection(gateway.data, settings=struct.pack(">HI", 4, 0)) as connection:
        for stream in streams:
            connection.headers(stream, http2.request(b"/-/docs"))
        connection.until(lambda: len(connection.status) == len(streams), "all heads")
    eventually(lambda: gateway.call("GET", "/-/docs").status == 200, "the room of a connection that has ended")
