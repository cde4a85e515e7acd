"""Payouts: what is owed and due is proposed, or it is said why not; `paying.py` approves, releases and pays it.

The ledger says what is owed; a payout says which entries it settles and how far it has come. What is due is the balance
less what waits (held, in dispute) and less what other payouts are about to pay: a balance below zero, a rest that cash
could not pay and a payment that nobody proposed are carried forward by themselves. Every "no" is a decision with reasons.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

import attrs

from prmcore.decisions import Decision, Ladder, Rung, fact
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.incentives.ledger.disputes import Dispute
from prmcore.incentives.ledger.model import Entry, EntryKind, Ledger, calculation_key
from prmcore.incentives.plans.curve import Rounding
from prmcore.values import AppliedRate, Money, Text, checked_date, is_points, total

__all__ = [
    "PAYOUT_MOVES", "Approval", "Approver", "DueFacts", "EntryState", "Owed", "Payout", "PayoutAction", "PayoutAnswer",
    "PayoutPolicy", "PayoutState", "PayoutStep", "Proposal", "owed_on", "proposed", "state_of",
]  # fmt: skip


class PayoutState(StrEnum):
    ACCRUED = "accrued"  # proposed, nobody has approved it yet
    APPROVED = "approved"
    PAYABLE = "payable"  # released to be paid
    PAID = "paid"
    HELD = "on-hold"  # by a person
    DISPUTED = "disputed"  # an entry that it covers is
    VOID = "void"  # its entries are proposed anew
    RETURNED = "returned"  # by the bank: owed again


class PayoutAction(StrEnum):
    APPROVE = "approve"
    RELEASE = "release"
    PAY = "pay"
    HOLD = "hold"
    DISPUTE = "dispute"
    RESUME = "resume"
    VOID = "void"
    RETURN = "return"


_WAITING = (PayoutState.ACCRUED, PayoutState.APPROVED, PayoutState.PAYABLE)
PAYOUT_MOVES: Mapping[tuple[PayoutState, PayoutAction], PayoutState] = {
    (PayoutState.ACCRUED, PayoutAction.APPROVE): PayoutState.APPROVED,
    (PayoutState.APPROVED, PayoutAction.RELEASE): PayoutState.PAYABLE,
    (PayoutState.PAYABLE, PayoutAction.PAY): PayoutState.PAID,
    (PayoutState.PAID, PayoutAction.RETURN): PayoutState.RETURNED,
    **{(state, PayoutAction.HOLD): PayoutState.HELD for state in _WAITING},
    **{(state, PayoutAction.DISPUTE): PayoutState.DISPUTED for state in _WAITING},
    # whatever was approved before it stopped is approved anew
    (PayoutState.HELD, PayoutAction.RESUME): PayoutState.ACCRUED,
    (PayoutState.DISPUTED, PayoutAction.RESUME): PayoutState.ACCRUED,
    **{
        (state, PayoutAction.VOID): PayoutState.VOID
        for state in (*_WAITING, PayoutState.HELD, PayoutState.DISPUTED)
    },
}
ENDED = frozenset({PayoutState.VOID, PayoutState.RETURNED})  # covers nothing any more


@attrs.frozen
class Approval:
    """That a person approved, in which role."""

    by: str
    role: str
    on: datetime.date


@attrs.frozen(kw_only=True)
class PayoutStep:
    """One move of a payout, for the audit trail."""

    action: PayoutAction
    after: PayoutState
    on: datetime.date
    by: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Payout:
    """One payment to one payee in one unit, and how far it has come."""

    id: str
    books: str  # the program
    payee: str
    unit: str  # in which it is owed
    number: int  # among the payouts to this payee in this unit, from 1
    covers: tuple[str, ...]  # ids of the entries that it settles, negative ones among them
    carried: Money  # what earlier payouts left over, or owe
    amount: Money  # the entries and what is carried
    proposed_by: str
    proposed_on: datetime.date
    calculated_by: tuple[str, ...] = ()  # who ran the calculation; they do not approve it
    approvals: tuple[Approval, ...] = ()  # since it last began to wait for them
    steps: tuple[PayoutStep, ...] = ()
    paid: Money | None = None  # what was handed over, in the currency in which it was
    rate: AppliedRate | None = None  # between the unit and that currency; None = they are one

    @property
    def state(self) -> PayoutState:
        return self.steps[-1].after if self.steps else PayoutState.ACCRUED

    def state_on(self, day: datetime.date) -> PayoutState | None:
        """At the end of that day; None before it was proposed."""
        if day < self.proposed_on:
            return None
        return next((step.after for step in reversed(self.steps) if step.on <= day), PayoutState.ACCRUED)

    def is_live_on(self, day: datetime.date) -> bool:
        """Whether its entries are its own: proposed, and neither void nor returned."""
        state = self.state_on(day)
        return state is not None and state not in ENDED

    @property
    def calculation(self) -> str:
        """What its payment belongs to in the ledger."""
        return calculation_key(self.payee, f"{self.books}/payment", f"{self.unit} {self.number}")


@attrs.frozen
class Approver:
    """Up to which amount a role approves alone."""

    role: str
    limit: Money


def check_approvers(approvers: Iterable[Approver], faults: Faults) -> None:
    """One limit above zero for each role and unit."""
    given = list(approvers)
    for place, approver in enumerate(given):
        if approver.limit.minor <= 0:
            faults.add(f"found {approver.limit}; accepted: an amount above zero", f"approvers[{place}].limit")
    for pair in repeated(f"{one.role} in {one.limit.currency}" for one in given):
        faults.add(f"{pair} has two limits", "approvers")


@attrs.frozen(kw_only=True)
class PayoutPolicy:
    """When what is owed is paid, and who has a say in it.

    A role approves alone up to its limit. What is above all limits of its unit needs two people of a role with the
    highest limit, or is refused where `two_above_limits` is off. Who proposed or calculated a payout does not approve it,
    and who approved it does not pay it.
    """

    name: str = "payouts/standard"
    thresholds: tuple[
        Money, ...
    ] = ()  # the least that is paid, one for each unit; none = whatever is above zero
    approvers: tuple[Approver, ...] = ()
    two_above_limits: bool = True
    write_off_after: int | None = (
        None  # periods of the books below zero before a balance is written off; None = never
    )
    steps: tuple[Money, ...] = ()  # of cash, one for each currency: 0.05 CHF
    rounding: Rounding = Rounding.HALF_EVEN  # of what is paid, to its step or its minor unit

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r} cannot be used")
        for name, amounts in (("thresholds", self.thresholds), ("steps", self.steps)):
            for unit in repeated(one.currency for one in amounts):
                faults.add(f"{unit} stands here twice", name)
            for one in amounts:
                if one.minor <= 0:
                    faults.add(f"found {one}; accepted: an amount above zero", name)
        check_approvers(self.approvers, faults)
        if self.write_off_after is not None and self.write_off_after < 1:
            faults.add(f"found {self.write_off_after}; accepted: one period or more", "write_off_after")
        faults.raise_if_any()

    def threshold(self, unit: str) -> Money:
        """The least that is paid; nothing is below what cash can pay."""
        least = [one for one in (*self.thresholds, *self.steps) if one.currency == unit]
        return max(least, default=Money(unit, 1))

    def limit(self, role: str, unit: str) -> Money | None:
        """None = the role approves nothing in this unit."""
        return next(
            (one.limit for one in self.approvers if one.role == role and one.limit.currency == unit), None
        )

    def highest_limit(self, unit: str) -> Money:
        return max(
            (one.limit for one in self.approvers if one.limit.currency == unit), default=Money.zero(unit)
        )

    def handed_over(self, amount: Money, rate: AppliedRate | None) -> Money:
        """What is paid of an amount that is owed: converted, and rounded once, to what the currency's cash allows."""
        unit = amount.currency if rate is None else rate.target
        step = next((one.minor for one in self.steps if one.currency == unit), 1)
        exact = Fraction(amount.minor) if rate is None else rate.exact(amount)
        return Money(unit, step * self.rounding.whole(exact / step))


class PayoutAnswer(StrEnum):
    """What becomes of what is owed to a payee in one unit."""

    PAY = "pay"
    STOPPED = "stopped"  # by a person, or by the payee's status
    NEGATIVE = "negative"  # carried forward, and blocks payment until it is positive
    BELOW_THRESHOLD = "below-threshold"  # carried forward
    DISPUTED = "disputed"
    HELD = "held"
    UNDER_WAY = "under-way"  # in a payout that is not paid yet
    NOTHING = "nothing"


@attrs.frozen
class DueFacts:
    """What a payout depends on."""

    amount: Money = attrs.field(metadata={"text": Text.of("due", ja="支払対象額", zh="应付金额")})
    due: int = attrs.field(  # not of zero, and in no other payout
        metadata={"text": Text.of("entries due", ja="支払対象の明細", zh="应付分录")}
    )
    disputed: int = attrs.field(
        metadata={"text": Text.of("entries in dispute", ja="異議申立て中の明細", zh="争议中的分录")}
    )
    held: int = attrs.field(metadata={"text": Text.of("entries held", ja="保留中の明細", zh="暂扣的分录")})
    under_way: int = attrs.field(
        metadata={"text": Text.of("payouts under way", ja="手続き中の支払", zh="进行中的付款")}
    )
    is_stopped: bool = attrs.field(
        metadata={"text": Text.of("payouts stopped", ja="支払停止", zh="付款已停止")}
    )


@attrs.frozen
class Proposal:
    """A payout, or why there is none."""

    decision: Decision[PayoutAnswer]
    payout: Payout | None


_ANSWERS = {
    PayoutAnswer.PAY: Text.of("pay", ja="支払う", zh="支付"),
    PayoutAnswer.STOPPED: Text.of("stopped", ja="支払停止", zh="已停止"),
    PayoutAnswer.NEGATIVE: Text.of(
        "below zero: carried forward", ja="マイナス残高：繰り越し", zh="余额为负：结转"
    ),
    PayoutAnswer.BELOW_THRESHOLD: Text.of(
        "below the threshold: carried forward", ja="最低支払額未満：繰り越し", zh="低于起付额：结转"
    ),
    PayoutAnswer.DISPUTED: Text.of("waits for a dispute", ja="異議の解決待ち", zh="等待争议解决"),
    PayoutAnswer.HELD: Text.of("held", ja="保留中", zh="暂扣中"),
    PayoutAnswer.UNDER_WAY: Text.of("under way", ja="手続き中", zh="进行中"),
}
_NOTHING = Text.of("nothing is due", ja="支払対象なし", zh="无应付款项")


@lru_cache(maxsize=256)
def _proposing(policy: PayoutPolicy, unit: str) -> Ladder[DueFacts, PayoutAnswer]:
    amount, some, least = fact("amount"), fact("due").at_least(1), policy.threshold(unit)
    asked = {
        PayoutAnswer.PAY: (fact("is_stopped").is_false(), amount.at_least(least), some),
        PayoutAnswer.STOPPED: (fact("is_stopped").is_true(),),
        PayoutAnswer.NEGATIVE: (amount.less_than(Money.zero(unit)),),
        PayoutAnswer.BELOW_THRESHOLD: (amount.less_than(least), some),
        PayoutAnswer.DISPUTED: (fact("disputed").at_least(1),),
        PayoutAnswer.HELD: (fact("held").at_least(1),),
        PayoutAnswer.UNDER_WAY: (fact("under_way").at_least(1),),
    }
    return Ladder(
        f"{policy.name}/propose/{unit}",
        facts=DueFacts,
        rungs=tuple(Rung(answer, criteria, _ANSWERS[answer]) for answer, criteria in asked.items()),
        otherwise=PayoutAnswer.NOTHING,
        otherwise_text=_NOTHING,
    )


@attrs.frozen
class Owed:
    """How a payee stands in one unit at the end of a day."""

    balance: Money
    waiting: tuple[Entry, ...]  # positive, and held or in dispute; what was taken back never waits
    disputed: int  # how many of those wait for a dispute
    due: tuple[Entry, ...]  # in no payout, and waiting for nothing
    under_way: tuple[Payout, ...]  # not paid yet

    @property
    def amount(self) -> Money:
        """What a payment may come to: what is owed, less what waits and what others are about to pay."""
        unit = self.balance.currency
        waiting = total((one.amount for one in self.waiting), unit)
        return self.balance - waiting - total((one.amount for one in self.under_way), unit)


def owed_on(
    ledger: Ledger,
    payee: str,
    unit: str,
    on: datetime.date,
    payouts: Iterable[Payout],
    disputes: Iterable[Dispute],
) -> Owed:
    known = [one for one in ledger.of_payee(payee) if one.recorded <= checked_date(on, "on")]
    programs = sorted({one.books for one in known})
    if len(programs) > 1:
        raise InvalidInput(f"found the books of {', '.join(programs)}; accepted: the ledger of one program")
    entries = [one for one in known if one.amount.currency == unit]
    own = [one for one in payouts if (one.payee, one.unit) == (payee, unit) and one.books in programs]
    live = [one for one in own if one.is_live_on(on)]
    covered = {entry for one in live for entry in one.covers}
    disputed = {entry for one in disputes if one.is_open_on(on) for entry in one.entries}
    free = [one for one in entries if one.id not in covered and one.kind is not EntryKind.PAYMENT]
    waiting = tuple(one for one in free if _waits(one, on, disputed))
    return Owed(
        balance=total((one.amount for one in entries), unit),
        waiting=waiting,
        disputed=sum(one.id in disputed for one in waiting),
        due=tuple(one for one in free if not _waits(one, on, disputed)),
        under_way=tuple(one for one in live if one.state_on(on) is not PayoutState.PAID),
    )


def _waits(entry: Entry, on: datetime.date, disputed: Collection[str]) -> bool:
    if entry.amount.minor <= 0:
        return False
    return entry.id in disputed or (entry.payable_from is not None and entry.payable_from > on)


def proposed(
    ledger: Ledger,
    payee: str,
    unit: str,
    on: datetime.date,
    policy: PayoutPolicy,
    *,
    by: str,
    calculated_by: Iterable[str] = (),
    payouts: Iterable[Payout] = (),
    disputes: Iterable[Dispute] = (),
    stopped: bool = False,
) -> Proposal:
    """The payout of what is due to a payee in one unit, by what was known at the end of a day.

    `payouts` and `disputes` are those that there are; `stopped` says that the payee is not to be paid now. Proposing the
    same again gives the same payout; once it is among the payouts, what it covers is not due a second time.
    """
    if is_points(unit):
        raise InvalidInput(f"found {unit}; points are used, not paid out; accepted: a currency")
    given = list(payouts)
    owed = owed_on(ledger, payee, unit, on, given, disputes)
    facts = DueFacts(
        amount=owed.amount,
        due=sum(bool(one.amount) for one in owed.due),
        disputed=owed.disputed,
        held=len(owed.waiting) - owed.disputed,
        under_way=len(owed.under_way),
        is_stopped=stopped,
    )
    decision = _proposing(policy, unit).decide(facts, on)
    if decision.outcome is not PayoutAnswer.PAY:
        return Proposal(decision, None)
    books = owed.due[0].books
    own = (payee, unit, books)
    # of those up to that day: one that is dated back, when others followed, has the id of the one that took its place
    number = 1 + sum((one.payee, one.unit, one.books) == own and one.proposed_on <= on for one in given)
    return Proposal(
        decision,
        Payout(
            id=calculation_key(payee, f"{books}/payout", f"{unit} {number}"),
            books=books, payee=payee, unit=unit, number=number,
            covers=tuple(sorted(one.id for one in owed.due)),
            carried=owed.amount - total((one.amount for one in owed.due), unit),
            amount=owed.amount, proposed_by=by, proposed_on=on,
            calculated_by=tuple(sorted({*calculated_by, *(one.by for one in owed.due if one.by is not None)})),
        ),
    )  # fmt: skip


# how far an entry has come


class EntryState(StrEnum):
    """Derived from the ledger, the payouts and the disputes; never stored."""

    ACCRUED = "accrued"  # owed, and in no payout that anybody approved
    HELD = "on-hold"
    DISPUTED = "disputed"
    APPROVED = "approved"
    PAYABLE = "payable"
    PAID = "paid"
    CLAWED_BACK = "clawed-back"  # later entries took all of it back


_AS_PAYOUT = {
    PayoutState.ACCRUED: EntryState.ACCRUED,
    PayoutState.APPROVED: EntryState.APPROVED,
    PayoutState.PAYABLE: EntryState.PAYABLE,
    PayoutState.PAID: EntryState.PAID,
    PayoutState.HELD: EntryState.HELD,
    PayoutState.DISPUTED: EntryState.DISPUTED,
}


def state_of(
    entry: Entry,
    payouts: Iterable[Payout],
    disputes: Iterable[Dispute],
    ledger: Ledger,
    on: datetime.date,
) -> EntryState:
    """How far an entry has come at the end of a day.

    A dispute comes first, then what was taken back, whether or not it was paid before; then its payout, then its hold.
    """
    if entry.recorded > checked_date(on, "on"):
        raise InvalidInput(
            f"{entry.id!r} was recorded on {entry.recorded}; accepted: that day or a later one"
        )
    if any(entry.id in one.entries and one.is_open_on(on) for one in disputes):
        return EntryState.DISPUTED
    if entry.kind is EntryKind.PAYMENT:
        return EntryState.PAID
    if entry.amount.minor > 0 and _left_of(entry, ledger, on) == 0:
        return EntryState.CLAWED_BACK
    for payout in payouts:
        if entry.id in payout.covers and payout.is_live_on(on):
            state = payout.state_on(on)
            assert state is not None
            return _AS_PAYOUT[state]
    return EntryState.HELD if _waits(entry, on, ()) else EntryState.ACCRUED


def _left_of(entry: Entry, ledger: Ledger, on: datetime.date) -> int:
    """What later entries of its calculation left of it: they take back the latest first."""
    left = entry.amount.minor
    later = [
        one.amount.minor
        for one in ledger.of(entry.calculation)
        if one.payee == entry.payee and one.number > entry.number and one.recorded <= on
    ]
    above = 0  # what later positive entries have that is not taken back yet
    for amount in later:
        left -= max(0, -amount - above)
        above = max(0, above + amount)
    return max(0, left)
