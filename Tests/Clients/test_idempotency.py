"""An export repeated with its `Idempotency-Key` returns the first task again, also after a restart."""

import threading

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import configuration, serve
from harness.upstream import Upstream, answer

EXPORT = "/v5/_/image/baseline/export"
BODY = b'{"operate_all":true}'


class Counting:
    """Creates a new task for each call that reaches it."""

    def __init__(self):
        self.upstream = Upstream()
        self.gate = threading.Event()
        self.gate.set()
        self.status = 200
        self.upstream.handler = self.handle

    def handle(self, request, connection):
        assert self.gate.wait(30)
        if self.status != 200:
            return answer(b'{"error_code":"HSS.0001","error_msg":"no"}', self.status)
        return answer(b'{"record_total_num":7,"task_id":"task-%d"}' % len(self.upstream.requests))

    @property
    def calls(self) -> int:
        return len(self.upstream.requests)


@pytest.fixture()
def counting():
    counting = Counting()
    yield counting
    counting.gate.set()
    counting.upstream.close()


@pytest.fixture()
def start(counting, tmp_path):
    running = []

    def start(change=None):
        document = configuration(tmp_path, counting.upstream.url)
        document["callers"] = [
            {"name": "team", "authenticate": {"cidr": ["127.0.0.1/32"]}, "projects": ["prod"]},
        ]
        if change:
            change(document)
        running.append(serve(tmp_path, document, {"HSSGW_WORKERS": "2"}))
        return running[-1]

    yield start
    counting.gate.set()
    for process in running:
        process.stop()
        process.journal.check_form()


def export(gateway, key="key-1", body=BODY, target=EXPORT, fields=()):
    return gateway.call("POST", target, [("Content-Type", "application/json"), ("Idempotency-Key", key), *fields], body)


def test_the_same_key_and_body_answer_the_first_task_again(start, counting):
    gateway = start()
    first, second = export(gateway), export(gateway)
    assert first.value("Idempotency-Replayed") is None and first.json["task_id"] == "task-1"
    assert second.status == 200 and second.value("Idempotency-Replayed") == "true"
    assert second.json == {"task_id": "task-1", "record_total_num": 7}
    assert counting.calls == 1
    record = gateway.journal.closing(second.value("Audit-Id"))
    assert record["detail"]["replayed"] == first.value("Audit-Id")
    assert (record["outcome"], record["source"], record["export"]["task_id"]) == ("success", "gateway", "task-1")
    assert "key-1" not in str(gateway.journal.records())
    assert "hssgw_idempotent_replays_total 1" in gateway.metrics()
    # Another key is another export; so is none.
    assert export(gateway, "key-2").json["task_id"] == "task-2"
    assert gateway.call("POST", EXPORT, [("Content-Type", "application/json")], BODY).json["task_id"] == "task-3"


def test_the_same_key_with_something_else_is_4220(start, counting):
    gateway = start()
    export(gateway)
    for conflict in [
        export(gateway, body=b'{"operate_all":false}'),
        export(gateway, target=EXPORT + "?export_size=5"),
        export(gateway, target="/v5/_/vul/export"),
    ]:
        assert (conflict.status, conflict.error_code) == (422, "HSSGW.4220")
    assert counting.calls == 1


def test_the_same_key_for_another_region_or_language_is_4220(start, counting):
    gateway = start(lambda document: document["projects"][0].update(regions=["cn-east-3"]))
    first = export(gateway)
    # Without the header the project's own region is meant.
    assert export(gateway, fields=[("region", "cn-north-4")]).json == first.json
    for fields in ([("region", "cn-east-3")], [("Region", "cn-east-3")], [("X-Language", "zh-cn")], [("region", "cn-north-4"), ("X-Language", "en-us")]):
        refused = export(gateway, fields=fields)
        assert (refused.status, refused.error_code) == (422, "HSSGW.4220"), fields
    other = export(gateway, "key-2", fields=[("region", "cn-east-3"), ("X-Language", "zh-cn")])
    assert export(gateway, "key-2", fields=[("x-language", "zh-cn"), ("region", "cn-east-3")]).json == other.json != first.json
    assert counting.calls == 2


def test_it_is_remembered_across_a_restart(start, counting):
    first = start()
    export(first)
    first.stop()
    second = start()
    again = export(second)
    assert again.value("Idempotency-Replayed") == "true" and again.json["task_id"] == "task-1"
    assert export(second, body=b"{}").status == 422
    second.kill()
    assert export(start()).value("Idempotency-Replayed") == "true"
    assert counting.calls == 1


def test_one_that_failed_may_be_sent_again(start, counting):
    gateway = start()
    counting.status = 400
    assert export(gateway).status == 400
    counting.status = 200
    again = export(gateway)
    assert again.status == 200 and again.value("Idempotency-Replayed") is None
    assert counting.calls == 2


def test_one_whose_end_nobody_knows_is_never_sent_again(start, counting):
    first = start()
    counting.status = 500
    assert export(first).status == 500
    counting.status = 200
    unknown = export(first)
    assert (unknown.status, unknown.error_code, unknown.json["retryable"]) == (409, "HSSGW.4090", False)
    # Nor is one whose gateway was killed while it was under way.
    counting.gate.clear()
    thread = threading.Thread(target=lambda: pytest.raises((wire.Truncated, OSError), export, first, "key-2"))
    thread.start()
    eventually(lambda: counting.calls == 2, "the call is under way")
    first.kill()
    counting.gate.set()
    thread.join(30)
    second = start()
    assert [export(second, key).error_code for key in ("key-1", "key-2")] == ["HSSGW.4090"] * 2
    assert export(second, "key-3").status == 200 and counting.calls == 3


def test_a_second_one_waits_for_the_first(start, counting):
    gateway = start()
    counting.gate.clear()
    results = []
    threads = [threading.Thread(target=lambda: results.append(export(gateway))) for _ in range(6)]
    for thread in threads:
        thread.start()
    eventually(lambda: "http_server_active_requests 6\n" in gateway.metrics(), "six requests under way")
    assert export(gateway, body=b"{}").status == 422
    counting.gate.set()
    for thread in threads:
        thread.join(30)
    assert counting.calls == 1
    assert [r.status for r in results] == [200] * 6
    assert sorted(r.value("Idempotency-Replayed") or "" for r in results) == [""] + ["true"] * 5


@pytest.mark.parametrize("key", ["", "a" * 256, "with blank", "\xe4"], ids=["empty", "long", "blank", "no ASCII"])
def test_a_key_that_is_none_is_4000(key, start, counting):
    response = export(start(), key)
    assert (response.status, response.error_code) == (400, "HSSGW.4000")
    assert counting.calls == 0
