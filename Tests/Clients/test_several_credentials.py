"""Several credentials for one project: one that the cloud refuses is suspended, and doesn't use up the others' quota."""

import threading
import time
from pathlib import Path

import pytest

from harness.deadline import eventually
from harness.process import SECRET_KEY, write_secret
from harness.upstream import answer

LIST = "/v5/_/vulnerability/vulnerabilities"
SPARE_KEY = "TESTACCESSKEY0000002"
REFUSED = answer(b'{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: verify aksk signature fail"}', 401)


def two_keys(flow_control):
    def change(document):
        keys = document["credentials"][0]
        secret = write_secret(Path(keys["secret_key_file"]).parent / "spare-key", SECRET_KEY)
        document["credentials"].append({"name": "spare", "type": "aksk", "access_key": SPARE_KEY, "secret_key_file": secret})
        project = document["projects"][0]
        del project["credential"]
        project["credentials"] = ["keys", "spare"]
        document["upstream"] = {"flow_control": flow_control, "coalesce": "off"}

    return change


def is_spare(request) -> bool:
    return f"Access={SPARE_KEY}," in request.value("Authorization")


def refuse_the_first(request, connection):
    return answer() if is_spare(request) else REFUSED


def test_a_resting_key_has_no_turns_and_the_other_keeps_to_its_own_quota(start, upstream):
    upstream.handler = refuse_the_first
    gateway = start(upstream.url, two_keys({"per_operation": "5/h", "per_api": "100/h", "max_wait": "1s"}))
    answers = []
    while not answers or answers[-1].status != 429:
        answers.append(gateway.call("GET", LIST))
        assert len(answers) <= 20, [a.status for a in answers]
    assert answers[-1].error_code == "HSSGW.4290"
    # Both share the load until the first has been refused twice; then the other one serves, five times and not eight.
    assert [a.status for a in answers].count(200) == 5 == sum(is_spare(r) for r in upstream.requests)
    assert not any(a.status == 503 for a in answers)


@pytest.mark.parametrize("flow_control", ["off", "adaptive"])
def test_where_nothing_paces_them_the_other_serves_everybody(flow_control, start, upstream):
    upstream.handler = refuse_the_first
    gateway = start(upstream.url, two_keys(flow_control))
    statuses = [gateway.call("GET", LIST).status for _ in range(4)]
    assert sorted(statuses) == [200, 200, 401, 401]
    later = [gateway.call("GET", LIST) for _ in range(6)]
    assert [a.status for a in later] == [200] * 6
    assert {gateway.journal.closing(a.value("Audit-Id"))["credential"]["name"] for a in later} == {"spare"}


def test_who_waits_for_a_key_that_is_refused_meanwhile_waits_for_the_other_ones_turn(start, upstream):
    may_answer = threading.Event()

    def handler(request, connection):
        if is_spare(request):
            return answer()
        may_answer.wait(30)
        return REFUSED

    upstream.handler = handler
    gateway = start(upstream.url, two_keys({"per_operation": "2/s", "per_api": "1000/s", "max_wait": "1m"}))
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(gateway.call("GET", LIST).status)) for _ in range(10)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    # Two were sent with the key that will be refused, and have no answer yet.
    eventually(lambda: sum(not is_spare(r) for r in upstream.requests) == 2, "two requests with the first key")
    may_answer.set()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [200] * 8 + [401] * 2
    assert sum(is_spare(r) for r in upstream.requests) == 8
    # Eight at two a second: the last one leaves three seconds after the first, however fast the machine is.
    assert time.monotonic() - began > 2.9
