"""What came of funds: how many requests were claimed, how much of what was approved, how much pipeline for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import attrs

from prmcore.decisions import Decision, Ladder, fact, rung
from prmcore.errors import InvalidInput
from prmcore.incentives.funds.book import FundBook
from prmcore.incentives.funds.model import (
    ClaimState,
    FundClaim,
    FundMoveKind,
    FundRequest,
    Measure,
    RequestState,
)
from prmcore.incentives.funds.requests import by_request, claims_of
from prmcore.values import Money, Rate, Text, total

__all__ = ["Conversion", "ConversionAnswer", "ConversionFacts", "ConversionOf", "conversions"]


class ConversionOf(StrEnum):
    """What is divided by what."""

    REQUESTS = "requests"  # those of which something was claimed, by those that were approved
    AMOUNTS = "amounts"  # what was claimed, by what was approved
    PIPELINE = "pipeline"  # the pipeline that came of it, by what was claimed


class ConversionAnswer(StrEnum):
    """Whether what was spent brought what was asked for."""

    BELOW = "below"
    REACHED = "reached"
    UNKNOWN = "unknown"


@attrs.frozen
class ConversionFacts:
    """What a finding depends on."""

    conversion: Rate | None = (
        attrs.field(  # None = unknown: there is nothing to divide by, or the pipeline is not known
            metadata={"text": Text.of("conversion", ja="転換率", zh="转化率")}
        )
    )


@attrs.frozen
class Conversion:
    """How a partner converts, and whether that is below the threshold."""

    partner: str
    of: ConversionOf
    requests: int  # that count
    decision: Decision[ConversionAnswer]

    @property
    def rate(self) -> Rate | None:
        facts: ConversionFacts = self.decision.facts
        return facts.conversion


_BELOW = Text.of("below the threshold", ja="基準未満", zh="低于阈值")
_REACHED = Text.of("threshold reached", ja="基準達成", zh="达到阈值")
_UNKNOWN = Text.of("not known", ja="不明", zh="未知")


@lru_cache(maxsize=64)
def _finding(of: ConversionOf, threshold: Rate) -> Ladder[ConversionFacts, ConversionAnswer]:
    conversion = fact("conversion")
    return Ladder(
        f"funds/conversion/{of.value}/{threshold}",
        facts=ConversionFacts,
        rungs=(
            rung(ConversionAnswer.BELOW, conversion.less_than(threshold), text=_BELOW),
            rung(ConversionAnswer.REACHED, conversion.at_least(threshold), text=_REACHED),
        ),
        otherwise=ConversionAnswer.UNKNOWN,
        otherwise_text=_UNKNOWN,
    )


def conversions(
    book: FundBook,
    requests: Iterable[FundRequest],
    claims: Iterable[FundClaim],
    threshold: Rate,
    on: datetime.date,
    *,
    of: ConversionOf = ConversionOf.REQUESTS,
    pipeline: Mapping[str, Money] = MappingProxyType({}),
) -> tuple[Conversion, ...]:
    """Each partner's conversion in a fund, by partner; a finding is one that is `below`.

    A request counts once it was approved and something of it is claimed, or its last day for claims has passed: one that
    can still be claimed says nothing yet. One that was cancelled does not count. `pipeline` is what came of the partner's
    activities, in the fund's currency; a partner that is not in it is unknown.
    """
    for partner, amount in pipeline.items():
        if amount.currency != book.fund.currency:
            raise InvalidInput(f"pipeline.{partner}: found {amount}; accepted: {book.fund.currency}")
    given, filed = list(requests), by_request(claims)
    counted: dict[str, list[FundRequest]] = {one.partner: [] for one in given if one.approved_by}
    for one in given:
        if (
            one.approved_by
            and one.state is not RequestState.CANCELLED
            and (_used(one, filed) or on > one.claims_until)
        ):
            counted[one.partner].append(one)
    return tuple(
        Conversion(
            partner, of, len(own),
            _finding(of, threshold).decide(ConversionFacts(_rate(book, own, filed, of, pipeline.get(partner))), on),
        )
        for partner, own in sorted(counted.items())
    )  # fmt: skip


def _used(request: FundRequest, claims: Mapping[str, list[FundClaim]]) -> bool:
    return any(
        one.state is not ClaimState.SUBMITTED for one in claims_of(request, claims.get(request.id, ()))
    )


def _rate(
    book: FundBook,
    requests: list[FundRequest],
    claims: Mapping[str, list[FundClaim]],
    of: ConversionOf,
    pipeline: Money | None,
) -> Rate | None:
    claimed = total((book.total(Measure.CLAIMED, request=one.id) for one in requests), book.fund.currency)
    if of is ConversionOf.REQUESTS:
        return _ratio(sum(_used(one, claims) for one in requests), len(requests))
    if of is ConversionOf.PIPELINE:
        return None if pipeline is None else _ratio(pipeline.minor, claimed.minor)
    wanted = {one.id for one in requests}
    approved = [one.amount for one in book if one.kind is FundMoveKind.APPROVAL and one.request in wanted]
    return _ratio(claimed.minor, total(approved, book.fund.currency).minor)


def _ratio(part: int, whole: int) -> Rate | None:
    """None = there is nothing to divide by."""
    return Rate(part, whole) if whole else None
