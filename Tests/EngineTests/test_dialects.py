"""llama.cpp's own server has OpenAI's routes; clients of the other families do not notice. The tiny model's answers are known."""
import http.client
import json
from urllib.parse import urlsplit

import ollama
import openai
import pytest

from loopback import fetch
from test_llamacpp import LONG, QUESTION, REPLY

TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "the weather", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}


@pytest.fixture
def client(peer):
    return ollama.Client(host=peer, timeout=60)


def events(text):
    """The events of a stream: name and data."""
    parts = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        parts.append((fields["event"], json.loads(fields["data"])))
    return parts


def test_ollama_lists_the_models(client):
    assert {"tiny", "tiny-embed"} <= {m.model.removesuffix(":latest") for m in client.list().models}


def test_ollama_chat(client):
    answer = client.chat("tiny", messages=QUESTION)
    assert answer.message.content.strip() == REPLY
    assert answer.done and answer.done_reason == "stop" and answer.eval_count == 23 and answer.prompt_eval_count > 0
    assert answer.total_duration > 0 and answer.model == "tiny"


def test_ollama_chat_stream(client):
    parts = list(client.chat("tiny", messages=QUESTION, stream=True))
    assert "".join(p.message.content for p in parts).strip() == REPLY
    assert len(parts) > 5 and parts[-1].done and parts[-1].eval_count == 23 and not any(p.done for p in parts[:-1])


def test_ollama_generate(client):
    answer = client.generate("tiny", "hello", options={"num_predict": 4, "temperature": 0})
    assert answer.done_reason == "length" and answer.eval_count == 4 and answer.response


def test_ollama_tool_call(client):
    for stream in (False, True):
        answer = client.chat("tiny", messages=QUESTION, tools=[TOOL], stream=stream)
        answers = list(answer) if stream else [answer]
        calls = [call for a in answers for call in a.message.tool_calls or []]
        assert [(c.function.name, dict(c.function.arguments)) for c in calls] == [("get_weather", {"city": "Paris"})]
        assert answers[-1].done_reason == "stop"


def test_ollama_embed(client):
    answer = client.embed("tiny-embed", input=["one", "two"])
    assert [len(v) for v in answer.embeddings] == [128, 128] and answer.embeddings[0] != answer.embeddings[1]
    assert abs(sum(x * x for x in answer.embeddings[0]) - 1) < 1e-3
    assert len(client.embeddings("tiny-embed", prompt="one").embedding) == 128


def test_ollama_errors(client):
    with pytest.raises(ollama.ResponseError) as caught:
        client.chat("tiny", messages=[{"role": "user", "content": "x" * 9000}])
    assert caught.value.status_code == 400 and "context" in caught.value.error
    with pytest.raises(ollama.ResponseError) as caught:
        client.chat("no-such-model", messages=QUESTION)
    assert caught.value.status_code == 404


def test_anthropic_messages(peer):
    body = {"model": "tiny", "max_tokens": 100, "messages": QUESTION}
    status, headers, text = fetch(f"{peer}/v1/messages", body)
    assert status == 200, text
    answer = json.loads(text)
    assert answer["content"][0]["text"].strip() == REPLY and answer["stop_reason"] == "end_turn"
    assert answer["usage"]["output_tokens"] == 23 and answer["role"] == "assistant" and answer["type"] == "message"
    assert headers["x-fleet-node"] == "a"
    status, headers, text = fetch(f"{peer}/v1/messages", {**body, "stream": True})
    assert status == 200 and headers["content-type"].startswith("text/event-stream")
    parts = events(text)
    names = [name for name, _ in parts]
    assert names[0] == "message_start" and names[-1] == "message_stop" and "message_delta" in names
    said = "".join(d["delta"].get("text", "") for n, d in parts if n == "content_block_delta")
    assert said.strip() == REPLY


def test_responses(peer):
    client = openai.OpenAI(base_url=f"{peer}/v1", api_key="unused", timeout=60, max_retries=0)
    answer = client.responses.create(model="tiny", input="hello")
    assert answer.output_text.strip() == REPLY and answer.status == "completed" and answer.usage.output_tokens == 23
    with client.responses.stream(model="tiny", input="hello") as stream:
        said = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert said.strip() == REPLY == final.output_text.strip()


def test_a_client_of_another_dialect_that_leaves_frees_the_engine(peer, idle):
    at = urlsplit(peer)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    connection.request("POST", "/api/chat", json.dumps({"model": "tiny", "messages": LONG, "options": {"num_predict": 60000}}))
    answer = connection.getresponse()
    assert answer.status == 200 and b"tick" in b"".join(answer.readline() for _ in range(12))
    connection.sock.close()
    answer.close()
    connection.close()
    assert idle(15) < 10
