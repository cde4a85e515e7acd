"""Lint of leads, sales and registrations: every finding is shown by something that can be worked out by hand."""

from typing import Any

import attrs
import pytest

from prmcore.deals import Approver, ApproverChain
from prmcore.deals.leads import ByTurn, LeadPolicy, RouteStep, RoutingPolicy, Timer, Unit, WorkedFrom
from prmcore.deals.lint import lint_bands, lint_leads, lint_registrations, lint_routing, lint_sales
from prmcore.deals.opportunities import OpportunityState, QuantityBands, SalesProcess, SalesStage
from prmcore.deals.registrations import (
    Capacity,
    Eligibility,
    ExtendedFrom,
    Extension,
    Missed,
    ProtectionWindow,
    RegistrationPolicy,
    Review,
    Tenders,
    Term,
    TierTerm,
)
from prmcore.decisions import Criterion, Prefer, fact
from prmcore.decisions.lint import Finding
from prmcore.values import BusinessHours, Money, Opening, Rate
from prmcore.values.wire import from_plain

HOURS = BusinessHours(
    zone="UTC",
    years=frozenset({2026}),
    week=(from_plain({"weekday": 0, "opens": "09:00", "closes": "17:00"}, Opening),),
)


def codes(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Code and path of each finding; every one of them has words of its own in each language."""
    for one in found:
        assert len({one.in_words(locale) for locale in ("en", "ja", "zh")}) == 3
    return [(one.code, one.path) for one in found]


# leads


def test_the_usual_rules_of_leads_have_nothing_wrong() -> None:
    assert lint_leads(LeadPolicy()) == ()


@pytest.mark.parametrize(
    ("accept", "work", "counted", "expected"),
    [
        (5, 10, WorkedFrom.OFFER, []),
        (
            5,
            5,
            WorkedFrom.OFFER,
            [("no-time-to-work", "work_within")],
        ),  # accepted on day five, to be worked on it
        (5, 5, WorkedFrom.ACCEPTANCE, []),
        (5, None, WorkedFrom.OFFER, []),
    ],
)
def test_whoever_accepts_late_needs_time_to_work(
    accept: int, work: int | None, counted: WorkedFrom, expected: list[tuple[str, str]]
) -> None:
    within = None if work is None else Timer(work)
    policy = LeadPolicy(accept_within=Timer(accept), work_within=within, worked_from=counted)
    assert codes(lint_leads(policy)) == expected


def test_a_reminder_that_is_earlier_than_the_time_is_long_comes_at_once() -> None:
    """Five days and two days are 120 and 48 hours: 120 hours before their end both have just begun, 119 not yet."""
    policy = LeadPolicy(accept_within=Timer(5), work_within=Timer(2), worked_from=WorkedFrom.ACCEPTANCE)
    assert codes(lint_leads(attrs.evolve(policy, reminder_hours=(24, 119)))) == []
    assert codes(lint_leads(attrs.evolve(policy, reminder_hours=(24, 120)))) == [
        ("reminder-at-once", "reminder_hours[1]")
    ]
    of_hours = attrs.evolve(policy, accept_within=Timer(8, Unit.BUSINESS_HOURS), reminder_hours=(120,))
    assert lint_leads(of_hours) == ()  # how many hours of the clock they are, nobody knows


# routing


CERTIFIED = fact("certified").is_true()


@pytest.mark.parametrize(
    ("eligible", "steps", "expected"),
    [
        ((CERTIFIED,), (Prefer(name="room", criteria=(fact("has_room").is_true(),)),), []),
        ((CERTIFIED, fact("certified").is_false()), (), [("nobody-eligible", "eligible")]),
        ((fact("open_leads").less_than(0),), (), [("nobody-eligible", "eligible")]),  # a count is never below zero
        ((CERTIFIED,), (Prefer(name="sure", criteria=(CERTIFIED,)),), [("prefers-everybody", "steps[0]")]),
        (
            (fact("open_leads").at_most(3),),
            (
                Prefer(name="idle", criteria=(fact("open_leads").at_most(0),)),
                Prefer(name="busy", criteria=(fact("open_leads").at_least(4),)),
            ),
            [("prefers-nobody", "steps[1]")],
        ),
    ],
)  # fmt: skip
def test_a_step_that_tells_nobody_apart_is_found(
    eligible: tuple[Criterion, ...], steps: tuple[RouteStep, ...], expected: list[tuple[str, str]]
) -> None:
    assert codes(lint_routing(RoutingPolicy(eligible=eligible, steps=steps))) == expected


def test_a_turn_needs_a_pool() -> None:
    policy = RoutingPolicy(steps=(ByTurn(name="turn"),))
    assert codes(lint_routing(policy, has_pools=False)) == [("turn-without-pool", "steps[0]")]
    assert lint_routing(policy) == ()


# sales


def stage(code: str, percent: int, *moves: str, state: str = "open", closed: bool = False) -> SalesStage:
    to = moves if moves or closed else None
    return SalesStage(
        code=code, probability=Rate.percent(percent), state=OpportunityState(state), moves_to=to
    )


WON, LOST = stage("won", 100, state="won"), stage("lost", 0, state="lost")


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ((stage("a", 10), stage("b", 50), WON, LOST), []),
        # from a to won at once: nothing leads to b
        ((stage("a", 10, "won", "lost"), stage("b", 50), WON, LOST), [("unreachable-stage", "stages[1]")]),
        # a and b lead to each other, and nowhere else: neither end is ever reached
        (
            (stage("a", 10, "b"), stage("b", 50, "a"), WON, LOST),
            [
                ("dead-end", "stages[0]"), ("dead-end", "stages[1]"),
                ("unreachable-stage", "stages[2]"), ("unreachable-stage", "stages[3]"),
            ],
        ),
        ((stage("a", 10, "b", "won"), stage("b", 50, closed=True), WON, LOST),
         [("dead-end", "stages[1]"), ("unreachable-stage", "stages[3]")]),
        ((stage("a", 10, "b", "won"), stage("b", 50, "lost"), WON, LOST), [("never-won", "stages[1]")]),
    ],
)  # fmt: skip
def test_stages_that_lead_nowhere_are_found(
    stages: tuple[SalesStage, ...], expected: list[tuple[str, str]]
) -> None:
    assert codes(lint_sales(SalesProcess(stages=stages))) == expected


def test_a_cliff_is_shown_by_a_quantity_that_costs_more_than_a_larger_one() -> None:
    """By hand, at a list price of 1: 500 at 10 % off cost 450; 473 at 5 % off cost 449.35, 474 cost 450.30."""
    rates = [Rate.percent(number) for number in (5, 10)]
    (found,) = lint_bands(QuantityBands.parse(dict(zip(("100-499", "500+"), rates, strict=True))))
    assert codes((found,)) == [("cliff", "bands[1]")]
    assert found.witness == {"quantity": 474, "more": 500}


def test_bands_without_a_cliff_that_fall_or_that_end() -> None:
    """Pieces 1 and 2 cost 1 and 2; at half the price 4 cost 2, which is no less: there is no cliff up to 2 from 4 on."""
    none, half = Rate.of(0), Rate.percent(50)
    assert lint_bands(QuantityBands.parse({"1-1": none, "2+": half})) == ()
    assert codes(lint_bands(QuantityBands.parse({"1-99": half, "100+": none}))) == [
        ("discount-falls", "bands[1]")
    ]
    (found,) = lint_bands(QuantityBands.parse({"1-99": half}))
    assert (found.code, found.witness) == ("gap", {"quantity": 100})


# registrations


MANAGER = ApproverChain(approvers=(Approver(role="manager"),))
SMALL = fact("value").at_most(Money.of(1000, "EUR"))
NINETY, THIRTY, MONTH = Term(days=90), Term(days=30), Term(months=1)


def review(when_missed: Missed) -> Review:
    return Review(hours=HOURS, within=8, when_missed=when_missed)


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ({"approvers": MANAGER}, []),
        ({}, [("nobody-approves", "approvers")]),
        ({"review": review(Missed.ESCALATE)}, [("nobody-approves", "approvers")]),
        ({"review": review(Missed.APPROVE)}, []),
        ({"auto_approval": (SMALL,)}, []),
        # more than 5,000 is registered, up to 1,000 is approved by criteria
        ({"auto_approval": (SMALL,), "eligibility": Eligibility(minimums=(Money.of(5000, "EUR"),))},
         [("approval-never", "auto_approval")]),
        ({"auto_approval": (SMALL,), "eligibility": Eligibility(minimums=(Money.of(500, "EUR"),))}, []),
        # deals in euro are not eligible at all
        ({"auto_approval": (SMALL,), "eligibility": Eligibility(minimums=(Money.of(500, "USD"),))},
         [("approval-never", "auto_approval")]),
        ({"auto_approval": (SMALL, fact("value").at_least(Money.of(1001, "EUR")))}, [("approval-never", "auto_approval")]),
        ({"auto_approval": (fact("is_tender").is_true(),), "eligibility": Eligibility(tenders=Tenders.NEVER)},
         [("approval-never", "auto_approval")]),
        ({"auto_approval": (fact("is_tender").is_true(),), "eligibility": Eligibility(tenders=Tenders.UNTIL_PUBLISHED)}, []),
        # nobody who has somebody ahead is approved, unless the first does not come first
        ({"auto_approval": (fact("ahead").at_least(1),)}, [("approval-never", "auto_approval")]),
        ({"auto_approval": (fact("ahead").at_least(1),), "first_come": False}, []),
        # an extension
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY)}, []),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY), "protection": ProtectionWindow(term=None)},
         [("extension-never", "extension")]),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY, ask_days=90)}, []),  # on the first day
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY, ask_days=91)}, [("extension-never", "extension.ask_days")]),
        # a month has 31 days at most
        ({"approvers": MANAGER, "protection": ProtectionWindow(term=MONTH), "extension": Extension(term=THIRTY, ask_days=32)},
         [("extension-never", "extension.ask_days")]),
        ({"approvers": MANAGER, "protection": ProtectionWindow(term=MONTH), "extension": Extension(term=THIRTY, ask_days=31)}, []),
        # thirty days from a day that is thirty before the end reach just to the end
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY, ask_days=30, counted_from=ExtendedFrom.ASKED)},
         [("extension-never", "extension.term")]),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY, ask_days=29, counted_from=ExtendedFrom.ASKED)}, []),
        # a reminder
        ({"approvers": MANAGER, "protection": ProtectionWindow(term=THIRTY), "reminder_days": (30, 29)},
         [("reminder-never", "reminder_days[0]")]),
        ({"approvers": MANAGER, "reminder_days": (30,),
          "protection": ProtectionWindow(term=THIRTY, by_tier=(TierTerm(tier="gold", term=NINETY),))}, []),
        ({"approvers": MANAGER, "capacity": Capacity(of_partner=2, on_account=3)}, [("capacity-never", "capacity.on_account")]),
        ({"approvers": MANAGER, "capacity": Capacity(of_partner=2, on_account=2)}, []),
    ],
)  # fmt: skip
def test_a_clause_that_can_never_come_to_anything_is_found(
    clauses: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert codes(lint_registrations(RegistrationPolicy(**clauses))) == expected
