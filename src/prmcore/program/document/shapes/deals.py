"""What a program file says of leads, of deal registrations, of sales, and of who does what in a deal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import attrs

from prmcore.deals import ApproverChain
from prmcore.deals.leads import AfterOffers, LeadPolicy, LeadReason, Timer, TurnBy, WorkedFrom
from prmcore.deals.opportunities import DiscountLimit, LossReason, SalesStage
from prmcore.deals.registrations import (
    Capacity,
    Eligibility,
    Extension,
    ProtectedFrom,
    ProtectionWindow,
    Resubmission,
    Review,
    ScopedBy,
    Term,
    TierTerm,
)
from prmcore.deals.responsibility import Activity, Party
from prmcore.errors import InvalidInput
from prmcore.program.document.shapes.facts import FieldDocument
from prmcore.values import BusinessHours, PercentagePoints, Rate, Text

__all__ = [
    "DutyRowDocument",
    "LeadsDocument",
    "NegotiationDocument",
    "ProtectionDocument",
    "RegistrationsDocument",
    "ResponsibilitiesDocument",
    "RouteStepDocument",
    "RoutingDocument",
    "SalesDocument",
    "ScoreLineDocument",
    "TierTermDocument",
]

_USUAL = LeadPolicy()
_ANYTHING, _ANY_NUMBER, _NOBODY = Eligibility(), Capacity(), ApproverChain()


@attrs.frozen(kw_only=True)
class LeadsDocument:
    """The rules of leads; see prmcore.deals.leads.LeadPolicy."""

    accept_within: Timer = _USUAL.accept_within
    work_within: Timer | None = None  # what is not written has no limit
    worked_from: WorkedFrom = _USUAL.worked_from
    offered_to: int = _USUAL.offered_to
    most_offers: int = _USUAL.most_offers
    afterwards: AfterOffers = _USUAL.afterwards
    reminder_hours: tuple[int, ...] = _USUAL.reminder_hours
    expires_after_days: int | None = None
    same_within_days: int = _USUAL.same_within_days
    reasons: tuple[LeadReason, ...] = ()
    hours: BusinessHours | None = None  # in which times are counted


@attrs.frozen(kw_only=True)
class ScoreLineDocument:
    """Points for criteria that are met."""

    points: Fraction
    when: tuple[Any, ...] = ()  # criteria
    times: str | None = None
    unknown: Fraction = Fraction(0)
    text: Text | None = None


@attrs.frozen(kw_only=True)
class RouteStepDocument:
    """One step that narrows the candidates; the keys that go with it depend on the kind."""

    name: str
    kind: Literal["prefer", "by_order", "by_value", "by_score", "by_turn"]
    criteria: tuple[Any, ...] | None = None
    fact: str | None = None
    order: tuple[str, ...] | None = None
    highest: bool | None = None
    lines: tuple[ScoreLineDocument, ...] | None = None
    by: TurnBy | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class RoutingDocument:
    """To whom a lead is offered; see prmcore.deals.leads.RoutingPolicy."""

    eligible: tuple[Any, ...] = ()  # criteria
    steps: tuple[RouteStepDocument, ...] = ()
    winners: int = 1
    ties_by_id: bool = False
    pools: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict)  # turns in a round, by partner


def _check_one(term: Term | None, endless: bool) -> None:
    if term is not None and endless:
        raise InvalidInput("found term and endless; accepted: one of them")


@attrs.frozen(kw_only=True)
class TierTermDocument:
    """The window for partners of a tier: a term, or without end."""

    tier: str
    term: Term | None = None
    endless: bool = False

    def __attrs_post_init__(self) -> None:
        _check_one(self.term, self.endless)
        if self.term is None and not self.endless:
            raise InvalidInput("found neither term nor endless; accepted: one of them")


@attrs.frozen(kw_only=True)
class ProtectionDocument:
    """How long nobody else is approved; no file can hold a term that is None, so that it says `endless`."""

    term: Term | None = None  # None = as long as where nothing is said, unless it is endless
    endless: bool = False
    starts: ProtectedFrom = ProtectedFrom.APPROVAL
    by_tier: tuple[TierTermDocument, ...] = ()

    def __attrs_post_init__(self) -> None:
        _check_one(self.term, self.endless)

    def window(self) -> ProtectionWindow:
        """The clause; a tier that is named twice is refused."""
        term = None if self.endless else self.term or ProtectionWindow().term
        by_tier = tuple(TierTerm(tier=one.tier, term=one.term) for one in self.by_tier)
        return ProtectionWindow(term=term, starts=self.starts, by_tier=by_tier)


@attrs.frozen(kw_only=True)
class RegistrationsDocument:
    """The clauses of deal registration; see prmcore.deals.registrations.RegistrationPolicy."""

    zone: str = "UTC"
    protection: ProtectionDocument = ProtectionDocument()
    extension: Extension | None = None
    review: Review | None = None
    scope: ScopedBy = ScopedBy.PRODUCT
    eligibility: Eligibility = _ANYTHING
    auto_approval: tuple[Any, ...] = ()  # criteria
    approvers: ApproverChain = _NOBODY
    capacity: Capacity = _ANY_NUMBER
    first_come: bool = True
    resubmission: Resubmission = Resubmission.KEEPS_PLACE
    answer: Term | None = None
    discount: PercentagePoints | None = None
    second_share: Rate | None = None
    reminder_days: tuple[int, ...] = (14,)


@attrs.frozen(kw_only=True)
class SalesDocument:
    """The stages of sales; see prmcore.deals.opportunities.SalesProcess."""

    stages: tuple[SalesStage, ...]
    loss_reasons: tuple[LossReason, ...] = ()
    may_skip: bool = False
    may_go_back: bool = False


@attrs.frozen(kw_only=True)
class NegotiationDocument:
    """The discounts that roles of the vendor may give."""

    limits: tuple[DiscountLimit, ...]


@attrs.frozen(kw_only=True)
class DutyRowDocument:
    """Who does an activity in which deals."""

    name: str
    activity: str
    when: tuple[Any, ...] = ()
    responsible: str
    accountable: str
    consulted: frozenset[str] = frozenset()
    informed: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class ResponsibilitiesDocument:
    """Who does what; see prmcore.deals.responsibility.ResponsibilityMatrix."""

    parties: tuple[Party, ...]
    activities: tuple[Activity, ...]
    rows: tuple[DutyRowDocument, ...]
    facts: Mapping[str, FieldDocument] = attrs.field(factory=dict)  # what rows may ask of a deal
