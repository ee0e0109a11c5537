"""Virtual access keys: the official SDK with a pair issued by the gateway, and recorded requests of Go and Java."""

import datetime
import hashlib
import hmac
import http.client
from urllib.parse import quote, unquote

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.formdata import FormFile
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from huaweicloudsdkhss.v5 import (
    BatchExportBaselineTaskRequest, BatchExportSWRBaselineInfoRequestInfo, HssClient, ListQueryExportTaskRequest,
    ListSecurityEventsRequest, ListVulnerabilitiesRequest, UploadReportLogoRequest, UploadReportLogoRequestBody,
)

from harness import wire
from harness.commands import create_key, revoke_key
from harness.deadline import eventually
from harness.process import ACCESS_KEY, PROJECT, SECRET_KEY, configuration, serve
from harness.upstream import answer
from test_recorded_requests import RECORDED, Recording


def virtual(document):
    document["callers"] = [{"name": "sdk-team", "authenticate": {"virtual_key": True}, "projects": ["prod"]}]


@pytest.fixture(scope="module")
def place(sandbox, tmp_path_factory):
    """A gateway that recognises its callers only by virtual keys, and one such key."""
    directory = tmp_path_factory.mktemp("virtual")
    document = configuration(directory, sandbox.url)
    virtual(document)
    gateway = serve(directory, document)
    key = create_key(directory, "sdk-team", "--virtual")
    client = client_of(gateway, key)
    eventually(lambda: call(client) is None, "the new key")
    yield gateway, key
    gateway.stop()
    gateway.journal.check_form()


def client_of(gateway, key) -> HssClient:
    credentials = BasicCredentials(key["access_key"], key["secret_key"], PROJECT)
    return HssClient.new_builder().with_credentials(credentials).with_endpoint(f"http://{gateway.data}").build()


# Every call of the tests has a different query: the SDK's date has whole seconds, so two equal calls would be one and its replay.
counter = iter(range(1, 1_000_000))


def call(client) -> str | None:
    """The error code of a small call, or None."""
    try:
        client.list_vulnerabilities(ListVulnerabilitiesRequest(limit=10, offset=next(counter)))
        return None
    except ClientRequestException as error:
        return error.error_code


def test_the_official_sdk_works_with_a_virtual_key_and_the_cloud_sees_the_real_one(place, sandbox):
    gateway, key = place
    client = client_of(gateway, key)
    start = sandbox.ledger.total()
    assert client.list_vulnerabilities(ListVulnerabilitiesRequest(limit=7, vul_name="a b+c%/ü~", offset=next(counter)))
    assert client.list_security_events(
        ListSecurityEventsRequest(category="host", severity_list=["High", "Low", "High"], event_types=[1003, 1002], offset=next(counter)))
    created = client.batch_export_baseline_task(
        BatchExportBaselineTaskRequest(export_size=next(counter), body=BatchExportSWRBaselineInfoRequestInfo(operate_all=True)))
    assert client.list_query_export_task(ListQueryExportTaskRequest(task_id=created.task_id)).task_id == created.task_id
    seen = sandbox.ledger.entries(after=start)
    assert len(seen) == 4
    assert key["access_key"] not in str(seen) and ACCESS_KEY in str(seen)
    record = [record for record in gateway.journal.records() if record["phase"] == "response"][-1]
    assert record["operation"] == "ListQueryExportTask" and record["caller"]["name"] == "sdk-team" and record["caller"]["method"] == "virtual_key"
    assert record["detail"] == {"caller_key": key["access_key"]}


def test_a_form_is_signed_without_its_body(place, tmp_path):
    gateway, key = place
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG" + bytes(range(256)))
    with open(logo, "rb") as file:
        body = UploadReportLogoRequestBody(file=FormFile(file))
        client_of(gateway, key).upload_report_logo(UploadReportLogoRequest(body=body))


def signed(gateway, key, target: str, method="POST", body=b'{"operate_all":true}', date: str | None = None, fields=None):
    """A request signed by the official signer."""
    path, _, query = target.partition("?")
    headers = {"Content-Type": "application/json", "Host": gateway.data, **(fields or {})}
    if date:
        headers["X-Sdk-Date"] = date
    request = SdkRequest(
        method=method, schema="http", host=gateway.data, resource_path=path, body=body.decode(), header_params=headers,
        query_params=[tuple(unquote(part) for part in pair.split("=")) for pair in query.split("&") if pair])
    done = Signer(BasicCredentials(key["access_key"], key["secret_key"])).sign(request)
    return done.uri, done.header_params


def send(gateway, method, target, headers, body) -> wire.Response:
    return gateway.call(method, target, list(headers.items()), body)


EXPORT = f"/v5/{PROJECT}/image/baseline/export?export_size="


def test_one_flipped_byte_anywhere_is_a_mismatch_and_nothing_reaches_the_cloud(place, sandbox):
    gateway, key = place
    body = b'{"operate_all":true,"note":"0123456789"}'
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=body)
    start = sandbox.ledger.total()
    changes = [(target, headers, body.replace(b"5", b"6")), (target.replace("export_size=", "export_size=1"), headers, body)]
    changes += [(target, headers, body + b" "), (target, headers | {"Content-Type": "application/json "}, body + b"\n")]
    date = headers["X-Sdk-Date"]
    changes.append((target, headers | {"X-Sdk-Date": date[:-2] + ("1Z" if date[-2] != "1" else "2Z")}, body))
    for position in (-1, -32, -64):
        text = headers["Authorization"]
        flipped = text[:position] + ("0" if text[position] != "0" else "1") + (text[position + 1:] if position != -1 else "")
        changes.append((target, headers | {"Authorization": flipped}, body))
    for changed_target, changed_headers, changed_body in changes:
        answer = send(gateway, "POST", changed_target, changed_headers, changed_body)
        assert (answer.status, answer.error_code) == (401, "HSSGW.4011"), (changed_target, changed_body)
    assert sandbox.ledger.total() == start
    # Unchanged, it is accepted the first time, and refused the second time.
    assert send(gateway, "POST", target, headers, body).status == 200
    replayed = send(gateway, "POST", target, headers, body)
    assert (replayed.status, replayed.error_code) == (401, "HSSGW.4013")
    assert sandbox.ledger.total() == start + 1
    assert headers["Authorization"].split("Signature=")[1] not in replayed.body.decode()


@pytest.mark.parametrize(("minutes", "code"), [(-16, "HSSGW.4012"), (16, "HSSGW.4012"), (-14, None), (14, None)])
def test_a_date_may_be_fifteen_minutes_off(place, minutes, code):
    gateway, key = place
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    body = b"{}"
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), date=moment.strftime("%Y%m%dT%H%M%SZ"), body=body)
    answer = send(gateway, "POST", target, headers, body)
    if code:
        assert (answer.status, answer.error_code) == (401, code)
    else:
        assert answer.status == 200
        assert send(gateway, "POST", target, headers, body).error_code == "HSSGW.4013"


def test_a_replay_is_refused_by_every_worker(place):
    gateway, key = place
    target, headers = signed(gateway, key, f"/v5/{PROJECT}/host-management/hosts?limit={next(counter) % 200 + 1}", method="GET", body=b"")
    answers = [send(gateway, "GET", target, headers, None) for _ in range(12)]
    assert sorted(answer.status for answer in answers) == [200] + [401] * 11


def test_a_revoked_pair_and_an_unknown_one_are_the_same_to_a_caller(place, tmp_path):
    gateway, key = place
    other = create_key(gateway.directory, "sdk-team", "--virtual")
    eventually(lambda: call(client_of(gateway, other)) is None, "the other key")
    revoke_key(gateway.directory, other["access_key"])
    eventually(lambda: call(client_of(gateway, other)) == "HSSGW.4010", "its end")
    unknown = {"access_key": other["access_key"][:-1] + ("A" if other["access_key"][-1] != "A" else "B"), "secret_key": other["secret_key"]}
    assert call(client_of(gateway, unknown)) == "HSSGW.4010"
    assert call(client_of(gateway, key | {"secret_key": other["secret_key"]})) == "HSSGW.4011"
    # A caller without proof isn't recognised: dummy keys, which suffice for recognition by address, don't
    # suffice here.
    assert call(client_of(gateway, {"access_key": "dummy", "secret_key": "dummy"})) == "HSSGW.4010"


def test_no_secret_key_is_kept_anywhere(place):
    gateway, key = place
    for path in [file for file in gateway.directory.rglob("*") if file.is_file()]:
        assert key["secret_key"].encode() not in path.read_bytes(), path
    assert SECRET_KEY not in gateway.log


def test_what_a_signature_leaves_out_is_marked_in_the_record(place):
    gateway, key = place
    added = {"X-Audit-Reason": "made up on the way", "X-Request-Id": "mine-1"}

    def not_signed(headers) -> list[str] | None:
        answer = send(gateway, "POST", target, headers, b"{}")
        assert answer.status == 200, answer.body
        return gateway.journal.closing(answer.value("Audit-Id"))["detail"].get("not_signed")

    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}")
    assert not_signed(headers | added) == ["x-audit-reason", "x-request-id"]
    traced = {"Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}")
    assert not_signed(headers | traced) == ["traceparent"]
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}", fields=added | traced)
    assert not_signed(headers) is None


def test_a_body_that_the_signature_leaves_out_is_named_in_words(place):
    gateway, key = place
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), fields={"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"})
    answer = send(gateway, "POST", target, headers, b'{"operate_all":true}')
    assert (answer.status, answer.error_code) == (401, "HSSGW.4011") and "body isn't covered" in answer.json["error_msg"]


def test_what_the_gateway_refused_may_come_again_byte_by_byte(sandbox, start):
    def limited(document):
        virtual(document)
        document["callers"][0]["limits"] = {"requests_per_second": 1, "burst": 1}
        document["callers"][0]["require_reason"] = ["export"]

    gateway = start(sandbox.url, limited)
    key = create_key(gateway.directory, "sdk-team", "--virtual")
    eventually(lambda: call(client_of(gateway, key)) is None, "the new key")

    def wait_out(call):
        answers = []
        eventually(lambda: answers.append(call()) or answers[-1].error_code_or_none != "HSSGW.4290", "the end of the limit")
        return answers

    target, headers = signed(gateway, key, f"/v5/{PROJECT}/host-management/hosts?limit=77", method="GET", body=b"")
    answers = wait_out(lambda: coded(send(gateway, "GET", target, headers, None)))
    assert [answer.error_code_or_none for answer in answers[:-1]] == ["HSSGW.4290"] * (len(answers) - 1) and answers[-1].status == 200
    assert wait_out(lambda: coded(send(gateway, "GET", target, headers, None)))[-1].error_code == "HSSGW.4013"
    # A signature of a request that the policy refused isn't stored: it is refused for the same reason again,
    # not as a replay.
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}")
    for _ in range(2):
        assert wait_out(lambda: coded(send(gateway, "POST", target, headers, b"{}")))[-1].error_code == "HSSGW.4004"


def coded(answer: wire.Response) -> wire.Response:
    answer.error_code_or_none = None if answer.status == 200 else answer.error_code
    return answer


def test_the_same_bytes_with_an_idempotency_key_get_the_first_answer(place, sandbox):
    gateway, key = place
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}", fields={"Idempotency-Key": f"retry-{next(counter)}"})
    first, second = (send(gateway, "POST", target, headers, b"{}") for _ in range(2))
    assert (first.status, second.status) == (200, 200) and first.json["task_id"] == second.json["task_id"]
    assert second.value("Idempotency-Replayed") == "true"
    # An idempotency key that was added to a signature which was used without it makes no second export.
    start = sandbox.ledger.total()
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}")
    assert send(gateway, "POST", target, headers, b"{}").status == 200
    forged = send(gateway, "POST", target, headers | {"Idempotency-Key": f"forged-{next(counter)}"}, b"{}")
    assert (forged.status, forged.error_code) == (401, "HSSGW.4013") and sandbox.ledger.total() == start + 1


def test_the_same_bytes_with_a_signed_idempotency_key_leave_again_when_hss_refused_them(start, upstream):
    def no_pace(document):
        virtual(document)
        document["upstream"] = {"flow_control": "off"}

    gateway = start(upstream.url, no_pace)
    key = create_key(gateway.directory, "sdk-team", "--virtual")
    eventually(lambda: call(client_of(gateway, key)) is None, "the new key")
    before = len(upstream.requests)

    def throttled(received, connection):
        upstream.handler = lambda received, connection: answer(b'{"task_id":"the-one-task"}')
        return answer(b'{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached"}', status=429)

    upstream.handler = throttled
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}", fields={"Idempotency-Key": "once-more"})
    answers = [send(gateway, "POST", target, headers, b"{}") for _ in range(3)]
    assert [each.status for each in answers] == [429, 200, 200] and answers[2].value("Idempotency-Replayed") == "true"
    assert len(upstream.requests) == before + 2
    # An idempotency key that the signature doesn't cover is ignored: its request is not sent a second time.
    upstream.handler = throttled
    target, headers = signed(gateway, key, EXPORT + str(next(counter)), body=b"{}")
    answers = [send(gateway, "POST", target, headers | {"Idempotency-Key": "beside"}, b"{}") for _ in range(2)]
    assert [each.status for each in answers] == [429, 401] and answers[1].error_code == "HSSGW.4013"
    assert len(upstream.requests) == before + 3


# --- Go and Java -----------------------------------------------------------------------------------------------------------------

def canonical(language: str, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> tuple[str, str]:
    """The canonical request of the SDK for Go or Java by the table of their differences, written only from that table: the text and the names of
    the signed fields."""
    path, _, query = target.partition("?")
    segments = [quote(unquote(segment), safe="~") for segment in path.split("/")]
    pairs = [tuple(unquote(part) for part in pair.partition("=")[::2]) for pair in query.split("&") if pair]
    # Python's sort is stable, like a TreeMap of lists for the values of one key.
    pairs = sorted(pairs) if language == "go" else sorted(pairs, key=lambda pair: quote(pair[0], safe="~"))
    # Go doesn't sign the host, and neither signs the content type.
    left_out = {"content-type", "authorization", "accept", "accept-encoding", "connection", "content-length"}
    left_out |= {"host"} if language == "go" else set()
    fields = sorted((name.lower(), value.strip()) for name, value in headers if name.lower() not in left_out)
    payload = dict(fields).get("x-sdk-content-sha256") or hashlib.sha256(body).hexdigest()
    lines = [method, "/".join(segments).rstrip("/") + "/", "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in pairs)]
    lines += [f"{name}:{value}" for name, value in fields] + ["", ";".join(name for name, _ in fields), payload]
    return "\n".join(lines), lines[-2]


REPLAYABLE = [
    path for path in RECORDED
    if path.name.startswith(("go-", "java-")) and not any(word in path.name for word in ("escaping", "preset-Authorization", "path-prefix"))
]


@pytest.mark.parametrize("path", REPLAYABLE, ids=lambda path: path.stem)
def test_what_go_and_java_send_is_accepted_when_signed_with_a_virtual_key(place, path):
    gateway, key = place
    recording = Recording(path)
    language = path.name.split("-")[0]
    date = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=next(counter) % 800)).strftime("%Y%m%dT%H%M%SZ")
    head = recording.bytes.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")[1:]
    headers = []
    for name, value in (field.split(":", 1) for field in head):
        value = value.strip()
        match name.lower():
            case "host": value = gateway.data
            case "x-sdk-date": value = date
            case "authorization": continue
        headers.append((name, value))
    text, names = canonical(language, recording.method, recording.target, headers, recording.body)
    to_sign = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(text.encode()).hexdigest()}"
    signature = hmac.new(key["secret_key"].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers.append(("Authorization", f"SDK-HMAC-SHA256 Access={key['access_key']}, SignedHeaders={names}, Signature={signature}"))

    def answer() -> wire.Response:
        connection = http.client.HTTPConnection(*wire.parse_address(gateway.data), timeout=20)
        connection.putrequest(recording.method, recording.target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(recording.body or None)
        got = connection.getresponse()
        result = wire.Response(got.status, got.getheaders(), got.read())
        connection.close()
        return result

    first = answer()
    assert first.status != 401, first.body
    second = answer()
    # A request that the gateway itself refused didn't use its signature, so it is refused for the same reason
    # again.
    refused = dict(first.fields)["X-HSSGW-Source"] == "gateway"
    assert (second.status, second.error_code) == ((first.status, first.error_code) if refused else (401, "HSSGW.4013"))
