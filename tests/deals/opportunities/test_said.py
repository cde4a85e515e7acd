"""Opportunities in words: what is read in English, and who speaks in three languages."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.opportunities import (
    EntryKind,
    LossReason,
    NegotiationEntry,
    NegotiationLog,
    Opportunity,
    OpportunityNotice,
    OpportunityNoticeKind,
    OpportunityState,
    OpportunityStep,
    Price,
    SalesProcess,
    SalesStage,
    Side,
    forecast,
)
from prmcore.deals.opportunities.said import (
    said_of_forecast,
    said_of_negotiation,
    said_of_negotiation_entry,
    said_of_opportunity,
    said_of_opportunity_notice,
)
from prmcore.decisions.explain import Said, put_into_words
from prmcore.values import Money, Rate, Text

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
PROCESS = SalesProcess(
    stages=(
        SalesStage(code="a", probability=Rate.percent(10), text=Text.of("first talks")),
        SalesStage(code="b", probability=Rate.percent(50)),
        SalesStage(code="won", probability=Rate.of(1), state=OpportunityState.WON),
        SalesStage(code="lost", probability=Rate.of(0), state=OpportunityState.LOST),
    ),
    loss_reasons=(LossReason(code="price", text=Text.of("too dear")), LossReason(code="time")),
)


def words(said: Said, locale: str = "en") -> str:
    return str(put_into_words(said, locale))


def sale(name: str, stage: str, state: str = "open", **told: Any) -> Opportunity:
    step = OpportunityStep(
        stage=stage, after=OpportunityState(state), amount=Money.of(100, told.pop("currency", "EUR")),
        expected_close=datetime.date(2026, 6, 30), at=AT, by="kim", **told,
    )  # fmt: skip
    return Opportunity(id=name, program="p", account="A-1", steps=(step,))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (sale("O-1", "a"), "O-1: €100.00, first talks, expected to close on June 30, 2026"),
        (sale("O-1", "b"), "O-1: €100.00, b, expected to close on June 30, 2026"),
        (
            sale("O-1", "gone"),
            "O-1: €100.00, gone, expected to close on June 30, 2026",
        ),  # of an older process
        (sale("O-1", "won", "won"), "O-1: €100.00, won"),
        (sale("O-1", "lost", "lost", reason="price"), "O-1: €100.00, lost, because of: too dear"),
        (sale("O-1", "lost", "lost", reason="time"), "O-1: €100.00, lost, because of: time"),
        (sale("O-1", "lost", "lost", reason="weather"), "O-1: €100.00, lost, because of: weather"),
    ],
)
def test_a_sale_says_how_it_stands(one: Opportunity, told: str) -> None:
    assert words(said_of_opportunity(one, PROCESS)) == told


def test_a_forecast_says_each_line_and_each_currency() -> None:
    found = forecast([sale("O-1", "a"), sale("O-2", "b"), sale("O-3", "b", currency="USD")], PROCESS)
    assert words(said_of_forecast(found, PROCESS)) == (
        "forecast: €60.00 and $50.00\n  O-1, first talks: €100.00 × 10% = €10.00\n  O-2, b: €100.00 × 50% = €50.00"
        "\n  O-3, b: $100.00 × 50% = $50.00"
    )


@pytest.mark.parametrize(
    ("kind", "stage", "told"),
    [
        (OpportunityNoticeKind.STALLED, "a", "O-1 stands still in first talks for 31 days"),
        (OpportunityNoticeKind.STALLED, "b", "O-1 stands still in b for 31 days"),
        (OpportunityNoticeKind.OVERDUE, "a", "O-1 was to close 31 days ago, and is in first talks"),
    ],
)
def test_what_is_due_says_since_when(kind: OpportunityNoticeKind, stage: str, told: str) -> None:
    notice = OpportunityNotice(id="1", kind=kind, opportunity="O-1", stage=stage, days=31)
    assert words(said_of_opportunity_notice(notice, PROCESS)) == told


PRICE = Price(list_price=Money.of(200, "EUR"), quantity=10, discount=Rate.percent(10))
ENTRY = NegotiationEntry(
    id="N-1",
    number=1,
    at=AT,
    by="kim",
    side=Side.VENDOR,
    kind=EntryKind.OFFERED,
    product="bikes",
    price=PRICE,
)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (EntryKind.ASKED, "vendor kim asked for 10% off the list: €1,800.00 for 10 of bikes"),
        (EntryKind.OFFERED, "vendor kim offered 10% off the list: €1,800.00 for 10 of bikes"),
        (EntryKind.COUNTERED, "vendor kim countered with 10% off the list: €1,800.00 for 10 of bikes"),
        (EntryKind.ACCEPTED, "vendor kim accepted N-0"),
        (EntryKind.REJECTED, "vendor kim rejected N-0"),
        (EntryKind.WITHDRAWN, "vendor kim withdrew N-0"),
        (EntryKind.EXPIRED, "N-0 expired"),
    ],
)
def test_an_entry_says_who_did_what(kind: EntryKind, told: str) -> None:
    price = PRICE if "list" in told else None
    assert (
        words(said_of_negotiation_entry(attrs.evolve(ENTRY, kind=kind, price=price, refers_to="N-0"))) == told
    )


@pytest.mark.parametrize(
    ("side", "called"),
    [
        (Side.PARTNER, {"en": "partner kim accepted N-0", "ja": "パートナー kim", "zh": "合作伙伴 kim"}),
        (Side.VENDOR, {"en": "vendor kim accepted N-0", "ja": "ベンダー kim", "zh": "厂商 kim"}),
        (Side.CUSTOMER, {"en": "customer kim accepted N-0", "ja": "顧客 kim", "zh": "客户 kim"}),
    ],
)
def test_each_side_is_called_by_its_name(side: Side, called: dict[str, str]) -> None:
    entry = attrs.evolve(ENTRY, side=side, kind=EntryKind.ACCEPTED, price=None, refers_to="N-0")
    for locale, told in called.items():
        assert told in words(said_of_negotiation_entry(entry), locale)


def test_a_negotiation_says_its_entries() -> None:
    log = NegotiationLog(opportunity="O-1", entries=(ENTRY,))
    assert words(said_of_negotiation(log)) == (
        "negotiation of O-1\n  vendor kim offered 10% off the list: €1,800.00 for 10 of bikes"
    )
