"""Incentives in words: each line of a calculation with its numbers, and why something moves nothing, in no language yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from prmcore.decisions import Decision, FactField, FactSchema, Kind
from prmcore.decisions.explain import Exact, Said, said_of_reason
from prmcore.incentives.plans.curve import Boundary
from prmcore.incentives.plans.facts import Base
from prmcore.incentives.plans.lines import Entitlement, Line, LineKind
from prmcore.incentives.plans.model import Accumulate, Basis, By, Component, Missed
from prmcore.values import Money, Rate, Text, currency_digits

__all__ = ["MEASURES", "said_of_entitlement", "said_of_line", "said_of_unknown"]

ATTAINMENT = FactSchema(
    "target", (FactField("attainment", Kind.RATE, Text.of("attainment", ja="達成率", zh="达成率")),)
)

MEASURES = {
    "gross": "sales at list prices",
    "net": "net sales",
    "margin": "margin",
    "units": "units",
    "attainment": "attainment",
    "growth": "growth",
}
_UNKNOWN = {
    "quota": "the quota of {payee} for {period} is not known, or is zero",
    "baseline": "the baseline of {payee} for {period} is not known, or is zero",
}


def said_of_entitlement(policy_name: str, component: Component, decision: Decision[Entitlement]) -> Said:
    """What a payee is entitled to: what was counted, the target where there is one, and every line."""
    found, earning = decision.outcome, decision.facts
    if found.amount is None:
        missing = tuple(said_of_unknown(what, earning.payee, earning.period) for what in found.unknown)
        held = {"policy": policy_name, "day": decision.as_of}
        return Said("{policy} on {day}: held until it is known", held, None, missing)
    said = {"policy": policy_name, "day": decision.as_of, "level": found.amount}
    parts = (
        *_said_of_counted(component, found, sum(share.returns is None for share in earning.shares)),
        *(said_of_reason(reason, ATTAINMENT) for reason in decision.reasons),
        *(said_of_line(component, line, earning.part) for line in found.lines),
        *_said_of_carried(component, found.carries),
    )
    return Said("{policy} on {day}: {level}", said, None, parts)


def _said_of_counted(component: Component, found: Entitlement, sales: int) -> Iterable[Said]:
    counted = {"amount": _paid_for(component, found.pay), "count": sales}
    yield Said("counted: {amount}, sales: {count}", counted)
    # a clawback leaves the band to the sales as they were, while what is counted is net of it
    as_sold = any(line.what is LineKind.CLAWBACK for line in found.lines)
    if not as_sold and (component.by is not None or component.accumulate is Accumulate.ROLLING):
        chosen = {"measure": _measure(component), "quantity": _chosen(component, found.quantity)}
        yield Said("what chooses the band, {measure}: {quantity}", chosen)


def _said_of_carried(component: Component, carries: Fraction) -> Iterable[Said]:
    if carries:
        amount = Exact(component.unit, carries)
        yield Said("earned beyond the guarantee, which counts for the next one: {amount}", {"amount": amount})


def said_of_line(component: Component, line: Line, part: Fraction = Fraction(1)) -> Said:
    """One line with its numbers; `part` is the part of the period that the payee was there for."""
    return _LINES[line.what](component, line, part)


def _said_of_band(component: Component, line: Line, part: Fraction) -> Said:
    """What is paid for and at which rate, and in which band where there are several."""
    if line.rate is None:
        return _in_band(component, line, part, Said("growing evenly"))
    paid_for = _paid_for(component, line.quantity or Fraction(0))
    if component.base is Base.UNITS:
        each = {"each": Exact(component.unit, line.rate), "quantity": paid_for}
        return _in_band(component, line, part, Said("{each} for each of {quantity}", each))
    if component.is_points:
        one = Money(component.counted_in, 10 ** currency_digits(component.counted_in))
        points = {"points": Exact(component.unit, line.rate), "one": one, "quantity": paid_for}
        return _in_band(component, line, part, Said("{points} for each {one} of {quantity}", points))
    rated = {"rate": Rate.of(line.rate), "quantity": paid_for}
    return _in_band(component, line, part, Said("{rate} of {quantity}", rated))


def _said_of_flat(component: Component, line: Line, part: Fraction) -> Said:
    return _in_band(component, line, part, Said("a fixed amount once"))


def _in_band(component: Component, line: Line, part: Fraction, what: Said) -> Said:
    values: dict[str, Any] = {"what": what, "amount": Exact(component.unit, line.amount)}
    if line.band is None or len(component.curve.bands) == 1:
        return Said("{what}: {amount}", values)
    return Said("{what}, {band}: {amount}", {**values, "band": _band(component, line.band, part)})


def _band(component: Component, place: int, part: Fraction) -> Said:
    """A band by its ends; what chooses it is named where it is something else than what is paid for."""
    curve = component.curve
    if "bands" in component.prorate and component.by not in (By.ATTAINMENT, By.GROWTH):
        curve = curve.scaled(part)
    upper = curve.boundary is Boundary.UPPER_INCLUSIVE
    ends = [_chosen(component, end) for end in curve.ends]
    if place == 0:
        said = Said("up to {end}" if upper else "below {end}", {"end": ends[0]})
    elif place == len(ends):
        said = Said("above {start}" if upper else "from {start}", {"start": ends[-1]})
    else:
        between = "above {start} up to {end}" if upper else "from {start} to below {end}"
        said = Said(between, {"start": ends[place - 1], "end": ends[place]})
    if component.by is None or component.by.value == component.base.value:
        return said
    return Said("{measure} {band}", {"measure": _measure(component), "band": said})


def _measure(component: Component) -> Said:
    return Said(MEASURES[component.chosen_by])


def _chosen(component: Component, quantity: Fraction) -> Any:
    """What chooses a band, as people write it."""
    wanted = component.chosen_in
    if wanted is Rate:
        return Rate.of(quantity)
    return Exact(component.counted_in, quantity) if wanted is Money else _counted(component, quantity)


def _paid_for(component: Component, pay: Fraction) -> Any:
    if component.base is Base.UNITS:
        return _counted(component, pay)
    # points are for each whole unit of the currency, all else for each minor unit
    scale = 10 ** currency_digits(component.counted_in) if component.is_points else 1
    return Exact(component.counted_in, pay * scale)


def _counted(component: Component, count: Fraction) -> Said:
    one = abs(count) == 1
    if component.package is not None:
        return Said("{count} package" if one else "{count} packages", {"count": count})
    return Said("{count} unit" if one else "{count} units", {"count": count})


def _said_of_rounding(component: Component, line: Line, part: Fraction) -> Said:
    values = {"sale": line.transaction, "amount": _amount(component, line)}
    return Said("rounded: {amount}" if line.transaction is None else "{sale} rounded: {amount}", values)


def _said_of_target(component: Component, line: Line, part: Fraction) -> Said:
    target = component.target
    assert target is not None
    values = {
        "target": target.attainment,
        "rate": Rate.of(line.rate or 0),
        "amount": _amount(component, line),
    }
    if target.missed is Missed.NOTHING:
        return Said("nothing is paid below the target of {target}: {amount}", values)
    return Said("{rate} of the target of {target} is reached, and of the amount is paid: {amount}", values)


def _said_of_clawback(component: Component, line: Line, part: Fraction) -> Said:
    values = {
        "sale": line.transaction,
        "quantity": _paid_for(component, line.quantity or Fraction(0)),
        "amount": _amount(component, line),
    }
    if component.clawback.basis is Basis.ORIGINAL_RATE:
        return Said("returned of {sale}: {quantity}, at the rate of the sale: {amount}", values)
    return Said("returned of {sale}: {quantity}, the same part of what the sale paid: {amount}", values)


def _said_of_minimum(component: Component, line: Line, part: Fraction) -> Said:
    values = {"sale": line.transaction, "bound": component.minimum, "amount": _amount(component, line)}
    return Said("{sale} topped up to the minimum of {bound}: {amount}", values)


def _said_of_maximum(component: Component, line: Line, part: Fraction) -> Said:
    values = {"sale": line.transaction, "bound": component.maximum, "amount": _amount(component, line)}
    return Said("{sale} cut to the maximum of {bound}: {amount}", values)


def _said_of_fixed(component: Component, line: Line, part: Fraction) -> Said:
    return Said(
        "a fixed amount for {sale}: {amount}", {"sale": line.transaction, "amount": _amount(component, line)}
    )


def _said_of_accelerator(component: Component, line: Line, part: Fraction) -> Said:
    values = {"rate": Rate.of(line.rate or 0), "amount": _amount(component, line)}
    return Said("paid at {rate} for the attainment: {amount}", values)


def _said_of_cap(component: Component, line: Line, part: Fraction) -> Said:
    values = {"bound": _bound(component, "cap", part), "amount": _amount(component, line)}
    return Said("cut to the cap of {bound}: {amount}", values)


def _said_of_guarantee(component: Component, line: Line, part: Fraction) -> Said:
    values = {"bound": _bound(component, "guarantee", part), "amount": _amount(component, line)}
    if component.carry_over:
        return Said(
            "topped up to the guarantee of {bound}, less what was earned beyond it before: {amount}", values
        )
    return Said("topped up to the guarantee of {bound}: {amount}", values)


def _bound(component: Component, name: str, part: Fraction) -> Exact:
    """A cap or a guarantee, of the part of the period that it is for."""
    bound: Money | None = getattr(component, name)
    assert bound is not None
    return Exact(component.unit, bound.minor * (part if name in component.prorate else Fraction(1)))


def _amount(component: Component, line: Line) -> Exact:
    return Exact(component.unit, line.amount)


def _said_plainly(component: Component, line: Line, part: Fraction) -> Said:
    """Of a line that has nothing but its amount."""
    return Said(_PLAIN[line.what], {"amount": _amount(component, line)})


_PLAIN = {
    LineKind.LIMIT: "refunds take back no more than what was returned had brought: {amount}",
    LineKind.POSTED: "posted before: {amount}",
    LineKind.SPLIT: "the part of others: {amount}",
    LineKind.PAYMENT: "paid out: {amount}",
    LineKind.DECISION: "decided by a person: {amount}",
}
_LINES: dict[LineKind, Callable[[Component, Line, Fraction], Said]] = {
    **dict.fromkeys(_PLAIN, _said_plainly),
    LineKind.BAND: _said_of_band,
    LineKind.FLAT: _said_of_flat,
    LineKind.FIXED: _said_of_fixed,
    LineKind.MINIMUM: _said_of_minimum,
    LineKind.MAXIMUM: _said_of_maximum,
    LineKind.ACCELERATOR: _said_of_accelerator,
    LineKind.TARGET: _said_of_target,
    LineKind.CLAWBACK: _said_of_clawback,
    LineKind.ROUNDING: _said_of_rounding,
    LineKind.CAP: _said_of_cap,
    LineKind.GUARANTEE: _said_of_guarantee,
}


def said_of_unknown(what: str, payee: str, period: str) -> Said:
    """What a calculation needs and nobody said."""
    values = {"payee": payee, "period": period, "what": what}
    if what in _UNKNOWN:
        return Said(_UNKNOWN[what], values)
    return Said("{what} of {payee} for {period} is not known", values)
