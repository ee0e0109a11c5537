"""Completions in the real shells: bash, zsh and fish, if installed."""

import os
import pty
import select
import shutil
import subprocess
import time

import pytest

from harness.process import clean_environment

# The timeout for a shell to start and to answer, on a busy machine.
PATIENCE = 120


@pytest.fixture
def home(tmp_path):
    """A directory with the program under its name and the completions for each shell."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/hss-gateway").symlink_to(os.environ["HSSGW_BINARY"])
    for shell, name in [("bash", "bash"), ("zsh", "_hss-gateway"), ("fish", "hss-gateway.fish")]:
        text = subprocess.run(
            [os.environ["HSSGW_BINARY"], "--generate-completion-script", shell], capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
        (tmp_path / name).write_text(text)
    return tmp_path


def environment(home) -> dict[str, str]:
    return clean_environment(home, TERM="xterm") | {"PATH": f"{home}/bin:/usr/bin:/bin"}


def in_bash(home, *words: str) -> list[str]:
    """Bash's completions for a line that ends in the last word."""
    script = """
        source ./bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=()
        COMP_POINT=${#COMP_LINE}
        _hss-gateway hss-gateway "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script, "bash", "hss-gateway", *words], cwd=home, env=environment(home), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_bash_completes_commands_kinds_and_the_filters_of_a_kind(home):
    assert in_bash(home, "exp") == ["explain", "export"]
    assert in_bash(home, "export", "base") == ["baseline", "baseline-security-check-report"]
    assert in_bash(home, "export", "baseline", "--sev") == ["--severity-level"]
    assert "--image-name" in in_bash(home, "export", "baseline", "")
    assert in_bash(home, "export", "baseline", "--severity-level", "High", "--image-n") == ["--image-name"]
    assert in_bash(home, "export", "BatchExportBaselineTask", "--sev") == ["--severity-level"]
    # Filters of this kind only, and the command's own flags besides them.
    assert in_bash(home, "export", "local-vul", "--sev") == []
    assert in_bash(home, "export", "baseline", "--outp") == ["--output"]


def test_bash_completes_files_and_the_words_that_a_flag_takes(home):
    (home / "gateway.yaml").touch()
    assert in_bash(home, "serve", "--config", "gate") == ["gateway.yaml"]
    assert in_bash(home, "audit", "query", "--outcome", "") == ["success", "failure", "refused", "unknown"]
    assert in_bash(home, "audit", "query", "--operation", "ListHostSt") == ["ListHostStatus"]
    assert in_bash(home, "snippet", "curl", "ListHostSt") == ["ListHostStatus"]


# A function instead of the program shows the words from the shell, and passes the completion's own calls to the program.
INTERACTIVE = {
    "zsh": (
        ["-f", "-i"],
        "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; "
        "hss-gateway() { if [[ $1 == ---completion ]]; then command hss-gateway \"$@\"; else print -r -- \"<$*>\"; fi }; ",
    ),
    "fish": (
        ["--private"],
        "source hss-gateway.fish; function hss-gateway; if test \"$argv[1]\" = ---completion; command hss-gateway $argv; else; echo \"<$argv>\"; end; end; ",
    ),
}


@pytest.mark.parametrize("shell", INTERACTIVE)
def test_a_shell_at_a_terminal_completes_the_filters_of_a_kind(shell, home):
    program = shutil.which(shell) or pytest.skip(f"{shell} is not on this machine")
    options, setup = INTERACTIVE[shell]
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(home)
        os.execve(program, [shell, *options], environment(home))
    seen = b""
    deadline = time.monotonic() + PATIENCE

    def wait(text: bytes) -> None:
        nonlocal seen
        while text not in seen:
            left = deadline - time.monotonic()
            assert left > 0, f"{shell} did not show {text!r}: {seen[-2000:]!r}"
            if select.select([terminal], [], [], left)[0]:
                seen += os.read(terminal, 65536)

    try:
        # The quotes distinguish the echo of the line from its output.
        os.write(terminal, setup.encode() + b"echo is' 'ready\n")
        wait(b"is ready")
        os.write(terminal, b"hss-gateway export baseline --severity-l\t\n")
        wait(b"<export baseline --severity-level>")
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)
