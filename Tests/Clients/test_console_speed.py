"""How long the console's pages wait for their first data, as the journal grows: `HSSGW_CONSOLE_RECORDS=10000000` compares that many records with ten thousand.

A benchmark: it prints a table of ratios and fails where a page waits more than five times as long. Run it with a release binary (`HSSGW_BINARY`); both
journals are measured in one run, in turns, each with its index made and its closed segments compressed before: a gateway in service has one segment to
compress at a time, and here all of them would be compressed while the pages are measured, for minutes and at the pages' cost.
"""

import datetime
import json
import os
import statistics
import subprocess
import time

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import Gateway, clean_environment, configuration

RECORDS = int(os.environ.get("HSSGW_CONSOLE_RECORDS", "0"))
FEW = 10_000
MOST = 5
ROUNDS = 25
SEGMENT = 400_000

pytestmark = pytest.mark.skipif(RECORDS < FEW, reason="a benchmark: HSSGW_CONSOLE_RECORDS=10000000 runs it")

KINDS = ["read", "read", "read", "write", "export", "read"]
# The first requests of each page, in the browser's order.
PAGES = {
    "overview": ["/audit/histogram?since=24h&buckets=48&by=outcome,error_code&measure=count,p50,p99,exports,bytes", "/audit/attention", "/fleet", "/credentials",
                 "/audit/records?phase=event&limit=20"],
    "overview of an hour": ["/audit/histogram?since=1h&buckets=60&by=outcome,error_code&measure=count,p50,p99,exports,bytes"],
    "overview of a month": ["/audit/histogram?since=30d&buckets=30&by=outcome,error_code&measure=count,p50,p99,exports,bytes"],
    "records": ["/audit/exchanges?since=24h&limit=50", "/audit/histogram?since=24h&buckets=72&by=outcome"],
    "records of a caller": ["/audit/exchanges?since=30d&caller=team-7&outcome=refused&limit=50"],
    "exports": ["/audit/exports?limit=50"],
    "one export": ["/audit/exports/task-500?limit=50", "/audit/checkpoints?limit=200"],
    "callers": ["/audit/usage?since=24h", "/callers"],
    "quota": ["/flow", "/credentials"],
    "evidence": ["/audit/checkpoints?limit=200", "/audit/verifications"],
    "fleet": ["/fleet"],
}


def write_journal(directory, count: int):
    """Segments as a gateway writes them, the newest record now and the same number an hour in all of them; without its syncs and its tree."""
    directory.mkdir(mode=0o700)
    end, step = time.time(), 30 * 86_400 / count
    for first in range(0, count, SEGMENT):
        lines = []
        for number in range(first, min(first + SEGMENT, count)):
            moment = datetime.datetime.fromtimestamp(end - (count - number) * step, datetime.timezone.utc)
            kind = KINDS[number % 6]
            outcome = "refused" if number % 50 == 0 else "failure" if number % 33 == 0 else "success"
            task = f'"export":{{"task_id":"task-{number // 12}"}},' if kind == "export" and outcome == "success" or number % 12 == 5 else ""
            lines.append(
                f'{{"v":1,"seq":{number},"id":"01900000-0000-7000-8000-{number:012x}","phase":"response","time":"{moment:%Y-%m-%dT%H:%M:%S.%f}Z",'
                f'"request_id":"request-{number}","caller":{{"name":"team-{number % 20}","method":"api_key","address":"10.0.0.{number % 200}"}},'
                f'"operation":"Operation{number % 60}","kind":"{kind}","method":"GET","path":"/v5/0123456789abcdef0123456789abcdef/x","query":"limit=100",'
                f'"project":{{"name":"project-{number % 5}","id":"{number % 5:032x}","region":"cn-north-4"}},"decision":"allow","rule":"reads","status":200,'
                f'"outcome":"{outcome}","source":"upstream","upstream":{{"request_id":"hss-{number}","attempts":1,"total_us":1500}},{task}'
                f'"duration_us":{1000 + number % 977 * 37},"gateway":{{"instance":"gw","version":"0.1.0","config_sha256":"{"d" * 64}"}}}}\n')
        path = directory / f"journal-{first:020d}.jsonl"
        path.write_text("".join(lines))
        path.chmod(0o600)


def started(directory, count: int):
    document = configuration(directory, "http://127.0.0.1:9")
    path = directory / "gateway.yaml"
    path.write_text(json.dumps(document))
    write_journal(directory / "audit", count)
    begin = time.monotonic()
    # Any query brings the index up to date.
    done = subprocess.run([os.environ["HSSGW_BINARY"], "audit", "query", "--directory", directory / "audit", "--limit", "1"], cwd=directory,
                          env=clean_environment(directory), capture_output=True, text=True, timeout=3_600)
    assert done.returncode == 0, done.stderr
    print(f"\n{count} records indexed in {time.monotonic() - begin:.0f} s")
    gateway = Gateway(directory, ["--config", str(path)])
    # The tree over a journal that wasn't written by a gateway is computed at the start.
    eventually(lambda: gateway.ready_file.exists() or gateway.process.poll() is not None, "the gateway's start", patience=1_800)
    gateway.wait_until_ready()
    begin = time.monotonic()
    eventually(lambda: len(list((directory / "audit").glob("journal-*.jsonl"))) == 1, "every closed segment is compressed", patience=3_600)
    print(f"compressed in {time.monotonic() - begin:.0f} s")
    return gateway


def waited(gateway, target: str) -> float:
    begin = time.perf_counter()
    answer = wire.call(gateway.admin, "GET", target, timeout=60)
    assert answer.status == 200, (target, answer.body)
    assert answer.json.get("complete", True) is True, target
    return time.perf_counter() - begin


def test_the_first_data_of_every_page_comes_as_soon_with_many_records_as_with_few(tmp_path):
    gateways = {"few": started(tmp_path / "few", FEW), "many": started(tmp_path / "many", RECORDS)}
    try:
        slow, table, spread = [], [], []
        for page, targets in PAGES.items():
            times = {name: [[] for _ in targets] for name in gateways}
            for _ in range(ROUNDS):
                for name, gateway in gateways.items():
                    for place, target in enumerate(targets):
                        times[name][place].append(waited(gateway, target))
            few, many = (sum(statistics.median(one) for one in times[name]) for name in ("few", "many"))
            table.append(f"| {page} | {few * 1000:.1f} | {many * 1000:.1f} | {many / few:.1f} |")
            for name, parts in times.items():
                whole = sorted(sum(one) for one in zip(*parts))
                spread.append(f"{page}, {name}: {whole[0] * 1000:.1f} to {whole[-1] * 1000:.1f} ms")
            if many > MOST * few:
                slow.append(page)
        print(f"\n| page | {FEW:,} records, ms | {RECORDS:,}, ms | ratio |\n|---|--:|--:|--:|")
        print("\n".join(table + spread))
        assert slow == []
    finally:
        for gateway in gateways.values():
            gateway.stop()
