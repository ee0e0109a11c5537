"""A real OpenStack Keystone as the cloud's IAM: it has the same `/v3/auth/tokens`."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from harness.deadline import eventually
from harness.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
# Keystone creates its database with dozens of migrations, which takes time on two busy cores.
START_SECONDS = 180.0

CONFIGURATION = """[DEFAULT]
log_file = {directory}/keystone.log
use_stderr = false
[database]
connection = sqlite:///{directory}/keystone.db
[token]
provider = fernet
expiration = {lifetime}
allow_expired_window = 0
[fernet_tokens]
key_repository = {directory}/fernet
[fernet_receipts]
key_repository = {directory}/fernet
[credential]
key_repository = {directory}/cred
[identity]
password_hash_rounds = 4
[cache]
enabled = false
"""

# The commands of keystone-manage as children of one process: most of what each of them costs is loading Keystone.
SETUP = """
import os, sys
from keystone.cmd import manage
for arguments in {commands}:
    child = os.fork()
    if child == 0:
        sys.argv = ["keystone-manage", "--config-file", {configuration!r}, *arguments]
        sys.exit(manage.main())
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("keystone-manage " + arguments[0] + " failed")
"""

SERVER = """
import os, sys
sys.argv = ["keystone-wsgi"]
from keystone.server import wsgi
from waitress import serve
serve(wsgi.initialize_public_application(), host="127.0.0.1", port=int(os.environ["KEYSTONE_PORT"]), threads=4, ident=None)
"""


def interpreter() -> Path:
    return Path(os.environ.get("HSSGW_KEYSTONE_VENV", REPOSITORY / ".venv-keystone")) / "bin"


class Keystone:
    """One domain, one project named after a region, one user with a role in it."""

    DOMAIN, REGION, USER, PASSWORD = "acme", "cn-north-4", "robot", "first-password"

    def __init__(self, directory: Path, lifetime: int = 3600):
        for name in ("fernet", "cred"):
            (directory / name).mkdir(parents=True)
        configuration = directory / "keystone.conf"
        configuration.write_text(CONFIGURATION.format(directory=directory, lifetime=lifetime))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(directory), "OS_KEYSTONE_CONFIG_FILES": str(configuration), "KEYSTONE_PORT": str(self.port),
            "PYTHONWARNINGS": "ignore",
        }
        user = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
        bootstrap = ["--bootstrap-password", "admin-password", "--bootstrap-public-url", self.url + "/v3"]
        commands = [["db_sync"], ["fernet_setup", *user], ["credential_setup", *user], ["bootstrap", *bootstrap]]
        subprocess.run([str(interpreter() / "python3"), "-W", "ignore", "-c", SETUP.format(commands=commands, configuration=str(configuration))],
                       env=environment, check=True, capture_output=True, timeout=START_SECONDS)
        self.log = open(directory / "server.log", "wb")
        command = [str(interpreter() / "python3"), "-W", "ignore", "-c", SERVER]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        eventually(self._answers, "Keystone", START_SECONDS)
        self._seed()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def _answers(self) -> bool:
        assert self.process.poll() is None, "Keystone ended"
        try:
            urllib.request.urlopen(self.url + "/v3", timeout=30)
            return True
        except OSError:
            return False

    def call(self, method: str, path: str, document=None, **headers: str):
        """Status, headers and document of an answer; called as the administrator unless a token is given."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if "X-Auth-Token" not in headers and hasattr(self, "admin"):
            headers["X-Auth-Token"] = self.admin
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.url + "/v3" + path, data, {"Content-Type": "application/json", **headers}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                status, fields, body = response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            status, fields, body = error.code, error.headers, error.read()
        return status, fields, json.loads(body) if body else None

    def _seed(self):
        admin = {"user": {"name": "admin", "password": "admin-password", "domain": {"name": "Default"}}}
        scope = {"project": {"name": "admin", "domain": {"name": "Default"}}}
        auth = {"auth": {"identity": {"methods": ["password"], "password": admin}, "scope": scope}}
        self.admin = self.call("POST", "/auth/tokens", auth)[1]["X-Subject-Token"]
        domain = self.call("POST", "/domains", {"domain": {"name": self.DOMAIN}})[2]["domain"]["id"]
        self.project = self.call("POST", "/projects", {"project": {"name": self.REGION, "domain_id": domain}})[2]["project"]["id"]
        user = {"name": self.USER, "password": self.PASSWORD, "domain_id": domain}
        self.user = self.call("POST", "/users", {"user": user})[2]["user"]["id"]
        role = self.call("POST", "/roles", {"role": {"name": "hss_admin"}})[2]["role"]["id"]
        assert self.call("PUT", f"/projects/{self.project}/users/{self.user}/roles/{role}")[0] == 204

    def is_valid(self, token: str) -> bool:
        return self.call("GET", "/auth/tokens", X_Subject_Token=token)[0] == 200

    def revoke(self, token: str):
        assert self.call("DELETE", "/auth/tokens", X_Subject_Token=token)[0] == 204

    @staticmethod
    def next_second():
        """Waits for the next second: Keystone's times are seconds, and a change of a user also invalidates the tokens of the same second."""
        began = int(time.time())
        eventually(lambda: int(time.time()) > began, "the next second")

    def update_user(self, **changes):
        assert self.call("PATCH", f"/users/{self.user}", {"user": changes})[0] == 200
