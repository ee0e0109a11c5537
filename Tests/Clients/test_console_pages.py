"""Every page of the console in a real browser: widths, schemes and languages; nothing overflows, the browser reports no errors, axe finds nothing.

Each page in each width by default, with scheme and language in turn; `HSSGW_TEST_LONG=1` checks all combinations. `HSSGW_SCREENSHOTS=directory`
keeps pictures.
"""

import itertools
import os
from pathlib import Path

import pytest

from harness.console import AXE_RUN, OVERFLOW, PAGES, axe, browser, gateway, show  # noqa: F401
from harness.devtools import BROWSER

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")

SIZES = [(1440, 900), (1024, 800), (390, 844)]
ALL = [(*look, page) for page in [*PAGES, "trail"] for look in itertools.product(SIZES, [False, True], ["en", "zh"])]
# Each page once in each width, with scheme and language in turn.
SAMPLE = [(size, (i + j) % 2 == 0, ["en", "zh"][(i // 2 + j) % 2], page) for i, page in enumerate([*PAGES, "trail"]) for j, size in enumerate(SIZES)]
CHOSEN = ALL if os.environ.get("HSSGW_TEST_LONG") else SAMPLE


@pytest.fixture(scope="module")
def tab(browser):
    return browser.tab()


def judge(tab):
    assert tab.complaints == []
    assert tab.run(OVERFLOW) == []
    tab.run(axe() + "; 0")
    assert tab.run(AXE_RUN) == []


@pytest.mark.parametrize("size,dark,language,page", CHOSEN, ids=[f"{page}-{size[0]}-{'dark' if dark else 'light'}-{language}" for size, dark, language, page in CHOSEN])
def test_a_page_fits_and_complains_about_nothing(gateway, tab, size, dark, language, page):
    tab.look(*size, dark=dark)
    show(tab, gateway.admin, f"exports/{gateway.task}" if page == "trail" else page, language)
    if page == "records":
        tab.run('document.querySelectorAll(".twist, .more summary").forEach((one, i) => i < 3 && one.click())')
    judge(tab)
    if directory := os.environ.get("HSSGW_SCREENSHOTS"):
        tab.picture(Path(directory) / f"{page}-{size[0]}-{'dark' if dark else 'light'}-{language}.png")


@pytest.mark.parametrize("page", ["overview", "records"])
def test_more_contrast_is_given_to_who_asks_for_it(gateway, tab, page):
    tab.look(prefers_contrast="more")
    show(tab, gateway.admin, page)
    judge(tab)


def test_the_first_data_comes_after_few_requests(gateway, tab):
    tab.look()
    for page in PAGES:
        show(tab, gateway.admin, page, loaded='performance.getEntriesByType("resource").some((one) => /audit|fleet|flow|callers|credentials/.test(one.name) && one.responseEnd > 0 && !/instances/.test(one.name))')
        order = tab.run("""
          (() => {
            const all = performance.getEntriesByType("resource"), ends = all.filter((one) => !/\\.(js|css|json)|instances/.test(one.name)).map((one) => one.responseEnd).sort((a, b) => a - b);
            return all.filter((one) => one.startTime < ends[0]).length + 1;
          })()""")
        assert order <= 14, (page, order)
