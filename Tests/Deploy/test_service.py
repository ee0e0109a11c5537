"""The running gateway behaves as the units, the image and the manifests require."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

# Longer than a start or a stop takes on the slowest supported machine.
PATIENCE = 60


def serve(binary: str, directory: Path, *prefix: str) -> list[str]:
    ports = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
    return [*prefix, binary, "serve", "--sandbox", *ports, "--audit-directory", str(directory / "audit"), "--ready-file", str(directory / "ready")]


def addresses(process: subprocess.Popen, directory: Path) -> dict[str, str]:
    """The content of the ready file, once it exists; it appears atomically."""
    deadline = time.monotonic() + PATIENCE
    while not (directory / "ready").exists():
        assert process.poll() is None, f"the gateway ended with {process.returncode}"
        assert time.monotonic() < deadline, "the gateway was not ready in time"
        time.sleep(0.05)
    return dict(line.split("=", 1) for line in (directory / "ready").read_text().splitlines())


@contextmanager
def running(command: list[str], **options):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture
def short_directory(tmp_path_factory) -> Path:
    """A directory whose path is short enough for the name of a Unix socket (107 bytes)."""
    return tmp_path_factory.mktemp("s")


def test_tells_systemd_when_it_is_ready_and_when_it_stops(binary, clean_environment, short_directory):
    path = short_directory / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications:
        notifications.bind(str(path))
        notifications.settimeout(PATIENCE)
        with running(serve(binary, short_directory), env=clean_environment | {"NOTIFY_SOCKET": str(path)}) as process:
            assert b"READY=1" in notifications.recv(4096)
            # Ready means that the data port answers, so it is called at once.
            data = addresses(process, short_directory)["data"]
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://{data}/", timeout=PATIENCE)
            process.send_signal(signal.SIGTERM)
            assert b"STOPPING=1" in notifications.recv(4096)
            assert process.wait(PATIENCE) == 0


def test_serves_on_the_socket_that_systemd_bound(binary, clean_environment, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        # As systemd does it: the descriptor is 3, and the process's own id is in the environment.
        script = 'exec 3<&"$1"; shift; export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=internal; exec "$@"'
        command = serve(binary, tmp_path, "/bin/bash", "-c", script, "bash", str(listener.fileno()))
        with running(command, env=clean_environment, pass_fds=[listener.fileno()]) as process:
            assert addresses(process, tmp_path)["data"] == f"{host}:{port}"
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://{host}:{port}/", timeout=PATIENCE)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def test_health_is_0_while_it_is_ready_and_1_when_nobody_answers(binary, clean_environment, tmp_path):
    with running(serve(binary, tmp_path), env=clean_environment) as process:
        admin = addresses(process, tmp_path)["admin"]
        health = [binary, "health"]
        environment = clean_environment | {"HSSGW_ADMIN_ADDRESS": admin}
        assert subprocess.run(health, env=environment, capture_output=True, timeout=PATIENCE).returncode == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert subprocess.run(health, env=environment, capture_output=True, timeout=PATIENCE).returncode == 1


def test_needs_no_home_and_writes_nowhere_but_its_journal(binary, clean_environment, tmp_path):
    environment = {name: value for name, value in clean_environment.items() if name not in ("HOME", "TMPDIR")}
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    with running(serve(binary, tmp_path), env=environment, cwd=workplace) as process:
        addresses(process, tmp_path)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert list(workplace.iterdir()) == []
    assert {file.name for file in tmp_path.iterdir()} == {"audit", "workplace"}
    assert (tmp_path / "audit").stat().st_mode & 0o777 == 0o700
    for file in (tmp_path / "audit").rglob("*"):
        # The public half of the checkpoint's key is readable for everyone.
        allowed = 0o700 if file.is_dir() else 0o644 if file.suffix == ".pub" else 0o600
        assert file.stat().st_mode & 0o777 & ~allowed == 0, file
