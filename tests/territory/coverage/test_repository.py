"""What coverage keeps: who has an account and since when, whether a person gave it, and whose turn it is."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.errors import Fault, InvalidInput
from prmcore.storage import MemoryStore
from prmcore.territory.coverage import Result, Turns
from prmcore.territory.coverage.repository import (
    ACCOUNT_ASSIGNMENTS,
    TURNS,
    AccountAssignment,
    AssignmentStep,
    KeptTurns,
    Pin,
)

D = datetime.date
BLANKS = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"


def pin(**told: Any) -> Pin:
    return Pin(**{"territory": "east", "by": "sato", "reason": "agreed", "on": D(2026, 4, 1), **told})


def step(day: int, result: Result = Result.ASSIGNED, **told: Any) -> AssignmentStep:
    return AssignmentStep(on=D(2026, 4, day), model="coverage/1", result=result, record={}, **told)


def assignment(account: str, *steps: AssignmentStep, program: str = "acme") -> AccountAssignment:
    return AccountAssignment(program=program, account=account, steps=steps)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"territory": " x"}, Fault(BLANKS, "territory")),
        ({"by": " x"}, Fault(BLANKS, "by")),
        ({"reason": " x"}, Fault(BLANKS, "reason")),
        ({"until": D(2026, 4, 1)}, Fault("found 2026-04-01; accepted: a day after 2026-04-01", "until")),
    ],
)
def test_a_pin_that_cannot_be_used_is_refused(told: dict[str, Any], fault: Fault) -> None:
    with pytest.raises(InvalidInput, match="the pin cannot be used") as refused:
        pin(**told)
    assert list(refused.value.faults) == [fault]


@pytest.mark.parametrize(
    ("until", "held"),
    [(None, [False, True, True, True]), (D(2026, 4, 2), [False, True, False, False]), (D(2026, 4, 3), [False, True, True, False])],
)  # fmt: skip
def test_a_pin_holds_from_its_day_up_to_the_one_on_which_the_rules_decide_again(
    until: datetime.date | None, held: list[bool]
) -> None:
    days = (D(2026, 3, 31), D(2026, 4, 1), D(2026, 4, 2), D(2026, 4, 3))
    assert [pin(until=until).holds_on(day) for day in days] == held


def test_what_is_not_said_is_not_there() -> None:
    assert (pin().member, pin().until) == (None, None)
    assert (step(1).territory, step(1).member, step(1).pinned_by) == (None, None, None)
    one = AccountAssignment(program="acme", account="1")
    assert (one.steps, one.pin, one.last) == ((), None, None)


def test_who_had_an_account_is_told_for_the_end_of_every_day() -> None:
    first, again, last = step(2, territory="east"), step(2, territory="west"), step(5, Result.UNASSIGNED)
    one = assignment("1", first, again, last)
    days = (D(2026, 4, 1), D(2026, 4, 2), D(2026, 4, 4), D(2026, 4, 5), D(2026, 4, 6))
    assert [one.on(day) for day in days] == [None, again, again, last, last]
    assert one.last is last


def test_records_of_several_programs_are_kept_apart() -> None:
    ids = {assignment(account, program=program).id for account, program in (("b", "a"), ("a", "b"), ("ab", "a"))}  # fmt: skip
    turns = {KeptTurns(program=program, turns=Turns(territory=name)).id for name, program in (("b", "a"), ("a", "b"))}  # fmt: skip
    assert (len(ids), len(turns)) == (3, 2)
    assert assignment("b", program="a").id == KeptTurns(program="a", turns=Turns(territory="b")).id


def test_assignments_are_found_by_what_came_of_them_last() -> None:
    store = MemoryStore()
    kept = (
        assignment("1", step(1, territory="west", member="bob"), step(2, territory="east", member="ann")),
        assignment("2", step(1, territory="east", member="bob"), program="other"),
        assignment("3", step(1, Result.AMBIGUOUS)),
        assignment("4"),
    )
    with store.unit_of_work() as work:
        for one in kept:
            work.repository(ACCOUNT_ASSIGNMENTS).put(one)
        work.commit()

    def found(**asked: Any) -> list[str]:
        with store.unit_of_work() as work:
            return sorted(one.record.account for one in work.repository(ACCOUNT_ASSIGNMENTS).query(**asked))

    assert (found(program="acme"), found(program="other")) == (["1", "3", "4"], ["2"])
    assert (found(territory="east"), found(territory="west")) == (["1", "2"], [])
    assert (found(member="ann"), found(member="bob")) == (["1"], ["2"])
    assert (found(result=Result.ASSIGNED), found(result=Result.AMBIGUOUS)) == (["1", "2"], ["3"])
    with store.unit_of_work() as work:
        assert work.repository(ACCOUNT_ASSIGNMENTS).get(kept[0].id).record == kept[0]
    names = (ACCOUNT_ASSIGNMENTS.name, ACCOUNT_ASSIGNMENTS.record.__name__)
    assert names == ("account-assignment", "AccountAssignment")


def test_turns_are_found_by_program() -> None:
    store = MemoryStore()
    kept = [KeptTurns(program=program, turns=Turns(territory="east")) for program in ("acme", "other")]
    with store.unit_of_work() as work:
        for one in kept:
            work.repository(TURNS).put(one)
        work.commit()
    with store.unit_of_work() as work:
        assert [one.record for one in work.repository(TURNS).query(program="acme")] == kept[:1]
        assert work.repository(TURNS).get(kept[1].id).record == kept[1]
    assert (TURNS.name, TURNS.record.__name__) == ("turns", "KeptTurns")


@pytest.mark.parametrize("record", [Pin, AssignmentStep, AccountAssignment, KeptTurns, Turns])
def test_every_part_is_told_by_its_name(record: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
