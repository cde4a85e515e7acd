"""Pictures as inline SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from prmcore.decisions.explain import Exact, Said
from prmcore.values import currency_digits

if TYPE_CHECKING:
    from prmcore.decisions.explain import Words
    from prmcore.incentives.outlook import Point

__all__ = ["colour", "flows", "legend", "payout", "sideways", "stacked"]

WIDTH, HEIGHT = 960, 300
NARROWEST, A_COLUMN = 340, 80  # a picture of few columns fits on a phone
LEFT, BOTTOM, TOP = 44, 34, 12
MOST_DOTS = 60  # more would hide the line
WIDE_LEFT, WIDE_BOTTOM, WIDE_TOP = 96, 52, 30  # where amounts stand beside the axes
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


def sideways(title: str, inner: str, kind: str = "wide") -> str:
    """What may be wider than the screen: it scrolls by itself, also by the keys, and says what it is."""
    return f'<div class="{kind}" tabindex="0" role="region" aria-label="{escape(title)}">{inner}</div>'


def stacked(
    title: str,
    labels: Sequence[str],
    columns: Sequence[Sequence[int]],
    names: Sequence[str],
    shown: Callable[[int], str] = str,
) -> str:
    """One column a label, its parts one above the other; the whole height is the largest sum. `shown` writes numbers."""
    highest = max([sum(column) for column in columns] + [1])
    bars = []
    for place, column in enumerate(columns):
        below = 0
        for part, count in enumerate(column):
            said = f"{labels[place]}: {names[part]} {shown(count)}"
            bars.append(_bar(place, len(labels), below, below + count, (0, highest), colour(part), said))
            below += count
    return _svg(title, labels, bars, (0, highest), shown)


def flows(title: str, labels: Sequence[str], ups: Sequence[int], downs: Sequence[int]) -> str:
    """Upgrades above the line, downgrades below it."""
    span = (-max([*downs, 1]), max([*ups, 1]))
    bars = []
    for place, label in enumerate(labels):
        bars.append(_bar(place, len(labels), 0, ups[place], span, "var(--up)", f"{label}: +{ups[place]}"))
        bars.append(
            _bar(place, len(labels), -downs[place], 0, span, "var(--down)", f"{label}: -{downs[place]}")
        )
    return _svg(title, labels, bars, span)


def _y(value: float, span: tuple[int, int]) -> float:
    low, high = span
    return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)


def _width(columns: int) -> int:
    return min(max(LEFT + A_COLUMN * columns, NARROWEST), WIDTH)


def _bar(place: int, of: int, low: int, high: int, span: tuple[int, int], filled: str, title: str) -> str:
    step = (_width(of) - LEFT) / of
    x, width = LEFT + step * (place + 0.14), step * 0.72
    top, bottom = _y(high, span), _y(low, span)
    return (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 0):.1f}" '
        f'role="img" style="fill:{filled}"><title>{escape(title)}</title></rect>'
    )


def _svg(
    title: str,
    labels: Sequence[str],
    bars: Sequence[str],
    span: tuple[int, int],
    shown: Callable[[int], str] = str,
) -> str:
    width = _width(len(labels))
    step = (width - LEFT) / len(labels)
    every = max(1, -(-len(labels) // 12))  # no more labels than fit beside each other
    below = "".join(
        f'<text x="{LEFT + step * (place + 0.5):.1f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(label)}</text>'
        for place, label in enumerate(labels)
        if place % every == 0
    )
    lines = "".join(
        f'<line x1="{LEFT}" x2="{width}" y1="{_y(value, span):.1f}" y2="{_y(value, span):.1f}" stroke="#dfe5ec"/>'
        f'<text x="{LEFT - 8}" y="{_y(value, span) + 4:.1f}" text-anchor="end">{escape(shown(abs(value)))}</text>'
        for value in _ticks(span)
    )
    return _chart(title, width, f"{lines}{''.join(bars)}{below}")


def _chart(title: str, width: int, parts: str) -> str:
    """A picture as wide as it has to be. It is a group, so that the names of its parts are read out."""
    drawn = f'<svg viewBox="0 0 {width} {HEIGHT}" style="--width:{width}" role="group" aria-label="{escape(title)}">{parts}</svg>'
    return sideways(title, drawn, "chart")


def _ticks(span: tuple[int, int]) -> list[int]:
    """Round numbers, about five of them."""
    size = max(span[1] - span[0], 1)
    step = next(
        unit * 10**power for power in range(12) for unit in (1, 2, 5) if size / (unit * 10**power) <= 6
    )
    return list(range(-(-span[0] // step) * step, span[1] + 1, step))


def payout(title: str, points: Sequence[Point], words: Words, *, pays: str, sold: str | None) -> str:
    """A payout curve: what is paid over what is sold, with a dashed line where it jumps.

    `pays` is the unit that it pays in, `sold` the currency that sales are counted in; None = units are sold. A full dot is
    what is paid at a jump, an open one what is only come close to.
    """
    return _Payout(points, words, pays, sold).svg(title)


class _Payout:
    def __init__(self, points: Sequence[Point], words: Words, pays: str, sold: str | None) -> None:
        self.points, self.words, self.pays, self.sold = points, words, pays, sold
        self.across = _span([point.quantity for point in points])
        self.up = _span([point.amount for point in points])

    def svg(self, title: str) -> str:
        return _chart(title, WIDTH, "".join([*self.axes(), *self.lines(), *self.dots()]))

    def x(self, quantity: Fraction) -> str:
        low, high = self.across
        return f"{WIDE_LEFT + float((WIDTH - WIDE_LEFT - 24) * (quantity - low) / (high - low)):.1f}"

    def y(self, amount: Fraction) -> str:
        low, high = self.up
        return f"{WIDE_TOP + float((HEIGHT - WIDE_TOP - WIDE_BOTTOM) * (high - amount) / (high - low)):.1f}"

    def axes(self) -> Iterator[str]:
        for amount, shown in self.ticks(self.up, self.pays):
            y = self.y(amount)
            yield f'<line x1="{WIDE_LEFT}" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="#dfe5ec"/>'
            yield f'<text x="{WIDE_LEFT - 8}" y="{y}" dy="4" text-anchor="end">{escape(shown)}</text>'
        for quantity, shown in self.ticks(self.across, self.sold, most=10):
            x = self.x(quantity)
            yield f'<line x1="{x}" x2="{x}" y1="{WIDE_TOP}" y2="{HEIGHT - WIDE_BOTTOM}" stroke="#f0f3f7"/>'
            yield f'<text x="{x}" y="{HEIGHT - WIDE_BOTTOM + 18}" text-anchor="middle">{escape(shown)}</text>'
        paid = self.words.value(Said("paid, in {unit}", {"unit": self.pays}))
        sold = self.words.value(
            Said("sold, in {unit}" if self.sold else "sold, in units", {"unit": self.sold})
        )
        yield f'<text x="0" y="14">{escape(paid)}</text>'
        yield f'<text x="{WIDTH}" y="{HEIGHT - 8}" text-anchor="end">{escape(sold)}</text>'

    def ticks(
        self, span: tuple[Fraction, Fraction], unit: str | None, most: int = 6
    ) -> list[tuple[Fraction, str]]:
        """Round numbers, in whole units of a currency, as the locale writes them."""
        scale = 1 if unit is None else 10 ** currency_digits(unit)
        low, high = span
        size = (high - low) / scale
        step = next(
            step
            for power in range(-6, 40)
            for digit in (1, 2, 5)
            if size / (step := Fraction(10) ** power * digit) <= most
        )
        first, last = -(-low / scale // step), high / scale // step
        return [
            (place * step * scale, self.words.value(place * step))
            for place in range(int(first), int(last) + 1)
        ]

    def lines(self) -> Iterator[str]:
        """Straight lines between points, dashed where the curve jumps."""
        for before, after in pairwise(self.points):
            jumps = before.quantity == after.quantity
            dashes = ' stroke-dasharray="3 4"' if jumps else ""
            yield (
                f'<line x1="{self.x(before.quantity)}" y1="{self.y(before.amount)}" '
                f'x2="{self.x(after.quantity)}" y2="{self.y(after.amount)}" '
                f'stroke="{COLOURS[3]}" stroke-width="{1 if jumps else 2}"{dashes}/>'
            )

    def dots(self) -> Iterator[str]:
        """Where the curve bends or jumps, with its numbers."""
        bends = [
            after
            for before, after in pairwise(self.points)
            if before.rate is not None or after.rate is not None
        ]
        for point in (self.points[0], *bends) if len(bends) <= MOST_DOTS else ():
            filled = COLOURS[3] if point.reached else "#fff"
            yield (
                f'<circle cx="{self.x(point.quantity)}" cy="{self.y(point.amount)}" r="3.5" stroke="{COLOURS[3]}" '
                f'role="img" style="fill:{filled}"><title>{escape(self.title(point))}</title></circle>'
            )

    def title(self, point: Point) -> str:
        sold = point.quantity if self.sold is None else Exact(self.sold, point.quantity)
        paid = Exact(self.pays, point.amount)
        return f"{self.words.value(sold)}: {self.words.value(paid)}"


def _span(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """From nothing, or less, to the largest; never empty."""
    low, high = min(Fraction(0), *values), max(Fraction(0), *values)
    return low, high if high > low else low + 1
