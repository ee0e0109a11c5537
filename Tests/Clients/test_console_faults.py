"""The console with faults: hostile values, a token, refusals of every kind, a gateway that disappears and comes back."""

import json
import re
import threading
from urllib.parse import urlsplit

import pytest

from harness import wire
from harness.console import AXE_RUN, OVERFLOW, PAGES, axe, browser, gateway, show  # noqa: F401
from harness.devtools import BROWSER
from harness.page import PATIENCE
from harness.ports import free_port
from harness.process import configuration, serve, write_secret

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")

HOSTILE = "<img src=x onerror=document.title='taken'>\u202e</script>{n}" + "\u200b" + "A" * 10_000
# The page needs the format of these: a number's position, a time, a word that it looks up. Everything else is
# hostile.
KEPT = re.compile(r"^(instance|id|seq|time|phase|t|since|until|started|ended|seen|at|first|last|state|link|checkpoint_at|changed|ends|made|last_used|retry_at|cursor|next_cursor|newest_cursor|as_of)$")


@pytest.fixture
def tab(browser):
    tab = browser.tab()
    tab.look()
    yield tab
    tab.close()


def spoiled(value, key=""):
    """The same answer with a hostile text in each of its strings."""
    if isinstance(value, dict):
        return {name: spoiled(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [spoiled(one, key) for one in value]
    return HOSTILE if isinstance(value, str) and not KEPT.match(key) else value


def is_console(path: str) -> bool:
    return path == "/" or path.startswith("/console")


@pytest.mark.parametrize("page", [*PAGES, "trail"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "phone"])
def test_a_hostile_text_in_every_value_stays_text(gateway, tab, page, size):
    def instead(method, address):
        parts = urlsplit(address)
        if is_console(parts.path):
            return None
        answer = wire.call(gateway.admin, method, parts.path + ("?" + parts.query if parts.query else ""))
        kind = answer.value("Content-Type") or "text/plain"
        content = json.dumps(spoiled(answer.json)).encode() if kind.startswith("application/json") else answer.body
        return answer.status, kind, content

    tab.look(*size)
    tab.intercept(instead)
    show(tab, gateway.admin, f"exports/{gateway.task}" if page == "trail" else page)
    tab.run('document.querySelectorAll(".twist").forEach((one, i) => i < 2 && one.click())')
    assert tab.complaints == []
    assert tab.run('document.querySelectorAll("img, script:not([src]), iframe, [onerror]").length') == 0
    assert "taken" not in tab.run("document.title")
    shown = tab.run("document.body.innerText")
    assert "\u202e" not in shown and "\u200b" not in shown
    # A word of ten thousand letters may be cut where there is no space for it; it may not displace anything.
    assert [one for one in tab.run(OVERFLOW) if not one.startswith("cut:")] == []


FAULTS = {
    409: ("The central copy was changed", "application/json", b'{"error":"Row 12 of gw-a is not what its line says."}'),
    421: ("Not under this name", "application/json", b'{"error":"This port answers to local names only."}'),
    503: ("This could not be read", "application/json", b'{"error":"The central database can\'t be read."}'),
    500: ("This could not be read", "text/html", b"<h1>none</h1>"),
    404: ("This gateway doesn't have this", "application/json", b'{"error":"none"}'),
    403: ("This token may not see this", "application/json", b'{"error":"The role auditor may not do this."}'),
}


@pytest.mark.parametrize("status", FAULTS)
def test_a_refusal_is_said_in_words_and_the_rest_of_the_page_stays(gateway, tab, status):
    title, kind, content = FAULTS[status]
    tab.intercept(lambda method, address: (status, kind, content) if re.search(r"/audit/(records|exchanges)", address) else None)
    show(tab, gateway.admin, "records")
    assert title in tab.run('document.querySelector("main .trouble, main .nothing").innerText')
    assert tab.run('document.querySelectorAll(".filter-bar input").length') > 1
    tab.run(axe() + "; 0")
    assert tab.run(AXE_RUN) == [] and tab.run(OVERFLOW) == [] and tab.complaints == []


def test_a_refusal_that_ends_is_forgotten_at_the_next_try(gateway, tab):
    tab.intercept(lambda method, address: (503, "application/json", b'{"error":"busy"}') if "/audit/exports" in address else None)
    show(tab, gateway.admin, "exports")
    tab.until('document.querySelector(".trouble button")')
    tab.intercept(None)
    tab.run('document.querySelector(".trouble button").click()')
    tab.until('document.querySelectorAll(".exports tr.entry").length === 1 && !document.querySelector(".trouble")')


def test_a_page_that_loads_shows_its_shape(gateway, tab):
    asked, go_on = threading.Event(), threading.Event()

    def instead(method, address):
        if "/audit/exports" in address:
            asked.set()
            go_on.wait(PATIENCE)
        return None

    tab.intercept(instead)
    show(tab, gateway.admin, "exports", loaded='document.querySelector(".part .skeleton")')
    assert asked.wait(PATIENCE)
    assert tab.run('document.querySelectorAll(".part .bone").length') > 1
    assert tab.run('document.querySelector(".part [role=status] .sr").textContent') == "Loading …"
    go_on.set()
    tab.until('document.querySelectorAll(".exports tr.entry").length === 1')


def test_a_port_with_a_token_asks_for_it_before_anything_is_shown(tab, start, upstream, tmp_path):
    token = write_secret(tmp_path / "token", "the-admin-token")
    gateway = start(upstream.url, lambda document: document["admin"].update(token_file=token))
    for page in PAGES:
        show(tab, gateway.admin, page, loaded='document.getElementById("login").open')
        assert tab.run('document.getElementById("main").children.length') == 0
    tab.press("Escape")
    assert tab.run('document.getElementById("login").open')
    for wrong in ["not-the-token", "не-ascii"]:
        tab.type(wrong)
        tab.press("Enter")
        tab.until('document.getElementById("login-problem").textContent === "That is not the token."')
        tab.until('document.activeElement.type === "password" && document.activeElement.selectionStart === 0 && document.activeElement.selectionEnd > 0')
    tab.run(axe() + "; 0")
    assert tab.run(AXE_RUN) == []
    tab.type("the-admin-token")
    tab.press("Enter")
    tab.until('!document.getElementById("login").open && document.querySelector("main .panel")')
    # It is only in the memory of the page.
    assert tab.run('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])').find("the-admin-token") < 0
    tab.call("Page.reload")
    tab.until('document.getElementById("login")?.open')


def test_a_gateway_that_vanishes_leaves_what_is_shown_and_is_found_again(tab, upstream, tmp_path):
    document = configuration(tmp_path, upstream.url)
    # Nobody else gets the port while it is free.
    document["admin"]["address"] = f"127.0.0.1:{free_port()}"
    first = serve(tmp_path, document)
    try:
        first.call("GET", "/v5/_/no/such")
        show(tab, first.admin, "fleet")
        shown = tab.run('document.querySelector(".fleet tbody b").textContent')
        first.stop()
        # The page detects it by itself, shows the time of its data, and keeps the content.
        tab.until('!document.getElementById("offline").hidden')
        assert "does not answer" in tab.run('document.getElementById("offline").textContent')
        assert tab.run('document.querySelector(".fleet tbody b").textContent') == shown
    finally:
        first.kill()
    again = serve(tmp_path, document)
    try:
        tab.until('document.getElementById("offline").hidden')
        tab.run('document.querySelector("nav a[href=\\"#/records\\"]").click()')
        tab.until('document.querySelectorAll("tr.entry").length === 1')
    finally:
        again.stop()
