"""The console in a real browser: what callers write into the journal is shown as text, and is nothing else."""

import os
import re

import pytest

from harness import wire
from harness.browser import BROWSER, browse
from harness.deadline import eventually
from harness.process import Gateway

HOSTILE = "<img src=x onerror=document.title=1><script>document.title=2</script>"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")


@pytest.fixture(scope="module")
def busy_gateway(tmp_path_factory):
    """A gateway with an export, refusals, and texts that would like to be more than texts."""
    gateway = Gateway.start(tmp_path_factory.mktemp("console"), ["--sandbox"])
    fields = [("Content-Type", "application/json"), ("X-Audit-Reason", HOSTILE)]
    gateway.task = gateway.call("POST", "/v5/_/image/baseline/export", fields, b"{}").json["task_id"]

    def poll():
        polled = gateway.call("GET", f"/v5/_/export-task/{gateway.task}").json
        return polled["task_status"] == "success" and polled

    polled = eventually(poll, "the end of the task")
    gateway.call("GET", f"/v5/_/download/{polled['file_id']}")
    gateway.call("GET", "/v5/_/no/such/<svg onload=document.title=3>".replace(" ", "%20").replace("<", "%3C").replace(">", "%3E"))
    gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    yield gateway
    gateway.stop()


def test_the_page_takes_nothing_from_elsewhere_and_runs_nothing_inline(busy_gateway):
    page = wire.call(busy_gateway.admin, "GET", "/")
    policy = page.value("Content-Security-Policy")
    assert page.status == 200 and "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    html = page.body.decode()
    assert not re.search(r"\son\w+=|style=|https?://|<script>", html)
    for name, kind in [("console.css", "text/css"), ("console.js", "text/javascript")]:
        file = wire.call(busy_gateway.admin, "GET", f"/{name}")
        assert file.status == 200 and file.value("Content-Type").startswith(kind) and name in html
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://", file.body.decode())


def test_records_are_shown_with_their_filters(busy_gateway, tmp_path):
    # The newest page; how many polls lie before them is the gateway's business, which may answer one from a moment ago.
    dom = browse(busy_gateway, "#/records", tmp_path)
    for text in ["ListVulnerabilities", "ListDownloadExportedFile", "HSSGW.4030", "anonymous", '>ready<']:
        assert text in dom, text
    assert "BatchExportBaselineTask" in browse(busy_gateway, "#/records?kind=export", tmp_path)
    only = browse(busy_gateway, "#/records?kind=download&outcome=success", tmp_path)
    rows = re.search(r'<tbody id="rows">(.*?)</tbody>', only, re.S)[1]
    assert rows.count("<tr") == 1 and "ListDownloadExportedFile" in rows


def test_the_life_of_an_export_is_shown_and_hostile_text_stays_text(busy_gateway, tmp_path):
    dom = browse(busy_gateway, f"#/exports/{busy_gateway.task}", tmp_path)
    assert busy_gateway.task in dom and "Downloaded" in dom and "SHA-256" in dom
    # As text it is there; as an element it is not, and nothing of it ran.
    assert "&lt;img src=x onerror" in dom and "<img" not in dom and "<svg" not in dom
    assert "<title>hss-gateway console</title>" in dom


def test_the_state_says_which_checks_pass(busy_gateway, tmp_path):
    dom = browse(busy_gateway, "#/state", tmp_path)
    checks = re.search(r'<ul id="checks">(.*?)</ul>', dom, re.S)[1]
    assert all(name in checks for name in ["config", "journal", "clock", "draining"])


def test_a_port_with_a_token_is_asked_for_it(upstream, start, tmp_path):
    token = tmp_path / "token"
    token.write_text("the-admin-token")
    token.chmod(0o600)
    gateway = start(upstream.url, lambda document: document["admin"].update(token_file=str(token)))
    dom = browse(gateway, "", tmp_path)
    assert re.search(r'<dialog id="login"[^>]* open', dom) and "ListVulnerabilities" not in dom


def test_a_screenshot_for_whoever_wants_to_look(busy_gateway, tmp_path):
    """Not a judgement: `HSSGW_SCREENSHOTS=directory` keeps pictures of every view."""
    directory = os.environ.get("HSSGW_SCREENSHOTS")
    if not directory:
        pytest.skip("HSSGW_SCREENSHOTS names no directory")
    for name, place in [("records", "#/records"), ("exports", "#/exports"), ("trail", f"#/exports/{busy_gateway.task}"), ("state", "#/state")]:
        browse(busy_gateway, place, tmp_path, f"--screenshot={directory}/{name}.png")
        browse(busy_gateway, place, tmp_path, f"--screenshot={directory}/{name}-dark.png", "--force-dark-mode", "--enable-features=WebUIDarkMode")
