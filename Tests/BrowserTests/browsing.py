"""What the browser's tests share: the tabs, a fleet to look at, and what is asked of every page."""
import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import chromium
from herdlab import BINARY, wait_until
from loopback import Loopback, fetch

TABS = {"": "Fleet Overview", "/trends": "Trends", "/models": "Model Insights", "/apps": "Apps", "/benchmarks": "Benchmarks", "/health": "Health",
        "/recommendations": "Recommendations", "/settings": "Settings", "/mesh": "Mesh"}
SHOTS = Path(os.environ.get("HERD_SCREENSHOTS", Path(__file__).resolve().parents[2] / ".test-cache/screenshots"))


def ask(url: str, model: str = "llama-demo", **more) -> None:
    body = {"model": model, "messages": [{"role": "user", "content": "count to three"}], "stream": False} | more
    status, _, text = fetch(f"{url}/api/chat", body)
    assert status == 200, text


class Fleet:
    """Three peers: `desk` and `rack` have engines, `couch` has none. `programs` are in the order of their start."""

    def __init__(self, folder: Path):
        self.loopback = Loopback(folder)
        # The second engine takes seconds for an answer, so that something can be seen while it runs.
        self.engines = [self.loopback.engine("llama-demo", more=("--pullable", "fresh-demo")), self.loopback.engine("late-demo", token_delay_ms=250)]
        self.desk = self.loopback.peer("desk", ollama=self.engines[0])
        self.rack = self.loopback.peer("rack", "--router-url", self.desk, ollama=self.engines[1])
        self.couch = self.loopback.peer("couch", "--router-url", self.desk)
        self.urls = [self.desk, self.rack, self.couch]
        for url in self.urls:
            self.loopback.wait_for_models(url, "llama-demo", "late-demo")
        wait_until("all know one router", 60, lambda: all(self.status(url)["mesh"]["router"] for url in self.urls))

    @staticmethod
    def status(url: str) -> dict:
        return json.loads(fetch(f"{url}/fleet/status")[2])

    def kill(self, name: str) -> None:
        program = next(p for p in self.loopback.programs if p.log.name == f"{name}.log")
        program.process.kill()
        program.process.wait(10)


def need() -> None:
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    if chromium.BINARY is None:
        pytest.skip("no Chromium: Scripts/install-packages test installs Debian's")


def is_served(url: str, path: str) -> bool:
    """Whether this version has the route at all."""
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}{path}", method="OPTIONS"), timeout=30) as answer:
            return answer.status == 204
    except urllib.error.HTTPError as e:
        return e.code != 404


def check_network(tab, url: str) -> None:
    """Everything came from the peer, and nothing that it has was refused."""
    assert tab.foreign(url) == []
    bad = [(status, address) for status, address in tab.refused if is_served(url, urlsplit(address).path)]
    assert not bad, bad
