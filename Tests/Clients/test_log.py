"""The operational log: it need not be read, and readers get complete information."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from harness import wire
from harness.deadline import eventually
from harness.process import PROJECT, clean_environment, configuration, serve, write_secret


class FullPipe:
    """A pipe that is full until it is drained."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.writing, False)
        try:
            while True:
                os.write(self.writing, b"." * 4096)
        except BlockingIOError:
            pass
        try:
            while True:
                os.write(self.writing, b".")
        except BlockingIOError:
            pass
        os.set_blocking(self.writing, True)

    def drain_until(self, text: bytes) -> list[str]:
        taken = b""
        os.set_blocking(self.reading, False)

        def look():
            nonlocal taken
            try:
                taken += os.read(self.reading, 1 << 20)
            except BlockingIOError:
                pass
            return text in taken and taken.endswith(b"\n")

        eventually(look, f"the line {text!r}")
        return taken.decode().lstrip(".").splitlines()

    def close(self):
        os.close(self.reading)
        os.close(self.writing)


@pytest.fixture
def pipe():
    pipe = FullPipe()
    yield pipe
    pipe.close()


@pytest.fixture
def unread(tmp_path, upstream, pipe):
    """A gateway whose stderr is full from its first line on."""
    document = configuration(tmp_path / "gateway", upstream.url)
    document["audit"]["checkpoint"] = {"every": 1, "interval": "1s"}
    gateway = serve(tmp_path / "gateway", document, stderr=pipe.writing)
    yield gateway
    gateway.kill()


def reload(gateway) -> wire.Response:
    return wire.call(gateway.admin, "POST", "/-/reload", [("Content-Length", "0")])


def test_a_log_that_nobody_reads_stops_nothing(unread):
    for round in range(1, 4):
        write_secret(unread.directory / "access-key", f"TESTACCESSKEY000000{round}")
        write_secret(unread.directory / "secret-key", f"another-secret-{round}")
        rotated = lambda: [record for record in unread.journal.records() if record.get("event") == "credential_rotated"]
        eventually(lambda: len(rotated()) == round, f"rotation {round}")
        assert reload(unread).status == 200
        assert wire.call(unread.admin, "GET", "/livez").status == 200
    unread.stop()
    assert unread.journal.records()[-1]["event"] == "stop"


def test_what_was_dropped_is_counted_and_said_once_somebody_reads(unread, pipe):
    # Each refusal names a hundred long unknown keys: a dozen of them exceed the log's buffer.
    path = Path(unread.directory / "gateway.yaml")
    path.write_text(json.dumps({f"{number:03}" + "x" * 200: number for number in range(100)}))
    dropped = lambda: int(re.search(r"^hssgw_log_dropped_lines_total (\d+)$", unread.metrics(), re.M).group(1))
    for _ in range(100):
        assert reload(unread).status == 422
        if dropped() > 1:
            break
    assert dropped() > 1
    lines = [json.loads(line) for line in pipe.drain_until(b"log lines dropped")]
    assert lines[0]["msg"] != "log lines dropped, since nobody read them in time"
    said = sum(int(line["lines"]) for line in lines if line["msg"].startswith("log lines dropped"))
    assert 0 < said <= dropped()
    unread.stop()


def test_the_log_as_an_anchor_is_behind_while_nobody_reads_it(unread, pipe):
    def figure(name: str) -> float:
        return float(re.search(rf'^hssgw_audit_anchor_{name}\{{anchor="stderr"\}} (\S+)$', unread.metrics(), re.M).group(1))

    eventually(lambda: figure("lag_seconds") > 0, "a checkpoint that waits")
    assert figure("size") == 0, "no checkpoint was copied to where nobody reads"
    checkpoint = [line for line in pipe.drain_until(b'"msg":"checkpoint"') if '"checkpoint"' in line][0]
    assert json.loads(checkpoint)["note"].count("\n") > 3
    eventually(lambda: figure("size") > 0, "the copy that counts")
    unread.stop()


TARGET = f"/v5/{PROJECT}/image/baseline/risk-configs"


def lines(text: str, message: str | None = None) -> list[dict]:
    found = [json.loads(line) for line in text.splitlines()]
    return [line for line in found if message is None or line["msg"] == message]


@pytest.mark.parametrize(("choice", "seen"), [("off", []), ("refused", [404, 403]), ("all", [200, 404, 403])])
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_each_request_has_one_line_where_it_was_asked_for(start, upstream, stream, choice, seen):
    def change(document):
        document["log"] = {"requests": choice, "requests_to": stream}
        document["policy"].insert(0, {"name": "no-writes", "callers": ["*"], "kinds": ["write"], "action": "deny"})

    gateway = start(upstream.url, change)
    gateway.call("GET", TARGET + "?enterprise_project_id=7", [("X-Request-Id", "request-7")])
    statuses = [gateway.call("GET", "/v5/unknown/path").status, gateway.call("PUT", f"/v5/{PROJECT}/host-management/groups/x").status]
    gateway.stop()
    texts = {"stderr": gateway.log, "stdout": (gateway.directory / "stdout").read_text()}
    found = lines(texts[stream], "request")
    assert [int(line["status"]) for line in found] == [status for status in [200, *statuses] if seen and (status != 200 or choice == "all")]
    other = "stdout" if stream == "stderr" else "stderr"
    assert lines(texts[other], "request") == []
    if choice == "all":
        (line, *_) = found
        record = gateway.journal.closing(line["audit_id"])
        assert (line["request_id"], line["operation"], line["caller"]) == ("request-7", record["operation"], "team")
        assert line["path"] == record["path"] and "7" not in line["path"].split("/"), "a path, and no query"


def test_level_debug_follows_a_request_by_its_id(start, upstream):
    gateway = start(upstream.url, lambda document: document.update(log={"level": "debug"}))
    for number in (1, 2):
        assert gateway.call("GET", TARGET, [("X-Request-Id", f"followed-{number}")]).status == 200
    assert gateway.call("GET", "/v5/nothing/there", [("X-Request-Id", "followed-3")]).status >= 400
    gateway.stop()
    steps = {number: [line["msg"] for line in lines(gateway.log) if line.get("request_id") == f"followed-{number}"] for number in (1, 2, 3)}
    assert steps[1] == steps[2]
    assert steps[1][0] == "request begins" and steps[1][-1] == "request ends"
    assert len(set(steps[1])) == len(steps[1]), "each step has one line"
    assert {"caller known", "allowed", "signed", "answer begins", "call ended"} <= set(steps[1])
    assert "refused" in steps[3] and steps[3][-1] == "request ends" and "signed" not in steps[3]
    assert [line["attempt"] for line in lines(gateway.log, "signed")] == ["1", "1"], "each was sent once"
    assert all(line["level"] == "debug" for line in lines(gateway.log) if line["msg"] in steps[1])


def test_what_is_said_of_requests_follows_a_reload(start, upstream):
    gateway = start(upstream.url)
    document = json.loads((gateway.directory / "gateway.yaml").read_text())
    gateway.call("GET", TARGET)
    (gateway.directory / "gateway.yaml").write_text(json.dumps({**document, "log": {"requests": "all", "level": "debug"}}))
    assert reload(gateway).status == 200
    gateway.call("GET", TARGET)
    gateway.stop()
    assert len(lines((gateway.directory / "stdout").read_text(), "request")) == 1
    assert len(lines(gateway.log, "request ends")) == 1


@pytest.mark.parametrize("closed", [[2], [1, 2], [0, 1, 2]], ids=str)
def test_what_is_said_without_a_log_is_written_nowhere_else(tmp_path, upstream, closed):
    """The first files that a process opens take the lowest free numbers: those of the log."""
    document = configuration(tmp_path, upstream.url)
    document["log"] = {"requests": "all", "level": "debug"}
    (tmp_path / "gateway.yaml").write_text(json.dumps(document))
    ready = tmp_path / "ready"
    process = subprocess.Popen(
        [os.environ["HSSGW_BINARY"], "serve", "--config", str(tmp_path / "gateway.yaml"), "--ready-file", str(ready)], cwd=tmp_path,
        env=clean_environment(tmp_path), preexec_fn=lambda: [os.close(number) for number in closed])
    try:
        eventually(ready.exists, "the ready file")
        addresses = dict(line.split("=", 1) for line in ready.read_text().splitlines())
        # The files of a process that can't be traced are shown to root alone.
        for number in closed if os.geteuid() == 0 else []:
            assert os.readlink(f"/proc/{process.pid}/fd/{number}") == "/dev/null"
        assert wire.call(addresses["data"], "GET", TARGET).status == 200
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("arguments", [
    ["serve", "--sandbox", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--audit-directory", "audit"], ["sandbox"]], ids=" ".join)
def test_a_greeting_that_nobody_reads_stops_no_server(arguments, tmp_path, pipe):
    process = subprocess.Popen(
        [os.environ["HSSGW_BINARY"], *arguments, "--ready-file", "ready"], cwd=tmp_path, env=clean_environment(tmp_path), stdout=pipe.writing,
        stderr=subprocess.DEVNULL)
    try:
        eventually((tmp_path / "ready").exists, "the ready file")
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
