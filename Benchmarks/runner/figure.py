"""One line of the table."""
from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Figure:
    """A measured value beside its bar."""

    row: str
    what: str
    value: float | None
    """The value that is held against the bar; None when it could not be measured."""
    unit: str
    """`x nginx`, `us`, `MB`, `x ideal`."""
    bar: float | None = None
    at_least: bool = False
    """The bar is a floor; else a ceiling."""
    note: str = ""
    """Absolute values, or why it was not measured."""
    spoilt: bool = field(default=False, kw_only=True)
    """What was asked for did not happen in full: the bar is missed whatever the value."""
    details: dict[str, Any] = field(default_factory=dict, kw_only=True)

    @property
    def ok(self) -> bool | None:
        """Whether the bar is held; None without a bar or a value."""
        if self.bar is None or self.value is None or math.isnan(self.value):
            return None
        if self.spoilt:
            return False
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "skipped" if self.bar is None else "NOT MEASURED"
        return {True: "ok", False: "MISSED", None: ""}[self.ok]

    def shown(self) -> str:
        if self.value is None:
            return "-"
        places = 2 if self.unit.startswith("x") else 0 if abs(self.value) >= 100 else 1
        return f"{self.value:.{places}f} {self.unit}"

    def shown_bar(self) -> str:
        return "" if self.bar is None else f"{'>=' if self.at_least else '<='} {self.bar:g} {self.unit}"

    def json(self) -> dict[str, Any]:
        return asdict(self) | {"ok": self.ok}


def table(figures: list[Figure]) -> str:
    """All figures with their bars, as text."""
    rows = [("ROW", "FIGURE", "MEASURED", "BAR", "", "BY ITSELF")]
    rows += [(f.row, f.what, f.shown(), f.shown_bar(), f.verdict, f.note) for f in figures]
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)) + "  " + row[5] for row in rows]
    return "\n".join(line.rstrip() for line in lines)
