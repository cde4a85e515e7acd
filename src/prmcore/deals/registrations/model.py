"""The records of deal registration: what a partner registers, how it moves, and who is registered for an account.

Nothing is kept twice: state, approvals and instants are read from the steps. What stands in whose way on an account is one
record of its own, `RegisteredAccount`. Whoever changes a registration puts it, too, in the same unit of work: of two who
approve at once, one meets a conflict and decides anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum

import attrs
from dateutil.relativedelta import relativedelta

from prmcore.deals._moving import check_ids
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values import DateRange, Money, PercentagePoints, Tree, checked_instant, natural_key

__all__ = [
    "HOLDING", "REGISTRATION_MOVES", "WAITING", "Conflict", "Deal", "Place", "Protection", "RegisteredAccount",
    "RegisteredScope", "Registration", "RegistrationAction", "RegistrationState", "RegistrationStep", "Revision", "Scope",
    "Term", "scopes_overlap",
]  # fmt: skip


class RegistrationState(StrEnum):
    """How a registration stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under-review"
    RETURNED = "returned"  # to the partner, for something is missing
    QUEUED = "queued"  # behind another one; it is not approved until that is over
    APPROVED = "approved"
    CONVERTED = "converted"  # to an opportunity; its protection no longer runs out
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    WON = "won"
    LOST = "lost"


class RegistrationAction(StrEnum):
    """What somebody, or the rules, can do with a registration."""

    SUBMIT = "submit"
    REVIEW = "review"
    RESEARCH = "research"  # more time is needed
    ESCALATE = "escalate"  # the deadline was missed
    RETURN = "return"
    RESUBMIT = "resubmit"
    QUEUE = "queue"
    RECONSIDER = "reconsider"  # nothing stands before it any more
    APPROVE_PART = "approve-part"  # others have to approve, too
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    ASK_EXTENSION = "ask-extension"
    EXTEND = "extend"
    DECLINE_EXTENSION = "decline-extension"
    EXPIRE = "expire"
    CONVERT = "convert"
    WIN = "win"
    LOSE = "lose"


_S, _A = RegistrationState, RegistrationAction
REGISTRATION_MOVES: Mapping[tuple[RegistrationState, RegistrationAction], RegistrationState] = {
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _A.REVIEW): _S.UNDER_REVIEW,
    (_S.SUBMITTED, _A.ESCALATE): _S.SUBMITTED,
    (_S.SUBMITTED, _A.RETURN): _S.RETURNED,
    (_S.SUBMITTED, _A.QUEUE): _S.QUEUED,
    (_S.SUBMITTED, _A.APPROVE_PART): _S.UNDER_REVIEW,
    (_S.SUBMITTED, _A.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, _A.REJECT): _S.REJECTED,
    (_S.SUBMITTED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _A.EXPIRE): _S.EXPIRED,
    (_S.UNDER_REVIEW, _A.RESEARCH): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, _A.ESCALATE): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, _A.RETURN): _S.RETURNED,
    (_S.UNDER_REVIEW, _A.QUEUE): _S.QUEUED,
    (_S.UNDER_REVIEW, _A.APPROVE_PART): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, _A.APPROVE): _S.APPROVED,
    (_S.UNDER_REVIEW, _A.REJECT): _S.REJECTED,
    (_S.UNDER_REVIEW, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.UNDER_REVIEW, _A.EXPIRE): _S.EXPIRED,
    (_S.RETURNED, _A.RESUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _A.REJECT): _S.REJECTED,
    (_S.RETURNED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNED, _A.EXPIRE): _S.EXPIRED,
    (_S.QUEUED, _A.RECONSIDER): _S.UNDER_REVIEW,
    (_S.QUEUED, _A.REJECT): _S.REJECTED,
    (_S.QUEUED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.QUEUED, _A.EXPIRE): _S.EXPIRED,
    (_S.APPROVED, _A.ASK_EXTENSION): _S.APPROVED,
    (_S.APPROVED, _A.EXTEND): _S.APPROVED,
    (_S.APPROVED, _A.DECLINE_EXTENSION): _S.APPROVED,
    (_S.APPROVED, _A.CONVERT): _S.CONVERTED,
    (_S.APPROVED, _A.WIN): _S.WON,
    (_S.APPROVED, _A.LOSE): _S.LOST,
    (_S.APPROVED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _A.EXPIRE): _S.EXPIRED,
    (_S.CONVERTED, _A.WIN): _S.WON,
    (_S.CONVERTED, _A.LOSE): _S.LOST,
}  # what is over stays over; whoever appeals registers anew
HOLDING = frozenset({_S.APPROVED, _S.CONVERTED})  # one of these in a scope, and no other
WAITING = frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.RETURNED, _S.QUEUED})  # these have a place


class Conflict(StrEnum):
    """What was found, or decided, about other claims to the same customer."""

    NONE = "none"
    POSSIBLE = "possible"  # a person has to look at it
    AWARDED = "awarded"  # to this registration
    AWARDED_TO_OTHER = "awarded-to-other"


@attrs.frozen(kw_only=True)
class Term:
    """A length of time, in days or in months."""

    days: int = 0
    months: int = 0

    def __attrs_post_init__(self) -> None:
        numbers = (self.days, self.months)
        if (
            any(type(one) is not int or not 0 <= one <= 4000 for one in numbers)
            or sum(map(bool, numbers)) != 1
        ):
            raise InvalidInput(
                f"found {self.days!r:.40} days, {self.months!r:.40} months; accepted: one of them, 1 to 4000"
            )

    def after(self, day: datetime.date) -> datetime.date:
        """The day so long after; a 31st that the month does not have is its last day.

        >>> Term(months=6).after(datetime.date(2026, 8, 31))
        datetime.date(2027, 2, 28)
        """
        return _after(day, (self,))


def _after(day: datetime.date, terms: Iterable[Term]) -> datetime.date:
    """All months first, from the day itself; then the days: the 31st does not become the 28th for good."""
    given = tuple(terms)
    step = relativedelta(months=sum(one.months for one in given), days=sum(one.days for one in given))
    try:
        found: datetime.date = day + step
    except (OverflowError, ValueError):
        raise InvalidInput(
            f"{day} and {step.months + 12 * step.years} months reach outside the years 1 to 9999"
        ) from None
    return found


@attrs.frozen(kw_only=True)
class Deal:
    """What a partner registers, as it wrote it."""

    customer: str  # its name, as written
    products: frozenset[str] = frozenset()  # none = not said which
    division: str | None = None  # of the customer; None = all of it
    value: Money | None = None
    expected_close: datetime.date | None = None
    source: str | None = None  # where it comes from
    is_tender: bool | None = None  # None = not said
    tender_published: bool | None = None
    is_renewal: bool | None = None
    answers: tuple[tuple[str, str], ...] = ()  # to what else the form asks

    def __attrs_post_init__(self) -> None:
        faults = Faults("the deal cannot be used")
        check_ids(faults, customer=self.customer, division=self.division, source=self.source)
        for code in sorted(self.products):
            check_ids(faults, products=code)
        if self.value is not None and self.value.minor < 0:
            faults.add(f"found {self.value}; accepted: zero or more", "value")
        if self.tender_published and not self.is_tender:
            faults.add("only a tender is published", "tender_published")
        for name in repeated(name for name, _ in self.answers):
            faults.add(f"{name!r} is answered twice", "answers")
        if len(self.products) > 1000 or sum(len(name) + len(words) for name, words in self.answers) > 100_000:
            faults.add("too long; accepted: up to 1000 products and 100000 characters of answers")
        faults.raise_if_any()

    @property
    def filled(self) -> frozenset[str]:
        """What is said: the names of fields and of answers."""
        fields = attrs.asdict(self, recurse=False)
        answers = dict(fields.pop("answers"))
        return frozenset(
            name
            for name, value in (*fields.items(), *answers.items())
            if value not in (None, "", frozenset())
        )


@attrs.frozen(kw_only=True)
class Revision:
    """A deal as it was registered, or corrected."""

    deal: Deal
    at: datetime.datetime
    by: str


@attrs.frozen(order=True)
class Place:
    """A place in the queue: whoever came first, and of one instant, whoever was counted first."""

    at: datetime.datetime
    number: int


@attrs.frozen(kw_only=True)
class Scope:
    """What of a customer is registered: that division, those products."""

    division: str | None = None  # None = all of the customer
    products: frozenset[str] = frozenset()  # none = all products

    def overlaps(self, other: Scope, products: Tree | None = None) -> bool:
        """Whether both can mean the same deal; a product holds what is below it in the tree."""
        return scopes_overlap(self, other, products)

    def grows_from(self, earlier: Scope, products: Tree | None = None) -> bool:
        """Whether it holds something that the earlier one did not."""
        if earlier.division is not None and self.division != earlier.division:
            return True
        if not earlier.products:
            return False
        return not self.products or any(
            not any(_holds(outer, code, products) for outer in earlier.products) for code in self.products
        )


def scopes_overlap(one: Scope, other: Scope, products: Tree | None = None) -> bool:
    """Whether two scopes of one customer can mean the same deal: what is not said is all of it."""
    if one.division is not None and other.division is not None and one.division != other.division:
        return False
    if not one.products or not other.products:
        return True
    return any(
        _holds(first, second, products) or _holds(second, first, products)
        for first in _codes(one.products, products)
        for second in _codes(other.products, products)
    )


def _codes(codes: frozenset[str], tree: Tree | None) -> frozenset[str]:
    """The members in place of each group: two groups can have some in common."""
    return frozenset(one for code in codes for one in (tree.groups.get(code, (code,)) if tree else (code,)))


def _holds(outer: str, inner: str, tree: Tree | None) -> bool:
    """A code that the tree has no longer is only itself."""
    return outer == inner or (
        tree is not None and outer in tree and inner in tree and tree.contains(outer, inner)
    )


@attrs.frozen(kw_only=True)
class Protection:
    """From when to when nobody else is approved; counted from one day, with whatever was added since."""

    start: datetime.date
    anchor: datetime.date  # the day that the terms are counted from
    terms: tuple[Term, ...] = ()  # the window, then what was added; none = without end

    def __attrs_post_init__(self) -> None:
        if self.terms and _after(self.anchor, self.terms) <= self.start:
            raise InvalidInput(
                f"the protection ends on {_after(self.anchor, self.terms)}, not after {self.start}"
            )

    @property
    def until(self) -> datetime.date | None:
        """The first day that is no longer protected; None = it does not end."""
        return _after(self.anchor, self.terms) if self.terms else None

    @property
    def period(self) -> DateRange:
        return DateRange(self.start, self.until)


@attrs.frozen(kw_only=True)
class RegistrationStep:
    """One step of a registration, for the audit trail."""

    action: RegistrationAction
    after: RegistrationState
    at: datetime.datetime
    by: str
    role: str | None = None  # in which it was approved
    acting_for: str | None = None  # whose role it was
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Registration:
    """A partner's claim to a deal."""

    id: str
    program: str
    partner: str
    revisions: tuple[Revision, ...]  # the last one counts
    account: str | None = None  # who the customer is, since it was submitted
    scope: Scope | None = None  # what of the account, since it was submitted
    place: Place | None = None  # in the queue of the account
    protection: Protection | None = None  # since it was approved
    discount: PercentagePoints | None = None  # what it adds to the partner's discount
    opportunity: str | None = None  # that it was converted to
    steps: tuple[RegistrationStep, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the registration {self.id!r:.60} cannot be used")
        check_ids(
            faults, id=self.id, program=self.program, partner=self.partner, account=self.account,
            opportunity=self.opportunity,
        )  # fmt: skip
        if not self.revisions:
            faults.add("found none; accepted: one at least", "revisions")
        faults.raise_if_any()

    @property
    def state(self) -> RegistrationState:
        return self.steps[-1].after if self.steps else RegistrationState.DRAFT

    @property
    def deal(self) -> Deal:
        return self.revisions[-1].deal

    @property
    def last_at(self) -> datetime.datetime:
        """The instant of its last step or revision."""
        return max(self.revisions[-1].at, *(step.at for step in self.steps[-1:]), self.revisions[0].at)

    @property
    def submitted_at(self) -> datetime.datetime | None:
        """First; a return does not change it."""
        return self._first(RegistrationAction.SUBMIT)

    @property
    def completed_at(self) -> datetime.datetime | None:
        """Since when nothing of what is there was missing: of what was returned, since it came back."""
        return self.steps[-len(self.turn)].at if self.turn else None

    @property
    def approved_at(self) -> datetime.datetime | None:
        return self._first(RegistrationAction.APPROVE)

    @property
    def turn(self) -> tuple[RegistrationStep, ...]:
        """The steps since it was submitted, or came back, last."""
        starts = [
            place for place, step in enumerate(self.steps)
            if step.action in (RegistrationAction.SUBMIT, RegistrationAction.RESUBMIT)
        ]  # fmt: skip
        return self.steps[starts[-1] :] if starts else ()

    @property
    def approvals(self) -> tuple[RegistrationStep, ...]:
        """In this turn; what was returned or queued is approved anew."""
        found: list[RegistrationStep] = []
        for step in self.turn:
            if step.action is RegistrationAction.RECONSIDER:
                found = []
            if step.action in (RegistrationAction.APPROVE_PART, RegistrationAction.APPROVE):
                found.append(step)
        return tuple(found)

    @property
    def asked_by(self) -> frozenset[str]:
        """Who wrote or submitted it, and the partner itself."""
        submitted = (RegistrationAction.SUBMIT, RegistrationAction.RESUBMIT)
        by = [step.by for step in self.steps if step.action in submitted]
        return frozenset((self.partner, *by, *(one.by for one in self.revisions)))

    @property
    def extension_asked(self) -> RegistrationStep | None:
        """The extension that was asked for, and is not decided; None = there is none."""
        about = (
            RegistrationAction.ASK_EXTENSION,
            RegistrationAction.EXTEND,
            RegistrationAction.DECLINE_EXTENSION,
        )
        last = next((step for step in reversed(self.steps) if step.action in about), None)
        return last if last is not None and last.action is RegistrationAction.ASK_EXTENSION else None

    @property
    def extensions(self) -> int:
        return sum(step.action is RegistrationAction.EXTEND for step in self.steps)

    def _first(self, action: RegistrationAction) -> datetime.datetime | None:
        return next((step.at for step in self.steps if step.action is action), None)


@attrs.frozen(kw_only=True)
class RegisteredScope:
    """One registration of an account: it holds its scope, or waits for it."""

    registration: str
    partner: str
    scope: Scope
    place: Place
    holds: bool  # approved or converted
    until: datetime.date | None = (
        None  # the first day that is no longer protected; None = it does not run out
    )
    discount: PercentagePoints | None = None


@attrs.frozen(kw_only=True)
class RegisteredAccount:
    """Who is registered for an account of a program: those approved, and those that wait, by their places.

    It is put with every registration that changes, in one unit of work. That is what keeps two approvals of one scope
    apart, on any store whose units of work are all or nothing and refuse what was changed since it was read.
    """

    program: str
    account: str
    scopes: tuple[RegisteredScope, ...] = ()
    counted: int = 0  # places given so far

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the registrations of {self.account!r:.60} cannot be used")
        check_ids(faults, program=self.program, account=self.account)
        for one in repeated(one.registration for one in self.scopes):
            faults.add(f"{one!r} stands here twice", "scopes")
        faults.raise_if_any()

    @property
    def id(self) -> str:
        return natural_key(self.program, self.account)

    def holders(
        self, scope: Scope, products: Tree | None = None, but: str | None = None
    ) -> tuple[RegisteredScope, ...]:
        """Those approved whose scope overlaps, whether or not their protection has run out: that is to be said first."""
        return self._overlapping(scope, products, but, True)

    def ahead(self, scope: Scope, place: Place, products: Tree | None = None) -> tuple[RegisteredScope, ...]:
        """Those that wait for an overlapping scope in an earlier place."""
        return tuple(one for one in self._overlapping(scope, products, None, False) if one.place < place)

    def lapsed(self, day: datetime.date) -> tuple[str, ...]:
        """The approved registrations whose protection has run out on that day, to be expired before others are approved."""
        return tuple(
            one.registration
            for one in self.scopes
            if one.until is not None and one.until <= day and one.holds
        )

    def next_in_line(self, products: Tree | None = None) -> tuple[str, ...]:
        """The registrations that nothing stands before, in the order in which they came."""
        return tuple(
            one.registration for one in self.scopes
            if not one.holds and not self.holders(one.scope, products) and not self.ahead(one.scope, one.place, products)
        )  # fmt: skip

    def clashes(self, products: Tree | None = None) -> tuple[tuple[str, str], ...]:
        """Pairs that hold overlapping scopes: none, unless the tree of products was changed under them."""
        held = [one for one in self.scopes if one.holds]
        return tuple(
            (first.registration, second.registration)
            for place, first in enumerate(held)
            for second in held[place + 1 :]
            if first.scope.overlaps(second.scope, products)
        )

    def with_(self, registration: Registration) -> RegisteredAccount:
        """The account after a registration was changed."""
        rest = [one for one in self.scopes if one.registration != registration.id]
        state, scope, place = registration.state, registration.scope, registration.place
        counted = self.counted if place is None else max(self.counted, place.number)
        if state in HOLDING | WAITING and scope is not None and place is not None:
            protection = registration.protection
            rest.append(RegisteredScope(
                registration=registration.id, partner=registration.partner, scope=scope, place=place,
                holds=state in HOLDING, discount=registration.discount,
                until=protection.until if protection is not None and state is RegistrationState.APPROVED else None,
            ))  # fmt: skip
        return attrs.evolve(self, scopes=tuple(sorted(rest, key=lambda one: one.place)), counted=counted)

    def _overlapping(
        self, scope: Scope, products: Tree | None, but: str | None, holds: bool
    ) -> tuple[RegisteredScope, ...]:
        return tuple(
            one for one in self.scopes
            if one.holds is holds and one.registration != but and one.scope.overlaps(scope, products)
        )  # fmt: skip


def checked_step(at: datetime.datetime, registration: Registration) -> datetime.datetime:
    instant = checked_instant(at)
    if instant < registration.last_at:
        raise InvalidInput(f"at: found {instant}; accepted: {registration.last_at}, its last step, or later")
    return instant
