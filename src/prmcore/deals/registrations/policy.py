"""The clauses of a program's deal registration, as data, and what each action asks for.

Every action is a decision over small facts. What a clause does not say is not asked for.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.deals.approvers import ApproverChain
from prmcore.deals.registrations.facts import ApprovalFacts, Approving, MoveFacts, RegistrationFacts
from prmcore.deals.registrations.model import (
    REGISTRATION_MOVES,
    Conflict,
    Deal,
    Protection,
    RegistrationAction,
    Scope,
    Term,
)
from prmcore.decisions import Criterion, Ladder, all_of, any_of, comparisons, fact, rung
from prmcore.decisions.permission import NO, YES, permission, starts_of
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values import BusinessHours, Money, PercentagePoints, Rate, Text, checked_zone

__all__ = [
    "Capacity", "Eligibility", "ExtendedFrom", "Extension", "Missed", "ProtectedFrom", "ProtectionWindow", "RegistrationPolicy",
    "Resubmission", "Review", "ScopedBy", "Tenders", "TierTerm", "approving", "approving_by_criteria", "moving", "submitting",
]  # fmt: skip

_NINETY_DAYS = Term(days=90)


class ProtectedFrom(StrEnum):
    """The day that the window is counted from."""

    SUBMISSION = "submission"
    APPROVAL = "approval"


class ExtendedFrom(StrEnum):
    """The day that an extension is counted from."""

    END = "end"  # of the protection: it is added
    ASKED = "asked"  # the day on which it was asked for
    GRANTED = "granted"


class ScopedBy(StrEnum):
    """What one registration of an account leaves to others."""

    ACCOUNT = "account"  # nothing
    DIVISION = "division"  # the other divisions
    PRODUCT = "product"  # other products
    DIVISION_AND_PRODUCT = "division-and-product"


class Tenders(StrEnum):
    """Whether public tenders can be registered."""

    ALLOWED = "allowed"
    UNTIL_PUBLISHED = "until-published"
    NEVER = "never"


class Missed(StrEnum):
    """What becomes of a registration when the deadline of its review has passed."""

    NOTHING = "nothing"
    ESCALATE = "escalate"
    APPROVE = "approve"


class Resubmission(StrEnum):
    """Which place in the queue a corrected registration has."""

    KEEPS_PLACE = "keeps-place"  # unless its scope grows
    NEW_PLACE = "new-place"


@attrs.frozen(kw_only=True)
class TierTerm:
    """Another window for partners of a tier."""

    tier: str
    term: Term | None  # None = without end


@attrs.frozen(kw_only=True)
class ProtectionWindow:
    """How long nobody else is approved, and from when."""

    term: Term | None = _NINETY_DAYS  # None = without end
    starts: ProtectedFrom = ProtectedFrom.APPROVAL
    by_tier: tuple[TierTerm, ...] = ()

    def __attrs_post_init__(self) -> None:
        twice = repeated(one.tier for one in self.by_tier)
        if twice:
            raise InvalidInput("the window cannot be used", [f"{tier!r} has two terms" for tier in twice])

    def of(self, tier: str | None) -> Term | None:
        return next((one.term for one in self.by_tier if one.tier == tier), self.term)


@attrs.frozen(kw_only=True)
class Extension:
    """How much longer, how often, and until when it can be asked for."""

    term: Term
    at_most: int = 1  # times
    ask_days: int = 1  # before the end; 1 = on the last protected day at the latest
    counted_from: ExtendedFrom = ExtendedFrom.END

    def __attrs_post_init__(self) -> None:
        faults = Faults("the extension cannot be used")
        check_days(faults, [("at_most", self.at_most), ("ask_days", self.ask_days)], lowest=1)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Review:
    """Until when a registration is decided, in business time, and what happens when it is not."""

    hours: BusinessHours
    within: int  # business hours since it was submitted, or came back
    research_days: int | None = None  # business days more, once; None = there is no such stage
    when_missed: Missed = Missed.ESCALATE

    def __attrs_post_init__(self) -> None:
        faults = Faults("the review cannot be used")
        check_days(faults, [("within", self.within), ("research_days", self.research_days)], lowest=1)
        faults.raise_if_any()

    def deadline(self, since: datetime.datetime, researched: bool) -> datetime.datetime:
        end = self.hours.add(since, datetime.timedelta(hours=self.within))
        return self.hours.add_days(end, self.research_days) if researched and self.research_days else end


@attrs.frozen(kw_only=True)
class Eligibility:
    """What can be registered at all."""

    required: frozenset[str] = frozenset(
        {"customer"}
    )  # fields of the deal, and answers, that have to be filled in
    new_customer: Term | None = None  # without a purchase for so long
    direct_not_engaged: Term | None = None  # for so long
    no_direct_accounts: bool = False
    renewals_by_partner_of_record: bool = False
    valid_agreement: bool = False  # the partner has one that is in force
    certified: bool = False  # the partner has the certificates for the products
    tenders: Tenders = Tenders.ALLOWED
    minimums: tuple[Money, ...] = ()  # of the value, one a currency; a value in another one is not eligible

    def __attrs_post_init__(self) -> None:
        faults = Faults("the eligibility cannot be used")
        for unit in repeated(one.currency for one in self.minimums):
            faults.add(f"two minimums in {unit}", "minimums")
        for name in sorted(self.required):
            check_ids(faults, required=name)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Capacity:
    """How many open registrations a partner has at most; None = any number."""

    of_partner: int | None = None
    on_account: int | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults("the capacity cannot be used")
        check_days(faults, [("of_partner", self.of_partner), ("on_account", self.on_account)], lowest=1)
        faults.raise_if_any()


_WINDOW, _ANYTHING, _ANY_NUMBER, _NOBODY = ProtectionWindow(), Eligibility(), Capacity(), ApproverChain()


@attrs.frozen(kw_only=True)
class RegistrationPolicy:
    """The clauses of a program's deal registration.

    Whoever registered a deal does not approve it. At most one registration of a scope is approved at any time.
    """

    name: str = "registrations/standard"
    zone: str = "UTC"  # in which an instant is of a day
    protection: ProtectionWindow = _WINDOW
    extension: Extension | None = None  # None = there is none
    review: Review | None = None  # None = there is no deadline
    scope: ScopedBy = ScopedBy.PRODUCT
    eligibility: Eligibility = _ANYTHING
    auto_approval: tuple[Criterion, ...] = ()  # over RegistrationFacts; none = a person approves
    approvers: ApproverChain = _NOBODY
    capacity: Capacity = _ANY_NUMBER
    first_come: bool = True  # nobody is approved while somebody waits before it
    resubmission: Resubmission = Resubmission.KEEPS_PLACE
    answer: Term | None = None  # in which what was returned has to come back; None = any time
    discount: PercentagePoints | None = None  # that is added to the partner's: 30 % and 20 points are 50 %
    second_share: Rate | None = None  # of the first partner's discount, for whoever queues behind it
    reminder_days: tuple[int, ...] = (14,)  # before the protection ends

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r} cannot be used")
        with faults.within("zone"):
            checked_zone(self.zone)
        check_days(faults, [("reminder_days", one) for one in self.reminder_days], lowest=1)
        if self.second_share is not None and not Rate.of(0) < self.second_share <= Rate.of(1):
            faults.add(f"found {self.second_share}; accepted: above 0 %, up to 100 %", "second_share")
        if self.discount is not None and self.discount.points <= 0:
            faults.add(f"found {self.discount}; accepted: above zero", "discount")
        if self.auto_approval:
            with faults.within("auto_approval"):
                approving_by_criteria(self, False)
        faults.raise_if_any()

    def scope_of(self, deal: Deal) -> Scope:
        """What of the account a deal takes, by these clauses; it stays so, whatever later clauses say."""
        by_division = self.scope in (ScopedBy.DIVISION, ScopedBy.DIVISION_AND_PRODUCT)
        by_product = self.scope in (ScopedBy.PRODUCT, ScopedBy.DIVISION_AND_PRODUCT)
        return Scope(
            division=deal.division if by_division else None,
            products=deal.products if by_product else frozenset(),
        )

    def protected(
        self, submitted: datetime.date, approved: datetime.date, tier: str | None
    ) -> Protection | None:
        """The protection of what is approved on a day; None when it would have ended before."""
        start = submitted if self.protection.starts is ProtectedFrom.SUBMISSION else approved
        term = self.protection.of(tier)
        found = Protection(start=start, anchor=start, terms=(term,) if term else ())
        return None if found.until is not None and found.until <= approved else found

    def extended(self, protection: Protection, asked: datetime.date, granted: datetime.date) -> Protection:
        """The protection with one extension more."""
        assert self.extension is not None  # who asks has one
        if self.extension.counted_from is ExtendedFrom.END:
            return attrs.evolve(protection, terms=(*protection.terms, self.extension.term))
        anchor = asked if self.extension.counted_from is ExtendedFrom.ASKED else granted
        return attrs.evolve(protection, anchor=anchor, terms=(self.extension.term,))

    def second_discount(self, first: PercentagePoints | None) -> PercentagePoints | None:
        """What whoever queues behind a first partner gets of its discount."""
        if first is None or self.second_share is None:
            return None
        return PercentagePoints(first.points * self.second_share.fraction)


def _since(known: str, count: str, term: Term | None) -> tuple[Criterion, ...]:
    """Never, or not for so long."""
    if term is None:
        return ()
    long_ago = (
        fact(f"days_since_{count}").at_least(term.days)
        if term.days
        else fact(f"months_since_{count}").at_least(term.months)
    )
    return (any_of(fact(known).is_false(), long_ago),)


def _eligible(policy: RegistrationPolicy, unit: str | None) -> tuple[Criterion, ...]:
    """The criteria of the clauses on eligibility, for deals in a currency."""
    rules = policy.eligibility
    asked: list[Criterion] = [fact("may_register").is_true()]
    if rules.valid_agreement:
        asked.append(fact("has_agreement").is_true())
    if rules.certified:
        asked.append(fact("certified").is_true())
    if rules.required:
        asked.append(fact("filled").includes_all(*sorted(rules.required)))
    asked.extend(_since("has_bought", "purchase", rules.new_customer))
    asked.extend(_since("was_engaged", "engaged", rules.direct_not_engaged))
    if rules.no_direct_accounts:
        asked.append(fact("is_direct_account").is_false())
    if rules.renewals_by_partner_of_record:
        asked.append(any_of(fact("is_renewal").is_false(), fact("is_partner_of_record").is_true()))
    if rules.tenders is Tenders.NEVER:
        asked.append(fact("is_tender").is_false())
    if rules.tenders is Tenders.UNTIL_PUBLISHED:
        asked.append(any_of(fact("is_tender").is_false(), fact("tender_published").is_false()))
    if rules.minimums:
        asked.append(fact("currency").one_of(*(one.currency for one in rules.minimums)))
    asked.extend(fact("value").at_least(one) for one in rules.minimums if one.currency == unit)
    if policy.capacity.of_partner is not None:
        asked.append(fact("open_registrations").at_most(policy.capacity.of_partner - 1))
    if policy.capacity.on_account is not None:
        asked.append(fact("open_on_account").at_most(policy.capacity.on_account - 1))
    return tuple(asked)


@lru_cache(maxsize=256)
def submitting(
    policy: RegistrationPolicy, action: RegistrationAction, unit: str | None
) -> Ladder[RegistrationFacts, bool]:
    """Whether a deal can be registered, or come back; its value is in that currency."""
    name = f"{policy.name}/{action.value}/{unit or '-'}"
    return permission(
        name, RegistrationFacts, starts_of(REGISTRATION_MOVES, action), *_eligible(policy, unit)
    )


_NOT_ASKER = fact("asked_it").is_false()
_PROTECTED = any_of(fact("is_endless").is_true(), fact("days_left").at_least(1))


def _asked(policy: RegistrationPolicy) -> Mapping[RegistrationAction, tuple[Criterion, ...]]:
    extension = policy.extension
    may_extend = fact("extensions").at_most((extension.at_most if extension else 0) - 1)
    return {
        RegistrationAction.REVIEW: (_NOT_ASKER,),
        RegistrationAction.RESEARCH: (_NOT_ASKER, fact("was_researched").is_false(), fact("is_overdue").is_false()),
        RegistrationAction.ESCALATE: (fact("is_overdue").is_true(), fact("was_escalated").is_false()),
        RegistrationAction.RETURN: (_NOT_ASKER,),
        RegistrationAction.REJECT: (_NOT_ASKER,),
        RegistrationAction.QUEUE: (fact("in_its_way").at_least(1),),
        RegistrationAction.RECONSIDER: (fact("in_its_way").at_most(0),),
        RegistrationAction.ASK_EXTENSION: (
            may_extend, fact("extension_asked").is_false(), fact("days_left").at_least(extension.ask_days if extension else 1),
        ),
        RegistrationAction.EXTEND: (
            _NOT_ASKER, may_extend, fact("extension_asked").is_true(), fact("days_gained").at_least(1),
        ),
        RegistrationAction.DECLINE_EXTENSION: (_NOT_ASKER, fact("extension_asked").is_true()),
        RegistrationAction.EXPIRE: (
            fact("extension_asked").is_false(), any_of(fact("days_left").at_most(0), fact("days_to_answer").at_most(0)),
        ),
        RegistrationAction.CONVERT: (_PROTECTED,),
    }  # fmt: skip


@lru_cache(maxsize=512)
def moving(policy: RegistrationPolicy, action: RegistrationAction) -> Ladder[MoveFacts, bool]:
    """Whether an action is allowed that neither submits nor approves."""
    asked = _asked(policy).get(action, ())
    return permission(
        f"{policy.name}/{action.value}", MoveFacts, starts_of(REGISTRATION_MOVES, action), *asked
    )


_MORE = Text.of("another approval is needed", ja="さらに承認が必要", zh="还需要其他审批")
_UNCONTESTED = fact("conflict").one_of(Conflict.NONE, Conflict.AWARDED)


@lru_cache(maxsize=256)
def approving(policy: RegistrationPolicy) -> Ladder[ApprovalFacts, Approving]:
    """Whether a person may approve, and whether that is enough."""
    always = (
        starts_of(REGISTRATION_MOVES, RegistrationAction.APPROVE), _UNCONTESTED, fact("holders").at_most(0),
        *((fact("ahead").at_most(0),) if policy.first_come else ()), _PROTECTED, _NOT_ASKER, fact("approved_it").is_false(),
        fact("holds_role").is_true(), fact("is_delegated").is_true(), fact("is_next").is_true(),
    )  # fmt: skip
    return Ladder(
        f"{policy.name}/approve", facts=ApprovalFacts, otherwise=Approving.REFUSED, otherwise_text=NO,
        rungs=(
            rung(Approving.APPROVED, *always, fact("completes").is_true(), text=YES),
            rung(Approving.MORE_NEEDED, *always, text=_MORE),
        ),
    )  # fmt: skip


@lru_cache(maxsize=256)
def approving_by_criteria(policy: RegistrationPolicy, missed: bool) -> Ladder[RegistrationFacts, bool]:
    """Whether the policy approves by itself: its criteria are met, or, where it says so, the deadline was missed."""
    wanted = () if missed else policy.auto_approval
    return permission(
        f"{policy.name}/approve-{'unanswered' if missed else 'by-criteria'}", RegistrationFacts,
        starts_of(REGISTRATION_MOVES, RegistrationAction.APPROVE), _UNCONTESTED, fact("holders").at_most(0),
        *((fact("ahead").at_most(0),) if policy.first_come else ()), _PROTECTED, *((all_of(*wanted),) if wanted else ()),
    )  # fmt: skip


def suited(facts: RegistrationFacts, ladder: Ladder[RegistrationFacts, Any]) -> RegistrationFacts:
    """The facts for a policy whose amounts are in one currency: a value in another one is not known to it."""
    bounds = [bound for leaf in ladder.leaves for one in comparisons(leaf) for bound in one.bounds]
    units = {bound.currency for bound in bounds if isinstance(bound, Money)}
    return facts if not units or facts.currency in units else attrs.evolve(facts, value=None)
