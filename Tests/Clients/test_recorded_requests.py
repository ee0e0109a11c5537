"""Recorded requests of the official SDKs for Python, Go and Java to HSS, replayed byte for byte.

`recorded/` holds one request a file, head and body, as they left the SDKs: signed with dummy keys, for another host, long ago. The names begin
with the language and describe the request.
"""

import hashlib
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from harness import wire
from harness.process import ACCESS_KEY, PROJECT, REGION, SECRET_KEY, Gateway

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.http"))

THROTTLED = '{"error_msg":"The throttling threshold has been reached","error_code":"APIGW.0308","request_id":"0"}'
DENIED = '{"error_code":"00000010","error_description":"拒绝访问"}'
KEYSTONE = '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}'

# Recorded answers of HSS: part of the recording's name, the fault that makes the sandbox answer so, what the caller gets.
ANSWERS = [
    ("-429", {"kind": "status", "status": 429, "body": THROTTLED}, 429),
    ("-500-", {"kind": "status", "status": 500, "body": '{"error_code":"HSS.0041","error_msg":"internal"}'}, 500),
    ("-302", {"kind": "redirect", "location": "http://127.0.0.1:9/elsewhere"}, "HSSGW.5022"),
    ("keystone-401", {"kind": "status", "status": 401, "body": KEYSTONE}, 401),
    ("error_description-only", {"kind": "status", "status": 400, "body": DENIED}, 400),
    # The tasks and files of these recordings don't exist in the sandbox.
    ("ListDownloadExportedFile", {"kind": "status", "status": 200, "body": "PK"}, 200),
    ("ListQueryExportTask", {"kind": "status", "status": 200, "body": '{"task_status":"running"}'}, 200),
]
# Recordings that match no HSS operation: how each SDK garbles a path parameter with a slash, and a path prefix.
REFUSED = {
    "py-23-path-param-escaping": "HSSGW.4000",
    "go-10-path-param-escaping": "HSSGW.4000",
    "java-10-path-param-escaping": "HSSGW.4000",
    "java-11-endpoint-with-path-prefix": "HSSGW.4002",
}


class Recording:
    def __init__(self, path: Path):
        self.bytes = path.read_bytes()
        head, self.body = self.bytes.split(b"\r\n\r\n", 1)
        line, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = line.split(" ")
        self.fields = {name.lower(): value.strip() for name, value in (field.split(":", 1) for field in fields)}

    def credentials(self) -> list[str]:
        """Texts that must not be passed on."""
        names = ("authorization", "x-sdk-date", "x-security-token", "user-agent", "host", "x-caller")
        texts = [self.fields[name] for name in names if name in self.fields]
        return texts + re.findall(r"(?:Access|Signature)=(\w+)", self.fields.get("authorization", ""))


def pairs(target: str) -> list[tuple[str, str]]:
    query = target.partition("?")[2]
    return sorted(tuple(unquote(part) for part in pair.partition("=")[::2]) for pair in query.split("&") if pair)


@pytest.fixture(scope="module")
def replaying_gateway(sandbox, tmp_path_factory):
    """Started from the environment alone, in front of the sandbox."""
    variables = {
        "HUAWEICLOUD_SDK_AK": ACCESS_KEY, "HUAWEICLOUD_SDK_SK": SECRET_KEY, "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT,
        "HSSGW_REGION": REGION, "HSSGW_REGIONS_CN_NORTH_4_HSS": sandbox.url,
        # Each request has to reach the sandbox, and a 429 for one of them must not delay the next.
        "HSSGW_UPSTREAM_FLOW_CONTROL": "off", "HSSGW_UPSTREAM_COALESCE": "off",
    }
    gateway = Gateway.start(tmp_path_factory.mktemp("replay"), variables=variables)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


def test_every_official_sdk_is_among_the_recordings():
    assert {language: sum(path.name.startswith(language) for path in RECORDED) for language in ("py-", "go-", "java-")} == {
        "py-": 32, "go-": 17, "java-": 17}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_request_is_answered_as_its_sdk_expects(path, replaying_gateway, sandbox):
    recording = Recording(path)
    fault, expected = next(((fault, expected) for name, fault, expected in ANSWERS if name in path.stem), (None, 200))
    expected = REFUSED.get(path.stem, expected)
    ledger = sandbox.ledger
    ledger.remove_faults()
    start = ledger.total()
    if fault:
        ledger.add_fault(**fault)

    with wire.Connection(replaying_gateway.data) as connection:
        connection.send(recording.bytes)
        response = connection.response()

    if isinstance(expected, int):
        assert response.status == expected, response.body
        assert response.value("X-HSSGW-Source") == "upstream"
        if fault:
            assert response.body.decode() == fault["body"]
    else:
        assert response.error_code == expected and response.status in (400, 403, 404, 502), response.body
        assert response.json["request_id"] == response.value("X-Request-Id")
    entries = ledger.entries(after=start)
    if path.stem in REFUSED:
        assert entries == []
        return

    (entry,) = entries
    assert entry["verdict"] == "accepted" and entry["notes"] == []
    headers = [(name.lower(), value) for name, value in entry["headers"]]
    names = [name for name, _ in headers]
    assert len(names) == len(set(names)), names
    assert names.count("authorization") == 1 and "x-security-token" not in names and "x-auth-token" not in names
    fields = dict(headers)
    assert fields["host"] == sandbox.addresses["hss"] and fields["x-project-id"] == PROJECT
    sent = json.dumps([entry["target"], entry["headers"]])
    assert [text for text in recording.credentials() if text in sent] == []

    assert entry["method"] == recording.method
    assert entry["body_sha256"] == hashlib.sha256(recording.body).hexdigest()
    assert entry["target"].partition("?")[0] == recording.target.partition("?")[0].replace("%7Bproject_id%7D", PROJECT)
    wanted = pairs(recording.target)
    if "enterprise_project_id" not in dict(wanted):
        wanted = sorted(wanted + [("enterprise_project_id", "0")])
    assert pairs(entry["target"]) == wanted
    assert fields.get("region") == recording.fields.get("region")
