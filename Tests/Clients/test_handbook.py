"""Compares the documentation with the program: settings and their defaults, codes, exit codes, metrics, and every shell block that is marked as
runnable."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from harness.process import PROJECT, REGION, clean_environment, configuration, serve

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
CODE = re.compile(r"`([^`]+)`")


def program(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [os.environ["HSSGW_BINARY"], *arguments], env=clean_environment(Path("/"), **variables), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Settings.

def settings(node: dict, path: str = "") -> set[str]:
    """The paths of all settings of a JSON Schema; list items and entries with free names have no name of their own."""
    found = set()
    for name, value in node.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        below = settings(value, here)
        found |= below or {here}
        # A setting that is either a mapping or one word.
        if below and any("string" in kind.get("type", ()) for kind in value.get("anyOf", [value])):
            found.add(here)
    for kind in ("anyOf", "oneOf", "allOf"):
        for one in node.get(kind, []):
            found |= settings(one, path)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            found |= settings(node[key], path)
    return found


def sections() -> dict[str, str]:
    """The page's sections by the name of the setting in their headings."""
    text = (ROOT / "docs/configuration.md").read_text("utf8")
    parts = re.split(r"^## `([a-z_]+)(?:\[\])?`.*$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> list[tuple[list[str], str]]:
    """The settings of each row of its tables with a default, and the cell of the default."""
    found = []
    for table in re.findall(r"^\| key \| default \|.*\n\|[-|: ]+\n((?:\|.*\n)+)", section, re.M):
        for line in table.splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:]]
            # The part after `of type` names kinds of one setting.
            found.append((CODE.findall(cells[0].partition(" of type ")[0].replace("[]", "")), cells[1]))
    return found


@pytest.fixture(scope="module")
def known() -> set[str]:
    return settings(json.loads(program("config", "schema")))


def test_every_setting_stands_in_its_section_of_the_configurations_page(known):
    page = sections()
    assert {path.partition(".")[0] for path in known} == page.keys()
    missing = []
    for path in sorted(known):
        section, _, rest = path.partition(".")
        words = set(re.findall(r"[a-z0-9_]+", " ".join([*CODE.findall(page[section]), *re.findall(r"^```yaml\n(.*?)^```", page[section], re.S | re.M)])))
        last = rest.rpartition(".")[2]
        # A secret may be in a file, in the environment or, under its own name, in a store: one of the two names is enough.
        if not {last, last.removesuffix("_file"), last + "_file"} & words:
            missing.append(path)
    assert missing == [] and len(known) > 150


def test_the_page_has_no_setting_that_there_is_not(known):
    everything = known | {path.rpartition(".")[0] for path in known}
    strange = []
    for section, text in sections().items():
        for names, _ in rows(text):
            for name in names:
                if re.fullmatch(r"[a-z0-9_.]+", name) and not any(
                    path.startswith(section + ".") and (path == f"{section}.{name}" or path.endswith("." + name.lstrip("."))) for path in everything
                ):
                    strange.append(f"{section}: {name}")
    assert strange == []


UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


def value(text: object) -> object:
    """A value for comparisons: a duration in seconds, a size in bytes, anything else as YAML reads it."""
    found = re.fullmatch(r"(\d+)(ms|s|m|h|d|KiB|MiB|GiB)", str(text))
    if found:
        return int(found[1]) * UNITS[found[2]]
    read = yaml.safe_load(text) if isinstance(text, str) else text
    # YAML reads `off` as false.
    return {True: "true", False: "off" if text == "off" else "false"}[read] if isinstance(read, bool) else read


def test_the_defaults_of_the_page_are_those_in_force(tmp_path):
    (tmp_path / "gateway.yaml").write_text(json.dumps({
        **configuration(tmp_path, "http://127.0.0.1:9"), "listeners": [{"name": "internal"}], "admin": {}, "audit": {}, "regions": {},
        "tracing": {"endpoint": "http://127.0.0.1:4318"}, "fleet": {"url_file": str(tmp_path / "access-key")},
        "secret_stores": {"vault": {"address": "https://vault.example", "token_file": str(tmp_path / "access-key")}},
    }))
    shown = yaml.safe_load(program("config", "show", "--config", str(tmp_path / "gateway.yaml")))
    compared, wrong = 0, []
    for section, text in sections().items():
        node = shown.get(section)
        if node is None:
            continue
        node = node[0] if isinstance(node, list) else node
        for names, cell in rows(text):
            defaults = CODE.findall(cell)
            if not re.fullmatch(r"(`[^`]+`(, )?)+", cell) or len(defaults) != len(names):
                continue
            for name, default in zip(names, defaults, strict=True):
                # A path depends on the machine, and a mapping's defaults are shown only if there is one.
                found = node
                for word in name.split("."):
                    found = found.get(word, LookupError) if isinstance(found, dict) else LookupError
                if found is LookupError or default.startswith("./") or default.isupper():
                    continue
                compared += 1
                if value(found) != value(default) and str(found) != default.strip('"'):
                    wrong.append(f"{section}.{name}: {default} on the page, {found} in force")
    assert wrong == [] and compared > 40


# Codes, exit codes, metrics.

@pytest.mark.parametrize("page", ["errors.md", "errors.zh-CN.md"])
def test_every_code_has_its_status_a_cause_and_somebody_who_acts(page):
    source = (ROOT / "Sources/Gateway/Refusals/RefusalCode.swift").read_text("utf8")
    numbers = dict(re.findall(r"case (\w+) = (\d{4})", source))
    statuses = {numbers[name]: status for names, status in re.findall(r"case (\.\w+(?:, \.\w+)*): (\d{3})$", source, re.M) for name in re.findall(r"\.(\w+)", names)}
    titles = {numbers[name]: title for name, title in re.findall(r"case \.(\w+): \"(\w+)\"", source)}
    lines = re.findall(r"^\| (\d{4}) \| (\d{3}) \|(.*)\|$", (ROOT / "docs" / page).read_text("utf8"), re.M)
    assert {code: status for code, status, _ in lines} == statuses and len(statuses) > 30
    for code, _, rest in lines:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", rest)]
        if page == "errors.md":
            assert cells.pop(0) == titles[code]
        cause, caller, operator = cells
        assert len(cause) > 3 and (caller.strip("-") or operator.strip("-")), code


def test_the_exit_codes_that_commands_name_stand_in_the_table():
    table = set(re.findall(r"^\| (\d+) \| ", (ROOT / "docs/operations.md").read_text("utf8").partition("| exit code |")[2].partition("\n\n")[0], re.M))
    seen, open_commands = set(), [()]
    while open_commands:
        words = open_commands.pop()
        text = program(*words, "--help")
        for sentence in re.findall(r"Exit codes?:?((?:[^.]|\.\S)*)\.", text.replace("\n", " ")):
            seen |= set(re.findall(r"(?<![\d-])(\d{1,3})(?= )", sentence))
        listed = text.partition("SUBCOMMANDS:\n")[2].partition("\n\n")[0]
        open_commands += [(*words, name) for name in re.findall(r"^  ([a-z-]+)(?: \(default\))?(?: |$)", listed, re.M)]
    assert {"6", "8", "9", "10", "130"} <= seen <= table


def test_every_metric_stands_in_the_handbook(gateway):
    page = "".join((ROOT / "docs" / name).read_text("utf8") for name in ("operations.md", "fleet.md"))
    served = set(re.findall(r"^# TYPE (\w+) ", gateway.metrics(), re.M))
    # Some exist only if the feature that they measure is configured.
    written = {
        name for module in ("Administration", "Gateway", "Assembly", "Shipping", "Fleet") for file in (ROOT / "Sources" / module).rglob("*.swift")
        for name in re.findall(r'"(hssgw_[a-z_]+_(?:total|seconds|bytes|size|ready|suspended|info|ratio|count))"', file.read_text("utf8"))
    }
    missing = sorted(name for name in served | written if name not in page)
    assert missing == [] and len(served) > 40


# Shell blocks.

RUNNABLE = re.compile(r"^<!-- runnable -->\n```sh\n(.*?)^```", re.S | re.M)
PAGES = [page for page in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]) if RUNNABLE.search(page.read_text("utf8"))]


def test_there_are_runnable_blocks_on_the_pages_of_callers_operators_and_auditors():
    assert {"start.md", "start.zh-CN.md", "clients.md", "clients.zh-CN.md", "configuration.md", "backup.md", "cloud-permissions.md"} <= {
        page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_that_is_marked_as_runnable_runs(page, sandbox, tmp_path):
    """In an empty directory, with the stand-in; words in capitals and paths of an installation are replaced by those of this test."""
    home = tmp_path / "gateway"
    document = configuration(home, sandbox.url)
    document["regions"][REGION]["iam"] = "http://" + sandbox.addresses["iam"]
    document["callers"][0] = {
        "name": "image-team", "authenticate": {"require": "any", "cidr": ["127.0.0.0/8"], "virtual_key": True}, "projects": ["prod"]}
    document["caller_keys"] = {"store_file": str(home / "keys"), "master_key_file": str(home / "master.key")}
    document["audit"]["checkpoint"] = {"every": 1, "interval": "1s"}
    document["upstream"]["flow_control"] = "off"
    gateway = serve(home, document)
    places = {
        "127.0.0.1:8080": gateway.data, "127.0.0.1:9090": gateway.admin, "/etc/hss-gateway/gateway.yaml": str(home / "gateway.yaml"),
        "/backup/hss-gateway": str(tmp_path / "backup"), "/var/lib/hss-gateway": str(home), " FILE": f" {home / 'gateway.yaml'}",
        " DIR": f" {home / 'audit'}", "--config gateway.yaml": f"--config {home / 'gateway.yaml'}",
        "0123456789abcdef0123456789abcdef": PROJECT,
    }
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "hss-gateway").symlink_to(os.environ["HSSGW_BINARY"])
    # The test replaces systemd, and stops its gateway before a block that does.
    (programs / "systemctl").write_text("#!/bin/sh\nexit 0\n")
    (programs / "systemctl").chmod(0o755)
    environment = clean_environment(tmp_path, HSSGW_GATEWAY=f"http://{gateway.data}", PATH=f"{programs}:{os.environ['PATH']}")
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    try:
        for block in RUNNABLE.findall(page.read_text("utf8")):
            for word, place in places.items():
                block = block.replace(word, place)
            if "systemctl stop" in block:
                gateway.stop()
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=workplace, env=environment, capture_output=True, text=True, timeout=PATIENCE)
            assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    finally:
        gateway.stop()
