"""Runs the gateway's binary as an operator would: in a directory of its own, with a minimal environment."""

import json
import os
import resource
import signal
import subprocess
from pathlib import Path

from harness import wire
from harness.deadline import eventually
from harness.journal import Journal
from harness.ledger import Ledger

PROJECT = "0123456789abcdef0123456789abcdef"
ACCESS_KEY = "TESTACCESSKEY0000001"
# The canary: a text that must only appear on the other side of the wire, as a signature.
SECRET_KEY = "canary-secret-key-7c1d2f0e9b8a"
REGION = "cn-north-4"
# Longest stop: a drain without requests takes a moment, and a busy machine adds to it.
STOP_SECONDS = 60


def clean_environment(home: Path, **variables: str) -> dict[str, str]:
    # A crash reporter that prints registers would print the memory that they point to.
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "SWIFT_BACKTRACE": "enable=no", **variables}


class Process:
    """One run of `hss-gateway`, from the start to the check that nothing of it is left."""

    def __init__(
        self, directory: Path, arguments: list[str], variables: dict[str, str] | None = None, stderr=None, descriptors: int | None = None,
        binary: str | None = None,
    ):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.ready_file = directory / "ready"
        self.ready_file.unlink(missing_ok=True)
        self.log_path = directory / "stderr"
        self.command = [binary or os.environ["HSSGW_BINARY"], *arguments, "--ready-file", str(self.ready_file)]
        with open(self.log_path, "ab") as log, open(directory / "stdout", "ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=directory, env=clean_environment(directory, **(variables or {})), stdin=subprocess.DEVNULL, stdout=output,
                stderr=stderr or log, start_new_session=True,
                preexec_fn=descriptors and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))),
            )
        self.addresses: dict[str, str] = {}

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def wait_until_ready(self):
        def look():
            status = self.process.poll()
            assert status is None, f"the gateway ended with {status}:\n{self.log}"
            return self.ready_file.exists()

        try:
            eventually(look, "the ready file")
        except AssertionError as error:
            self.kill()
            raise AssertionError(f"{error}:\n{self.log[-4000:]}") from None
        self.addresses = dict(line.split("=", 1) for line in self.ready_file.read_text().splitlines())
        return self

    def wait(self, patience: float = STOP_SECONDS) -> int:
        """The exit code, once the process and all its children are gone."""
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the gateway did not end within {patience} s:\n{self.log[-4000:]}") from None
        assert not self.is_anything_left(), "a process of the gateway's session is left"
        return status

    def is_anything_left(self) -> bool:
        try:
            os.killpg(self.pid, 0)
            return True
        except ProcessLookupError:
            return False

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        """The end of every test: SIGTERM, a clean exit, nothing left."""
        if self.process.returncode is None:
            self.terminate()
            status = self.wait()
            assert status == 0, f"exit code {status} after SIGTERM:\n{self.log[-4000:]}"

    def memory(self, name: str) -> int:
        """`VmRSS` or `VmHWM`, bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        raise AssertionError(f"no {name}")


#: Tests are refused more often than real callers, and check each record.
EVERY_REFUSAL_IS_RECORDED = {"HSSGW_LIMITS_REFUSALS_PER_SOURCE": "100000/s"}


class Gateway(Process):
    """A `serve`, with its ports and its journal."""

    def __init__(
        self, directory: Path, arguments: list[str], variables: dict[str, str] | None = None, stderr=None, descriptors: int | None = None,
        binary: str | None = None,
    ):
        super().__init__(directory, ["serve", *arguments], {**EVERY_REFUSAL_IS_RECORDED, **(variables or {})}, stderr, descriptors, binary)
        self.journal = Journal(directory / "audit")

    @classmethod
    def start(cls, directory: Path, arguments: list[str] | None = None, variables: dict[str, str] | None = None):
        ports = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--audit-directory", str(directory / "audit")]
        return cls(directory, [*ports, *(arguments or [])], variables).wait_until_ready()

    @property
    def data(self) -> str:
        return self.addresses["data"]

    @property
    def admin(self) -> str:
        return self.addresses["admin"]

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.addresses["iam"])

    def call(self, method: str, target: str, fields=None, body: bytes | None = None) -> wire.Response:
        return wire.call(self.data, method, target, fields, body)

    def metrics(self) -> str:
        return wire.call(self.admin, "GET", "/metrics").body.decode()

    def reconfigure(self, edit) -> wire.Response:
        """Another configuration, put into force at once; the answer says whether it is."""
        path = self.directory / "gateway.yaml"
        document = json.loads(path.read_text())
        edit(document)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(document))
        fresh.rename(path)
        return wire.call(self.admin, "POST", "/-/reload", [("Content-Length", "0")])

    def readiness(self) -> wire.Response:
        return wire.call(self.admin, "GET", "/readyz?verbose")


class Sandbox(Process):
    """The stand-in for HSS and IAM alone, with the tests' keys and project."""

    def __init__(self, directory: Path):
        variables = {"HUAWEICLOUD_SDK_AK": ACCESS_KEY, "HUAWEICLOUD_SDK_SK": SECRET_KEY, "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT}
        super().__init__(directory, ["sandbox", "--hss", "127.0.0.1:0", "--iam", "127.0.0.1:0"], variables)
        self.wait_until_ready()

    @property
    def url(self) -> str:
        return "http://" + self.addresses["hss"]

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.addresses["iam"])


def write_secret(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def configuration(directory: Path, hss: str) -> dict:
    """A small configuration with one project served by `hss`; tests change the relevant parts."""
    directory.mkdir(parents=True, exist_ok=True)
    keys = {
        "name": "keys", "type": "aksk",
        "access_key_file": write_secret(directory / "access-key", ACCESS_KEY),
        "secret_key_file": write_secret(directory / "secret-key", SECRET_KEY),
    }
    return {
        "listeners": [{"name": "internal", "address": "127.0.0.1:0"}],
        "admin": {"address": "127.0.0.1:0"},
        "upstream": {},
        "regions": {REGION: {"hss": hss, "iam": "http://127.0.0.1:9"}},
        "credentials": [keys],
        "projects": [{"name": "prod", "id": PROJECT, "region": REGION, "credential": "keys"}],
        "callers": [{"name": "team", "authenticate": {"cidr": ["127.0.0.0/8"]}, "projects": ["prod"]}],
        "policy": [{"name": "everything", "callers": ["*"], "action": "allow"}],
        "audit": {"directory": "./audit"},
        "limits": {},
    }


def serve(
    directory: Path, document: dict, variables: dict[str, str] | None = None, stderr=None, descriptors: int | None = None, binary: str | None = None
) -> Gateway:
    """Starts `serve --config` with a document; YAML takes JSON as it is.

    `stderr` takes the log instead of a file; `descriptors` is the limit of open files; `binary` is a program other than the usual one.
    """
    path = directory / "gateway.yaml"
    path.write_text(json.dumps(document, indent=1))
    return Gateway(directory, ["--config", str(path)], variables, stderr, descriptors, binary).wait_until_ready()
