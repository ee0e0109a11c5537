"""Requests that a page of another site can make a browser send: they never act as a caller that is recognised by its connection alone."""

import pytest

from harness import wire
from harness.commands import create_key
from harness.deadline import eventually
from harness.process import PROJECT

READ, EXPORT, FILE = "/v5/_/host-management/hosts", "/v5/_/image/baseline/export", "/v5/_/download/file-1"
JSON = [("Content-Type", "application/json")]
FOREIGN = [
    [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
    [("Origin", "https://evil.example")], [("Origin", "null")], [("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "same-site")],
]


def who_is_who(tmp_path):
    def change(document):
        document["listeners"] = [
            {"name": "internal", "address": "127.0.0.1:0"}, {"name": "local", "unix": str(tmp_path / "gateway.sock"), "mode": "0600"},
        ]
        document["callers"] = [
            {"name": "by-address", "authenticate": {"cidr": ["127.0.0.2/32"]}, "projects": ["prod"]},
            {"name": "by-key", "authenticate": {"api_key": True}, "projects": ["prod"]},
            {"name": "anonymous", "projects": ["prod"]},
        ]
    return change


@pytest.mark.parametrize("fields", FOREIGN, ids=lambda fields: fields[0][1])
def test_a_foreign_page_is_nobody_where_the_place_is_the_proof(start, upstream, tmp_path, fields):
    gateway = start(upstream.url, who_is_who(tmp_path))
    refused = []
    for method, target, body in [("GET", READ, None), ("POST", EXPORT, b"{}"), ("GET", FILE, None)]:
        for address in (gateway.data, str(tmp_path / "gateway.sock")):
            refused.append(wire.call(address, method, target, JSON + fields, body))
    with wire.Connection(gateway.data, source="127.0.0.2") as connection:
        connection.send(wire.request("POST", EXPORT, JSON + fields, b"{}"))
        refused.append(connection.response())
    for answer in refused:
        assert (answer.status, answer.error_code) == (403, "HSSGW.4034")
        assert not [name for name, _ in answer.fields if name.lower().startswith("access-control-")]
        record = gateway.journal.closing(answer.value("Audit-Id"))
        assert record["decision"] == "deny" and record["caller"]["name"] and record["operation"]
    assert gateway.journal.closing(refused[-1].value("Audit-Id"))["caller"]["name"] == "by-address"
    assert upstream.requests == []
    # A preflight request gets no permission, and nothing is sent.
    asked = gateway.call("OPTIONS", EXPORT, fields + [("Access-Control-Request-Method", "POST")])
    assert asked.status == 403 and not asked.values("Access-Control-Allow-Origin")
    # A key doesn't depend on the connection: it was sent deliberately.
    key = create_key(gateway.directory, "by-key")["api_key"]
    eventually(lambda: gateway.call("GET", READ, fields + [("X-HSSGW-Key", key)]).status == 200, "the new key")
    assert upstream.requests


FIREFOX = ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")


def test_a_browser_that_does_not_say_its_page_reaches_own_pages_only(start, upstream, tmp_path):
    """For a GET to a non-loopback address without TLS, browsers send nothing about the page: an image in any page."""
    gateway = start(upstream.url, who_is_who(tmp_path))
    for target in (READ, FILE):
        refused = gateway.call("GET", target, [FIREFOX])
        assert (refused.status, refused.error_code) == (403, "HSSGW.4034") and "without saying for which page" in refused.json["error_msg"]
    assert gateway.call("GET", "/-/whoami", [FIREFOX]).status == 200
    assert upstream.requests == []
    assert gateway.call("GET", READ, [FIREFOX, ("Sec-Fetch-Site", "none")]).status == 200
    key = create_key(gateway.directory, "by-key")["api_key"]
    eventually(lambda: gateway.call("GET", READ, [FIREFOX, ("X-HSSGW-Key", key)]).status == 200, "the new key")


@pytest.mark.parametrize("fields", [
    [("Sec-Fetch-Dest", "image"), ("Sec-Fetch-Mode", "no-cors")], [("Sec-CH-UA", '"Chromium";v="141"')], [("User-Agent", "mozilla/4.0 (compatible)")],
])
def test_what_only_browsers_send_is_a_browsers_also_without_the_page(start, upstream, tmp_path, fields):
    gateway = start(upstream.url, who_is_who(tmp_path))
    for method, target, more, body in [("GET", READ, [], None), ("GET", FILE, [], None), ("POST", EXPORT, JSON, b"{}")]:
        refused = gateway.call(method, target, more + fields, body)
        assert (refused.status, refused.error_code) == (403, "HSSGW.4034"), target
    assert upstream.requests == []
    # The gateway's own pages are open to it, a page of its own is no foreign one, and a key is meant.
    assert gateway.call("GET", "/-/whoami", fields).status == 200
    assert gateway.call("GET", READ, [*fields, ("Host", gateway.data), ("Sec-Fetch-Site", "same-origin")]).status == 200
    key = create_key(gateway.directory, "by-key")["api_key"]
    eventually(lambda: gateway.call("GET", READ, fields + [("X-HSSGW-Key", key)]).status == 200, "the new key")


def test_a_page_whose_name_leads_here_is_a_foreign_one(start, upstream, tmp_path):
    """DNS rebinding: page and request have the same origin, which is the page's name."""
    gateway = start(upstream.url, who_is_who(tmp_path))
    rebound = [("Host", "rebound.example:8080"), ("Origin", "http://rebound.example:8080"), ("Sec-Fetch-Site", "same-origin")]
    for method, target, fields, body in [
        ("POST", EXPORT, JSON + rebound, b"{}"), ("GET", READ, rebound, None), ("GET", "/-/whoami", rebound, None),
        ("GET", "/-/whoami", [rebound[0], FIREFOX], None),
    ]:
        refused = gateway.call(method, target, fields, body)
        assert (refused.status, refused.error_code) == (403, "HSSGW.4034"), (target, refused.body)
    assert upstream.requests == []
    # A program may use any name, and so may a browser if the operator configured it.
    assert gateway.call("GET", READ, [("Host", "rebound.example:8080")]).status == 200
    named = start(
        upstream.url, lambda document: document["listeners"][0].update(hosts=["rebound.example"]), tmp_path / "named")
    assert named.call("GET", READ, rebound).status == 200


def test_a_program_and_a_page_of_the_gateways_own_are_served(start, upstream, tmp_path):
    gateway = start(upstream.url, who_is_who(tmp_path))
    # `fetch` of Node.js says this much of Fetch Metadata.
    for fields in [[], [("User-Agent", "node"), ("Sec-Fetch-Mode", "cors")], [("Sec-Fetch-Site", "none")], [("Origin", f"http://{gateway.data}"), ("Host", gateway.data)]]:
        assert gateway.call("POST", EXPORT, JSON + fields, b"{}").status == 200


@pytest.mark.parametrize("media_type", [
    None, "", "text/plain", "text/plain; charset=application/json", "application/x-www-form-urlencoded", "application/jsonx", "application/json, text/plain",
    "multipart/form-data; boundary=b",
])
def test_a_body_has_to_say_that_it_is_json(start, upstream, media_type):
    gateway = start(upstream.url)
    fields = [] if media_type is None else [("Content-Type", media_type)]
    answer = gateway.call("POST", EXPORT, fields, b"{}")
    assert (answer.status, answer.error_code) == (400, "HSSGW.4000") and "application/json" in answer.json["hint"]
    assert upstream.requests == []
    for good in ("application/json", "Application/JSON", "application/json;charset=UTF-8", "application/json ; charset=utf-8"):
        assert gateway.call("POST", EXPORT, [("Content-Type", good)], b"{}").status == 200
    # Without a body that could be misinterpreted.
    assert gateway.call("POST", EXPORT, fields, b"").status == 200


def test_what_the_cloud_says_of_foreign_pages_is_not_passed_on(start, upstream):
    upstream.handler = lambda request, connection: (
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\naccess-control-allow-credentials: true\r\nAccess-Control-Expose-Headers: a\r\n"
        b"Cross-Origin-Resource-Policy: cross-origin\r\nTiming-Allow-Origin: *\r\nRefresh: 0;url=https://evil.example\r\nClear-Site-Data: *\r\n"
        b"Report-To: {}\r\nX-Else: 1\r\nContent-Length: 2\r\n\r\n{}")
    gateway = start(upstream.url)
    answer = gateway.call("GET", READ)
    names = {name.lower() for name, _ in answer.fields}
    assert answer.status == 200 and "x-else" in names
    meant_for_browsers = {"cross-origin-resource-policy", "timing-allow-origin", "refresh", "clear-site-data", "report-to"}
    assert not [name for name in names if name.startswith("access-control-") or name in meant_for_browsers]


ADMIN = ["/livez", "/readyz", "/metrics", "/version", "/openapi.yaml", "/audit/records", "/audit/exports", "/audit/checkpoint", "/", "/console.js", "/no/such"]


def test_the_admin_port_answers_no_foreign_page_and_no_foreign_name(start, upstream):
    gateway = start(upstream.url)
    for method, path in [("GET", path) for path in ADMIN] + [("POST", "/-/reload")]:
        for fields in FOREIGN:
            assert wire.call(gateway.admin, method, path, fields).status == 403, (path, fields)
        assert wire.call(gateway.admin, method, path, [("Host", "rebound.example")]).status == 421, path
    assert not [record for record in gateway.journal.records() if record.get("event") == "reload"]
    own = [("Host", gateway.admin), ("Origin", f"http://{gateway.admin}"), ("Sec-Fetch-Site", "same-origin")]
    assert wire.call(gateway.admin, "GET", "/audit/records", own).status == 200
    assert wire.call(gateway.admin, "POST", "/-/reload", own).status == 200


def test_with_a_token_foreign_pages_stay_out_and_names_are_free(start, upstream, tmp_path):
    token = tmp_path / "token"
    token.write_text("t" * 40)
    token.chmod(0o600)
    gateway = start(upstream.url, lambda document: document["admin"].update(token_file=str(token)))
    bearer = [("Authorization", "Bearer " + "t" * 40)]
    assert wire.call(gateway.admin, "GET", "/version", bearer + [("Host", "console.corp.example")]).status == 200
    assert wire.call(gateway.admin, "GET", "/version", bearer + [("Origin", "https://evil.example")]).status == 403
