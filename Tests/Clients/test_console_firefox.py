"""The console in Firefox ESR: every page in a width, a scheme and a language; nothing overflows, the browser reports no errors, axe finds nothing,
and keys work.

With `HSSGW_TEST_LONG=1` all combinations; `HSSGW_SCREENSHOTS=directory` keeps pictures.
"""

import itertools
import os
from pathlib import Path

import pytest

from harness.console import AXE_RUN, OVERFLOW, PAGES, axe, gateway, show  # noqa: F401
from harness.marionette import FIREFOX, Firefox

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox on this machine")

SIZES = [(1440, 900), (1024, 800), (500, 844)]  # Firefox makes no window narrower
ALL = list(itertools.product([False, True], SIZES, ["en", "zh"], [*PAGES, "trail"]))
# Each page once, with the width, the scheme and the language in turn.
SAMPLE = [(i % 2 == 1, SIZES[i % 3], ["en", "zh"][i // 2 % 2], page) for i, page in enumerate([*PAGES, "trail"])]
CHOSEN = sorted(ALL if os.environ.get("HSSGW_TEST_LONG") else SAMPLE, key=lambda one: one[0])


@pytest.fixture(scope="module")
def browsers(tmp_path_factory):
    """One for each scheme, started when it is needed."""
    made: dict[bool, Firefox] = {}

    def of(dark: bool) -> Firefox:
        if dark not in made:
            made[dark] = Firefox(tmp_path_factory.mktemp("browser"), dark)
        return made[dark]

    yield of
    for browser in made.values():
        browser.close()


@pytest.mark.parametrize("dark,size,language,page", CHOSEN, ids=[f"{page}-{size[0]}-{'dark' if dark else 'light'}-{language}" for dark, size, language, page in CHOSEN])
def test_a_page_fits_and_complains_about_nothing(gateway, browsers, dark, size, language, page):
    browser = browsers(dark)
    browser.look(*size)
    show(browser, gateway.admin, f"exports/{gateway.task}" if page == "trail" else page, language)
    assert browser.run('matchMedia("(prefers-color-scheme: dark)").matches') == dark
    if page == "records":
        browser.run('document.querySelectorAll(".twist, .more summary").forEach((one, i) => i < 3 && one.click())')
    if directory := os.environ.get("HSSGW_SCREENSHOTS"):
        browser.picture(Path(directory) / f"firefox-{page}-{size[0]}-{'dark' if dark else 'light'}-{language}.png")
    assert browser.complaints == []
    assert browser.run(OVERFLOW) == []
    browser.run("(() => { " + axe() + "; window.axe = axe; return 0; })()")
    assert browser.run(AXE_RUN) == []


def test_a_filter_a_row_and_the_language_answer_to_keys_and_clicks(gateway, browsers):
    browser = browsers(False)
    browser.look(1440, 900)
    show(browser, gateway.admin, "records", loaded='document.querySelector("tr.entry .twist")')
    browser.run('document.querySelector("tr.entry .twist").click()')
    browser.until('document.querySelectorAll(".detail-row .sentence").length === 1')
    browser.run('[...document.querySelectorAll("td .value")].find((one) => one.textContent === "ListVulnerabilities").click()')
    browser.until('location.hash.includes("operation=ListVulnerabilities") && document.querySelectorAll(".chip").length === 1')
    browser.call("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": [{"type": kind, "value": key} for key in "ge" for kind in ("keyDown", "keyUp")]}])
    browser.until('location.hash === "#/exports" && document.querySelector("tr.entry")')
    browser.run('document.querySelectorAll(".bar .seg input")[3].click()')
    browser.until('document.documentElement.lang === "zh-CN" && document.querySelector("h1").textContent === "导出任务"')
    assert browser.complaints == []
