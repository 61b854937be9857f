"""One headless Chromium of the system's own packages, driven by its DevTools protocol."""
from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any, Callable
from urllib.parse import urlsplit

import websocket

BINARY = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--disable-default-apps", "--disable-features=Translate,OptimizationHints,MediaRouter", "--no-proxy-server",
         "--remote-debugging-port=0", "--remote-allow-origins=*", "--force-color-profile=srgb"]


class Chromium:
    """The program; tabs are opened in it."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder / "profile", ignore_errors=True)
        self.log = folder / "chromium.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen([BINARY, *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"],
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        port_file = folder / "profile" / "DevToolsActivePort"
        until = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text(errors="replace")[-2000:]
            time.sleep(0.05)
        self.port = int(port_file.read_text().split()[0])

    def tab(self) -> "Tab":
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = json.load(answer)
        return Tab(self, found["id"], found["webSocketDebuggerUrl"])

    def stop(self) -> None:
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


class Tab:
    """One tab: what it asked for, what its console said, and what is in it."""

    def __init__(self, browser: Chromium, identity: str, address: str):
        self.browser, self.identity = browser, identity
        self.socket = websocket.create_connection(address)
        self.number, self.answers, self.waiting = 0, {}, threading.Condition()
        self.console: list[str] = []
        self.requests: list[str] = []
        self.refused: list[tuple[int, str]] = []
        self.canned: Callable[[str, str], Any] | None = None
        self.is_open = True
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        for domain in ("Page", "Runtime", "Network", "Log", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        # A tab behind another one is shown and has the focus, as far as its page can tell.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    # The protocol.

    def send(self, method: str, **parameters: Any) -> int:
        with self.waiting:
            self.number += 1
            number = self.number
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        return number

    def call(self, method: str, **parameters: Any) -> dict:
        number = self.send(method, **parameters)
        with self.waiting:
            assert self.waiting.wait_for(lambda: number in self.answers or not self.is_open, 180), f"no answer to {method}"
            answer = self.answers.pop(number, {"error": "the tab is closed"})
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def _read(self) -> None:
        with contextlib.suppress(OSError, websocket.WebSocketException):
            while text := self.socket.recv():
                message = json.loads(text)
                if "id" in message:
                    with self.waiting:
                        self.answers[message["id"]] = message
                        self.waiting.notify_all()
                else:
                    self._event(message["method"], message["params"])
        with self.waiting:
            self.is_open = False
            self.waiting.notify_all()

    def _event(self, name: str, data: dict) -> None:
        if name == "Runtime.consoleAPICalled" and data["type"] in ("error", "warning", "assert"):
            self.console.append(" ".join(str(a.get("value", a.get("description", ""))) for a in data["args"]))
        elif name == "Runtime.exceptionThrown":
            details = data["exceptionDetails"]
            self.console.append(details.get("exception", {}).get("description", details["text"]))
        elif name == "Log.entryAdded" and data["entry"]["level"] in ("error", "warning") and data["entry"]["source"] != "network":
            self.console.append(f"{data['entry']['source']}: {data['entry']['text']}")
        elif name == "Network.requestWillBeSent":
            self.requests.append(data["request"]["url"])
        elif name == "Network.responseReceived" and data["response"]["status"] >= 400:
            self.refused.append((data["response"]["status"], data["response"]["url"]))
        elif name == "Fetch.requestPaused":
            self._answer(data["requestId"], data["request"])

    def _answer(self, identity: str, request: dict) -> None:
        parts = urlsplit(request["url"])
        found = self.canned(request["method"], parts.path) if self.canned else None
        if found is None:
            self.send("Fetch.continueRequest", requestId=identity)
            return
        status, body, kind = found
        text = body if isinstance(body, str) else json.dumps(body)
        self.send("Fetch.fulfillRequest", requestId=identity, responseCode=status,
                  responseHeaders=[{"name": "Content-Type", "value": kind}], body=base64.b64encode(text.encode()).decode())

    def answer_with(self, canned: Callable[[str, str], Any] | None) -> None:
        """Lets `canned(method, path)` answer (status, body, type); None passes a request on to the peer."""
        self.canned = canned
        self.call("Fetch.enable" if canned else "Fetch.disable", **({"patterns": [{"urlPattern": p} for p in ("*/dashboard/api/*", "*/fleet/*", "*/chart.js")]} if canned else {}))

    def pictures(self, frame: dict) -> None:
        """Lets the live stream say `frame` for ever, from the next page on: a canned answer has an end, and a stream has none."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source="""
            const made = %s;
            window.EventSource = class {
              constructor() { const say = () => this.onmessage?.({ data: JSON.stringify(made) }); setTimeout(say, 10); this.timer = setInterval(say, 1000); }
              close() { clearInterval(this.timer); }
            };""" % json.dumps(frame))

    # What a person does.

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'", "the page is there")

    def look(self, width: int = 1280, height: int = 900, dark: bool = False, still: bool = True) -> None:
        """The window's size, the colours that the system prefers, and whether it wants things still."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])

    def js(self, expression: str) -> Any:
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def until(self, expression: str, what: str, limit: float = 45) -> None:
        end = time.monotonic() + limit
        while True:
            if self.js(f"!!({expression})"):
                return
            assert time.monotonic() < end, f"not within {limit} s: {what}; the page says: {self.text()[:1500]}; console: {self.console}"
            time.sleep(0.1)

    def text(self) -> str:
        return self.js("document.body.innerText") or ""

    def says(self, *words: str, limit: float = 45) -> None:
        """Waits until the page shows all of these."""
        for word in words:
            self.until(f"document.body.innerText.includes({json.dumps(word)})", f"the page says {word!r}", limit)

    def press(self, key: str, shift: bool = False) -> None:
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowRight": 39, "ArrowDown": 40}
        keys = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": codes[key], "modifiers": 8 if shift else 0}
        text = {"Enter": "\r", " ": " "}.get(key)
        self.call("Input.dispatchKeyEvent", type="keyDown", **keys, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **keys)

    def write(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        self.until(f"!!document.querySelector({json.dumps(selector)})", f"there is {selector}")
        self.js(f"document.querySelector({json.dumps(selector)}).click()")

    def shot(self, path: Path, whole: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(picture["data"]))

    def close(self) -> None:
        with contextlib.suppress(OSError, AssertionError):
            urllib.request.urlopen(f"http://127.0.0.1:{self.browser.port}/json/close/{self.identity}", timeout=10).close()
        with contextlib.suppress(OSError, websocket.WebSocketException):
            self.socket.close()

    def foreign(self, url: str) -> list[str]:
        """Addresses that it asked for outside of the peer at `url`."""
        origin = urlsplit(url)
        return [r for r in self.requests if (urlsplit(r).scheme, urlsplit(r).netloc) != (origin.scheme, origin.netloc)
                and urlsplit(r).scheme not in ("data", "about", "blob")]
