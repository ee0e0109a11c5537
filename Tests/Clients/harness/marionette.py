"""Drives a real Firefox by Marionette, its own remote protocol (Debian's firefox-esr): pages, sizes, scripts, and all errors that the browser
reports."""

import base64
import contextlib
import json
import shutil
import socket
import subprocess

from harness.deadline import eventually
from harness.page import PATIENCE, Page
from harness.process import clean_environment

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")

# It sends nothing by itself, and never caches a page.
PREFERENCES = {
    "marionette.port": 0, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
    "app.update.disabledForTesting": True, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "browser.startup.page": 0, "browser.startup.homepage_override.mstone": "ignore", "browser.aboutwelcome.enabled": False, "extensions.update.enabled": False,
    "services.settings.server": "data:,", "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "network.proxy.type": 0, "browser.cache.disk.enable": False, "remote.prefs.recommended": True, "ui.prefersReducedMotion": 1,
}


class Firefox(Page):
    """One browser with one window."""

    def __init__(self, directory, dark: bool = False):
        profile = directory / "firefox"
        profile.mkdir()
        preferences = PREFERENCES | {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
        (profile / "user.js").write_text("".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()))
        environment = {**clean_environment(directory), "LANG": "C.UTF-8", "MOZ_HEADLESS": "1", "HOME": str(directory)}
        self.process = subprocess.Popen([FIREFOX, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", str(profile)], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        port_file = profile / "MarionetteActivePort"

        def port():
            assert self.process.poll() is None, "Firefox ended"
            return port_file.exists() and port_file.read_text().strip()

        self._socket = socket.create_connection(("127.0.0.1", int(eventually(port, "Firefox listens", patience=PATIENCE))), timeout=PATIENCE)
        self._rest, self._number = b"", 0
        self._receive()
        self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {"timeouts": {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000}}})

    # Messages are `length:JSON`; a command is [0, number, name, parameters], its answer [1, number, fault, result].

    def _receive(self):
        while b":" not in self._rest:
            self._rest += self._read()
        length, self._rest = self._rest.split(b":", 1)
        while len(self._rest) < int(length):
            self._rest += self._read()
        message, self._rest = self._rest[:int(length)], self._rest[int(length):]
        return json.loads(message)

    def _read(self) -> bytes:
        chunk = self._socket.recv(1 << 16)
        assert chunk, "Firefox closed the connection"
        return chunk

    def call(self, name: str, **parameters):
        self._number += 1
        text = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(str(len(text)).encode() + b":" + text)
        while True:
            kind, number, fault, result = self._receive()
            if (kind, number) == (1, self._number):
                assert fault is None, f"{name}: {fault}"
                return result

    def look(self, width: int, height: int):
        """The page's own size: the window's frame is added to it."""
        for _ in range(3):
            inner = self.run("[innerWidth, innerHeight]")
            outer = self.call("WebDriver:GetWindowRect")
            if inner == [width, height]:
                return
            self.call("WebDriver:SetWindowRect", width=int(outer["width"] + width - inner[0]), height=int(outer["height"] + height - inner[1]))

    def open(self, address: str):
        self.call("WebDriver:Navigate", url="about:blank")
        self._in_chrome("Services.console.reset()")
        self.call("WebDriver:Navigate", url=address)

    def run(self, script: str):
        """The value of an expression; a promise is awaited."""
        return self.call("WebDriver:ExecuteScript", script=f"return ({script})", args=[], newSandbox=True)["value"]

    def _in_chrome(self, script: str):
        self.call("Marionette:SetContext", value="chrome")
        try:
            return self.call("WebDriver:ExecuteScript", script=script, args=[])["value"]
        finally:
            self.call("Marionette:SetContext", value="content")

    @property
    def complaints(self) -> list[str]:
        """Errors that the browser reports: of scripts and styles, and violations of the content security policy."""
        return self._in_chrome("""
            return Services.console.getMessageArray().filter((one) => one instanceof Ci.nsIScriptError)
              .filter((one) => /content|CSP|CSS/i.test(one.category) && /^http/.test(one.sourceName || "http"))
              .map((one) => one.category + ": " + one.errorMessage + " " + one.sourceName + ":" + one.lineNumber)""")

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("WebDriver:TakeScreenshot", full=True, hash=False)["value"]))

    def close(self):
        with contextlib.suppress(Exception):
            self.call("Marionette:Quit", flags=["eForceQuit"])
        self._socket.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
