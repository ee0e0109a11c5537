"""The configurations in the repository are accepted by the gateway itself, and contain every key."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CONFIGURATIONS = ["examples/minimal.yaml", "examples/full.yaml", "kubernetes/config.yaml", "kubernetes/overlays/fleet/config.yaml", "systemd/config.yaml"]

# Directories that exist where the gateway is deployed; each gets a replacement here. The longer prefix comes
# first.
PLACES = ["/run/credentials/hss-gateway.service", "/run/credentials", "/run/hss-gateway", "/etc/hss-gateway", "/var/lib/hss-gateway"]
PLACES += ["/var/run/secrets/tokens", "/run/fleet"]

# For most files the check only needs them to be readable. Files that the gateway creates itself are left out.
FILE_KEY = re.compile(r"(?<!store)(?<!master_key)_file: (/[^\s,}]+)")


def transplant(source: Path, directory: Path) -> Path:
    """A copy of a configuration whose absolute paths are below a directory of the test, with every file that it names."""
    text = source.read_text()
    for number, place in enumerate(PLACES):
        here = directory / str(number)
        here.mkdir()
        text = text.replace(place, str(here))
    for line in text.splitlines():
        named = FILE_KEY.search(line.split("#")[0])
        if named:
            file = Path(named.group(1))
            assert file.is_relative_to(directory), f"{file} is in none of the places that this test knows"
            if "ca_file" in line:
                certificate(file)
            else:
                file.write_text("something\n")
    copy = directory / source.name
    copy.write_text(text)
    return copy


def certificate(file: Path) -> None:
    """An authority's certificate, which config check reads."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run([*command, "-subj", "/CN=extra", "-keyout", "/dev/null", "-out", str(file)], check=True, capture_output=True, timeout=60)


def check(binary: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    command = [binary, "config", "check", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_is_accepted_by_config_check(name, deploy, binary, clean_environment, tmp_path):
    copy = transplant(deploy / name, tmp_path)
    result = check(binary, clean_environment, "--config", str(copy))
    assert result.returncode == 0, result.stderr + result.stdout


def test_the_check_of_this_test_can_fail(deploy, binary, clean_environment, tmp_path):
    copy = transplant(deploy / "examples/full.yaml", tmp_path)
    copy.write_text(copy.read_text().replace("durability:", "durabilty:"))
    result = check(binary, clean_environment, "--config", str(copy))
    assert result.returncode == 3
    assert "durability" in result.stderr


def test_the_environment_alone_is_accepted(deploy, binary, clean_environment, tmp_path):
    lines = (deploy / "examples/environment.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    # The commented lines are settings as well: they must exist.
    settings |= dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z]", line))
    settings["HSSGW_AUDIT_DIRECTORY"] = str(tmp_path / "audit")
    result = check(binary, clean_environment | settings)
    assert result.returncode == 0, result.stderr + result.stdout


def keys_of(node, path=""):
    """Every key of a document with its path, list items without their numbers."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield f"{path}.{key}"
            yield from keys_of(value, f"{path}.{key}")
    elif isinstance(node, list):
        for item in node:
            yield from keys_of(item, f"{path}[]")


def test_the_full_example_shows_every_key_that_config_show_knows(deploy, binary, clean_environment, tmp_path):
    copy = transplant(deploy / "examples/full.yaml", tmp_path)
    command = [binary, "config", "show", "--config", str(copy)]
    shown = subprocess.run(command, env=clean_environment, capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0, shown.stderr
    text = (deploy / "examples/full.yaml").read_text()
    names = {path.split(".")[-1].replace("[]", "") for path in keys_of(yaml.safe_load(shown.stdout))}
    # Names that the example gives to its own objects are no keys.
    names -= {"cn-north-4"}
    missing = sorted(name for name in names if not re.search(rf"\b{re.escape(name)}(_file)?\b", text))
    assert missing == []


@pytest.fixture(scope="module")
def schema(binary, tmp_path_factory):
    file = tmp_path_factory.mktemp("schema") / "schema.json"
    file.write_text(subprocess.run([binary, "config", "schema"], capture_output=True, text=True, timeout=120, check=True).stdout)
    return file


def validate(schema: Path, configuration: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(configuration)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_fits_the_schema_that_the_gateway_prints(name, deploy, schema):
    result = validate(schema, deploy / name)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "change",
    [
        ("level: info", "level: loud"), ("connect_timeout: 3s", "connect_timeout: 3"), ("connections: 64", "connections: many"),
        ("upstream:", "upsteam:"), ("type: aksk", "type: aksks"), ("flow_control: adaptive", "flow_control: { per_operation: 5/fortnight }"),
        ("    region: cn-north-4\n", ""), ("flow_control: adaptive", "flow_control: sometimes"),
    ],
)
def test_the_schema_refuses_what_the_gateway_refuses(change, deploy, schema, tmp_path):
    text = (deploy / "examples/full.yaml").read_text()
    assert change[0] in text
    copy = tmp_path / "full.yaml"
    copy.write_text(text.replace(*change, 1))
    assert validate(schema, copy).returncode == 1
