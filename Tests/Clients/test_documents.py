"""The documents are consistent: links, their anchors, pictures; and both languages have the same content."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from harness.deadline import eventually
from harness.process import PROJECT, Gateway, clean_environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
CODE = re.compile(r"^(```|~~~).*?^\1\s*$", re.S | re.M)
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")


def anchors(page: pathlib.Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    found: dict[str, int] = {}
    names = set()
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", CODE.sub("", page.read_text("utf8")), re.M):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        name = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        count = found.get(name, 0)
        found[name] = count + 1
        names.add(f"{name}-{count}" if count else name)
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: pathlib.Path) -> None:
    for target in LINK.findall(CODE.sub("", page.read_text("utf8"))):
        if re.match(r"[a-z]+:", target):
            assert target.startswith(("https://", "http://127.0.0.1", "mailto:")), target
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target} isn't there"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{target}: {file.name} has no such heading"


def test_every_page_of_the_handbook_can_be_reached_from_the_readme() -> None:
    seen, open_pages = set(), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        for target in LINK.findall(CODE.sub("", page.read_text("utf8"))):
            if not re.match(r"[a-z]+:", target):
                open_pages.append((page.parent / target.partition("#")[0]).resolve())
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} <= seen


def codes(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| (\d{4}) \| (\d{3}) \|", (ROOT / "docs" / page).read_text("utf8"), re.M)


def test_the_words_for_a_call_that_failed_are_those_of_the_program() -> None:
    exchange = ROOT / "Sources/Gateway/Exchange"
    words = set(re.findall(r': "([a-z_]+)"', (exchange / "TransportError+Word.swift").read_text("utf8")))
    for source in exchange.glob("*.swift"):
        words |= set(re.findall(r'(?:gaveUp\(because: |upstream\?\.error = )"([a-z_]+)"', source.read_text("utf8")))
    listed = re.search(r"^`upstream.error`: (.*?)\n\n", (ROOT / "docs/audit-record.md").read_text("utf8"), re.M | re.S)[1]
    # What was withheld is no call.
    assert set(re.findall(r"`([a-z_]+)`", listed)) == words - {"withheld"}


def test_the_errors_are_the_same_in_both_languages() -> None:
    assert sorted(codes("errors.md")) == sorted(codes("errors.zh-CN.md"))
    source = (ROOT / "Sources/Gateway/Refusals/RefusalCode.swift").read_text("utf8")
    assert sorted(code for code, _ in codes("errors.md")) == sorted(re.findall(r"case \w+ = (\d{4})", source))


@pytest.mark.parametrize("pair", [("README.md", "README.zh-CN.md"), ("docs/start.md", "docs/start.zh-CN.md")])
def test_a_page_and_its_translation_show_the_same_commands(pair: tuple[str, str]) -> None:
    def commands(name: str) -> set[str]:
        blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text("utf8"), re.S | re.M)
        lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
        return {re.sub(r'"[^"]*"', '""', line) for line in lines if line}

    assert commands(pair[1]) <= commands(pair[0])


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text("utf8"), re.S | re.M)


@pytest.fixture
def shell(gateway, tmp_path):
    """Runs a line of a document in an empty directory, with this gateway instead of the port in the document."""
    program = tmp_path / "bin" / "hss-gateway"
    program.parent.mkdir()
    program.symlink_to(os.environ["HSSGW_BINARY"])

    def run(line: str) -> str:
        line = line.replace("127.0.0.1:8080", gateway.data)
        environment = clean_environment(tmp_path, HSSGW_GATEWAY=f"http://{gateway.data}", PATH=f"{program.parent}:{os.environ['PATH']}")
        done = subprocess.run(["bash", "-euc", line], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout

    return run


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/start.md", "docs/start.zh-CN.md"])
def test_the_commands_of_the_first_pages_work_as_they_stand(page: str, shell, tmp_path) -> None:
    lines = [line.split("  #")[0].strip() for block in blocks(page, "sh") for line in block.splitlines()]
    ran = 0
    for line in lines:
        if line.startswith("curl -X POST"):
            task = json.loads(shell(line))["task_id"]
        elif "/export-task/" in line:
            poll = re.sub(r"(/export-task/)\S+", rf"\g<1>{task}", line)
            found = eventually(lambda: (state := json.loads(shell(poll))).get("task_status") == "success" and state, "the export")
            file = found["file_id"]
        elif "/download/" in line:
            shell(re.sub(r"(/download/)\S+", rf"\g<1>{file}", line))
            assert zipfile.is_zipfile(tmp_path / "export.zip")
        elif line.startswith("hss-gateway export"):
            shell(line)
            assert zipfile.is_zipfile(tmp_path / "baseline.zip")
        else:
            continue
        ran += 1
    assert ran >= 2


@pytest.mark.parametrize("listeners", [
    [{"name": "local", "unix": "s 1.sock"}], [{"name": "local", "unix": "s 1.sock"}, {"name": "internal", "address": "127.0.0.1:0"}]])
def test_the_sandbox_s_first_call_can_be_copied_wherever_it_listens(listeners: list[dict], tmp_path) -> None:
    place = tmp_path / "it's here"
    place.mkdir()
    (place / "gateway.yaml").write_text(json.dumps({"listeners": listeners}))
    gateway = Gateway(place, ["--sandbox", "--config", "gateway.yaml", "--admin", "127.0.0.1:0"]).wait_until_ready()
    # Written once it is ready, with this as its last command.
    shown = eventually(lambda: (text := (place / "stdout").read_text()).endswith("\n") and "audit tail --directory" in text and text, "the commands to copy")
    steps = [line for line in shown.splitlines() if line.startswith("curl ")]
    steps += re.findall(r"hss-gateway (export .*|audit tail --directory .*)\)?$", shown, re.M)
    try:
        for step in steps:
            line = step if step.startswith("curl ") else f"{os.environ['HSSGW_BINARY']} {step.removesuffix(')')}"
            line += " --fail" if step.startswith("curl ") else " --once" if step.startswith("audit ") else ""
            done = subprocess.run(["bash", "-euc", line], cwd=tmp_path, env=clean_environment(tmp_path), capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and done.stdout, f"{line}: {done.stderr}"
    finally:
        gateway.stop()
    assert len(steps) == 1 + len(listeners), shown


@pytest.mark.parametrize("page", ["docs/start.md", "docs/start.zh-CN.md"])
def test_the_last_step_of_the_first_page_starts_where_the_sandbox_ran(page: str, tmp_path) -> None:
    """The reader is still in the directory where the second step has left a sandbox's journal."""
    ports = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
    Gateway(tmp_path, [*ports, "--sandbox"]).wait_until_ready().stop()
    assert (tmp_path / "audit/sandbox").exists()
    account = {"HUAWEICLOUD_SDK_AK": "ANACCESSKEYOFTHEREADER", "HUAWEICLOUD_SDK_SK": "secret" * 6, "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT}
    variables = dict(re.findall(r"([A-Z_]+)=(\S+)", blocks(page, "sh")[-1]))
    Gateway(tmp_path, ports, variables | account).wait_until_ready().stop()


def test_the_readme_s_python_works_as_it_stands(gateway, tmp_path) -> None:
    (program,) = blocks("README.md", "python")
    environment = clean_environment(tmp_path, NO_PROXY="127.0.0.1")
    done = subprocess.run(
        [sys.executable, "-c", program.replace("127.0.0.1:8080", gateway.data)], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_readme_s_configuration_is_one(shell, tmp_path) -> None:
    for page in ["README.md", "README.zh-CN.md"]:
        (text,) = blocks(page, "yaml")
        (tmp_path / "gateway.yaml").write_text(text)
        shell("hss-gateway config check --offline --config gateway.yaml")


# The part of the SDK that the pages' Java needs, by names.
JAVA_SDK = {
    "HssClient": "static Builder newBuilder() { return new Builder(); } static class Builder { Builder withCredential(BasicCredentials one) { return this; }"
    " Builder withEndpoints(java.util.List<String> all) { return this; } HssClient build() { return new HssClient(); } }",
    "BasicCredentials": "BasicCredentials withAk(String text) { return this; } BasicCredentials withSk(String text) { return this; }",
}


def check_syntax(language: str, source: str, directory: pathlib.Path) -> list[str]:
    """The command that checks a program's syntax; its file is in the directory then."""
    if language == "java":
        stubs = "".join(f"class {name} {{ {body} }}\n" for name, body in JAVA_SDK.items())
        source = f"{stubs}class Page {{ void run() throws Exception {{\n{source}\n}} }}\n"
    if language == "php":
        source = f"<?php\n{source}"
    name = {"java": "Page.java", "php": "page.php", "js": "page.js", "go": "page.go", "python": "page.py"}[language]
    (directory / name).write_text(source)
    return {
        # Version 8 is what the SDK itself requires.
        "java": ["javac", "--release", "8", "-Xlint:-options", "-d", str(directory), name], "php": ["php", "-l", name], "js": ["node", "--check", name],
        "go": ["gofmt", "-d", "-e", name], "python": [sys.executable, "-m", "py_compile", name],
    }[language]


@pytest.mark.parametrize("language", ["python", "go", "java", "js", "php"])
def test_the_programs_for_the_sdks_are_programs(language: str, tmp_path) -> None:
    pages = {page: blocks(str(page.relative_to(ROOT)), language) for page in PAGES}
    assert pages[ROOT / "docs/clients.md"]
    for page, programs in pages.items():
        for source in programs:
            command = check_syntax(language, source, tmp_path)
            if not shutil.which(command[0]):
                pytest.skip(f"needs {command[0]}")
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
            # gofmt shows what it would change.
            assert done.returncode == 0 and (language != "go" or not done.stdout), f"{page.name}: {done.stdout}{done.stderr}"
