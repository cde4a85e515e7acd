"""The records of leads: a lead, the offers of it to partners, and the steps that it took.

A lead has at most one owner, the partner that took the offer in force. The days by which it has to be accepted and worked
are kept with the offer: a later policy changes nothing of what was said.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum

import attrs

from prmcore.deals._moving import check_ids
from prmcore.errors import Faults, repeated
from prmcore.values import checked_instant

__all__ = ["FINAL", "LEAD_MOVES", "Lead", "LeadAction", "LeadState", "LeadStep", "Offer"]


class LeadState(StrEnum):
    """How a lead stands."""

    NEW = "new"
    OFFERED = "offered"  # to one partner, or to several of which the first wins
    ACCEPTED = "accepted"
    WORKED = "worked"
    DECLINED = "declined"  # given back: it waits for the next offer
    RECALLED = "recalled"  # taken back, because its time was over: it waits for the next offer
    IN_REVIEW = "in-review"  # a person decides
    WITH_HOUSE = "with-house"  # the vendor's own team has it
    DISQUALIFIED = "disqualified"
    DUPLICATE = "duplicate"
    CONVERTED = "converted"
    EXPIRED = "expired"


class LeadAction(StrEnum):
    """What somebody, or the rules, can do with a lead."""

    OFFER = "offer"
    RE_ROUTE = "re-route"  # offer to the next
    ACCEPT = "accept"
    WORK = "work"
    STAND_ASIDE = "stand-aside"  # one of several says no, others may still accept
    DECLINE = "decline"
    RECALL = "recall"
    REFER = "refer"  # to a person
    RETURN = "return"  # to the house
    DISQUALIFY = "disqualify"
    MERGE = "merge"  # a duplicate of another lead
    CONVERT = "convert"
    EXPIRE = "expire"


FINAL = frozenset((LeadState.DISQUALIFIED, LeadState.DUPLICATE, LeadState.CONVERTED, LeadState.EXPIRED))
_OPEN = tuple(state for state in LeadState if state not in FINAL)
_WAITING = (LeadState.DECLINED, LeadState.RECALLED, LeadState.IN_REVIEW, LeadState.WITH_HOUSE)
_HELD = (LeadState.OFFERED, LeadState.ACCEPTED, LeadState.WORKED)

LEAD_MOVES: Mapping[tuple[LeadState, LeadAction], LeadState] = {
    (LeadState.NEW, LeadAction.OFFER): LeadState.OFFERED,
    **{(state, LeadAction.RE_ROUTE): LeadState.OFFERED for state in _WAITING},
    (LeadState.OFFERED, LeadAction.ACCEPT): LeadState.ACCEPTED,
    (LeadState.OFFERED, LeadAction.STAND_ASIDE): LeadState.OFFERED,
    (LeadState.ACCEPTED, LeadAction.WORK): LeadState.WORKED,
    **{(state, LeadAction.DECLINE): LeadState.DECLINED for state in _HELD},
    **{(state, LeadAction.RECALL): LeadState.RECALLED for state in _HELD},
    **{
        (state, LeadAction.REFER): LeadState.IN_REVIEW
        for state in _OPEN
        if state not in (*_HELD, LeadState.IN_REVIEW)
    },
    **{
        (state, LeadAction.RETURN): LeadState.WITH_HOUSE
        for state in _OPEN
        if state not in (*_HELD, LeadState.WITH_HOUSE)
    },
    **{(state, LeadAction.DISQUALIFY): LeadState.DISQUALIFIED for state in _OPEN},
    **{(state, LeadAction.MERGE): LeadState.DUPLICATE for state in _OPEN if state is not LeadState.WORKED},
    (LeadState.WORKED, LeadAction.CONVERT): LeadState.CONVERTED,
    (LeadState.WITH_HOUSE, LeadAction.CONVERT): LeadState.CONVERTED,
    **{
        (state, LeadAction.EXPIRE): LeadState.EXPIRED
        for state in _OPEN
        if state not in (LeadState.ACCEPTED, LeadState.WORKED, LeadState.WITH_HOUSE)
    },
}


@attrs.frozen(kw_only=True)
class LeadStep:
    """One step of a lead, for the audit trail."""

    action: str  # of the table
    after: str  # the state
    at: datetime.datetime  # UTC
    by: str
    partner: str | None = None  # whose step it was, or whom it concerned
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Offer:
    """One offer of a lead, to one partner or to several of which the first to accept has it."""

    partners: tuple[str, ...]  # by id
    at: datetime.datetime
    accept_by: datetime.datetime  # afterwards it cannot be accepted any more
    work_by: datetime.datetime | None = None  # None = it is not accepted yet, or has no limit
    passed: tuple[str, ...] = ()  # said no
    taken_by: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults("the offer cannot be used")
        if not self.partners:
            faults.add("found none; accepted: one partner or more", "partners")
        for place, one in enumerate(self.partners):
            check_ids(faults, **{f"partners[{place}]": one})
        for one in repeated(self.partners):
            faults.add(f"{one!r} stands here twice", "partners")
        known = set(self.partners)
        for one in (*self.passed, *([] if self.taken_by is None else [self.taken_by])):
            if one not in known:
                faults.add(f"{one!r} was not offered the lead", "partners")
        with faults.within(""):
            if checked_instant(self.accept_by, "accept_by") < checked_instant(self.at):
                faults.add(f"found {self.accept_by}; accepted: not before {self.at}", "accept_by")
            if self.work_by is not None:
                checked_instant(self.work_by, "work_by")
        faults.raise_if_any()

    @property
    def asked(self) -> tuple[str, ...]:
        """The partners that may still accept."""
        if self.taken_by is not None:
            return ()
        return tuple(one for one in self.partners if one not in self.passed)


@attrs.frozen(kw_only=True)
class Lead:
    """Somebody who may buy: known by an account where it was identified, and by a contact."""

    id: str
    program: str
    account: str | None = None  # None = not identified
    customer: str  # as it was written
    contact: str | None = None  # one spelling for one contact, such as an e-mail in small letters
    products: frozenset[str] = frozenset()  # empty = not known
    source: str | None = None  # such as a fair, a form
    made_at: datetime.datetime  # UTC
    offers: tuple[Offer, ...] = ()  # the last one is in force, if any is
    steps: tuple[LeadStep, ...] = ()
    same_as: str | None = None  # of a duplicate: the lead that goes on
    opportunity: str | None = None  # of a converted lead: what it became

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the lead {self.id!r:.60} cannot be used")
        check_ids(
            faults, id=self.id, program=self.program, customer=self.customer, account=self.account,
            contact=self.contact, source=self.source, same_as=self.same_as, opportunity=self.opportunity,
        )  # fmt: skip
        for code in sorted(self.products):
            check_ids(faults, products=code)
        if self.same_as == self.id:
            faults.add("a lead is no duplicate of itself", "same_as")
        with faults.within(""):
            checked_instant(self.made_at, "made_at")
        faults.raise_if_any()

    @property
    def state(self) -> LeadState:
        return LeadState(self.steps[-1].after) if self.steps else LeadState.NEW

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def offer(self) -> Offer | None:
        """The offer in force; None when nobody is asked and nobody has it."""
        return self.offers[-1] if self.offers and self.state in _HELD else None

    @property
    def owner(self) -> str | None:
        """The partner that has it now, or had it when it was converted."""
        held = self.state in (LeadState.ACCEPTED, LeadState.WORKED)
        converted = self.state is LeadState.CONVERTED and self.steps[-1].partner is not None
        return self.offers[-1].taken_by if self.offers and (held or converted) else None

    @property
    def had(self) -> frozenset[str]:
        """The partners that it was offered to before: none of them is asked twice."""
        return frozenset(one for offer in self.offers for one in offer.partners)

    @property
    def last_step_at(self) -> datetime.datetime:
        return self.steps[-1].at if self.steps else self.made_at
