"""Mixed load with 1 % faults for any time: caller = upstream = journal, memory and descriptors constant.

    python3 Tests/Clients/soak.py --requests 10000000 --seed 7      (or `make soak`, with SOAK_REQUESTS and SOAK_SEED)
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from harness import commands
from harness.deadline import eventually
from harness.endurance import compare, descriptors, summary
from harness.load_loop import Callers, Loop, LoopUpstream, Plan
from harness.process import configuration, serve

#: Bytes by which memory may grow after a quarter of the load: arenas and caches settle, leaks don't. 32 MiB are the pages of the readers' index, which
#: its writer holds once it has read about a million records.
GROWTH = 48 << 20
#: Requests for which `audit verify` may take a second, on a busy machine.
VERIFIED_PER_SECOND = 2_000


def soak(directory: Path, requests: int, callers: int, seed: int, share: float = 0.01, tell=print) -> str:
    """Runs it; returns the result as a sentence. Raises an AssertionError with the seed and the violations."""
    loop, plan = Loop(), Plan(requests, seed, share)
    upstream, load = LoopUpstream(loop, plan), Callers(loop, plan, callers)
    document = configuration(directory, upstream.url)
    document["upstream"] = {"flow_control": "off", "coalesce": "off"}
    # Refusals as often as by default, so that most of them are summed up.
    gateway = serve(directory, document, {"HSSGW_AUDIT_ROTATE_SIZE": "16MiB", "HSSGW_LIMITS_REFUSALS_PER_SOURCE": "10/s"})
    try:
        figures, begun = [], time.monotonic()
        for part in range(4):
            load.send(gateway.data, range(requests * part // 4, requests * (part + 1) // 4))
            # The callers' connections are closed by now; the gateway's pool to the upstream stays.
            eventually(lambda: "\nhttp_server_active_requests 0\n" in gateway.metrics(), "the end of every request")
            figures.append((gateway.memory("VmRSS"), descriptors(gateway)))
            seconds = time.monotonic() - begun
            tell(f"seed {seed}: quarter {part + 1} of {requests} after {seconds:.0f} s: {figures[-1][0] >> 10} KiB, {figures[-1][1]} descriptors")
        gateway.stop()
        faults = load.wrong + compare(load.answers, upstream.seen, gateway.journal.stream(), further=plan.contradiction)
        patience = commands.COMMAND_SECONDS + requests / VERIFIED_PER_SECOND
        verified = commands.run(directory, "audit", "verify", "--directory", str(gateway.journal.directory), patience=patience)
        assert not faults, f"seed {seed}: {len(faults)} contradictions: {faults[:10]}"
        assert verified.returncode == 0, f"seed {seed}: {verified.stdout}"
        before, after = figures[0], figures[-1]
        memory = f"{before[0] >> 10} KiB after a quarter and {after[0] >> 10} KiB at the end, descriptors {before[1]} and {after[1]}"
        result = f"seed {seed}: {requests} requests in {seconds:.0f} s, {summary(load.answers)}, arrivals {dict(upstream.faults)}, {memory}"
        assert after[0] - before[0] < GROWTH, f"{result}: memory grows"
        assert after[1] <= before[1] + callers, f"{result}: descriptors become more"
        return result
    finally:
        gateway.kill()
        upstream.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--callers", type=int, default=32)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    os.environ.setdefault("HSSGW_BINARY", str(Path(__file__).resolve().parents[2] / ".build/debug/hss-gateway"))
    with tempfile.TemporaryDirectory() as folder:
        try:
            print(soak(Path(folder) / "gateway", options.requests, options.callers, options.seed))
        except AssertionError as error:
            sys.exit(f"soak: {error}")
