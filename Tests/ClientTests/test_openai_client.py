"""The `openai` package against a peer whose models live on other peers: chat, completions, embeddings, responses."""
import asyncio
import json

import openai
import pytest
from pydantic import BaseModel, ConfigDict
from typing import Literal

from known import CALL, CITY, LONG, QUESTION, REPLY, REPLY_TOKENS, REPORT, TOO_LONG, TOOL, VECTOR_WIDTH, is_report

RESPONSES_TOOL = {"type": "function", "name": "get_weather", "description": "the weather", "parameters": CITY, "strict": False}


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid")
    city: Literal["Paris", "Rome"]
    sunny: bool


@pytest.fixture
def client(near):
    return openai.OpenAI(base_url=f"{near}/v1", api_key="unused", timeout=30, max_retries=0)


def test_models(client, machine):
    listed = {m.id.removesuffix(":latest") for m in client.models.list()}
    assert {"llama-demo", "embed-demo", "tiny", "tiny-embed"} <= listed
    assert client.models.retrieve(machine.chat).id.removesuffix(":latest") == machine.chat


def test_chat(client, machine):
    answer = client.chat.completions.with_raw_response.create(model=machine.chat, messages=QUESTION)
    assert answer.headers["x-fleet-node"] == machine.node
    parsed = answer.parse()
    assert parsed.choices[0].message.content.strip() == REPLY and parsed.choices[0].finish_reason == "stop"
    assert parsed.usage.completion_tokens == REPLY_TOKENS and parsed.usage.prompt_tokens > 0


def test_chat_stream(client, machine):
    parts = list(client.chat.completions.create(
        model=machine.chat, messages=QUESTION, stream=True, stream_options={"include_usage": True}))
    assert "".join(c.choices[0].delta.content or "" for c in parts if c.choices).strip() == REPLY
    assert [c.choices[0].finish_reason for c in parts if c.choices][-1] == "stop"
    assert len(parts) > 5 and parts[-1].usage.completion_tokens == REPLY_TOKENS


def test_completions(client, machine):
    assert client.completions.create(model=machine.chat, prompt="count", max_tokens=8).choices[0].text
    parts = list(client.completions.create(model=machine.chat, prompt="count", max_tokens=8, stream=True))
    assert "".join(p.choices[0].text for p in parts if p.choices)
    assert [p.choices[0].finish_reason for p in parts if p.choices][-1] in ("stop", "length")


def test_tools(client, machine):
    answer = client.chat.completions.create(model=machine.chat, messages=QUESTION, tools=[TOOL])
    calls = answer.choices[0].message.tool_calls
    assert answer.choices[0].finish_reason == "tool_calls"
    assert [(c.function.name, json.loads(c.function.arguments)) for c in calls] == [CALL]
    told = [*QUESTION, answer.choices[0].message, {"role": "tool", "tool_call_id": calls[0].id, "content": "sunny"}]
    again = client.chat.completions.create(model=machine.chat, messages=told, tools=[TOOL])
    assert again.choices[0].message.content.strip() == REPLY


def test_tools_stream(client, machine):
    with client.chat.completions.stream(model=machine.chat, messages=QUESTION, tools=[TOOL]) as stream:
        choice = stream.get_final_completion().choices[0]
    assert choice.finish_reason == "tool_calls"
    assert [(c.function.name, json.loads(c.function.arguments)) for c in choice.message.tool_calls] == [CALL]


def test_embeddings(client, machine):
    answer = client.embeddings.create(model=machine.embed, input=["one", "two"])
    assert [len(d.embedding) for d in answer.data] == [VECTOR_WIDTH] * 2 and answer.usage.prompt_tokens > 0
    floats = client.embeddings.create(model=machine.embed, input="one", encoding_format="float")
    assert floats.data[0].embedding == pytest.approx(answer.data[0].embedding, abs=1e-5)


def test_structured_output(client, machine):
    shape = {"type": "json_schema", "json_schema": {"name": "report", "strict": True, "schema": REPORT}}
    answer = client.chat.completions.create(model=machine.chat, messages=QUESTION, response_format=shape, temperature=0)
    assert is_report(json.loads(answer.choices[0].message.content)), answer.choices[0].message.content
    parsed = client.chat.completions.parse(model=machine.chat, messages=QUESTION, response_format=Report, temperature=0)
    assert isinstance(parsed.choices[0].message.parsed, Report)


def test_responses(client, machine):
    answer = client.responses.create(model=machine.chat, input="hello", instructions="be short")
    assert answer.output_text.strip() == REPLY and answer.status == "completed"
    assert answer.usage.output_tokens == REPLY_TOKENS
    with client.responses.stream(model=machine.chat, input=QUESTION) as stream:
        said = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert said.strip() == REPLY == final.output_text.strip()


def test_responses_tools(client, machine):
    answer = client.responses.create(model=machine.chat, input="hello", tools=[RESPONSES_TOOL])
    calls = [item for item in answer.output if item.type == "function_call"]
    assert [(c.name, json.loads(c.arguments)) for c in calls] == [CALL]
    events = list(client.responses.create(model=machine.chat, input="hello", tools=[RESPONSES_TOOL], stream=True))
    done = [e.item for e in events if e.type == "response.output_item.done" and e.item.type == "function_call"]
    assert [(c.name, json.loads(c.arguments)) for c in done] == [CALL] and events[-1].type == "response.completed"
    told = [{"role": "user", "content": "hello"}, *(c.model_dump(exclude_none=True) for c in calls),
            {"type": "function_call_output", "call_id": calls[0].call_id, "output": "sunny"}]
    assert client.responses.create(model=machine.chat, input=told, tools=[RESPONSES_TOOL]).output_text.strip() == REPLY


def test_responses_structured_output(client, machine):
    answer = client.responses.parse(model=machine.chat, input="hello", text_format=Report, temperature=0)
    assert isinstance(answer.output_parsed, Report)


def test_unknown_model(client):
    asked = [
        lambda: client.chat.completions.create(model="no-such-model", messages=QUESTION),
        lambda: list(client.chat.completions.create(model="no-such-model", messages=QUESTION, stream=True)),
        lambda: client.completions.create(model="no-such-model", prompt="count"),
        lambda: client.embeddings.create(model="no-such-model", input="one"),
        lambda: client.responses.create(model="no-such-model", input="one"),
        lambda: client.models.retrieve("no-such-model"),
    ]
    for ask in asked:
        with pytest.raises(openai.NotFoundError, match="not found") as caught:
            ask()
        assert caught.value.body["type"] == "not_found_error" and caught.value.body["param"] is None


def test_bad_request(client, machine):
    asked = [
        lambda: client.chat.completions.create(model="", messages=QUESTION),
        lambda: client.chat.completions.create(model=machine.chat, messages="hello"),
        lambda: client.chat.completions.create(model=machine.chat, messages=TOO_LONG),
        lambda: list(client.chat.completions.create(model=machine.chat, messages=TOO_LONG, stream=True)),
        lambda: client.responses.create(model=machine.chat, input=TOO_LONG),
    ]
    for ask in asked:
        with pytest.raises(openai.BadRequestError) as caught:
            ask()
        assert caught.value.body["message"]


def test_cancel_in_mid_stream(client, machine, runs, freed):
    stream = client.chat.completions.create(model=machine.chat, messages=LONG, stream=True)
    parts = [next(stream) for _ in range(4)]
    assert "tick" in "".join(p.choices[0].delta.content or "" for p in parts)
    runs(machine)
    stream.close()
    freed(machine)
    assert client.chat.completions.create(model=machine.chat, messages=QUESTION).choices[0].message.content.strip() == REPLY


def test_cancel_of_responses_in_mid_stream(client, machine, runs, freed):
    stream = client.responses.create(model=machine.chat, instructions="LONG", input="go", stream=True)
    assert any(event.type == "response.output_text.delta" for event in stream)
    runs(machine)
    stream.close()
    freed(machine)


def test_cancel_of_a_whole_answer(near, demo, runs, freed):
    async def ask():
        client = openai.AsyncOpenAI(base_url=f"{near}/v1", api_key="unused", timeout=30, max_retries=0)
        task = asyncio.create_task(client.chat.completions.create(model=demo.chat, messages=LONG))
        await asyncio.to_thread(runs, demo)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(ask())
    freed(demo)
