"""Credentials of type `iam_password` with a real identity service: tokens are issued, revoked, and invalidated with their password."""

import threading

import pytest

from harness import wire
from harness.deadline import eventually
from harness.iam import CountingFront
from harness.keystone import Keystone, interpreter
from harness.process import configuration, serve, write_secret
from harness.upstream import Upstream, answer

LIST = "/v5/_/vulnerability/vulnerabilities"
REFUSED = b'{"error_msg":"Incorrect IAM authentication information: decrypt token fail","error_code":"APIGW.0301","request_id":"r"}'


@pytest.fixture(scope="module")
def keystone(tmp_path_factory):
    if not (interpreter() / "keystone-manage").exists():
        pytest.skip("Keystone is not installed: run scripts/setup.sh --tests")
    keystone = Keystone(tmp_path_factory.mktemp("keystone"))
    yield keystone
    keystone.close()


@pytest.fixture
def parts(keystone, tmp_path):
    """A gateway before an HSS that checks each token with Keystone, and a count of the gateway's calls of Keystone."""
    keystone.update_user(enabled=True, password=Keystone.PASSWORD)
    keystone.next_second()
    front, hss = CountingFront(keystone.url), Upstream()
    # Keystone is slow, so each token is checked once, until a test reports a change.
    hss.known, hss.asking = {}, threading.Lock()

    def judge(request, connection):
        token = request.value("X-Auth-Token")
        with hss.asking:
            if token not in hss.known:
                hss.known[token] = keystone.is_valid(token)
            return answer() if hss.known[token] else answer(REFUSED, 401)

    hss.handler = judge
    document = configuration(tmp_path, hss.url)
    document["regions"]["cn-north-4"]["iam"] = front.url
    password = tmp_path / "password"
    login = {"domain": Keystone.DOMAIN, "username": Keystone.USER, "password_file": write_secret(password, Keystone.PASSWORD)}
    document["credentials"] = [{"name": "keys", "type": "iam_password", **login}]
    document["projects"][0]["id"] = keystone.project
    gateway = serve(tmp_path, document)
    yield gateway, front, hss, password
    gateway.stop()
    gateway.journal.check_form()
    for server in (front, hss):
        server.close()


def together(gateway, count: int) -> list[wire.Response]:
    responses: list[wire.Response] = []

    def call():
        responses.append(gateway.call("GET", LIST))

    threads = [threading.Thread(target=call) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return responses


def token_of(hss: Upstream) -> str:
    return hss.requests[-1].value("X-Auth-Token")


def test_a_token_is_issued_once_and_replaced_once_when_it_was_revoked(parts, keystone):
    gateway, front, hss, _ = parts
    assert [r.status for r in together(gateway, 4)] == [200] * 4
    assert len(front.requests) == 1
    first = token_of(hss)
    keystone.revoke(first)
    hss.known.clear()
    assert [r.status for r in together(gateway, 4)] == [200] * 4
    assert token_of(hss) != first and len(front.requests) == 2
    assert 'hssgw_token_refresh_total{credential="keys",result="rejected"}' in gateway.metrics()
    record = gateway.journal.closing(gateway.call("GET", LIST).value("Audit-Id"))
    assert record["credential"] == {"name": "keys", "type": "iam_password"}


def test_a_changed_password_is_followed_without_a_failed_request(parts, keystone):
    gateway, front, hss, password = parts
    assert gateway.call("GET", LIST).status == 200
    assert len(front.requests) == 1
    keystone.update_user(password="second-password")
    keystone.next_second()
    hss.known.clear()
    write_secret(password.with_suffix(".new"), "second-password")
    password.with_suffix(".new").rename(password)
    eventually(lambda: any(r.get("event") == "credential_rotated" for r in gateway.journal.records()), "the rotation's record")
    assert [r.status for r in together(gateway, 4)] == [200] * 4
    assert len(front.requests) == 2


def test_a_disabled_user_is_tried_once_and_again_when_its_file_was_touched(parts, keystone):
    gateway, front, hss, password = parts
    assert gateway.call("GET", LIST).status == 200
    assert len(front.requests) == 1
    keystone.update_user(enabled=False)
    hss.known.clear()
    # The token was invalidated with its user: HSS refuses it, IAM refuses another one, and the caller gets HSS's
    # answer.
    assert gateway.call("GET", LIST).status == 401
    seen = len(hss.requests)
    asked = len(front.requests)
    assert asked == 2
    for response in together(gateway, 4):
        assert response.status in (401, 503), response.body
    assert len(front.requests) == asked, "a refused password is not sent again"
    assert "credential:keys" in gateway.readiness().body.decode()
    assert seen <= len(hss.requests)
    keystone.update_user(enabled=True)
    keystone.next_second()
    password.touch()
    eventually(lambda: gateway.call("GET", LIST).status == 200, "a token after the file was touched")
    assert len(front.requests) == asked + 1
