"""The console in use: keys, filters, zoom, the tail, a verification, languages, a token, a file, printing."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from harness import wire
from harness.console import HOSTILE, browser, gateway, show, words  # noqa: F401
from harness.devtools import BROWSER

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no chromium on this machine")


@pytest.fixture
def tab(browser):
    tab = browser.tab()
    tab.look()
    yield tab
    complaints = tab.complaints
    tab.close()
    assert complaints == []


def focused(tab) -> str:
    return tab.run('document.activeElement.className + " " + document.activeElement.tagName')


def rows(tab) -> int:
    return tab.run('document.querySelectorAll("tr.entry").length')


# MARK: Keys


def test_the_keyboard_leads_through_the_rows_and_back(gateway, tab):
    show(tab, gateway.admin, "records")
    tab.press("/")
    assert tab.run("document.activeElement.name") == "text"
    tab.type("jg")
    tab.press("Escape")
    assert tab.run("document.activeElement === document.body") and tab.run("location.hash") == "#/records"
    tab.press("j", "j", "k", "j")
    assert "twist" in focused(tab) and tab.run('[...document.querySelectorAll("tr.entry")].findIndex((tr) => tr.classList.contains("at"))') == 1
    tab.press("Enter")
    assert tab.run('document.querySelectorAll(".detail-row .sentence").length') == 1
    assert tab.run('document.activeElement.getAttribute("aria-expanded")') == "true"
    tab.press("Escape")
    assert tab.run('document.querySelectorAll(".detail-row").length') == 0 and "twist" in focused(tab)


def test_two_letters_lead_to_each_page(gateway, tab):
    show(tab, gateway.admin, "overview")
    for letter, page in [("r", "records"), ("e", "exports"), ("c", "callers"), ("q", "quota"), ("v", "evidence"), ("f", "fleet"), ("o", "overview")]:
        tab.press("g", letter)
        tab.until(f'location.hash === "#/{page}" && document.querySelector("nav a[aria-current=page]").hash === "#/{page}"')
    tab.press("?")
    tab.until('document.getElementById("help").open')
    tab.press("g", "r", "Escape")
    tab.until('!document.getElementById("help").open')
    assert tab.run("location.hash") == "#/overview"


# MARK: Filters and addresses


def test_a_value_is_a_filter_and_the_filter_is_the_address(gateway, tab):
    show(tab, gateway.admin, "records")
    before = rows(tab)
    tab.run('[...document.querySelectorAll("td .value")].find((one) => one.textContent === "ListVulnerabilities").click()')
    tab.until('location.hash.includes("operation=ListVulnerabilities") && document.querySelectorAll(".chip").length === 1 && document.querySelectorAll("tr.entry").length')
    assert 0 < rows(tab) < before
    # The address alone shows the same page.
    show(tab, gateway.admin, "records?operation=ListVulnerabilities")
    assert tab.run('[...document.querySelectorAll("td .value")].filter((one) => /ListQuery|Export/.test(one.textContent)).length') == 0
    tab.run('document.querySelector(".chip").click()')
    tab.until(f'location.hash === "#/records" && document.querySelectorAll("tr.entry").length >= {before}')


def test_an_id_that_is_searched_finds_its_exchange(gateway, tab):
    answer = gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    show(tab, gateway.admin, "records")
    tab.press("/")
    tab.type(answer.value("Audit-Id"))
    tab.press("Enter")
    tab.until('location.hash.includes("request_id=") && document.querySelectorAll("tr.entry").length === 1')
    assert tab.run('document.querySelector("tr.entry .value").textContent') == "anonymous"


def test_nothing_found_says_so_and_gives_one_way_out(gateway, tab):
    show(tab, gateway.admin, "records?caller=nobody-has-this-name")
    assert rows(tab) == 0 and tab.run('document.querySelector(".nothing h2").textContent') == "No exchange matches"
    tab.run('document.querySelector(".nothing button").click()')
    tab.until('document.querySelectorAll("tr.entry").length')


def test_a_period_is_zoomed_into_with_the_pointer_and_with_keys(gateway, tab):
    for zoom in ["pointer", "keys"]:
        show(tab, gateway.admin, "records")
        tab.until('document.querySelector("svg.plot.zooms")')
        if zoom == "pointer":
            x, y, width = tab.run('(() => { const box = document.querySelector("svg.plot").getBoundingClientRect(); return [box.x, box.y + 40, box.width]; })()')
            tab.drag(x + width * 0.6, y, x + width * 0.99)
        else:
            tab.run('document.querySelector("svg.plot").focus()')
            tab.press("ArrowLeft", "ArrowLeft")
            tab.press("ArrowRight", "ArrowRight", shift=True)
            tab.press("Enter")
        tab.until('location.hash.includes("since=") && location.hash.includes("until=") && document.querySelector(".chip") && document.querySelectorAll("tr.entry").length')


def test_the_tail_adds_rows_above_and_takes_no_focus(gateway, tab):
    show(tab, gateway.admin, "records")
    tab.run('document.querySelector(".switch input").click()')
    before = rows(tab)
    tab.press("j")
    focused_row = 'document.activeElement.closest("tr.entry").textContent'
    read = tab.run(focused_row)
    gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    tab.until('!document.querySelector(".fresh").hidden')
    # The user reads: nothing moves until it is requested.
    assert rows(tab) == before and tab.run(focused_row) == read
    tab.run('document.querySelector(".fresh").click()')
    tab.until(f'document.querySelectorAll("tr.entry").length === {before + 1}')
    assert tab.run(focused_row) == read
    tab.run("document.activeElement.blur()")
    gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    tab.until(f'document.querySelectorAll("tr.entry").length === {before + 2} && document.querySelector(".fresh").hidden')


# MARK: Callers


def test_what_a_caller_may_do_is_answered_in_words(gateway, tab):
    show(tab, gateway.admin, "callers")
    for path, tone, words in [("/v5/_/vulnerability/vulnerabilities", "good", "Yes: anonymous may call ListVulnerabilities."), ("/v5/_/no/such", "odd", "operation unknown")]:
        tab.run(f'document.querySelector("input[name=path]").value = "{path}"; document.querySelector(".explain button[type=submit]").click()')
        tab.until(f'document.querySelector(".explained.tone-{tone}")?.innerText.includes("{words}")')


def test_the_question_is_about_the_caller_that_is_shown_until_somebody_writes_another(gateway, tab):
    written = 'document.querySelector("input[name=caller]").value'
    for place, name in [("callers", "anonymous"), ("callers/some%20team", "some team"), ("callers/" + "x" * 300, "x" * 300)]:
        show(tab, gateway.admin, place)
        assert tab.run(written) == name
    show(tab, gateway.admin, "callers")
    assert tab.run('[...document.querySelectorAll("#callers option")].map((one) => one.value)') == ["anonymous"]
    tab.run('(() => { const field = document.querySelector("input[name=caller]"); field.value = ""; field.focus(); })()')
    for text in ("", "other"):
        tab.type(text)
        # The list is redrawn, since there is one call more.
        before = tab.run('document.querySelector("tr.entry .num").textContent')
        gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
        tab.until(f'(document.dispatchEvent(new Event("visibilitychange")), document.querySelector("tr.entry .num").textContent !== "{before}")')
        assert tab.run(written) == text


# MARK: Exports


def test_the_life_of_an_export_is_told_and_its_file_is_known(gateway, tab, tmp_path):
    show(tab, gateway.admin, "exports")
    tab.press("j", "Enter")
    tab.until('document.querySelector(".told")')
    told = tab.run('document.querySelector(".told").textContent')
    assert "anonymous asked for BatchExportBaselineTask" in told and HOSTILE in told and "Fetched whole once, by anonymous." in told
    for name, content, words in [("same", gateway.file, "byte for byte"), ("other", gateway.file + b"x", "Not this export's file")]:
        (tmp_path / name).write_bytes(content)
        tab.choose_file(".drop-panel input", tmp_path / name)
        tab.until(f'document.querySelector(".said").textContent.includes({words!r})')
    tab.press("Escape")
    # The page that is left has such a panel as well.
    tab.until('!document.querySelector(".told") && document.querySelector("tr.entry") && document.querySelector(".drop-panel input")')
    tab.choose_file(".drop-panel input", tmp_path / "same")
    tab.until(f'document.querySelector(".said").textContent.includes("{gateway.task[:7]}")')


def test_an_unknown_export_is_said(gateway, tab):
    show(tab, gateway.admin, "exports/none-of-this-name")
    assert tab.run('document.querySelector(".nothing h2").textContent') == "No such export"


def test_an_export_is_found_by_its_file_and_by_the_first_characters_of_its_task(gateway, tab):
    for text in [gateway.file_id, gateway.task[:10]]:
        show(tab, gateway.admin, f"exports/{text}")
        tab.until(f'location.hash === "#/exports/{gateway.task}" && document.querySelector(".told")', text)


def test_exports_are_filtered_by_state_and_by_who_fetched_them(gateway, tab):
    for question, count in [("", 1), ("?state=downloaded", 1), ("?state=failed", 0), ("?downloader=anonymous", 1), ("?downloader=nobody", 0), ("?cross_team=1", 0)]:
        show(tab, gateway.admin, f"exports{question}")
        assert rows(tab) == count, question
    assert tab.run('document.querySelector(".nothing h2").textContent') == "No export matches"
    tab.run('document.querySelector(".filter-bar .switch input").click()')
    tab.until('location.hash === "#/exports" && document.querySelectorAll("tr.entry").length === 1')


def long_life(gateway) -> dict:
    """An export with many polls and downloads, and texts as long as possible."""
    real, long = wire.call(gateway.admin, "GET", f"/audit/exports/{gateway.task}").json, "x" * 10_000
    poll = next(record for record in real["records"] if record["kind"] == "read")
    return {**real, "polls": {**real["polls"], "count": 5_000, "at": [real["polls"]["first"]] * 100},
            "downloads": [{**real["downloads"][0], "caller": f"team-{number}", "reason": long, "seq": number} for number in range(120)],
            "records": [{**poll, "reason": long[:1_000], "seq": number} for number in range(1_500)]}


def test_a_life_with_many_steps_is_shown_in_parts(gateway, tab):
    life, asked = long_life(gateway), []

    def part(method, address):
        if f"/audit/exports/{gateway.task}" not in address:
            return None
        question = dict(parse_qsl(urlsplit(address).query))
        asked.append(question)
        first, size = int(question.get("cursor", 0)), int(question["limit"])
        fetched = life["downloads"][first:first + size]
        more = {"next_cursor": str(first + size)} if first + size < 120 else {}
        return 200, "application/json", json.dumps({**life, "records": life["records"][:1], "downloads": fetched, "download_count": 120, "whole_downloads": 120,
                                                    "other_downloaders": ["team-119"], "journals": [{"records": 5_121, "last_seq": 5_120}], **more}).encode()

    tab.intercept(part)
    show(tab, gateway.admin, f"exports/{gateway.task}")
    # The totals of all downloads don't depend on the last one.
    assert "Fetched whole 120 times" in tab.run('document.querySelector(".told").textContent') and "team-119" in tab.run('document.querySelector(".told").textContent')
    assert "5,121 records" in tab.run('document.querySelector(".split-side").textContent')
    steps, more = 'document.querySelectorAll("ol.steps > li:not(.gap)").length', 'document.querySelector("ol.steps > li.gap button")'
    first = tab.run(steps)
    assert 50 <= first <= 53 and tab.run('document.querySelectorAll("*").length') < 3_000 and tab.run('document.querySelectorAll("svg.life .poll").length') <= 101
    assert tab.run('[...document.querySelectorAll("ol.steps .quote")].every((one) => one.textContent.length < 2000)')
    assert tab.run(f"{more}.textContent") == "Show more of 70 further downloads"
    tab.run(f"{more}.click()")
    tab.until(f'{steps} === {first + 50} && {more}.textContent === "Show more of 20 further downloads"')
    tab.run(f"{more}.focus(); {more}.click()")
    # The focus moves to the added rows.
    tab.until(f'{steps} === {first + 70} && {more} === null && document.activeElement.closest("ol.steps") !== null')
    assert [question.get("cursor") for question in asked] == [None, "50", "100"] and all(question["limit"] == "50" for question in asked)


def test_a_list_of_long_lives_stays_short_and_says_when_it_looked_at_a_part_only(gateway, tab):
    life = {**long_life(gateway), "records": None}
    content = json.dumps({"exports": [life] * 50, "next_cursor": "7", "complete": False}).encode()
    tab.intercept(lambda method, address: (200, "application/json", content) if "/audit/exports?" in address else None)
    show(tab, gateway.admin, "exports")
    assert rows(tab) == 50 and tab.run('document.querySelectorAll("*").length') < 20_000
    assert tab.run('Math.max(...[...document.querySelectorAll("td .who")].map((one) => one.children.length))') == 4
    assert tab.run('document.querySelector("td .who").lastChild.textContent') == "+117"
    assert "Only a part was looked at" in tab.run('document.querySelector("main").innerText')


# MARK: Evidence


def test_a_verification_shows_its_progress_and_ends_in_words(gateway, tab):
    show(tab, gateway.admin, "evidence")
    tab.until('document.querySelector(".verdict button")')
    running = b'{"id":"v-x","instance":"one","state":"running","read":430,"of":1000,"started":"2026-11-28T12:00:00Z"}'

    def instead(method, address):
        if "/audit/verifications" not in address:
            return None
        if method == "GET" and address.endswith("/audit/verifications"):
            return 200, "application/json", b'{"verifications":[]}'
        return 202, "application/json", running

    # A slow one can be cancelled, which restores the focus.
    tab.intercept(instead)
    tab.run('document.querySelector(".verdict button").click()')
    tab.until('document.querySelector("progress")?.value === 430 && document.activeElement.textContent === "Cancel"')
    tab.press("Enter")
    tab.until('!document.querySelector("progress") && document.activeElement.textContent === "Verify now"')
    tab.intercept(None)
    tab.press("Enter")
    tab.until('document.querySelector(".verdict.tone-good h2")?.textContent.startsWith("The log is whole")')
    assert "were recomputed" in tab.run('document.querySelector(".verdict").innerText')


def test_a_record_is_proven_in_the_browser_and_a_note_is_checked(gateway, tab, tmp_path):
    for _ in range(20):
        gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    eventually_signed(gateway)
    note = wire.call(gateway.admin, "GET", "/audit/checkpoint").body
    show(tab, gateway.admin, "evidence")
    tab.press("/")
    tab.type("3")
    tab.press("Enter")
    tab.until('document.querySelector(".said.tone-good")?.textContent.includes("Record 3 is in the log")')
    size = int(note.split(b"\n")[1])
    grown, forged = note, re.sub(rb"\n%d\n" % size, b"\n%d\n" % (size - 1), note)
    for name, content, tone in [("note", grown, "good"), ("forged", forged, "bad"), ("ahead", note.replace(b"hss-gateway/", b"hss-gateway/another-"), "odd")]:
        (tmp_path / name).write_bytes(content)
        tab.choose_file(".drop-panel input", tmp_path / name)
        tab.until(f'document.querySelector(".drop-panel .said.tone-{tone}")', name)


def test_a_note_from_before_is_proven_to_be_the_journals_past(gateway, tab, tmp_path):
    eventually_signed(gateway)
    old = wire.call(gateway.admin, "GET", "/audit/checkpoint").body
    (tmp_path / "anchor").write_bytes(old)
    size = int(old.split(b"\n")[1])
    for _ in range(20):
        gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    eventually_signed(gateway, beyond=size)
    show(tab, gateway.admin, "evidence")
    tab.choose_file(".drop-panel input", tmp_path / "anchor")
    tab.until(f'document.querySelector(".drop-panel .said.tone-good")?.textContent.includes("(size {size:,}) without changing")')


def eventually_signed(gateway, beyond: int = 10):
    from harness.deadline import eventually

    def look():
        answer = wire.call(gateway.admin, "GET", "/audit/checkpoint")
        return answer.status == 200 and int(answer.body.split(b"\n")[1]) > beyond

    eventually(look, "a checkpoint")


# MARK: Language, time, paper, phone


def test_the_language_and_the_zone_change_in_place_and_the_language_is_kept(gateway, tab):
    show(tab, gateway.admin, "records")
    local = tab.run('document.querySelector("td time").textContent')
    tab.run('document.querySelectorAll(".bar .seg input")[1].click()')
    tab.until('document.querySelector(".bar .seg input:checked").value === "utc" && document.querySelector("td time")')
    shown, exact = tab.run('[document.querySelector("td time").textContent, document.querySelector("td time").dateTime]')
    assert exact[5:19].replace("T", " ") == shown and local
    tab.run('document.querySelectorAll(".bar .seg input")[3].click()')
    tab.until('document.documentElement.lang === "zh-CN" && document.querySelector("h1").textContent === "审计记录"')
    assert tab.run("Object.keys(localStorage)") == ["language"]
    tab.open(f"http://{gateway.admin}/#/exports")
    tab.until('document.querySelector("h1")?.textContent === "导出任务"')


def test_the_paper_has_a_head_and_no_controls(gateway, tab):
    show(tab, gateway.admin, "records")
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert tab.run('getComputedStyle(document.querySelector(".print-head")).display') == "block"
    assert "hss-gateway audit query --since 24h" in tab.run('document.querySelector(".print-head").textContent')
    for hidden in [".side", ".bar", ".filter-bar", ".tools"]:
        assert tab.run(f'getComputedStyle(document.querySelector("{hidden}")).display') == "none", hidden
    assert tab.paper().startswith(b"%PDF")


def test_a_phone_has_a_menu_and_large_controls(gateway, tab):
    tab.look(390, 844)
    show(tab, gateway.admin, "records")
    assert tab.run('getComputedStyle(document.getElementById("nav")).display') == "none"
    tab.run('document.getElementById("burger").click()')
    assert tab.run('document.getElementById("burger").getAttribute("aria-expanded") === "true" && getComputedStyle(document.getElementById("nav")).display') == "grid"
    assert tab.run('[...document.querySelectorAll("main button.plain, main select, main input[type=search]")].every((one) => one.hidden || one.getBoundingClientRect().height >= 36)')


# MARK: Roles


def test_an_operator_reloads_and_an_auditor_is_shown_no_button_for_it(tab, start, upstream):
    gateway = start(upstream.url)
    path = gateway.directory / "gateway.yaml"
    show(tab, gateway.admin, "fleet")
    button = '[...document.querySelectorAll("main button")].find((one) => one.textContent === "Reload")'
    tab.until(button)
    tab.run(f"{button}.click()")
    tab.until('document.querySelector(".said.tone-good")?.textContent.startsWith("In force, generation")')
    path.write_text("listeners: 5\n")
    tab.run(f"{button}.click()")
    tab.until('document.querySelector(".said.tone-bad")?.textContent.startsWith("Refused; the old one stays")')
    tab.intercept(lambda method, address: (200, "application/json", b'{"name":"audit-office","role":"auditor"}') if address.endswith("/-/whoami") else None)
    show(tab, gateway.admin, "fleet")
    tab.until('document.getElementById("build").textContent.includes("audit-office")')
    assert not tab.run(f"Boolean({button})")


# MARK: Several gateways


@pytest.mark.parametrize("answers,shown", [([200, 200], ["702", "700"]), ([200, 503], ["–", "–"])], ids=["told", "away"])
def test_how_long_other_gateways_journals_are_is_told_by_the_central_copy(gateway, tab, answers, shown):
    others = [{"instance": "gw-a", "version": "0.2.0", "tree_size": 5, "signed": 4, "checks": []}, {"instance": "gw-b", "version": "0.2.0"}]
    copied = [{"instance": name, "end": end, "newest": "2026-11-29T00:00:00Z", "signed": end - 2} for name, end in [("gw-a", 3), ("gw-b", 702)]]
    asked = []

    def instead(method, address):
        path = urlsplit(address).path
        if path == "/audit/instances":
            asked.append(path)
            status = answers[min(len(asked), len(answers)) - 1]
            return status, "application/json", json.dumps({"instance": "gw-a", "fleet": True, "instances": copied} if status == 200 else {"error": "away"}).encode()
        found = {"/fleet": {"gateways": others}, "/audit/checkpoints": {"checkpoints": []}, "/audit/verifications": {"verifications": []}}.get(path)
        return found and (200, "application/json", json.dumps(found).encode())

    tab.intercept(instead)
    show(tab, gateway.admin, "evidence")
    rows = tab.run('[...document.querySelectorAll(".evidence tbody tr")].map((tr) => [...tr.cells].slice(0, 3).map((td) => td.textContent))')
    # A gateway's own figures are newer than its copy.
    assert rows == [["gw-a", "5", "4"], ["gw-b", *shown]] and len(asked) == 2


def test_what_other_gateways_said_of_themselves_is_shown_with_its_age(gateway, tab):
    well = {"version": "0.2.0", "shared_sha256": "a" * 64, "started": "2026-11-29T00:00:00Z", "seen": "2026-11-29T01:00:00Z", "alive": True, "checks": [], "tree_size": 5,
            "requests_per_minute": 240, "sync_p99_us": 11400, "anchor_lag_s": 3, "ship_lag_s": 2, "segments_held": 0, "disk_free": 0.72, "clock_offset_s": 0.25}
    others = [
        {"instance": "gw-a", **well},
        {"instance": "gw-b", **well, "figures_age_s": 4, "stale": False, "ship_lag_s": 5820, "disk_free": 0.17},
        {"instance": "gw-c", **well, "alive": False, "figures_age_s": 180, "stale": True, "ship_lag_s": 5820, "disk_free": 0.17},
        # One of an older version, which reports nothing.
        {"instance": "gw-d", "version": "0.2.0", "shared_sha256": "a" * 64, "started": "2026-11-29T00:00:00Z", "seen": "2026-11-29T01:00:00Z", "alive": True},
        {"instance": HOSTILE, **well, "figures_age_s": 4, "stale": False, "checks": [{"name": HOSTILE, "ok": False, "warning": HOSTILE}]},
    ]
    tab.intercept(lambda method, address: (200, "application/json", json.dumps({"gateways": others}).encode()) if urlsplit(address).path == "/fleet" else None)
    words_of = {language: words(language) for language in ("en", "zh")}
    for language in ("en", "zh"):
        said = words_of[language]
        show(tab, gateway.admin, "fleet", language)
        rows = tab.run('[...document.querySelectorAll(".fleet tbody tr")].map((tr) => [tr.className, ...[...tr.cells].map((td) => td.textContent)])')
        states = [row[2] for row in rows]
        assert [row[0] for row in rows] == ["", "", "stale", "", ""]
        assert said["fleet.ready"] in states[0] and said["fleet.ready"] in states[1] and said["fleet.ready"] in states[3]
        before, after = said["fleet.told"].split("{span}")
        assert [before in state and after in state for state in states] == [False, False, True, False, False] and said["fleet.away"] in states[2]
        figures = [row[6:] for row in rows]
        assert figures[0][0] == figures[1][0] == "240" and set(figures[3]) == {"–"} and "72" in figures[0][-1] and "17" in figures[2][-1]
        marked = tab.run('[...document.querySelectorAll(".fleet tbody tr")].map((tr) => tr.querySelectorAll(".odd-text, .fill.odd").length)')
        assert marked[1] == 2 and marked[0] == marked[2] == marked[3] == 0
        notes = tab.run('[...document.querySelectorAll(".look-list .look-text")].map((one) => one.textContent)')
        assert sum("gw-b" in note for note in notes) == 2 and sum("gw-c" in note for note in notes) == 1 and not any("gw-d" in note for note in notes)
    assert tab.run("document.title") not in ("1", "2") and not tab.run('document.querySelector("main img, main script")')


def test_a_fleet_whose_database_is_away_shows_this_gateway_and_says_so(gateway, tab):
    alone = [{"instance": "gw-a", "version": "0.2.0", "shared_sha256": "a" * 64, "alive": True, "checks": [{"name": "fleet", "ok": True, "warning": "the database is away"}], "tree_size": 5}]
    answer = {"instance": "gw-a", "mode": "shared", "gateways": alone, "fault": "the server doesn't answer", "away": "the server doesn't answer"}
    tab.intercept(lambda method, address: (200, "application/json", json.dumps(answer).encode()) if urlsplit(address).path == "/fleet" else None)
    show(tab, gateway.admin, "fleet")
    assert tab.run('document.querySelectorAll(".fleet tbody tr").length') == 1
    notes = tab.run('[...document.querySelectorAll(".look-list .look-text")].map((one) => one.textContent)')
    assert [note for note in notes if "the server doesn't answer" in note and "other gateways" in note]
