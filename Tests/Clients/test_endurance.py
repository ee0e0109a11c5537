"""Short runs of the soak and of the chaos; `make soak` and `make chaos` make long ones."""

import os
from collections import Counter
from datetime import datetime, timezone

import pytest
from chaos import Storm, storm
from harness import load_loop
from harness.endurance import Call, compare, time_of
from harness.load_loop import DIGESTS, KINDS, Callers, Loop, LoopUpstream, Plan
from soak import soak


def test_a_mixed_load_with_faults_leaves_caller_journal_and_upstream_in_agreement(tmp_path):
    print(soak(tmp_path / "gateway", int(os.environ.get("HSSGW_TEST_SOAK", "3000")), 8, seed=14))


def test_every_fault_under_load_passes_and_leaves_no_contradiction(tmp_path):
    told = []
    print(storm(tmp_path / "storm", len(Storm.FAULTS), 14, told.append))
    assert sorted(told[0].split()[2:]) == sorted(fault.__name__ for fault in Storm.FAULTS)


READ = {"id": "a", "request_id": "1", "phase": "response", "status": 200, "outcome": "success", "kind": "read", "operation": "ListHostStatus"}
READ |= {"query": "enterprise_project_id=0&offset=1", "upstream": {"attempts": 1}}
EXPORT = READ | {"kind": "export", "operation": "BatchExportBaselineTask", "export": {"task_id": "t1"}}
FILE = READ | {"kind": "download", "operation": "ListDownloadExportedFile", "response_body": {"sha256": DIGESTS[1]}}
ANNOUNCED = {"id": "a", "request_id": "1", "phase": "request"}
SUM = {"id": "s", "phase": "event", "event": "refusals_aggregated", "detail": {"count": 2}}
WELL, NOTHING, SUMMED = Call("a", 200, True), Call(None, None, False), Call("s", 403, True)


def test_the_comparison_takes_what_fits_together():
    assert compare({1: WELL}, Counter({1: 1}), [READ]) == []
    assert compare({1: WELL, 2: SUMMED, 3: SUMMED}, Counter({1: 1}), [READ, SUM]) == []
    assert compare({1: WELL}, Counter({1: 1}), [ANNOUNCED, EXPORT]) == []
    assert compare({1: Call("a", 200, False)}, Counter({1: 1}), [READ], [1.0]) == []


def test_a_kill_explains_the_loss_of_what_was_summed_up_just_before():
    begun = Call("01a22a4f-816b-7000-a5ec-41a7b16513dc", 502, True)
    at = time_of(begun.audit_id)
    assert datetime.fromtimestamp(at, timezone.utc).isoformat() == "2026-11-30T02:36:23.275000+00:00"
    for kills, seen, is_explained in [((at + 9,), 0, True), ((at + 60, at + 9), 0, True), ((at + 60,), 0, False), ((at - 1,), 0, False), ((at + 9,), 1, False)]:
        assert bool(compare({1: begun}, Counter({1: seen}), [], kills)) != is_explained, (kills, seen)
    assert compare({1: Call(begun.audit_id, 200, True)}, Counter(), [], (at + 9,))


@pytest.mark.parametrize(("calls", "seen", "records", "said"), [
    ({1: WELL}, {1: 2}, [READ], "saw request 1 2 times, the journal has 1 attempts"),
    ({1: WELL, 2: NOTHING}, {1: 1, 2: 1}, [READ], "saw request 2, the journal doesn't say how it ended"),
    ({1: Call("b", 200, True)}, {1: 1}, [READ], "as b, and its record is a"),
    ({1: Call("a", 502, True)}, {1: 1}, [READ], "answered with 502, the record says 200"),
    ({1: Call("a", 200, False)}, {1: 1}, [READ], "cut off, the record says success"),
    ({1: WELL}, {1: 0}, [READ], "the upstream saw it 0 times"),
    ({1: WELL}, {1: 1}, [READ | {"outcome": "failure"}], "the record says failure"),
    ({1: WELL, 2: Call("c", 200, True)}, {1: 1}, [READ], "request 2 was answered with 200 and has no record"),
    ({1: WELL, 2: SUMMED, 3: SUMMED, 4: SUMMED}, {1: 1}, [READ, SUM], "request 4 was answered with 403 and has no record"),
    ({1: WELL}, {1: 1}, [READ, READ], "closed by two records"),
    ({1: WELL}, {1: 1}, [READ | {"phase": "refusal"}], "the journal says refusal"),
    ({1: WELL}, {1: 1}, [READ, READ | {"request_id": "7"}], "request 7 has a record, and nobody sent it"),
    ({1: WELL}, {1: 1}, [EXPORT], "export 1 was not announced"),
    ({1: WELL}, {1: 1}, [ANNOUNCED, ANNOUNCED, EXPORT], "announced after it was announced"),
    ({1: WELL}, {1: 1}, [ANNOUNCED, EXPORT, ANNOUNCED], "announced after its end"),
    ({1: NOTHING}, {}, [ANNOUNCED], "announced and never closed"),
    ({1: WELL}, {1: 2}, [ANNOUNCED, EXPORT | {"upstream": {"attempts": 2}}], "BatchExportBaselineTask 1 was sent 2 times"),
])
def test_the_comparison_notices_each_kind_of_contradiction(calls, seen, records, said):
    faults = compare(calls, Counter(seen), records)
    assert [fault for fault in faults if said in fault], faults


@pytest.mark.parametrize(("kind", "call", "records", "said"), [
    ("read", NOTHING, [READ], "request 1 was not answered"),
    ("read", Call("a", 502, True), [READ | {"status": 502, "outcome": "failure"}], "kind read, without a fault, was answered with 502"),
    ("read", WELL, [READ | {"operation": "ListDownloadExportedFile"}], "kind read, is recorded as ListDownloadExportedFile"),
    ("read", WELL, [READ | {"query": "enterprise_project_id=0&offset=2"}], "is recorded as ListHostStatus with enterprise_project_id=0&offset=2"),
    ("export", WELL, [ANNOUNCED, EXPORT | {"export": {"task_id": "t2"}}], "export 1 is recorded as {'task_id': 't2'}"),
    ("file", WELL, [ANNOUNCED, FILE | {"response_body": {"sha256": DIGESTS[2]}}], "digest of another content"),
    ("unknown", Call("a", 404, True), [READ | {"phase": "refusal", "status": 404}], "kind unknown, without a fault, was answered with 404"),
    ("read", WELL, [READ, SUM], "sums up 2 refusals that nobody got"),
])
def test_the_soak_notices_what_its_plan_contradicts(kind, call, records, said):
    plan = Plan(2, seed=1, share=0)
    plan.kinds = bytes([0, KINDS.index(kind)])
    right = {"read": [READ], "export": [ANNOUNCED, EXPORT], "file": [ANNOUNCED, FILE]}
    if kind in right:
        assert compare({1: WELL}, Counter({1: 1}), right[kind], further=plan.contradiction) == []
    faults = compare({1: call}, Counter({1: 1}), records, further=plan.contradiction)
    assert [fault for fault in faults if said in fault], faults


def test_the_soak_notices_an_answer_that_another_caller_should_have_got():
    loop, plan = Loop(), Plan(8, seed=3, share=0)

    class Mixed(LoopUpstream):
        def answer(self, number: int, served):
            super().answer((number + 1) % 8, served)

    upstream, load = Mixed(loop, plan), Callers(loop, plan, 2)
    try:
        load.send(upstream.url.removeprefix("http://"), range(8))
    finally:
        upstream.close()
    assert len(load.wrong) == 8 and "request 0 got the answer" in min(load.wrong)


def test_the_soak_names_requests_that_are_never_answered(monkeypatch):
    monkeypatch.setattr(load_loop, "PATIENCE", 0.2)
    loop, plan = Loop(), Plan(8, seed=3, share=0)

    class Silent(LoopUpstream):
        def answer(self, number: int, served):
            if number not in (2, 5):
                super().answer(number, served)

    upstream = Silent(loop, plan)
    try:
        with pytest.raises(AssertionError, match=r"requests \[(2, 5|5, 2)\] have no answer"):
            Callers(loop, plan, 2).send(upstream.url.removeprefix("http://"), range(8))
    finally:
        upstream.close()
