"""One client floods a machine of one slot, another asks now and then: how long does the other wait?"""
from __future__ import annotations

import http.client
import json
import statistics
import threading
import time

from .figure import Figure
from .programs import MODEL, Stage

FLOOD, ASKED, EVERY_S, RUN_S = 200, 8, 2.0, 0.4


def ask(port: int, client: str) -> tuple[int, float]:
    """One request from an address of its own, by which a peer without keys tells clients apart; its status and its seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120, source_address=(client, 0))
    body = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "x"}], "stream": False,
                       "bench_delay_us": int(RUN_S * 1e6)})
    began = time.monotonic()
    try:
        connection.request("POST", "/api/chat", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began
    finally:
        connection.close()


def fairness(stage: Stage) -> list[Figure]:
    """The wait is what a request takes beyond its own run, beside the time that it takes alone."""
    engine, _ = stage.engine(slots=1)
    port, _ = stage.peer("one", engine=engine, slots=1, pinned=False)
    stage.wait_for_models(port)
    alone = statistics.median(ask(port, "127.0.0.3")[1] for _ in range(5))
    flooded: list[int] = []
    threads = [threading.Thread(target=lambda: flooded.append(ask(port, "127.0.0.2")[0]), daemon=True) for _ in range(FLOOD)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    seen = []
    for _ in range(ASKED):
        began = time.monotonic()
        seen.append(ask(port, "127.0.0.3"))
        time.sleep(max(0, EVERY_S - (time.monotonic() - began)))
    for thread in threads:
        thread.join(120)
    what = f"a client that asks every {EVERY_S:g} s waits, another floods {FLOOD}"
    bad = [status for status, _ in seen if status != 200]
    if bad:
        return [Figure("fairness", what, None, "x alone", 1.5, note=f"answers with status {bad}")]
    waits = [(seconds - alone) / alone for _, seconds in seen]
    served = sum(1 for status in flooded if status == 200)
    return [Figure("fairness", what, statistics.median(waits), "x alone", 1.5,
                   note=f"at most {max(waits):.2f} x; alone {alone * 1e3:.0f} ms; {served} of the flood answered, "
                        f"{len(flooded) - served} told to come again")]
