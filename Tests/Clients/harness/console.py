"""The console in the tests: a gateway with content, and how a page is opened and checked."""

import glob
import json
import sys
from pathlib import Path

import pytest

from harness.deadline import eventually
from harness.devtools import Chromium
from harness.process import Gateway

FILES = Path(__file__).resolve().parents[3] / "Sources" / "Administration" / "Console"
PAGES = ["overview", "records", "exports", "callers", "quota", "evidence", "fleet"]
HOSTILE = "<img src=x onerror=document.title=1><script>document.title=2</script>"

# Elements that are wider than the window, or than their own box without being scrollable.
OVERFLOW = r"""
(() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > width) found.push("page " + document.documentElement.scrollWidth + " > " + width);
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest(".sr, .sr-file, .sr-focus, .skip, svg, dialog:not([open]), .cards thead")) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    let scrolls = false;
    for (let p = e.parentElement; p && p !== document.documentElement; p = p.parentElement) scrolls ||= ["auto", "scroll"].includes(getComputedStyle(p).overflowX);
    if (!scrolls && box.right > width + 1) found.push(e.tagName + "." + e.className + " ends at " + Math.round(box.right));
    if (e.matches(".pill, button, .tile-value, .tag, h1, .chip") && e.scrollWidth > e.clientWidth + 1) found.push("cut: " + e.className + " " + e.textContent.slice(0, 30));
  }
  return found.slice(0, 10);
})()
"""
AXE_RUN = """
axe.run(document, { resultTypes: ["violations"] })
  .then((found) => found.violations.map((one) => one.id + ": " + one.nodes[0].html.slice(0, 160) + " " + one.nodes[0].failureSummary.slice(0, 200)))
"""


def axe() -> str:
    """The newest axe-core in a Python package of the tests."""
    found = [name for path in sys.path for name in glob.glob(path + "/axe*/axe.min.js")]
    assert found, "no package with axe.min.js: scripts/setup.sh --tests installs one"
    return Path(sorted(found)[-1]).read_text()


def busy(directory: Path, arguments: list[str] | None = None) -> Gateway:
    """A gateway with an export and its download, refusals, and texts with markup in them."""
    gateway = Gateway.start(directory, arguments or ["--sandbox"])
    fields = [("Content-Type", "application/json"), ("X-Audit-Reason", HOSTILE)]
    gateway.task = gateway.call("POST", "/v5/_/image/baseline/export", fields, b"{}").json["task_id"]

    def poll():
        polled = gateway.call("GET", f"/v5/_/export-task/{gateway.task}").json
        return polled["task_status"] == "success" and polled

    # Each poll is a step on the export's page.
    polled = eventually(poll, "the end of the task", pause=0.2)
    gateway.file_id = polled["file_id"]
    gateway.file = gateway.call("GET", f"/v5/_/download/{polled['file_id']}").body
    gateway.call("GET", "/v5/_/no/such/<svg onload=document.title=3>".replace(" ", "%20").replace("<", "%3C").replace(">", "%3E"))
    for _ in range(6):
        gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    return gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """For tests of one gateway's console."""
    gateway = busy(tmp_path_factory.mktemp("console"))
    yield gateway
    gateway.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Chromium(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


LOADED = 'document.querySelector("main")?.children.length && !document.querySelector("main .skeleton")'


def show(tab, address: str, place: str, language: str = "en", loaded: str = LOADED):
    tab.open(f"http://{address}/?lang={language}#/{place}")
    tab.until(loaded, f"{place} is shown")


def words(language: str) -> dict[str, str]:
    return json.loads((FILES / f"words.{language}.json").read_text())
