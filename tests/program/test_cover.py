"""Coverage over a store: who has each account, kept between runs, versions, pins and racing runs."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.program import ProgramVersions, from_document
from prmcore.program.cover import assign_accounts, assignment_of, pin_account, unpin_account
from prmcore.repository import Store, UnitOfWork
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.territory.coverage import (
    Among,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    CoverageState,
    Distribution,
    Member,
    Result,
    Territory,
    Turns,
)
from prmcore.territory.coverage.repository import ACCOUNT_ASSIGNMENTS, TURNS, AssignmentStep, Pin

DAY, LATER, LAST = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
BARE = from_document(
    {
        "format": "prmcore/1",
        "name": "cover",
        "version": "2026",
        "trees": {"goods": {"bikes": {}}},
        "products": "goods",
        "registrations": {"approvers": {"approvers": [{"role": "manager"}]}},
    }
)  # no coverage
PATIENCE = 60  # seconds


def rule(id: str, segment: str, territory: str) -> CoverageRule:
    return CoverageRule(id=id, territory=territory, cells={"segment": Among(codes=frozenset({segment}))})


EAST = Territory(name="east", members=(Member(id="ann"), Member(id="bob")))
WEST = Territory(name="west")
BIG, SMALL = {"segment": "big"}, {"segment": "small"}


def versions(
    *territories: Territory,
    name: str = "coverage/2026",
    rules: tuple[CoverageRule, ...] = (rule("big", "big", "east"), rule("small", "small", "west")),
    state: CoverageState = CoverageState.ACTIVE,
) -> ProgramVersions:
    """A program whose big accounts are the east's and whose small ones are the west's; others are nobody's."""
    model = CoverageModel(
        name=name,
        dimensions=(CodeDimension(name="segment", accepted=frozenset({"big", "small", "other"})),),
        territories=territories or (EAST, WEST),
        rules=rules,
        state=state,
    )
    return ProgramVersions.of(attrs.evolve(BARE, coverage=CoveragePolicy(model)))


VERSIONS = versions()
SWAPPED = versions(
    name="coverage/2027", rules=(rule("big", "big", "east"), rule("small-too", "small", "east"))
)


def last(store: Store, account: str) -> AssignmentStep:
    found = assignment_of(store, "cover", account)
    assert found is not None
    assert found.last is not None
    return found.last


def members(store: Store, *accounts: str) -> list[str | None]:
    return [last(store, account).member for account in accounts]


def steps(store: Store) -> dict[str, int]:
    with store.unit_of_work() as work:
        return {one.record.account: len(one.record.steps) for one in work.repository(ACCOUNT_ASSIGNMENTS)}


def turns(store: Store) -> list[Turns]:
    with store.unit_of_work() as work:
        return [one.record.turns for one in work.repository(TURNS)]


def pin(on: date = DAY, member: str | None = None, until: date | None = None, to: str = "west") -> Pin:
    return Pin(territory=to, member=member, by="kim", reason="a promise", on=on, until=until)


# the same again


def test_the_same_accounts_by_the_same_version_change_nothing() -> None:
    store, accounts = MemoryStore(), {"A": BIG, "B": BIG, "C": SMALL, "D": {"segment": "other"}}
    first = assign_accounts(store, VERSIONS, accounts, DAY)
    kept = turns(store)
    again = assign_accounts(store, VERSIONS, accounts, LATER)
    assert (first.decided, first.moved, again.decided, again.moved) == (4, 4, 4, 0)
    assert steps(store) == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert turns(store) == kept
    assert again.results == first.results == {Result.ASSIGNED.value: 3, last(store, "D").result.value: 1}


def test_an_account_is_one_subject_however_many_runs_name_it_beside_others() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"A": BIG}, DAY)
    assert assign_accounts(store, VERSIONS, {"B": BIG, "A": BIG}, DAY).moved == 1
    assert members(store, "A", "B") == ["ann", "bob"]
    assert steps(store) == {"A": 1, "B": 1}


def test_turns_go_on_where_the_run_before_left_them() -> None:
    store = MemoryStore()
    for id in ("A", "B", "C"):
        assign_accounts(store, VERSIONS, {id: BIG}, DAY)
    assert members(store, "A", "B", "C") == ["ann", "bob", "ann"]
    assert turns(store) == [Turns(territory="east", given=(("ann", 2), ("bob", 1)))]


# another version


def test_another_version_moves_only_what_it_gives_to_another_territory_and_says_why() -> None:
    store, accounts = MemoryStore(), {"A": BIG, "B": SMALL}
    assign_accounts(store, VERSIONS, accounts, DAY)
    assert assign_accounts(store, SWAPPED, accounts, LATER).moved == 1
    found = assignment_of(store, "cover", "B")
    assert found is not None
    told = [(one.on, one.model, one.territory, one.member) for one in found.steps]
    assert told == [(DAY, "coverage/2026", "west", None), (LATER, "coverage/2027", "east", "bob")]
    assert [one.record["outcome"]["rule"] for one in found.steps] == ["small", "small-too"]
    assert steps(store) == {"A": 1, "B": 2}


def test_who_had_an_account_on_a_day_stays_known() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"B": SMALL}, DAY)
    assign_accounts(store, SWAPPED, {"B": SMALL}, LATER)
    found = assignment_of(store, "cover", "B")
    assert found is not None
    before, at_last = found.on(date(2026, 4, 30)), found.on(LATER)
    assert before is not None
    assert at_last is not None
    assert (before.territory, at_last.territory) == ("west", "east")
    assert found.on(date(2026, 3, 31)) is None


def test_an_account_whose_member_has_left_goes_to_another_member() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"A": BIG, "B": BIG}, DAY)
    without_ann = versions(attrs.evolve(EAST, members=(Member(id="bob"),)), WEST, name="coverage/2027")
    assert assign_accounts(store, without_ann, {"A": BIG, "B": BIG}, LATER).moved == 1
    assert members(store, "A", "B") == ["bob", "bob"]


# pins


def test_a_pinned_account_stays_where_a_person_put_it() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"A": BIG}, DAY)
    pin_account(store, VERSIONS, "A", BIG, pin())
    for run in (VERSIONS, SWAPPED):
        covered = assign_accounts(store, run, {"A": BIG}, LATER)
        assert (covered.moved, covered.pinned) == (0, 1)
    assert (last(store, "A").territory, last(store, "A").pinned_by) == ("west", "kim")


def test_a_pin_that_has_run_out_leaves_the_account_to_the_rules() -> None:
    store = MemoryStore()
    pin_account(store, VERSIONS, "A", BIG, pin(until=LATER))
    assert assign_accounts(store, VERSIONS, {"A": BIG}, date(2026, 4, 30)).pinned == 1
    assert assign_accounts(store, VERSIONS, {"A": BIG}, LATER).moved == 1
    assert (last(store, "A").territory, last(store, "A").pinned_by) == ("east", None)


def test_an_account_whose_pin_was_taken_off_is_decided_by_the_rules_once() -> None:
    store = MemoryStore()
    pin_account(store, VERSIONS, "A", BIG, pin())
    unpin_account(store, "cover", "A")
    assert last(store, "A").territory == "west"  # until the next run
    assert [assign_accounts(store, VERSIONS, {"A": BIG}, LATER).moved for _ in range(2)] == [1, 0]
    assert (last(store, "A").territory, last(store, "A").member) == ("east", "ann")


def test_an_account_that_comes_back_to_who_has_it_does_not_move() -> None:
    store = MemoryStore()
    pin_account(store, VERSIONS, "A", BIG, pin(member="ann", to="east"))
    unpin_account(store, "cover", "A")
    covered = assign_accounts(store, VERSIONS, {"A": BIG}, LATER)
    assert (last(store, "A").member, last(store, "A").pinned_by) == ("ann", None)
    assert (covered.moved, steps(store)) == (0, {"A": 2})  # a step of its own: the rules give it now


def test_an_account_that_is_not_pinned_cannot_be_unpinned() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"A": BIG}, DAY)
    for account in ("A", "nobody's"):
        with pytest.raises(InvalidInput, match="is not pinned"):
            unpin_account(store, "cover", account)


def test_a_pin_to_somebody_who_is_no_member_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="'cy' is no member of 'east'; its members: ann, bob"):
        pin_account(MemoryStore(), VERSIONS, "A", BIG, pin(member="cy", to="east"))


# room


def limited(**capacities: int | None) -> ProgramVersions:
    filled = Territory(
        name="east", members=tuple(Member(id=id, capacity=most) for id, most in capacities.items()),
        distribution=Distribution.CAPACITY, fallback="west",
    )  # fmt: skip
    return versions(filled, attrs.evolve(WEST, members=(Member(id="wu"),)))


def test_an_account_takes_no_room_from_itself_when_it_is_decided_anew() -> None:
    """Ann has room for one, and the one she has is this: the rules give it to her again, not to the fallback."""
    store, run = MemoryStore(), limited(ann=1)
    pin_account(store, run, "A", BIG, pin(member="ann", to="east"))
    unpin_account(store, "cover", "A")
    assign_accounts(store, run, {"A": BIG}, LATER)
    assert (last(store, "A").territory, last(store, "A").member) == ("east", "ann")
    assign_accounts(store, run, {"B": BIG}, LATER)  # and she has no more
    assert (last(store, "B").territory, last(store, "B").member) == ("west", "wu")


def test_an_account_that_stays_keeps_its_room() -> None:
    store, run = MemoryStore(), limited(ann=1)
    assign_accounts(store, run, {"A": BIG}, DAY)
    assign_accounts(store, run, {"A": BIG, "B": BIG}, LATER)
    assert members(store, "A", "B") == ["ann", "wu"]


def test_an_account_that_leaves_makes_room_in_the_same_run() -> None:
    store, run = MemoryStore(), limited(ann=1)
    assign_accounts(store, run, {"A": BIG}, DAY)
    assign_accounts(store, run, {"A": SMALL, "B": BIG}, LATER)
    assert members(store, "A", "B") == ["wu", "ann"]


def test_accounts_without_a_member_take_nobodys_room() -> None:
    """A member may be called None, as people are."""
    store = MemoryStore()
    filled = Territory(name="east", members=(Member(id="None", capacity=1),))
    run = versions(filled, WEST)
    assign_accounts(store, run, {"A": SMALL, "B": {"segment": "other"}, "C": BIG}, DAY)
    assert members(store, "A", "B", "C") == [None, None, "None"]


# what is refused


def test_what_is_wrong_is_told_of_all_accounts_at_once_and_nothing_is_kept() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"Y": BIG, "Z": BIG}, LATER)
    kept = steps(store)
    accounts: dict[str, Any] = {f"A{n:04}": BIG for n in range(600)} | {  # more than one unit of work
        "W": {"segment": "huge"}, "X": {"size": 7}, "Y": BIG, "Z": BIG,
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        assign_accounts(store, VERSIONS, accounts, DAY)
    assert [fault.path for fault in refused.value.faults] == [
        "accounts.W.segment", "accounts.X.size", "accounts.Y", "accounts.Z",
    ]  # fmt: skip
    assert "was assigned on 2026-05-01, after 2026-04-01" in str(refused.value)
    assert steps(store) == kept


def test_the_values_of_an_account_cannot_name_another_one() -> None:
    store = MemoryStore()
    with pytest.raises(InvalidInput) as refused:
        assign_accounts(store, VERSIONS, {"A": {"account": "B", **BIG}, "C": {"id": "D", **BIG}}, DAY)
    assert [str(fault) for fault in refused.value.faults] == [
        "found account among the values of 'A'; accepted: dimensions only @ accounts.A",
        "unknown fact 'id'. There are: account, segment @ accounts.C.id",
    ]
    with pytest.raises(InvalidInput, match="found account among the values of 'A'"):
        pin_account(store, VERSIONS, "A", {"account": "B"}, pin())
    assert steps(store) == {}


def test_a_pin_before_the_last_step_is_refused() -> None:
    store = MemoryStore()
    assign_accounts(store, VERSIONS, {"A": BIG}, LATER)
    with pytest.raises(InvalidInput, match="was assigned on 2026-05-01, after 2026-04-01"):
        pin_account(store, VERSIONS, "A", BIG, pin(on=DAY))


def test_a_draft_and_a_program_without_coverage_decide_nothing() -> None:
    with pytest.raises(InvalidInput, match="is a draft; accepted: state = 'active'"):
        assign_accounts(MemoryStore(), versions(state=CoverageState.DRAFT), {"A": BIG}, DAY)
    with pytest.raises(InvalidInput, match="cover/2026 has no coverage"):
        assign_accounts(MemoryStore(), ProgramVersions.of(BARE), {"A": BIG}, DAY)


# races

RUNS, SHARED = 20, 6  # runs of each racer, and those of them that name the same accounts


def accounts_of(racer: int, run: int) -> list[str]:
    whose = "both" if run < SHARED else f"racer-{racer}"
    return [f"{whose}-{run}-{place}" for place in range(3)]


def test_of_racing_runs_on_one_file_none_assigns_an_account_twice_or_loses_a_turn(tmp_path: Path) -> None:
    path, racers = tmp_path / "cover.sqlite", 2
    store = SqliteStore(path)
    barrier = threading.Barrier(racers)
    moved: list[int] = []

    def race(racer: int) -> None:
        own = SqliteStore(path)
        for run in range(RUNS):
            barrier.wait(PATIENCE)
            moved.append(
                assign_accounts(own, VERSIONS, dict.fromkeys(accounts_of(racer, run), BIG), DAY).moved
            )
        own.close()

    threads = [threading.Thread(target=race, args=(racer,)) for racer in range(racers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE)
    expected = {id for racer in range(racers) for run in range(RUNS) for id in accounts_of(racer, run)}
    assert len(expected) == 102  # 6 runs of 3 in common, and 14 of 3 for each of two
    assert sum(moved) == 102
    assert steps(store) == dict.fromkeys(expected, 1)
    assert turns(store) == [Turns(territory="east", given=(("ann", 51), ("bob", 51)))]
    assert Counter(members(store, *expected)) == {"ann": 51, "bob": 51}
    store.close()


class Meanwhile:
    """A store in which something else happens before a unit of work begins, counted from 1."""

    def __init__(self, before: int, happens: Callable[[Store], Any]) -> None:
        self.store, self.before, self.happens, self.begun = MemoryStore(), before, happens, 0

    def unit_of_work(self) -> UnitOfWork:
        self.begun += 1
        if self.begun == self.before:
            self.happens(self.store)
        return self.store.unit_of_work()


def test_a_run_that_a_later_one_overtakes_is_refused_there_and_what_it_kept_before_stays() -> None:
    """The first unit of work checks, the second keeps 500 accounts, the third finds Z on a later day."""
    store = Meanwhile(3, lambda kept: assign_accounts(kept, VERSIONS, {"Z": BIG}, LATER))
    with pytest.raises(InvalidInput, match="'Z' was assigned on 2026-05-01, after 2026-04-01"):
        assign_accounts(store, VERSIONS, {f"A{n:03}": BIG for n in range(500)} | {"Z": BIG}, DAY)
    assert len(steps(store)) == 501
    assert last(store, "Z").on == LATER


class Overtaken:
    """A store in which something else is kept just before the first change is."""

    def __init__(self, happens: Callable[[Store], Any]) -> None:
        self.store, self.waiting = MemoryStore(), [happens]

    def unit_of_work(self) -> UnitOfWork:
        work = self.store.unit_of_work()
        commit = work.commit

        def overtaken() -> None:
            while self.waiting:
                self.waiting.pop()(self.store)
            commit()

        work.commit = overtaken  # type: ignore[method-assign]
        return work


@pytest.mark.parametrize(("in_east", "in_west"), [(1, 1), (1, None), (None, 1)])
def test_a_member_of_two_territories_is_not_given_more_than_it_has_room_for(
    in_east: int | None, in_west: int | None
) -> None:
    """Ann has room for one account. Somebody gives her one in the west while she is given one in the east: that counts."""
    house = Territory(name="house", members=(Member(id="hal"),))
    east = Territory(name="east", members=(Member(id="ann", capacity=in_east),), fallback="house")
    west = Territory(name="west", members=(Member(id="ann", capacity=in_west),), fallback="house")
    run = versions(east, west, house)
    store = Overtaken(lambda kept: assign_accounts(kept, run, {"B": SMALL}, DAY))
    assign_accounts(store, run, {"A": BIG}, DAY)
    assert members(store, "A", "B") == (["ann", "ann"] if in_east is None else ["hal", "ann"])
