"""From transactions to entries: what a payee is entitled to now, less what was posted for it already.

Late sales, refunds, corrections, tiers that reach back and corrected plans all come this way. What is counted once is in
the ledger with its amount, so that a late transaction needs nothing but itself and the entries of its own calculation.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

import attrs
from dateutil.relativedelta import relativedelta

from prmcore.errors import Faults, InvalidInput
from prmcore.incentives.ledger.credit import Credit, Crediting, Uncounted
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger, calculation_key
from prmcore.incentives.plans.facts import Earning, Share, Transaction
from prmcore.incentives.plans.lines import Entitlement, Line, LineKind
from prmcore.incentives.plans.model import Accumulate, Component, Plan, family_of
from prmcore.incentives.plans.policy import ComponentPolicy, policies_of
from prmcore.incentives.plans.splits import At
from prmcore.values import AppliedRate, Dated, DateRange, ExchangeRates, FiscalPeriod, Money, PeriodKind
from prmcore.values.rates import exact_number
from prmcore.values.wire import from_plain

__all__ = ["Circumstances", "Posting", "Quota", "post", "replayed_entry"]

LIFETIME = "lifetime"


def _asked(amount: Money | Fraction | int | str) -> Money | Fraction:
    """Money, or a number; a store holds either as it is written."""
    if isinstance(amount, Money):
        return amount
    if isinstance(amount, str):
        return Money.parse(amount) if " " in amount else from_plain(amount, Fraction)
    return exact_number(amount)


@attrs.frozen(kw_only=True)
class Quota:
    """What a payee was asked to reach in a period."""

    payee: str
    period: str  # its name
    amount: Money | Fraction = attrs.field(converter=_asked)  # in what the component measures
    component: str | None = None  # None = every one


@attrs.frozen(kw_only=True, slots=False)
class Circumstances:
    """What is known beside the transactions."""

    quotas: tuple[Quota, ...] = ()
    active: Mapping[str, DateRange] = attrs.field(factory=dict)  # when a payee took part; none = always
    known_from: datetime.date | None = (
        None  # the first day that all transactions are known of; None = since ever
    )
    exchange: ExchangeRates | None = None

    def quota(self, payee: str, component: Component, period: str) -> Fraction | None:
        """The quota for this component, or else for every one that counts in its unit; None when there is none.

        In minor units of what the component counts in, or in units. One of its own in anything else is refused.
        """
        unit = component.quota_in
        own = self._quotas.get((payee, period, component.name), {})
        if own and unit not in own:
            found = " and ".join(str(one or "units") for one in own)
            raise InvalidInput(
                f"the quota of {payee} for {component.name} in {period} is in {found}; accepted: {unit or 'units'}"
            )
        return own.get(unit, self._quotas.get((payee, period, None), {}).get(unit))

    @cached_property
    def _quotas(self) -> Mapping[tuple[str, str, str | None], Mapping[str | None, Fraction]]:
        """By payee, period and component, and then by currency; None = units."""
        found: dict[tuple[str, str, str | None], dict[str | None, Fraction]] = {}
        for one in self.quotas:
            amount, key = one.amount, (one.payee, one.period, one.component)
            unit, number = (amount.currency, amount.minor) if isinstance(amount, Money) else (None, amount)
            found.setdefault(key, {})[unit] = Fraction(number)
        return found


@attrs.frozen
class Posting:
    """New entries, and the reasons of what moved nothing."""

    entries: tuple[Entry, ...]
    uncounted: tuple[Uncounted, ...] = ()  # transactions that wait, are not covered, or lack something
    held: tuple[tuple[str, tuple[str, ...]], ...] = ()  # calculations that lack something, and what


def post(
    plans: Dated[Plan],
    transactions: Iterable[Transaction],
    ledger: Ledger,
    *,
    known: datetime.date,
    recorded: datetime.date | None = None,
    books: Bookkeeping = Bookkeeping(),
    circumstances: Circumstances | None = None,
    settled_through: datetime.date | None = None,
    whole: bool = True,
    instead_of: Collection[str] = (),
) -> Posting:
    """The entries that bring the ledger to what is due by the transactions known at the end of the day `known`.

    `recorded` is the day that the entries carry; None = `known`. Guarantees are settled for periods that end up to
    `settled_through`, not before. `whole` says that the transactions are all there are: what was counted and is no
    longer among them is taken back; else they are added to what the ledger has counted, and what is not counted yet or is
    held has to be given again later. A plan version that takes the
    place of one that was posted under is named by the old one's name in `instead_of`, and what was posted is taken back.
    Running it again posts nothing.
    """
    around = circumstances or Circumstances()
    if not whole and any(
        one.looks_back or one.carry_over for _, plan in plans.entries for one in plan.components
    ):
        raise InvalidInput(
            "growth, rolling windows and what a guarantee carries over need all transactions; accepted for them: whole = True"
        )
    crediting = Crediting(plans, known, around.exchange)
    given = _known(transactions, known)
    credits, uncounted = crediting.credits(given, ledger)
    run = _Run(
        plans,
        ledger,
        books,
        around,
        credits,
        recorded or known,
        settled_through,
        whole,
        frozenset(instead_of),
    )
    if not whole:
        run.take_away([one.id for one in given])
    return run.posting(tuple(uncounted))


def _known(transactions: Iterable[Transaction], day: datetime.date) -> list[Transaction]:
    """Each transaction as it was known at the end of the day: the latest record of it, of equal ones the last."""
    found: dict[str, Transaction] = {}
    for one in transactions:
        if one.recorded is not None and one.recorded > day:
            continue
        kept = found.get(one.id)
        if kept is None or (one.recorded or datetime.date.min) >= (kept.recorded or datetime.date.min):
            found[one.id] = one
    return list(found.values())


@attrs.frozen
class _Group:
    """A calculation: one earner, one component, one period."""

    earner: str
    policy: ComponentPolicy
    period: FiscalPeriod | None  # None = lifetime
    effective: DateRange  # of the plan

    @property
    def period_name(self) -> str:
        return LIFETIME if self.period is None else self.period.name

    @property
    def key(self) -> str:
        return calculation_key(self.earner, self.policy.name, self.period_name)


class _Run:
    def __init__(
        self,
        plans: Dated[Plan],
        ledger: Ledger,
        books: Bookkeeping,
        around: Circumstances,
        credits: list[Credit],
        recorded: datetime.date,
        settled_through: datetime.date | None,
        whole: bool,
        instead_of: frozenset[str],
    ) -> None:
        self.plans, self.ledger, self.books, self.around = plans, ledger, books, around
        self.recorded, self.settled_through, self.whole, self.instead_of = (
            recorded,
            settled_through,
            whole,
            instead_of,
        )
        self.policies = {
            name: (policy, period)
            for period, plan in plans.entries
            for name, policy in policies_of(plan).items()
        }
        self.credits = credits
        self.groups: dict[str, _Group] = {}
        self.periods: dict[tuple[PeriodKind, datetime.date], FiscalPeriod] = {}  # by kind and day
        self.shares: dict[str, dict[str, Share]] = {}
        self.carried: dict[tuple[str, str], Fraction] = {}  # by earner and component
        self.by_component: dict[tuple[str, str], list[Credit]] = {}  # all that looks back may need
        for credit in credits:
            self.count(credit)

    def posting(self, uncounted: tuple[Uncounted, ...]) -> Posting:
        if self.whole:
            self.add_emptied()
            self.add_silent()
        self.refuse_other_versions()
        entries: list[Entry] = []
        held = []
        for group in sorted(self.groups.values(), key=_in_order):
            earning = self.earning(group)
            found = group.policy.entitlement(earning)
            if group.policy.component.carry_over:
                self.carried[group.earner, group.policy.name] = found.carries
            if found.amount is None:
                held.append((group.key, found.unknown))
                continue
            entries.extend(self.entries(group, earning, found.amount, found))
        entries.extend(self.taken_back())
        return Posting(tuple(entries), uncounted, tuple(held))

    def count(self, credit: Credit) -> None:
        policy, effective = self.policies[credit.component]
        if policy.component.looks_back:
            self.by_component.setdefault((credit.earner, credit.component), []).append(credit)
        if credit.day not in effective:
            return
        group = _Group(credit.earner, policy, self.period(policy.component, credit.day), effective)
        key = group.key
        if key not in self.groups:
            self.add(group)
        self.shares[key][credit.share.transaction] = credit.share

    def add(self, group: _Group) -> None:
        if group.key not in self.groups:
            self.groups[group.key] = group
            self.shares[group.key] = {} if self.whole else self.ledger.shares(group.key)

    def take_away(self, given: Collection[str]) -> None:
        """Where one of the given transactions was counted and is no longer, it counts for nothing.

        What was returned of a sale follows it, so that it has to be given as well when its sale counts otherwise now.
        """
        now = {(credit.earner, credit.component, credit.share.transaction): credit for credit in self.credits}
        faults = Faults("the returns of sales that count otherwise now are not all given")
        for name in given:
            for entry, share in self.ledger.counted(name):
                group = self.group_of(entry.calculation)
                if group is None or not (share.pay or share.quantity):
                    continue
                credit = now.get((entry.earner, entry.component, name))
                stays = credit is not None and self.period(group.policy.component, credit.day) == group.period
                if not stays:
                    self.add(group)
                    del self.shares[group.key][name]
                alike = stays and _converted(credit.share) == _converted(share)  # type: ignore[union-attr]  # it stays
                for other in () if alike else self.ledger.shares(entry.calculation).values():
                    if (
                        other.returns == name
                        and (other.pay or other.quantity)
                        and other.transaction not in given
                    ):
                        faults.add(f"{other.transaction} takes back a part of {name}; accepted: give it too")
        faults.raise_if_any()

    def group_of(self, calculation: str) -> _Group | None:
        """The group of a calculation of these plans that the ledger holds; None when it is of others."""
        if calculation in self.groups:
            return self.groups[calculation]
        entry = self.ledger.of(calculation)[0]
        sales = [share for share in self.ledger.shares(calculation).values() if share.returns is None]
        if entry.component not in self.policies or not sales:
            return None
        policy, effective = self.policies[entry.component]
        return _Group(entry.earner, policy, self.period(policy.component, sales[0].day), effective)

    def period(self, component: Component, day: datetime.date) -> FiscalPeriod | None:
        if component.accumulate is Accumulate.LIFETIME:
            return None
        found = self.periods.get((component.period, day))
        if found is None:
            found = self.periods[component.period, day] = self.books.calendar.period(component.period, day)
        return found

    def add_emptied(self) -> None:
        """Calculations that have entries and no transaction any more: they come to nothing, or to their guarantee."""
        for key in self.ledger.calculations():
            group = None if key in self.groups else self.group_of(key)
            if group is not None:
                self.add(group)

    def add_silent(self) -> None:
        """Settled periods without a sale, after the first with one: they come to their guarantee."""
        for group in list(self.groups.values()):
            if (
                group.policy.component.guarantee is None
                or group.period is None
                or self.settled_through is None
            ):
                continue
            start = group.period.range.start
            if self.settled_through <= group.period.range.last_day:
                continue
            until = DateRange(start, self.settled_through)
            for period in self.books.calendar.periods(group.policy.component.period, until):
                silent = attrs.evolve(group, period=period)
                if self.settles(period) and self.there(silent) is not None:
                    self.add(silent)

    def refuse_other_versions(self) -> None:
        """A transaction that was paid under a plan that is not given would be paid twice."""
        faults = Faults("the ledger was posted under other plans")
        known = {plan.name for _, plan in self.plans.entries} | self.instead_of
        families = {plan.family for _, plan in self.plans.entries}
        found: dict[str, str] = {}
        for key, group in self.groups.items():
            for transaction in self.shares[key]:
                for entry, share in self.ledger.counted(transaction):
                    plan = entry.component.rpartition("/")[0]
                    if not (share.pay or share.quantity):
                        continue  # it was there once
                    if entry.earner == group.earner and plan not in known and family_of(plan) in families:
                        found[entry.calculation] = plan
        for key, plan in sorted(found.items()):
            if any(
                self.ledger.posted(key, payee) for payee in {entry.payee for entry in self.ledger.of(key)}
            ):
                faults.add(
                    f"{key}; accepted: this plan among the given ones, or instead_of = {plan!r} to take back what it paid"
                )
        faults.raise_if_any()

    def taken_back(self) -> Iterator[Entry]:
        """What was posted under plan versions that others take the place of."""
        for key in self.ledger.calculations() if self.instead_of else ():
            if self.ledger.of(key)[0].component.rpartition("/")[0] not in self.instead_of:
                continue
            for last in {entry.payee: entry for entry in self.ledger.of(key)}.values():
                posted = self.ledger.posted(key, last.payee)
                if not posted:
                    continue
                attributed, booked = self.books.booked(last.effective)
                yield attrs.evolve(
                    last,
                    number=last.number + 1,
                    kind=EntryKind.ADJUSTMENT,
                    amount=Money(last.amount.currency, -posted),
                    lines=(Line(what=LineKind.POSTED, amount=Fraction(-posted)),),
                    attributed=attributed,
                    booked=booked,
                    recorded=self.recorded,
                    payable_from=None,
                    earning=None,
                    corrects=last.id,
                    reason="another version of the plan takes its place",
                )

    def earning(self, group: _Group) -> Earning:
        component, period = group.policy.component, group.period
        shares = sorted(self.shares[group.key].values(), key=lambda share: (share.day, share.transaction))
        return Earning(
            payee=group.earner,
            period=group.period_name,
            shares=tuple(share for share in shares if share.pay or share.quantity),
            window=self.window(group) if component.accumulate is Accumulate.ROLLING else Fraction(0),
            quota=self.around.quota(group.earner, component, group.period_name)
            if component.needs_quota
            else None,
            baseline=self.baseline(group) if component.needs_baseline else None,
            part=self.part(group) if component.prorate and period is not None else Fraction(1),
            carried=self.carried.get((group.earner, group.policy.name), Fraction(0))
            if component.carry_over
            else Fraction(0),
            closing=self.settles(period) or self.is_settled(group),
        )

    def is_settled(self, group: _Group) -> bool:
        """A period that was settled once stays so."""
        return any(one.earning is not None and one.earning.closing for one in self.ledger.of(group.key))

    def settles(self, period: FiscalPeriod | None) -> bool:
        return (
            period is not None
            and self.settled_through is not None
            and period.range.last_day <= self.settled_through
        )

    def window(self, group: _Group) -> Fraction | None:
        """What lies in the window that ends with the period, before the period; None when it is not all known."""
        assert group.period is not None and group.period.range.start is not None  # noqa: PT018 - for the type checker
        wanted = group.policy.component.window
        assert wanted is not None
        within = wanted.on(group.period.range.last_day, self.books.calendar)
        before = within.intersection(DateRange(None, group.period.range.start))
        if before is None:
            return Fraction(0)
        known_from = self.around.known_from
        if known_from is not None and (before.start is None or before.start < known_from):
            return None
        return self.sold(group, before)

    def sold(self, group: _Group, within: DateRange) -> Fraction:
        credits = self.by_component.get((group.earner, group.policy.name), [])
        return sum((credit.share.quantity for credit in credits if credit.day in within), Fraction(0))

    def baseline(self, group: _Group) -> Fraction | None:
        """The same period of the year before; None when its transactions are not all known."""
        assert group.period is not None and group.period.range.start is not None  # noqa: PT018
        if group.period.range.start.year == datetime.MINYEAR:
            return None  # there is no year before
        year = relativedelta(years=1)
        start = group.period.range.start - year
        if self.around.known_from is not None and start < self.around.known_from:
            return None
        end = group.period.range.last_day + datetime.timedelta(days=1) - year
        return self.sold(group, DateRange(start, end))

    def part(self, group: _Group) -> Fraction:
        """Of the period in which plan and payee were there, by days."""
        assert group.period is not None
        there = self.there(group)
        return Fraction(0) if there is None else Fraction(there.days, group.period.range.days)

    def there(self, group: _Group) -> DateRange | None:
        """The days of the period on which plan and payee were there."""
        assert group.period is not None
        there = group.period.range.intersection(group.effective)
        active = self.around.active.get(group.earner)
        return there if there is None or active is None else there.intersection(active)

    def entries(self, group: _Group, earning: Earning, amount: Money, found: Entitlement) -> Iterator[Entry]:
        """What each payee is due less what was posted to it; nothing where nothing is new."""
        counted = self.ledger.shares(group.key)
        now = {share.transaction: share for share in earning.shares}
        gone = [
            attrs.evolve(share, quantity=Fraction(0), pay=Fraction(0))
            for name, share in counted.items()
            if name not in now
        ]
        fresh = [share for share in earning.shares if counted.get(share.transaction) != share]
        news = [*fresh, *(share for share in gone if share != counted[share.transaction])]
        for payee, due in self.payees(group, amount).items():
            posted = self.ledger.posted(group.key, payee)
            if due == posted and not news:
                continue
            yield self.entry(group, payee, earning, tuple(news), found, due, posted)

    def payees(self, group: _Group, amount: Money) -> Mapping[str, int]:
        """Whom the entitlement is due to; those of an earlier split who are no longer in it are due nothing."""
        split = group.policy.component.split
        due = dict.fromkeys([entry.payee for entry in self.ledger.of(group.key)], 0)
        if split is None or split.at is not At.PAYOUT:
            return due | {group.earner: amount.minor}
        return due | dict(split.paid_out(amount.minor, group.policy.component.rounding).shares)

    def entry(
        self,
        group: _Group,
        payee: str,
        earning: Earning,
        news: tuple[Share, ...],
        found: Entitlement,
        due: int,
        posted: int,
    ) -> Entry:
        component = group.policy.component
        sold: dict[str | None, datetime.date] = {
            share.transaction: share.day for share in (*earning.shares, *news)
        }
        effective = max(
            (sold.get(share.returns, share.day) for share in news),
            default=self.last_day(group, earning),
        )
        attributed, booked = self.books.booked(effective)
        lines = list(found.lines)
        assert found.amount is not None
        if due != found.amount.minor:
            lines.append(Line(what=LineKind.SPLIT, amount=Fraction(due - found.amount.minor)))
        if posted:
            lines.append(Line(what=LineKind.POSTED, amount=Fraction(-posted)))
        before = [entry for entry in self.ledger.of(group.key) if entry.payee == payee]
        if before and self.recorded < before[-1].recorded:
            raise InvalidInput(
                f"{before[-1].id!r} was recorded on {before[-1].recorded}; what is known later is recorded no earlier, "
                f"found {self.recorded}; for what was due on an earlier day, ask the ledger as_of that day"
            )
        takes_back = due < posted
        refunded = takes_back and any(share.returns is not None for share in news)
        months = component.expires_months
        return Entry(
            payee=payee,
            earner=group.earner,
            component=group.policy.name,
            period=group.period_name,
            number=len(before) + 1,
            kind=EntryKind.CLAWBACK if refunded else EntryKind.EARNED,
            amount=Money(component.unit, due - posted),
            lines=tuple(lines),
            attributed=attributed,
            booked=booked,
            effective=effective,
            recorded=self.recorded,
            payable_from=None
            if takes_back or not component.hold_days
            else _later(effective, datetime.timedelta(days=component.hold_days)),
            expires=None if months is None else _later(effective, relativedelta(months=months)),
            earning=attrs.evolve(earning, shares=news),
            corrects=before[-1].id if takes_back and before else None,
        )

    def last_day(self, group: _Group, earning: Earning) -> datetime.date:
        if group.period is not None:
            return group.period.range.last_day
        return max((share.day for share in earning.shares), default=self.recorded)


def _later(day: datetime.date, step: datetime.timedelta | relativedelta) -> datetime.date:
    """A day that is so much later, or the last that there is."""
    try:
        return day + step
    except (OverflowError, ValueError):
        return datetime.date.max


def _in_order(group: _Group) -> tuple[str, str, datetime.date]:
    start = group.period.range.start if group.period is not None else None
    return group.earner, group.policy.name, start or datetime.date.min


def _converted(share: Share) -> tuple[Fraction, AppliedRate | None]:
    """What a return takes over from its sale."""
    return share.credit, share.exchange


def replayed_entry(ledger: Ledger, entry: Entry, policy: ComponentPolicy) -> Entitlement:
    """The entitlement that an entry brought the payee to, calculated again from what the ledger keeps."""
    if entry.earning is None:
        raise InvalidInput(f"{entry.id!r} was not calculated: {entry.reason or entry.kind}")
    found: dict[str, Share] = {}
    for one in ledger.of(entry.calculation):
        if one.payee != entry.payee or one.number > entry.number or one.earning is None:
            continue
        for share in one.earning.shares:
            found[share.transaction] = share
    shares = sorted(found.values(), key=lambda share: (share.day, share.transaction))
    return policy.entitlement(
        attrs.evolve(entry.earning, shares=tuple(one for one in shares if one.pay or one.quantity))
    )
