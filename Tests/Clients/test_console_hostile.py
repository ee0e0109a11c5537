"""The console of a gateway whose journal is full of hostile texts: callers, operations, projects, rules, reasons, task and file ids, addresses, errors.

The records are real lines of a journal that the gateway reads and indexes by itself; nothing between it and the browser changes an answer.
"""

import datetime
import json
import time
from urllib.parse import quote

import pytest

from harness import wire
from harness.console import AXE_RUN, OVERFLOW, PAGES, axe, browser, show  # noqa: F401
from harness.deadline import eventually
from harness.devtools import BROWSER
from harness.process import configuration, serve

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")

# Characters that reverse the text, that are invisible, that move a cursor, and that end a line.
UNSEEN = "\u202e\u2066\u200b\u0000\u0007\u001b[31m\u0085\u2028\ufeff"
TEXTS = {
    "markup": "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>\"'--><svg onload=document.title='taken'>",
    "unseen": f"a{UNSEEN}b",
    "long": "x" * 10_000,
    "word": "Ünïcödé漢字🙂" * 200,
    "address": "javascript:document.title='taken'//%0d%0a#/records?caller=<b>&../../../etc",
    "template": "{n} {who} ${1} $& __proto__ constructor toString",
}


def record(seq: int, moment: float, text: str, **members) -> str:
    """A line with a hostile text in each string that outsiders can influence."""
    return json.dumps({
        "v": 1, "seq": seq, "id": f"01900000-0000-7000-8000-{seq:012x}", "phase": "response",
        "time": f"{datetime.datetime.fromtimestamp(moment, datetime.timezone.utc):%Y-%m-%dT%H:%M:%S.%f}Z", "request_id": text,
        "caller": {"name": text, "method": text, "address": text}, "operation": text, "kind": "read", "method": text[:2_000], "path": "/" + text, "query": text,
        "project": {"name": text, "id": text, "region": text}, "enterprise_project_id": {"value": text, "source": text}, "credential": {"name": text, "type": text, "access_key_tail": text},
        "decision": "allow", "rule": text, "reason": text, "status": 200, "outcome": "success", "source": "upstream",
        "upstream": {"request_id": text, "attempts": 1, "total_us": 1_500, "error": text}, "duration_us": 5_000, "user_agent": text,
        "gateway": {"instance": "gw", "version": "0.1.0", "config_sha256": "d" * 64}, **members}, separators=(",", ":")) + "\n"


def lines() -> list[str]:
    begin, made = time.time() - 600, []

    def add(text, **members):
        made.append(record(len(made), begin + len(made), text, **members))

    for name, text in TEXTS.items():
        add(text)
        add(text, phase="refusal", outcome="refused", status=403, error_code=text, decision="deny", source="gateway")
        add(text, phase="event", event=text, detail={text[:500]: text, "count": 3, "error_code": text})
        # Enough for the overview to list them; all other texts are short, since they are read again and again.
        for _ in range(21):
            add("", caller={"name": text}, phase="refusal", outcome="refused", status=403, error_code="HSSGW.4032", decision="deny", source="gateway")
        # An export whose file another caller downloaded, with such names of task and file, and an interrupted one.
        task, file = text, "file " + text
        add(text, kind="export", export={"task_id": task})
        add(text, export={"task_id": task, "file_id": file, "record_total_num": 3})
        add("other " + text, kind="download", project={"name": text, "id": text, "region": text}, export={"file_id": file},
            response_body={"bytes": 7, "sha256": "a" * 64}, reason=text)
        add(text, kind="export", export={"task_id": name})
        add(text, export={"task_id": name, "file_id": "file of " + name, "record_total_num": 3})
        add(text, kind="download", outcome="failure", export={"file_id": "file of " + name}, response_body={"bytes": 7})
    return made


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    directory = tmp_path_factory.mktemp("hostile")
    document = configuration(directory, "http://127.0.0.1:9")
    audit = directory / "audit"
    audit.mkdir(mode=0o700)
    segment, made = audit / f"journal-{0:020d}.jsonl", lines()
    segment.write_text("".join(made))
    segment.chmod(0o600)
    gateway = serve(directory, document)
    try:
        eventually(lambda: sum(wire.call(gateway.admin, "GET", "/audit/usage").json["as_of"].values()) >= len(made), "the journal is counted", patience=120, pause=0.2)
        yield gateway
    finally:
        gateway.stop()


@pytest.fixture
def tab(browser):
    tab = browser.tab()
    tab.look()
    yield tab
    tab.close()


def judge(tab, where: str):
    assert tab.complaints == [], where
    assert tab.run('document.querySelectorAll("main img, main script, iframe, [onerror], [onload], main style").length') == 0, where
    assert tab.run('[...document.querySelectorAll("a[href]")].every((one) => ["http:", "blob:"].includes(new URL(one.href).protocol))'), where
    assert "taken" not in tab.run("document.title"), where
    # Neither in the text nor in a name for screen readers.
    said = tab.run('''document.body.innerText + [...document.querySelectorAll("[title], [aria-label], option")].map((one) =>
      (one.getAttribute("title") || "") + (one.getAttribute("aria-label") || "") + one.textContent).join("\\n")''')
    assert [hex(ord(one)) for one in UNSEEN if one in said and one not in "[31m"] == [], where
    # A long word may be cut where there is no space for it; it may not displace anything, nor fill the page.
    assert [one for one in tab.run(OVERFLOW) if not one.startswith("cut:")] == [], where
    tab.run(axe() + "; 0")
    assert tab.run(AXE_RUN) == [], where


def test_the_journal_is_read_as_it_stands(gateway):
    exports, cursor = [], ""
    while cursor is not None:
        page = wire.call(gateway.admin, "GET", "/audit/exports?limit=100" + cursor, timeout=60).json
        exports += page["exports"]
        cursor = "&cursor=" + page["next_cursor"] if "next_cursor" in page else None
    assert {export["task_id"] for export in exports} == {*TEXTS, *TEXTS.values()}
    assert {export["state"] for export in exports} == {"downloaded", "download_incomplete"}
    kinds = {item["kind"] for item in wire.call(gateway.admin, "GET", "/audit/attention").json["items"]}
    assert {"refusal_burst", "file_fetched_by_other", "download_incomplete"} <= kinds
    callers = {caller["name"] for caller in wire.call(gateway.admin, "GET", "/audit/usage").json["callers"]}
    assert set(TEXTS.values()) <= callers


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "phone"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_hostile_records_as_text(gateway, tab, page, size):
    tab.look(*size)
    show(tab, gateway.admin, page)
    tab.run('document.querySelectorAll(".twist, .more summary").forEach((one) => one.click())')
    judge(tab, page)


@pytest.mark.parametrize("name", TEXTS)
def test_a_life_of_a_hostile_name_is_shown_as_text(gateway, tab, name):
    text = TEXTS[name]
    tab.look(*[(1440, 900), (390, 844)][len(name) % 2])
    # A name longer than an address allows can't be linked to; its export has a short name here.
    task = text if len(text.encode()) < 2_000 else name
    show(tab, gateway.admin, "exports/" + quote(task, safe=""), loaded='document.querySelector("main ol.steps li")')
    judge(tab, name)
    assert tab.run('document.querySelectorAll("ol.steps > li:not(.gap)").length') >= 3


@pytest.mark.parametrize("name", ["markup", "unseen", "address", "template"])
def test_a_click_on_a_hostile_value_asks_for_just_that_value(gateway, tab, name):
    text = TEXTS[name]
    show(tab, gateway.admin, "records?" + "caller=" + quote(text, safe=""), language="zh")
    tab.until('document.querySelectorAll("tr.entry").length > 0')
    judge(tab, name)
    tab.run('document.querySelector(".twist").click()')
    tab.until('document.querySelector(".detail .sentence")')
    judge(tab, name)
