"""Pins: written at any peer, carried out by the node's own, kept against eviction, gone when they are taken away."""
import json
import urllib.request

import pytest

from badengine import GB, BadEngine, stored
from herdlab import BINARY, wait_until
from loopback import Loopback, fetch
from test_health import clears, environment, fires

LIMIT = 60


@pytest.fixture
def pair(tmp_path):
    """A peer with an engine, a peer without one, and the engine."""
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    engine = BadEngine(stored("fine:latest"), stored("other:latest"), stored("giant:latest", 4000 * GB))
    loopback = Loopback(tmp_path / "peers")
    try:
        with environment({"FLEET_PINNED_MODELS": "other"}):
            one = loopback.peer("one", ollama=engine.url)
        near = loopback.peer("near", "--router-url", one)
        for url in (one, near):
            loopback.wait_for_models(url, "fine", "other", "giant")
        yield one, near, engine
    finally:
        loopback.stop()
        engine.close()


def in_memory(engine):
    return {model["name"] for model in engine.running}


def delete(url):
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=30) as answer:
        return json.loads(answer.read())


def test_a_pin_at_any_peer_is_kept_by_its_node(pair):
    one, near, engine = pair
    # What the configuration of one's peer pins is loaded without being asked for.
    wait_until("the configured pin is loaded", LIMIT, lambda: "other:latest" in in_memory(engine))
    status, _, text = fetch(f"{near}/fleet/pin", {"model": "fine", "wait": True, "timeout_s": LIMIT})
    body = json.loads(text)
    assert status == 200 and body["pinned_node"] == "one" and body["ready"] is True, text
    assert body["per_node"] == {"one": ["fine:latest"]} and "fine:latest" in in_memory(engine)
    assert [load["keep_alive"] for load in engine.loads if load["model"].startswith("fine")] == [-1]
    for url in (one, near):
        wait_until("every peer knows it", LIMIT, lambda: json.loads(
            fetch(f"{url}/dashboard/api/pinned-models")[2])["per_node"] == {"one": ["fine:latest"]})
    # Evicted, it comes back by itself.
    engine.running = []
    wait_until("both pins are back", LIMIT, lambda: in_memory(engine) == {"fine:latest", "other:latest"})
    gone = delete(f"{near}/fleet/pin/fine")
    assert gone["ok"] and gone["unpinned_from"] == ["one"]
    wait_until("its node knows", LIMIT, lambda: not json.loads(fetch(f"{one}/dashboard/api/pinned-models")[2])["per_node"])
    engine.running = []
    wait_until("the configured pin is back", LIMIT, lambda: "other:latest" in in_memory(engine))
    assert "fine:latest" not in in_memory(engine), "nobody loads it any more"


def test_a_pin_that_cannot_be(pair):
    one, near, _ = pair
    status, _, text = fetch(f"{near}/fleet/pin", {"model": "giant"})
    body = json.loads(text)
    assert status == 409 and body["requested_gb"] == 4800 and body["budget_gb"] < 4800, text
    assert fetch(f"{near}/fleet/pin", {"model": "giant", "node_id": "nobody"})[0] == 400
    assert fetch(f"{near}/fleet/pin", {"model": "nowhere"})[0] == 404
    # By force it is pinned; its node looks at its memory all the same, and health names it.
    assert fetch(f"{near}/fleet/pin", {"model": "giant", "force": True})[0] == 200
    found = fires(near, "priority_model_not_loaded", "warning")["data"]["missing_models"]
    assert {"model": "giant:latest", "node_id": "one"} in found
    # The node tries once a minute, and the third failure tells.
    found = fires(near, "pin_cannot_fit", "warning", "one", limit=240)["data"]
    assert found["model"] == "giant:latest" and found["needed_gb"] == 4800 and found["failures_24h"] >= 3
    delete(f"{one}/fleet/pin/giant")
    clears(near, "pin_cannot_fit")


def test_models_are_pulled_and_deleted_node_by_node(pair):
    one, near, _ = pair
    nodes = json.loads(fetch(f"{near}/dashboard/api/model-management")[2])["nodes"]
    models = {m["name"]: m for n in nodes if n["node_id"] == "one" for m in n["models"]}
    assert set(models) == {"fine:latest", "other:latest", "giant:latest"} and models["fine:latest"]["unused"]
    assert fetch(f"{near}/api/chat", {"model": "fine", "messages": [{"role": "user", "content": "x"}], "stream": False})[0] == 200

    def used():
        nodes = json.loads(fetch(f"{one}/dashboard/api/model-management")[2])["nodes"]
        return [m for n in nodes for m in n["models"] if m["name"] == "fine:latest" and m["total_requests"] == 1 and not m["unused"]]
    wait_until("its use counts, whoever was asked", LIMIT, used)
    status, _, text = fetch(f"{near}/dashboard/api/pull", {"node_id": "one", "model": "fine"})
    assert status == 200 and json.loads(text)["ok"]
    assert fetch(f"{near}/dashboard/api/pull", {"node_id": "nobody", "model": "fine"})[0] == 404
    advice = json.loads(fetch(f"{near}/dashboard/api/recommendations")[2])
    assert [n["node_id"] for n in advice["nodes"]] == ["one"] and advice["shards"]["answered"] == 2
    limits = json.loads(fetch(f"{near}/fleet/limits")[2])
    assert {n["node_id"] for n in limits["nodes"]} == {"one", "near"}
