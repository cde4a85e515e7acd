"""Who approves: up to which amount, after whom, and in whose place."""

from datetime import date
from typing import Any

import attrs
import pytest

from prmcore.deals import Acting, Approver, ApproverChain, Delegation, acting
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Money

DAY = date(2026, 3, 2)
MARCH = DateRange(date(2026, 3, 1), date(2026, 4, 1))


def eur(amount: int) -> Money:
    return Money.of(amount, "EUR")


MANAGER = Approver(role="manager", limits=(eur(1000), Money.of(900, "USD")))
DIRECTOR = Approver(role="director", limits=(eur(9000),))
BOARD = Approver(role="board")
CHAIN = ApproverChain(approvers=(MANAGER, DIRECTOR))
AWAY = Delegation(by="mori", to="kim", role="director", period=MARCH)


@pytest.mark.parametrize("record", [Approver, ApproverChain, Delegation, Acting])
def test_every_part_of_an_approval_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_nobody_approves_where_nothing_is_said() -> None:
    chain = ApproverChain()
    assert (chain.approvers, chain.every_level, chain.two_above_limits) == ((), False, False)
    assert chain.needed(eur(1)) is None
    assert not chain.may_come_next("manager", (), eur(1))
    assert attrs.evolve(chain, two_above_limits=True).needed(eur(1)) is None


@pytest.mark.parametrize(
    ("approver", "amount", "enough"),
    [
        (MANAGER, eur(1000), True),
        (MANAGER, eur(1001), False),
        (MANAGER, Money.of(900, "USD"), True),
        (MANAGER, Money.of(901, "USD"), False),
        (MANAGER, Money.of(1, "JPY"), False),
        (MANAGER, None, None),
        (BOARD, None, True),
        (BOARD, eur(10**9), True),
    ],
)
def test_a_role_approves_up_to_its_limit_in_each_currency(
    approver: Approver, amount: Money | None, enough: bool | None
) -> None:
    assert approver.suffices(amount) is enough


def limited(role: str, *amounts: int) -> Approver:
    return Approver(role=role, limits=tuple(map(eur, amounts)))


@pytest.mark.parametrize(
    ("approvers", "messages"),
    [
        ((limited("a", 1), limited("a", 2)), ["'a' stands here twice @ approvers"]),
        ((limited("", 1),), ["found ''; accepted: an id of 1 to 200 characters @ role"]),
        ((limited("a", 1, 2),), ["two limits in EUR @ approvers[0].limits"]),
        ((limited("a", 0),), ["found 0.00 EUR; accepted: an amount above zero @ approvers[0].limits"]),
        ((limited("a", 2), limited("b", 1)),
         ["found 1.00 EUR; accepted: no less than the level below it @ approvers[1].limits"]),
        ((limited("a", 3), limited("b"), limited("c", 9)), ["a level above one without limits is never needed @ approvers[2]"]),
        ((limited("a"), limited("b")), ["a level above one without limits is never needed @ approvers[1]"]),
        ((limited("a", 3), Approver(role="b", limits=(Money.of(5, "USD"),)), limited("c", 2)),
         ["found 2.00 EUR; accepted: no less than the level below it @ approvers[2].limits"]),
    ],
)  # fmt: skip
def test_levels_that_contradict_each_other_are_refused(
    approvers: tuple[Approver, ...], messages: list[str]
) -> None:
    with pytest.raises(InvalidInput, match="the approvers cannot be used") as refused:
        ApproverChain(approvers=approvers)
    assert [str(fault) for fault in refused.value.faults] == messages


def test_levels_may_have_the_same_limit_the_smallest_and_the_last_none() -> None:
    one_cent = Approver(role="a", limits=(Money("EUR", 1),))
    found = ApproverChain(approvers=(one_cent, attrs.evolve(one_cent, role="b"), Approver(role="c")))
    assert found.needed(Money("EUR", 1)) == ("a",)
    assert found.needed(Money("EUR", 2)) == ("c",)


@pytest.mark.parametrize(
    ("every_level", "two", "amount", "needed"),
    [
        (False, False, eur(1000), ("manager",)),
        (False, False, eur(1001), ("director",)),
        (False, False, eur(9001), None),
        (False, False, None, None),
        (False, True, None, None),
        (False, True, eur(9001), ("director", "director")),
        (False, True, eur(9000), ("director",)),
        (True, False, eur(1000), ("manager",)),
        (True, False, eur(1001), ("manager", "director")),
        (True, False, eur(9001), None),
        (True, True, eur(9001), ("manager", "director", "director")),
    ],
)
def test_what_is_needed_depends_on_the_amount(
    every_level: bool, two: bool, amount: Money | None, needed: tuple[str, ...] | None
) -> None:
    chain = attrs.evolve(CHAIN, every_level=every_level, two_above_limits=two)
    assert chain.needed(amount) == needed


@pytest.mark.parametrize(
    ("every_level", "role", "given", "amount", "next_one"),
    [
        (False, "manager", (), eur(1000), True),
        (False, "director", (), eur(1000), True),  # above the lowest that suffices
        (False, "manager", (), eur(1001), False),
        (False, "manager", ("manager",), eur(1000), False),  # nothing is needed any more
        (False, "guest", (), eur(1000), False),
        (False, "director", (), eur(20_000), True),
        (False, "manager", ("director",), eur(20_000), False),
        (False, "director", ("director",), eur(20_000), True),
        (False, "director", ("director", "director"), eur(20_000), False),
        (False, "director", (), None, False),
        (True, "manager", (), eur(5000), True),
        (True, "director", (), eur(5000), False),
        (True, "director", ("manager",), eur(5000), True),
        (True, "manager", ("manager",), eur(5000), False),
        (True, "director", ("manager", "director"), eur(5000), False),
    ],
)
def test_who_comes_next_depends_on_who_has_approved(
    every_level: bool, role: str, given: tuple[str, ...], amount: Money | None, next_one: bool
) -> None:
    chain = attrs.evolve(CHAIN, every_level=every_level, two_above_limits=True)
    assert chain.may_come_next(role, given, amount) is next_one


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"by": ""}, ["found ''; accepted: an id of 1 to 200 characters @ by"]),
        ({"to": ""}, ["found ''; accepted: an id of 1 to 200 characters @ to"]),
        ({"role": ""}, ["found ''; accepted: an id of 1 to 200 characters @ role"]),
        ({"to": "mori"}, ["nobody delegates to himself @ to"]),
        ({"limits": (eur(1), eur(2))}, ["two limits in EUR @ limits"]),
    ],
)
def test_a_delegation_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(InvalidInput, match="the delegation cannot be used") as refused:
        attrs.evolve(AWAY, **changed)
    assert [str(fault) for fault in refused.value.faults] == messages


@pytest.mark.parametrize(
    ("limits", "amount", "day", "covers"),
    [
        ((), None, DAY, True),
        ((), eur(10**9), date(2026, 3, 31), True),
        ((), eur(1), date(2026, 4, 1), False),
        ((), eur(1), date(2026, 2, 28), False),
        ((eur(500),), eur(500), DAY, True),
        ((eur(500),), eur(501), DAY, False),
        ((eur(500),), None, DAY, None),
    ],
)
def test_a_delegation_covers_its_days_up_to_its_limits(
    limits: tuple[Money, ...], amount: Money | None, day: date, covers: bool | None
) -> None:
    assert attrs.evolve(AWAY, limits=limits).covers(amount, day) is covers


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"by": ""}, ["found ''; accepted: an id of 1 to 200 characters @ by"]),
        ({"role": ""}, ["found ''; accepted: an id of 1 to 200 characters @ role"]),
        ({"delegation": AWAY}, ["it is for 'kim' in the role 'director' @ delegation"]),
        ({"delegation": AWAY, "by": "kim"}, ["it is for 'kim' in the role 'director' @ delegation"]),
        ({"delegation": AWAY, "role": "director"}, ["it is for 'kim' in the role 'director' @ delegation"]),
    ],
)
def test_nobody_acts_by_a_delegation_of_another(changed: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(InvalidInput, match="nobody can act so") as refused:
        attrs.evolve(Acting(by="ito", role="manager"), **changed)
    assert [str(fault) for fault in refused.value.faults] == messages


def test_whoever_acts_for_another_shares_the_say_with_him() -> None:
    assert Acting(by="ito", role="manager").people == ("ito",)
    assert Acting(by="kim", role="director", delegation=AWAY).people == ("kim", "mori")
    assert Acting(by="ito", role="manager").is_held is True


HOLDERS = {"director": frozenset({"mori", "sato"})}


def of(by: str, **changed: Any) -> Delegation:
    return attrs.evolve(AWAY, by=by, **changed)


@pytest.mark.parametrize(
    ("by", "delegations", "chosen", "is_held"),
    [
        ("mori", [of("sato", to="mori")], None, True),  # holds it in his own right
        ("kim", [], None, False),
        ("kim", [of("mori")], of("mori"), True),
        ("kim", [of("abe"), of("mori")], of("mori"), True),  # abe does not hold it
        ("kim", [of("abe")], of("abe"), False),
        ("kim", [of("sato"), of("mori")], of("mori"), True),  # of two alike the first by name
        (
            "kim",
            [of("mori", limits=(eur(1),)), of("sato")],
            of("sato"),
            True,
        ),  # without a limit before one with
        ("kim", [of("abe"), of("mori", limits=(eur(1),))], of("mori", limits=(eur(1),)), True),
        ("kim", [of("mori", to="ito"), of("mori", role="manager")], None, False),
        ("kim", [of("mori", period=DateRange(date(2026, 3, 3)))], None, False),
    ],
)
def test_in_whose_place_somebody_acts(
    by: str, delegations: list[Delegation], chosen: Delegation | None, is_held: bool
) -> None:
    found = acting(by, "director", DAY, holders=HOLDERS, delegations=delegations)
    assert found == Acting(by=by, role="director", delegation=chosen, is_held=is_held)


def test_a_role_that_nobody_holds_is_held_by_nobody() -> None:
    assert acting("kim", "board", DAY, holders=HOLDERS) == Acting(by="kim", role="board", is_held=False)
