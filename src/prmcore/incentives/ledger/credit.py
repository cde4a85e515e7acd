"""Who is credited with what of a transaction: eligibility, the party, its share, and what is measured of it.

A refund goes where its sale went, whatever it looks like by itself: to the same payees and components, in the same period,
at the same rate of exchange.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import attrs

from prmcore.decisions import FactSchema, FactSheet, Ladder, Rung
from prmcore.errors import Faults
from prmcore.incentives.ledger.model import Ledger
from prmcore.incentives.plans.facts import Base, Share, Transaction
from prmcore.incentives.plans.model import Accumulate, Component, Plan
from prmcore.incentives.plans.splits import At
from prmcore.values import AppliedRate, Dated, DateRange, ExchangeRates, Money

__all__ = ["Credit", "Crediting", "Eligibility", "Uncounted", "Why"]


class Why(StrEnum):
    """Why a transaction moves nothing, at least for now."""

    NOT_YET = "not-yet"  # the day that counts has not come: it is not paid, or not invoiced
    NO_PLAN = "no-plan"  # none is in force on that day
    NOT_COVERED = "not-covered"  # no component takes it, which is something else than a rate of zero
    NO_PARTY = "no-party"  # nobody has the part that is paid
    UNKNOWN_FACT = "unknown-fact"  # whether it counts depends on what is not known
    NO_AMOUNT = "no-amount"  # what is measured of it is not known
    NO_SALE = "no-sale"  # what it takes back was not counted


@attrs.frozen
class Uncounted:
    """A transaction that moved nothing, and why."""

    transaction: str
    why: Why
    component: str = ""  # "" = none in particular
    what: str = ""  # the day, party, fact or amount that is missing


@attrs.frozen
class Credit:
    """A share of a transaction on its way to a calculation."""

    earner: str
    component: str  # with its plan
    day: datetime.date  # that it counts for: of what takes back, the day of the sale
    share: Share


class Eligibility:
    """Which transactions a component counts."""

    def __init__(self, component: Component, facts: FactSchema) -> None:
        self.component, self.facts = component, facts
        self._nothing = FactSheet.of(facts, {})
        self._other: tuple[FactSchema, list[int | None]] | None = (
            None  # of the transactions, and where ours stand in it
        )

    @cached_property
    def ladder(self) -> Ladder[FactSheet, str] | None:
        when = self.component.when
        if when is None:
            return None
        return Ladder(
            self.component.name,
            facts=self.facts,
            rungs=(Rung("eligible", (when,)),),
            otherwise="not-eligible",
        )

    def takes(self, transaction: Transaction, day: datetime.date) -> bool | None:
        """None when it depends on what is not known."""
        if self.ladder is None:
            return True
        decision = self.ladder.decide(self.seen(transaction), day)
        if decision.outcome == "eligible":
            return True
        anything_unknown = decision.mask >> len(self.ladder.leaves)
        return None if anything_unknown and self.ladder.could_be(decision) == "eligible" else False

    def seen(self, transaction: Transaction) -> FactSheet:
        """The facts that this plan knows; another version may know others."""
        facts = transaction.facts
        if facts is None:
            return self._nothing
        if facts.schema is self.facts:
            return facts
        if self._other is None or self._other[0] is not facts.schema:
            known = facts.schema
            self._other = known, [known.place(name) if name in known else None for name in self.facts.names]
        return FactSheet(
            self.facts, tuple(None if place is None else facts.values[place] for place in self._other[1])
        )

    def unknown(self, transaction: Transaction) -> str:
        """The facts that are asked for and missing."""
        assert self.ladder is not None
        seen = self.seen(transaction)
        return ", ".join(name for name in sorted(self.ladder.asked) if seen[name] is None)


class _Taker:
    """A component of a plan, and the days on which it is in force."""

    def __init__(self, plan: Plan, component: Component, effective: DateRange) -> None:
        self.name = f"{plan.name}/{component.name}"
        self.component, self.effective = component, effective
        self.eligibility = Eligibility(component, plan.facts)


class Crediting:
    """Finds the credits of transactions under plans."""

    def __init__(
        self, plans: Dated[Plan], known: datetime.date, exchange: ExchangeRates | None = None
    ) -> None:
        self.exchange, self.known = exchange, known
        self.takers = [
            _Taker(plan, component, period)
            for period, plan in plans.entries
            for component in sorted(plan.components, key=lambda one: one.priority or 0)
        ]
        self.faults = Faults("the transactions cannot be converted")
        self.uncounted: list[Uncounted] = []
        self.by_sale: dict[str, list[Credit]] = {}

    def credits(
        self, transactions: Iterable[Transaction], ledger: Ledger
    ) -> tuple[list[Credit], list[Uncounted]]:
        """All credits, and why the rest is not counted. Refunds may be of sales that only the ledger knows."""
        given = list(transactions)
        found: list[Credit] = []
        for one in given:
            if one.returns is None:
                found.extend(self.of_sale(one, ledger))
        for one in given:
            if one.returns is not None:
                found.extend(self.of_return(one, ledger))
        self.faults.raise_if_any()
        return found, self.uncounted

    def of_sale(self, sale: Transaction, ledger: Ledger) -> list[Credit]:
        found: list[Credit] = []
        whys: list[Uncounted] = []
        settled: dict[
            str | None, bool
        ] = {}  # of components that exclude one another: taken, or not known yet
        in_force = False
        for taker in self.takers:
            day = sale.days.get(taker.component.day)
            if day is None or day > self.known:
                whys.append(Uncounted(sale.id, Why.NOT_YET, taker.name, taker.component.day.value))
                continue
            if day in taker.effective:
                in_force = True
                found.extend(self.of_taker(sale, taker, day, settled, whys, ledger))
            elif taker.component.looks_back and taker.eligibility.takes(sale, day):
                found.extend(self.shared(sale, taker, day, [], ledger))
        if not any(credit.day in self.effective(credit) for credit in found) and not whys:
            whys.append(Uncounted(sale.id, Why.NOT_COVERED if in_force else Why.NO_PLAN))
        self.uncounted.extend(whys)
        self.by_sale[sale.id] = found
        return found

    def of_taker(
        self,
        sale: Transaction,
        taker: _Taker,
        day: datetime.date,
        settled: dict[str | None, bool],
        whys: list[Uncounted],
        ledger: Ledger,
    ) -> Iterator[Credit]:
        """The credits of one component; while it is not known which of several takes the sale, nothing moves."""
        exclusive = taker.component.exclusive
        if settled.get(exclusive):
            return
        takes = None if exclusive in settled else taker.eligibility.takes(sale, day)
        if takes is None:
            if exclusive not in settled:
                whys.append(Uncounted(sale.id, Why.UNKNOWN_FACT, taker.name, taker.eligibility.unknown(sale)))
            yield from self.as_counted(sale, taker.name, ledger)
        elif takes:
            yield from self.shared(sale, taker, day, whys, ledger)
        if exclusive is not None and takes is not False:
            settled[exclusive] = bool(takes)

    def as_counted(self, one: Transaction, component: str, ledger: Ledger) -> Iterator[Credit]:
        """What was counted of it stays while it is not known whether, or how much of it, counts."""
        for entry, share in ledger.counted(one.id):
            if entry.component == component and (share.pay or share.quantity):
                sold = ledger.shares(entry.calculation)[share.returns] if share.returns else share
                yield Credit(entry.earner, component, sold.day, share)

    def effective(self, credit: Credit) -> DateRange:
        return self._effective[credit.component]

    @cached_property
    def _effective(self) -> Mapping[str, DateRange]:
        return {taker.name: taker.effective for taker in self.takers}

    def shared(
        self, sale: Transaction, taker: _Taker, day: datetime.date, whys: list[Uncounted], ledger: Ledger
    ) -> Iterator[Credit]:
        """The credit of each payee."""
        component = taker.component
        parties = _parties(sale, component)
        if not parties:
            whys.append(Uncounted(sale.id, Why.NO_PARTY, taker.name, component.payee))
            return
        bucket = self.bucket(sale, component)
        if bucket is None:
            whys.append(Uncounted(sale.id, Why.UNKNOWN_FACT, taker.name, str(component.group)))
            yield from self.as_counted(sale, taker.name, ledger)
            return
        foreign = sale.currency not in (None, component.counted_in)
        kept = self.rate_kept(sale, taker.name, day, ledger) if foreign else None
        for payee, part in parties.items():
            share = self.share(sale, component, day, day, part, bucket, kept)
            if share is None:
                whys.append(Uncounted(sale.id, Why.NO_AMOUNT, taker.name, component.base.value))
                yield from self.as_counted(sale, taker.name, ledger)
                return
            yield Credit(payee, taker.name, day, share)

    def bucket(self, sale: Transaction, component: Component) -> str | None:
        """What the sale accumulates with; None when that is not known."""
        if component.accumulate is Accumulate.TRANSACTION:
            return sale.id
        if component.accumulate is not Accumulate.GROUP:
            return ""
        facts = sale.facts
        value = None if facts is None or component.group not in facts.schema else facts[str(component.group)]
        return None if value is None else str(value)

    def of_return(self, one: Transaction, ledger: Ledger) -> list[Credit]:
        assert one.returns is not None
        sold = self.by_sale.get(one.returns)
        if sold is None:
            sold = [
                Credit(entry.earner, entry.component, share.day, share)
                for entry, share in ledger.counted(one.returns)
                if (share.pay or share.quantity)
                and share.returns is None  # of what takes back nothing is returned
            ]
        components = {taker.name: taker.component for taker in self.takers}
        found: list[Credit] = []
        for credit in sold:
            component = components.get(credit.component)
            if component is None:
                continue
            own = one.days.get(component.day) or max(one.days.values(), default=credit.day)
            if own > self.known:
                self.uncounted.append(Uncounted(one.id, Why.NOT_YET, credit.component, component.day.value))
                continue
            was = credit.share
            share = self.share(one, component, own, credit.day, was.credit, was.bucket, was.exchange)
            if share is None:
                self.uncounted.append(
                    Uncounted(one.id, Why.NO_AMOUNT, credit.component, component.base.value)
                )
                found.extend(self.as_counted(one, credit.component, ledger))
            else:
                found.append(Credit(credit.earner, credit.component, credit.day, share))
        if not sold:
            self.uncounted.append(Uncounted(one.id, Why.NO_SALE, what=one.returns))
        elif not any(credit.component in components for credit in sold):
            self.uncounted.append(Uncounted(one.id, Why.NO_PLAN, sold[0].component, one.returns))
        return found

    def share(
        self,
        one: Transaction,
        component: Component,
        own: datetime.date,
        sold: datetime.date,
        part: Fraction,
        bucket: str,
        rate: AppliedRate | None = None,
    ) -> Share | None:
        """What is measured of a transaction, at the rate that its sale had or has on its day; None when it is not known."""
        exchange = self.exchanged(one, component, sold, rate)
        pay = self.measured(one, component.base, component, exchange)
        same = component.quantity_base is component.base
        quantity = pay if same else self.measured(one, component.quantity_base, component, exchange)
        if pay is None or quantity is None:
            return None
        source = one.measured(component.base)
        return Share(
            transaction=one.id,
            day=own,
            quantity=quantity if part == 1 else quantity * part,
            pay=pay if part == component.per_minor == 1 else pay * part / component.per_minor,
            returns=one.returns,
            bucket=bucket,
            credit=part,
            source=source if exchange is not None and isinstance(source, Money) else None,
            exchange=exchange,
        )

    def rate_kept(
        self, sale: Transaction, component: str, day: datetime.date, ledger: Ledger
    ) -> AppliedRate | None:
        """The rate that the sale of this day was counted at: a table that is published later does not move it."""
        return next(
            (
                share.exchange
                for entry, share in ledger.counted(sale.id)
                if entry.component == component and share.day == day and share.exchange is not None
            ),
            None,
        )

    def exchanged(
        self, one: Transaction, component: Component, day: datetime.date, rate: AppliedRate | None
    ) -> AppliedRate | None:
        """The rate to what the component counts in; None when there is nothing to convert, or no rate."""
        wanted, currency = component.counted_in, one.currency
        if currency in (None, wanted) or component.base is component.quantity_base is Base.UNITS:
            return None
        if rate is not None and rate.source == currency:
            return rate
        if self.exchange is None:
            self.faults.add(
                f"found {currency}; {component.name} counts in {wanted}, and there is no table of rates",
                one.id,
            )
            return None
        with self.faults.within(one.id):
            return self.exchange.on(str(currency), wanted, day)
        return None

    def measured(
        self, one: Transaction, base: Base, component: Component, exchange: AppliedRate | None
    ) -> Fraction | None:
        found = one.measured(base)
        if not isinstance(found, Money):
            return found
        if found.currency == component.counted_in:
            return Fraction(found.minor)
        return None if exchange is None else exchange.exact(found)


def _parties(sale: Transaction, component: Component) -> Mapping[str, Fraction]:
    """Who is credited, and with which part: by the component's own split, by the sale's, or the party as a whole."""
    split = component.split
    if split is not None and split.at is At.CREDIT:
        return split.exact(1)
    if component.payee == "partner" and sale.credits:
        return sale.credits
    if component.payee == "overlay":
        return sale.overlay
    party = sale.parties.get(component.payee)
    return {} if party is None else {party: Fraction(1)}
