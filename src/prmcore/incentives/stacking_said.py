"""A price in words: what each benefit takes off with its numbers, and why the rest does not apply, in no language yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prmcore.decisions import Decision, Reason
from prmcore.decisions.explain import Exact, Said, said_of_reason
from prmcore.incentives.stacking import Cut, LeftOut, Priced, PriceLine, Stacking, WhyLeftOut
from prmcore.values import Text

__all__ = ["called", "said_of_price"]


def said_of_price(stacking: Stacking, decision: Decision[Priced]) -> Said:
    """A price and everything that leads to it from the list price, and why the rest does not apply."""
    found = decision.outcome
    values = {"policy": stacking.name, "day": decision.as_of, "level": found.net_price}
    reasons = {reason.level: reason for reason in stacking.reasons(decision)}
    parts = (
        Said("list price: {amount}", {"amount": found.list_price}),
        *(_said_of_line(stacking, found, line) for line in found.lines),
        *(_said_of_left_out(stacking, one, reasons.get(one.benefit)) for one in found.left_out),
    )
    return Said("{policy} on {day}: {level}", values, None, parts)


def _said_of_line(stacking: Stacking, found: Priced, line: PriceLine) -> Said:
    values = {"benefit": called(stacking, line.benefit), "amount": line.amount}
    parts = tuple(_said_of_difference(stacking, line))
    how = _how(stacking, found, line)
    if how is None:
        return Said("{benefit} takes off {amount}", values, None, parts)
    return Said("{benefit}, {what}, takes off {amount}", {**values, "what": how}, None, parts)


def _how(stacking: Stacking, found: Priced, line: PriceLine) -> Said | None:
    """How a reduction is calculated; None when it is an amount."""
    one = stacking.benefit(line.benefit)
    if line.of is not None:
        quantity = Exact(line.amount.currency, line.of)
        if one.raises is None:
            return Said("{rate} of {quantity}", {"rate": one.rate, "quantity": quantity})
        values = {"points": one.points, "other": called(stacking, one.raises), "quantity": quantity}
        return Said("{points} added to {other}, of {quantity}", values)
    if one.each is None:
        return None
    count = Said("{count} unit" if abs(found.quantity) == 1 else "{count} units", {"count": found.quantity})
    return Said("{each} for each of {quantity}", {"each": one.each, "quantity": count})


def _said_of_difference(stacking: Stacking, line: PriceLine) -> Iterator[Said]:
    """Why it is not exactly what was calculated."""
    calculated = Exact(line.amount.currency, line.calculated)
    if line.cut is Cut.CEILING:
        values = {"amount": calculated, "rate": stacking.ceiling}
        yield Said("cut from {amount}: all benefits together take off {rate} at most", values)
    elif line.cut is Cut.LEFT:
        yield Said("cut from {amount}: no more is left of the price", {"amount": calculated})
    elif line.calculated != line.amount.minor:
        yield Said("rounded from {amount}", {"amount": calculated})


_WHYS = {
    WhyLeftOut.NOT_MET: "{benefit} is not given: what it asks for is not met",
    WhyLeftOut.UNKNOWN_FACT: "{benefit} is not given: it depends on what is not known: {what}",
    WhyLeftOut.NOT_FIRST: "{benefit} is not given: {what} comes before it, and only the first applies",
    WhyLeftOut.WAITS: "{benefit} is not given: {what} would come before it, and whether that applies is not known",
    WhyLeftOut.NOTHING_TO_RAISE: "{benefit} is not given: {what}, which it adds to, does not apply",
    WhyLeftOut.NOT_BEST: "{benefit} is not given: {what} takes off as much or more, and only the best applies",
}


def _said_of_left_out(stacking: Stacking, one: LeftOut, reason: Reason | None) -> Said:
    what: Any = called(stacking, one.what)
    if one.why is WhyLeftOut.UNKNOWN_FACT:
        what = tuple(stacking.facts.label(name) for name in one.what.split(", ")) if one.what else None
    asks = one.why in (WhyLeftOut.NOT_MET, WhyLeftOut.UNKNOWN_FACT) and reason is not None
    parts = (said_of_reason(reason, stacking.facts),) if asks and reason is not None else ()
    return Said(_WHYS[one.why], {"benefit": called(stacking, one.benefit), "what": what}, None, parts)


def called(stacking: Stacking, name: str) -> Text | str:
    """What people call a benefit; a name of exclusive ones is called as it is."""
    return next((one.text for one in stacking.benefits if one.name == name and one.text), name)
