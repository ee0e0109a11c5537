"""What the program is made of is known: pinned, listed, licensed."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def test_every_package_is_pinned_to_one_version():
    lines = [line for line in (REPOSITORY / "Package.swift").read_text().splitlines() if ".package(url:" in line]
    assert len(lines) > 5
    assert [line for line in lines if not re.search(r'exact: "\d+\.\d+\.\d+"', line)] == []


@pytest.mark.skipif(not shutil.which("swift"), reason="the Swift toolchain is not on PATH")
def test_the_list_of_parts_names_every_package_with_version_and_licence(tmp_path):
    file = tmp_path / "parts.spdx.json"
    subprocess.run([REPOSITORY / "scripts/sbom.sh", str(file)], check=True, capture_output=True, timeout=300)
    document = json.loads(file.read_text())
    assert document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0"
    packages = {package["SPDXID"]: package for package in document["packages"]}
    names = {package["name"] for package in packages.values()}
    pinned = re.findall(r'\.package\(url: "[^"]*/([^/"]+)", exact: "([^"]+)"', (REPOSITORY / "Package.swift").read_text())
    listed = {(package["name"], package["versionInfo"]) for package in packages.values()}
    assert set(pinned) <= listed
    assert {"libcurl", "libpq", "swift-nio-extras", "swift-runtime"} <= names, "those of the system, and those that others bring along"
    assert all(package["licenseConcluded"] not in ("", "NOASSERTION") for package in packages.values())
    related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
    assert related == set(packages), "each part hangs together with the whole"
