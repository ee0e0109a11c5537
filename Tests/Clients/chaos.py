"""Faults one after the other, or several at once, under load, in an order that a seed decides; then caller, journal and upstream are compared.

    python3 Tests/Clients/chaos.py --rounds 50 --seed 7      (or `make chaos`, with CHAOS_ROUNDS and CHAOS_SEED)

The seed is printed first: the same one gives the same faults in the same order. Needs the right to mount a tmpfs for the full disk, and to be the
gateway's name server.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from harness import commands, wire
from harness.certificates import Authority
from harness.deadline import eventually
from harness.endurance import EXPORT, FILE, READ, CountingUpstream, Load, compare, number_of, summary
from harness.journal import Journal
from harness.name_server import NameServer
from harness.process import REGION, configuration, serve

JSON = [("Content-Type", "application/json")]
#: Requests that have to end between two faults, so that each fault happens under load.
REQUESTS = 20


class Storm:
    """A gateway under load, with its possible faults. Every fault has ended when its method returns."""

    def __init__(self, directory: Path, seed: int):
        self.directory, self.seed = directory, seed
        self.disk = directory / "disk"
        self.disk.mkdir(parents=True)
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m,mode=0755", "tmpfs", self.disk], capture_output=True).returncode == 0
        self.names = NameServer.open()
        # Credentials are sent without TLS only to addresses of this machine: a name needs a certificate.
        authority = Authority(directory / "authority")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.issue("hss", "DNS:*.chaos.test", "serverAuth"))
        self.upstream = CountingUpstream(seed, 0.0, context if self.names else None)
        self.document = configuration(directory / "gateway", self.upstream.url)
        self.document["upstream"] = {"flow_control": "off", "coalesce": "off", "first_byte_timeout": "2s", "idle_timeout": "2s"}
        self.document["audit"] = {"directory": str(self.disk / "audit"), "durability": "strict"}
        if self.names:
            self.document["upstream"]["ca_file"] = authority.certificate
        self.binary = self.names.binary(directory / "names") if self.names else os.environ["HSSGW_BINARY"]
        self.renamed = 0
        self.kills: list[float] = []
        self.rename()
        self.begin()
        #: The present fault, for messages.
        self.fault = "the start"
        self.load = Load(lambda: self.gateway.data, 4, seed).start()

    def begin(self):
        self.gateway = serve(self.directory / "gateway", self.document, binary=self.binary)
        self.gateway.journal = Journal(self.disk / "audit")

    def rename(self):
        """HSS gets a new name that is in no cache: a known address would be used further."""
        if self.names:
            self.renamed += 1
            self.document["regions"][REGION]["hss"] = self.upstream.url.replace("localhost", f"hss-{self.renamed}.chaos.test")
            (self.directory / "gateway").mkdir(exist_ok=True)
            (self.directory / "gateway" / "gateway.yaml").write_text(json.dumps(self.document, indent=1))

    def go_on(self):
        """Waits until that many more requests have ended, whatever their result."""
        target = len(self.load.calls) + REQUESTS
        ended = [call.status for call in list(self.load.calls.values())[-5:]]
        eventually(lambda: len(self.load.calls) >= target, f"seed {self.seed}, {self.fault}: requests that end (the last ones with {ended})")

    def served(self):
        def look():
            try:
                return self.gateway.call("GET", READ).status == 200 and self.gateway.call("POST", EXPORT, JSON, b"{}").status == 200
            except (OSError, wire.Truncated):
                return False

        eventually(look, f"seed {self.seed}: service after a fault")

    def upstream_fails(self):
        """Every third answer is a reset, a cut, a 503 or invalid."""
        self.upstream.share = 0.3
        self.go_on()
        self.upstream.share = 0.0

    def upstream_stalls(self):
        """Nothing is answered until every caller has got its refusal."""
        normal, over = self.upstream.handler, threading.Event()

        def stall(request, connection):
            if not over.is_set():
                number = number_of(request.target)
                if number is not None:
                    self.upstream.seen[number] += 1
                over.wait(10)
                return connection.close()
            return normal(request, connection)

        self.upstream.handler = stall
        eventually(lambda: [c for c in list(self.load.calls.values())[-20:] if c.status == 504], f"seed {self.seed}: a 504")
        self.upstream.handler = normal
        over.set()

    def disk_is_full(self):
        """Nothing fits on the journal's disk until it is freed."""
        if not self.mounted:
            return
        filler = self.disk / "filler"
        # Unbuffered: a buffered file would try again at its close to write what didn't fit.
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 16))
        eventually(lambda: [c for c in list(self.load.calls.values())[-20:] if c.status == 503], f"seed {self.seed}: a 503")
        filler.unlink()

    def process_stands_still(self):
        """SIGSTOP while requests are under way, then SIGCONT."""
        self.gateway.process.send_signal(signal.SIGSTOP)
        try:
            with wire.Connection(self.gateway.data) as connection:
                connection.send(wire.request("GET", READ))
                self.gateway.process.send_signal(signal.SIGCONT)
                assert connection.response().status in (200, 503), "what came meanwhile is answered"
        finally:
            self.gateway.process.send_signal(signal.SIGCONT)

    def process_is_killed(self):
        """SIGKILL, and a restart."""
        self.gateway.kill()
        self.kills.append(time.time())
        self.begin()

    def reader_is_slow(self):
        """A download is read in small pieces while the load continues."""
        with wire.Connection(self.gateway.data, receive_buffer=4_096) as connection:
            connection.send(wire.request("GET", FILE))
            response = connection.head()
            if response.status == 200:
                length = int(response.value("Content-Length"))
                connection.take(length // 3)
                self.go_on()
                connection.take(length - length // 3)

    def name_is_gone(self):
        """From a reload on HSS has another name, for which the resolver first has no answer, and then NXDOMAIN."""
        if not self.names:
            return
        for mode, status, code in (("silent", (502, 504), None), ("nobody", (502,), "HSSGW.5020")):
            self.names.mode = mode
            self.rename()
            reloaded = wire.call(self.gateway.admin, "POST", "/-/reload")
            assert reloaded.status == 200, f"seed {self.seed}: a reload while the resolver is {mode}: {reloaded.body}"
            eventually(lambda: [c for c in list(self.load.calls.values())[-20:] if c.status in status], f"seed {self.seed}: {status}, {mode}")
            told = self.gateway.call("GET", READ)
            assert told.status in status and (code is None or told.error_code == code), f"seed {self.seed}: {mode}: {told.status} {told.body}"
            assert wire.call(self.gateway.admin, "GET", "/livez").status == 200
        self.names.mode = "answers"

    FAULTS = (upstream_fails, upstream_stalls, disk_is_full, process_stands_still, process_is_killed, reader_is_slow, name_is_gone)

    def close(self):
        self.load.stopping.set()
        self.gateway.kill()
        self.load.stop()
        self.upstream.close()
        if self.names:
            self.names.close()
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.disk], check=False)


def storm(directory: Path, rounds: int, seed: int, tell=print) -> str:
    """Every fault once in an order that the seed decides, then further random ones for the remaining rounds."""
    chance = random.Random(seed)
    faults = list(Storm.FAULTS)
    chance.shuffle(faults)
    faults = (faults + [chance.choice(Storm.FAULTS) for _ in range(rounds)])[:rounds]
    tell(f"seed {seed}: {' '.join(fault.__name__ for fault in faults)}")
    running = Storm(directory, seed)
    try:
        for fault in faults:
            running.go_on()
            running.fault = fault.__name__
            fault(running)
            running.served()
        running.load.stop()
        eventually(lambda: "\nhttp_server_active_requests 0\n" in running.gateway.metrics(), "the end of every request")
        running.gateway.stop()
        contradictions = compare(running.load.calls, running.upstream.seen, running.gateway.journal.check_form(), running.kills)
        verified = commands.run(directory / "gateway", "audit", "verify", "--directory", str(running.gateway.journal.directory))
        assert not running.load.stuck, f"seed {seed}: requests {running.load.stuck[:10]} were left without an answer"
        assert not contradictions, f"seed {seed}: {len(contradictions)} contradictions: {contradictions[:10]}"
        assert verified.returncode == 0, f"seed {seed}: {verified.stdout}"
        return f"seed {seed}: {len(faults)} faults, {len(running.load.calls)} requests, {summary(running.load.calls)}"
    finally:
        running.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    os.environ.setdefault("HSSGW_BINARY", str(Path(__file__).resolve().parents[2] / ".build/debug/hss-gateway"))
    with tempfile.TemporaryDirectory() as folder:
        try:
            print(storm(Path(folder) / "storm", options.rounds, options.seed))
        except AssertionError as error:
            sys.exit(f"chaos: {error}")
