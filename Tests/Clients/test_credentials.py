"""Every type of credential under faults: outages, storms of 401, locked keys, wrong clocks, rotation under load."""

import json
import os
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.iam import Iam
from harness.process import ACCESS_KEY, PROJECT, REGION, SECRET_KEY, Sandbox, configuration, serve, write_secret
from harness.upstream import Upstream, answer

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]
PASSWORD = "canary-password-5f2e"


def refused(code: str = "APIGW.0301") -> bytes:
    return answer(b'{"error_msg":"Incorrect IAM authentication information","error_code":"%s","request_id":"r"}' % code.encode(), 401)


def together(count: int, call) -> list[wire.Response]:
    responses: list[wire.Response] = []
    threads = [threading.Thread(target=lambda: responses.append(call())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(responses) == count
    return responses


def events(gateway, name: str) -> list[dict]:
    return [record for record in gateway.journal.records() if record.get("event") == name]


@pytest.fixture
def iam():
    iam = Iam(PASSWORD)
    yield iam
    iam.close()


@pytest.fixture
def robot(tmp_path, iam, upstream):
    """Starts a gateway that gets its tokens from `iam` with a password."""
    started = []

    def start_one(change=None):
        document = configuration(tmp_path, upstream.url)
        document["regions"][REGION]["iam"] = iam.url
        password = write_secret(tmp_path / "password", PASSWORD)
        document["credentials"] = [{"name": "keys", "type": "iam_password", "domain": "acme", "username": "robot", "password_file": password}]
        if change:
            change(document)
        started.append(serve(tmp_path, document))
        return started[-1]

    yield start_one
    for gateway in started:
        gateway.stop()
        gateway.journal.check_form()


# Tokens


def test_one_fetch_serves_all_who_wait(robot, iam, upstream):
    iam.delay = 0.5
    gateway = robot()
    assert {r.status for r in together(60, lambda: gateway.call("GET", LIST))} == {200}
    assert iam.token_requests() == 1
    assert {r.value("X-Auth-Token") for r in upstream.requests} == set(iam.tokens)
    assert all(not r.values("Authorization") for r in upstream.requests)


def test_without_iam_and_without_a_token_callers_are_refused_at_once_and_nothing_leaves(robot, iam, upstream):
    iam.is_down = True
    gateway = robot()
    eventually(lambda: events(gateway, "credential_renewal_failed"), "the failed renewal's record")
    began = time.monotonic()
    for response in together(40, lambda: gateway.call("POST", EXPORT, JSON, b"{}")):
        assert (response.status, response.error_code) == (503, "HSSGW.5030"), response.body
        assert int(response.value("Retry-After")) >= 1
    assert time.monotonic() - began < 5, "nobody waits"
    assert upstream.requests == []
    assert gateway.readiness().status == 503 and "[-]credential:keys failed: IAM" in gateway.readiness().body.decode()
    iam.is_down = False
    eventually(lambda: gateway.call("GET", LIST).status == 200, "a token")
    assert events(gateway, "credential_renewal_recovered") or eventually(lambda: events(gateway, "credential_renewal_recovered"), "its record")


def test_short_lifetimes_and_an_outage_are_unnoticed_while_a_token_is_valid(robot, iam, upstream):
    iam.lifetime = 4
    upstream.handler = lambda r, c: answer() if iam.is_valid(r.value("X-Auth-Token")) else refused()
    gateway = robot()
    end = time.monotonic() + 7
    statuses = set()
    while time.monotonic() < end:
        statuses.add(gateway.call("GET", LIST).status)
    assert statuses == {200}
    assert 2 <= iam.token_requests() <= 6
    iam.lifetime = 3600
    eventually(lambda: max(iam.tokens.values()) > time.time() + 1000, "a long token")
    iam.is_down = True
    assert gateway.call("GET", LIST).status == 200 and gateway.readiness().status == 200


def test_a_superseded_token_is_replaced_once_for_all(robot, iam, upstream):
    bad: set[str] = set()
    upstream.handler = lambda r, c: refused("APIGW.0307") if r.value("X-Auth-Token") in bad else answer()
    gateway = robot()
    assert gateway.call("GET", LIST).status == 200
    bad |= set(iam.tokens)
    reads = together(30, lambda: gateway.call("GET", LIST))
    writes = together(10, lambda: gateway.call("POST", EXPORT, JSON, b'{"export_size":1}'))
    assert {r.status for r in reads + writes} == {200}
    assert iam.token_requests() == 2
    record = gateway.journal.closing(reads[0].value("Audit-Id"))
    assert record["status"] == 200
    bodies = {r.body for r in upstream.requests if r.method == "POST"}
    assert bodies == {b'{"export_size":1}'}, "the body is the same both times"


def test_a_token_that_hss_took_is_replaced_at_once_however_often_it_is_revoked(robot, iam, upstream):
    bad: set[str] = set()
    upstream.handler = lambda r, c: refused("APIGW.0307") if r.value("X-Auth-Token") in bad else answer()
    gateway = robot()
    for number in range(6):
        # Accepted once, and revoked at once; an answer that only shows that the token is valid counts as well.
        assert gateway.call("GET", LIST).status == 200, number
        bad |= set(iam.tokens)
    upstream.handler = lambda r, c: refused("APIGW.0307") if r.value("X-Auth-Token") in bad else answer(b'{"error_code":"HSS.0001"}', 403)
    for number in range(4):
        assert gateway.call("GET", LIST).status == 403, number
        bad |= set(iam.tokens)
    # A token that HSS never accepts is not replaced forever: callers get HSS's answer, and IAM isn't called
    # any more.
    upstream.handler = lambda r, c: refused("APIGW.0307")
    count = iam.token_requests()
    assert [gateway.call("GET", LIST).status for _ in range(20)] == [401] * 20
    assert iam.token_requests() <= count + 3


def test_the_second_attempt_after_a_refused_token_takes_a_turn_of_its_own(robot, iam, upstream):
    """It is a second call for HSS's quota."""
    upstream.handler = lambda r, c: refused() if len(upstream.requests) == 1 else answer()
    pace = {"per_operation": "1/s", "max_wait": "30s"}
    gateway = robot(lambda document: document.update(upstream={"flow_control": pace, "coalesce": "off"}))
    began = time.monotonic()
    response = gateway.call("GET", LIST)
    assert response.status == 200 and len(upstream.requests) == 2
    assert gateway.journal.closing(response.value("Audit-Id"))["upstream"]["attempts"] == 2
    # A third call comes two seconds after the first.
    assert gateway.call("GET", LIST).status == 200
    assert time.monotonic() - began > 1.9


def test_a_second_attempt_whose_turn_is_too_far_off_is_refused_and_says_when(robot, iam, upstream):
    upstream.handler = lambda r, c: refused()
    pace = {"per_operation": "1/h", "max_wait": "1s"}
    gateway = robot(lambda document: document.update(upstream={"flow_control": pace, "coalesce": "off"}))
    response = gateway.call("GET", LIST)
    assert (response.status, response.error_code) == (429, "HSSGW.4290") and int(response.value("Retry-After")) > 3000
    assert len(upstream.requests) == 1


def test_a_storm_of_401_asks_iam_a_few_times_and_shows_callers_the_answer(robot, iam, upstream):
    upstream.handler = lambda r, c: refused()
    gateway = robot()
    end = time.monotonic() + 4
    count = 0
    while time.monotonic() < end:
        for response in together(10, lambda: gateway.call("GET", LIST)):
            assert response.status == 401 and response.error_code == "APIGW.0301"
            count += 1
    assert count >= 10
    assert iam.token_requests() <= 6, f"{iam.token_requests()} for {count} requests"


def test_another_401_is_not_the_tokens_fault(robot, iam, upstream):
    upstream.handler = lambda r, c: answer(b'{"error_code":"HSS.0010","error_msg":"no"}', 401)
    gateway = robot()
    assert gateway.call("GET", LIST).json["error_code"] == "HSS.0010"
    assert iam.token_requests() == 1 and len(upstream.requests) == 1


def test_a_wrong_password_reaches_iam_once(robot, iam, upstream):
    iam.password = "another"
    gateway = robot()
    eventually(lambda: events(gateway, "credential_renewal_failed"), "the refusal's record")
    for response in together(20, lambda: gateway.call("GET", LIST)):
        assert response.status == 503 and response.error_code == "HSSGW.5030"
    assert iam.token_requests() == 1 and upstream.requests == []
    assert PASSWORD not in gateway.log


# Keys


def test_of_two_hundred_calls_against_an_upstream_that_refuses_three_reach_it_at_most(start, upstream):
    upstream.handler = lambda r, c: refused()
    gateway = start(upstream.url)
    responses = together(200, lambda: gateway.call("GET", LIST))
    assert len(upstream.requests) <= 3
    assert sorted({r.status for r in responses}) == [401, 503]
    for response in responses:
        if response.status == 503:
            assert response.error_code == "HSSGW.5031" and int(response.value("Retry-After")) >= 1
    assert 'hssgw_credential_suspended{credential="keys"} 1' in gateway.metrics()
    eventually(lambda: events(gateway, "credential_suspended"), "the suspension's record")
    assert "rests" in gateway.readiness().body.decode()
    assert gateway.call("GET", LIST).status == 503 and len(upstream.requests) <= 3


PROVEN = 80  # More than the guard counts: nothing about the key is in doubt any more.


def test_a_proven_key_that_is_revoked_with_many_under_way_stops_after_two_refusals(start, upstream):
    """Requests under way at that time have been sent and fail; no new one follows."""
    gateway = start(upstream.url, lambda document: document.update(upstream={"flow_control": "off", "coalesce": "off"}))
    for _ in range(PROVEN):
        assert gateway.call("GET", LIST).status == 200
    under_way, refusals = 40, threading.Semaphore(0)

    def revoked(request, connection):
        refusals.acquire(timeout=30)
        return refused()

    upstream.handler = revoked
    before = len(upstream.requests)
    responses: list[wire.Response] = []
    threads = [threading.Thread(target=lambda: responses.append(gateway.call("GET", LIST))) for _ in range(under_way)]
    for thread in threads:
        thread.start()
    upstream.wait_for(before + under_way)
    refusals.release(2)
    eventually(lambda: 'hssgw_credential_suspended{credential="keys"} 1' in gateway.metrics(), "the suspension")
    for late in together(60, lambda: gateway.call("POST", EXPORT, JSON, b"{}")):
        assert (late.status, late.error_code) == (503, "HSSGW.5031")
    assert len(upstream.requests) == before + under_way
    refusals.release(under_way)
    for thread in threads:
        thread.join()
    assert [response.status for response in responses] == [401] * under_way
    # Their later failures add nothing new, and nothing was sent because of them.
    assert gateway.call("GET", LIST).error_code == "HSSGW.5031" and len(upstream.requests) == before + under_way
    assert len(eventually(lambda: events(gateway, "credential_suspended"), "the suspension's record")) == 1


def test_a_revocation_in_mid_load_costs_no_more_than_what_was_under_way_and_two(start, upstream):
    gateway = start(upstream.url, lambda document: document.update(upstream={"flow_control": "off", "coalesce": "off"}))
    callers, is_revoked, over = 12, threading.Event(), threading.Event()
    failed = []

    def judge(request, connection):
        if not is_revoked.is_set():
            return answer()
        failed.append(request)
        return refused()

    upstream.handler = judge

    def load():
        while not over.is_set():
            gateway.call("GET", LIST)

    threads = [threading.Thread(target=load) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        upstream.wait_for(PROVEN + 200)
        is_revoked.set()
        eventually(lambda: 'hssgw_credential_suspended{credential="keys"} 1' in gateway.metrics(), "the suspension")
        # The load continues and is limited by the trust window.
        mark = metric(gateway, 'hssgw_refusals_total{error_code="HSSGW.5031"}')
        eventually(lambda: metric(gateway, 'hssgw_refusals_total{error_code="HSSGW.5031"}') > mark + 200, "refusals of the gateway's own")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    # Each caller has at most one call under way; after the first refusal two more may be sent, and a probe once a
    # minute.
    assert 2 <= len(failed) <= callers + 3


def metric(gateway, name: str) -> float:
    return next((float(line.rsplit(" ", 1)[1]) for line in gateway.metrics().splitlines() if line.startswith(name + " ")), 0)


def test_a_new_key_ends_the_suspension_of_the_old_one(start, upstream):
    upstream.handler = lambda r, c: answer() if "Access=NEWKEY" in r.value("Authorization") else refused()
    gateway = start(upstream.url)
    for _ in range(3):
        gateway.call("GET", LIST)
    assert gateway.call("GET", LIST).error_code == "HSSGW.5031"
    for name, text in (("access-key", "NEWKEY"), ("secret-key", "other")):
        write_secret(gateway.directory / (name + ".new"), text)
        (gateway.directory / (name + ".new")).rename(gateway.directory / name)
    eventually(lambda: gateway.call("GET", LIST).status == 200, "the new key")


def test_the_fallback_takes_over_for_a_suspended_key_and_others_are_untouched(start, upstream):
    def change(document):
        token = write_secret(Path(document["credentials"][0]["access_key_file"]).parent / "token", "static-token")
        document["credentials"][0]["fallback"] = "spare"
        document["credentials"].append({"name": "spare", "type": "token", "token_file": token})

    upstream.handler = lambda r, c: refused() if r.values("Authorization") else answer()
    gateway = start(upstream.url, change)
    for _ in range(2):
        assert gateway.call("GET", LIST).status == 401
    response = gateway.call("GET", LIST)
    assert response.status == 200
    assert gateway.journal.closing(response.value("Audit-Id"))["credential"] == {"name": "spare", "type": "token"}
    assert upstream.requests[-1].value("X-Auth-Token") == "static-token"


def test_signatures_follow_the_clouds_clock(start, upstream):
    ahead = 1200

    def judge(request, connection):
        signed = time.mktime(time.strptime(request.value("X-Sdk-Date"), "%Y%m%dT%H%M%SZ")) - time.timezone
        date = [("Date", formatdate(time.time() + ahead, usegmt=True))]
        is_fresh = abs(signed - time.time() - ahead) < 900
        return answer(b"{}" if is_fresh else b'{"error_code":"APIGW.0301","error_msg":"signature expired"}', 200 if is_fresh else 401, date)

    upstream.handler = judge
    gateway = start(upstream.url)
    assert [gateway.call("GET", LIST).status for _ in range(3)] == [200, 200, 200]
    line = next(line for line in gateway.metrics().splitlines() if line.startswith("hssgw_clock_offset_seconds "))
    assert abs(float(line.split()[1]) - ahead) < 30
    assert gateway.readiness().status == 503 and "[-]clock failed" in gateway.readiness().body.decode()


def rotated_by_rename(directory: Path, round: int):
    for name, text in (("access-key", f"KEY{round}"), ("secret-key", f"secret{round}")):
        write_secret(directory / (name + ".new"), text)
        (directory / (name + ".new")).rename(directory / name)


def rotated_by_link(directory: Path, round: int):
    """As the kubelet does it: a new directory of files, and one link that is replaced."""
    fresh = directory / f"..{round}"
    fresh.mkdir()
    write_secret(fresh / "access-key", f"KEY{round}")
    write_secret(fresh / "secret-key", f"secret{round}")
    (directory / "..data_tmp").symlink_to(fresh.name)
    (directory / "..data_tmp").rename(directory / "..data")


@pytest.mark.parametrize("rotate", [rotated_by_rename, rotated_by_link])
def test_keys_rotate_under_load_without_a_failed_request(rotate, start, upstream):
    secrets = {ACCESS_KEY: SECRET_KEY, "KEY1": "secret1", "KEY2": "secret2"}

    def change(document):
        directory = Path(document["credentials"][0]["access_key_file"]).parent
        if rotate is rotated_by_link:
            (directory / "..0").mkdir()
            for name in ("access-key", "secret-key"):
                (directory / name).rename(directory / "..0" / name)
                (directory / name).symlink_to(f"..data/{name}")
            (directory / "..data").symlink_to("..0")

    def judge(request, connection):
        key = request.value("Authorization").split("Access=")[1].split(",")[0]
        return answer() if key in secrets and is_signed_with(request, key, secrets[key]) else refused()

    upstream.handler = judge
    gateway = start(upstream.url, change)
    over = threading.Event()
    statuses: list[int] = []

    def load():
        while not over.is_set():
            statuses.append(gateway.call("GET", LIST).status)

    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for round in (1, 2):
            rotate(gateway.directory, round)
            eventually(lambda: len(events(gateway, "credential_rotated")) == round, "the rotation's record")
            seen = len(upstream.requests)
            eventually(lambda: any(f"Access=KEY{round}," in r.value("Authorization") for r in upstream.requests[seen:]), "the new key")
        eventually(lambda: len(statuses) > 20, "a load worth the name")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert set(statuses) == {200}


def is_signed_with(request, access_key: str, secret_key: str) -> bool:
    """Checked with the official signer."""
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer

    names = request.value("Authorization").split("SignedHeaders=")[1].split(",")[0].split(";")
    headers = {name: value for name, value in request.fields if name.lower() in names}
    path, _, query = request.target.partition("?")
    pairs = [tuple(pair.split("=", 1)) for pair in query.split("&") if pair]
    sdk = SdkRequest(request.method, "http", request.value("Host"), path, path, pairs, headers, request.body.decode() or None)
    signed = Signer(BasicCredentials(access_key, secret_key)).sign(sdk)
    return signed.header_params["Authorization"] == request.value("Authorization")


# Sizes


def test_a_body_too_large_to_be_signed_is_refused_before_it_is_read(start, upstream):
    gateway = start(upstream.url, lambda document: document["limits"].update(request_body="64MiB"))
    with wire.Connection(gateway.data) as connection:
        connection.send(wire.request("POST", EXPORT, [*JSON, ("Content-Length", str((12 << 20) + 1)), ("Expect", "100-continue")]))
        response = connection.response()
    assert (response.status, response.error_code, response.interim) == (413, "HSSGW.4130", [])
    assert upstream.requests == []


def test_a_body_too_large_to_be_signed_goes_by_token_where_there_is_one(start, upstream):
    def change(document):
        token = write_secret(Path(document["credentials"][0]["access_key_file"]).parent / "token", "static-token")
        document["credentials"][0]["fallback"] = "spare"
        document["credentials"].append({"name": "spare", "type": "token", "token_file": token})
        document["limits"]["request_body"] = "64MiB"

    gateway = start(upstream.url, change)
    large = b'"' + b"a" * (12 << 20) + b'"'
    assert gateway.call("POST", EXPORT, JSON, large).status == 200
    assert upstream.requests[-1].value("X-Auth-Token") == "static-token" and len(upstream.requests[-1].body) == len(large)
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    assert upstream.requests[-1].values("X-Auth-Token") == [] and upstream.requests[-1].values("Authorization")


# The other types, against the sandbox, which checks what it is sent


IDENTITY = {
    "agency": [
        {"name": "base", "type": "aksk"},
        {"name": "keys", "type": "agency", "source": "base", "domain": "sandbox-domain", "agency": "hss-reader", "duration": "15m"},
    ],
    "agency by domain id": [
        {"name": "base", "type": "aksk"}, {"name": "keys", "type": "agency", "source": "base", "domain_id": "DOMAIN", "agency": "hss-reader"},
    ],
    "agency of the machine's agency": [
        {"name": "base", "type": "ecs_metadata"},
        {"name": "keys", "type": "agency", "source": "base", "domain_id": "DOMAIN", "agency": "hss-reader"},
    ],
    "trust agency": [
        {"name": "base", "type": "aksk"},
        {"name": "keys", "type": "agency", "source": "base", "agency_urn": "iam::DOMAIN:agency:hss-reader", "session_name": "hss", "duration": "1h"},
    ],
    "trust agency by temporary keys": [
        {"name": "base", "type": "ecs_metadata"}, {"name": "keys", "type": "agency", "source": "base", "agency_urn": "iam::DOMAIN:agency:hss-reader"},
    ],
    "agency by token": [
        {"name": "base", "type": "iam_password", "domain": "sandbox-domain", "username": "sandbox-user"},
        {"name": "keys", "type": "agency", "source": "base", "domain": "sandbox-domain", "agency": "hss-reader"},
    ],
    "password": [{"name": "keys", "type": "iam_password", "domain": "sandbox-domain", "username": "sandbox-user"}],
    "metadata": [{"name": "keys", "type": "ecs_metadata"}],
    "pod": [{"name": "keys", "type": "pod_identity"}],
    "federation": [{"name": "keys", "type": "oidc", "idp": "cce"}],
    "sts": [{"name": "keys", "type": "oidc", "provider_urn": "iam::a:oidc-provider:p", "agency_urn": "iam::a:agency:r"}],
    "chain from a profile": [{"name": "keys", "type": "default_chain"}],
}
TERMS = {
    "id_token": "eyJ.canary-id-token.x", "pod_token": "eyJ.canary-pod-token.x", "identity_provider": "cce", "agency": "hss-reader",
    "password": PASSWORD,
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    cloud = Sandbox(tmp_path_factory.mktemp("cloud"))
    assert wire.call_json(cloud.addresses["iam"], "POST", "/sandbox/terms", TERMS).status == 204
    yield cloud
    cloud.stop()


def domain_id(cloud: Sandbox) -> str:
    """The account's id, according to IAM."""
    user = {"name": "sandbox-user", "password": PASSWORD, "domain": {"name": "sandbox-domain"}}
    scope = {"domain": {"name": "sandbox-domain"}}
    token = wire.call_json(cloud.addresses["iam"], "POST", "/v3/auth/tokens", {
        "auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}).value("X-Subject-Token")
    return wire.call(cloud.addresses["iam"], "GET", "/v3/auth/domains", [("X-Auth-Token", token)]).json["domains"][0]["id"]


def completed(directory: Path, credential: dict, cloud: Sandbox) -> dict:
    iam = "http://" + cloud.addresses["iam"]
    if "DOMAIN" in json.dumps(credential):
        credential = json.loads(json.dumps(credential).replace("DOMAIN", domain_id(cloud)))
    match credential["type"]:
        case "aksk":
            credential |= {"access_key": ACCESS_KEY, "secret_key_file": write_secret(directory / "secret", SECRET_KEY)}
        case "iam_password":
            credential |= {"password_file": write_secret(directory / "password", PASSWORD)}
        case "ecs_metadata":
            credential |= {"endpoint": iam}
        case "pod_identity":
            credential |= {"endpoint": iam + "/podid", "token_file": write_secret(directory / "pod", TERMS["pod_token"])}
        case "oidc":
            credential |= {"id_token_file": write_secret(directory / "id", TERMS["id_token"])}
    return credential


def identity_document(directory: Path, name: str, cloud: Sandbox) -> dict:
    iam = "http://" + cloud.addresses["iam"]
    document = configuration(directory, cloud.url)
    document["regions"][REGION] |= {"iam": iam, "sts": iam}
    document["credentials"] = [completed(directory, dict(credential), cloud) for credential in IDENTITY[name]]
    return document


def profile(directory: Path) -> dict[str, str]:
    text = f"[basic]\nak = {ACCESS_KEY}\nsk = {SECRET_KEY}\n"
    return {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": write_secret(directory / "profile", text)}


@pytest.mark.parametrize("name", IDENTITY)
def test_each_type_gets_a_request_through(name, cloud, tmp_path):
    gateway = serve(tmp_path, identity_document(tmp_path, name, cloud), profile(tmp_path))
    try:
        responses = together(5, lambda: gateway.call("GET", LIST))
        assert {r.status for r in responses} == {200}, responses[0].body
        record = gateway.journal.closing(responses[0].value("Audit-Id"))
        assert record["credential"]["name"] == "keys" and record["credential"]["type"] == IDENTITY[name][-1]["type"]
        assert gateway.readiness().status == 200
    finally:
        gateway.stop()
    text = gateway.log + b"".join(gateway.journal.lines()).decode()
    for secret in (*TERMS.values(), SECRET_KEY):
        assert secret in ("cce", "hss-reader") or secret not in text


def test_a_projects_id_is_found_by_its_region(cloud, tmp_path):
    document = configuration(tmp_path, cloud.url)
    document["regions"][REGION]["iam"] = "http://" + cloud.addresses["iam"]
    del document["projects"][0]["id"]
    gateway = serve(tmp_path, document)
    try:
        for name in ("_", "prod", PROJECT):
            response = gateway.call("GET", f"/v5/{name}/vulnerability/vulnerabilities")
            assert response.status == 200, response.body
        assert gateway.journal.closing(response.value("Audit-Id"))["project"]["id"] == PROJECT
    finally:
        gateway.stop()


def test_a_project_that_iam_has_not_named_yet_is_refused_and_found_later(tmp_path, upstream, iam):
    iam.handler = lambda r, c: answer(b"{}", 500)
    document = configuration(tmp_path, upstream.url)
    document["regions"][REGION]["iam"] = iam.url
    del document["projects"][0]["id"]
    gateway = serve(tmp_path, document)
    try:
        response = gateway.call("GET", LIST)
        assert (response.status, response.error_code) == (503, "HSSGW.5030") and response.value("Retry-After")
        assert upstream.requests == []
        iam.handler = lambda r, c: answer(json.dumps({"projects": [{"id": "p1", "name": REGION}]}).encode())
        eventually(lambda: gateway.call("GET", LIST).status == 200, "the project")
        assert upstream.requests[-1].target.startswith("/v5/p1/")
    finally:
        gateway.stop()


# config check --connect


def check(directory: Path, document: dict) -> tuple[int, str]:
    import subprocess

    from harness.process import clean_environment

    path = directory / "gateway.yaml"
    path.write_text(json.dumps(document))
    command = [os.environ["HSSGW_BINARY"], "config", "check", "--connect", "--config", str(path)]
    done = subprocess.run(command, cwd=directory, env=clean_environment(directory), capture_output=True, text=True, timeout=60)
    assert PASSWORD not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", [name for name in IDENTITY if "chain" not in name])
def test_the_check_proves_each_type(name, cloud, tmp_path):
    code, text = check(tmp_path, identity_document(tmp_path, name, cloud))
    assert code == 0 and text.count("proved itself") == len(IDENTITY[name]), text


def test_the_check_asks_hss_itself_with_a_call_that_changes_nothing(tmp_path, iam, upstream):
    document = configuration(tmp_path, upstream.url)
    document["regions"][REGION]["iam"] = iam.url
    iam.handler = lambda r, c: answer(b'{"domains":[{"id":"d1"}]}')
    code, text = check(tmp_path, document)
    assert code == 0 and "HSS lets it read in prod" in text, text
    assert [(r.method, r.target) for r in upstream.requests] == [
        ("GET", f"/v5/{PROJECT}/host-management/hosts?enterprise_project_id=0&limit=1")
    ]
    denied = b'{"error_code":"HSS.0013","error_description":"no","error_msg":"no"}'
    for status, body in [(400, denied), (403, b'{"error_code":"APIGW.0302","error_msg":"no"}')]:
        upstream.handler = lambda r, c: answer(body, status)
        code, text = check(tmp_path, document)
        assert code == 7 and "project prod" in text and "role" in text, text
    # A throttled credential is known and allowed.
    upstream.handler = lambda r, c: answer(b'{"error_code":"APIGW.0308","error_msg":"slow"}', 429)
    assert check(tmp_path, document)[0] == 0


def test_a_wrong_secret_key_is_not_called_a_password(tmp_path, iam, upstream):
    document = configuration(tmp_path, upstream.url)
    document["regions"][REGION]["iam"] = iam.url
    iam.handler = lambda r, c: answer(b'{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"}', 401)
    code, text = check(tmp_path, document)
    assert code == 7 and "secret key" in text and "password" not in text, text
    assert upstream.requests == []


def test_the_check_says_what_to_fix(tmp_path, iam, upstream):
    document = configuration(tmp_path, upstream.url)
    document["regions"][REGION]["iam"] = iam.url
    iam.handler = lambda r, c: answer(b'{"error_code":"APIGW.0301","error_msg":"ak not exist"}', 401)
    code, text = check(tmp_path, document)
    assert code == 7 and "refuses" in text and len(iam.requests) == 1
    iam.handler = lambda r, c: answer(b'{"error_code":"IAM.0061","error_msg":"Account locked."}', 401)
    assert "locked" in check(tmp_path, document)[1]
    iam.handler = lambda r, c: answer(b'{"error_msg":"signature expired, signature time:1,server time:2","error_code":"APIGW.0301"}', 401)
    assert "clock" in check(tmp_path, document)[1]
    iam.handler = lambda r, c: answer(b'{"error_code":"IAM.0003","error_msg":"no"}', 403)
    assert "permission" in check(tmp_path, document)[1]
    iam.handler = lambda r, c: answer(b'{"domains":[]}', 200, [("Date", formatdate(time.time() + 300, usegmt=True))])
    code, text = check(tmp_path, document)
    assert code == 0 and "behind the cloud's" in text
    iam.close()
    code, text = check(tmp_path, document)
    assert code == 7 and "can't be reached" in text


# How it is reported


def test_what_the_cloud_refused_a_credential_is_counted_and_not_what_the_gateway_refused(tmp_path, upstream):
    answers = [answer(), answer(b'{"error_code":"HSS.0013","error_msg":"no rights"}', 403), answer(b'{"error_code":"HSS.0001","error_msg":"not signed in"}', 401), refused(), refused("APIGW.0303")]
    upstream.handler = lambda received, connection: answers[min(len(upstream.requests), len(answers)) - 1]
    gateway = serve(tmp_path, configuration(tmp_path, upstream.url))
    try:
        # Then the key is suspended.
        statuses = [gateway.call("GET", LIST).status for _ in range(len(answers) + 3)]
        (credential,) = wire.call(gateway.admin, "GET", "/credentials").json["credentials"]
        assert statuses == [200, 403, 401, 401, 401, 503, 503, 503] and len(upstream.requests) == len(answers)
        assert (credential["calls_24h"], credential["refused_24h"]) == (5, 2)
    finally:
        gateway.stop()
