"""Any peer serves any model; and what happens at the edges of that."""
import json
import sys
import time
from pathlib import Path

import pytest

from herdlab import API, ENGINE, Process, wait_until

INSIDE = Path(__file__).parent / "inside"


def test_any_peer_serves_a_model_that_one_host_has(make_lab):
    lab = make_lab(3)
    h3 = lab["h3"]
    h3.start_engine("rare")
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.settle_models("rare")
    message = [{"role": "user", "content": "count"}]
    wanted = h3.ask("POST", "/api/chat", {"model": "rare", "messages": message, "stream": False}, port=ENGINE)
    text = wanted.json["message"]["content"]
    assert text
    for host in (lab["h1"], lab["h2"], h3):
        plain = host.chat("rare")
        assert (plain.status, plain.node) == (200, "h3"), plain
        assert plain.json["message"]["content"] == text and plain.json["done"] is True

        stream = host.chat("rare", stream=True)
        assert (stream.status, stream.node) == (200, "h3"), stream
        assert "".join(line["message"]["content"] for line in stream.lines) == text
        assert stream.lines[-1]["done"] is True and len(stream.lines) > 2

        plain = host.chat("rare", dialect="openai")
        assert (plain.status, plain.node) == (200, "h3"), plain
        assert plain.json["choices"][0]["message"]["content"] == text

        stream = host.chat("rare", stream=True, dialect="openai")
        assert (stream.status, stream.node) == (200, "h3"), stream
        deltas = [line["choices"][0]["delta"].get("content") or "" for line in stream.lines if line.get("choices")]
        assert "".join(deltas) == text
        assert stream.text.rstrip().endswith("data: [DONE]")

        generate = host.ask("POST", "/api/generate", {"model": "rare", "prompt": "count", "stream": False})
        assert (generate.status, generate.node) == (200, "h3"), generate
        assert generate.json["done"] is True and generate.json["response"]

        assert "rare" in host.models()
        listed = [m["id"].removesuffix(":latest") for m in host.ask("GET", "/v1/models").json["data"]]
        assert "rare" in listed


def test_curl_and_the_published_packages_get_it_from_any_peer(make_lab):
    lab = make_lab(3)
    lab["h3"].start_engine("rare")
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.settle_models("rare")
    wanted = lab["h3"].chat("rare").json["message"]["content"]
    for name in ("h1", "h2"):
        got = json.loads(lab[name].shell(f"{sys.executable} {INSIDE / 'sdks.py'} rare {API}"))
        assert got.pop("node") == "h3"
        assert set(got) == {"curl", "curl stream", "ollama", "ollama stream", "openai", "openai stream"}
        assert all(text == wanted for text in got.values()), got


def test_unknown_model_is_refused_in_the_callers_dialect(make_lab):
    lab = make_lab(2)
    lab["h2"].start_engine("rare")
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.settle_models("rare")
    ollama = lab["h1"].chat("no-such-model")
    assert ollama.status == 404 and isinstance(ollama.json["error"], str), ollama
    openai = lab["h1"].chat("no-such-model", dialect="openai")
    assert openai.status == 404 and isinstance(openai.json["error"], dict), openai


def test_two_peers_with_one_node_id(make_lab):
    lab = make_lab(2)
    h1, h2 = lab.hosts
    h1.start_engine("left")
    h2.start_engine("right")
    for host in lab.hosts:
        host.start_peer(node_id="twin")

    def named_apart():
        first, second = lab["h1"].members(), lab["h2"].members()
        return first if first == second and len(set(first)) == 2 else None

    names = wait_until("both see two members, one of them renamed", 30, named_apart)
    assert names[0] == "twin" and names[1].startswith("twin-"), names
    lab.settle_models("left", "right")
    served = set()
    for host in lab.hosts:
        for model in ("left", "right"):
            answer = host.chat(model)
            assert answer.status == 200 and answer.node in names, answer
            served.add((model, answer.node))
    assert len(served) == 2, f"each model has one node, whoever is asked: {served}"
    routers = {(host.router(), host.mesh()["router"]["epoch"]) for host in lab.hosts}
    assert len(routers) == 1, "one lease, although the names were equal"


@pytest.mark.parametrize("port", ["api", "mesh"])
def test_a_port_in_use_ends_the_start_with_a_clear_line(make_lab, port):
    lab = make_lab(2)
    h1 = lab["h1"]
    h1.start_peer()
    first = h1.peer
    own = {"api": ("--mesh-port", "12445"), "mesh": ("--port", "12435")}[port]
    busy = {"api": "11435", "mesh": "11445"}[port]
    second = Process(h1, h1.serve_arguments(*own, node_id="second", data="second"), lab.logs / "h1-second.log")
    second.wait_gone(15)
    said = second.log.read_text(errors="replace")
    assert busy in said and "in use" in said.lower(), said[-2000:]
    assert first.alive and h1.status() is not None, "the first peer goes on"


def test_a_models_host_is_pulled_and_comes_back(make_lab, figures):
    lab = make_lab(3)
    h1, h3 = lab["h1"], lab["h3"]
    h3.start_engine("rare")
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.settle_models("rare")
    assert h1.chat("rare").node == "h3"

    lab.run("unplug", "h3")
    pulled = time.monotonic()
    answer = h1.chat("rare", timeout=90)
    figures.note("a request for a model whose host was just pulled ends after", answer.seconds, "s")
    assert answer.status in (404, 502, 503, 504), answer
    assert answer.json["error"], "the refusal says why"
    wait_until("h1 counts h3 as unreachable", 30, lambda: "h3" in h1.members("unreachable"))
    figures.note("counted as unreachable after", time.monotonic() - pulled, "s")
    assert h3.chat("rare").node == "h3", "the pulled host still serves its own clients"

    plugged = time.monotonic()
    lab.run("plug", "h3")
    wait_until("h1 serves the model again", 45, lambda: h1.chat("rare", timeout=60).status == 200, pause=0.1)
    figures.within("served again after the plug", time.monotonic() - plugged, bar=15)
    lab.settle(limit=45)
    assert h1.ask("GET", "/api/tags", port=API).status == 200
