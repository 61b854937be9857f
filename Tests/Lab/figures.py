"""Measured figures beside their bars. A bar is asserted; a factor widens it where the machine's noise demands."""
from __future__ import annotations


class Figures:
    def __init__(self) -> None:
        self.test, self.rows = "", []

    def note(self, what: str, value: float | int | str, unit: str = "") -> None:
        """A figure without a bar."""
        text = f"{value:.2f}" if isinstance(value, float) else str(value)
        self.rows.append((self.test, what, f"{text} {unit}".strip(), ""))

    def within(self, what: str, seconds: float, bar: float, noise: float = 1.0) -> None:
        """A time in seconds that must stay within its bar, times the factor for a noisy machine."""
        allowed = bar * noise
        verdict = "" if seconds <= bar else " OVER" if seconds > allowed else " over, within the noise allowed"
        limit = f"bar {bar:g} s" + (f", asserted {allowed:g} s" if noise != 1.0 else "")
        self.rows.append((self.test, what, f"{seconds:.2f} s", limit + verdict))
        assert seconds <= allowed, f"{what}: {seconds:.2f} s, the bar is {bar:g} s (asserted: {allowed:g} s)"

    def table(self) -> list[str]:
        widths = [max(len(row[i]) for row in self.rows) for i in range(3)]
        return ["  ".join([row[i].ljust(widths[i]) for i in range(3)] + [row[3]]).rstrip() for row in self.rows]
