"""`hss-gateway export`, `whoami`, `usage` and `snippet`: a caller's commands, against a real gateway in front of the sandbox or of an upstream that fails."""

import ast
import hashlib
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import zipfile

import pytest

from harness.commands import create_key, run
from harness.deadline import eventually
from harness.process import STOP_SECONDS, clean_environment
from harness.upstream import Upstream, answer, head, reset

ARCHIVE = b"PK" + bytes(range(256)) * 400


def lines(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def export(gateway, directory, *arguments: str, kind: str = "baseline", **variables: str):
    return run(directory, "export", kind, "--gateway", f"http://{gateway.data}", *arguments, **variables)


class Exports:
    """HSS for these tests: `trouble` maps a step to the results of its first calls."""

    def __init__(self, upstream, state: str = "success", **trouble: list):
        self.upstream, self.state, self.trouble, self.running = upstream, state, trouble, 1
        upstream.handler = self

    def __call__(self, request, connection):
        target = request.target
        step = "create" if request.method == "POST" else "download" if "/download/" in target else "poll"
        if waiting := self.trouble.get(step):
            return waiting.pop(0)(connection)
        if step == "create":
            return answer(b'{"task_id":"task-1","record_total_num":7}')
        if step == "download":
            return head(len(ARCHIVE)) + ARCHIVE
        self.running -= 1
        if self.running >= 0:
            return answer(b'{"task_id":"task-1","task_status":"running"}')
        return answer(json.dumps({"task_id": "task-1", "task_status": self.state, "file_id": "file-1", "file_name": "hss-x.zip"}).encode())


@pytest.fixture
def gateway(start, upstream):
    return start(upstream.url, lambda document: document.update(upstream={"flow_control": "off", "coalesce": "off"}))


def test_an_export_from_the_sandbox_is_whole_and_says_what_it_is(gateway, sandboxed_gateway, tmp_path):
    done = export(sandboxed_gateway, tmp_path, "--output", "a.zip", "--image-name", "web", "--export-size=10", "--reason", "审计 7")
    assert done.returncode == 0, done.stderr
    events = lines(done)
    assert [event["event"] for event in events if event["event"] not in ("poll", "download")] == ["created", "done"]
    end, content = events[-1], (tmp_path / "a.zip").read_bytes()
    assert end["sha256"] == hashlib.sha256(content).hexdigest() and end["bytes"] == len(content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None and not (tmp_path / "a.zip.part").exists()
    records = [sandboxed_gateway.journal.closing(audit) for audit in end["audit_ids"]]
    assert [record["operation"] for record in records] == ["BatchExportBaselineTask", "ListQueryExportTask", "ListDownloadExportedFile"]
    assert all(record["reason"] == "审计 7" for record in records) and "export_size=10" in records[0]["query"]
    assert records[2]["response_body"]["sha256"] == end["sha256"]
    # A repetition continues with the task, and never overwrites an existing file.
    again = export(sandboxed_gateway, tmp_path, "--task", end["task_id"], "--output", "a.zip")
    assert again.returncode == 2 and "--force" in again.stderr
    again = export(sandboxed_gateway, tmp_path, "--task", end["task_id"], "--output", "a.zip", "--force", "--quiet")
    assert again.returncode == 0 and [event["event"] for event in lines(again)] == ["done"] and lines(again)[0]["sha256"] == end["sha256"]


def test_what_fails_for_a_moment_is_tried_again_under_one_key(gateway, upstream, tmp_path):
    throttled = answer(b'{"error_code":"APIGW.0308","error_msg":"slow"}', 429, [("Retry-After", "1")])

    def cut(connection):
        connection.sendall(head(len(ARCHIVE)) + ARCHIVE[:1000])
        reset(connection)

    exports = Exports(upstream, create=[lambda _: throttled], poll=[lambda _: throttled], download=[cut])
    done = export(gateway, tmp_path, "--output", "b.zip")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "b.zip").read_bytes() == ARCHIVE and exports.trouble == {"create": [], "poll": [], "download": []}
    events = lines(done)
    assert [event["because"] for event in events if event["event"] == "waiting"][:2] == ["APIGW.0308", "APIGW.0308"]
    assert events[-1]["rows"] == 7 and events[-1]["sha256"] == hashlib.sha256(ARCHIVE).hexdigest()
    assert len([request for request in upstream.requests if request.method == "POST"]) == 2


def test_a_task_that_fails_and_a_refusal_have_exit_codes_of_their_own(gateway, upstream, tmp_path):
    Exports(upstream, state="failure")
    failed = export(gateway, tmp_path, "--output", "c.zip")
    assert failed.returncode == 6 and "task-1" in failed.stderr and os.listdir(tmp_path / ".").count("c.zip") == 0
    Exports(upstream, download=[lambda _: answer(b'{"error_code":"HSS.0001","error_msg":"gone\\u001b[2J"}', 404)])
    refused = export(gateway, tmp_path, "--output", "c.zip")
    assert refused.returncode == 7 and "HSS.0001" in refused.stderr and "\x1b" not in refused.stderr and "task-1" in refused.stderr
    assert not (tmp_path / "c.zip").exists() and not (tmp_path / "c.zip.part").exists()
    denied = export(gateway, tmp_path, "--project", "nobody", "--output", "c.zip")
    assert denied.returncode == 7 and "HSSGW.4033" in denied.stderr


def test_wrong_words_are_told_before_anything_is_sent(gateway, upstream, tmp_path):
    for words, told in [
        (["--severty", "x"], "no filter --severty"), (["--export-size", "many"], "is no integer"), (["--image-name"], "needs a value"),
        (["--export-size", "1", "--export-size", "2"], "twice"), (["--outptu", "x"], "did you mean `--output`?"),
    ]:
        done = export(gateway, tmp_path, *words)
        assert done.returncode == 2 and told in done.stderr, done.stderr
    done = export(gateway, tmp_path, kind="basline")
    assert done.returncode == 2 and "Did you mean `baseline`?" in done.stderr
    listed = export(gateway, tmp_path, "--filters")
    assert "--image-id-list string (may repeat)" in listed.stdout and "--latest-version boolean" in listed.stdout and upstream.requests == []
    assert run(tmp_path, "export", "baseline", "--gateway", "http://127.0.0.1:1", "--timeout", "1").returncode == 1


def test_a_body_is_made_of_its_filters(gateway, upstream, tmp_path):
    Exports(upstream)
    done = export(gateway, tmp_path, "--image-id-list", "1", "--image-id-list", "2", "--latest-version", "--image-size", "7", "--output", "d.zip")
    assert done.returncode == 0, done.stderr
    assert json.loads(upstream.requests[0].body) == {"image_id_list": ["1", "2"], "latest_version": True, "image_size": 7}
    (tmp_path / "body.json").write_text('{"operate_all":true}')
    assert export(gateway, tmp_path, "--body", "body.json", "--output", "e.zip").returncode == 0
    assert json.loads(upstream.requests[-3].body) == {"operate_all": True}
    both = export(gateway, tmp_path, "--body", "body.json", "--image-size", "7", "--output", "f.zip")
    assert both.returncode == 2 and "exclude each other" in both.stderr


def interrupted(gateway, directory, *arguments: str, until) -> tuple[int, str]:
    process = subprocess.Popen(
        [os.environ["HSSGW_BINARY"], "export", "baseline", "--gateway", f"http://{gateway.data}", *arguments], cwd=directory,
        env=clean_environment(directory), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        eventually(until, "the moment")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        return process.returncode, errors
    finally:
        process.kill()


def test_ctrl_c_says_how_to_go_on_and_that_works(gateway, upstream, tmp_path):
    exports = Exports(upstream)
    exports.running = 1_000
    code, errors = interrupted(gateway, tmp_path, "--output", "my file.zip", until=lambda: len(upstream.requests) >= 2)
    assert code == 130 and "--task task-1" in errors and "'my file.zip'" in errors and not (tmp_path / "my file.zip.part").exists()
    exports.running = 0
    command = errors.split("Go on with:\n")[1].strip().replace("hss-gateway", os.environ["HSSGW_BINARY"], 1)
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=clean_environment(tmp_path), capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and (tmp_path / "my file.zip").read_bytes() == ARCHIVE, done.stderr
    assert len([request for request in upstream.requests if request.method == "POST"]) == 1


@pytest.mark.parametrize("silent", ["create", "poll", "download"])
def test_an_export_ends_in_its_time_although_an_answer_never_comes(silent, tmp_path):
    """A call that hung had gone on for two minutes, and was then repeated. What answers stands for the gateway, and is silent from a step on."""
    over = threading.Event()
    here = Upstream()
    exports = Exports(here)
    exports.running = 0

    def handle(request, connection):
        step = "create" if request.method == "POST" else "download" if "/download/" in request.target else "poll"
        if step != silent:
            return exports(request, connection)
        if step == "download":
            connection.sendall(head(len(ARCHIVE)) + ARCHIVE[:1000])
        over.wait(STOP_SECONDS)
        return None

    here.handler = handle
    try:
        done = run(tmp_path, "export", "baseline", "--gateway", here.url, "--timeout", "3", "--output", "a.zip", patience=STOP_SECONDS)
    finally:
        over.set()
        here.close()
    way = "--idempotency-key export-" if silent == "create" else "--task task-1"
    assert done.returncode == 1 and "It takes longer than --timeout. Go on later with " + way in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_gateway_that_nobody_reaches_is_the_reason_and_not_the_time(tmp_path):
    done = run(tmp_path, "export", "baseline", "--gateway", "http://127.0.0.1:1", "--timeout", "2")
    assert done.returncode == 1 and "No answer: nobody answers at http://127.0.0.1:1. Go on later with --idempotency-key" in done.stderr, done.stderr


@pytest.mark.parametrize("command", ["whoami", "usage"])
def test_what_gives_no_answer_is_named(command, upstream, tmp_path):
    """The address may come from the environment or be the default."""
    silent = run(tmp_path, command, HSSGW_GATEWAY="http://127.0.0.1:1")
    assert (silent.returncode, silent.stderr) == (1, "No answer: nobody answers at http://127.0.0.1:1.\n")
    upstream.handler = lambda request, connection: answer(b"<html>", 404)
    other = run(tmp_path, command, HSSGW_GATEWAY=upstream.url)
    assert (other.returncode, other.stderr) == (7, "HTTP 404: no reason was given; is this the data port of a gateway?\n")


def test_a_reason_that_is_missing_is_asked_for_by_its_flag(start, upstream, tmp_path):
    gateway = start(upstream.url, lambda document: document["callers"][0].update(require_reason=["export"]))
    done = export(gateway, tmp_path)
    assert done.returncode == 7 and "HSSGW.4004" in done.stderr and "The flag is --reason." in done.stderr, done.stderr


def test_hss_s_sentence_ends_before_the_gateway_s(gateway, upstream, tmp_path):
    upstream.handler = lambda request, connection: answer(b'{"error_code":"HSS.0001","error_msg":"Invalid parameter"}', 400)
    done = export(gateway, tmp_path)
    assert done.returncode == 7 and "HSS.0001: Invalid parameter. Audit-Id " in done.stderr, done.stderr


@pytest.mark.parametrize("output, told", [("-", "--output names a file"), ("/dev/stdout", "is no file"), (".", "is no file")])
def test_an_output_that_is_no_file_is_said_to_be_none(output, told, gateway, upstream, tmp_path):
    """`-` had become a file of that name, and --force was recommended for a directory."""
    done = export(gateway, tmp_path, "--output", output)
    assert done.returncode == 2 and told in done.stderr and not upstream.requests and not (tmp_path / "-").exists(), done.stderr


@pytest.mark.parametrize("name", ["-rf", "--output", ".profile", "../a.zip"])
def test_a_name_that_other_programs_take_for_something_else_is_not_used(name, gateway, upstream, tmp_path):
    exports = Exports(upstream)
    upstream.handler = lambda request, connection: (
        answer(json.dumps({"task_id": "task-1", "task_status": "success", "file_id": "file-1", "file_name": name}).encode())
        if request.method == "GET" and "/download/" not in request.target else exports(request, connection))
    done = export(gateway, tmp_path)
    assert done.returncode == 0 and (tmp_path / "export-file-1.zip").exists(), done.stderr


def on_terminal(directory, *arguments: str) -> str:
    """What a command that succeeds shows on a terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [os.environ["HSSGW_BINARY"], *arguments], cwd=directory, env=clean_environment(directory, NO_COLOR="1"), stdin=subprocess.DEVNULL,
        stdout=child, stderr=child)
    os.close(child)
    seen = b""
    while select.select([parent], [], [], 20)[0]:
        try:
            piece = os.read(parent, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(parent)
    assert process.wait(20) == 0
    return seen.decode()


def test_a_terminal_sees_one_line_and_then_the_result(gateway, upstream, tmp_path):
    Exports(upstream)
    text = on_terminal(tmp_path, "export", "baseline", "--gateway", f"http://{gateway.data}", "--output", "t.zip")
    assert "\rbaseline: " in text and "7 rows" in text and "SHA-256" in text and "\x1b" not in text and '"event"' not in text


def test_whoami_and_usage_speak_for_a_key(start, upstream, tmp_path):
    gateway = start(upstream.url, lambda document: document.update(
        callers=[{"name": "images", "authenticate": {"api_key": True}, "projects": ["prod"], "limits": {"exports_per_day": 3}}]))
    secret = create_key(gateway.directory, "images")["api_key"]
    (tmp_path / "key").write_text(secret + "\n")
    (tmp_path / "key").chmod(0o600)
    address = f"http://{gateway.data}"

    def ask(command: str, *flags: str):
        return run(tmp_path, command, "--gateway", address, *flags)

    eventually(lambda: ask("whoami", "--key-file", "key").returncode == 0, "the key")
    assert json.loads(ask("whoami", "--key-file", "key").stdout)["caller"] == "images"
    used = run(tmp_path, "usage", HSSGW_GATEWAY=address, HSSGW_KEY_FILE="key")
    assert json.loads(used.stdout)["left"] == {"exports_per_day": 3}
    flags = ["--gateway", address, "--key-file", "key"]
    seen = on_terminal(tmp_path, "whoami", *flags)
    assert "Caller      images\r\nMethod      api_key, from 127.0.0.1\r\nProject     prod, " in seen and "; the one of `_`" in seen
    assert re.search(r"Operations  \d+; a pipe gets their names", seen) and "ListHostStatus" not in seen, seen
    seen = on_terminal(tmp_path, "usage", *flags)
    assert re.search("Caller      images\r\nRequests    no limit\r\nAt a time   no limit\r\nExports     3 of 3 left today, all again in ", seen), seen
    refused = ask("whoami")
    assert refused.returncode == 7 and "HSSGW.4010" in refused.stderr and refused.stdout == ""


@pytest.mark.parametrize(
    "language, name, command",
    [
        ("python", "call.py", [sys.executable, "call.py"]), ("node", "call.mjs", ["node", "call.mjs"]), ("java", "Call.java", ["java", "Call.java"]),
        ("go", "call.go", ["go", "run", "call.go"]),
    ],
    ids=["python", "node", "java", "go"])
def test_a_snippet_is_a_program_that_calls(language, name, command, gateway, upstream, tmp_path):
    program = shutil.which(command[0])
    if not program:
        pytest.skip(f"needs {command[0]}")
    for operation, method, answered in [("baseline", "POST", b'{"task_id":"t-1"}'), ("ListVulnerabilities", "GET", b'{"total_num":3}')]:
        upstream.handler = lambda received, connection, body=answered: answer(body)
        source = run(tmp_path, "snippet", language, operation, "--gateway", f"http://{gateway.data}").stdout
        (tmp_path / name).write_text(source)
        # A key is optional: the caller is recognised by its address here.
        done = subprocess.run(
            [program, *command[1:]], cwd=tmp_path, env=clean_environment(tmp_path, NO_PROXY="127.0.0.1", GOCACHE=str(tmp_path / "go")),
            capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("200") and done.stdout.rstrip().endswith(answered.decode())
        assert upstream.requests[-1].method == method


def test_snippets_are_programs_and_the_one_for_curl_works(gateway, upstream, tmp_path):
    def snippet(language: str, operation: str = "baseline"):
        return run(tmp_path, "snippet", language, operation, "--gateway", f"http://{gateway.data}")

    done = subprocess.run(
        ["sh", "-c", snippet("curl").stdout], env=clean_environment(tmp_path, HSSGW_KEY=""), capture_output=True, text=True, timeout=20)
    assert done.stdout == "{}" and upstream.requests[-1].method == "POST" and "/image/baseline/export" in upstream.requests[-1].target
    ast.parse(snippet("python", "ListQueryExportTask").stdout)
    wrong = snippet("curl", "ListQueryExportTsk")
    assert wrong.returncode == 2 and "Did you mean `ListQueryExportTask`?" in wrong.stderr


def test_errors_are_in_the_callers_language(gateway):
    path = "/v5/nobody/host-management/hosts"
    chinese = gateway.call("GET", path, [("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")])
    english = gateway.call("GET", path, [("Accept-Language", "en,zh;q=0.5")])
    assert chinese.value("Content-Language") == "zh" and "不可使用项目 nobody" in chinese.json["error_msg"] and "请" in chinese.json["hint"]
    assert english.value("Content-Language") is None and "may not use the project nobody" in english.json["error_msg"]
    assert {name: value for name, value in chinese.json.items() if name not in ("error_msg", "hint", "request_id")} == {
        name: value for name, value in english.json.items() if name not in ("error_msg", "hint", "request_id")}
    records = [gateway.journal.closing(answer.value("Audit-Id")) for answer in (chinese, english)]
    assert [record["error_code"] for record in records] == ["HSSGW.4033"] * 2 and "不" not in json.dumps(records, ensure_ascii=False)


def test_a_sandbox_says_what_to_do_first_and_that_works(sandboxed_gateway):
    said = (sandboxed_gateway.directory / "stdout").read_text()
    line = next(line for line in said.splitlines() if line.startswith("curl "))
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=20, env=clean_environment(sandboxed_gateway.directory))
    assert "HTTP/1.1 200" in done.stdout and "Audit-Id" in done.stdout
    assert f"Console: http://{sandboxed_gateway.admin}/" in said and str(sandboxed_gateway.directory / "audit") in said
