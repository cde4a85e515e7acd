"""A price in words: what each benefit takes off with its numbers, and why the rest does not apply, in no language yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prmcore.decisions import Decision, FactSchema, Reason
from prmcore.decisions.explain import Exact, Said, said_of_reason
from prmcore.incentives.stacking.model import Cut, LeftOut, PriceBenefit, Priced, PriceLine, WhyLeftOut
from prmcore.values import Rate, Text

__all__ = ["called", "said_of_price"]

Benefits = Mapping[str, PriceBenefit]  # by name


def said_of_price(
    decision: Decision[Priced], benefits: Iterable[PriceBenefit], facts: FactSchema, ceiling: Rate | None
) -> Said:
    """A price and everything that leads to it from the list price, and why the rest does not apply."""
    found, named = decision.outcome, {one.name: one for one in benefits}
    values = {"policy": decision.policy.name, "day": decision.as_of, "level": found.net_price}
    reasons = {reason.level: reason for reason in decision.reasons}
    parts = (
        Said("list price: {amount}", {"amount": found.list_price}),
        *(_said_of_line(named, found, line, ceiling) for line in found.lines),
        *(_said_of_left_out(named, one, reasons.get(one.benefit), facts) for one in found.left_out),
    )
    return Said("{policy} on {day}: {level}", values, None, parts)


def _said_of_line(benefits: Benefits, found: Priced, line: PriceLine, ceiling: Rate | None) -> Said:
    values = {"benefit": called(benefits, line.benefit), "amount": line.amount}
    parts = tuple(_said_of_difference(line, ceiling))
    how = _how(benefits, found, line)
    if how is None:
        return Said("{benefit} takes off {amount}", values, None, parts)
    return Said("{benefit}, {what}, takes off {amount}", {**values, "what": how}, None, parts)


def _how(benefits: Benefits, found: Priced, line: PriceLine) -> Said | None:
    """How a reduction is calculated; None when it is an amount."""
    one = benefits[line.benefit]
    if line.of is not None:
        quantity = Exact(line.amount.currency, line.of)
        if one.raises is None:
            return Said("{rate} of {quantity}", {"rate": one.rate, "quantity": quantity})
        values = {"points": one.points, "other": called(benefits, one.raises), "quantity": quantity}
        return Said("{points} added to {other}, of {quantity}", values)
    if one.each is None:
        return None
    count = Said("{count} unit" if abs(found.quantity) == 1 else "{count} units", {"count": found.quantity})
    return Said("{each} for each of {quantity}", {"each": one.each, "quantity": count})


def _said_of_difference(line: PriceLine, ceiling: Rate | None) -> Iterator[Said]:
    """Why it is not exactly what was calculated."""
    calculated = Exact(line.amount.currency, line.calculated)
    if line.cut is Cut.CEILING:
        values = {"amount": calculated, "rate": ceiling}
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


def _said_of_left_out(benefits: Benefits, one: LeftOut, reason: Reason | None, facts: FactSchema) -> Said:
    what: Any = called(benefits, one.what)
    if one.why is WhyLeftOut.UNKNOWN_FACT:
        what = tuple(facts.label(name) for name in one.what.split(", ")) if one.what else None
    asks = one.why in (WhyLeftOut.NOT_MET, WhyLeftOut.UNKNOWN_FACT) and reason is not None
    parts = (said_of_reason(reason, facts),) if asks and reason is not None else ()
    return Said(_WHYS[one.why], {"benefit": called(benefits, one.benefit), "what": what}, None, parts)


def called(benefits: Benefits, name: str) -> Text | str:
    """What people call a benefit; a name of exclusive ones is called as it is."""
    found = benefits.get(name)
    return name if found is None else found.text or name
