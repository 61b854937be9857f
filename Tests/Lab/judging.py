"""Verdicts over what the load generator and the watchers have seen."""
from __future__ import annotations


def summary(records: list[dict]) -> str:
    nodes: dict[str, int] = {}
    for r in records:
        nodes[str(r["node"])] = nodes.get(str(r["node"]), 0) + 1
    slowest = max((r["total"] for r in records), default=0)
    served = ", ".join(f"{count} on {node}" for node, count in sorted(nodes.items()))
    return f"{len(records)} requests ({served}), slowest {slowest:.2f} s"


def failures(records: list[dict]) -> list[dict]:
    """Requests that did not end with the dialect's terminal marker and status 200."""
    return [r for r in records if not (r["status"] == 200 and r["complete"] and not r["error_event"])]


def assert_only_broken_streams(records: list[dict], dead: str, at: float) -> int:
    """Nothing failed but streams that were running on `dead` at the moment `at`, and each of those says so. Their number."""
    failed = failures(records)
    broken = [r for r in failed if r["stream"] and r["node"] == dead and r["t"] <= at and r["first"] is not None]
    others = [r for r in failed if r not in broken]
    assert not others, f"{len(others)} of {len(records)} requests failed, such as {others[:3]}"
    silent = [r for r in broken if not r["error_event"]]
    assert not silent, f"{len(silent)} streams ended without an error event, such as {silent[:3]}"
    return len(broken)


def router_after(changes: list[dict], at: float, dead: str | None) -> tuple[float, str] | None:
    """When after `at` a watcher first saw a router other than `dead`, and which."""
    for change in changes:
        if change.get("t", 0) >= at and change.get("router") and change["router"] != dead:
            return change["t"] - at, change["router"]
    return None
