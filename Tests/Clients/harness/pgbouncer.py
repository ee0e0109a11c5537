"""A real PgBouncer before a server, with transaction pooling: a client gets a server connection for one transaction at a time."""

import os
import signal
import subprocess

from harness.deadline import eventually
from harness.ports import free_port
from harness.postgres import PostgreSQL


class PgBouncer:
    def __init__(self, database: PostgreSQL, connections: int):
        self.port = free_port()
        directory = database.directory
        users = directory / "users"
        users.write_text('"gateway" ""\n"hssgw_gateway" ""\n')
        settings = directory / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\npostgres = host=127.0.0.1 port={database.port} dbname=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {self.port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {users}\npool_mode = transaction\n"
            f"default_pool_size = {connections}\nignore_startup_parameters = extra_float_digits\n")
        for file in (users, settings):
            os.chmod(file, 0o644)
        with open(directory / "pgbouncer.log", "wb") as log:
            self.process = subprocess.Popen([*database.user, "/usr/sbin/pgbouncer", str(settings)], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd="/")
        eventually(lambda: subprocess.run([f"{database.bin}/psql", "-X", "-q", "-d", self.url("gateway"), "-c", "SELECT 1"], capture_output=True).returncode == 0,
                   "the pooler's start")

    def url(self, user: str) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/postgres"

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
