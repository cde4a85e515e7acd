"""Terms, renewals and prices in words, in no language yet."""

from __future__ import annotations

from prmcore.contracts.terms.model import Term
from prmcore.contracts.terms.proration import DayCount, ProratedLine, Proration
from prmcore.contracts.terms.renewals import Renewal, RenewalStage
from prmcore.contracts.terms.uplift import Compounding, Limit, Uplifted
from prmcore.decisions.explain import Exact, Said
from prmcore.values import clock_in

__all__ = ["said_of_proration", "said_of_renewal", "said_of_term", "said_of_uplift"]

_STAGES = {
    RenewalStage.CERTAIN: "renewal {number} of {agreement} is certain since {at}: it begins on {start}",
    RenewalStage.STARTED: "renewal {number} of {agreement} began on {start}",
}
_COUNTED = {
    DayCount.ACTUAL: "by the days of each period",
    DayCount.CALENDAR_MONTHS: "by months, each day as a part of its own",
    DayCount.THIRTY_360: "by months of 30 days (30E/360)",
}
_LIMITS = {
    Limit.CAP: "{asked} is above the cap: {change}",
    Limit.FLOOR: "{asked} is below the floor: {change}",
}


def said_of_term(term: Term) -> Said:
    """From when until when a term runs, the last day with it."""
    values = {"number": term.number, "first": term.start, "last": term.last_day}
    if term.end is None:
        first_open = "first term: from {first} on, without end"
        return Said(
            first_open if term.number == 0 else "renewal {number}: from {first} on, without end", values
        )
    first = "first term: {first} to {last}"
    return Said(first if term.number == 0 else "renewal {number}: {first} to {last}", values)


def said_of_renewal(renewal: Renewal) -> Said:
    """That a term became certain, or began."""
    values = {
        "number": renewal.number, "agreement": renewal.agreement, "start": renewal.previous_end,
        "at": clock_in("UTC", renewal.at),
    }  # fmt: skip
    return Said(_STAGES[renewal.stage], values)


def said_of_proration(proration: Proration) -> Said:
    """What some days cost, and the share of each period that they are."""
    values = {"amount": proration.amount, "share": proration.share, "price": proration.price}
    lines = tuple(map(_said_of_line, proration.lines))
    counted = Said(_COUNTED[proration.day_count])
    return Said("{amount}: {share} periods at {price}", values, None, (counted, *lines))


def _said_of_line(line: ProratedLine) -> Said:
    values = {
        "first": line.part.start, "last": line.part.last_day, "amount": line.amount,
        "share": f"{line.share.numerator}/{line.share.denominator}" if line.share != 1 else 1,
    }  # fmt: skip
    return Said("{first} to {last}: {share} of a period, {amount}", values)


def said_of_uplift(uplift: Uplifted) -> Said:
    """The price of the next term, and each step that led to it, in the order in which they are taken."""
    clause, unit = uplift.clause, uplift.start.currency
    parts = [_said_of_change(uplift)]
    if uplift.ratio is not None and clause.passed_on.fraction != 1:
        parts.append(Said("{share} of the change is passed on", {"share": clause.passed_on}))
    if clause.plus.points:
        parts.append(Said("{points} are added", {"points": clause.plus}))
    if uplift.limit is not None:
        parts.append(Said(_LIMITS[uplift.limit], {"asked": uplift.asked, "change": uplift.change}))
    base = "{change} on {before}, the price in the contract"
    previous = "{change} on {before}, the price before, unrounded"
    is_base = clause.compounding is Compounding.BASE or uplift.number == 1
    changed = {"change": uplift.change, "before": Exact(unit, uplift.before)}
    parts.append(Said(base if is_base else previous, changed))
    if uplift.unrounded != uplift.price.minor:
        rounded = {"exact": Exact(unit, uplift.unrounded), "price": uplift.price}
        parts.append(Said("{exact} rounded to {price}", rounded))
    return Said(
        "renewal {number}: {price}", {"number": uplift.number, "price": uplift.price}, None, tuple(parts)
    )


def _said_of_change(uplift: Uplifted) -> Said:
    if uplift.ratio is None or uplift.observed is None or uplift.reference is None:
        return Said("a change of {rate} each time", {"rate": uplift.clause.rate})
    values = {
        "index": uplift.clause.index, "ratio": uplift.ratio,
        "observed": str(uplift.observed.value), "period": uplift.observed.period,
        "reference": str(uplift.reference.value), "since": uplift.reference.period,
    }  # fmt: skip
    return Said("{index}: {observed} ({period}) to {reference} ({since}) is a ratio of {ratio}", values)
