"""Recorded requests of real engines, sent again; two answers to one request compared."""
from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

GOLDEN = Path(__file__).resolve().parent.parent / "Fixtures/golden"
# The models of the recorded Ollama server, as it listed them.
MODELS = ["tiny-think", "tiny", "tiny-go", "tiny-embed"]
# Recordings of several exchanges at once: the requests of these are sent one by one.
COMPOUND = {"err-queue-full-503", "runner-killed-mid-stream", "busy"}


@dataclass
class Asked:
    """One recorded request."""
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @staticmethod
    def read(value: dict) -> Asked:
        asked = value["request"]
        body = asked.get("body")
        sent = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        return Asked(asked["method"], asked["path"], asked.get("headers") or {}, sent)


@dataclass
class Answer:
    """What came back; `broken` when it did not end as HTTP wants it."""
    status: int
    headers: dict[str, str]
    body: bytes
    broken: bool = False

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def framing(self) -> str:
        """How the body's end is found."""
        if "transfer-encoding" in self.headers:
            return self.headers["transfer-encoding"]
        return "length" if "content-length" in self.headers else "none"


def names(engine: str) -> list[str]:
    """All recordings of an engine, compound ones included."""
    return sorted(path.stem for path in (GOLDEN / engine).glob("*.json"))


def load(engine: str, name: str) -> dict:
    return json.loads((GOLDEN / engine / f"{name}.json").read_text())


def send(url: str, asked: Asked, timeout: float = 60) -> Answer:
    """Sends the request with the recorded headers and no others, except `Host` and the length."""
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=timeout)
    try:
        connection.putrequest(asked.method, asked.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": "127.0.0.1", **asked.headers}.items():
            connection.putheader(name, value)
        if asked.body is not None:
            connection.putheader("Content-Length", str(len(asked.body)))
        connection.endheaders(asked.body)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        try:
            return Answer(answer.status, headers, answer.read())
        except http.client.IncompleteRead as e:
            return Answer(answer.status, headers, e.partial, broken=True)
    finally:
        connection.close()


# Headers that clients act on. A peer adds headers of its own besides.
COMPARED = [
    "content-type", "vary", "cache-control", "retry-after", "access-control-allow-origin", "access-control-allow-methods",
    "access-control-allow-headers", "access-control-max-age",
]
# Values that differ between two answers of the same engine; their type must be the same.
VOLATILE = {
    "created", "created_at", "completed_at", "modified_at", "expires_at", "id", "call_id", "item_id", "request_id", "total_duration",
    "load_duration", "prompt_eval_duration", "eval_duration", "timings", "cached_tokens", "input_tokens", "cache_read_input_tokens",
}


def differences(wanted: Answer, found: Answer) -> dict[str, str]:
    """Where two answers differ in status, headers, framing, keys, types or values that are not of the moment: place and words.

    Places name no positions in lists and streams, so that all of a kind are one. The order of models in a list is not looked at.
    """
    all_of_them: dict[str, str] = {}

    def expect(place: str, a: Any, b: Any) -> None:
        if a != b:
            general = re.sub(r"\d+", "", place)
            all_of_them.setdefault(general, f"{place}: {str(a)[:300]!r} directly, {str(b)[:300]!r} through the peer")

    expect("status", wanted.status, found.status)
    for name in COMPARED:
        # llama.cpp sends some of them empty.
        expect(name, wanted.headers.get(name) or None, found.headers.get(name) or None)
    allowed = [sorted(x.headers.get("allow", "").split(", ")) for x in (wanted, found)]
    expect("allow", *allowed)
    expect("framing", wanted.framing, found.framing)
    expect("broken", wanted.broken, found.broken)
    kind = wanted.headers.get("content-type", "")
    if kind.startswith(("application/x-ndjson", "text/event-stream")):
        compare_lines(wanted.text.split("\n"), found.text.split("\n"), expect)
    else:
        compare_texts("$", wanted.text, found.text, expect)
    return all_of_them


def compare_lines(wanted: list[str], found: list[str], expect) -> None:
    expect("lines", len(wanted), len(found))
    for number, (a, b) in enumerate(zip(wanted, found), 1):
        (prefix_a, brace_a, rest_a), (prefix_b, brace_b, rest_b) = a.partition("{"), b.partition("{")
        expect(f"line {number} prefix", prefix_a, prefix_b)
        compare_texts(f"line {number}", brace_a + rest_a, brace_b + rest_b, expect)


def compare_texts(place: str, wanted: str, found: str, expect) -> None:
    try:
        a, b = json.loads(wanted), json.loads(found)
    except ValueError:
        return expect(place, wanted, found)
    compare_values(place, a, b, expect, moment=False)


def compare_values(place: str, wanted: Any, found: Any, expect, moment: bool) -> None:
    if isinstance(wanted, dict) and isinstance(found, dict):
        expect(f"{place} keys", sorted(wanted), sorted(found))
        for name in wanted.keys() & found.keys():
            compare_values(f"{place}.{name}", wanted[name], found[name], expect, moment or name in VOLATILE)
    elif isinstance(wanted, list) and isinstance(found, list):
        expect(f"{place} length", len(wanted), len(found))
        for index, (a, b) in enumerate(zip(by_name(wanted), by_name(found))):
            compare_values(f"{place}[{index}]", a, b, expect, moment)
    elif moment:
        expect(f"{place} type", kind(wanted), kind(found))
    else:
        expect(place, wanted, found)


def by_name(items: list) -> list:
    """Models of a list by name; other lists as they are."""
    models = all(isinstance(item, dict) and "name" in item and "details" in item for item in items)
    return sorted(items, key=lambda item: item["name"]) if models else items


def kind(value: Any) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__
