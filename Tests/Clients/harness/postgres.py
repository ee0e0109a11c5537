"""A real PostgreSQL server in a directory of its own. It refuses to run as root, so root runs it as the system's `postgres` user."""

import atexit
import functools
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from harness.clocks import set_clock
from harness.deadline import eventually
from harness.ports import free_port


@functools.cache
def _template(binaries: str, user: tuple[str, ...]) -> Path:
    """The files of a server that was never started; deleted when the tests end."""
    directory = Path(tempfile.mkdtemp(prefix="hssgw-pg-template-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    if user:
        account = pwd.getpwnam("postgres")
        os.chown(directory, account.pw_uid, account.pw_gid)
    arguments = ["-D", str(directory / "data"), "-A", "trust", "-U", "gateway", "-E", "UTF8", "--no-sync", "--locale=C", "--wal-segsize=1"]
    done = subprocess.run([*user, f"{binaries}/initdb", *arguments], capture_output=True, text=True, cwd="/", timeout=120)
    assert done.returncode == 0, done.stderr
    return directory / "data"


class PostgreSQL:
    def __init__(self, max_wal_size: str = "256MB", settings: dict[str, str] | None = None, clock: bool = False):
        self.max_wal_size = max_wal_size
        self.settings = settings or {}
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        # Not below pytest's own directories, which only their owner may enter.
        self.directory = Path(tempfile.mkdtemp(prefix="hssgw-pg-"))
        self.port = free_port()
        self.environment = dict(os.environ)
        self.user = ()
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.directory, account.pw_uid, account.pw_gid)
            self.user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        self.data = self.directory / "data"
        self.process = None
        self.clock = self.directory / "clock"
        self.clock_variables: list[str] = []
        if clock:
            # Its wall clock follows a file; the clock for durations does not.
            self.set_clock(0)
            # Set by `env` and not by the program that changes the user: shared memory of the library belongs to its first
            # user.
            library = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")[0]
            self.clock_variables = [
                "env", f"LD_PRELOAD={library}", f"FAKETIME_TIMESTAMP_FILE={self.clock}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
        # The result of initdb is always the same, so one run of it is enough.
        subprocess.run(["cp", "-a", str(_template(self.bin, self.user)), str(self.data)], check=True, timeout=60)

    def set_clock(self, seconds: float):
        """Sets the server's wall clock ahead of this machine's."""
        set_clock(self.clock, seconds)

    def _run(self, tool: str, *arguments: str) -> str:
        done = subprocess.run([*self.user, f"{self.bin}/{tool}", *arguments], capture_output=True, text=True, cwd="/", timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def url(self) -> str:
        return f"postgresql://gateway@127.0.0.1:{self.port}/postgres"

    def start(self):
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.user, *self.clock_variables, f"{self.bin}/postgres", "-D", str(self.data), "-p", str(self.port), "-k", str(self.directory),
                 "-c", "listen_addresses=127.0.0.1", "-c", f"max_wal_size={self.max_wal_size}",
                 # What is killed here are processes, never the machine: no statement has to wait for the disk that all tests share.
                 "-c", "fsync=off",
                 *(part for name, value in self.settings.items() for part in ("-c", f"{name}={value}"))],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
            )

        def look() -> bool:
            assert self.process.poll() is None, (self.directory / "log").read_text(errors="replace")[-2000:]
            return self.query("SELECT 1", check=False) == "1"

        eventually(look, "the database's start")

    def kill(self):
        """Like a crash of the machine: no process can send anything."""
        # A stopped server begins no other process; once it is dead, nothing says whose they were.
        os.kill(self.process.pid, signal.SIGSTOP)
        children = self._children()
        for pid in [self.process.pid, *children]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        # A server doesn't start while a process of the last one has its memory.
        eventually(lambda: not any(self._runs(child) for child in children), "the end of the server's processes")

    @staticmethod
    def _runs(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return False

    def freeze(self):
        """Stops every process of the server, as on a machine whose disk doesn't answer; connections stay open."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number: int):
        # The server first: it begins no other process then.
        os.kill(self.process.pid, number)
        for pid in self._children():
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, number)

    def standby(self) -> "PostgreSQL":
        """A copy of this server's present state, which can take over its address: it doesn't have what is committed here from now on."""
        other = object.__new__(PostgreSQL)
        other.__dict__.update(self.__dict__)
        other.process = None
        other.data = self.directory / "standby"
        self._run("pg_basebackup", "-h", "127.0.0.1", "-p", str(self.port), "-U", "gateway", "-D", str(other.data), "-R", "-X", "stream",
                  "-c", "fast")
        return other

    def promote(self):
        """Promotes the standby: it continues on a timeline of its own."""
        self._run("pg_ctl", "promote", "-w", "-D", str(self.data))

    def _children(self) -> list[int]:
        # Each backend is in a session of its own; the process group's signal doesn't reach it.
        listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(pid) for pid in listing.split()]

    @property
    def _psql(self) -> list[str]:
        # The program itself: Debian's `psql` on PATH is a Perl script, whose start takes several times as long as a query.
        return [f"{self.bin}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url]

    def query(self, sql: str, check: bool = True) -> str:
        done = subprocess.run([*self._psql, "-c", sql],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout.rstrip("\n")

    @contextmanager
    def transaction(self, sql: str):
        """Runs statements in a transaction that stays open, with whatever they lock, until the block ends."""
        holder = subprocess.Popen([*self._psql], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        try:
            holder.stdin.write(f"BEGIN; {sql}; SELECT 'the transaction is open';\n")
            holder.stdin.flush()
            while (line := holder.stdout.readline()) != "the transaction is open\n":
                assert line, f"psql ended with {holder.wait(60)}"
            yield
        finally:
            if holder.poll() is None:
                holder.communicate("COMMIT;\n", timeout=60)

    def lines(self, instance: str) -> list[bytes]:
        """The lines of one instance in order; each is JSON on one line, so they are psql's rows."""
        text = self.query(f"SELECT line FROM hssgw_records WHERE instance = '{instance}' ORDER BY seq")
        return text.encode().split(b"\n") if text else []

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
