"""What a fleet does about contexts that alternate, limits that thoughts use up, and models that nobody has."""
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch

QUESTION = [{"role": "user", "content": "count"}]


@pytest.fixture(scope="module")
def trio(tmp_path_factory):
    """Two machines with demo engines, which can pull `fresh-demo`, and one peer without an engine; URLs of peers and engines."""
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("trio"))
    try:
        engines = [loopback.engine(f"context-{n}", f"think-{n}", more=("--pullable", "fresh-demo")) for n in (1, 2)]
        first = loopback.peer("one", ollama=engines[0])
        peers = [first] + [loopback.peer(name, "--router-url", first, ollama=url)
                           for name, url in (("two", engines[1]), ("near", "http://127.0.0.1:9"))]
        for url in peers:
            loopback.wait_for_models(url, "context-1", "think-1", "context-2", "think-2")
        yield peers, engines
    finally:
        loopback.stop()


def context_of(engine: str, model: str) -> int | None:
    running = json.loads(fetch(f"{engine}/api/ps")[2])["models"]
    return next((m["context_length"] for m in running if m["name"].startswith(model)), None)


def pulls(engine: str) -> list[str]:
    return [entry["path"] for entry in json.loads(fetch(f"{engine}/demo/log")[2]) if entry["path"] == "/api/pull"]


@pytest.mark.parametrize("at", [0, 2], ids=["its own machine", "over the hop"])
def test_clients_with_different_contexts_share_one_loaded_model(trio, at):
    peers, engines = trio
    model = f"context-{1 if at == 0 else 2}"
    engine = engines[0 if at == 0 else 1]

    def chat(context=None, **more):
        options = {} if context is None else {"options": {"num_ctx": context}}
        status, headers, text = fetch(f"{peers[at]}/api/chat", {"model": model, "stream": False, "messages": QUESTION, **options, **more})
        assert status == 200, text
        return headers

    assert "x-fleet-rewrites" not in chat(2048)
    assert context_of(engine, model) == 2048
    for context in (None, 512, 2048, None):
        said = chat(context).get("x-fleet-rewrites")
        assert context_of(engine, model) == 2048, "nothing was loaded anew"
        assert (said is None) == (context == 2048)
    assert chat(4096)["x-fleet-context-reload"] == "num_ctx=4096; context_length=2048"
    assert context_of(engine, model) == 4096, "more is the client's to ask for"
    assert chat(1024)["x-fleet-rewrites"] == "num_ctx=1024>4096"

    def noted() -> bool:
        rows = json.loads(fetch(f"{peers[at]}/dashboard/api/traces?limit=1")[2])["traces"]
        return rows[0]["rewrites"] == "num_ctx=1024>4096"
    wait_until("the trace says so", 10, noted)


def test_a_thinking_model_gets_room_for_its_thoughts(trio):
    peers, _ = trio
    body = {"model": "think-1", "stream": False, "messages": QUESTION, "options": {"num_predict": 3}}
    status, headers, text = fetch(f"{peers[2]}/api/chat", body)
    answer = json.loads(text)
    assert status == 200 and answer["done_reason"] == "stop" and answer["message"]["content"], answer
    assert headers["x-fleet-rewrites"] == "num_predict=3>1024"
    assert headers["x-budget-used"] == f"{answer['eval_count']}/1024"
    assert int(headers["x-thinking-tokens"]) > 0 and int(headers["x-output-tokens"]) > 0
    status, headers, text = fetch(f"{peers[2]}/api/chat", {**body, "think": False})
    assert json.loads(text)["done_reason"] == "length" and "x-budget-used" not in headers


def test_a_model_that_nobody_has_is_pulled_once(trio):
    peers, engines = trio
    ask = {"model": "fresh-demo", "stream": False, "messages": QUESTION}
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: fetch(f"{peers[n % 3]}/api/chat", ask, timeout=60), range(12)))
    assert [status for status, _, _ in answers] == [200] * 12, answers
    assert sum(len(pulls(engine)) for engine in engines) == 1
    assert len({headers["x-fleet-node"] for _, headers, _ in answers}) == 1


def test_a_model_that_no_registry_has_is_unknown(trio):
    peers, engines = trio
    before = sum(len(pulls(engine)) for engine in engines)
    for n in range(6):
        status, _, text = fetch(f"{peers[n % 3]}/api/chat", {"model": "no-such-model", "messages": QUESTION})
        assert (status, json.loads(text)) == (404, {"error": "model 'no-such-model' not found"})
    assert sum(len(pulls(engine)) for engine in engines) - before == 1, "the registry is asked once"
