"""A fleet under load: hosts that all serve one model, what is broken of them, and what their histories say."""
from __future__ import annotations

import json
import os
import statistics
import time
from typing import Any, Callable

from herdlab import API, Host, Lab, Output, wait_until
from judging import assert_only_broken_streams, failures, summary

MODEL = "common"
RATE = 50  # requests a second, half of them streams
BOOT_AHEAD = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()  # all hosts share both clocks
NOISE = float(os.environ.get("HERD_CHAOS_NOISE", "1"))


class Load:
    """Requests at the client ports of some hosts, and what came of them."""

    def __init__(self, fleet: Fleet, hosts: list[Host], seconds: float, rate: float):
        self.fleet, self.hosts = fleet, hosts
        targets = [f"127.0.0.1:{API}", *(f"{h.address}:{API}" for h in hosts[1:])]
        self.output: Output = hosts[0].load(MODEL, rate=rate, seconds=seconds, targets=targets)

    def wait_for(self, node: str, count: int = 5) -> None:
        """Until so many requests were served by a host's machine."""
        def served() -> bool:
            return sum(1 for r in self.output.lines if r["node"] == node) >= count
        wait_until(f"{node} has served {count} requests of the load", 30, served, pause=0.01)

    def finish(self) -> list[dict]:
        records = self.output.finish(180)
        assert records, "the load generator has sent nothing"
        with open(self.fleet.records, "a") as file:
            file.writelines(json.dumps(r) + "\n" for r in records)
        self.fleet.requests += len(records)
        return records


class Fleet:
    def __init__(
        self, make_lab: Callable[..., Lab], figures: Any, count: int = 3, *options: str,
        serve: Callable[[Host], list[str]] = lambda host: [], prepare: Callable[[Host], None] = lambda host: None
    ):
        self.figures, self.serve = figures, serve
        self.lab = make_lab(count, *options)
        self.hosts = self.lab.hosts
        self.records = self.lab.folder / "requests.jsonl"
        self.requests, self.broken = 0, 0
        for host in self.hosts:
            self.start_engine(host)
            prepare(host)
        for host in self.hosts:
            host.start_peer(*serve(host), wait=False)
        for host in self.hosts:
            wait_until(f"the peer of {host.name}", 60, lambda: host.status() is not None)
        self.ready()

    def start_engine(self, host: Host) -> None:
        # Slow enough that one machine alone never serves everything that enters there.
        host.start_engine(MODEL, slots=16, token_delay_ms=20)

    # -- Who is who

    def router(self, hosts: list[Host] | None = None) -> Host:
        return self.lab[self.lab.settle(hosts, limit=60)]

    def others(self, *hosts: Host) -> list[Host]:
        return [h for h in self.hosts if h not in hosts]

    def ready(self, hosts: list[Host] | None = None) -> None:
        """All of them agree, and every one knows the model on every other."""
        hosts = hosts or self.hosts
        self.lab.settle(hosts, limit=60)

        def known(host: Host) -> bool:
            nodes = (host.status() or {}).get("nodes", [])
            return len([n for n in nodes if MODEL in str(n)]) >= len(hosts)
        wait_until("every peer knows the model on every host", 60, lambda: all(known(h) for h in hosts))

    # -- Load and verdict

    def load(self, hosts: list[Host], seconds: float, rate: float = RATE) -> Load:
        return Load(self, hosts, seconds, rate)

    def spared(self, records: list[dict], dead: str, at: float) -> None:
        """Nothing failed but streams that ran on the machine that was broken."""
        self.broken += assert_only_broken_streams(records, dead, at)

    def unharmed(self, records: list[dict]) -> None:
        """Nothing failed at all."""
        failed = failures(records)
        assert not failed, f"{len(failed)} of {len(records)} requests failed, such as {failed[:3]}"

    # -- Histories

    def history(self, host: Host) -> list[dict]:
        """What a peer wrote, with `t` as the load generator's and the watchers' clock."""
        lines = []
        for text in self.lab.history(host).read_text(errors="replace").splitlines() if self.lab.history(host).exists() else []:
            try:
                line = json.loads(text)
            except ValueError:
                continue
            line["t"] = line["boot_ns"] / 1e9 - BOOT_AHEAD
            lines.append(line)
        return lines

    def events(self, host: Host, event: str, since: float) -> list[dict]:
        return [line for line in self.history(host) if line["event"] == event and line["t"] >= since]

    def new_router(self, at: float, among: list[Host]) -> float:
        """Seconds from `at` until one of these was elected and all of them obeyed it."""
        moments: list[float] = []

        def obeyed() -> bool:
            moments[:] = self.obediences(at, among)
            return bool(moments)
        wait_until("a new router that all obey", 60, obeyed)
        return min(moments)

    def obediences(self, at: float, among: list[Host]) -> list[float]:
        """For each of these that was elected since `at` and is obeyed by all of them: seconds until the last one did."""
        found = []
        for candidate in among:
            elected = self.events(candidate, "elect", at)
            if not elected:
                continue
            moments = [elected[0]["t"]]
            for host in among:
                grants = [line["t"] for line in self.events(host, "grant", at) if line["other"] == elected[0]["peer"]]
                moments.append(min(grants, default=float("inf")))
            if max(moments) < float("inf"):
                found.append(max(moments) - at)
        return found

    def elections(self, since: float) -> int:
        return sum(len(self.events(h, "elect", since)) for h in self.hosts)

    def first_contact(self, since: float) -> float:
        """Seconds until the first of them knew that somebody whom it had lost is there."""
        moments = [
            line["t"] for h in self.hosts for line in self.events(h, "status", since)
            if line["detail"].startswith(("unreachable", "left", "asleep")) and line["detail"].endswith("alive")]
        assert moments, "nobody has come back into sight"
        return min(moments) - since

    def obeyed_by_all(self, since: float) -> float:
        """Seconds until the last host gave its first grant to the router that all obey now."""
        router = self.router()
        identity = self.history(router)[-1]["peer"]
        moments = [since]
        for host in self.hosts:
            grants = [line for line in self.history(host) if line["event"] == "grant"]
            foreign = [line["t"] for line in grants if line["other"] != identity]
            own = [line["t"] for line in grants if line["other"] == identity and line["t"] > max(foreign, default=0)]
            moments.append(min(own))
        return max(moments) - since

    # -- The end

    def done(self) -> None:
        """Judges the histories, adds the closing rows, and fails when a bar was missed."""
        verdict = self.lab.judge_histories(self.records if self.records.exists() else None)
        self.figures.note("requests", f"{self.requests}, none failed"
                          + (f" but {self.broken} streams that ran on the broken machine" if self.broken else ""))
        self.figures.note("histories", verdict)
        self.figures.conclude()

    def measure(self, what: str, value: float, bar: float, unit: str = "s") -> None:
        self.figures.measure(what, value, bar, unit, noise=NOISE)

    def spread(self, what: str, values: list[float], middle: float | None, most: float | None) -> None:
        """Median and maximum of repeated measurements."""
        for name, value, bar in (("p50", statistics.median(values), middle), ("max", max(values), most)):
            label = f"{what}, {name} of {len(values)}"
            if bar is None:
                self.figures.note(label, f"{value:.3g}", "s")
            else:
                self.measure(label, value, bar)
        self.figures.tell("    each: " + " ".join(f"{v:.2f}" for v in values))


__all__ = ["Fleet", "Load", "MODEL", "RATE", "failures", "summary"]
