"""Short runs of the soak and of the chaos; `make soak` and `make chaos` make long ones."""

import os
from collections import Counter

from chaos import Storm, storm
from harness.endurance import Call, compare
from harness.journal import Journal
from soak import soak


def test_a_mixed_load_with_faults_leaves_caller_journal_and_upstream_in_agreement(tmp_path):
    print(soak(tmp_path / "gateway", int(os.environ.get("HSSGW_TEST_SOAK", "3000")), 8, seed=14))


def test_every_fault_under_load_passes_and_leaves_no_contradiction(tmp_path):
    told = []
    print(storm(tmp_path / "storm", len(Storm.FAULTS), 14, told.append))
    assert sorted(told[0].split()[2:]) == sorted(fault.__name__ for fault in Storm.FAULTS)


def test_the_comparison_notices_each_kind_of_contradiction(tmp_path):
    """A journal of one successful read, and possible contradictions by caller or upstream."""

    class Said(Journal):
        def check_form(self):
            record = {"id": "a", "phase": "response", "query": "offset=1", "status": 200, "outcome": "success", "kind": "read", "operation": "R"}
            return [record | {"upstream": {"attempts": 1}}, {"id": "s", "phase": "event", "event": "refusals_aggregated", "detail": {"count": 2}}]

    journal, well = Said(tmp_path), Call("a", 200, True)
    assert compare({1: well}, Counter({1: 1}), journal) == []
    summed = Call("s", 503, True)
    assert compare({1: well, 2: summed, 3: summed}, Counter({1: 1}), journal) == []
    assert compare({1: well, 2: summed, 3: summed, 4: summed}, Counter({1: 1}), journal), "a sum counts for as many as it says"
    for calls, seen in [
        ({1: well}, {1: 2}), ({1: well}, {1: 1, 2: 1}), ({1: Call("b", 200, True)}, {1: 1}), ({1: Call("a", 502, True)}, {1: 1}),
        ({1: Call("a", 200, False)}, {1: 1}), ({1: well}, {1: 0}), ({1: well, 2: Call("c", 200, True)}, {1: 1, 2: 0}),
    ]:
        assert compare(calls, Counter(seen), journal), (calls, seen)
