"""The Debian package and the archive of a release: their content, and the package manager's actions.

The program in both is a small one that execs the gateway, so that no hundred megabytes are compressed. Its output is the gateway's.
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from conftest import REPOSITORY

PATIENCE = 600
STAND_IN = '#include <unistd.h>\nint main(int count, char **words) { (void)count; execv("%s", words); return 127; }\n'


def run(*command: str, **options) -> subprocess.CompletedProcess:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def program(binary, tmp_path_factory) -> Path:
    if not shutil.which("swift"):
        pytest.skip("the Swift toolchain, which writes the manual pages, is not on PATH")
    compiler = shutil.which("cc") or shutil.which("gcc") or pytest.skip("there is no C compiler")
    directory = tmp_path_factory.mktemp("program")
    (directory / "main.c").write_text(STAND_IN % binary)
    run(compiler, "-O2", "-o", str(directory / "hss-gateway"), str(directory / "main.c"))
    return directory / "hss-gateway"


@pytest.fixture(scope="module")
def package(program, tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("package")
    run(str(REPOSITORY / "scripts/deb.sh"), str(program), str(directory), env=os.environ | {"DEB_COMPRESSION": "gzip"})
    (file,) = directory.glob("*.deb")
    return file


@pytest.fixture(scope="module")
def contents(package, tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("contents")
    run("dpkg-deb", "-x", str(package), str(directory))
    return directory


def dangling(names: set[str], read) -> list[str]:
    """Links of the handbook's pages that lead out of what is there."""
    pages = [name for name in names if name.endswith(".md") and name.startswith(("README", "docs/"))]
    assert {"README.md", "docs/operations.md"} <= set(pages)
    there = names | {str(parent) for name in names for parent in Path(name).parents}
    found = [(page, target) for page in pages for target in re.findall(r"\]\((?!https?:)([^()#\s]+)", read(page).decode())]
    return [f"{page}: {target}" for page, target in found if os.path.normpath(os.path.join(os.path.dirname(page), target)) not in there]


def commands(binary: str, *words: str) -> list[tuple[str, ...]]:
    """Every command of the program, from its own help."""
    text = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, timeout=PATIENCE).stdout
    _, _, listed = text.partition("SUBCOMMANDS:\n")
    names = re.findall(r"^  ([a-z-]+)(?: \(default\))?(?: |$)", listed.partition("\n\n")[0], re.M)
    return [words] + [found for name in names for found in commands(binary, *words, name)]


class TestPackage:
    def test_lintian_finds_no_error(self, package):
        lintian = shutil.which("lintian") or pytest.skip("lintian is not on this machine")
        options = ["--no-cfg", "--allow-root", "--fail-on", "error", "--suppress-tags", "initial-upload-closes-no-bugs"]
        done = subprocess.run([lintian, *options, str(package)], capture_output=True, text=True, timeout=PATIENCE)
        assert (done.returncode, done.stdout) == (0, "")

    def test_the_handbook_is_there_with_what_it_links_to(self, contents):
        home = contents / "usr/share/doc/hss-gateway"
        names = {str(file.relative_to(home)) for file in home.rglob("*") if file.is_file()}
        # Debian has the licence's text in /usr/share/common-licenses.
        assert dangling(names, lambda page: (home / page).read_bytes()) == ["README.md: LICENSE"]

    def test_every_command_has_a_manual_page_by_the_name_that_man_looks_for(self, binary, contents):
        pages = {file.name for file in (contents / "usr/share/man/man1").iterdir()}
        known = commands(binary)
        assert len(known) > 30
        assert {"-".join(("hss-gateway", *words)) + ".1.gz" for words in known} <= pages
        text = gzip.decompress((contents / "usr/share/man/man1/hss-gateway-audit-tail.1.gz").read_bytes()).decode()
        assert ".Nm hss-gateway-audit-tail\n" in text and '.Nm "hss-gateway audit tail"\n' in text
        for file in (contents / "usr/share/man/man1").iterdir():
            for name in re.findall(r"^\.Xr (\S+) 1", gzip.decompress(file.read_bytes()).decode(), re.M):
                assert f"{name}.1.gz" in pages, f"{file.name} refers to {name}"

    def test_it_is_installed_upgraded_removed_and_purged_and_leaves_the_journal(self, package, tmp_path):
        """In an overlay over this machine's own files, so that every leftover file is noticed. systemctl only logs its arguments."""
        if os.geteuid() != 0:
            pytest.skip("only root can mount an overlay and install packages in it")
        upgrade = tmp_path / "upgrade"
        run("dpkg-deb", "-R", str(package), str(upgrade))
        control = upgrade / "DEBIAN/control"
        control.write_text(re.sub(r"^Version: .*$", "Version: 99.0.0-1", control.read_text(), flags=re.M))
        (upgrade / "etc/hss-gateway/config.yaml").write_text("# another default\n")
        run("dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(upgrade), str(tmp_path / "upgrade.deb"))
        shutil.copy(package, tmp_path / "first.deb")
        script = tmp_path / "script"
        script.write_text(OVERLAY)
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "bash", str(script), str(tmp_path)], capture_output=True, text=True, timeout=PATIENCE)
        if "no overlay" in done.stdout:
            pytest.skip("no overlay can be mounted here")
        assert done.returncode == 0, done.stdout + done.stderr
        stages = {stage: text.splitlines() for stage, _, text in (part.partition("\n") for part in done.stdout.split("== ")[1:])}
        assert "usr/bin/hss-gateway" in stages["installed"] and "etc/hss-gateway/config.yaml" in stages["installed"]
        assert any("put the keys into" in line for line in stages["first words"])
        assert stages["told at first"] == ["--system daemon-reload"], "without keys nothing is started"
        # An upgrade keeps the operator's changes, and restarts a running gateway.
        assert stages["configuration"] == ["# mine"]
        assert any(line.endswith("--system restart hss-gateway.service") for line in stages["told at the upgrade"])
        assert any(line.endswith("stop hss-gateway.service hss-gateway.socket") for line in stages["told at the removal"])
        assert not [file for file in stages["removed"] if file.startswith("usr/")]
        assert {"etc/hss-gateway/ak", "etc/hss-gateway/config.yaml"} <= set(stages["removed"])
        # What was removed and is installed again doesn't run, and that is said.
        assert any("systemctl enable --now" in line for line in stages["words after a removal"])
        assert not any("start" in line for line in stages["told after a removal"])
        assert any("the audit journal stays" in line for line in stages["last words"])
        assert stages["purged"] == ["var/lib/hss-gateway", "var/lib/hss-gateway/audit", "var/lib/hss-gateway/audit/journal-00000000000000000000.jsonl"]
        # With keys in place an installation enables and starts the units.
        assert any(line.endswith("start hss-gateway.socket hss-gateway.service") for line in stages["told with keys"])
        assert any("preset" in line and line.endswith("hss-gateway.service") for line in stages["told with keys"])


# Files that dpkg, its triggers and the tools that they call keep for themselves don't belong to the package.
OVERLAY = r"""
set -eu
work=$1
mkdir "$work/mounts" && mount -t tmpfs none "$work/mounts"
mkdir "$work/mounts/upper" "$work/mounts/work" "$work/mounts/root"
mount -t overlay none -o "lowerdir=/,upperdir=$work/mounts/upper,workdir=$work/mounts/work" "$work/mounts/root" 2>/dev/null || { echo 'no overlay'; exit; }
root=$work/mounts/root
mount -t proc none "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
rm -rf "$root/run"
mkdir -p "$root/run/systemd/system" "$root/packages"
rm -f "$root/usr/bin/systemctl" "$root/usr/sbin/policy-rc.d"
printf '#!/bin/sh\necho "$*" >>/packages/told\ncase "$*" in *is-*) test ! -e /packages/off || exit 1 ;; esac\ncase "$*" in *is-enabled*) echo enabled ;; esac\n' >"$root/usr/bin/systemctl"
chmod 755 "$root/usr/bin/systemctl"
cp "$work/first.deb" "$work/upgrade.deb" "$root/packages/"
inside() { chroot "$root" "$@"; }
files() {
    (cd "$root" && find etc usr var/lib/hss-gateway -path usr/share/man/man1 -prune -o -newer "$work/mounts/work" -print -o -path '*hss-gateway*' -print 2>/dev/null) |
        grep hss-gateway | sort -u
}
told() { cat "$root/packages/told" 2>/dev/null || true; rm -f "$root/packages/told"; }

inside dpkg -i /packages/first.deb >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
echo '== first words'; cat "$work/words"
echo '== installed'; files
echo '== told at first'; told
inside man -w hss-gateway-audit-tail >/dev/null
echo '# mine' >"$root/etc/hss-gateway/config.yaml"
echo key >"$root/etc/hss-gateway/ak"
echo key >"$root/etc/hss-gateway/sk"
mkdir -p "$root/var/lib/hss-gateway/audit"
: >"$root/var/lib/hss-gateway/audit/journal-00000000000000000000.jsonl"
inside dpkg --force-confdef --force-confold -i /packages/upgrade.deb >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
rm -f "$root/etc/hss-gateway/config.yaml.dpkg-dist"
echo '== configuration'; cat "$root/etc/hss-gateway/config.yaml"
echo '== told at the upgrade'; told
inside dpkg -r hss-gateway >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
echo '== removed'; files
echo '== told at the removal'; told
: >"$root/packages/off"
inside dpkg --force-confold -i /packages/first.deb >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
echo '== words after a removal'; cat "$work/words"
echo '== told after a removal'; told
inside dpkg -r hss-gateway >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
rm "$root/packages/off"
inside dpkg -P hss-gateway >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
echo '== last words'; cat "$work/words"
echo '== purged'; files
mkdir -p "$root/etc/hss-gateway"
echo key >"$root/etc/hss-gateway/ak"
echo key >"$root/etc/hss-gateway/sk"
told >/dev/null
inside dpkg -i /packages/first.deb >"$work/words" 2>&1 || { cat "$work/words"; exit 1; }
echo '== told with keys'; told
"""


def test_the_archive_has_the_program_pages_completions_and_list_of_parts_and_its_digest(program, tmp_path):
    run(str(REPOSITORY / "scripts/package.sh"), str(program), str(tmp_path))
    (archive,), (sums,), (parts,) = (list(tmp_path.glob(pattern)) for pattern in ("*.tar.gz", "*.sha256", "*.spdx.json"))
    assert len(list(tmp_path.iterdir())) == 3
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in sums.read_text().splitlines())}
    assert listed == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (archive, parts)}
    with tarfile.open(archive) as files:
        members = files.getmembers()
        names = [member.name for member in members]
        (root,) = {name.partition("/")[0] for name in names}
        assert archive.name == f"{root}.tar.gz"
        assert {
            "bin/hss-gateway", "LICENSE", "README.md", "CHANGELOG.md", "hss-gateway.spdx.json", "examples/full.yaml", "systemd/hss-gateway.service",
            "share/man/man1/hss-gateway.1", "share/man/man1/hss-gateway-export.1", "share/bash-completion/completions/hss-gateway",
            "share/zsh/site-functions/_hss-gateway", "share/fish/vendor_completions.d/hss-gateway.fish",
        } <= {name.partition("/")[2] for name in names}
        assert dangling({name.partition("/")[2] for name in names}, lambda page: files.extractfile(f"{root}/{page}").read()) == []
        assert files.getmember(f"{root}/bin/hss-gateway").mode == 0o755
        assert files.extractfile(f"{root}/hss-gateway.spdx.json").read() == parts.read_bytes()
        # Packing the same commit again gives the same bytes.
        assert len({(member.uid, member.gid, member.uname, member.mtime) for member in members}) == 1
        assert names == sorted(names, key=lambda name: name.split("/"))
    assert archive.read_bytes()[4:8] == bytes(4), "the time in gzip's header"
