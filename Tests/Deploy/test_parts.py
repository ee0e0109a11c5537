"""The parts of the program are known: pinned, listed, licensed."""

import json
import os
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


#: The part that a shared library belongs to, by the beginning of the library's name.
PARTS = {
    "libcurl.": "libcurl", "libnghttp2.": "libnghttp2", "libpq.": "libpq", "libsqlite3.": "sqlite3", "libyaml-": "yaml-0.1", "libz.": "zlib",
    "libstdc++.": "libstdc++", "libgcc_s.": "libgcc", "libc.": "glibc", "libm.": "glibc", "ld-linux": "glibc",
}
#: The sources of others that packages contain, by the beginning of their functions' names.
CONTAINED = {
    "CCryptoBoringSSL_": "boringssl-in-swift-crypto", "CNIOBoringSSL_": "boringssl-in-swift-nio-ssl", "KeccakP1600_": "xkcp-in-swift-crypto",
    "c_nio_llhttp_": "llhttp-in-swift-nio",
}


@pytest.mark.skipif(not shutil.which("swift"), reason="the Swift toolchain is not on PATH")
def test_the_list_of_parts_names_every_package_with_version_and_licence(binary, tmp_path):
    file = tmp_path / "parts.spdx.json"
    subprocess.run([REPOSITORY / "scripts/sbom.sh", str(file)], check=True, capture_output=True, timeout=300)
    document = json.loads(file.read_text())
    assert document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0"
    packages = {package["SPDXID"]: package for package in document["packages"]}
    names = {package["name"] for package in packages.values()}
    pinned = re.findall(r'\.package\(url: "[^"]*/([^/"]+)", exact: "([^"]+)"', (REPOSITORY / "Package.swift").read_text())
    listed = {(package["name"], package["versionInfo"]) for package in packages.values()}
    assert set(pinned) <= listed
    assert {"libcurl", "libpq", "swift-collections", "swift-runtime"} <= names, "those of the system, and those that others bring along"
    needed = re.findall(r"NEEDED.*\[(.*)\]", subprocess.run(["readelf", "-d", binary], capture_output=True, text=True, check=True, timeout=60).stdout)
    # A debug build has Swift's own libraries beside it.
    linked = [name for name in needed if not re.match(r"libswift|lib_?(Foundation|Testing|dispatch|BlocksRuntime|Concurrency)", name)]
    assert len(linked) > 6 and {next((part for start, part in PARTS.items() if name.startswith(start)), name) for name in linked} <= names, linked
    assert len(packages) == len(document["packages"]), "each has an identifier of its own"
    symbols = subprocess.run(["nm", "--defined-only", binary], capture_output=True, text=True, check=True, timeout=120).stdout.split()
    linked = {part for start, part in CONTAINED.items() if any(symbol.startswith(start) for symbol in symbols)}
    assert linked and {f"SPDXRef-{part}" for part in linked} <= set(packages), "the cryptography, too, that is inside of others"
    assert all(re.fullmatch(r"[0-9a-f]{40}", package["versionInfo"]) for package in packages.values() if package["name"] == "boringssl")
    assert ".git@" not in "".join(reference["referenceLocator"] for package in packages.values() for reference in package.get("externalRefs", []))
    assert all(package["licenseConcluded"] not in ("", "NOASSERTION") for package in packages.values())
    related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
    assert related == set(packages), "each part hangs together with the whole"


@pytest.mark.skipif(not shutil.which("swift"), reason="the Swift toolchain is not on PATH")
def test_a_stale_order_of_functions_is_noticed(tmp_path):
    """Real objects, made by the compiler next to swift."""
    source, built, order = tmp_path / "one.c", tmp_path / "one.o", tmp_path / "order.txt"
    source.write_text("".join(f"int f{number}(int a) {{ return a + {number}; }}\n" for number in range(4)))
    compiler = Path(shutil.which("swift")).resolve().parent / "clang"
    subprocess.run([compiler, "-c", "-o", built, source], check=True, timeout=60)

    def check(*names: str, most: str | None = None) -> tuple[int, str]:
        order.write_text("".join(f"{name}\n" for name in names))
        environment = {"PATH": os.environ["PATH"]} | ({"HSSGW_ORDER_MISSING": most} if most else {})
        done = subprocess.run([REPOSITORY / "scripts/check-order.sh", built, order], env=environment, capture_output=True, text=True, timeout=60)
        assert done.stdout == ""
        return done.returncode, done.stderr

    status, said = check("f0", "f1", "f2", "f3")
    assert status == 0 and "0 of 4 functions" in said
    assert check("f0", "f1", "f2", "gone")[0] == 0, "a quarter may be gone"
    status, said = check("f0", "f1", "gone", "renamed")
    assert status == 1 and "2 of 4 functions" in said and "Benchmarks/order.sh" in said
    assert check("gone", most="100")[0] == 0 and check("f0", "gone", most="49")[0] == 1
    assert check()[0] == 2 and check("f0", most="many")[0] == 2
    built.write_bytes(b"no program")
    assert check("f0")[0] == 2


@pytest.mark.skipif(not shutil.which("swift"), reason="the Swift toolchain is not on PATH")
def test_a_release_that_can_be_subverted_from_within_is_noticed(tmp_path):
    """Real programs, linked like a release and then with one protection removed."""
    source, built = tmp_path / "one.c", tmp_path / "one"
    constant = '__asm__(".section .rodata.mark,\\"{flags}\\",@progbits\\n.byte 1\\n.text");\n'
    compiler = Path(shutil.which("swift")).resolve().parent / "clang"
    protected = ["-fuse-ld=lld", "-pie", "-fPIE", "-Wl,-z,relro", "-Wl,-z,now"]

    def check(*flags: str, writable: bool = False) -> tuple[int, str]:
        source.write_text(constant.format(flags="aw" if writable else "a") + "int main(void) { return 0; }\n")
        subprocess.run([compiler, *protected, *flags, "-o", built, source], check=True, capture_output=True, timeout=60)
        done = subprocess.run([REPOSITORY / "scripts/check-hardening.sh", built], capture_output=True, text=True, timeout=60)
        assert done.stdout == ""
        return done.returncode, done.stderr

    assert check() == (0, "")
    for flags, sentence in [
        (["-no-pie", "-fno-PIE"], "at a fixed address"),
        (["-Wl,-z,norelro"], "no RELRO"),
        (["-Wl,-z,lazy"], "no BIND_NOW"),
        (["-Wl,-z,execstack"], "the stack is executable"),
        (["-Wl,-rpath,$ORIGIN"], "looks for shared libraries in"),
    ]:
        status, said = check(*flags)
        assert status == 1 and sentence in said, (flags, said)
    status, said = check(writable=True)
    assert status == 1 and "constants (.rodata) can be written to" in said
    built.write_bytes(b"no program")
    done = subprocess.run([REPOSITORY / "scripts/check-hardening.sh", built], capture_output=True, timeout=60)
    assert done.returncode == 2
