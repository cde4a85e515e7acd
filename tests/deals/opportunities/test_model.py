"""The records of opportunities: what they do not accept, which stages follow, and what is read from the steps."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.opportunities import (
    LossReason,
    Opportunity,
    OpportunityState,
    OpportunityStep,
    SalesProcess,
    SalesStage,
)
from prmcore.errors import InvalidInput
from prmcore.values import Money, Rate

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
OPEN, WON, LOST = OpportunityState
NOT_AN_ID = "found ''; accepted: an id of 1 to 200 characters"


def stage(code: str, percent: int = 10, state: OpportunityState = OPEN, **told: Any) -> SalesStage:
    return SalesStage(code=code, probability=Rate.percent(percent), state=state, **told)


END = (stage("won", 100, WON), stage("lost", 0, LOST))
PROCESS = SalesProcess(stages=(stage("a"), stage("b"), stage("c"), *END))


def refused(record: Any, **changed: Any) -> list[str]:
    with pytest.raises(InvalidInput, match="cannot be used") as found:
        attrs.evolve(record, **changed)
    return [str(fault) for fault in found.value.faults]


@pytest.mark.parametrize("record", [SalesStage, LossReason, SalesProcess, OpportunityStep, Opportunity])
def test_every_part_of_a_record_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_process_says_no_more_than_its_stages() -> None:
    assert (PROCESS.name, PROCESS.loss_reasons) == ("sales/standard", ())
    assert (PROCESS.may_skip, PROCESS.may_go_back) == (False, False)
    assert attrs.asdict(stage("a"), recurse=False) == {
        "code": "a", "probability": Rate.percent(10), "state": OPEN, "moves_to": None, "stalled_after_days": None, "text": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"name": ""}, [f"{NOT_AN_ID} @ name"]),
        ({"stages": (stage("a"), stage("a"), *END)}, ["'a' stands here twice @ stages"]),
        ({"loss_reasons": (LossReason(code="x"), LossReason(code="x"))}, ["'x' stands here twice @ loss_reasons"]),
        ({"loss_reasons": (LossReason(code="x"), LossReason(code=""))}, [f"{NOT_AN_ID} @ loss_reasons[1].code"]),
        ({"stages": END}, ["the first is not open; accepted: an open stage, where a sale begins @ stages"]),
        ({"stages": ()}, [
            "the first is not open; accepted: an open stage, where a sale begins @ stages",
            "no stage is won; accepted: one or more @ stages", "no stage is lost; accepted: one or more @ stages",
        ]),
        ({"stages": (stage("a"), END[0])}, ["no stage is lost; accepted: one or more @ stages"]),
        ({"stages": (stage("a"), END[1])}, ["no stage is won; accepted: one or more @ stages"]),
        ({"stages": (stage("a"), stage(""), *END)}, [f"{NOT_AN_ID} @ stages[1].code"]),
        ({"stages": (stage("a", stalled_after_days=0), *END)},
         ["found 0; accepted: a whole number from 1 to 100000 @ stages[0].stalled_after_days"]),
        ({"stages": (stage("a"), stage("won", 99, WON), END[1])},
         ["found 99 %; accepted: 100 %, for it is won @ stages[1].probability"]),
        ({"stages": (stage("a"), END[0], stage("lost", 1, LOST))},
         ["found 1 %; accepted: 0 %, for it is lost @ stages[2].probability"]),
        ({"stages": (stage("a", 101), *END)}, ["found 101 %; accepted: 0 % to 100 % @ stages[0].probability"]),
        ({"stages": (stage("a", -1), *END)}, ["found -1 %; accepted: 0 % to 100 % @ stages[0].probability"]),
        ({"stages": (stage("a"), attrs.evolve(END[0], moves_to=("lost",)), END[1])},
         ["a sale that is over moves on nowhere @ stages[1].moves_to"]),
    ],
)  # fmt: skip
def test_a_process_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(PROCESS, **changed) == messages


def test_a_stage_moves_to_stages_that_there_are() -> None:
    (message,) = refused(PROCESS, stages=(stage("start", moves_to=("won", "wonn")), *END))
    assert message.endswith("@ stages[0].moves_to")
    assert "did you mean 'won'" in message


def test_the_most_and_the_least_of_a_stage_is_accepted() -> None:
    stages = (
        stage("a", 0, stalled_after_days=1),
        stage("b", 100, moves_to=()),
        attrs.evolve(END[0], moves_to=()),
        END[1],
    )
    assert attrs.evolve(PROCESS, stages=stages).stages == stages


def test_a_stage_is_found_by_its_code() -> None:
    assert PROCESS.stage("b") == PROCESS.stages[1]
    with pytest.raises(InvalidInput, match="did you mean 'lost'"):
        PROCESS.stage("lots")


@pytest.mark.parametrize(
    ("skip", "back", "code", "moves"),
    [
        (False, False, "a", ("b", "lost")),
        (False, False, "b", ("c", "lost")),
        (False, False, "c", ("won", "lost")),
        (True, False, "a", ("b", "c", "won", "lost")),
        (True, False, "c", ("won", "lost")),
        (False, True, "a", ("b", "lost")),
        (False, True, "b", ("c", "a", "lost")),
        (False, True, "c", ("a", "b", "won", "lost")),
        (True, True, "b", ("c", "a", "won", "lost")),
        (True, True, "won", ()),
        (True, True, "lost", ()),
    ],
)
def test_a_sale_moves_on_to_the_next_stage_or_is_lost(
    skip: bool, back: bool, code: str, moves: tuple[str, ...]
) -> None:
    assert attrs.evolve(PROCESS, may_skip=skip, may_go_back=back).moves_from(code) == moves


def test_a_stage_that_says_itself_where_it_moves_to_moves_nowhere_else() -> None:
    stages = (stage("a", moves_to=("c", "lost")), stage("b", moves_to=()), stage("c"), *END)
    process = attrs.evolve(PROCESS, stages=stages, may_skip=True, may_go_back=True)
    assert [process.moves_from(code) for code in ("a", "b", "c")] == [
        ("c", "lost"), (), ("a", "b", "won", "lost"),
    ]  # fmt: skip


def test_any_words_are_a_reason_unless_some_are_declared() -> None:
    declared = attrs.evolve(PROCESS, loss_reasons=(LossReason(code="x"), LossReason(code="y")))
    given = ("x", "y", "z", "", None)
    assert [PROCESS.has_reason(code) for code in given] == [True, True, True, False, False]
    assert [declared.has_reason(code) for code in given] == [True, True, False, False, False]


STEP = OpportunityStep(
    stage="a",
    after=OPEN,
    amount=Money.of(100, "EUR"),
    expected_close=datetime.date(2026, 6, 30),
    at=AT,
    by="kim",
)
NO_DAY: Any = "2026"
SALE = Opportunity(id="O-1", program="p", account="A-1", steps=(STEP,))


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        *(({name: ""}, [f"{NOT_AN_ID} @ {name}"]) for name in ("id", "program", "account", "lead", "registration")),
        ({"partners": ("x", "")}, [f"{NOT_AN_ID} @ partners[1]"]),
        ({"partners": ("x", "y", "x")}, ["'x' stands here twice @ partners"]),
        ({"products": frozenset({"x", ""})}, [f"{NOT_AN_ID} @ products"]),
        ({"steps": ()}, ["found none; accepted: the step that opened it, at least @ steps"]),
        ({"steps": (STEP, attrs.evolve(STEP, at=datetime.datetime(2026, 3, 2)))},
         ["at: found datetime.datetime(2026, 3, 2, 0, 0); accepted: a datetime with its time zone @ steps[1]"]),
        ({"steps": (attrs.evolve(STEP, expected_close=NO_DAY),)},
         ["expected_close: found '2026'; accepted: a date without a time @ steps[0]"]),
        ({"steps": (STEP, attrs.evolve(STEP, amount=Money.of(1, "USD")))}, ["found 1.00 USD; accepted: EUR @ steps[1].amount"]),
        ({"steps": (STEP, attrs.evolve(STEP, amount=Money("EUR", -1)))},
         ["found -0.01 EUR; accepted: zero or more @ steps[1].amount"]),
    ],
)  # fmt: skip
def test_an_opportunity_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(SALE, **changed) == messages


def test_an_opportunity_is_what_its_last_step_says() -> None:
    day = datetime.date(2026, 7, 31)
    last = attrs.evolve(
        STEP, stage="lost", after=LOST, amount=Money("EUR", 0), expected_close=day, reason="price"
    )
    found = attrs.evolve(SALE, steps=(STEP, attrs.evolve(STEP, stage="b"), last))
    assert (found.last, found.stage, found.state, found.amount, found.expected_close) == (
        last, "lost", LOST, Money("EUR", 0), day,
    )  # fmt: skip
    assert found.loss_reason == "price"
    assert attrs.evolve(SALE, steps=(attrs.evolve(STEP, reason="a fair"),)).loss_reason is None


@pytest.mark.parametrize(
    ("stages", "days"), [("a", 0), ("aab", 2), ("abb", 1), ("aba", 2), ("abaa", 2), ("aaa", 0)]
)
def test_a_sale_is_in_its_stage_since_it_came_there_last(stages: str, days: int) -> None:
    steps = tuple(attrs.evolve(STEP, stage=code, at=AT + number * DAY) for number, code in enumerate(stages))
    assert attrs.evolve(SALE, steps=steps).in_stage_since == AT + days * DAY
