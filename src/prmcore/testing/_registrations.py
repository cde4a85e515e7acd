"""Hypothesis strategies for deal registration: a registration on its way, as far as it has come; and business hours."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from hypothesis import strategies as st

from prmcore.deals import Acting, Approver, ApproverChain, Delegation
from prmcore.deals.registrations import (
    ApprovalFacts,
    Capacity,
    Circumstances,
    Conflict,
    Deal,
    Due,
    Eligibility,
    ExtendedFrom,
    Extension,
    Missed,
    MoveFacts,
    Place,
    ProtectedFrom,
    Protection,
    ProtectionWindow,
    RegisteredAccount,
    RegisteredScope,
    Registration,
    RegistrationAction,
    RegistrationFacts,
    RegistrationMoved,
    RegistrationPolicy,
    RegistrationStep,
    Resubmission,
    Review,
    Revision,
    Scope,
    ScopedBy,
    Tenders,
    Term,
    TierTerm,
    approved,
    converted,
    drafted,
    due,
    moved,
    queued,
    submitted,
)
from prmcore.decisions import fact
from prmcore.values import BusinessHours, DateRange, Money, Opening, PercentagePoints, Rate

__all__ = ["STRATEGIES", "business_hours", "registration_policies", "registration_stories"]

Strategy = st.SearchStrategy

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
KIM = Acting(by="kim", role="manager")
MARCH = DateRange(datetime.date(2026, 3, 1), datetime.date(2026, 4, 1))


def _clock(hour: int) -> datetime.time:
    return datetime.time(hour % 24)


def _openings() -> Strategy[Opening]:
    return st.builds(
        lambda weekday, opens, length: Opening(weekday, _clock(opens), _clock(opens + length)),
        st.integers(0, 6), st.integers(0, 11), st.integers(1, 12),
    )  # fmt: skip


def business_hours() -> Strategy[BusinessHours]:
    """A few openings a week, some of them in places that change their clocks, for 2026 and 2027."""
    return st.builds(
        BusinessHours, zone=st.sampled_from(("UTC", "Asia/Tokyo", "Europe/Berlin")),
        week=st.lists(_openings(), min_size=1, max_size=5, unique_by=lambda one: one.weekday).map(tuple),
        holidays=st.frozensets(st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)), max_size=3),
        years=st.just(frozenset({2026, 2027})),
    )  # fmt: skip


def _terms() -> Strategy[Term]:
    return st.builds(Term, days=st.integers(1, 200)) | st.builds(Term, months=st.integers(1, 12))


def _euros() -> Strategy[Money]:
    return st.integers(0, 90_000).map(lambda minor: Money("EUR", minor))


def _deals() -> Strategy[Deal]:
    return st.builds(
        Deal, customer=st.just("Contoso"), products=st.frozensets(st.sampled_from(("bikes", "helmets"))),
        division=st.sampled_from((None, "north")), value=st.none() | _euros(), source=st.none() | st.just("event"),
        expected_close=st.none() | st.just(datetime.date(2026, 6, 30)), is_tender=st.none() | st.booleans(),
        is_renewal=st.none() | st.booleans(), answers=st.sampled_from(((), (("budget", "approved"),))),
    )  # fmt: skip


def _circumstances() -> Strategy[Circumstances]:
    days = st.none() | st.just(datetime.date(2024, 2, 29))
    return st.builds(
        Circumstances, tier=st.none() | st.just("gold"), last_bought=days, last_engaged=days,
        is_direct_account=st.none() | st.booleans(), conflict=st.none() | st.sampled_from(Conflict),
        open_registrations=st.integers(0, 3),
    )  # fmt: skip


def _windows() -> Strategy[ProtectionWindow]:
    return st.builds(
        ProtectionWindow, term=st.none() | _terms(), starts=st.sampled_from(ProtectedFrom),
        by_tier=st.sampled_from(((), (TierTerm(tier="gold", term=Term(days=180)),))),
    )  # fmt: skip


def _extensions() -> Strategy[Extension]:
    return st.builds(
        Extension,
        term=_terms(),
        at_most=st.integers(1, 3),
        ask_days=st.integers(1, 9),
        counted_from=st.sampled_from(ExtendedFrom),
    )


def _reviews() -> Strategy[Review]:
    return st.builds(
        Review, hours=business_hours(), within=st.integers(1, 24), research_days=st.none() | st.integers(1, 3),
        when_missed=st.sampled_from(Missed),
    )  # fmt: skip


def _chains() -> Strategy[ApproverChain]:
    manager, director = Approver(role="manager", limits=(Money("EUR", 50_000),)), Approver(role="director")
    return st.builds(
        ApproverChain,
        approvers=st.sampled_from(((Approver(role="manager"),), (manager, director))),
        every_level=st.booleans(),
    )


def registration_policies() -> Strategy[RegistrationPolicy]:
    """A manager approves, alone or together with a director."""
    return st.builds(
        RegistrationPolicy, protection=_windows(), extension=st.none() | _extensions(), review=st.none() | _reviews(),
        scope=st.sampled_from(ScopedBy), approvers=_chains(), first_come=st.booleans(), resubmission=st.sampled_from(Resubmission),
        answer=st.none() | _terms(), discount=st.none() | st.just(PercentagePoints.of(20)),
        second_share=st.none() | st.just(Rate.percent(50)),
        auto_approval=st.sampled_from(((), (fact("value").at_most(Money("EUR", 1_000)),))),
    )  # fmt: skip


@attrs.frozen
class Story:
    """What has happened on an account, allowed or not."""

    policy: RegistrationPolicy
    account: RegisteredAccount
    registrations: tuple[Registration, ...]
    moved: tuple[RegistrationMoved, ...]


@st.composite
def registration_stories(draw: st.DrawFn) -> Story:
    """Two registrations of an account: one is approved, as far as it may be, the other one comes second."""
    policy, account = draw(registration_policies()), RegisteredAccount(program="acme", account="A-1")
    done: list[RegistrationMoved] = []

    def follow(one: RegistrationMoved) -> Registration:
        nonlocal account
        done.append(one)
        account = one.account
        return one.registration

    told: dict[str, Any] = {"by": "ann", "at": AT}
    first, second = (
        drafted(id=name, program="acme", partner=f"p-{name}", deal=draw(_deals()), **told)
        for name in ("R-1", "R-2")
    )
    first = follow(submitted(first, account, policy, Circumstances(), **told))
    second = follow(submitted(second, account, policy, Circumstances(), **told))
    first = follow(approved(first, account, policy, Circumstances(), who=KIM, at=AT + HOUR))
    second = follow(queued(second, account, policy, by="kim", at=AT + HOUR))
    if draw(st.booleans()):
        first = follow(converted(first, account, policy, opportunity="O-1", by="kim", at=AT + HOUR))
    end = draw(st.sampled_from((None, RegistrationAction.WITHDRAW, RegistrationAction.LOSE)))
    if end is not None:
        first = follow(moved(first, account, end, policy, by="kim", at=AT + 2 * HOUR, reason="no budget"))
    return Story(policy, account, (first, second), tuple(done))


def _notices() -> Strategy[Due]:
    later = AT + datetime.timedelta(days=250)
    every = registration_stories().map(lambda story: due(story.registrations, story.policy, later))
    return every.filter(bool).flatmap(st.sampled_from)


def _facts(kind: type) -> Strategy[Any]:
    fitting = registration_stories().map(
        lambda story: [one.decision.facts for one in story.moved if isinstance(one.decision.facts, kind)]
    )
    return fitting.filter(bool).flatmap(st.sampled_from)


def _registrations() -> Strategy[Registration]:
    return registration_stories().flatmap(lambda story: st.sampled_from(story.registrations))


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Acting: lambda: st.just(KIM),
    ApprovalFacts: lambda: _facts(ApprovalFacts),
    Approver: lambda: _chains().map(lambda chain: chain.approvers[0]),
    ApproverChain: _chains,
    BusinessHours: business_hours,
    Capacity: lambda: st.builds(Capacity, of_partner=st.none() | st.integers(1, 9), on_account=st.none() | st.integers(1, 9)),
    Circumstances: _circumstances,
    Deal: _deals,
    Delegation: lambda: st.just(Delegation(by="mori", to="kim", role="director", period=MARCH)),
    Due: _notices,
    Eligibility: lambda: st.builds(
        Eligibility, new_customer=st.none() | _terms(), direct_not_engaged=st.none() | _terms(), tenders=st.sampled_from(Tenders)
    ),
    Extension: _extensions,
    MoveFacts: lambda: _facts(MoveFacts),
    Opening: _openings,
    Place: lambda: st.builds(Place, st.just(AT), st.integers(1, 9)),
    Protection: lambda: st.builds(
        Protection, start=st.just(AT.date()), anchor=st.just(AT.date()), terms=st.lists(_terms(), max_size=2).map(tuple)
    ),
    ProtectionWindow: _windows,
    RegisteredAccount: lambda: registration_stories().map(lambda story: story.account),
    RegisteredScope: lambda: registration_stories().map(lambda story: story.account.scopes).filter(bool).flatmap(st.sampled_from),
    Registration: _registrations,
    RegistrationFacts: lambda: _facts(RegistrationFacts),
    RegistrationMoved: lambda: registration_stories().flatmap(lambda story: st.sampled_from(story.moved)),
    RegistrationPolicy: registration_policies,
    RegistrationStep: lambda: _registrations().map(lambda one: one.steps[-1]),
    Review: _reviews,
    Revision: lambda: _registrations().map(lambda one: one.revisions[0]),
    Scope: lambda: st.builds(
        Scope, division=st.sampled_from((None, "north")), products=st.frozensets(st.sampled_from(("bikes", "helmets")))
    ),
    Term: _terms,
    TierTerm: lambda: st.builds(TierTerm, tier=st.just("gold"), term=st.none() | _terms()),
}  # fmt: skip
