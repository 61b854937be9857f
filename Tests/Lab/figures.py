"""Measured figures beside their bars.

Under `make chaos` a bar is asserted, widened by a factor where the machine's noise demands it. Elsewhere it is only printed: other
work on the machine must not decide whether a test of behaviour passes.
"""
from __future__ import annotations

from typing import Callable


class Figures:
    def __init__(self) -> None:
        self.test, self.rows, self.missed = "", [], []
        self.strict = False  # a missed bar fails the test
        self.tell: Callable[[str], None] = lambda line: None

    def note(self, what: str, value: float | int | str, unit: str = "") -> None:
        """A figure without a bar."""
        text = f"{value:.2f}" if isinstance(value, float) else str(value)
        self.add(what, f"{text} {unit}".strip(), "")

    def within(self, what: str, seconds: float, bar: float, noise: float = 1.0) -> None:
        """A time in seconds beside its bar; when bars count, a miss by more than the factor for a noisy machine fails the test."""
        allowed = bar * noise
        verdict = "" if seconds <= bar else " OVER" if seconds > allowed else " over, within the noise allowed"
        limit = f"bar {bar:g} s" + (f", asserted {allowed:g} s" if noise != 1.0 else "")
        self.add(what, f"{seconds:.2f} s", limit + verdict)
        assert seconds <= allowed or not self.strict, f"{what}: {seconds:.2f} s, the bar is {bar:g} s (asserted: {allowed:g} s)"

    def measure(self, what: str, value: float, bar: float, unit: str = "s", noise: float = 1.0) -> None:
        """A figure beside its bar; a miss counts only at `conclude`, so that the other figures are taken, too."""
        fits = value <= bar * noise
        self.add(what, f"{value:.3g} {unit}".strip(), f"bar {bar:g} {unit}".strip() + ("" if value <= bar else " OVER"))
        if not fits:
            self.missed.append(f"{what}: {value:.3g} {unit}, the bar is {bar:g}")

    def conclude(self) -> None:
        """Fails when bars count and one was missed since the last time."""
        missed, self.missed = self.missed, []
        assert not missed or not self.strict, "; ".join(missed)

    def add(self, what: str, value: str, bar: str) -> None:
        self.rows.append((self.test, what, value, bar))
        self.tell(f"    {what}: {value}" + (f" ({bar})" if bar else ""))

    def table(self) -> list[str]:
        widths = [max(len(row[i]) for row in self.rows) for i in range(3)]
        return ["  ".join([row[i].ljust(widths[i]) for i in range(3)] + [row[3]]).rstrip() for row in self.rows]

    def markdown(self) -> str:
        lines, last = ["| fault | figure | measured | bar |", "|---|---|---|---|"], None
        for test, what, value, bar in self.rows:
            name = test.removeprefix("test_").replace("_", " ") if test != last else ""
            lines.append(f"| {name} | {what} | {value} | {bar.removeprefix('bar ')} |")
            last = test
        return "\n".join(lines) + "\n"
