"""The console's requests to the admin port besides records: counts, exchanges and their tail, verifications, and what would be done with a
request."""

import json
import threading
import time

import pytest

from harness import wire
from harness.process import Gateway

JSON = [("Content-Type", "application/json")]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    gateway = Gateway.start(tmp_path_factory.mktemp("calls"), ["--sandbox"])
    for _ in range(3):
        assert gateway.call("GET", "/v5/_/host-management/hosts").status == 200
    gateway.export = gateway.call("POST", "/v5/_/image/baseline/export", JSON, b"{}")
    assert gateway.call("GET", "/v5/_/nothing/here").status == 403
    yield gateway
    gateway.stop()


def ask(gateway, target, method="GET", body=None):
    return wire.call(gateway.admin, method, target, JSON if body is not None else [], json.dumps(body).encode() if body is not None else b"", timeout=70)


def test_a_histogram_counts_every_exchange_once(gateway):
    found = ask(gateway, "/audit/histogram?since=1h&buckets=60&by=outcome,error_code,caller&measure=count,p50,p99,exports,bytes").json
    assert len(found["buckets"]) == 60 and found["complete"]
    total = {"success": 0, "refused": 0}
    for bucket in found["buckets"]:
        assert sum(bucket["outcome"].values()) == bucket["count"] == sum(bucket["caller"].values())
        assert (bucket["p50_us"] is None) == (bucket["outcome"].get("success", 0) == 0)
        for outcome, count in bucket["outcome"].items():
            total[outcome] += count
    assert total == {"success": 4, "refused": 1}
    assert sum(bucket["exports"] for bucket in found["buckets"]) == 1
    assert sum(bucket["error_code"].get("HSSGW.4030", 0) for bucket in found["buckets"]) == 1


@pytest.mark.parametrize("target,word", [
    ("/audit/histogram?buckets=0", "buckets"), ("/audit/histogram?buckets=121", "buckets"), ("/audit/histogram?by=colour", "by"),
    ("/audit/histogram?measure=p42", "measure"), ("/audit/histogram?task=x", "task"), ("/audit/histogram?since=soon", "since"),
    ("/audit/usage?limit=1", "limit"), ("/audit/exchanges?wait=5s", "wait"), ("/audit/exchanges?after=x", "after"),
    ("/audit/exchanges?limit=0", "limit"), ("/audit/exchanges?colour=red", "colour"), ("/audit/checkpoints?limit=x", "limit"),
    ("/audit/usage?source=fleet", "source")])
def test_a_wrong_parameter_is_named(gateway, target, word):
    answer = ask(gateway, target)
    assert answer.status == 400 and answer.json["error"].startswith(word), answer.body


def test_usage_says_what_each_caller_used(gateway):
    (caller,) = [one for one in ask(gateway, "/audit/usage?since=24h").json["callers"] if one["name"]]
    assert caller["requests"] == 5 and sum(caller["by_hour"]) == 5 and caller["exports"] == caller["exports_today"] == 1
    assert caller["refused"] == {"HSSGW.4030": 1}


def test_exchanges_join_records_and_the_tail_waits_for_the_next(gateway):
    page = ask(gateway, "/audit/exchanges?limit=2").json
    assert len(page["exchanges"]) == 2 and page["next_cursor"] and page["total"] >= 2
    everything = ask(gateway, "/audit/exchanges").json
    assert everything["total"] == len(everything["exchanges"]) == 5 and everything["total_is"] == "exact"
    (made,) = [one for one in everything["exchanges"] if one["id"] == gateway.export.value("Audit-Id")]
    assert made["open"] is False and len(made["seqs"]) == 2 and made["request"]["phase"] == "request" and made["end"]["phase"] == "response"
    after = everything["newest_cursor"]
    assert ask(gateway, f"/audit/exchanges?after={after}").json["exchanges"] == []
    answers = []
    tail = threading.Thread(target=lambda: answers.append(ask(gateway, f"/audit/exchanges?after={after}&wait=30s")))
    tail.start()
    gateway.call("GET", "/v5/_/host-management/hosts", [("X-Request-Id", "the-next-one")])
    tail.join(60)
    assert [one["end"]["request_id"] for one in answers[0].json["exchanges"]]
    assert ask(gateway, "/audit/exchanges?text=" + gateway.export.json["task_id"][:12]).json["exchanges"]


def test_a_verification_runs_in_the_background_and_keeps_its_report(gateway):
    assert ask(gateway, "/audit/verifications", "POST").status == 415
    for said in "a pplication/json", ";application/json", "text/plain;application/json", "application/json;charset=utf-16":
        assert wire.call(gateway.admin, "POST", "/audit/verifications", [("Content-Type", said)], b"{}").status == 415, said
    assert ask(gateway, "/audit/verifications", "POST", {"instance": "somebody-else"}).status == 400
    begun = ask(gateway, "/audit/verifications", "POST", {})
    assert begun.status == 202
    end = time.monotonic() + 60
    while (job := ask(gateway, f"/audit/verifications/{begun.json['id']}").json)["state"] == "running" and time.monotonic() < end:
        pass
    assert job["state"] == "done" and job["report"]["verdict"].startswith("intact") and job["read"] == job["of"] > 0
    assert ask(gateway, f"/audit/verifications/{job['id']}", "DELETE").json["state"] == "done"
    assert ask(gateway, "/audit/verifications", "POST", {"resume": job["id"]}).status == 409
    assert ask(gateway, "/audit/verifications", "POST", {"resume": "v-none"}).status == 404
    assert [one["id"] for one in ask(gateway, "/audit/verifications").json["verifications"]] == [job["id"]]


def test_explain_decides_as_the_gateway_would(gateway):
    caller = ask(gateway, "/callers").json["callers"][0]["name"]
    allowed = ask(gateway, "/explain", "POST", {"caller": caller, "method": "GET", "path": "/v5/_/host-management/hosts"})
    assert allowed.status == 200 and allowed.json["decision"] == "allow"
    denied = ask(gateway, "/explain", "POST", {"caller": caller, "method": "GET", "path": "/v5/_/nothing/here"}).json
    assert denied["decision"] == "deny" and denied["error_code"] == "HSSGW.4030"
    assert ask(gateway, "/explain", "POST", {"caller": caller}).status == 400
    assert ask(gateway, "/explain", "POST", {"method": "GET", "path": "/v5/_/x", "time": "soon"}).status == 400


def test_the_state_is_told_without_secrets(gateway):
    (credential,) = ask(gateway, "/credentials").json["credentials"]
    assert credential["state"] == "ready" and credential["projects"] and credential["calls_24h"] >= 4
    assert ask(gateway, "/flow").json["queues"] == []
    assert abs(ask(gateway, "/clock").json["offset_s"]) < 60
    assert [item for item in ask(gateway, "/audit/attention").json["items"] if item["tone"] == "bad"] == []


def test_a_plus_in_a_query_is_the_space_of_a_form_and_an_escaped_one_a_plus(gateway):
    for reason in ("two words", "1+1"):
        assert gateway.call("GET", "/v5/_/host-management/hosts", [("X-Audit-Reason", reason)]).status == 200

    def found(text: str) -> list[str]:
        return [one["end"]["reason"] for one in ask(gateway, "/audit/exchanges?since=1h&text=" + text).json["exchanges"]]

    # In the encodings of forms, `URLSearchParams` and `curl --data-urlencode`, and of an address.
    assert found("two+words") == found("two%20words") == ["two words"] and found("1%2B1") == ["1+1"] and found("1+1") == found("two%2Bwords") == []
    # Names are decoded like values, and the plus of an offset needs no escape.
    hour = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 7 * 3600))
    for since in (f"since={hour}%2B08:00", f"since={hour}+08:00", f"%73ince={hour}%2b08%3A00"):
        assert [one["end"].get("reason") for one in ask(gateway, f"/audit/exchanges?{since}&text=1%2b1").json["exchanges"]] == ["1+1"]
    assert ask(gateway, f"/audit/exchanges?since={hour}++08:00").status == 400
    assert ask(gateway, "/audit/exchanges?lim+it=1").json["error"].startswith("lim it is nothing")
    assert ask(gateway, "/audit/records?since=1h&caller=no+body").json["records"] == []
