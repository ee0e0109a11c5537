"""The paths of the repository and the gateway's binary, and a clean environment."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def deploy() -> Path:
    return REPOSITORY / "deploy"


@pytest.fixture(scope="session")
def binary() -> str:
    path = os.environ.get("HSSGW_BINARY") or str(REPOSITORY / ".build/debug/hss-gateway")
    if not os.access(path, os.X_OK):
        pytest.fail(f"there is no gateway at {path}: build it, or set HSSGW_BINARY")
    return path


@pytest.fixture
def clean_environment() -> dict[str, str]:
    """The environment without variables that the gateway would read as settings."""
    ours = ("HSSGW_", "HUAWEICLOUD_SDK_", "CLOUD_SDK_", "HTTPS_PROXY", "https_proxy")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
