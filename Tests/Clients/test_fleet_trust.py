"""What a fleet finds out together about a cloud key, and a caller's limit of concurrent requests over all gateways."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.deadline import eventually
from harness.process import write_secret
from harness.shared import DOWNLOAD, LIST, POLL, SharedFleet, command, figure, statements
from harness.upstream import answer
from test_fleet_state import call, export, outcome

REFUSED = b'{"error_msg":"Incorrect IAM authentication information","error_code":"APIGW.0301","request_id":"r"}'


@pytest.fixture
def own(tmp_path):
    fleet = SharedFleet(tmp_path)
    yield fleet
    fleet.close()


def storm(gateways, count):
    """That many reads at once, spread over the gateways."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda n: call(gateways[n % len(gateways)], "GET", f"{LIST}?limit={n + 1}"), range(count)))


def refuse(received, connection):
    return answer(REFUSED, 401)


def test_a_wrong_key_is_refused_twice_in_the_whole_fleet_and_not_on_each_gateway(own):
    own.upstream.handler = refuse
    gateways = [own.start(name) for name in "abcd"]
    answers = storm(gateways, 24)
    assert len(own.upstream.requests) <= 3, "the cloud locks a key after five"
    assert {response.status for response in answers} <= {401, 503}
    # It isn't tried again before its pause is over, and a new gateway knows that as well.
    assert {response.status for response in storm([*gateways, own.start("e")], 10)} == {503} and len(own.upstream.requests) <= 3
    assert own.query("SELECT phase, jsonb_array_length(under_way) FROM trust") == "resting|0"


def test_a_good_key_is_asked_for_a_few_times_and_then_no_more(own):
    a, b = own.start("a"), own.start("b")
    assert {response.status for response in storm([a, b], 40)} == {200}
    eventually(lambda: own.query("SELECT phase FROM trust") == "open", "the proof")
    for gateway in (a, b):
        assert call(gateway, "GET", LIST).status == 200
    before = [statements(gateway).get("trust_pass", 0) for gateway in (a, b)]
    assert {response.status for response in storm([a, b], 40)} == {200}
    assert [statements(gateway).get("trust_pass", 0) for gateway in (a, b)] == before


def test_a_key_that_is_withdrawn_is_refused_a_few_times_in_all_and_rests_everywhere(own):
    gateways = [own.start(name) for name in "abc"]
    for gateway in gateways:
        # Proven: nothing is counted there any more.
        assert {response.status for response in storm([gateway], 80)} == {200}
    own.upstream.handler = refuse
    assert call(gateways[0], "GET", LIST).status == 401
    # The others are notified, and try it together.
    eventually(lambda: own.query("SELECT phase FROM trust") == "guarded", "the first refusal")
    # However late a notification comes on a busy machine: a beat says the same. One may be under way that has asked before.
    beats = [statements(gateway)["beat"] + 2 for gateway in gateways]
    eventually(lambda: all(statements(gateway)["beat"] >= beat for gateway, beat in zip(gateways, beats)), "each has heard of it")
    before = len(own.upstream.requests)
    answers = storm(gateways, 24)
    assert len(own.upstream.requests) - before <= 2 + len(gateways) - 1 and 503 in {response.status for response in answers}
    assert {response.status for response in storm(gateways, 9)} == {503}


def test_while_the_database_is_away_each_gateway_tries_a_key_for_itself(own):
    a, b = own.start("a"), own.start("b")
    own.database.kill()
    assert {response.status for response in storm([a, b], 10)} == {200}
    own.upstream.handler = refuse
    before = len(own.upstream.requests)
    for gateway in (a, b):
        storm([gateway], 1)
    assert len(own.upstream.requests) - before == 2


def test_what_stands_for_a_key_in_the_database_is_made_with_the_fleets_key(own):
    def keyed(text):
        def change(document):
            document["fleet"]["key_file"] = write_secret(own.directory / f"fleet-key-{len(text)}", text)
        return change

    a = own.start("a", keyed("0123456789abcdef" * 2))
    assert call(a, "GET", LIST).status == 200
    eventually(lambda: own.query("SELECT count(*) FROM trust") == "1", "its row")
    b = own.start("b", keyed("0123456789abcdef" * 3))
    assert call(b, "GET", LIST).status == 200
    # Another key gives another name, and is a difference between the members.
    eventually(lambda: own.query("SELECT count(DISTINCT credential) FROM trust") == "2", "the other name")
    eventually(lambda: figure(a, "hssgw_fleet_config_versions") == 2, "the difference")
    checked = command(own.directory, "config", "check", "--config", own.directory / "a" / "gateway.yaml")
    assert checked.returncode == 0, checked.stdout


# --- Requests at a time ---------------------------------------------------------------------------------------------------------

def test_what_a_caller_has_under_way_elsewhere_counts_here(own):
    def limited(document):
        document["callers"][0]["limits"] = {"concurrent": 2}

    a, b = own.start("a", limited), own.start("b", limited)
    release = threading.Event()

    def slow(received, connection):
        if "limit=1" in received.target:
            assert release.wait(60)
        return answer(b'{"total_num":0}')

    # While the key is unproven, two hanging calls would block all others.
    assert {call(gateway, "GET", LIST).status for gateway in (a, b)} == {200}
    own.upstream.handler = slow
    held = [threading.Thread(target=call, args=(a, "GET", f"{LIST}?limit=1{n}")) for n in range(2)]
    for thread in held:
        thread.start()
    try:
        eventually(lambda: own.query("SELECT sum(used) FROM slots") == "2", "what the first gateway has under way")
        eventually(lambda: outcome(call(b, "GET", f"{LIST}?limit=2")) == "HSSGW.4290", "the other one knows")
        assert outcome(call(b, "GET", f"{LIST}?limit=2", "two")) == 200, "others' limits are their own"
    finally:
        release.set()
    for thread in held:
        thread.join(60)
    eventually(lambda: outcome(call(b, "GET", f"{LIST}?limit=2")) == 200, "room again")


def test_what_a_dead_gateway_had_under_way_counts_no_longer(own):
    def limited(document):
        document["callers"][0]["limits"] = {"concurrent": 1}

    a, b = own.start("a", limited), own.start("b", limited)
    release = threading.Event()
    assert {call(gateway, "GET", LIST).status for gateway in (a, b)} == {200}
    own.upstream.handler = lambda received, connection: release.wait(60) and answer(b'{"total_num":0}') if "limit=9" in received.target else answer(
        b'{"total_num":0}')
    thread = threading.Thread(target=lambda: pytest.raises(Exception, call, a, "GET", f"{LIST}?limit=9"), daemon=True)
    thread.start()
    eventually(lambda: outcome(call(b, "GET", LIST)) == "HSSGW.4290", "the other one knows")
    a.kill()
    release.set()
    eventually(lambda: outcome(call(b, "GET", LIST)) == 200, "its requests are over", patience=40)


# --- Ids in other spellings ------------------------------------------------------------------------------------------------------

def test_an_id_in_another_spelling_is_nobody_elses_on_any_gateway(own):
    a, b = own.start("a"), own.start("b")
    own.upstream.handler = lambda received, connection: (
        answer(b'{"task_id":"00aB-7f_Cd","record_total_num":3}') if received.method == "POST" else SharedFleet.handle(own, received, connection))
    assert export(a).status == 200
    assert outcome(call(a, "GET", POLL + "00aB-7f_Cd")) == 200
    for spelled in ("00ab-7f_cd", "00AB7FCD", "ab7fcd", "%7B00aB-7f_Cd%7D", "00aB%2D7f_Cd", "0ab.7f.cd"):
        for gateway in (b, a):
            assert outcome(call(gateway, "GET", POLL + spelled, "two")) == "HSSGW.4031", spelled
    for spelled in ("FILE-OF-00ab-7f_cd", "%7Bfile-of-00aB-7f_Cd%7D"):
        assert outcome(call(b, "GET", DOWNLOAD + spelled, "two")) == "HSSGW.4031", spelled
    assert outcome(call(b, "GET", POLL + "00ab7fcd")) == 200, "its owner may spell it as well"
    assert outcome(call(b, "GET", POLL + "another", "two")) == 200
