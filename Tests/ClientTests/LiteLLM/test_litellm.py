"""`litellm` against a peer whose models live on other peers, through each of its providers that a peer can be."""
import asyncio
import gc
import json
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network for prices

import litellm
import pytest

from known import CALL, LONG, QUESTION, REPLY, REPLY_TOKENS, REPORT, TOO_LONG, TOOL, VECTOR_WIDTH, is_report

litellm.telemetry = False
litellm.suppress_debug_info = True
SHAPE = {"type": "json_schema", "json_schema": {"name": "report", "strict": True, "schema": REPORT}}
# Its name for the provider, and what the peer's URL has behind the port.
PROVIDERS = {"ollama_chat": "", "ollama": "", "openai": "/v1", "anthropic": ""}
# `ollama` makes one prompt of all messages and of the tools; `anthropic` asks for a shape in a way that only models of known names
# understand.
without = {name: pytest.mark.parametrize("provider", [p for p in PROVIDERS if p != name]) for name in PROVIDERS}


@pytest.fixture(autouse=True)
def garbage():
    """Collects between tests only. litellm leaves streams to the garbage collector; where that runs while httpcore holds the lock of
    its pool, closing such a stream waits for the same lock, for ever."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(params=list(PROVIDERS))
def provider(request):
    return request.param


def settings(near, provider, model):
    """The arguments that reach a model of the fleet."""
    return {"model": f"{provider}/{model}", "api_base": near + PROVIDERS[provider], "api_key": "unused", "timeout": 30,
            "num_retries": 0, "max_retries": 0, "max_tokens": 60_000 if provider == "anthropic" else None}


@pytest.fixture
def ask(near, provider):
    def complete(model, messages=QUESTION, **more):
        return litellm.completion(messages=messages, **{**settings(near, provider, model), **more})
    return complete


def text(parts):
    return "".join(part.choices[0].delta.content or "" for part in parts if part.choices)


def test_chat(ask, machine):
    answer = ask(machine.chat)
    assert answer.choices[0].message.content.strip() == REPLY and answer.choices[0].finish_reason == "stop"
    assert answer.usage.completion_tokens == REPLY_TOKENS and answer.usage.prompt_tokens > 0


def test_stream(ask, machine):
    parts = list(ask(machine.chat, stream=True))
    assert len(parts) > 5 and text(parts).strip() == REPLY
    assert [p.choices[0].finish_reason for p in parts if p.choices][-1] == "stop"


def test_asynchronous_stream(loop, near, provider, machine):
    async def ask():
        stream = await litellm.acompletion(messages=QUESTION, stream=True, **settings(near, provider, machine.chat))
        return [part async for part in stream]

    assert text(loop.run(ask())).strip() == REPLY


@without["ollama"]
def test_tools(ask, machine):
    answer = ask(machine.chat, tools=[TOOL])
    calls = answer.choices[0].message.tool_calls
    assert [(c.function.name, json.loads(c.function.arguments)) for c in calls] == [CALL]
    told = [*QUESTION, answer.choices[0].message.model_dump(), {"role": "tool", "tool_call_id": calls[0].id, "content": "sunny"}]
    assert ask(machine.chat, told, tools=[TOOL]).choices[0].message.content.strip() == REPLY
    whole = litellm.stream_chunk_builder(list(ask(machine.chat, tools=[TOOL], stream=True)))
    assert [(c.function.name, json.loads(c.function.arguments)) for c in whole.choices[0].message.tool_calls] == [CALL]


@without["anthropic"]
def test_structured_output(ask, machine):
    answer = ask(machine.chat, response_format=SHAPE, temperature=0)
    assert is_report(json.loads(answer.choices[0].message.content)), answer.choices[0].message.content


def test_responses(near, machine):
    at = {"model": f"openai/{machine.chat}", "api_base": f"{near}/v1", "api_key": "unused", "timeout": 30}
    answer = litellm.responses(input="hello", **at)
    assert answer.output[-1].content[0].text.strip() == REPLY and answer.status == "completed"
    events = list(litellm.responses(input="hello", stream=True, **at))
    assert "".join(e.delta for e in events if e.type == "response.output_text.delta").strip() == REPLY


def test_messages(loop, near, machine):
    answer = loop.run(litellm.anthropic_messages(
        model=f"anthropic/{machine.chat}", api_base=near, api_key="unused", max_tokens=500, messages=QUESTION))
    assert answer["content"][0]["text"].strip() == REPLY and answer["stop_reason"] == "end_turn"


def test_embeddings(near, machine):
    for provider in ("ollama", "openai"):
        answer = litellm.embedding(input=["one", "two"], **settings(near, provider, machine.embed))
        assert [len(item["embedding"]) for item in answer.data] == [VECTOR_WIDTH] * 2


def test_lists(near, fleet):
    names = litellm.get_valid_models(
        check_provider_endpoint=True, custom_llm_provider="openai", api_key="unused", api_base=f"{near}/v1")
    assert {"llama-demo", "tiny"} <= {n.removeprefix("openai/").removesuffix(":latest") for n in names}
    for machine in (fleet["demo"], fleet["llama"]):
        shown = litellm.get_model_info(f"ollama/{machine.chat}", api_base=near)
        assert shown["supports_function_calling"] and shown["max_tokens"] == 8192


def test_unknown_model(ask):
    for stream in (False, True):
        with pytest.raises((litellm.NotFoundError, litellm.APIConnectionError), match="not found"):
            list(ask("no-such-model", stream=stream))


def test_bad_request(ask, machine):
    with pytest.raises((litellm.BadRequestError, litellm.APIConnectionError), match="context"):
        ask(machine.chat, TOO_LONG)


@without["ollama"]
def test_cancel_in_mid_stream(loop, near, provider, machine, runs, freed):
    async def read(begun):
        said = ""
        async for part in await litellm.acompletion(messages=LONG, stream=True, **settings(near, provider, machine.chat)):
            said += part.choices[0].delta.content or ""
            if "tick1" in said:
                begun.set()

    async def ask():
        begun = asyncio.Event()
        task = asyncio.create_task(read(begun))
        await asyncio.wait_for(begun.wait(), 20)
        await asyncio.to_thread(runs, machine)
        # Not by `aclose` of its stream: for Anthropic's dialect that leaves the connection as it is.
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(freed, machine)

    loop.run(ask())
