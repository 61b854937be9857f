"""The rows of the table: each starts what it needs, measures, and says what it saw."""
from __future__ import annotations

import statistics
import time
from typing import Callable

from .fairness import fairness
from .figure import Figure
from .programs import Stage, fetch, model_names, wait_until
from .tools import Windows, call, target

ROUNDS = 5


def pair(stage: Stage) -> tuple[list[dict], dict[str, int]]:
    """The engine itself, nginx and a peer in front of it; the targets and the peer's and engine's ports."""
    engine, stand_in = stage.engine()
    proxy, pids = stage.nginx(engine)
    port, peer = stage.peer("bench", engine=engine)
    stage.wait_for_models(port)
    targets = [target("engine", engine, stand_in.pid), target("nginx", proxy, *pids), target("herd-peer", port, peer.pid)]
    return targets, {"peer": port, "nginx": proxy}


def spread(values: list[float]) -> str:
    return f"{min(values):.0f}-{max(values):.0f}"


def latency(stage: Stage) -> list[Figure]:
    """One client, whole answers."""
    targets, _ = pair(stage)
    seen = Windows(call(stage, "load", targets, 1, rounds=ROUNDS))
    ours, theirs = seen.added("herd-peer", "engine", "p50"), seen.added("nginx", "engine", "p50")
    ratio = statistics.median(one / two for one, two in zip(ours, theirs))
    note = (f"+{statistics.median(ours):.0f} us ({spread(ours)}), nginx +{statistics.median(theirs):.0f} us ({spread(theirs)}), "
            f"engine alone {seen.median('engine', 'p50'):.0f} us; CPU per request {seen.median('herd-peer', 'cpu') * 1e6:.0f} us "
            f"({seen.median('herd-peer', 'loop_cpu') * 1e6:.0f} us in event loops), "
            f"nginx {seen.median('nginx', 'cpu') * 1e6:.0f} us")
    return [Figure("latency", "added p50, 1 connection", ratio, "x nginx", 1.3, note=note),
            Figure("latency", "the same by itself", statistics.median(ours), "us", 150)]


def dropped_traces(port: int) -> int:
    """Trace rows that the peer lost since its start."""
    lines = str(fetch(f"http://127.0.0.1:{port}/metrics")).splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if line.startswith("herd_traces_dropped_total"))


def requests(stage: Stage) -> list[Figure]:
    """32 clients, whole answers."""
    targets, ports = pair(stage)
    seen = Windows(call(stage, "load", targets, 32, rounds=ROUNDS))
    rates = {name: seen.median(name, "rate") for name in ("herd-peer", "nginx", "engine")}
    lost, sent = dropped_traces(ports["peer"]), sum(w["allRequests"] for w in seen.of("herd-peer"))
    note = f"{rates['herd-peer']:,.0f}/s, nginx {rates['nginx']:,.0f}/s, engine alone {rates['engine']:,.0f}/s"
    if lost:
        note += f"; {lost:,} of {sent:,} traces DROPPED"
    cpu = {name: seen.median(name, "cpu") * 1e4 for name in ("herd-peer", "nginx")}
    loops = seen.median("herd-peer", "loop_cpu") * 1e4
    return [
        Figure("requests", "requests/s, 32 connections", seen.ratio("herd-peer", "nginx", "rate"), "x nginx", 0.6, True, note,
               spoilt=lost > 0,
               details={"traces_dropped": lost, "requests": sent, "engine_us": seen.median("engine", "cpu") * 1e6}),
        Figure("requests", "CPU per 10k requests", seen.ratio("herd-peer", "nginx", "cpu"), "x nginx", 2.0,
               note=f"{cpu['herd-peer']:.3f} s ({loops:.3f} s of it in event loops), nginx {cpu['nginx']:.3f} s"),
        Figure("requests", "p99, 32 connections", seen.median("herd-peer", "p99"), "us",
               note=f"p50 {seen.median('herd-peer', 'p50'):.0f} us; nginx {seen.median('nginx', 'p50'):.0f} and "
                    f"{seen.median('nginx', 'p99'):.0f} us"),
    ]


def stream(stage: Stage) -> list[Figure]:
    """64 streams with a chunk every 5 ms."""
    targets, _ = pair(stage)
    seen = Windows(call(stage, "load", targets[1:], 64, rounds=ROUNDS, window=1.0, streams=True, chunks=200, interval_us=5_000))
    cpu = {name: seen.median(name, "chunk_cpu") * 1e6 for name in ("herd-peer", "nginx")}
    delay = {name: seen.median(name, "chunkP50") for name in ("herd-peer", "nginx")}
    return [
        Figure("stream", "CPU per chunk, 64 streams x 5 ms", seen.ratio("herd-peer", "nginx", "chunk_cpu"), "x nginx", 1.5,
               note=f"{cpu['herd-peer']:.1f} us, nginx {cpu['nginx']:.1f} us, "
                    f"{seen.median('herd-peer', 'chunk_rate'):,.0f} chunks/s"),
        Figure("stream", "a chunk's way, p50", delay["herd-peer"], "us",
               note=f"nginx {delay['nginx']:.0f} us; p99 {seen.median('herd-peer', 'chunkP99'):.0f} us, "
                    f"nginx {seen.median('nginx', 'chunkP99'):.0f} us"),
    ]


def chunks(stage: Stage) -> list[Figure]:
    """64 streams as fast as they are taken."""
    targets, _ = pair(stage)
    seen = Windows(call(stage, "load", targets[1:], 64, rounds=ROUNDS, streams=True, chunks=1_000))
    rate = {name: seen.median(name, "chunk_rate") for name in ("herd-peer", "nginx")}
    cpu = {name: seen.median(name, "chunk_cpu") * 1e6 for name in ("herd-peer", "nginx")}
    return [Figure("chunks", "chunks/s at maximum rate, 64 streams", seen.ratio("herd-peer", "nginx", "chunk_rate"), "x nginx",
                   0.95, True,
                   f"{rate['herd-peer']:,.0f}/s, nginx {rate['nginx']:,.0f}/s; CPU per chunk {cpu['herd-peer']:.1f} and "
                   f"{cpu['nginx']:.1f} us")]


def nginx_behind_nginx(stage: Stage) -> float:
    """Microseconds that a second nginx adds, p50."""
    engine, _ = stage.engine()
    inner, inner_pids = stage.nginx(engine)
    outer, outer_pids = stage.nginx(inner)
    targets = [target("one", inner, *inner_pids), target("two", outer, *outer_pids)]
    return statistics.median(Windows(call(stage, "load", targets, 1, rounds=ROUNDS)).added("two", "one", "p50"))


def hop(stage: Stage) -> list[Figure]:
    """Two peers, one engine: asked is the one without it, and the one with it. Beside them nginx in front of nginx: what one more
    relay costs on this machine."""
    figures = []
    theirs = nginx_behind_nginx(stage)
    for closed in (False, True):
        engine, _ = stage.engine()
        kind = "closed" if closed else "open"
        far, near = f"far-{kind}", f"near-{kind}"
        if closed:
            stage.close_fleet(far, near)
        far_port, far_peer = stage.peer(far, engine=engine)
        near_port, near_peer = stage.peer(near, "--router-url", f"http://127.0.0.1:{far_port}")
        stage.wait_for_models(far_port)
        stage.wait_for_models(near_port)
        targets = [target("far", far_port, far_peer.pid, near_peer.pid), target("near", near_port, far_peer.pid, near_peer.pid)]
        seen = Windows(call(stage, "load", targets, 1, rounds=ROUNDS))
        added = seen.added("near", "far", "p50")
        words = "TLS (closed fleet)" if closed else "open fleet"
        more_cpu, in_loops = ((seen.median("near", each) - seen.median("far", each)) * 1e6 for each in ("cpu", "loop_cpu"))
        figures.append(
            Figure("hop", f"a peer hop adds, p50, {words}", statistics.median(added), "us", 90 if closed else 60,
                   note=f"{spread(added)}; {seen.median('near', 'p50'):.0f} us after {seen.median('far', 'p50'):.0f} us, "
                        f"CPU +{more_cpu:.0f} us, +{in_loops:.0f} us of it in event loops; "
                        f"nginx before nginx adds {theirs:.0f} us"))
        for program in (near_peer, far_peer):
            program.stop()
            stage.programs.remove(program)
    return figures


def held(stage: Stage, streams: int, interval_us: int, seconds: float, models: int) -> tuple[dict, dict]:
    """Opens streams at a fresh peer and at nginx and holds them; the figures of both."""
    engine, _ = stage.engine(models=models)
    proxy, pids = stage.nginx(engine, connections=2 * streams + 100)
    port, peer = stage.peer(f"bench-{streams}", engine=engine, threads=2, pinned=False)
    names = model_names(models)
    stage.wait_for_models(port, *names)
    time.sleep(6)  # Pages that only its start needed are given back after three seconds.
    size = dict(window=seconds, streams=True, chunks=2 if interval_us > 10**6 else int(1e6 / interval_us * seconds * 10),
                interval_us=interval_us)
    ours = call(stage, "hold", [target("herd-peer", port, peer.pid, models=names)], streams, **size)
    theirs = call(stage, "hold", [target("nginx", proxy, *pids, models=names)], streams, **size)
    return ours, theirs


def memory(stage: Stage) -> list[Figure]:
    """Resident memory: idle, with streams that run, with streams that only stand open."""
    running, theirs = held(stage, 512, 20_000, 3, 1)
    figures = [
        Figure("memory", "idle", running["idleMegabytes"], "MB", 40, note=f"nginx {theirs['idleMegabytes']:.1f} MB"),
        opened(Figure("memory", "512 streams x 20 ms", running["openMegabytes"], "MB", 55,
                      note=f"nginx {theirs['openMegabytes']:.1f} MB; {running['afterMegabytes']:.1f} MB after they ended"),
               running),
    ]
    waiting, theirs = held(stage, 10_000, 600_000_000, 3, 10)
    note = (f"nginx {theirs['openMegabytes']:.1f} MB; {waiting['afterMegabytes']:.1f} MB after they ended; "
            f"opened in {waiting['openingSeconds']:.1f} s")
    return figures + [opened(Figure("memory", "10,000 idle streams", waiting["openMegabytes"], "MB", 250, note=note), waiting)]


def opened(figure: Figure, seen: dict) -> Figure:
    """Says so when not all streams were taken: the bar is not held then, whatever the memory."""
    figure.details = seen
    if seen["opened"] < seen["asked"]:
        figure.note = f"only {seen['opened']:,} streams were opened ({seen.get('firstFailure') or 'no answer'}); {figure.note}"
        figure.spoilt = True
    return figure


def slots(stage: Stage) -> list[Figure]:
    """Twelve requests of 1.5 s at once, two machines with one slot each."""
    first, _ = stage.engine(slots=1)
    second, _ = stage.engine(slots=1)
    one, _ = stage.peer("one", engine=first, slots=1, pinned=False)
    two, _ = stage.peer("two", "--router-url", f"http://127.0.0.1:{one}", engine=second, slots=1, pinned=False)
    for port in (one, two):
        stage.wait_for_models(port)
        wait_until("both machines know each other", 30, lambda: fleet_size(port) == 2)
    time.sleep(3)
    seen = call(stage, "burst", [target("herd-peer", two)], 12, delay_us=1_500_000)
    if seen["failures"]:
        return [Figure("slots", "12 x 1.5 s on two slots", None, "x ideal", 1.15,
                       note=f"{seen['failures']} requests failed: {seen.get('firstFailure')}")]
    ideal = 12 * 1.5 / 2
    return [Figure("slots", "12 parallel 1.5 s requests, two one-slot machines", seen["seconds"] / ideal, "x ideal", 1.15,
                   note=f"{seen['seconds']:.2f} s, ideal {ideal:g} s")]


def fleet_size(port: int) -> int:
    nodes = fetch(f"http://127.0.0.1:{port}/fleet/status").get("nodes", [])
    return sum(1 for node in nodes if node.get("status") == "online" and has_model(node))


def has_model(node: dict) -> bool:
    return "bench:latest" in str(node.get("ollama", {}))


ROWS: dict[str, Callable[[Stage], list[Figure]]] = {
    "latency": latency, "requests": requests, "stream": stream, "chunks": chunks, "hop": hop, "memory": memory, "slots": slots,
    "fairness": fairness,
}
