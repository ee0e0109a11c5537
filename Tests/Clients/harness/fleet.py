"""Gateways that ship their journals to one PostgreSQL, and the commands that read it."""

import json
import os
import re
import subprocess

from harness.deadline import eventually
from harness.postgres import PostgreSQL
from harness.process import Gateway, clean_environment, configuration, serve, write_secret
from harness.upstream import Upstream, answer

LIST = "/v5/_/vulnerability/vulnerabilities"
EXPORT = "/v5/_/image/baseline/export"
JSON = [("Content-Type", "application/json")]


def calls(gateway: Gateway, count: int):
    for number in range(count):
        response = gateway.call("POST", EXPORT, JSON, b"{}") if number % 5 == 0 else gateway.call("GET", f"{LIST}?limit={number}")
        assert response.status == 200


def caught_up(gateway: Gateway):
    def look():
        position = re.search(r'^hssgw_audit_ship_position{sink="postgresql"} (\S+)$', gateway.metrics(), re.M)
        return position and float(position[1]) == json.loads(gateway.journal.lines()[-1])["seq"] + 1

    eventually(look, "the copy has everything", patience=60)


def ship_end(database: PostgreSQL, gateway: Gateway, instance: str):
    """Ships the checkpoint that was made at the stop, as the next start would."""
    note = (gateway.journal.directory / "checkpoint").read_text()
    _, size, root = note.split("\n")[:3]
    keep(database, instance, int(size), root, note)


def keep(database: PostgreSQL, instance: str, size: int, root: str, note: str):
    database.query(
        f"INSERT INTO hssgw_checkpoints (instance, size, root, note) VALUES ('{instance}', {size}, '{root}', '{note}') ON CONFLICT DO NOTHING")


class Fleet:
    """Two stopped gateways, and the database with their journals."""

    def __init__(self, directory, database: PostgreSQL | None = None):
        """`database` is a running one, which is left running."""
        self.directory = directory
        self.owns_database = database is None
        self.database = database or PostgreSQL()
        self.upstream = Upstream()
        self.upstream.handler = lambda received, connection: answer(b'{"total_num":0}')
        self.url = write_secret(directory / "database-url", self.database.url + "\n")
        if self.owns_database:
            self.database.start()
        self.gateways: dict[str, Gateway] = {}

    def start(self, instance: str, change=None) -> Gateway:
        document = configuration(self.directory / instance, self.upstream.url)
        document["audit"]["ship"] = [{"type": "postgresql", "url_file": self.url}]
        document["audit"]["checkpoint"] = {"every": 10, "interval": "1s"}
        if change:
            change(document)
        gateway = serve(self.directory / instance, document, {"HSSGW_INSTANCE": instance})
        self.gateways[instance] = gateway
        return gateway

    def run(self, instance: str, count: int, change=None, during=None) -> Gateway:
        gateway = self.start(instance, change)
        calls(gateway, count)
        if during:
            during(gateway)
        caught_up(gateway)
        gateway.stop()
        ship_end(self.database, gateway, instance)
        return gateway

    def key(self, instance: str) -> str:
        return str(self.directory / instance / "audit" / "checkpoint.key.pub")

    def command(self, *arguments, database=None) -> subprocess.CompletedProcess:
        return subprocess.run([os.environ["HSSGW_BINARY"], "audit", *map(str, arguments), "--database", database or self.url], capture_output=True, text=True,
                              cwd=self.directory, env=clean_environment(self.directory), timeout=60)

    def verify(self, *arguments, code: int) -> dict[str, dict]:
        done = self.command("verify-database", "--json", *arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return {report["instance"]: report for report in map(json.loads, done.stdout.splitlines())}

    def close(self):
        for gateway in self.gateways.values():
            gateway.kill()
        if self.owns_database:
            self.database.close()
        self.upstream.close()
