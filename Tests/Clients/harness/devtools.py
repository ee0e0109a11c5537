"""Drives a real Chromium by its DevTools protocol, over pipes: pages, keys, emulation, and all errors that the browser reports."""

import base64
import contextlib
import json
import os
import queue
import shutil
import subprocess
import threading

from harness.page import PATIENCE, Page
from harness.process import clean_environment

# The one without windows, if it is there: the same engine in half of the processor time.
BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-extensions",
    "--no-proxy-server", "--hide-scrollbars", "--disable-component-update", "--remote-debugging-pipe",
]


class Chromium:
    """One browser. Its tabs share only the process."""

    def __init__(self, directory, *more: str):
        to_browser, self._writing = os.pipe()
        self._reading, from_browser = os.pipe()
        command = [BROWSER, *FLAGS, f"--user-data-dir={directory / 'profile'}", *more, "about:blank"]

        def place():
            # The browser reads commands from 3 and writes to 4. Both ends are moved to other numbers first, since one may have the other's
            # number.
            reader, writer = os.dup(to_browser), os.dup(from_browser)
            high = [os.dup2(reader, 50), os.dup2(writer, 51)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
            for number in (3, 4):
                os.set_inheritable(number, True)

        environment = {**clean_environment(directory), "LANG": "C.UTF-8"}
        if "TZ" in os.environ:
            environment["TZ"] = os.environ["TZ"]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        close_fds=False, preexec_fn=place, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self._number = 0
        self._answers: dict[int, queue.Queue] = {}
        self._tabs: dict[str, "Tab"] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        rest = b""
        while True:
            try:
                chunk = os.read(self._reading, 1 << 20)
            except OSError:
                return
            if not chunk:
                return
            *messages, rest = (rest + chunk).split(b"\0")
            for message in messages:
                self._take(json.loads(message))

    def _take(self, message):
        if "id" in message:
            waiting = self._answers.pop(message["id"], None)
            if waiting:
                waiting.put(message)
        elif tab := self._tabs.get(message.get("sessionId", "")):
            tab.heard(message["method"], message["params"])

    def call(self, method: str, session: str | None = None, **parameters):
        answer: queue.Queue = queue.Queue()
        with self._lock:
            self._number += 1
            number = self._number
            self._answers[number] = answer
            message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
            os.write(self._writing, json.dumps(message).encode() + b"\0")
        found = answer.get(timeout=PATIENCE)
        assert "error" not in found, f"{method}: {found['error']}"
        return found["result"]

    def tab(self) -> "Tab":
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session, context)
        self._tabs[session] = tab
        tab.begin()
        return tab

    def close(self):
        with contextlib.suppress(Exception):
            self.call("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for end in (self._reading, self._writing):
            with contextlib.suppress(OSError):
                os.close(end)


class Tab(Page):
    def __init__(self, browser: Chromium, session: str, context: str):
        self.browser, self.session, self._context = browser, session, context
        self.complaints: list[str] = []
        self.requests: list[str] = []
        # The replacement for an answer: a function of method and address that returns status, type and content, or None.
        self._instead = None

    def call(self, method: str, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def begin(self):
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(f"{domain}.enable")

    def close(self):
        """Closes its connections too: the number of admin connections is limited."""
        self.browser.call("Target.disposeBrowserContext", browserContextId=self._context)

    def heard(self, method: str, given: dict):
        if method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning", "assert"):
            self.complaints.append("console: " + " ".join(str(one.get("value", one.get("description", ""))) for one in given["args"]))
        elif method == "Runtime.exceptionThrown":
            details = given["exceptionDetails"]
            self.complaints.append("exception: " + details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning") and given["entry"]["source"] != "network":
            self.complaints.append("log: " + given["entry"]["text"])
        elif method == "Audits.issueAdded" and given["issue"]["code"] == "ContentSecurityPolicyIssue":
            self.complaints.append("policy: " + json.dumps(given["issue"]["details"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])
        elif method == "Fetch.requestPaused":
            # Not on the reading thread: an answer may take time, and sending it to the browser waits for its
            # reply.
            threading.Thread(target=self._answer, args=(given,), daemon=True).start()

    def _answer(self, given: dict):
        request, number = given["request"], given["requestId"]
        with contextlib.suppress(Exception):  # the page, or the gateway, may have gone on
            found = self._instead and self._instead(request["method"], request["url"])
            if found is None:
                self.call("Fetch.continueRequest", requestId=number)
                return
            status, kind, content = found
            self.call("Fetch.fulfillRequest", requestId=number, responseCode=status, responseHeaders=[{"name": "Content-Type", "value": kind}],
                      body=base64.b64encode(content).decode())

    def intercept(self, instead, pattern: str = "*"):
        """Replaces the gateway's answers by what `instead` returns for a method and an address; None lets a request through. Without `instead`
        this ends."""
        self._instead = instead
        if instead is None:
            self.call("Fetch.disable")
        else:
            self.call("Fetch.enable", patterns=[{"urlPattern": pattern}])

    def look(self, width: int = 1440, height: int = 900, dark: bool = False, **features: str):
        wanted = {"prefers-color-scheme": "dark" if dark else "light", "prefers-reduced-motion": "reduce", **{name.replace("_", "-"): value for name, value in features.items()}}
        self.call("Emulation.setEmulatedMedia", media="", features=[{"name": name, "value": value} for name, value in wanted.items()])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)

    def open(self, address: str):
        self.call("Page.navigate", url="about:blank")
        self.complaints.clear()
        self.requests.clear()
        self.call("Page.navigate", url=address)

    def run(self, script: str):
        """The value of an expression; a promise is awaited."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in found, f"{script}: {found['exceptionDetails']}"
        return found["result"].get("value")

    KEYS = {"Enter": (13, "\r"), "Escape": (27, None), "Tab": (9, None), "ArrowLeft": (37, None), "ArrowRight": (39, None)}

    def press(self, *keys: str, shift: bool = False):
        for key in keys:
            code, text = self.KEYS.get(key, (ord(key.upper()[0]), key))
            common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
            self.call("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
            self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str):
        self.call("Input.insertText", text=text)

    def drag(self, x0: float, y: float, x1: float):
        for kind, x, pressed in (("mouseMoved", x0, 0), ("mousePressed", x0, 1), ("mouseMoved", (x0 + x1) / 2, 1), ("mouseMoved", x1, 1), ("mouseReleased", x1, 0)):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=pressed, clickCount=1 if kind != "mouseMoved" else 0)

    def choose_file(self, selector: str, path):
        node = self.call("DOM.getDocument")["root"]["nodeId"]
        found = self.call("DOM.querySelector", nodeId=node, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=found)

    def picture(self, path, whole: bool = False):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]))

    def paper(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
