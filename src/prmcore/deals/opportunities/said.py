"""Opportunities in words: how one stands, what may come, what stands still, and what was offered, in no language yet."""

from __future__ import annotations

from typing import Any

from prmcore.deals.opportunities.model import Opportunity, OpportunityState, SalesProcess
from prmcore.deals.opportunities.negotiation import EntryKind, NegotiationEntry, NegotiationLog, Side
from prmcore.deals.opportunities.stages import (
    Forecast,
    ForecastLine,
    OpportunityNotice,
    OpportunityNoticeKind,
)
from prmcore.decisions.explain import Exact, Said
from prmcore.values import Text

__all__ = [
    "said_of_forecast", "said_of_negotiation", "said_of_negotiation_entry", "said_of_opportunity",
    "said_of_opportunity_notice",
]  # fmt: skip

_NOTICES = {
    OpportunityNoticeKind.STALLED: "{opportunity} stands still in {stage} for {days} days",
    OpportunityNoticeKind.OVERDUE: "{opportunity} was to close {days} days ago, and is in {stage}",
}
_PRICED = {
    EntryKind.ASKED: "{side} {by} asked for {discount} off the list: {amount} for {quantity} of {product}",
    EntryKind.OFFERED: "{side} {by} offered {discount} off the list: {amount} for {quantity} of {product}",
    EntryKind.COUNTERED: "{side} {by} countered with {discount} off the list: {amount} for {quantity} of {product}",
}
_ANSWERED = {
    EntryKind.ACCEPTED: "{side} {by} accepted {answered}",
    EntryKind.REJECTED: "{side} {by} rejected {answered}",
    EntryKind.WITHDRAWN: "{side} {by} withdrew {answered}",
    EntryKind.EXPIRED: "{answered} expired",
}
_SIDES = {
    Side.PARTNER: Text.of("partner", ja="パートナー", zh="合作伙伴"),
    Side.VENDOR: Text.of("vendor", ja="ベンダー", zh="厂商"),
    Side.CUSTOMER: Text.of("customer", ja="顧客", zh="客户"),
}


def said_of_opportunity(one: Opportunity, process: SalesProcess) -> Said:
    """How an opportunity stands; of a lost one, why."""
    values: dict[str, Any] = {
        "opportunity": one.id, "stage": _called(process, one.stage), "amount": one.amount, "day": one.expected_close,
    }  # fmt: skip
    if one.state is OpportunityState.LOST:
        words = {reason.code: reason.text for reason in process.loss_reasons}
        values["reason"] = words.get(one.loss_reason or "") or one.loss_reason
        return Said("{opportunity}: {amount}, {stage}, because of: {reason}", values)
    if one.state is OpportunityState.WON:
        return Said("{opportunity}: {amount}, {stage}", values)
    return Said("{opportunity}: {amount}, {stage}, expected to close on {day}", values)


def said_of_forecast(found: Forecast, process: SalesProcess) -> Said:
    """What may come, by currency, with each line."""
    totals = tuple(Exact(currency, weighted) for currency, weighted in found.totals().items())
    parts = tuple(_said_of_line(line, process) for line in found.lines)
    return Said("forecast: {amounts}", {"amounts": totals}, None, parts)


def _said_of_line(line: ForecastLine, process: SalesProcess) -> Said:
    values = {
        "opportunity": line.opportunity, "stage": _called(process, line.stage), "amount": line.amount,
        "probability": line.probability, "weighted": Exact(line.amount.currency, line.weighted),
    }  # fmt: skip
    return Said("{opportunity}, {stage}: {amount} × {probability} = {weighted}", values)


def said_of_opportunity_notice(notice: OpportunityNotice, process: SalesProcess) -> Said:
    """One thing that is due."""
    values = {
        "opportunity": notice.opportunity,
        "stage": _called(process, notice.stage),
        "days": notice.days,
    }
    return Said(_NOTICES[notice.kind], values)


def said_of_negotiation_entry(entry: NegotiationEntry) -> Said:
    """One entry of a negotiation."""
    values: dict[str, Any] = {"side": _SIDES[entry.side], "by": entry.by, "product": entry.product}
    if entry.price is None:
        return Said(_ANSWERED[entry.kind], {**values, "answered": entry.refers_to})
    values.update(
        discount=entry.price.off, quantity=entry.price.quantity,
        amount=Exact(entry.price.list_price.currency, entry.price.amount),
    )  # fmt: skip
    return Said(_PRICED[entry.kind], values)


def said_of_negotiation(log: NegotiationLog) -> Said:
    """A negotiation from its first entry to its last."""
    parts = tuple(said_of_negotiation_entry(one) for one in log.entries)
    return Said("negotiation of {opportunity}", {"opportunity": log.opportunity}, None, parts)


def _called(process: SalesProcess, stage: str) -> Any:
    found = next((one for one in process.stages if one.code == stage), None)
    return stage if found is None else found.text or stage
