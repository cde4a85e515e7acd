"""Conversion: which requests count, what is divided by what, and what a finding is called."""

import datetime
from typing import Any

import pytest
from tests.incentives.funds.test_funds import (
    POLICY,
    TODAY,
    after,
    approve_claim,
    approved,
    budgeted,
    claim_of,
    eur,
    request_of,
)

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    ClaimAction,
    Conversion,
    ConversionAnswer,
    ConversionFacts,
    ConversionOf,
    FundBook,
    RequestAction,
    allocated,
    claim_moved,
    conversions,
    request_moved,
)
from prmcore.values import Money, Rate

D = datetime.date
LAST = D(2026, 4, 10)  # for claims
OVER = D(2026, 4, 11)
HALF = Rate.percent(50)


def convert(
    book: FundBook, requests: Any, claims: Any, on: D = OVER, threshold: Rate = HALF, **more: Any
) -> tuple[Conversion, ...]:
    return conversions(book, requests, claims, threshold, on, **more)


def case() -> tuple[Any, Any, Any]:
    """1,000 approved, of which a claim may take 750; another 1,000 of which nothing is claimed."""
    book = budgeted()
    book, first = approved(book, request_of(book, amount=eur(1_000)))
    book, second = approved(book, request_of(book, id="R-2", amount=eur(1_000)))
    return book, [first, second], claim_of(book, first, eur(1_500))


def test_a_claim_counts_once_it_is_decided_and_not_declined() -> None:
    book, requests, claim = case()
    decided = approve_claim(book, requests[0], claim)
    declined = claim_moved(
        book, requests[0], claim, ClaimAction.DECLINE, POLICY, by="mori", on=D(2026, 3, 23)
    )
    for book_then, one, rate in (
        (book, claim, 0),
        (book, declined.record, 0),
        (after(book, decided), decided.record, 50),
    ):
        (found,) = convert(book_then, iter(requests), iter([one]))
        assert (found.partner, found.of, found.requests) == ("acme", ConversionOf.REQUESTS, 2)
        assert found.rate == Rate.percent(rate)


def test_a_request_counts_once_it_was_claimed_or_can_no_longer_be() -> None:
    book, requests, claim = case()
    decided = approve_claim(book, requests[0], claim)
    book = after(book, decided)
    for on, count in ((LAST, 1), (OVER, 2)):
        (found,) = convert(book, requests, [decided.record], on=on)
        assert (found.requests, found.rate) == (count, Rate.percent(100 // count))
    gone = request_moved(
        book, requests[1], (), RequestAction.CANCEL, POLICY, by="kim", on=D(2026, 3, 23)
    ).record
    assert convert(book, [requests[0], gone], [decided.record])[0].requests == 1
    never = request_of(budgeted(), id="R-3", partner="bolt")
    assert [one.partner for one in convert(book, [never, *requests], [])] == ["acme"]


def test_amounts_are_those_of_the_requests_that_count() -> None:
    """750 of 1,000 while the second can be claimed, of 2,000 afterwards; of a partner's own only."""
    book, requests, claim = case()
    book = after(book, allocated(book, "bolt", eur(500), POLICY, key="1", by="kim", on=TODAY))
    book, other = approved(book, request_of(book, id="R-9", partner="bolt", amount=eur(400)))
    decided = approve_claim(book, requests[0], claim)
    book = after(book, decided)
    for on, rates in ((LAST, ["75", None]), (OVER, ["37.5", "0"])):
        found = convert(book, [other, *requests], [decided.record], on=on, of=ConversionOf.AMOUNTS)
        assert [one.partner for one in found] == ["acme", "bolt"]
        assert [one.rate for one in found] == [None if rate is None else Rate.percent(rate) for rate in rates]
    # what is released again was approved all the same
    closed = request_moved(
        book, requests[0], [decided.record], RequestAction.CLOSE, POLICY, by="kim", on=D(2026, 3, 24)
    )
    assert convert(after(book, closed), requests, [decided.record], of=ConversionOf.AMOUNTS)[0].rate == Rate.percent("37.5")  # fmt: skip


def test_a_pipeline_is_divided_by_what_was_claimed_and_unknown_where_nobody_told_it() -> None:
    book, requests, claim = case()
    decided = approve_claim(book, requests[0], claim)
    book = after(book, decided)
    for told, rate in (({"acme": eur(3_000)}, Rate.of(4)), ({"acme": eur(0)}, Rate.of(0)), ({}, None)):
        (found,) = convert(book, requests, [decided.record], of=ConversionOf.PIPELINE, pipeline=told)
        assert found.rate == rate
    (nothing,) = convert(book, requests[1:], [], of=ConversionOf.PIPELINE, pipeline={"acme": eur(1)})
    assert nothing.rate is None
    with pytest.raises(InvalidInput, match=r"pipeline\.acme: found 1\.00 CHF; accepted: EUR"):
        convert(book, requests, [], pipeline={"bolt": eur(1), "acme": Money.of(1, "CHF")})


@pytest.mark.parametrize(
    ("threshold", "answer", "words"),
    [
        (Rate.percent("50.01"), ConversionAnswer.BELOW, ("below the threshold", "基準未満", "低于阈值")),
        (Rate.percent(50), ConversionAnswer.REACHED, ("threshold reached", "基準達成", "达到阈值")),
    ],
)
def test_a_finding_is_a_conversion_below_the_threshold(
    threshold: Rate, answer: ConversionAnswer, words: tuple[str, str, str]
) -> None:
    book, requests, claim = case()
    decided = approve_claim(book, requests[0], claim)
    (found,) = convert(after(book, decided), requests, [decided.record], threshold=threshold)
    assert found.decision.outcome is answer
    assert found.decision.facts == ConversionFacts(HALF)
    assert (found.decision.as_of, found.decision.policy.name) == (
        OVER,
        f"funds/conversion/requests/{threshold}",
    )
    for locale, word in zip(("en", "ja", "zh"), words, strict=True):
        assert explain(found.decision, locale).lines()[0].endswith(word)


def test_what_cannot_be_divided_is_unknown() -> None:
    book, requests, _ = case()
    (found,) = convert(book, requests, [], on=LAST)
    assert (found.requests, found.rate, found.decision.outcome) == (0, None, ConversionAnswer.UNKNOWN)
    for locale, word in (("en", "not known"), ("ja", "不明"), ("zh", "未知")):
        assert explain(found.decision, locale).lines()[0].endswith(word)
