"""Why nothing moves, in words: a transaction that does not count, or a calculation that waits; in no language yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prmcore.decisions.explain import Said
from prmcore.incentives.ledger.credit import Uncounted, Why
from prmcore.incentives.plans.said import MEASURES, said_of_unknown

__all__ = ["said_of_held", "said_of_uncounted"]

_DAYS = {
    "signed": "the day of signature",
    "invoiced": "the day of the invoice",
    "closed": "the day of closing",
    "paid": "the day of payment",
}
_WHYS = {
    Why.NOT_YET: "{transaction} waits for {what}",
    Why.NO_PLAN: "{transaction}: no plan is in force on its day",
    Why.NOT_COVERED: "{transaction}: no component covers it, which is something else than a rate of zero",
    Why.NO_PARTY: "{transaction}: nobody is its {what}",
    Why.UNKNOWN_FACT: "{transaction}: whether it counts depends on what is not known: {what}",
    Why.NO_AMOUNT: "{transaction}: its amount is not known: {what}",
    Why.NO_SALE: "{transaction}: the sale that it takes back was not counted: {what}",
}


def said_of_uncounted(uncounted: Uncounted) -> Said:
    """Why a transaction moves nothing, in a component or at all."""
    what: Any = uncounted.what
    if uncounted.why is Why.NOT_YET and what in _DAYS:
        what = Said(_DAYS[what])
    elif uncounted.why is Why.NO_AMOUNT and what in MEASURES:
        what = Said(MEASURES[what])
    said = Said(_WHYS[uncounted.why], {"transaction": uncounted.transaction, "what": what})
    if not uncounted.component:
        return said
    return Said("{component}: {what}", {"component": uncounted.component, "what": said})


def said_of_held(calculation: str, unknown: Iterable[str]) -> Said:
    """Why a calculation moves nothing until more is known: one of `Posting.held`."""
    payee, component, period = (_named(part) for part in calculation.split("|"))
    parts = tuple(said_of_unknown(what, payee, period) for what in unknown)
    values = {"policy": component, "payee": payee, "period": period}
    return Said("{policy} of {payee} for {period}: held until it is known", values, None, parts)


def _named(part: str) -> str:
    """A part of a calculation's key as it was before it was made plain."""
    return part.replace("%7C", "|").replace("%25", "%")
