"""Asks this host's peer for a model with curl and the published Python packages; prints what each got as JSON.

usage: sdks.py MODEL PORT
"""
import json
import subprocess
import sys

import ollama
import openai

model, port = sys.argv[1], sys.argv[2]
messages = [{"role": "user", "content": "count"}]
got = {}

body = json.dumps({"model": model, "messages": messages, "stream": False})
curl = subprocess.run(
    ["curl", "-sS", "-D", "-", "-o", "/dev/stdout", f"http://127.0.0.1:{port}/api/chat", "-d", body],
    capture_output=True, text=True, check=True).stdout
head, _, text = curl.replace("\r\n", "\n").partition("\n\n")
got["curl"] = json.loads(text)["message"]["content"]
got["node"] = next(line.split(": ")[1] for line in head.splitlines() if line.lower().startswith("x-fleet-node"))

body = json.dumps({"model": model, "messages": messages, "stream": True})
lines = subprocess.run(
    ["curl", "-sSN", f"http://127.0.0.1:{port}/api/chat", "-d", body], capture_output=True, text=True, check=True).stdout
parts = [json.loads(line) for line in lines.splitlines()]
assert len(parts) > 2 and parts[-1]["done"] is True
got["curl stream"] = "".join(part["message"]["content"] for part in parts)

native = ollama.Client(host=f"http://127.0.0.1:{port}")
got["ollama"] = native.chat(model=model, messages=messages).message.content
got["ollama stream"] = "".join(part.message.content or "" for part in native.chat(model=model, messages=messages, stream=True))

client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0)
got["openai"] = client.chat.completions.create(model=model, messages=messages).choices[0].message.content
stream = client.chat.completions.create(model=model, messages=messages, stream=True)
got["openai stream"] = "".join(part.choices[0].delta.content or "" for part in stream if part.choices)

print(json.dumps(got))
