"""What callers specify besides the path: the region, the reason, the project. Each has one interpretation, and the record contains it."""

import threading

import pytest

from harness import http2, wire
from harness.commands import create_key
from harness.deadline import eventually
from harness.process import PROJECT
from harness.upstream import answer

READ, EXPORT = "/v5/_/host-management/hosts", "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]


def with_regions(document):
    document["projects"][0]["regions"] = ["cn-east-3"]


def region_of(request) -> list[str]:
    return request.values("region")


def test_a_region_is_the_projects_own_or_one_that_is_listed(start, upstream, tmp_path):
    plain, listed = start(upstream.url), start(upstream.url, with_regions, tmp_path / "listed")
    for gateway, region, goes in [
        (plain, "cn-north-4", True), (plain, "cn-east-3", False), (plain, "CN-NORTH-4", False), (plain, "", False), (plain, "x" * 300, False),
        (listed, "cn-north-4", True), (listed, "cn-east-3", True), (listed, "cn-south-1", False),
    ]:
        before = len(upstream.requests)
        answer = gateway.call("POST", EXPORT, JSON + [("region", region)], b"{}")
        record = gateway.journal.closing(answer.value("Audit-Id"))
        assert record["region_header"] == region[:128] and record["project"]["region"] == "cn-north-4", record
        if goes:
            assert answer.status == 200 and region_of(upstream.requests[-1]) == [region]
        else:
            assert (answer.status, answer.error_code) == (403, "HSSGW.4035") and record["decision"] == "deny", region
            assert len(upstream.requests) == before and "cn-north-4" in answer.json["hint"]
    silent = plain.call("POST", EXPORT, JSON, b"{}")
    assert "region_header" not in plain.journal.closing(silent.value("Audit-Id")) and region_of(upstream.requests[-1]) == []
    both = plain.call("POST", EXPORT, JSON + [("region", "cn-north-4"), ("Region", "cn-east-3")], b"{}")
    assert (both.status, both.error_code) == (400, "HSSGW.4000")
    # Even if the operation doesn't have it: the caller would not get what it expects.
    assert plain.call("GET", "/v5/setting/account/accounts?limit=1", [("region", "cn-east-3")]).error_code == "HSSGW.4035"


@pytest.mark.parametrize(("fields", "kept"), [
    ([b"INC-7"], "INC-7"), (["审计".encode()], "审计"), ([b"%E5%AE%A1%E8%AE%A1 7"], "审计 7"), ([b"100% sure"], "100% sure"),
    ([b"INC-7", b"INC-8"], 4000), ([b"INC-7", b"INC-7"], 4000), ([b"caf\xe9"], 4000), ([b"%FF"], 4000), ([b"caf%E9"], 4000),
    (["\u0345".encode()], 4004), ([b"%E0%A4%BE"], 4004), (["\U00013441".encode()], 4004),
    (["\u3164".encode()], 4004), ([b"%E3%85%A4"], 4004), (["\u2800\u200b".encode()], 4004), ([b""], 4004), ([b"%20"], 4004),
])
def test_a_reason_is_one_text_that_says_something(start, upstream, fields, kept):
    gateway = start(upstream.url, lambda document: document["callers"][0].update(require_reason=["export"]))
    with wire.Connection(gateway.data) as connection:
        head = b"".join(b"X-Audit-Reason: " + field + b"\r\n" for field in fields)
        connection.send(f"POST {EXPORT} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: 2\r\n".encode() + head + b"\r\n{}")
        answer = connection.response()
    record = gateway.journal.closing(answer.value("Audit-Id"))
    if isinstance(kept, str):
        assert answer.status == 200 and record["reason"] == kept
    else:
        assert (answer.status, answer.error_code) == (400, f"HSSGW.{kept}") and "reason" not in record and upstream.requests == []


def test_a_literal_project_id_beside_a_key_in_authorization_is_nobodys_first_project(start, upstream, tmp_path):
    other = "fedcba9876543210fedcba9876543210"

    def several(document):
        document["projects"].append({"name": "test", "id": other, "region": "cn-north-4", "credential": "keys"})
        document["callers"] = [
            {"name": "both", "authenticate": {"api_key": True}, "projects": ["prod", "test"]},
            {"name": "one", "authenticate": {"api_key": True}, "projects": ["test"]},
        ]

    gateway = start(upstream.url, several)
    both, one = (create_key(gateway.directory, name)["api_key"] for name in ("both", "one"))
    literal = "/v5/%7Bproject_id%7D/host-management/hosts"

    def call(target, key, field="Authorization"):
        return gateway.call("GET", target, [(field, f"Bearer {key}" if field == "Authorization" else key)])

    eventually(lambda: call(literal, one).status == 200, "the keys")
    assert upstream.requests[-1].target.startswith(f"/v5/{other}/")
    before = len(upstream.requests)
    for target in (literal, "/v5/{project_id}/host-management/hosts"):
        answer = call(target, both)
        assert (answer.status, answer.error_code) == (403, "HSSGW.4033")
        assert "prod and test" in answer.json["error_msg"] and len(upstream.requests) == before
    assert call(READ, both).status == 200 and call(literal, both, "X-HSSGW-Key").status == 200
    assert call(literal.replace("%7Bproject_id%7D", "test"), both).status == 200
    # A project that isn't granted: the answer lists the granted ones, and the record contains the requested
    # one.
    denied = call("/v5/staging/host-management/hosts", both)
    record = gateway.journal.closing(denied.value("Audit-Id"))
    assert denied.error_code == "HSSGW.4033" and "prod or test" in denied.json["hint"] and record["project"] == {"name": "staging"}


def test_anybodys_bearer_keeps_an_sdk_from_filling_in_a_project_of_a_network(start, upstream):
    def several(document):
        document["projects"].append({"name": "test", "id": "fedcba9876543210fedcba9876543210", "region": "cn-north-4", "credential": "keys"})
        document["callers"][0]["projects"] = ["prod", "test"]

    gateway = start(upstream.url, several)
    literal = "/v5/%7Bproject_id%7D/host-management/hosts"
    for shown in ("Bearer opaque", "bearer eyJhbGciOiJub25lIn0.e30."):
        answer = gateway.call("GET", literal, [("Authorization", shown)])
        assert (answer.status, answer.error_code) == (403, "HSSGW.4033") and "prod and test" in answer.json["error_msg"]
        assert upstream.requests == []
    # A signing SDK fills in the project id that it knows, and `_` is written by users who mean the first one.
    signed = ("Authorization", "SDK-HMAC-SHA256 Access=HPUA, SignedHeaders=x-sdk-date, Signature=00")
    for target, fields in [(literal, []), (literal, [signed]), (READ, [("Authorization", "Bearer opaque")])]:
        assert gateway.call("GET", target, fields).status == 200
        assert upstream.requests[-1].target.startswith(f"/v5/{PROJECT}/")


@pytest.mark.parametrize("fields, name", [
    ([("Range", "bytes=0-1"), ("Range", "bytes=2-3")], "Range"), ([("Range", "bytes=0-1"), ("range", "bytes=0-1")], "Range"),
    ([("Range", "bytes=0-1"), ("If-Range", '"a"'), ("If-Range", '"b"')], "If-Range"),
])
def test_two_ranges_leave_open_which_is_meant(fields, name, start, upstream):
    gateway = start(upstream.url)
    answer = gateway.call("GET", "/v5/_/download/file-1", fields)
    assert (answer.status, answer.error_code) == (400, "HSSGW.4000") and answer.json["error_msg"].startswith(f"{name} stands more than once")
    assert upstream.requests == []
    assert gateway.call("GET", "/v5/_/download/file-1", [("Range", "bytes=0-1, 3-4")]).status == 200
    assert upstream.requests[-1].value("Range") == "bytes=0-1, 3-4"


def test_the_record_of_a_refusal_has_who_asked_for_what(start, upstream):
    gateway = start(upstream.url, lambda document: document["callers"][0].update(enterprise_projects={"default": "7", "allowed": ["7"]}))
    denied = gateway.call("GET", READ + "?enterprise_project_id=8")
    record = gateway.journal.closing(denied.value("Audit-Id"))
    assert denied.error_code == "HSSGW.4032" and "8" in denied.json["error_msg"]
    assert record["enterprise_project_id"] == {"value": "8", "injected": False}
    unknown = gateway.call("GET", f"/v5/{PROJECT}/no/such/thing")
    record = gateway.journal.closing(unknown.value("Audit-Id"))
    assert unknown.error_code == "HSSGW.4030" and record["caller"]["name"] == "team"


def test_what_clients_get_wrong_in_a_target_is_named(start, upstream):
    gateway = start(upstream.url)
    for target, words in [
        (f"/v5/{PROJECT}/host-management/hosts?host_name=a b", ["blank", "%20"]), ("/v5/_/a b/c", ["blank", "%20"]),
        (f"//v5/{PROJECT}/host-management/hosts", ["two slashes", "endpoint"]),
    ]:
        answer = gateway.call("GET", target)
        assert (answer.status, answer.error_code) == (400, "HSSGW.4000")
        text = answer.json["error_msg"] + answer.json["hint"]
        assert all(word in text for word in words), text
    assert upstream.requests == []
    # A plus sign stays one, and is sent as one.
    assert gateway.call("GET", READ + "?host_name=a+b").status == 200 and "host_name=a%2Bb" in upstream.requests[-1].target
    slip = gateway.call("POST", "/v5/_/image/baselines/export", JSON, b"{}")
    assert slip.error_code == "HSSGW.4030" and "POST /v5/{project_id}/image/baseline/export" in slip.json["hint"]


def test_the_seconds_to_wait_stand_in_the_message(start, upstream):
    gateway = start(upstream.url, lambda document: document["callers"][0].update(limits={"requests_per_second": 1, "burst": 1}))
    refused = next(answer for answer in (gateway.call("GET", READ) for _ in range(50)) if answer.status == 429)
    assert f"Try again in {refused.value('Retry-After')} s." in refused.json["error_msg"]


LOGO = "/v5/_/report/logo/upload"
FILE = b'Content-Disposition: form-data; name="file"; filename="logo.png"'


@pytest.mark.parametrize("part", [
    FILE + b'\r\nContent-Disposition : form-data; name="enterprise_project_id"',
    FILE + b'\r\nContent-Disposition\xc2\xa0: form-data; name="enterprise_project_id"',
    FILE + b'\r\nContent-Disposition:\xcc\x81 form-data; name="enterprise_project_id"; a:b',
    FILE + b"\r\nContent-Transfer-Encoding : quoted-printable",
    b'Content-Disposition: form-data; filename="a"\xcc\x81; name=enterprise_project_id; x="; name="file"',
    b'Content-Disposition: form-data; filename="a"\xe2\x80\x8d; name=enterprise_project_id; filename*="; name="file"',
])
def test_a_form_that_two_parsers_read_differently_names_no_enterprise_project_to_hss(start, upstream, part):
    gateway = start(upstream.url)
    fields = [("Content-Type", "multipart/form-data; boundary=b")]
    answer = gateway.call("POST", LOGO, fields, b"--b\r\n" + part + b"\r\n\r\nx\r\n--b--\r\n")
    assert (answer.status, answer.error_code) == (400, "HSSGW.4000") and upstream.requests == []
    names = FILE.replace(b"logo", "本地 é".encode())
    assert gateway.call("POST", LOGO, fields, b"--b\r\n" + names + b"\r\n\r\nx\r\n--b--\r\n").status == 200


@pytest.mark.parametrize("charset", ["utf-7", "utf-16le", "ibm037", '"utf-16"', "utf-8; charset=utf-7", "", "utf-8;charset*=utf-7"])
def test_a_body_in_another_charset_than_was_judged_is_refused(start, upstream, charset):
    """In UTF-7 this names an enterprise project, for a server that reads what the field says."""
    gateway = start(upstream.url)
    hidden = b'{"+AGU-nterprise_project_id":"another"}'
    answer = gateway.call("POST", EXPORT, [("Content-Type", f"application/json; charset={charset}")], hidden)
    assert (answer.status, answer.error_code) == (400, "HSSGW.4000") and "charset" in answer.json["error_msg"]
    form = b"--b\r\n" + FILE + b"\r\n\r\nx\r\n--b--\r\n"
    answer = gateway.call("POST", LOGO, [("Content-Type", f"multipart/form-data; boundary=b; charset={charset}")], form)
    assert (answer.status, answer.error_code) == (400, "HSSGW.4000") and upstream.requests == []
    answer = gateway.call("POST", EXPORT, JSON + [("Content-Encoding", "gzip"), ("Content-Encoding", "identity")], b"{}")
    assert (answer.status, answer.error_code) == (400, "HSSGW.4000") and upstream.requests == []
    for good in ("utf-8", '"UTF-8"', "us-ascii", "ISO-8859-1"):
        assert gateway.call("POST", EXPORT, [("Content-Type", f"application/json; charset={good}")], b"{}").status == 200


def test_a_refusal_before_the_target_is_looked_at_has_its_path_in_the_record(start, upstream):
    gateway = start(upstream.url, lambda document: document["listeners"][0].update(hosts=["gateway", "gateway.test"]))
    refused = [
        gateway.call("GET", READ + "?limit=1", fields)
        for fields in ([("X-HSSGW-Hops", "1")], [("Host", "elsewhere")], [("Host", "gateway"), ("Host", "gateway")], [("Content-Length", "x")])
    ]
    assert [answer.error_code for answer in refused] == ["HSSGW.4001"] + ["HSSGW.4000"] * 3
    assert [gateway.journal.closing(answer.value("Audit-Id"))["path"] for answer in refused] == [READ] * 4
    before = len(gateway.journal.closings_after(-1))
    with http2.Connection(gateway.data) as caller:
        caller.headers(1, http2.request(READ.encode() + b"?limit=1", (b"connection", b"close")))
        caller.until_done(1)
    found = eventually(lambda: len(found := gateway.journal.closings_after(-1)) > before and found, "the record")
    assert (caller.status[1], found[-1]["error_code"], found[-1]["path"]) == (400, "HSSGW.4000", READ)


def test_a_request_beyond_those_that_may_be_under_way_has_its_path_in_the_record(start, upstream):
    going_on = threading.Event()
    upstream.handler = lambda request, connection: going_on.wait(60) and answer()

    def change(document):
        document["limits"]["in_flight"] = 1

    gateway = start(upstream.url, change)
    held = []
    try:
        # Each worker has a place.
        for _ in range(64):
            caller = wire.Connection(gateway.data)
            held.append(caller)
            caller.send(wire.request("GET", READ))
            if len(found := gateway.journal.closings_after(-1)) > 0:
                break
        found = eventually(lambda: gateway.journal.closings_after(-1), "a refusal")
    finally:
        going_on.set()
        for caller in held:
            caller.close()
    assert (found[0]["error_code"], found[0]["path"]) == ("HSSGW.5033", READ)


def test_what_connection_names_is_passed_on_no_further(start, upstream):
    """RFC 9110 section 7.6.1."""
    gateway = start(upstream.url, with_regions)
    named = {"Accept": "text/x", "Accept-Language": "zh", "Accept-Encoding": "gzip", "X-Language": "zh-cn", "region": "cn-east-3"}
    fields = [*named.items(), ("X-Audit-Reason", "ticket 7"), ("X-Request-Id", "own-1")]

    def passed_on() -> dict[str, str]:
        return {name: value for name, value in upstream.requests[-1].fields if name in named}

    assert gateway.call("GET", READ, fields).status == 200 and passed_on() == named
    options = ",".join(["close", *(name.upper() for name, _ in fields)])
    told = gateway.call("GET", READ, [*fields, ("Connection", options)])
    assert told.status == 200 and passed_on() == {}
    record = gateway.journal.closing(told.value("Audit-Id"))
    # What is for the gateway stays.
    assert (record["reason"], record["request_id"], record.get("region_header")) == ("ticket 7", "own-1", None)
    download = "/v5/_/download/file-1"
    assert gateway.call("GET", download, [("Range", "bytes=0-1"), ("If-Range", '"a"'), ("Connection", "range, if-range")]).status == 200
    assert upstream.requests[-1].values("Range") + upstream.requests[-1].values("If-Range") == []


def test_of_fields_that_stand_twice_none_is_chosen(start, upstream):
    gateway = start(upstream.url)
    twice = gateway.call("GET", READ, [("X-Language", "zh-cn"), ("X-Language", "en-us")])
    assert (twice.status, twice.error_code) == (400, "HSSGW.4000") and "X-Language" in twice.json["error_msg"]
    assert upstream.requests == []
    twice = [("Accept", "a/b"), ("Accept", "c/d"), ("Accept-Language", "zh"), ("Accept-Language", "en"), ("X-Request-Id", "a"), ("X-Request-Id", "b")]
    lists = gateway.call("GET", READ, twice)
    assert lists.status == 200
    assert upstream.requests[-1].value("Accept") == "a/b, c/d" and upstream.requests[-1].value("Accept-Language") == "zh, en"
    record = gateway.journal.closing(lists.value("Audit-Id"))
    assert record["request_id"] == record["id"]


def test_hss_says_nothing_in_the_gateway_s_name(start, upstream):
    upstream.handler = lambda request, connection: answer(fields=[
        ("Audit-Id", "x"), ("X-HSSGW-Source", "gateway"), ("X-HSSGW-Waited-Ms", "5"), ("X-HSSGW-Key-Expires", "x"), ("x-hssgw-else", "x"),
        ("Idempotency-Replayed", "true"), ("X-Else", "1")])
    gateway = start(upstream.url)
    relayed = gateway.call("GET", READ)
    assert relayed.value("X-HSSGW-Source") == "upstream" and relayed.value("Audit-Id") != "x" and relayed.value("X-Else") == "1"
    assert [name for name, _ in relayed.fields if name.lower().startswith("x-hssgw-")] == ["X-HSSGW-Source"]
    assert relayed.value("Idempotency-Replayed") is None
