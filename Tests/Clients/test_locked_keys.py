"""The cloud locks a key or a user after a few refusals, whatever names and settings they have here: neither a reload nor a second name adds tries."""

import json
import threading
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.iam import Iam
from harness.process import PROJECT, REGION, write_secret
from harness.upstream import Upstream, answer

LIST = "/v5/_/vulnerability/vulnerabilities"
OTHER = f"/v5/{'b' * 32}/vulnerability/vulnerabilities"


def refused(request, connection) -> bytes:
    return answer(b'{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information"}', 401)


def suspended(gateway) -> bool:
    return gateway.call("GET", LIST).error_code == "HSSGW.5031"


def change(gateway, edit) -> wire.Response:
    """Another configuration, put into force at once."""
    answer = gateway.reconfigure(edit)
    assert answer.status == 200, answer.body
    return answer


def rename(document):
    document["credentials"][0]["name"] = document["projects"][0]["credential"] = "same-key"


def give_region(document):
    document["credentials"][0]["region"] = REGION


def document_directory(document):
    return Path(document["credentials"][0]["secret_key_file"]).parent


def move_files(document):
    """The same key in other files."""
    for member in ("access_key_file", "secret_key_file"):
        path = document["credentials"][0][member]
        document["credentials"][0][member] = write_secret(document_directory(document) / f"moved-{member}", open(path).read())


@pytest.mark.parametrize("edit", [rename, give_region, move_files])
def test_a_suspended_key_stays_so_whatever_a_reload_changes_around_it(start, upstream, edit):
    upstream.handler = refused
    gateway = start(upstream.url)
    eventually(lambda: suspended(gateway), "the suspension")
    before = len(upstream.requests)
    change(gateway, edit)
    for _ in range(3):
        assert suspended(gateway)
    assert len(upstream.requests) == before <= 3
    name = json.loads((gateway.directory / "gateway.yaml").read_text())["credentials"][0]["name"]
    assert f'hssgw_credential_suspended{{credential="{name}"}} 1' in gateway.metrics()


def test_one_refusal_is_remembered_as_well(start, upstream):
    upstream.handler = refused
    gateway = start(upstream.url)
    assert gateway.call("GET", LIST).status == 401
    change(gateway, give_region)
    assert gateway.call("GET", LIST).status == 401
    change(gateway, rename)
    assert suspended(gateway) and len(upstream.requests) == 2


def test_a_key_that_was_away_for_a_while_is_the_same_key(start, upstream):
    upstream.handler = refused
    gateway = start(upstream.url)
    eventually(lambda: suspended(gateway), "the suspension")
    before = len(upstream.requests)
    kept = []

    def without(document):
        kept[:] = document["credentials"][:1]
        token = write_secret(document_directory(document) / "token", "static-token")
        document["credentials"] = [{"name": "keys", "type": "token", "token_file": token}]

    def again(document):
        document["credentials"] = kept

    change(gateway, without)
    assert gateway.call("GET", LIST).status == 401
    before = len(upstream.requests)
    change(gateway, again)
    assert suspended(gateway) and len(upstream.requests) == before


def test_an_endpoint_that_a_reload_adds_tries_no_suspended_key(start, upstream):
    upstream.handler = refused
    gateway = start(upstream.url)
    eventually(lambda: suspended(gateway), "the suspension")
    other = Upstream()
    try:
        change(gateway, lambda document: document["regions"][REGION].update(hss=other.url))
        assert suspended(gateway) and not other.requests
    finally:
        other.close()


def test_two_names_of_one_key_are_tried_together(start, upstream):
    """In two projects, from many callers at once."""
    gate = threading.Event()

    def handler(request, connection):
        gate.wait(20)
        return refused(request, connection)

    upstream.handler = handler

    def two(document):
        document["credentials"].append({**document["credentials"][0], "name": "twin"})
        document["projects"].append({"name": "other", "id": "b" * 32, "region": REGION, "credential": "twin"})
        document["callers"][0]["projects"].append("other")

    gateway = start(upstream.url, two)
    answers = []
    threads = [threading.Thread(target=lambda target: answers.append(gateway.call("GET", target).status), args=(target,))
               for target in [LIST, OTHER] * 20]
    for thread in threads:
        thread.start()
    eventually(lambda: len(upstream.requests) >= 2, "the first calls")
    gate.set()
    for thread in threads:
        thread.join()
    assert len(upstream.requests) <= 3 and set(answers) == {401, 503}
    for name in ("keys", "twin"):
        eventually(lambda: f'hssgw_credential_suspended{{credential="{name}"}} 1' in gateway.metrics(), name)
        eventually(lambda: [r for r in gateway.journal.records() if r.get("event") == "credential_suspended" and r["detail"]["credential"] == name],
                   f"the event of {name}")


def test_half_a_new_pair_is_not_used_because_something_else_changed(start, upstream):
    gateway = start(upstream.url)
    assert gateway.call("GET", LIST).status == 200
    first = upstream.requests[-1].value("Authorization").split("Access=")[1].split(",")[0]
    write_secret(gateway.directory / "access-key.new", "HPUAANOTHERKEY000001")
    (gateway.directory / "access-key.new").rename(gateway.directory / "access-key")
    change(gateway, give_region)
    assert gateway.call("GET", LIST).status == 200
    assert upstream.requests[-1].value("Authorization").split("Access=")[1].split(",")[0] == first


def test_passwords_of_a_user_are_counted_together_whatever_the_settings_around_them(start, upstream):
    iam = Iam("right")
    try:
        def robot(document):
            directory = document_directory(document)
            document["regions"][REGION]["iam"] = iam.url
            document["credentials"] = [{
                "name": "keys", "type": "iam_password", "domain": "acme", "username": "robot",
                "password_file": write_secret(directory / "password-0", "wrong-0"),
            }]
            document["projects"][0]["id"] = PROJECT

        gateway = start(upstream.url, robot)
        eventually(lambda: iam.token_requests() == 1, "the first password")
        for number in (1, 2, 3, 4):
            path = write_secret(gateway.directory / f"password-{number}", f"wrong-{number}")
            change(gateway, lambda document: document["credentials"][0].update(password_file=path, name=f"k{number}")
                   or document["projects"][0].update(credential=f"k{number}"))
            # Each is tried, until three are.
            eventually(lambda: iam.token_requests() == min(number + 1, 3), "the next password")
            eventually(lambda: gateway.call("GET", LIST).error_code == "HSSGW.5030", "a refusal")
        assert iam.token_requests() == 3
        page = gateway.readiness().body.decode()
        assert "quarter of an hour" in page or "quarter of an hour" in gateway.log, page
        # And one that was refused is not sent again from another file.
        path = write_secret(gateway.directory / "password-5", "wrong-0")
        change(gateway, lambda document: document["credentials"][0].update(password_file=path))
        assert gateway.call("GET", LIST).error_code == "HSSGW.5030" and iam.token_requests() == 3
    finally:
        iam.close()
