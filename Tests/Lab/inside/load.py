"""Runs inside a lab host: a bounded, even stream of chat requests, one JSON line per request when it has ended.

usage: load.py '{"targets": ["127.0.0.1:11435", ...], "model": NAME, "rate": 20, "seconds": 10, "timeout": 60}'
Requests alternate over the targets, between streaming and not, and between Ollama's and OpenAI's dialect.
A line has: n, t (start, time.monotonic()), target, dialect, stream, status, complete (the terminal marker was seen),
error_event (the dialect's error object in the body), node (X-Fleet-Node), request (X-Herd-Request-Id), head, first and total in
seconds, fault.
SIGTERM ends the sending early; requests under way are still waited for.
"""
import http.client
import json
import signal
import sys
import threading
import time

options = json.loads(sys.argv[1])
lock = threading.Lock()
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())


def body_of(dialect: str, stream: bool) -> tuple[str, dict]:
    messages = [{"role": "user", "content": "count"}]
    path = "/api/chat" if dialect == "ollama" else "/v1/chat/completions"
    return path, {"model": options["model"], "messages": messages, "stream": stream}


def judge(line: str, dialect: str, stream: bool, r: dict) -> None:
    """Takes in one line of the body."""
    line = line.strip()
    if dialect == "openai" and stream:
        if not line.startswith("data:"):
            return
        line = line[5:].strip()
        if line == "[DONE]":
            r["complete"] = True
            return
    if not line:
        return
    try:
        value = json.loads(line)
    except ValueError:
        return
    if not isinstance(value, dict):
        return
    if value.get("error"):
        r["error_event"] = True
        r["fault"] = json.dumps(value["error"])[:200]
    elif dialect == "ollama" and value.get("done") is True:
        r["complete"] = bool(stream or value.get("message", {}).get("content"))
    elif dialect == "openai" and not stream and value.get("choices"):
        r["complete"] = value["choices"][0].get("finish_reason") is not None


def one(n: int) -> None:
    target = options["targets"][n % len(options["targets"])]
    turn = n // len(options["targets"])
    stream, dialect = turn % 2 == 0, "ollama" if turn // 2 % 2 == 0 else "openai"
    r = {"n": n, "t": time.monotonic(), "target": target, "dialect": dialect, "stream": stream, "status": 0,
         "complete": False, "error_event": False, "node": None, "request": None, "fault": None, "first": None}
    address, _, port = target.partition(":")
    connection = http.client.HTTPConnection(address, int(port), timeout=options.get("timeout", 60))
    try:
        path, body = body_of(dialect, stream)
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        r["head"] = time.monotonic() - r["t"]
        r["status"], r["node"] = answer.status, answer.getheader("X-Fleet-Node")
        r["request"] = answer.getheader("X-Herd-Request-Id")
        if stream and answer.status == 200:
            for line in answer:
                r["first"] = r["first"] or time.monotonic() - r["t"]
                judge(line.decode(errors="replace"), dialect, stream, r)
        else:
            judge(answer.read().decode(errors="replace"), dialect, stream, r)
    except (OSError, http.client.HTTPException) as e:
        r["fault"] = f"{type(e).__name__}: {e}"
    finally:
        connection.close()
        r["total"] = time.monotonic() - r["t"]
        with lock:
            print(json.dumps(r), flush=True)


threads, began = [], time.monotonic()
for n in range(int(options["rate"] * options["seconds"])):
    pause = began + n / options["rate"] - time.monotonic()
    if (pause > 0 and stop.wait(pause)) or stop.is_set():
        break
    thread = threading.Thread(target=one, args=(n,))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()
