"""Gateways for the tests: every one in a directory of its own, and every one stopped with SIGTERM and looked after."""

import os
from pathlib import Path

import pytest

from harness.process import Gateway, Sandbox, configuration, serve
from harness.upstream import Upstream, answer

REPOSITORY = Path(__file__).resolve().parents[2]
# Most tests ask what one request becomes: each has to reach the sandbox, and a 429 that one of them wants must not slow the next.
PASS_EVERYTHING_ON = {"HSSGW_UPSTREAM_FLOW_CONTROL": "off", "HSSGW_UPSTREAM_COALESCE": "off"}


#: Files that take longest, the longest first: begun before all others, so that no process of tests has one of them left when the rest is done.
BEGUN_FIRST = (
    "test_fleet_state.py",
    "test_fleet_faults.py",
    "test_keystone.py",
    "test_secret_stores.py",
    "test_hostile_database.py",
    "test_credentials.py",
    "test_fleet_edges.py",
    "test_fleet_clocks.py",
    "test_console_hostile.py",
    "test_http2_listeners.py",
    "test_handbook.py",
    "test_described_ports.py",
    "test_export_command.py",
    "test_fleet_trust.py",
    "test_console_behaviour.py",
    "test_console_faults.py",
    "test_shipping.py",
    "test_hostile_corpora.py",
    "test_evidence.py",
    "test_disk_failures.py",
    "test_central_rollups.py",
)


def pytest_collection_modifyitems(items):
    rank = {name: number for number, name in enumerate(BEGUN_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture(scope="session", autouse=True)
def clean_process(tmp_path_factory):
    """The tests' own process: the SDK reads proxies and keys from its environment and writes below its home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.lower().endswith("_proxy") or name.startswith(("HUAWEICLOUD_SDK_", "CLOUD_SDK_")):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("HSSGW_BINARY", os.environ.get("HSSGW_BINARY") or str(REPOSITORY / ".build/debug/hss-gateway"))
        if not os.access(os.environ["HSSGW_BINARY"], os.X_OK):
            pytest.exit(f"there is no gateway at {os.environ['HSSGW_BINARY']}: build it, or set HSSGW_BINARY")
        yield


@pytest.fixture(scope="session")
def sandboxed_gateway(tmp_path_factory):
    """One `serve --sandbox` for all tests that leave nothing behind but records."""
    gateway = Gateway.start(tmp_path_factory.mktemp("sandboxed"), ["--sandbox"], PASS_EVERYTHING_ON)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


@pytest.fixture
def gateway(sandboxed_gateway):
    """The shared gateway, with no fault waiting in its sandbox."""
    sandboxed_gateway.ledger.remove_faults()
    yield sandboxed_gateway
    sandboxed_gateway.ledger.remove_faults()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """The stand-in as a process of its own."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A gateway's directory with a journal, checkpoints, a configuration and nobody who writes to them."""
    directory = tmp_path_factory.mktemp("recorded")
    upstream = Upstream()
    upstream.handler = lambda received, connection: answer(b'{"task_id":"task-1"}')
    document = configuration(directory, upstream.url)
    document["callers"].append({"name": "keyed", "authenticate": {"api_key": True, "virtual_key": True}, "projects": ["prod"]})
    document["audit"]["checkpoint"] = {"every": 10, "interval": "1s"}
    gateway = serve(directory, document)
    for _ in range(30):
        assert gateway.call("POST", "/v5/_/image/baseline/export", [("Content-Type", "application/json")], b"{}").status == 200
    gateway.stop()
    upstream.close()
    return directory


@pytest.fixture
def upstream():
    """An upstream of the test's own."""
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture
def start(tmp_path):
    """Starts gateways from a configuration: `start(url)`, or `start(url, change)` where `change(document)` edits it first."""
    started = []

    def start_one(hss: str, change=None, directory: Path = tmp_path / "gateway") -> Gateway:
        document = configuration(directory, hss)
        if change:
            change(document)
        started.append(serve(directory, document))
        return started[-1]

    yield start_one
    for gateway in started:
        try:
            gateway.stop()
        finally:
            gateway.kill()
