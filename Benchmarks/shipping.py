#!/usr/bin/env python3
"""Measures how fast the journal is copied to PostgreSQL on this machine, and prints figures. Nothing is judged.

    HSSGW_BINARY=.build/release/hss-gateway .venv/bin/python3 Benchmarks/shipping.py [--records N] [--rounds N]

Each round begins with an empty database. A journal of N records is there before the gateway starts, made out of records that the gateway itself
wrote a moment before, with numbers, times and ids of their own. The database is a real server of its own with PostgreSQL's defaults: every batch is
committed to disk before it counts. Gateway, server and this program share the machine's processors.
"""

import argparse
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Tests/Clients"))

from harness import wire  # noqa: E402
from harness.deadline import eventually  # noqa: E402
from harness.postgres import PostgreSQL  # noqa: E402
from harness.process import configuration, serve, write_secret  # noqa: E402
from harness.upstream import Upstream, answer  # noqa: E402

SEGMENT_RECORDS = 100_000
SAMPLE_CALLS = 50
PATIENCE_SECONDS = 600


def samples(directory: Path) -> list[str]:
    """Lines of reads and exports as this gateway writes them, without the members that differ from record to record."""
    upstream = Upstream()
    upstream.handler = lambda received, connection: answer(b'{"task_id":"50d977755346a222468346a778289614","record_total_num":18}')
    gateway = serve(directory, configuration(directory, upstream.url))
    for number in range(SAMPLE_CALLS):
        gateway.call("GET", f"/v5/_/vulnerability/vulnerabilities?limit=10&offset={number}")
        gateway.call("POST", "/v5/_/image/baseline/export", [("Content-Type", "application/json")], b'{"operate_all":true}')
    gateway.stop()
    upstream.close()
    lines = [line.decode() for line in gateway.journal.lines()]
    # In a generated journal each request has one complete record; an open one would be closed at the start, after the copy
    # has begun.
    return [line for line in lines if '"phase":"response"' in line]


def fill(journal: Path, lines: list[str], count: int) -> int:
    """Writes segments of `count` records; returns their size in bytes."""
    journal.mkdir(mode=0o700)
    pattern = re.compile(r'^\{"v":1,"seq":\d+,"id":"[^"]+","phase":"response","time":"[^"]+","request_id":"[^"]+"')
    tails = [line[pattern.match(line).end():] for line in lines]
    now = time.time()
    total = 0
    for first in range(0, count, SEGMENT_RECORDS):
        with open(journal / f"journal-{first:020}.jsonl", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            for seq in range(first, min(first + SEGMENT_RECORDS, count)):
                id_ = uuid.UUID(int=(int(now * 1000) << 80) | (7 << 76) | (2 << 62) | seq)
                moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - (count - seq) / 1000)) + f".{seq % 1000000:06}Z"
                total += file.write(f'{{"v":1,"seq":{seq},"id":"{id_}","phase":"response","time":"{moment}","request_id":"{id_}"{tails[seq % len(tails)]}\n')
    return total


def figure(gateway, name: str) -> float:
    found = re.search(rf'^{name}{{sink="postgresql"}} (\S+)$', wire.call(gateway.admin, "GET", "/metrics", timeout=60).body.decode(), re.M)
    return float(found[1]) if found else 0.0


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(directory: Path, lines: list[str], count: int) -> dict:
    # PostgreSQL's default size.
    database = PostgreSQL(max_wal_size="1GB")
    try:
        gateway_directory = directory / "gateway"
        document = configuration(gateway_directory, "http://127.0.0.1:9")
        document["audit"] |= {
            "rotate": {"size": "4GiB"}, "compress": "off", "checkpoint": {"anchors": []},
            "ship": [{"type": "postgresql", "url_file": write_secret(gateway_directory / "url", database.url)}],
        }
        size = fill(gateway_directory / "audit", lines, count)
        gateway = serve(gateway_directory, document)
        try:
            # The sink connects some time after the server is available; measured is from the first batch to the
            # last.
            database.start()
            begin = eventually(lambda: (p := figure(gateway, "hssgw_audit_ship_position")) and (time.monotonic(), p), "the first batch", PATIENCE_SECONDS)
            cpu = cpu_seconds(gateway.pid)
            eventually(lambda: figure(gateway, "hssgw_audit_ship_position") >= count, "the last batch", PATIENCE_SECONDS)
            seconds = time.monotonic() - begin[0]
            cpu = cpu_seconds(gateway.pid) - cpu
            rows = int(database.query(f"SELECT count(*) FROM hssgw_records WHERE seq < {count}"))
            assert rows == count, f"{rows} of {count} arrived"
            copied = count - begin[1]
            return {"records_per_second": round(copied / seconds), "seconds": round(seconds, 2), "megabytes_per_second": round(size / count * copied / seconds / 1e6, 1),
                    "gateway_cpu_us_per_record": round(cpu / copied * 1e6, 1)}
        finally:
            gateway.kill()
    finally:
        database.close()


def main():
    parser = argparse.ArgumentParser(description="Measures how fast the journal is copied to PostgreSQL.")
    parser.add_argument("--records", type=int, default=200_000, help="of the journal (default: 200000)")
    parser.add_argument("--rounds", type=int, default=3, help="each with a new journal and a new server (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hssgw-shipping-") as home:
        lines = samples(Path(home) / "samples")
        mean = statistics.mean(len(line) + 1 for line in lines)
        print(json.dumps({"processors": os.cpu_count(), "machine": platform.machine(), "records": options.records, "bytes_per_record": round(mean)}))
        rates = []
        for number in range(options.rounds):
            directory = Path(home) / f"round-{number}"
            result = measure(directory, lines, options.records)
            rates.append(result["records_per_second"])
            print(json.dumps({"round": number + 1, **result}), flush=True)
        print(json.dumps({"median_records_per_second": round(statistics.median(rates))}))


main()
