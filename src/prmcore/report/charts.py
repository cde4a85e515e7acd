"""Pictures as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["colour", "flows", "legend", "stacked"]

WIDTH, HEIGHT = 960, 300
LEFT, BOTTOM, TOP = 44, 34, 12
COLOURS = (  # of levels, lowest first; neighbours differ in lightness as well, for those who do not see the colours
    "#c3ccd6", "#8fa9c4", "#e0b34c", "#3d5a80", "#a97fc0", "#2f7f6f",
    "#d98c7a", "#7a3b69", "#9bc29b", "#4a5a3a", "#f0d9a0", "#20303f",
)  # fmt: skip


def colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def legend(names: Sequence[str], kind: str = "level") -> str:
    """What each colour stands for."""
    colours = (
        ["var(--up)", "var(--down)"] if kind == "flow" else [colour(place) for place in range(len(names))]
    )
    items = "".join(
        f'<li><i style="background:{filled}"></i>{escape(name)}</li>'
        for name, filled in zip(names, colours, strict=True)
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
            bars.append(_bar(place, len(labels), below, below + count, (0, highest), colour(part), title))
            below += count
    return _svg(labels, bars, (0, highest))


def flows(labels: Sequence[str], ups: Sequence[int], downs: Sequence[int]) -> str:
    """Upgrades above the line, downgrades below it."""
    span = (-max([*downs, 1]), max([*ups, 1]))
    bars = []
    for place, label in enumerate(labels):
        bars.append(_bar(place, len(labels), 0, ups[place], span, "var(--up)", f"{label}: +{ups[place]}"))
        bars.append(
            _bar(place, len(labels), -downs[place], 0, span, "var(--down)", f"{label}: -{downs[place]}")
        )
    return _svg(labels, bars, span)


def _y(value: float, span: tuple[int, int]) -> float:
    low, high = span
    return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)


def _bar(place: int, of: int, low: int, high: int, span: tuple[int, int], filled: str, title: str) -> str:
    step = (WIDTH - LEFT) / of
    x, width = LEFT + step * (place + 0.14), step * 0.72
    top, bottom = _y(high, span), _y(low, span)
    return (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 0):.1f}" '
        f'style="fill:{filled}"><title>{escape(title)}</title></rect>'
    )


def _svg(labels: Sequence[str], bars: Sequence[str], span: tuple[int, int]) -> str:
    step = (WIDTH - LEFT) / len(labels)
    every = max(1, -(-len(labels) // 12))  # no more labels than fit beside each other
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
