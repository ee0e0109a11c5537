"""Mixed load with 1 % faults for any time: caller = upstream = journal, memory and descriptors constant.

    python3 Tests/Clients/soak.py --requests 1000000 --callers 16 --seed 7      (or `make soak`, with SOAK_REQUESTS and SOAK_SEED)
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from harness import commands
from harness.deadline import eventually
from harness.endurance import CountingUpstream, Load, compare, descriptors, summary
from harness.process import configuration, serve

#: Bytes by which memory may grow after a quarter of the load: arenas and caches settle, leaks don't.
GROWTH = 24 << 20


def soak(directory: Path, requests: int, callers: int, seed: int, share: float = 0.01) -> str:
    """Runs it; returns the result as a sentence. Raises an AssertionError with the seed and the violations."""
    upstream = CountingUpstream(seed, share)
    document = configuration(directory, upstream.url)
    document["upstream"] = {"flow_control": "off", "coalesce": "off"}
    gateway = serve(directory, document, {"HSSGW_AUDIT_ROTATE_SIZE": "4MiB"})
    try:
        calls, before = {}, None
        for part in range(4):
            numbers = range(requests * part // 4, requests * (part + 1) // 4)
            load = Load(lambda: gateway.data, callers, seed * 10 + part, numbers).start()
            load.wait()
            calls |= load.calls
            # The callers' connections are closed by now; the gateway's pool to the upstream stays.
            eventually(lambda: "\nhttp_server_active_requests 0\n" in gateway.metrics(), "the end of every request")
            if part == 0:
                before = gateway.memory("VmRSS"), descriptors(gateway.pid) + callers
        after = gateway.memory("VmRSS"), descriptors(gateway.pid)
        gateway.stop()
        faults = compare(calls, upstream.seen, gateway.journal)
        verified = commands.run(directory, "audit", "verify", "--directory", str(gateway.journal.directory))
        assert len(calls) == requests and not faults, f"seed {seed}: {len(faults)} contradictions: {faults[:10]}"
        assert verified.returncode == 0, f"seed {seed}: {verified.stdout}"
        assert after[0] - before[0] < GROWTH, f"seed {seed}: memory grew from {before[0]} to {after[0]} bytes"
        assert after[1] <= before[1], f"seed {seed}: {before[1]} descriptors became {after[1]}"
        growth = (after[0] - before[0]) >> 10
        return f"seed {seed}: {requests} requests, {summary(calls)}, faults {dict(upstream.faults)}, memory {growth:+} KiB, descriptors {after[1]}"
    finally:
        gateway.kill()
        upstream.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    os.environ.setdefault("HSSGW_BINARY", str(Path(__file__).resolve().parents[2] / ".build/debug/hss-gateway"))
    with tempfile.TemporaryDirectory() as folder:
        try:
            print(soak(Path(folder) / "gateway", options.requests, options.callers, options.seed))
        except AssertionError as error:
            sys.exit(f"soak: {error}")
