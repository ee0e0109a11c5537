"""A real OpenBao, which has HashiCorp Vault's API: in memory, for one test module."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from harness.deadline import eventually
from harness.ports import free_port

ROOT = "canary-root-token"
# Between choosing a port and listening on it another process may take it.
ATTEMPTS = 5


def program() -> str | None:
    """The server's program, which is next to the tests' Python."""
    path = Path(sys.executable).with_name("bao")
    return str(path) if path.exists() else None


class OpenBao:
    """`bao server -dev`: unsealed, with an engine of KV version 2 at `secret`."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.log = directory / "openbao.log"
        for attempt in range(ATTEMPTS):
            address = f"127.0.0.1:{free_port()}"
            self.url = "http://" + address
            with open(self.log, "wb") as log:
                self.process = subprocess.Popen(
                    [program(), "server", "-dev", f"-dev-root-token-id={ROOT}", f"-dev-listen-address={address}", "-dev-no-store-token"],
                    cwd=directory, env={"HOME": str(directory), "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            if eventually(lambda: self.process.poll() is not None or self.is_ready(), "OpenBao", patience=120) and self.process.poll() is None:
                self.unseal_key = re.search(r"^Unseal Key: (\S+)$", self.log.read_text(), re.M)[1]
                return
        raise AssertionError(f"OpenBao didn't start: {self.log.read_text()[-2000:]}")

    def is_ready(self) -> bool:
        try:
            return self.call("GET", "secret/config")[0] == 200 and "Unseal Key: " in self.log.read_text()
        except OSError:
            return False

    def call(self, method: str, path: str, **members) -> tuple[int, dict]:
        request = urllib.request.Request(
            f"{self.url}/v1/{path}", method=method, data=json.dumps(members).encode() if members else None, headers={"X-Vault-Token": ROOT})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, {}

    def put(self, path: str, **fields: str) -> None:
        assert self.call("POST", f"secret/data/{path}", data=fields)[0] == 200

    def token(self, *paths: str) -> str:
        """A new token that may only read these paths below `secret`."""
        rules = "\n".join(f'path "secret/data/{path}" {{ capabilities = ["read"] }}' for path in paths)
        assert self.call("PUT", "sys/policies/acl/reader", policy=rules)[0] in (200, 204)
        status, answer = self.call("POST", "auth/token/create", policies=["reader"], ttl="1h")
        assert status == 200
        return answer["auth"]["client_token"]

    def seal(self) -> None:
        assert self.call("PUT", "sys/seal")[0] in (200, 204)

    def unseal(self) -> None:
        assert self.call("PUT", "sys/unseal", key=self.unseal_key)[0] == 200

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
