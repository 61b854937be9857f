"""Runs inside a lab host: answers one JSON request per line on stdin with one JSON line on stdout.

A request names method, path, and optionally address, port, body (JSON), headers, timeout, raw. The answer has status,
headers, text, seconds, or error when there was no answer. One thread per request, so a slow one holds up nobody.
"""
import http.client
import json
import sys
import threading
import time

lock = threading.Lock()


def ask(q: dict) -> dict:
    began = time.monotonic()
    body = json.dumps(q["body"]).encode() if "body" in q else None
    connection = http.client.HTTPConnection(q.get("address", "127.0.0.1"), q.get("port", 11435), timeout=q.get("timeout", 30))
    try:
        headers = dict(q.get("headers", {}))
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        connection.request(q["method"], q["path"], body, headers)
        answer = connection.getresponse()
        text = answer.read(4 << 20).decode(errors="replace")
        return {"status": answer.status, "headers": {k.lower(): v for k, v in answer.getheaders()}, "text": text,
                "seconds": time.monotonic() - began}
    except (OSError, http.client.HTTPException) as e:
        return {"status": 0, "headers": {}, "text": "", "error": f"{type(e).__name__}: {e}",
                "seconds": time.monotonic() - began}
    finally:
        connection.close()


def serve(q: dict) -> None:
    answer = ask(q)
    answer["id"] = q["id"]
    with lock:
        print(json.dumps(answer), flush=True)


for line in sys.stdin:
    threading.Thread(target=serve, args=(json.loads(line),), daemon=True).start()
