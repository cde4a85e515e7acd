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
    ForecastLine,
    LossReason,
    Opportunity,
    OpportunityFacts,
    OpportunityMoved,
    OpportunityNotice,
    OpportunityNoticeKind,
    OpportunityState,
    OpportunityStep,
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
from prmcore.decisions import FactSchema
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
    with pytest.raises(InvalidInput, match=r"^now: "):
        stalled([], PROCESS, START.replace(tzinfo=None))


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


# every part


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (OpportunityFacts, {
            "state": ("state", "状態", "状态"),
            "stage": ("stage", "段階", "阶段"),
            "may_follow": ("the stage may follow", "次の段階として可", "可进入该阶段"),
            "is_loss": ("it is lost", "失注", "丢单"),
            "has_reason": ("a reason that is declared", "登録済みの理由", "理由已定义"),
        }),
    ],
)  # fmt: skip
def test_facts_are_called_what_people_call_them(record: type, words: dict[str, tuple[str, str, str]]) -> None:
    expected = {name: Text.of(english, ja=ja, zh=zh) for name, (english, ja, zh) in words.items()}
    assert {one.name: one.text for one in FactSchema.of(record).fields if one.text is not None} == expected


@pytest.mark.parametrize("record", [ForecastLine, OpportunityNotice])
def test_every_part_of_a_line_and_of_a_notice_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


OPEN = OpportunityState.OPEN


def test_a_sale_is_opened_in_the_first_stage_with_all_that_is_known() -> None:
    about: dict[str, Any] = {
        "id": "O-1", "program": "p", "account": "A-1", "partners": ("acme",), "products": frozenset({"bikes"}), "lead": "L-1",
        "registration": "R-1",
    }  # fmt: skip
    told: dict[str, Any] = {
        "amount": Money.of(1000, "EUR"),
        "expected_close": CLOSE,
        "by": "kim",
        "at": START,
    }
    first = OpportunityStep(stage="qualified", after=OPEN, **told)
    assert opened(PROCESS, **about, **told) == Opportunity(**about, steps=(first,))
    least = {name: about[name] for name in ("id", "program", "account")}
    assert opened(PROCESS, **least, **told) == Opportunity(**least, steps=(first,))
    with pytest.raises(InvalidInput, match="expected_close: found '2026'"):
        opened(PROCESS, **least, **{**told, "expected_close": "2026"})
    with pytest.raises(InvalidInput, match="time zone"):
        opened(PROCESS, **least, **{**told, "at": datetime.datetime(2026, 3, 2)})


def test_a_move_is_a_step_and_says_what_it_was_held_against() -> None:
    found = move(sale(), "proposed", at=START + DAY, reason="a visit")
    last = attrs.evolve(sale().last, stage="proposed", at=START + DAY, reason="a visit")
    assert found.record == attrs.evolve(sale(), steps=(*sale().steps, last))
    assert found.decision.facts == OpportunityFacts(OPEN, "qualified", may_follow=True, has_reason=False)
    assert (found.decision.as_of, found.decision.policy.name) == (
        datetime.date(2026, 3, 3),
        "sales/standard/move",
    )
    lost = move(sale(), "lost", reason="price")
    assert lost.decision.facts == OpportunityFacts(
        OPEN, "qualified", may_follow=True, is_loss=True, has_reason=True
    )
    assert (lost.record.last.after, lost.record.last.by) == (OpportunityState.LOST, "kim")
    refused = move(sale(), "agreed")
    assert refused.decision.facts == OpportunityFacts(OPEN, "qualified", may_follow=False)
    assert refused.record == sale()
    other = moved(sale(), "proposed", PROCESS, by="mori", at=START).record
    assert other.last.by == "mori"
    with pytest.raises(InvalidInput, match="did you mean 'proposed'"):
        move(sale(), "proposd")


def test_what_nobody_said_of_a_move_is_neither_a_loss_nor_a_reason() -> None:
    assert attrs.asdict(OpportunityFacts(OPEN, "a")) == {
        "state": OPEN, "stage": "a", "may_follow": None, "is_loss": False, "has_reason": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        ({}, True),
        ({"state": OpportunityState.WON}, False),
        ({"may_follow": False}, False),
        ({"may_follow": None}, False),
        ({"is_loss": True}, False),
        ({"is_loss": True, "has_reason": True}, True),
    ],
)
def test_a_move_asks_for_an_open_sale_a_stage_that_may_follow_and_a_reason_of_a_loss(
    changed: dict[str, Any], allowed: bool
) -> None:
    policy = move(sale(), "proposed").decision.policy
    facts = attrs.evolve(OpportunityFacts(OPEN, "a", may_follow=True), **changed)
    assert policy.decide(facts, CLOSE).outcome is allowed


def test_a_revision_changes_the_amount_or_the_day_and_leaves_the_rest() -> None:
    day = datetime.date(2026, 7, 31)
    found = revised(sale(), PROCESS, by="mori", at=START + DAY, expected_close=day, reason="holidays")
    last = attrs.evolve(sale().last, expected_close=day, at=START + DAY, by="mori", reason="holidays")
    assert found.record == attrs.evolve(sale(), steps=(*sale().steps, last))
    assert found.decision.facts == OpportunityFacts(OPEN, "qualified")
    assert (found.decision.as_of, found.decision.policy.name) == (
        datetime.date(2026, 3, 3),
        "sales/standard/revise",
    )
    less = revised(found.record, PROCESS, by="kim", at=START + DAY, amount=Money.of(0, "EUR")).record
    assert (less.amount, less.expected_close, less.last.reason) == (Money.of(0, "EUR"), day, None)
    won = along("proposed", "agreed", "won")
    refused = revised(won, PROCESS, by="kim", at=START, amount=Money.of(1, "EUR"))
    assert (refused.decision.outcome, refused.record) == (False, won)


def test_nobody_moves_a_sale_without_a_name_or_before_its_last_step() -> None:
    message = (
        "the opportunity 'O-1' cannot be moved: 2 faults\n  found ''; accepted: an id of 1 to 200 characters @ by"
        "\n  found 2026-03-01 09:00:00+00:00; accepted: 2026-03-02 09:00:00+00:00, when its last step was, or later @ at"
    )
    with pytest.raises(InvalidInput) as refused:
        moved(sale(), "proposed", PROCESS, by="", at=START - DAY)
    assert str(refused.value) == message
    with pytest.raises(InvalidInput) as refused:
        revised(sale(), PROCESS, by="", at=START - DAY)
    assert str(refused.value) == message
    with pytest.raises(InvalidInput) as refused:
        revised(sale(), PROCESS, by="kim", at=datetime.datetime(2026, 3, 2))
    assert [fault.path for fault in refused.value.faults] == [""]


def test_a_line_of_a_forecast_is_the_amount_times_the_probability() -> None:
    line = ForecastLine(
        opportunity="O-1",
        stage="proposed",
        amount=Money.of(1, "EUR"),
        probability=Rate(1, 3),
        weighted=Fraction(100, 3),
    )
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(line, weighted=Fraction(33))
    assert str(refused.value).startswith(
        "the forecast of 'O-1' cannot be used: 1 fault\n  found 33; accepted: 1.00 EUR times "
    )
    assert refused.value.faults[0].path == "weighted"
    found = forecast([attrs.evolve(along("proposed"), id="O-2"), along("proposed")], PROCESS)
    assert [one.opportunity for one in found.lines] == ["O-1", "O-2"]
    assert found.lines[0] == attrs.evolve(line, amount=Money.of(1000, "EUR"), weighted=Fraction(100_000, 3))
    twice = Forecast((line, attrs.evolve(line, amount=Money.of(1, "USD")), line)).totals()
    assert list(twice.items()) == [("EUR", Fraction(200, 3)), ("USD", Fraction(100, 3))]


def test_a_forecast_goes_on_after_what_is_over_or_too_late() -> None:
    over = move(sale("O-1"), "lost", reason="price").record
    late = revised(sale("O-2"), PROCESS, by="kim", at=START, expected_close=CLOSE + DAY).record
    found = forecast([over, late, sale("O-3")], PROCESS, CLOSE)
    assert [one.opportunity for one in found.lines] == ["O-3"]
    assert [one.opportunity for one in forecast([over, late], PROCESS).lines] == ["O-2"]


def test_what_stands_still_is_told_with_since_when_by_id() -> None:
    """In its stage since 2 March at nine, 30 days; expected on 30 June, a day late on 1 July, 121 days after 2 March."""
    over = move(sale("O-0"), "lost", reason="price").record
    found = stalled(
        [over, sale("O-2"), sale("O-1")], PROCESS, datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.UTC)
    )
    told = {"opportunity": "O-1", "stage": "qualified"}
    assert found[:2] == (
        OpportunityNotice(
            id="O-1|overdue|qualified|2026-06-30", kind=OpportunityNoticeKind.OVERDUE, days=1, **told
        ),
        OpportunityNotice(
            id="O-1|stalled|qualified|2026-03-02T09:00:00+00:00",
            kind=OpportunityNoticeKind.STALLED,
            days=121,
            **told,
        ),
    )
    assert [one.opportunity for one in found] == ["O-1", "O-1", "O-2", "O-2"]
    on_the_day = stalled(
        [along("proposed")], PROCESS, datetime.datetime(2026, 6, 30, 23, tzinfo=datetime.UTC)
    )
    assert on_the_day == ()  # and where no days are set it never stands still
    with pytest.raises(InvalidInput, match="now: found"):
        stalled([], PROCESS, datetime.datetime(2026, 3, 2))
