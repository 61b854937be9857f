"""llama.cpp's own server behind a peer, asked through both peers. The tiny model's answers are known."""
import http.client
import json
import time
from urllib.parse import urlsplit

from herdlab import wait_until
from loopback import fetch

REPLY = "Hello from the tiny herd model , I count one two three four five six seven eight nine ten and stop ."
QUESTION = [{"role": "user", "content": "hello"}]
LONG = [{"role": "system", "content": "LONG"}, {"role": "user", "content": "go"}]


def chunks(text):
    texts = [line[5:].strip() for line in text.splitlines() if line.startswith("data:")]
    assert texts[-1] == "[DONE]"
    return [json.loads(t) for t in texts[:-1]]


def test_chat(peer):
    status, headers, text = fetch(f"{peer}/v1/chat/completions", {"model": "tiny", "messages": QUESTION})
    assert status == 200, text
    answer = json.loads(text)
    assert answer["choices"][0]["message"]["content"].strip() == REPLY
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["completion_tokens"] == 23
    assert headers["x-fleet-node"] == "a"


def test_chat_stream(peer):
    body = {"model": "tiny", "messages": QUESTION, "stream": True, "stream_options": {"include_usage": True}}
    status, headers, text = fetch(f"{peer}/v1/chat/completions", body)
    assert status == 200 and headers["x-fleet-node"] == "a"
    parts = chunks(text)
    said = "".join(c["choices"][0]["delta"].get("content") or "" for c in parts if c["choices"])
    assert said.strip() == REPLY
    assert [c["choices"][0]["finish_reason"] for c in parts if c["choices"]][-1] == "stop"
    assert parts[-1]["usage"]["completion_tokens"] == 23


def test_tool_call(peer):
    tool = {"type": "function", "function": {
        "name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}
    status, _, text = fetch(f"{peer}/v1/chat/completions", {"model": "tiny", "messages": QUESTION, "tools": [tool]})
    assert status == 200, text
    choice = json.loads(text)["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    call = choice["message"]["tool_calls"][0]["function"]
    assert call["name"] == "get_weather" and json.loads(call["arguments"]) == {"city": "Paris"}


def test_embeddings(peer):
    status, headers, text = fetch(f"{peer}/v1/embeddings", {"model": "tiny-embed", "input": ["one", "two"]})
    assert status == 200, text
    answer = json.loads(text)
    assert [len(d["embedding"]) for d in answer["data"]] == [128, 128]
    assert answer["data"][0]["embedding"] != answer["data"][1]["embedding"]
    assert headers["x-fleet-node"] == "a"


def test_error_of_the_engine_passes_through(peer):
    long = [{"role": "user", "content": "x" * 9000}]
    status, _, text = fetch(f"{peer}/v1/chat/completions", {"model": "tiny", "messages": long})
    assert status == 400, text
    assert json.loads(text)["error"]["type"] == "exceed_context_size_error"


def test_a_client_that_leaves_frees_the_engine(peer, idle):
    """The engine has one slot: a request that nobody cancels would hold it for minutes."""
    at = urlsplit(peer)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    body = json.dumps({"model": "tiny", "messages": LONG, "stream": True, "max_tokens": 60000})
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 200
    assert b"tick" in b"".join(answer.readline() for _ in range(12))
    connection.sock.close()
    answer.close()
    connection.close()
    assert idle(15) < 10
    began = time.monotonic()
    status, _, text = fetch(f"{peer}/v1/chat/completions", {"model": "tiny", "messages": QUESTION})
    assert status == 200, text
    assert time.monotonic() - began < 15


def test_both_peers_list_the_models(fleet):
    for url in (fleet["a"], fleet["b"]):
        ids = [m["id"].removesuffix(":latest") for m in json.loads(fetch(f"{url}/v1/models")[2])["data"]]
        assert {"tiny", "tiny-embed"} <= set(ids)


def test_the_two_are_one_fleet(fleet):
    def joined():
        members = json.loads(fetch(f"{fleet['b']}/fleet/status")[2])["mesh"]["members"]
        return any(m["node_id"] == "a" and m["status"] == "alive" for m in members)

    wait_until("b counts a among its members", 10, joined)
