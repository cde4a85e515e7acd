"""The records of deal registration: what they do not accept, and what is read from the steps of a registration."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from prmcore.deals.registrations import (
    REGISTRATION_MOVES,
    Deal,
    Place,
    Protection,
    RegisteredAccount,
    RegisteredScope,
    Registration,
    RegistrationAction,
    RegistrationState,
    RegistrationStep,
    Revision,
    Scope,
    Term,
    scopes_overlap,
)
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Money, PercentagePoints, Tree

A, S = RegistrationAction, RegistrationState
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TREE = Tree(
    "products",
    {"bikes": None, "road": "bikes", "gravel": "bikes", "helmets": None},
    {"city": frozenset({"road", "helmets"})},
)
DEAL = Deal(customer="Contoso")
DRAFT = Registration(
    id="R-1", program="acme", partner="P-1", revisions=(Revision(deal=DEAL, at=AT, by="sato"),)
)


def refused(record: Any, **changed: Any) -> list[str]:
    with pytest.raises(InvalidInput) as found:
        attrs.evolve(record, **changed)
    return [str(fault) for fault in found.value.faults]


def after(*steps: tuple[RegistrationAction, int, str], **known: Any) -> Registration:
    """A registration with steps, each so many days after the first revision, by somebody."""
    state, taken = S.DRAFT, []
    for action, days, by in steps:
        state = REGISTRATION_MOVES[state, action]
        taken.append(RegistrationStep(action=action, after=state, at=AT + days * DAY, by=by))
    return attrs.evolve(DRAFT, steps=tuple(taken), **known)


# what is given


@pytest.mark.parametrize(
    "record", [Term, Deal, Revision, Scope, Protection, RegistrationStep, Registration, RegisteredScope, RegisteredAccount]
)  # fmt: skip
def test_every_part_of_a_record_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


@pytest.mark.parametrize(
    ("days", "months"), [(1, 0), (4000, 0), (0, 1), (0, 4000)]
)  # fmt: skip
def test_a_term_is_some_days_or_some_months(days: int, months: int) -> None:
    term = Term(days=days, months=months)
    assert (term.days, term.months) == (days, months)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({}, "found 0 days, 0 months; accepted: one of them, 1 to 4000"),
        ({"days": 1, "months": 1}, "found 1 days, 1 months; accepted: one of them, 1 to 4000"),
        ({"days": 4001}, "found 4001 days, 0 months; accepted: one of them, 1 to 4000"),
        ({"months": 4001}, "found 0 days, 4001 months; accepted: one of them, 1 to 4000"),
        ({"days": -1}, "found -1 days, 0 months; accepted: one of them, 1 to 4000"),
        ({"days": 1.0}, "found 1.0 days, 0 months; accepted: one of them, 1 to 4000"),
        ({"months": True}, "found 0 days, True months; accepted: one of them, 1 to 4000"),
    ],
)
def test_a_term_is_not_both_nor_nothing(told: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as found:
        Term(**told)
    assert str(found.value) == message


def test_a_term_does_not_reach_beyond_the_calendar() -> None:
    assert Term(days=1).after(date(9999, 12, 30)) == date(9999, 12, 31)
    with pytest.raises(InvalidInput, match="9999-12-31 and 3 months reach outside the years 1 to 9999"):
        Term(months=3).after(date(9999, 12, 31))
    with pytest.raises(InvalidInput, match="9990-01-01 and 120 months reach outside the years 1 to 9999"):
        Term(months=120).after(date(9990, 1, 1))


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        ({"customer": ""}, ["found ''; accepted: an id of 1 to 200 characters @ customer"]),
        ({"division": ""}, ["found ''; accepted: an id of 1 to 200 characters @ division"]),
        ({"source": ""}, ["found ''; accepted: an id of 1 to 200 characters @ source"]),
        ({"products": frozenset({"a", ""})}, ["found ''; accepted: an id of 1 to 200 characters @ products"]),
        ({"value": Money("EUR", -1)}, ["found -0.01 EUR; accepted: zero or more @ value"]),
        ({"tender_published": True}, ["only a tender is published @ tender_published"]),
        ({"tender_published": True, "is_tender": False}, ["only a tender is published @ tender_published"]),
        ({"answers": (("budget", "a"), ("budget", "b"))}, ["'budget' is answered twice @ answers"]),
        ({"products": frozenset(f"p{number}" for number in range(1001))},
         ["too long; accepted: up to 1000 products and 100000 characters of answers"]),
        ({"answers": (("why", "x" * 99_998),)},
         ["too long; accepted: up to 1000 products and 100000 characters of answers"]),
    ],
)  # fmt: skip
def test_a_deal_says_what_is_wrong_with_it(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(DEAL, **changed) == messages


@pytest.mark.parametrize(
    "changed",
    [
        {"value": Money("EUR", 0)},
        {"tender_published": True, "is_tender": True},
        {"tender_published": False},
        {"is_tender": True},
        {"products": frozenset(f"p{number}" for number in range(1000))},
        {"answers": (("why", "x" * 99_997),)},  # 100,000 with its name
    ],
)
def test_the_most_and_the_least_that_a_deal_may_say_is_accepted(changed: dict[str, Any]) -> None:
    found = attrs.evolve(DEAL, **changed)
    assert {name: getattr(found, name) for name in changed} == changed


def test_what_is_said_of_a_deal_is_filled_in_and_an_empty_answer_is_not() -> None:
    said = Deal(
        customer="Contoso", value=Money("EUR", 0), is_tender=False, answers=(("budget", "yes"), ("rival", ""))
    )
    assert said.filled == {"customer", "value", "is_tender", "budget"}


@pytest.mark.parametrize(
    ("changed", "messages"),
    [
        *(
            ({name: ""}, [f"found ''; accepted: an id of 1 to 200 characters @ {name}"])
            for name in ("id", "program", "partner", "account", "opportunity")
        ),
        ({"revisions": ()}, ["found none; accepted: one at least @ revisions"]),
    ],
)
def test_a_registration_is_known_by_ids_and_has_a_deal(changed: dict[str, Any], messages: list[str]) -> None:
    assert refused(DRAFT, **changed) == messages


PROTECTED = Protection(start=date(2026, 3, 2), anchor=date(2026, 3, 2), terms=(Term(days=1),))


def test_a_protection_lasts_a_day_at_least() -> None:
    assert (PROTECTED.until, PROTECTED.period) == (
        date(2026, 3, 3), DateRange(date(2026, 3, 2), date(2026, 3, 3)),
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="the protection ends on 2026-03-03, not after 2026-03-03"):
        attrs.evolve(PROTECTED, start=date(2026, 3, 3))
    endless = attrs.evolve(PROTECTED, terms=())
    assert (endless.until, endless.period) == (None, DateRange(date(2026, 3, 2)))


def test_months_are_counted_before_days_and_all_of_them_from_the_first_day() -> None:
    """Two months from 31 December are the 28th of February, whatever January is; ten days more are 10 March."""
    months = (Term(months=1), Term(days=10), Term(months=1))
    found = Protection(start=date(2025, 12, 31), anchor=date(2025, 12, 31), terms=months)
    assert found.until == date(2026, 3, 10)


# scopes


def scope(*products: str, division: str | None = None) -> Scope:
    return Scope(division=division, products=frozenset(products))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (scope("road", "gravel"), scope("gravel", "helmets"), True),
        (scope("road"), scope("bikes"), False),  # without a tree a code is only itself
        (scope("road"), scope("road"), True),
        (scope("road", division="north"), scope("road", division="north"), True),
        (scope("road", division="north"), scope("road"), True),
        (scope("road"), scope("road", division="north"), True),
        (scope("road", division="north"), scope("road", division="south"), False),
        (scope(), scope("road"), True),
        (scope("road"), scope(), True),
    ],
)
def test_without_a_tree_of_products_scopes_overlap_by_their_codes(
    one: Scope, other: Scope, overlap: bool
) -> None:
    assert one.overlaps(other) is scopes_overlap(one, other) is scopes_overlap(other, one) is overlap


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (scope("bikes"), scope("road"), True),
        (scope("road"), scope("bikes"), True),
        (scope("bikes"), scope("gone"), False),
        (scope("gone"), scope("bikes"), False),
        (scope("city"), scope("helmets"), True),
        (scope("city"), scope("gravel"), False),
    ],
)
def test_with_a_tree_a_product_is_also_what_is_below_it(one: Scope, other: Scope, overlap: bool) -> None:
    assert scopes_overlap(one, other, TREE) is overlap


@pytest.mark.parametrize(
    ("earlier", "now", "grows"),
    [
        (scope("road"), scope("road"), False),
        (scope("road"), scope("gravel"), True),
        (scope("road", "gravel"), scope("road"), False),
        (scope("road"), scope("road", "gravel"), True),
        (scope("road"), scope(), True),
        (scope(), scope("road"), False),
        (scope(), scope(), False),
        (scope("bikes"), scope("road"), False),
        (scope("road"), scope("bikes"), True),
        (scope("bikes", "helmets"), scope("road", "helmets"), False),
        (scope("gone"), scope("bikes"), True),
        (scope(division="north"), scope(division="north"), False),
        (scope(division="north"), scope(division="south"), True),
        (scope(division="north"), scope(), True),
        (scope(), scope(division="north"), False),
        (scope("road"), scope("gravel", division="north"), True),
    ],
)
def test_a_scope_grows_by_what_the_earlier_one_did_not_hold(earlier: Scope, now: Scope, grows: bool) -> None:
    assert now.grows_from(earlier, TREE) is grows


def test_without_a_tree_a_scope_grows_by_every_other_code() -> None:
    assert scope("road").grows_from(scope("bikes"))
    assert not scope("road").grows_from(scope("road", "bikes"))


# what is read from the steps


def test_a_registration_without_steps_is_a_draft_of_whoever_wrote_it() -> None:
    assert (DRAFT.state, DRAFT.deal, DRAFT.last_at, DRAFT.turn, DRAFT.approvals, DRAFT.extensions) == (
        S.DRAFT, DEAL, AT, (), (), 0,
    )  # fmt: skip
    assert (DRAFT.submitted_at, DRAFT.completed_at, DRAFT.approved_at, DRAFT.extension_asked) == (None,) * 4
    assert DRAFT.asked_by == {"P-1", "sato"}


BACK = after(
    (A.SUBMIT, 1, "sato"), (A.APPROVE_PART, 2, "kim"), (A.RETURN, 3, "kim"), (A.RESUBMIT, 4, "abe"),
    (A.REVIEW, 5, "kim"), (A.APPROVE_PART, 6, "kim"), (A.APPROVE, 7, "mori"),
)  # fmt: skip


def test_what_came_back_has_a_turn_of_its_own_and_keeps_when_it_was_submitted_first() -> None:
    assert [step.action for step in BACK.turn] == [A.RESUBMIT, A.REVIEW, A.APPROVE_PART, A.APPROVE]
    assert [(step.action, step.by) for step in BACK.approvals] == [
        (A.APPROVE_PART, "kim"),
        (A.APPROVE, "mori"),
    ]
    assert (BACK.submitted_at, BACK.completed_at, BACK.approved_at) == (AT + DAY, AT + 4 * DAY, AT + 7 * DAY)
    assert (BACK.state, BACK.last_at) == (S.APPROVED, AT + 7 * DAY)


def test_what_was_queued_is_approved_anew() -> None:
    found = after(
        (A.SUBMIT, 1, "sato"), (A.APPROVE_PART, 2, "kim"), (A.QUEUE, 3, "kim"), (A.RECONSIDER, 4, "kim"),
        (A.APPROVE_PART, 5, "mori"),
    )  # fmt: skip
    assert [step.by for step in found.approvals] == ["mori"]


def test_whoever_wrote_submitted_or_brought_it_back_asked_for_it_and_nobody_else() -> None:
    corrected = Revision(deal=attrs.evolve(DEAL, source="fair"), at=AT + 8 * DAY, by="ito")
    found = attrs.evolve(BACK, revisions=(*BACK.revisions, corrected))
    assert found.asked_by == {"P-1", "sato", "abe", "ito"}
    assert (found.deal.source, found.last_at) == ("fair", AT + 8 * DAY)
    third = attrs.evolve(corrected, deal=DEAL, at=AT + 9 * DAY)
    assert attrs.evolve(found, revisions=(*found.revisions, third)).deal == DEAL
    assert attrs.evolve(found, revisions=(*found.revisions, third)).last_at == AT + 9 * DAY


@pytest.mark.parametrize(
    ("actions", "asked", "extensions"),
    [
        ((), None, 0),
        ((A.ASK_EXTENSION,), 2, 0),
        ((A.ASK_EXTENSION, A.EXTEND), None, 1),
        ((A.ASK_EXTENSION, A.DECLINE_EXTENSION), None, 0),
        ((A.ASK_EXTENSION, A.EXTEND, A.ASK_EXTENSION, A.EXTEND), None, 2),
        ((A.ASK_EXTENSION, A.DECLINE_EXTENSION, A.ASK_EXTENSION), 4, 0),
        ((A.ASK_EXTENSION, A.EXTEND, A.CONVERT), None, 1),
        ((A.ASK_EXTENSION, A.CONVERT), 2, 0),
    ],
)
def test_an_extension_is_asked_for_until_it_is_decided(
    actions: tuple[RegistrationAction, ...], asked: int | None, extensions: int
) -> None:
    steps = [(action, day, "kim") for day, action in enumerate((A.SUBMIT, A.APPROVE, *actions))]
    found = after(*steps)
    assert found.extension_asked == (None if asked is None else found.steps[asked])
    assert found.extensions == extensions


# the account

FIRST, SECOND, THIRD = (Place(AT, number) for number in (1, 2, 3))
ACCOUNT = RegisteredAccount(program="acme", account="A-1")


def held(name: str, place: Place, *products: str, **more: Any) -> RegisteredScope:
    return RegisteredScope(
        registration=name, partner=f"P-{name}", scope=scope(*products), place=place, **{"holds": True, **more}
    )


def test_an_account_is_known_by_ids_and_has_each_registration_once() -> None:
    twice = (held("R-1", FIRST, "road"), held("R-1", SECOND, "helmets"))
    assert refused(ACCOUNT, program="") == ["found ''; accepted: an id of 1 to 200 characters @ program"]
    assert refused(ACCOUNT, account="") == ["found ''; accepted: an id of 1 to 200 characters @ account"]
    assert refused(ACCOUNT, scopes=twice) == ["'R-1' stands here twice @ scopes"]
    assert (ACCOUNT.id, ACCOUNT.counted, ACCOUNT.scopes) == ("acme|A-1", 0, ())


def test_whoever_holds_a_scope_and_whoever_waits_before_it_is_found_by_the_tree() -> None:
    waits = {"holds": False}
    account = attrs.evolve(ACCOUNT, scopes=(
        held("R-1", FIRST, "bikes"), held("R-2", SECOND, "road", **waits), held("R-3", THIRD, "helmets"),
    ))  # fmt: skip
    names = [one.registration for one in account.holders(scope("road"), TREE)]
    assert names == ["R-1"]
    assert account.holders(scope("road")) == ()  # without the tree nothing says that road bikes are bikes
    assert account.holders(scope("road"), TREE, but="R-1") == ()
    assert [one.registration for one in account.holders(scope(), TREE)] == ["R-1", "R-3"]
    assert [one.registration for one in account.ahead(scope("bikes"), THIRD, TREE)] == ["R-2"]
    assert account.ahead(scope("bikes"), SECOND, TREE) == ()  # nobody waits before himself
    assert account.ahead(scope("bikes"), THIRD) == ()


@pytest.mark.parametrize(
    ("until", "holds", "lapsed"),
    [
        (date(2026, 3, 1), True, ("R-1",)),
        (date(2026, 3, 2), True, ("R-1",)),
        (date(2026, 3, 3), True, ()),
        (None, True, ()),
        (date(2026, 3, 1), False, ()),
    ],
)
def test_a_protection_has_run_out_on_its_first_day_without(
    until: date | None, holds: bool, lapsed: tuple[str, ...]
) -> None:
    account = attrs.evolve(ACCOUNT, scopes=(held("R-1", FIRST, "road", until=until, holds=holds),))
    assert account.lapsed(date(2026, 3, 2)) == lapsed


def test_those_are_next_in_line_that_nothing_stands_before() -> None:
    waits = {"holds": False}
    account = attrs.evolve(ACCOUNT, scopes=(
        held("R-1", Place(AT, 1), "road"), held("R-2", Place(AT, 2), "bikes", **waits),  # R-1 holds a part of it
        held("R-3", Place(AT, 3), "helmets", **waits), held("R-4", Place(AT, 4), "helmets", **waits),  # R-3 before R-4
    ))  # fmt: skip
    assert account.next_in_line(TREE) == ("R-3",)
    assert account.next_in_line() == ("R-2", "R-3")


def test_a_tree_that_was_changed_may_make_those_clash_that_did_not() -> None:
    account = attrs.evolve(ACCOUNT, scopes=(
        held("R-1", Place(AT, 1), "road"), held("R-2", Place(AT, 2), "helmets"), held("R-3", Place(AT, 3), "bikes"),
        held("R-4", Place(AT, 4), "bikes", holds=False), held("R-5", Place(AT, 5), "bikes"),
    ))  # fmt: skip
    assert account.clashes() == (("R-3", "R-5"),)
    assert account.clashes(TREE) == (("R-1", "R-3"), ("R-1", "R-5"), ("R-3", "R-5"))
    assert ACCOUNT.clashes(TREE) == ()


ENDS = Protection(start=date(2026, 3, 2), anchor=date(2026, 3, 2), terms=(Term(days=90),))
TWENTY = PercentagePoints.of(20)
STANDING: dict[str, Any] = {
    "account": "A-1", "scope": scope("road"), "place": SECOND, "protection": ENDS, "discount": TWENTY,
}  # fmt: skip


def test_an_account_keeps_what_a_registration_holds_and_until_when() -> None:
    approved = after((A.SUBMIT, 1, "sato"), (A.APPROVE, 2, "kim"), **STANDING)
    waiting = held("R-9", Place(AT, 9), "helmets", holds=False)
    found = attrs.evolve(ACCOUNT, scopes=(waiting,), counted=9).with_(approved)
    entry = RegisteredScope(
        registration="R-1", partner="P-1", scope=scope("road"), place=SECOND, holds=True, until=date(2026, 5, 31),
        discount=TWENTY,
    )  # fmt: skip
    assert (found.scopes, found.counted) == ((entry, waiting), 9)  # in the order of their places
    converted = attrs.evolve(
        approved, steps=after((A.SUBMIT, 1, "sato"), (A.APPROVE, 2, "kim"), (A.CONVERT, 3, "kim")).steps
    )
    assert found.with_(converted).scopes == (attrs.evolve(entry, until=None), waiting)


@pytest.mark.parametrize(
    ("actions", "holds"),
    [
        ((), None),
        ((A.SUBMIT,), False),
        ((A.SUBMIT, A.REVIEW), False),
        ((A.SUBMIT, A.RETURN), False),
        ((A.SUBMIT, A.QUEUE), False),
        ((A.SUBMIT, A.APPROVE), True),
        ((A.SUBMIT, A.APPROVE, A.CONVERT), True),
        ((A.SUBMIT, A.REJECT), None),
        ((A.SUBMIT, A.WITHDRAW), None),
        ((A.SUBMIT, A.EXPIRE), None),
        ((A.SUBMIT, A.APPROVE, A.WIN), None),
        ((A.SUBMIT, A.APPROVE, A.LOSE), None),
    ],
)
def test_a_registration_stands_on_the_account_while_it_waits_or_holds(
    actions: tuple[RegistrationAction, ...], holds: bool | None
) -> None:
    steps = [(action, day, "kim") for day, action in enumerate(actions)]
    before = attrs.evolve(ACCOUNT, scopes=(held("R-1", SECOND, "road"),))
    found = before.with_(after(*steps, **STANDING))
    assert [one.holds for one in found.scopes] == ([] if holds is None else [holds])
    assert found.counted == 2  # the place was given, whatever became of it
    unplaced = after(*steps, **{**STANDING, "place": None})
    assert before.with_(unplaced).scopes == ()
    assert before.with_(unplaced).counted == 0
    assert before.with_(after(*steps, **{**STANDING, "scope": None})).scopes == ()
