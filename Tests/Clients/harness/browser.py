"""A real browser that looks at the console."""

import shutil
import subprocess

from harness.process import clean_environment

BROWSER = shutil.which("chromium")
# Longest run of the browser on two slow cores, seconds.
PATIENCE = 90


def browse(gateway, place: str, directory, *more: str) -> str:
    """The page's elements after its scripts have run."""
    command = [
        BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
        f"--user-data-dir={directory / 'profile'}", "--virtual-time-budget=11000", "--window-size=1360,900", *more, "--dump-dom",
        f"http://{gateway.admin}/{place}",
    ]
    done = subprocess.run(command, env=clean_environment(directory), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
