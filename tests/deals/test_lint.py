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
from prmcore.decisions import Criterion, Prefer, Rule, RuleReason, Truth, fact, not_
from prmcore.decisions.lint import Finding
from prmcore.values import BusinessHours, Money, Opening, Rate, Text
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


def told(found: tuple[Finding, ...]) -> list[str]:
    """Code, words, facts that show it, and path of each finding."""
    return [str(one) for one in found]


CALLED = Rule("called", lambda facts, day: RuleReason(Truth.MET))
# eight times one of two languages, and never the first of them: too many sets of codes to try them all
LANGUAGES: tuple[Criterion, ...] = (
    *(fact("languages").includes_any(f"a{number}", f"b{number}") for number in range(8)),
    *(not_(fact("languages").includes(f"a{number}")) for number in range(8)),
)


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


def test_what_is_wrong_with_leads_is_said_with_the_numbers() -> None:
    policy = LeadPolicy(accept_within=Timer(5), work_within=Timer(4), reminder_hours=(119, 121))
    assert told(lint_leads(policy)) == [
        "no-time-to-work: whoever accepts a lead at the last moment has no time left to work it"
        " (for example accepted_after = 5) @ work_within",
        "reminder-at-once: a reminder 121 hours before the end comes at once: there are 120 @ reminder_hours[1]",
    ]
    endless = attrs.evolve(policy, work_within=None, reminder_hours=(120, 121))
    assert [one.path for one in lint_leads(endless)] == ["reminder_hours[0]", "reminder_hours[1]"]


@pytest.mark.parametrize(
    ("accept", "work"),
    [
        (Timer(5, Unit.BUSINESS_HOURS), Timer(1)),
        (Timer(5), Timer(1, Unit.BUSINESS_HOURS)),
        (Timer(5), Timer(6)),
    ],
)
def test_times_are_compared_with_their_like(accept: Timer, work: Timer) -> None:
    policy = LeadPolicy(accept_within=accept, work_within=work, reminder_hours=())
    assert lint_leads(policy) == ()


def test_without_a_time_in_days_no_reminder_is_too_early() -> None:
    hours = LeadPolicy(
        accept_within=Timer(5, Unit.BUSINESS_HOURS), work_within=None, reminder_hours=(100_000,)
    )
    assert lint_leads(hours) == ()


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


NOBODY = "nobody-eligible: no candidate is ever eligible: the criteria contradict each other @ eligible"


@pytest.mark.parametrize("name", ["open_leads", "capacity", "distance_km"])
def test_what_is_counted_of_candidates_is_zero_to_a_thousand_millions(name: str) -> None:
    for possible in (fact(name).at_most(0), fact(name).at_least(10**9)):
        assert lint_routing(RoutingPolicy(eligible=(possible,))) == ()
    for impossible in (fact(name).less_than(0), fact(name).more_than(10**9)):
        assert told(lint_routing(RoutingPolicy(eligible=(impossible,)))) == [NOBODY]


def test_steps_are_said_by_their_names() -> None:
    policy = RoutingPolicy(eligible=(CERTIFIED,), steps=(
        ByTurn(name="turn"), Prefer(name="sure", criteria=(CERTIFIED,)), Prefer(name="other", criteria=(not_(CERTIFIED),)),
    ))  # fmt: skip
    assert told(lint_routing(policy, has_pools=False)) == [
        "turn-without-pool: the step turn never decides: there is no pool whose turn it could be @ steps[0]",
        "prefers-everybody: every eligible candidate meets the step sure: it tells nobody apart @ steps[1]",
        "prefers-nobody: no eligible candidate ever meets the step other: it tells nobody apart @ steps[2]",
    ]


def test_where_nobody_is_eligible_the_steps_are_not_looked_at() -> None:
    sure = Prefer(name="sure", criteria=(CERTIFIED,))
    policy = RoutingPolicy(eligible=(CERTIFIED, not_(CERTIFIED)), steps=(sure,))
    assert told(lint_routing(policy)) == [NOBODY]


def test_a_function_is_not_looked_into() -> None:
    contradiction = (CERTIFIED, not_(CERTIFIED))
    assert lint_routing(RoutingPolicy(eligible=(*contradiction, CALLED))) == ()
    steps = (
        Prefer(name="called", criteria=(*contradiction, CALLED)),
        Prefer(name="sure", criteria=(CERTIFIED,)),
    )
    assert codes(lint_routing(RoutingPolicy(eligible=(CERTIFIED,), steps=steps))) == [
        ("prefers-everybody", "steps[1]")
    ]
    assert (
        lint_routing(RoutingPolicy(eligible=(CALLED,), steps=(Prefer(name="never", criteria=contradiction),)))
        == ()
    )


def test_what_takes_too_long_is_said_not_to_be_decided() -> None:
    assert told(lint_routing(RoutingPolicy(eligible=LANGUAGES))) == [
        "undecided: whether these criteria can be met: not decided @ eligible"
    ]


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


def test_stages_are_said_by_what_people_call_them() -> None:
    """Only to won from the first; the second leads nowhere, the third is lost at most, nothing comes to the fourth."""
    named = attrs.evolve(stage("b", 50, closed=True), text=Text.of("being agreed"))
    stages = (stage("a", 10, "b", "c", "won"), named, stage("c", 50, "lost"), stage("d", 60), WON, LOST)
    assert told(lint_sales(SalesProcess(stages=stages))) == [
        "dead-end: a sale that comes to being agreed never ends: it can be neither won nor lost"
        " (for example stage = b) @ stages[1]",
        "never-won: a sale in c can only be lost (for example stage = c) @ stages[2]",
        "unreachable-stage: no sale ever comes to d @ stages[3]",
    ]


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (
            (stage("a", 10, "won"), WON, LOST),
            [("unreachable-stage", "stages[2]")],
        ),  # never lost: a pity, no fault
        ((stage("a", 10, "b"), stage("b", 20, "c"), stage("c", 30, "won", "lost"), WON, LOST), []),
        ((stage("a", 10, "a", "b"), stage("b", 20, "a", "won", "lost"), WON, LOST), []),
    ],
)
def test_a_sale_may_go_a_long_way_and_back(
    stages: tuple[SalesStage, ...], expected: list[tuple[str, str]]
) -> None:
    assert codes(lint_sales(SalesProcess(stages=stages))) == expected


def bands(**discounts: int) -> QuantityBands:
    return QuantityBands.parse(
        {name[1:].replace("_", "-"): Rate.percent(off) for name, off in discounts.items()}
    )


def test_bands_are_said_with_the_quantities_and_discounts() -> None:
    """At a list price of 1: 10 at half price cost 5, as 5 do in full, so 6 cost more; 20 and more are dearer again."""
    assert told(lint_bands(bands(q1_9=0, q10_19=50, q20_29=40))) == [
        "cliff: to order 10 costs less than 6 (for example quantity = 6, more = 10) @ bands[1]",
        "discount-falls: from 20 on the discount falls from 50% to 40% (for example quantity = 20) @ bands[2]",
        "gap: no band holds more than 29 (for example quantity = 30) @ bands[2]",
    ]


@pytest.mark.parametrize(
    ("found", "paths"),
    [
        (bands(q1_9=0, q10_29=0), ["gap bands[1]"]),  # the same discount twice
        # 8 of 9 pieces in full cost 8, which is no more than 10 at 20 %: only from there on it would be a cliff
        (bands(q1_8=0, q9_99=0, q100_199=0), ["gap bands[2]"]),
        (bands(q1_9=0, q10_19=10), ["gap bands[1]"]),  # 10 at 10 % cost 9, as 9 do in full: no cliff
        (bands(q1_9=0, q10_19=11), ["cliff bands[1]", "gap bands[1]"]),  # 8.90
        (bands(q1_9=100, q10_19=100), ["gap bands[1]"]),  # for nothing
        (bands(q1_9=50, q10_19=20, q20_29=80), ["discount-falls bands[1]", "cliff bands[2]", "gap bands[2]"]),
        (bands(q1_9=100, q10_19=0, q20_29=50), ["discount-falls bands[1]", "cliff bands[2]", "gap bands[2]"]),
        (bands(q1_9=0, q10_19=10, q20_29=50), ["cliff bands[2]", "gap bands[2]"]),
    ],
)
def test_each_pair_of_bands_is_looked_at(found: QuantityBands, paths: list[str]) -> None:
    assert [f"{one.code} {one.path}" for one in lint_bands(found)] == paths


def test_a_cliff_begins_in_the_band_itself() -> None:
    """From 100 on for nothing, and from 50 on at half price: already 50 cost more than 100 do."""
    (_, cliff, _) = lint_bands(bands(q1_49=0, q50_99=50, q100_199=100))
    assert cliff.witness == {"quantity": 50, "more": 100}


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


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ({}, "nobody-approves: nobody ever approves a registration: there are neither approvers nor criteria for it @ approvers"),
        ({"auto_approval": (SMALL, not_(SMALL))},
         "approval-never: nothing is ever approved by criteria: they contradict each other @ auto_approval"),
        ({"auto_approval": (fact("is_tender").is_true(),), "eligibility": Eligibility(tenders=Tenders.NEVER)},
         "approval-never: nothing is ever approved by criteria: what meets them cannot be registered, or not be protected"
         " @ auto_approval"),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY), "protection": ProtectionWindow(term=None)},
         "extension-never: no protection ends: nothing is ever extended @ extension"),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY, ask_days=91),
          "protection": ProtectionWindow(by_tier=(TierTerm(tier="new", term=THIRTY),))},
         "extension-never: an extension is asked for 91 days before the end, and no protection has more than 90"
         " @ extension.ask_days"),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY, ask_days=31, counted_from=ExtendedFrom.ASKED)},
         "extension-never: an extension of 30 days, counted from 31 days before the end, adds none @ extension.term"),
        ({"approvers": MANAGER, "reminder_days": (90,),
          "protection": ProtectionWindow(by_tier=(TierTerm(tier="new", term=THIRTY),))},
         "reminder-never: a reminder 90 days before the end is never sent: no protection has more than 90 @ reminder_days[0]"),
        ({"approvers": MANAGER, "capacity": Capacity(of_partner=2, on_account=3)},
         "capacity-never: 3 registrations for an account are never reached: a partner has at most 2 @ capacity.on_account"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_clause_is_said_with_the_numbers(clauses: dict[str, Any], words: str) -> None:
    assert told(lint_registrations(RegistrationPolicy(**clauses))) == [words]


@pytest.mark.parametrize("name", ["holders", "ahead", "open_registrations", "open_on_account"])
def test_what_is_counted_of_registrations_is_never_below_zero(name: str) -> None:
    none = RegistrationPolicy(auto_approval=(fact(name).at_most(0),))
    assert lint_registrations(none) == ()
    below = RegistrationPolicy(auto_approval=(fact(name).less_than(0),))
    assert codes(lint_registrations(below)) == [("approval-never", "auto_approval")]


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        # whatever the state, it is another one when it is submitted and when it is approved
        ({"auto_approval": (fact("may_register").is_true(),)}, []),
        ({"auto_approval": (fact("may_register").is_false(),)}, ["approval-never"]),
        ({"auto_approval": (fact("conflict").one_of("possible"),)}, ["approval-never"]),
        ({"auto_approval": (fact("holders").at_least(1),)}, ["approval-never"]),
        ({"auto_approval": (fact("days_left").at_most(0), fact("is_endless").is_false())}, ["approval-never"]),
        ({"auto_approval": (fact("may_register").is_false(), CALLED)}, []),  # a function is not looked into
        ({"auto_approval": (fact("open_registrations").at_least(2),), "capacity": Capacity(of_partner=2)}, ["approval-never"]),
        # of two currencies the criteria can be met in one
        ({"auto_approval": (fact("currency").one_of("USD"),),
          "eligibility": Eligibility(minimums=(Money.of(1, "EUR"), Money.of(1, "USD")))}, []),
        ({"auto_approval": (fact("currency").one_of("JPY"),),
          "eligibility": Eligibility(minimums=(Money.of(1, "EUR"), Money.of(1, "USD")))}, ["approval-never"]),
        # criteria in euros are for deals in euros, whatever is asked for of others
        (
            {"auto_approval": (SMALL,), "eligibility": Eligibility(minimums=(Money.of(5000, "EUR"), Money.of(1, "USD")))},
            ["approval-never"],
        ),
        ({"auto_approval": (SMALL,), "eligibility": Eligibility(minimums=(Money.of(500, "EUR"), Money.of(1, "USD")))}, []),
        ({"auto_approval": (SMALL, fact("currency").one_of("USD"))}, ["approval-never"]),
        ({"approvers": MANAGER, "extension": Extension(term=THIRTY), "reminder_days": (90,)}, []),  # it may get longer
        ({"approvers": MANAGER, "protection": ProtectionWindow(term=None), "reminder_days": (500,)}, []),
        ({"approvers": MANAGER, "capacity": Capacity(on_account=3)}, []),
        ({"approvers": MANAGER, "capacity": Capacity(of_partner=3)}, []),
        ({"approvers": MANAGER, "review": review(Missed.NOTHING)}, []),
    ],
)  # fmt: skip
def test_a_clause_is_held_against_the_others(clauses: dict[str, Any], expected: list[str]) -> None:
    assert [one.code for one in lint_registrations(RegistrationPolicy(**clauses))] == expected


@pytest.mark.parametrize(("months", "days"), [(1, 31), (2, 62), (3, 92), (12, 366), (14, 428), (48, 1461)])
def test_months_have_as_many_days_as_they_have_at_most(months: int, days: int) -> None:
    """July and August have 31 each; 14 months from 1 July are at most 365 + 62 days, from 1 July before a leap year 428."""
    window = ProtectionWindow(term=Term(months=months))
    for ask_days, expected in ((days, []), (days + 1, ["extension.ask_days"])):
        extension = Extension(term=THIRTY, ask_days=ask_days)
        policy = RegistrationPolicy(approvers=MANAGER, protection=window, extension=extension)
        assert [one.path for one in lint_registrations(policy)] == expected
