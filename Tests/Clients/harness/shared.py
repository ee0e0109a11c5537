"""Gateways that share their state in one PostgreSQL."""

import math
import os
import re
import subprocess
import threading
import time
from datetime import datetime

from harness.deadline import eventually
from harness.ports import free_port
from harness.postgres import PostgreSQL
from harness.process import Gateway, clean_environment, configuration, serve, write_secret
from harness.upstream import Upstream, answer

EXPORT = "/v5/_/image/baseline/export"
POLL = "/v5/_/export-task/"
DOWNLOAD = "/v5/_/download/"
LIST = "/v5/_/vulnerability/vulnerabilities"
JSON = [("Content-Type", "application/json")]
FILE = b"an exported file" * 100
# How long a request waits for the database: as by default, and longer than a statement takes on a busy machine.
PATIENCE = "2s"
# Two callers on one machine: distinguished by their address.
TEAMS = {"one": "127.0.0.1", "two": "127.0.0.2"}


def command(directory, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([os.environ["HSSGW_BINARY"], *map(str, arguments)], capture_output=True, text=True, cwd=directory,
                          env=clean_environment(directory), timeout=60)


class SharedFleet:
    """A migrated database, an upstream that creates a new task for each export, and the started gateways."""

    def __init__(self, directory, **database):
        self.directory = directory
        self.database = PostgreSQL(**database)
        self.database.start()
        self.owner = write_secret(directory / "owner-url", self.database.url + "\n")
        self.url = write_secret(directory / "gateway-url", self.database.url.replace("gateway@", "hssgw_gateway@") + "\n")
        done = command(directory, "fleet", "migrate", "--url-file", self.owner)
        assert done.returncode == 0, done.stderr
        # A port of its own also while nobody listens there.
        self.upstream = Upstream(port=free_port())
        self.upstream.handler = self.handle
        self.exports = 0
        self.gateways: dict[str, Gateway] = {}

    def handle(self, received, connection):
        if received.method == "POST":
            self.exports += 1
            return answer(b'{"task_id":"task-%d","record_total_num":3}' % self.exports)
        if "/export-task/" in received.target:
            task = received.target.split("/export-task/")[1].split("?")[0]
            return answer(b'{"task_id":"%s","task_status":"success","file_id":"file-of-%s"}' % (task.encode(), task.encode()))
        if "/download/" in received.target:
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: %d\r\n\r\n%s" % (len(FILE), FILE)
        return answer(b'{"total_num":0}')

    def hold_calls(self) -> tuple[threading.Event, threading.Event]:
        """From now on calls are held at HSS: the first event is set when one has arrived, and they continue when the second is set."""
        reached, release = threading.Event(), threading.Event()

        def hold(received, connection):
            reached.set()
            assert release.wait(60)
            return self.handle(received, connection)

        self.upstream.handler = hold
        return reached, release

    def note_arrivals(self) -> list[float]:
        """From now on every call is answered at once; returns a growing list of their arrival times."""
        arrivals, lock = [], threading.Lock()

        def note(received, connection):
            with lock:
                arrivals.append(time.monotonic())
            return answer(b'{"total_num":0}')

        self.upstream.handler = note
        return arrivals

    def start(self, name: str, change=None, directory=None, joins: bool = True) -> Gateway:
        """`joins` is false if it can't join."""
        directory = directory or self.directory / name
        document = configuration(directory, self.upstream.url)
        document["fleet"] = {"url_file": self.url, "patience": PATIENCE}
        document["upstream"] = {"flow_control": "off", "coalesce": "off"}
        document["callers"] = [
            {"name": team, "authenticate": {"cidr": [address + "/32"]}, "projects": ["prod"]} for team, address in TEAMS.items()]
        if change:
            change(document)
        gateway = serve(directory, document, {"HSSGW_INSTANCE": name, "HSSGW_WORKERS": "2"})
        self.gateways[name] = gateway
        if joins:
            eventually(lambda: figure(gateway, "hssgw_fleet_up") == 1, f"{name} has joined")
        return gateway

    def query(self, sql: str) -> str:
        return self.database.query("SET search_path = hssgw_fleet; " + sql)

    def close(self):
        for gateway in self.gateways.values():
            gateway.kill()
        self.database.close()
        self.upstream.close()


def figure(gateway: Gateway, sample: str) -> float:
    """Not a number while there is none: no comparison holds with that."""
    found = re.search(r"^" + re.escape(sample) + r" (\S+)$", gateway.metrics(), re.M)
    return float(found[1]) if found else math.nan


def statements(gateway: Gateway) -> dict[str, float]:
    """How many statements of each name were sent."""
    sums: dict[str, float] = {}
    for name, count in re.findall(r'^hssgw_fleet_statements_total\{statement="(\w+)",[^}]*\} (\S+)$', gateway.metrics(), re.M):
        sums[name] = sums.get(name, 0) + float(count)
    return sums


def most_within(period, gateways) -> int:
    """The most calls that certainly reached HSS within one period: each did so after its turn had come and before its answer was recorded. A busy
    machine makes this time longer, and so the count smaller and never larger."""
    calls = []
    for gateway in gateways:
        for record in gateway.journal.records():
            if record["phase"] == "response" and record.get("source") == "upstream":
                end = datetime.fromisoformat(record["time"]).timestamp()
                waited = record.get("detail", {}).get("waited_us", 0)
                calls.append((end - (record["duration_us"] - waited) / 1e6, end))
    assert calls
    return max(sum(first <= left and end < first + period for left, end in calls) for first, _ in calls)
