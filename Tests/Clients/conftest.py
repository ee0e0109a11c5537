"""Gateways for the tests: every one in a directory of its own, stopped with SIGTERM and checked."""

import os
from pathlib import Path

import pytest

from harness.process import Gateway, Sandbox, configuration, serve
from harness.upstream import Upstream

REPOSITORY = Path(__file__).resolve().parents[2]
# Most tests check the result of one request: each has to reach the sandbox, and a 429 for one of them must not delay the next.
PASS_EVERYTHING_ON = {"HSSGW_UPSTREAM_FLOW_CONTROL": "off", "HSSGW_UPSTREAM_COALESCE": "off"}


#: The slowest files: run first, so that at the end one of the test processes doesn't wait for the other.
BEGUN_FIRST = ("test_keystone.py", "test_fleet_clocks.py", "test_fleet_trust.py", "test_fleet_faults.py", "test_fleet_state.py", "test_console_hostile.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in BEGUN_FIRST)


@pytest.fixture(scope="session", autouse=True)
def clean_process(tmp_path_factory):
    """The tests' own process: the SDK reads proxies and keys from its environment and writes below its home directory."""
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
    """One `serve --sandbox` for all tests that leave nothing but records."""
    gateway = Gateway.start(tmp_path_factory.mktemp("sandboxed"), ["--sandbox"], PASS_EVERYTHING_ON)
    yield gateway
    gateway.stop()
    gateway.journal.check_form()


@pytest.fixture
def gateway(sandboxed_gateway):
    """The shared gateway, without planned faults in its sandbox."""
    sandboxed_gateway.ledger.remove_faults()
    yield sandboxed_gateway
    sandboxed_gateway.ledger.remove_faults()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """The sandbox as a separate process."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def upstream():
    """A test's own upstream."""
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
