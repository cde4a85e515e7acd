"""What an agreement can say, as data: one small record for each kind of clause, told apart by its `kind`.

Lengths are as the contract writes them ("60 days"); how they are counted is the work of `periods` and `notice`. Roles are
those of the parties. A clause that nothing computes with is `OtherClause`: its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, TypeAlias

import attrs

from prmcore.contracts.notice import ConvenienceClause, NoticeClause, NoticeStage, ToEndOf
from prmcore.contracts.terms import Extends, RenewalClause, TermClause, UpliftClause
from prmcore.errors import Faults, repeated
from prmcore.values import Length, Money, Rate, Text, checked_id, checked_zone

__all__ = [
    "AssignmentClause", "AuditClause", "CauseClause", "ChangeOfControlClause", "Clause", "ConfidentialityClause",
    "ConvenienceClause", "Discount", "ExclusivityClause", "LawClause", "LiabilityClause", "MinimumClause", "NonCompeteClause",
    "NoticeStage", "OtherClause", "OwnershipClause", "PaymentClause", "PrecedenceClause", "PricesClause", "ProductsClause",
    "Renews", "Reprices", "Runs", "Shortfall", "Struck", "SurvivalClause", "SuspensionClause", "TerritoryClause", "TieBreak", "ToEndOf", "Yearly",
]  # fmt: skip


class TieBreak(StrEnum):
    """Which of two documents of one class goes first."""

    LATEST_WRITING = "latest-writing"  # by the day of signature
    LATEST_EFFECT = "latest-effect"  # by the day from which it counts: reverse chronological order
    STATED_RANK = "stated-rank"  # by the rank that each document states, 1 first


class Shortfall(StrEnum):
    """What follows when a minimum is missed."""

    PAY_DIFFERENCE = "pay-difference"
    LOSE_EXCLUSIVITY = "lose-exclusivity"
    TERMINATION_RIGHT = "termination-right"
    CARRY_OVER = "carry-over"  # what is missing is added to the next period's


class Yearly(StrEnum):
    """Whose years a yearly amount is for."""

    TERM = "year-of-term"
    FISCAL = "fiscal-year"
    CALENDAR = "calendar-year"


@attrs.frozen(kw_only=True)
class TerritoryClause:
    """Where the partner may sell."""

    kind: Literal["territory"] = "territory"
    codes: tuple[str, ...]  # of a tree, such as JP or EMEA
    exclusive: bool = False

    def __attrs_post_init__(self) -> None:
        _check_codes("the territory clause cannot be used", codes=self.codes, needed=("codes",))


@attrs.frozen(kw_only=True)
class ProductsClause:
    """What the partner may sell."""

    kind: Literal["products"] = "products"
    codes: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        _check_codes("the products clause cannot be used", codes=self.codes, needed=("codes",))


@attrs.frozen(kw_only=True)
class Discount:
    """What is taken off the list price from a quantity on."""

    off: Rate
    product: str | None = None  # None = any other
    from_quantity: int = 1

    def __attrs_post_init__(self) -> None:
        faults = Faults("the discount cannot be used")
        if not 0 <= self.off.fraction <= 1:
            faults.add(f"found {self.off}; accepted: 0 % to 100 %", "off")
        _add_ids(faults, "product", () if self.product is None else (self.product,))
        _add_whole(faults, "from_quantity", self.from_quantity, 1)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class PricesClause:
    """In which currency the partner buys, and at which discounts off the list."""

    kind: Literal["prices"] = "prices"
    currency: str
    discounts: tuple[Discount, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults("the prices clause cannot be used")
        with faults.within("currency"):
            Money.zero(self.currency)
        for twice in repeated(
            f"{one.product or 'any other'} from {one.from_quantity}" for one in self.discounts
        ):
            faults.add(f"{twice} is given twice", "discounts")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class PaymentClause:
    """When an invoice is due, and what lateness costs."""

    kind: Literal["payment"] = "payment"
    within: Length  # of the invoice
    late_interest: Rate | None = None  # per year; None = as the law has it


@attrs.frozen(kw_only=True)
class ExclusivityClause:
    """That nobody else sells there, as long as its conditions are met."""

    kind: Literal["exclusivity"] = "exclusivity"
    of: str  # the role that enjoys it
    codes: tuple[str, ...] = ()  # of the territory; () = where the territory clause says
    products: tuple[str, ...] = ()  # () = all
    conditions: tuple[str, ...] = ()  # keys of provisions that have to be met, such as a minimum

    def __attrs_post_init__(self) -> None:
        groups = {"codes": self.codes, "products": self.products, "conditions": self.conditions}
        _check_codes("the exclusivity clause cannot be used", of=(self.of,), **groups)


@attrs.frozen(kw_only=True)
class MinimumClause:
    """How much has to be bought or done in each year, and what follows when it is not."""

    kind: Literal["minimum"] = "minimum"
    metric: str  # what is measured
    amount: Money | None = None  # one of the two, per year
    count: int | None = None
    per: Yearly = Yearly.TERM
    shortfall: Shortfall = Shortfall.TERMINATION_RIGHT
    cure: Length | None = None  # in which it may be made up for, after the year; None = not at all

    def __attrs_post_init__(self) -> None:
        faults = Faults("the minimum clause cannot be used")
        _add_ids(faults, "metric", (self.metric,))
        if (self.amount is None) is (self.count is None):
            faults.add("found both, or neither; accepted: an amount or a count", "amount")
        if self.amount is not None and self.amount.minor <= 0:
            faults.add(f"found {self.amount}; accepted: more than 0", "amount")
        if self.count is not None:
            _add_whole(faults, "count", self.count, 1)
        if self.shortfall is Shortfall.PAY_DIFFERENCE and self.amount is None:
            faults.add("a count has no difference to be paid; accepted: an amount with it", "shortfall")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class NonCompeteClause:
    """How long, after the end, a party keeps away from competing products; 0 days = until the end only."""

    kind: Literal["non-compete"] = "non-compete"
    of: str  # the role that keeps away
    after_end: Length
    codes: tuple[str, ...] = ()  # where; () = in the territory

    def __attrs_post_init__(self) -> None:
        _check_codes("the non-compete clause cannot be used", of=(self.of,), codes=self.codes)


@attrs.frozen(kw_only=True)
class OwnershipClause:
    """Whose something is: inventions, marks, customer data."""

    kind: Literal["ownership"] = "ownership"
    subject: str
    owner: str  # a role

    def __attrs_post_init__(self) -> None:
        _check_codes("the ownership clause cannot be used", subject=(self.subject,), owner=(self.owner,))


@attrs.frozen(kw_only=True)
class ConfidentialityClause:
    """How long secrets are kept after the end."""

    kind: Literal["confidentiality"] = "confidentiality"
    after_end: Length | None = None  # None = without end


@attrs.frozen(kw_only=True)
class AuditClause:
    """Who may look into whose books, and after which notice."""

    kind: Literal["audit"] = "audit"
    by: str  # the role that may look into the books of the other
    notice: Length
    times_a_year: int | None = None  # None = as often as it likes

    def __attrs_post_init__(self) -> None:
        faults = Faults("the audit clause cannot be used")
        _add_ids(faults, "by", (self.by,))
        if self.times_a_year is not None:
            _add_whole(faults, "times_a_year", self.times_a_year, 1)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class AssignmentClause:
    """Who may hand the agreement on, and who has to consent."""

    kind: Literal["assignment"] = "assignment"
    consent_of: tuple[str, ...] = ()  # roles; () = nobody's is needed
    free_to_affiliates: bool = False

    def __attrs_post_init__(self) -> None:
        _check_codes("the assignment clause cannot be used", consent_of=self.consent_of)


@attrs.frozen(kw_only=True)
class ChangeOfControlClause:
    """That others may end the agreement when a party gets another owner."""

    kind: Literal["change-of-control"] = "change-of-control"
    of: tuple[str, ...]  # roles
    within: Length | None = None  # after it became known; None = at any time

    def __attrs_post_init__(self) -> None:
        _check_codes("the change of control clause cannot be used", of=self.of, needed=("of",))


@attrs.frozen(kw_only=True)
class CauseClause:
    """How long a breach may be cured before the agreement can be ended for it."""

    kind: Literal["cause"] = "cause"
    cure: Length  # 0 days = it ends at once
    by: tuple[str, ...] = ()  # roles; () = each party

    def __attrs_post_init__(self) -> None:
        _check_codes("the clause on causes cannot be used", by=self.by)


@attrs.frozen(kw_only=True)
class LiabilityClause:
    """Up to which amount somebody is liable."""

    kind: Literal["liability"] = "liability"
    cap: Money | None = None  # None = no amount limits it
    of: tuple[str, ...] = ()  # roles; () = each party

    def __attrs_post_init__(self) -> None:
        faults = Faults("the liability clause cannot be used")
        if self.cap is not None and self.cap.minor < 0:
            faults.add(f"found {self.cap}; accepted: 0 or more", "cap")
        _add_ids(faults, "of", self.of)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class LawClause:
    """By which law, in whose time and by which holidays the agreement is read."""

    kind: Literal["law"] = "law"
    law: str  # ISO 3166, with the subdivision where law is the states': JP, US-NY
    zone: str | None = None  # IANA; None = it does not say
    language: str | None = None  # the text that prevails
    counting: str | None = None  # the id of a period rule; None = it does not say
    calendar: str | None = None  # the name of a business calendar

    def __attrs_post_init__(self) -> None:
        faults = Faults("the law clause cannot be used")
        for name in ("law", "language", "counting", "calendar"):
            _add_ids(faults, name, () if getattr(self, name) is None else (getattr(self, name),))
        if self.zone is not None:
            with faults.within("zone"):
                checked_zone(self.zone)
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class PrecedenceClause:
    """Which class of documents goes before which; a class that is not named goes last."""

    kind: Literal["precedence"] = "precedence"
    classes: tuple[str, ...]  # the first wins
    within: TieBreak = TieBreak.LATEST_WRITING

    def __attrs_post_init__(self) -> None:
        _check_codes("the precedence clause cannot be used", classes=self.classes, needed=("classes",))


@attrs.frozen(kw_only=True)
class SurvivalClause:
    """Which provisions hold after the end, and how long."""

    kind: Literal["survival"] = "survival"
    keys: tuple[str, ...]
    after_end: Length | None = None  # None = without end

    def __attrs_post_init__(self) -> None:
        _check_codes("the survival clause cannot be used", keys=self.keys, needed=("keys",))


@attrs.frozen(kw_only=True)
class Runs:
    """The clause on when the first term begins, and how long a term is."""

    kind: Literal["term"] = "term"
    term: TermClause


@attrs.frozen(kw_only=True)
class Renews:
    """The clause on what comes after a term."""

    kind: Literal["renewal"] = "renewal"
    renewal: RenewalClause


@attrs.frozen(kw_only=True)
class SuspensionClause:
    """What becomes of the days on which the agreement rests."""

    kind: Literal["suspension"] = "suspension"
    extends: Extends = Extends.NOTHING


@attrs.frozen(kw_only=True)
class Reprices:
    """The clause on how prices move at a renewal."""

    kind: Literal["uplift"] = "uplift"
    uplift: UpliftClause


@attrs.frozen(kw_only=True)
class OtherClause:
    """Words that nothing computes with."""

    kind: Literal["other"] = "other"
    words: Text


@attrs.frozen(kw_only=True)
class Struck:
    """What an amendment deletes, without anything in its place."""

    kind: Literal["struck"] = "struck"


Clause: TypeAlias = (
    TerritoryClause | ProductsClause | PricesClause | PaymentClause | ExclusivityClause | MinimumClause | NonCompeteClause
    | NoticeClause | OwnershipClause | ConfidentialityClause | AuditClause | AssignmentClause | ChangeOfControlClause | ConvenienceClause
    | CauseClause | LiabilityClause | LawClause | PrecedenceClause | SurvivalClause | SuspensionClause | Runs | Renews | Reprices | OtherClause
    | Struck
)  # fmt: skip


def _check_codes(title: str, *, needed: Iterable[str] = (), **groups: tuple[str, ...]) -> None:
    faults = Faults(title)
    for name in needed:
        if not groups[name]:
            faults.add("found none; accepted: one at least", name)
    for name, ids in groups.items():
        _add_ids(faults, name, ids)
        for twice in repeated(ids):
            faults.add(f"{twice!r} is given twice", name)
    faults.raise_if_any()


def _add_ids(faults: Faults, name: str, ids: Iterable[str]) -> None:
    for one in ids:
        with faults.within(name):
            checked_id(one)


def _add_whole(faults: Faults, name: str, number: object, lowest: int) -> None:
    if type(number) is not int or not lowest <= number <= 10**9:
        faults.add(f"found {number!r:.40}; accepted: a whole number from {lowest} to {10**9}", name)
