"""Pictures as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["flows", "legend", "stacked"]

WIDTH, HEIGHT = 960, 300
LEFT, BOTTOM, TOP = 44, 34, 12


def legend(names: Sequence[str], kind: str = "level") -> str:
    """What each colour stands for."""
    colours = ["up", "down"] if kind == "flow" else [f"c{place}" for place in range(len(names))]
    pairs = zip(names, colours, strict=True)
    items = "".join(
        f'<li><i style="background:var(--{colour})"></i>{escape(name)}</li>' for name, colour in pairs
    )
    return f'<ul class="legend">{items}</ul>'


def stacked(labels: Sequence[str], columns: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    """One column a label, its parts one above the other; the whole height is the largest sum."""
    highest = max([sum(column) for column in columns] + [1])
    bars = []
    for place, column in enumerate(columns):
        below = 0
        for part, count in enumerate(column):
            title = f"{labels[place]}: {names[part]} {count}"
            bars.append(_bar(place, len(labels), below, below + count, (0, highest), f"c{part}", title))
            below += count
    return _svg(labels, bars, (0, highest))


def flows(labels: Sequence[str], ups: Sequence[int], downs: Sequence[int]) -> str:
    """Upgrades above the line, downgrades below it."""
    span = (-max([*downs, 1]), max([*ups, 1]))
    bars = []
    for place, label in enumerate(labels):
        bars.append(_bar(place, len(labels), 0, ups[place], span, "up", f"{label}: +{ups[place]}"))
        bars.append(_bar(place, len(labels), -downs[place], 0, span, "down", f"{label}: -{downs[place]}"))
    return _svg(labels, bars, span)


def _y(value: float, span: tuple[int, int]) -> float:
    low, high = span
    return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)


def _bar(place: int, of: int, low: int, high: int, span: tuple[int, int], colour: str, title: str) -> str:
    step = (WIDTH - LEFT) / of
    x, width = LEFT + step * (place + 0.14), step * 0.72
    top, bottom = _y(high, span), _y(low, span)
    return (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 0):.1f}" '
        f'style="fill:var(--{colour})"><title>{escape(title)}</title></rect>'
    )


def _svg(labels: Sequence[str], bars: Sequence[str], span: tuple[int, int]) -> str:
    step = (WIDTH - LEFT) / len(labels)
    every = max(1, -(-len(labels) // 14))  # no more labels than fit beside each other
    below = "".join(
        f'<text x="{LEFT + step * (place + 0.5):.1f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(label)}</text>'
        for place, label in enumerate(labels)
        if place % every == 0
    )
    lines = "".join(
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{_y(value, span):.1f}" y2="{_y(value, span):.1f}" stroke="#dfe5ec"/>'
        f'<text x="{LEFT - 8}" y="{_y(value, span) + 4:.1f}" text-anchor="end">{abs(value)}</text>'
        for value in _ticks(span)
    )
    return f'<div class="chart"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{lines}{"".join(bars)}{below}</svg></div>'


def _ticks(span: tuple[int, int]) -> list[int]:
    """Round numbers, about five of them."""
    size = max(span[1] - span[0], 1)
    step = next(
        unit * 10**power for power in range(12) for unit in (1, 2, 5) if size / (unit * 10**power) <= 6
    )
    return list(range(-(-span[0] // step) * step, span[1] + 1, step))
