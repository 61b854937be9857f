"""Runs inside a lab host: samples a peer's view of the fleet and prints one JSON line per change.

usage: watch.py PORT SECONDS [INTERVAL_MS]
Each line has t (time.monotonic(), the same clock on every lab host), router (name, epoch, mode) and members by status.
The connection is kept open, so that a sample costs little; a peer that does not answer shows as {"t": ..., "down": true}.
"""
import http.client
import json
import sys
import time

port, limit = int(sys.argv[1]), float(sys.argv[2])
interval = float(sys.argv[3]) / 1000 if len(sys.argv) > 3 else 0.02
end, last, connection, samples, worst = time.monotonic() + limit, None, None, 0, 0.0


def look() -> dict:
    global connection
    try:
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/fleet/status")
        answer = connection.getresponse()
        mesh = json.loads(answer.read())["mesh"]
        router = mesh["router"] or {}
        return {"router": router.get("node_id"), "epoch": router.get("epoch"), "mode": router.get("mode"),
                "members": sorted([m["node_id"], m["status"]] for m in mesh["members"])}
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        if connection is not None:
            connection.close()
        connection = None
        return {"down": True}


while time.monotonic() < end:
    began = time.monotonic()
    seen = look()
    samples += 1
    worst = max(worst, time.monotonic() - began)
    if seen != last:
        print(json.dumps({"t": began, **seen}), flush=True)
        last = seen
    time.sleep(max(0.0, interval - (time.monotonic() - began)))
print(json.dumps({"t": time.monotonic(), "end": True, "samples": samples, "worst_ms": round(worst * 1000)}), flush=True)
