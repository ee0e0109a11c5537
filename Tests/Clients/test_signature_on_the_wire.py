"""Requests on the wire, checked with the official signer from the received bytes."""

import json
from urllib.parse import unquote

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from harness.process import ACCESS_KEY, PROJECT, SECRET_KEY, configuration, serve, write_secret
from harness.upstream import Received, Upstream, answer

SECURITY_TOKEN = "temporary+token/with=marks" * 40

# All fields that a request to HSS may have. Any other must not be there.
ALLOWED = {
    "host", "content-type", "content-length", "user-agent", "accept", "accept-language", "accept-encoding", "x-language", "region",
    "x-sdk-date", "x-sdk-content-sha256", "x-project-id", "x-security-token", "x-hssgw-hops", "authorization",
}
JSON = [("Content-Type", "application/json")]
REGION_FIELD = [("region", "cn-north-4")]
LIST = "/v5/_/vulnerability/vulnerabilities"
TASK = "/v5/_/export-task/"
EXPORT = "/v5/_/image/baseline/export"

MULTIPART = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\x00\xff\r\n--b--\r\n"

CHUNKED = b'7\r\n{"a":1,\r\n6;x="y"\r\n"b":2}\r\n0\r\nTrailer: x\r\n\r\n'

REQUESTS = {
    "a plain list": ("GET", LIST + "?limit=10", [], None),
    "no query": ("GET", LIST, [], None),
    "an empty query": ("GET", LIST + "?", [], None),
    "unsorted keys": ("GET", LIST + "?type=linux_vul&offset=0&limit=10", [], None),
    "spaces and reserved characters": ("GET", LIST + "?vul_name=a%20b%26c%3Dd%25%2F%3F%23", [], None),
    "characters that need no escape": ("GET", LIST + "?vul_name=%7e%2D%2e%5f%41~-._", [], None),
    "delimiters that may stand raw": ("GET", LIST + "?vul_name=a/b:c@d!e$f'g(h)i*j,k", [], None),
    "a plus sign": ("GET", LIST + "?vul_name=a+b%2Bc", [], None),
    "lower-case escapes": ("GET", LIST + "?vul_name=%e4%bd%a0%2f", [], None),
    "characters beyond the basic plane": ("GET", LIST + "?vul_name=%F0%9F%98%80%EF%BC%A1", [], None),
    "decomposed and composed letters": ("GET", LIST + "?vul_name=e%CC%81%C3%A9", [], None),
    "repeated keys": ("GET", "/v5/_/event/events?event_types=4001&event_types=1002&event_types=10&event_types=9&category=host", [], None),
    "a key once plain and once longer": ("GET", LIST + "?vul_name=1&vul_name2=0&vul_name=0", [], None),
    "empty values": ("GET", LIST + "?vul_name=&type", [], None),
    "an equals sign in a value": ("GET", LIST + "?vul_name=a=b==", [], None),
    "a value of nine thousand bytes": ("GET", LIST + "?vul_name=" + "x%C3%A9" * 1500, [], None),
    "unicode in the path": ("GET", TASK + "%E9%95%9C%E5%83%8F%20a", [], None),
    "marks in the path": ("GET", TASK + "a!b$c&d'(e)*+,=:@~", [], None),
    "escapes in the path that need none": ("GET", TASK + "%41%7E%2d", [], None),
    "a percent sign in the path": ("GET", TASK + "100%25", [], None),
    "the project by its placeholder": ("GET", "/v5/%7Bproject_id%7D/vulnerability/vulnerabilities", [], None),
    "the project by its raw placeholder": ("GET", "/v5/{project_id}/vulnerability/vulnerabilities", [], None),
    "the project by its name": ("GET", "/v5/prod/vulnerability/vulnerabilities", [], None),
    "the project by its id": ("GET", f"/v5/{PROJECT}/vulnerability/vulnerabilities", [], None),
    "the project by a dash": ("GET", "/v5/-/vulnerability/vulnerabilities", [], None),
    "no project": ("GET", "/v5/setting/account/accounts?limit=1", [], None),
    "no project and no enterprise project": ("GET", "/v5/setting/account/trusted-services", [], None),
    "its own enterprise project": ("GET", LIST + "?enterprise_project_id=all_granted_eps", [], None),
    "a body": ("POST", EXPORT, JSON, '{"operate_all":true,"image_name":"镜像 <a+b>&"}'.encode()),
    "a body with line ends": ("POST", EXPORT, JSON, b'{\r\n  "operate_all": true\r\n}\r\n'),
    "an empty body": ("POST", EXPORT, JSON, b""),
    "no body and no length": ("POST", EXPORT + "?export_size=0", JSON, None),
    "a body with a charset": ("POST", EXPORT, [("Content-Type", "application/json; charset=utf-8")], b"{}"),
    "a body that is a list": ("POST", "/v5/_/event/export", JSON, b'[["1","2"]]'),
    "a large body": ("POST", EXPORT, JSON, json.dumps({"image_name": "a" * 3_000_000}).encode()),
    "a delete with a body": ("DELETE", "/v5/_/app/policy", JSON, b'{"policy_id":"1"}'),
    "a put": ("PUT", "/v5/_/app/policy", JSON, b'{"policy_id":"1"}'),
    "the region header": ("POST", EXPORT, JSON + REGION_FIELD, b"{}"),
    "the region header in capitals": ("POST", EXPORT, JSON + [("REGION", "cn-north-4")], b"{}"),
    "a form": ("POST", "/v5/_/report/logo/upload", [("Content-Type", "multipart/form-data; boundary=b")], MULTIPART),
    "a chunked body": ("POST", EXPORT, JSON + [("Transfer-Encoding", "chunked")], CHUNKED),
}


def judge(received: Received, host: str, token: str | None = None):
    """Recomputes the signature from the received request, and checks what applies to every request."""
    names = [name.lower() for name, _ in received.fields]
    assert len(names) == len(set(names)), f"a field stands twice: {names}"
    assert set(names) <= ALLOWED, set(names) - ALLOWED
    fields = {name.lower(): value for name, value in received.fields}
    assert received.version == "HTTP/1.1" and fields["host"] == host and fields["x-project-id"] == PROJECT
    if received.body or received.method in ("POST", "PUT"):
        assert fields["content-length"] == str(len(received.body))
    assert fields.get("x-security-token") == token
    scheme, rest = fields["authorization"].split(" ", 1)
    parts = dict(part.split("=", 1) for part in rest.split(", "))
    assert scheme == "SDK-HMAC-SHA256" and list(parts) == ["Access", "SignedHeaders", "Signature"]
    signed = parts["SignedHeaders"].split(";")
    wanted = {"host", "x-sdk-date", "content-type", "x-project-id"} | ({"region"} & set(names)) | ({"x-security-token"} & set(names))
    assert set(signed) >= wanted, signed

    path, _, query = received.target.partition("?")
    spelled = {name.lower(): name for name in ("Content-Type", "Host", "X-Sdk-Date", "X-Sdk-Content-Sha256")}
    request = SdkRequest(
        method=received.method, schema="http", host=host, resource_path=unquote(path, errors="strict"),
        query_params=[tuple(unquote(text, errors="strict") for text in pair.split("=", 1)) for pair in query.split("&") if pair],
        header_params={spelled.get(name, name): fields[name] for name in signed}, body=received.body,
    )
    signer = Signer(BasicCredentials(ACCESS_KEY, SECRET_KEY, PROJECT))
    canonical_path, canonical_query = signer._process_canonical_uri(request), signer._process_canonical_query_string(request)
    signer.sign(request)
    assert fields["authorization"] == request.header_params["Authorization"]
    # Exactly the signed request is sent; the slash at the end is in the signed form only.
    assert received.target == canonical_path.removesuffix("/") + ("?" + canonical_query if canonical_query else "")


@pytest.fixture(scope="module")
def recorder():
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def signing_gateway(recorder, tmp_path_factory):
    directory = tmp_path_factory.mktemp("signing")
    document = configuration(directory, recorder.url)
    document["callers"][0]["enterprise_projects"] = {"allowed": ["0", "all_granted_eps"]}
    gateway = serve(directory, document)
    yield gateway
    gateway.stop()


@pytest.mark.parametrize("name", REQUESTS)
def test_the_official_signer_agrees_on(name, signing_gateway, recorder):
    method, target, fields, body = REQUESTS[name]
    before = len(recorder.requests)
    response = signing_gateway.call(method, target, fields, body)
    assert response.status == 200, response.body
    (received,) = recorder.requests[before:]
    judge(received, recorder.address)

    def meaning(text):
        return sorted(tuple(unquote(part) for part in pair.partition("=")[::2]) for pair in text.partition("?")[2].split("&") if pair)

    wanted = meaning(target)
    if "trusted-services" not in target and "enterprise_project_id" not in dict(wanted):
        wanted = sorted(wanted + [("enterprise_project_id", "0")])
    assert meaning(received.target) == wanted
    tail = unquote(target.partition("?")[0]).split("/", 3)[3]
    assert unquote(received.target.partition("?")[0]) == (f"/v5/{PROJECT}/{tail}" if "/account/" not in target else f"/v5/setting/{tail}")
    if name == "a chunked body":
        assert received.body == b'{"a":1,"b":2}'
    else:
        assert received.body == (body or b"")
    assert ("region" in dict(received.fields)) == name.startswith("the region header")


def test_temporary_keys_bring_their_security_token_along(recorder, start, tmp_path):
    def change(document):
        document["credentials"][0]["security_token_file"] = write_secret(tmp_path / "gateway" / "token", SECURITY_TOKEN)

    gateway = start(recorder.url, change)
    before = len(recorder.requests)
    assert gateway.call("POST", EXPORT, JSON, b"{}").status == 200
    judge(recorder.requests[before], recorder.address, token=SECURITY_TOKEN)


INTRUSIVE = [
    ("Authorization", "Bearer caller-secret"), ("X_Auth_Token", "caller-secret"), ("X-Auth-Token", "caller-secret"),
    ("x-security-token", "caller-secret"), ("X-Subject-Token", "caller-secret"), ("X-Sdk-Date", "20200101T000000Z"),
    ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"), ("X-Project-Id", "caller-project"), ("X-Domain-Id", "caller-domain"),
    ("X-Forwarded-For", "10.9.8.7"), ("X-Forwarded-Host", "internal.example"), ("Forwarded", "for=10.9.8.7"),
    ("Via", "1.1 internal.example"),
    ("Cookie", "session=caller-secret"), ("Referer", "http://internal.example/"), ("Origin", "http://gateway:8080"),
    ("X-Custom", "internal.example"), ("Proxy-Foo", "internal.example"), ("Proxy-Authorization", "Basic caller-secret"),
    ("Connection", "X-Secret, keep-alive"), ("X-Secret", "caller-secret"), ("Keep-Alive", "timeout=5"), ("TE", "trailers"),
    ("Expect", "100-continue"), ("X-Request-Id", "caller-request-1"), ("X-Audit-Reason", "internal.example"),
    ("Idempotency-Key", "internal-1"), ("User-Agent", "curl/8 (host internal.example)"), ("X-Enterprise-Project-Id", "other"),
    ("From", "someone@internal.example"),
]


def test_nothing_of_the_caller_goes_on_that_need_not(signing_gateway, recorder):
    before = len(recorder.requests)
    fields = JSON + REGION_FIELD + [("Accept-Language", "en"), ("X-Language", "en-us")] + INTRUSIVE
    response = signing_gateway.call("POST", EXPORT, fields, b"{}")
    assert response.status == 200, response.body
    (received,) = recorder.requests[before:]
    judge(received, recorder.address)
    for text in ("caller", "internal", "10.9.8.7", "20200101T", "gateway:8080", signing_gateway.data):
        assert text.encode() not in received.head, text
    agent = received.value("User-Agent")
    assert agent.startswith("hss-gateway/") and not any(mark in agent for mark in ("@", "127.0.0.1", "localhost"))
    record = signing_gateway.journal.closing(response.value("Audit-Id"))
    assert record["request_id"] == "caller-request-1" and record["reason"] == "internal.example"


def test_of_the_upstreams_answer_cookies_and_connection_fields_stay_behind(signing_gateway, recorder):
    hidden = [
        ("Set-Cookie", "a=b"), ("Connection", "X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "timeout=9"), ("Proxy-Authenticate", "Basic"),
        ("Alt-Svc", 'h3=":443"'),
        # An upstream that repeats what it was sent.
        ("Authorization", "SDK-HMAC-SHA256 Access=a"), ("X-Auth-Token", "MII"), ("X-Security-Token", "t"), ("X-Subject-Token", "MII"),
    ]
    forged = [("Audit-Id", "forged"), ("X-HSSGW-Source", "forged")]
    recorder.handler = lambda received, connection: answer(b'{"a":1}', fields=hidden + forged + [("X-Kept", "1")])
    try:
        response = signing_gateway.call("GET", LIST)
    finally:
        recorder.handler = lambda received, connection: answer()
    assert response.status == 200 and response.body == b'{"a":1}' and response.value("X-Kept") == "1"
    assert response.value("X-HSSGW-Source") == "upstream" and response.value("Audit-Id") != "forged"
    assert response.value("X-Request-Id") == "f" * 32
    assert [name for name, _ in hidden if response.values(name)] == []


ANSWERS = {
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
    "a body of no bytes": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b""),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, b"abcde"),
    "no chunk but the last": (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 201, b""),
    "an interim answer first": (b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
    "a compressed body": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", 200, b"\x1f\x8b\x08"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_passes_in_whatever_form_it_comes(name, signing_gateway, recorder):
    data, status, body = ANSWERS[name]
    recorder.handler = lambda received, connection: data
    try:
        response = signing_gateway.call("GET", "/v5/_/download/some-file")
    finally:
        recorder.handler = lambda received, connection: answer()
    assert (response.status, response.body) == (status, body)
    assert response.value("X-HSSGW-Source") == "upstream" and response.value("Audit-Id")
    record = signing_gateway.journal.closing(response.value("Audit-Id"))
    assert (record["outcome"], record["response_body"]["bytes"]) == ("success", len(body))
