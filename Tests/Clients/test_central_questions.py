"""The cost of a query of the central copy: connections are kept for a minute, and a page is few statements, however many rows it has."""

import time
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.fleet import Fleet, calls, caught_up
from harness.postgres import PostgreSQL
from harness.process import write_secret

PAGES = [
    "/audit/instances", "/audit/histogram?since=24h&buckets=48&by=outcome,error_code&measure=count,p50,p99,exports,bytes&source=fleet", "/audit/exchanges?since=24h&limit=50&source=fleet",
    "/audit/exports?limit=50&source=fleet", "/audit/usage?since=24h&source=fleet", "/audit/attention?source=fleet", "/audit/records?limit=50&source=fleet",
    "/audit/checkpoints?limit=200&source=fleet",
]
# How long a connection is used, seconds; two at a time.
LIFETIME = 60


@pytest.fixture
def fleet(tmp_path):
    server = PostgreSQL(settings={"log_connections": "on", "log_statement": "all"})
    server.start()
    fleet = Fleet(tmp_path, server)
    yield fleet
    fleet.close()
    server.close()


def said(fleet, what: str) -> int:
    return (fleet.database.directory / "log").read_text(errors="replace").count(what)


def connections(fleet) -> int:
    return said(fleet, "application_name=hss-gateway")


def ask(gateway, target: str, status: int = 200):
    answer = wire.call(gateway.admin, "GET", target, timeout=60)
    assert answer.status == status, (target, answer.body)
    return answer


def test_questions_share_a_connection(fleet):
    one = fleet.start("one")
    calls(one, 20)
    caught_up(one)
    before, begin = connections(fleet), time.monotonic()
    for target in PAGES * 3:
        ask(one, target)
    assert connections(fleet) - before <= 2 * (1 + int((time.monotonic() - begin) / LIFETIME))


def test_a_connection_that_is_gone_is_replaced_without_a_word(fleet):
    one = fleet.start("one")
    calls(one, 5)
    caught_up(one)
    expected = ask(one, "/audit/records?source=fleet&phase=response").json["records"]
    fleet.database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hss-gateway'")
    assert ask(one, "/audit/records?source=fleet&phase=response").json["records"] == expected
    fleet.database.kill()
    assert b"can't connect" in ask(one, "/audit/records?source=fleet", 503).body
    fleet.database.start()
    assert ask(one, "/audit/records?source=fleet&phase=response").json["records"] == expected


def test_another_url_is_used_with_the_next_question(fleet):
    one = fleet.start("one")
    calls(one, 5)
    caught_up(one)
    ask(one, "/audit/instances")
    fleet.database.query("CREATE DATABASE other")
    url = Path(fleet.url).read_text()
    write_secret(Path(fleet.url), url.replace("/postgres", "/other"))
    assert b"table" in ask(one, "/audit/instances", 503).body
    write_secret(Path(fleet.url), url)
    assert [member["instance"] for member in ask(one, "/audit/instances").json["instances"]] == ["one"]


@pytest.mark.parametrize("more", ["", "&order=oldest", "&text=list", "&kind=export", "&phase=request"])
def test_a_page_of_exchanges_is_few_statements_and_what_the_journal_says(fleet, more):
    one = fleet.start("one")
    calls(one, 60)
    caught_up(one)

    def pages(question: str, limit: int) -> list[dict]:
        found, cursor = [], ""
        while cursor is not None:
            page = ask(one, f"/audit/exchanges?limit={limit}{question}{more}{cursor and '&cursor=' + cursor}").json
            found += page["exchanges"]
            cursor = page.get("next_cursor")
        return found

    own = pages("", 50)
    assert pages("&source=fleet", 50) == own and pages("&source=fleet", 7) == own
    if more in ("", "&order=oldest"):
        assert len(own) >= 60 and sum("request" in exchange and "end" in exchange for exchange in own) == 12
    before = said(fleet, "execute <unnamed>: SELECT")
    ask(one, "/audit/exchanges?limit=50&source=fleet" + more)
    eventually(lambda: said(fleet, "execute <unnamed>: SELECT") > before, "the statements are in the log")
    assert said(fleet, "execute <unnamed>: SELECT") - before <= 20
