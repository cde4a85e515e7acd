"""Opportunities: stages as declared, a forecast to the last fraction, and what stands still."""

import datetime
import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.deals.opportunities import (
    Forecast,
    LossReason,
    Opportunity,
    OpportunityMoved,
    OpportunityNoticeKind,
    OpportunityState,
    SalesProcess,
    SalesStage,
    forecast,
    moved,
    opened,
    revised,
    stalled,
)
from prmcore.deals.opportunities.said import (
    said_of_forecast,
    said_of_opportunity,
    said_of_opportunity_notice,
)
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import Money, Rate, Text
from prmcore.values.wire import from_plain, to_plain

WON = SalesStage(code="won", probability=Rate.of(1), state=OpportunityState.WON)
LOST = SalesStage(
    code="lost",
    probability=Rate.of(0),
    state=OpportunityState.LOST,
    text=Text.of("lost", ja="失注", zh="丢单"),
)
QUALIFIED = SalesStage(code="qualified", probability=Rate.percent(10), stalled_after_days=30)
PROPOSED = SalesStage(code="proposed", probability=Rate(1, 3))
AGREED = SalesStage(code="agreed", probability=Rate.percent(90))
PROCESS = SalesProcess(
    stages=(QUALIFIED, PROPOSED, AGREED, WON, LOST),
    loss_reasons=(LossReason(code="price", text=Text.of("too dear", ja="価格が高い", zh="价格过高")),),
)
START = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
CLOSE = datetime.date(2026, 6, 30)


def sale(id: str = "O-1", amount: str = "1000", currency: str = "EUR") -> Opportunity:
    return opened(
        PROCESS, id=id, program="acme-one", account="yamato", amount=Money.of(amount, currency), expected_close=CLOSE,
        by="kim", at=START, partners=("acme",), registration="R-1",
    )  # fmt: skip


def move(one: Opportunity, stage: str, process: SalesProcess = PROCESS, **told: Any) -> OpportunityMoved:
    return moved(one, stage, process, by="kim", at=told.pop("at", START), **told)


def along(*stages: str, process: SalesProcess = PROCESS) -> Opportunity:
    one = sale()
    for stage in stages:
        found = move(one, stage, process)
        assert found.decision.outcome, str(explain(found.decision))
        one = found.record
    return one


def test_a_sale_goes_from_stage_to_stage_and_is_won() -> None:
    one = along("proposed", "agreed", "won")
    assert (one.state, one.stage, [step.stage for step in one.steps]) == (
        OpportunityState.WON, "won", ["qualified", "proposed", "agreed", "won"],
    )  # fmt: skip


def test_a_stage_is_skipped_only_where_the_process_says_so() -> None:
    assert not move(sale(), "agreed").decision.outcome
    assert not move(sale(), "won").decision.outcome
    assert move(sale(), "agreed", attrs.evolve(PROCESS, may_skip=True)).decision.outcome


def test_a_sale_goes_back_only_where_the_process_says_so() -> None:
    one = along("proposed")
    assert not move(one, "qualified").decision.outcome
    assert move(one, "qualified", attrs.evolve(PROCESS, may_go_back=True)).decision.outcome


def test_a_stage_may_say_itself_where_it_moves_to() -> None:
    process = attrs.evolve(
        PROCESS,
        stages=(attrs.evolve(QUALIFIED, moves_to=("agreed", "lost")), PROPOSED, AGREED, WON, LOST),
    )
    assert process.moves_from("qualified") == ("agreed", "lost")
    assert not move(sale(), "proposed", process).decision.outcome


def test_a_lost_sale_needs_a_declared_reason() -> None:
    assert not move(sale(), "lost").decision.outcome
    assert not move(sale(), "lost", reason="weather").decision.outcome
    assert move(sale(), "lost", reason="price").record.loss_reason == "price"


def test_nothing_is_moved_or_revised_when_the_sale_is_over() -> None:
    one = move(sale(), "lost", reason="price").record
    assert not move(one, "proposed").decision.outcome
    assert not revised(one, PROCESS, by="kim", at=START, amount=Money.of(1, "EUR")).decision.outcome


def test_a_new_amount_is_a_step_and_keeps_the_stage_and_the_time_in_it() -> None:
    one = revised(sale(), PROCESS, by="kim", at=START + 5 * DAY, amount=Money.of(900, "EUR")).record
    assert (one.amount, one.steps[0].amount) == (Money.of(900, "EUR"), Money.of(1000, "EUR"))
    assert (one.stage, one.in_stage_since) == ("qualified", START)


def test_another_currency_or_an_earlier_instant_is_refused() -> None:
    with pytest.raises(InvalidInput, match="accepted: EUR"):
        revised(sale(), PROCESS, by="kim", at=START, amount=Money.of(1, "USD"))
    with pytest.raises(InvalidInput, match="or later"):
        move(sale(), "proposed", at=START - DAY)


def test_a_process_that_cannot_be_used_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        SalesProcess(stages=(
            attrs.evolve(QUALIFIED, moves_to=("nowhere",), probability=Rate.percent(120)),
            attrs.evolve(WON, probability=Rate.percent(90)), attrs.evolve(WON, moves_to=("won",)),
        ))  # fmt: skip
    assert [fault.path for fault in caught.value.faults] == [
        "stages", "stages", "stages[0].probability", "stages[0].moves_to", "stages[1].probability", "stages[2].moves_to",
    ]  # fmt: skip


def test_a_forecast_is_exact_and_never_adds_two_currencies() -> None:
    """1,000.00 EUR at one third and 0.05 EUR at a tenth: 100000/3 + 5/10 cents = 200003/6; 7 yen at a tenth: 7/10."""
    found = forecast([along("proposed"), sale("O-2", "0.05"), sale("O-3", "7", "JPY")], PROCESS)
    assert found.totals() == {"EUR": Fraction(200_003, 6), "JPY": Fraction(7, 10)}


def test_a_forecast_holds_only_what_is_open_and_closes_in_time() -> None:
    lost = move(sale("O-2"), "lost", reason="price").record
    assert forecast([lost], PROCESS) == Forecast(())
    assert forecast([sale()], PROCESS, CLOSE).totals() == {"EUR": Fraction(10_000)}
    assert forecast([sale()], PROCESS, CLOSE - DAY) == Forecast(())


def test_a_sale_stands_still_after_its_days_and_is_late_after_its_day() -> None:
    """Thirty days from 2 March at nine: until 1 April at nine. Expected on 30 June: late from 1 July."""
    assert stalled([sale()], PROCESS, START + 30 * DAY) == ()
    (found,) = stalled([sale()], PROCESS, START + 30 * DAY + datetime.timedelta(seconds=1))
    assert (found.kind, found.days) == (OpportunityNoticeKind.STALLED, 30)
    kinds = [
        one.kind for one in stalled([sale()], PROCESS, datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC))
    ]
    assert kinds == [OpportunityNoticeKind.OVERDUE, OpportunityNoticeKind.STALLED]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "O-1: €1,000.00, lost, because of: too dear"),
        ("ja", "O-1：€1,000.00、失注、理由：価格が高い"),
        ("zh", "O-1：€1,000.00，丢单，原因：价格过高"),
    ],
)
def test_a_lost_sale_says_why_in_three_languages(locale: str, words: str) -> None:
    one = move(sale(), "lost", reason="price").record
    assert put_into_words(said_of_opportunity(one, PROCESS), locale).text == words


def test_a_forecast_shows_its_calculation() -> None:
    said = put_into_words(said_of_forecast(forecast([sale()], PROCESS), PROCESS), "en")
    assert str(said) == "forecast: €100.00\n  O-1, qualified: €1,000.00 × 10% = €100.00"


def test_a_sale_that_stands_still_is_told_in_words() -> None:
    (found,) = stalled([sale()], PROCESS, START + 31 * DAY)
    assert (
        put_into_words(said_of_opportunity_notice(found, PROCESS), "en").text
        == "O-1 stands still in qualified for 31 days"
    )


@given(st.lists(st.tuples(st.integers(0, 10**9), st.fractions(0, 1, max_denominator=97)), max_size=5))
def test_the_forecast_is_the_sum_of_amounts_times_probabilities(sales: list[tuple[int, Fraction]]) -> None:
    total = Fraction(0)
    for number, (minor, share) in enumerate(sales):
        process = attrs.evolve(
            PROCESS, stages=(attrs.evolve(QUALIFIED, probability=Rate.of(share)), WON, LOST)
        )
        one = attrs.evolve(
            sale(f"O-{number}"), steps=(attrs.evolve(sale().last, amount=Money("EUR", minor)),)
        )
        total += forecast([one], process).totals()["EUR"]
    assert total == sum((minor * share for minor, share in sales), Fraction(0))  # fmt: skip


@given(strategies.of(Opportunity))
def test_an_opportunity_goes_through_plain_values_and_pickles_without_loss(one: Opportunity) -> None:
    assert from_plain(to_plain(one), Opportunity) == one
    assert pickle.loads(pickle.dumps(one)) == one
