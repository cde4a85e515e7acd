"""Incentives in a program document: the plans that are built from it, and the way back."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import attrs

from prmcore.decisions import FactField, FactSchema, Kind
from prmcore.decisions.wire import criterion_to
from prmcore.errors import InvalidInput, joined_path, unknown_name
from prmcore.incentives import Band, Base, Component, ComponentKind, Curve, Day, Plan
from prmcore.incentives.plans.model import MOST_DAYS
from prmcore.incentives.stacking import PriceBenefit, Stacking
from prmcore.program.document.builder import Builder
from prmcore.program.document.metrics import plain_window, window_to
from prmcore.program.document.names import name_fault
from prmcore.program.document.shapes import (
    BandDocument,
    ComponentDocument,
    CurveDocument,
    IncentivesDocument,
    PlanDocument,
    PriceBenefitDocument,
    PriceDocument,
)
from prmcore.program.incentives import Incentives, Reading, transaction_facts
from prmcore.values import Money, Rate
from prmcore.values.wire import from_plain, to_plain

__all__ = ["incentives_from", "incentives_to"]


def incentives_from(
    builder: Builder, document: IncentivesDocument, given: tuple[FactField, ...]
) -> Incentives | None:
    """The incentives that were written; None, with faults, when they cannot be used."""
    return _PlanBuilder(builder, given).incentives(document)


_WANTED = {  # of the fields that are read
    "gross": (Kind.MONEY,), "net": (Kind.MONEY,), "cost": (Kind.MONEY,), "units": (Kind.COUNT, Kind.NUMBER),
    "returns": (Kind.CODE,), "recorded": (Kind.DATE,), "days": (Kind.DATE,), "parties": (Kind.CODE,),
    "id": (Kind.CODE, Kind.COUNT, Kind.DATE),
}  # fmt: skip


_READ_FOR = {  # of a transaction, for what is measured of it
    Base.GROSS.value: ("gross",), Base.NET.value: ("net",), Base.MARGIN.value: ("net", "cost"), Base.UNITS.value: ("units",),
}  # fmt: skip


class _PlanBuilder:
    def __init__(self, builder: Builder, given: tuple[FactField, ...]) -> None:
        self.builder, self.faults, self.given = builder, builder.faults, given

    def incentives(self, document: IncentivesDocument) -> Incentives | None:
        before = len(self.faults.found)
        schema = self.schema(document.transactions)
        self.builder.check_keys(document.plans, "incentives.plans")
        plans = [self.plan(name, one, schema) for name, one in document.plans.items()]
        made = tuple(plan for plan in plans if plan is not None)
        self.check_accruals(made)
        self.builder.check_keys(document.prices, "incentives.prices")
        prices = [self.price(name, one, schema) for name, one in document.prices.items()]
        if document.grace_days is not None and not 0 <= document.grace_days <= MOST_DAYS:
            self.faults.add(
                f"found {document.grace_days}; accepted: zero or more, up to {MOST_DAYS}",
                "incentives.grace_days",
            )
        if len(self.faults.found) > before:
            return None
        return Incentives(
            plans=made,
            reading=document.transactions,
            prices=tuple(price for price in prices if price is not None),
            books=document.books,
            grace_days=document.grace_days,
            exchange=document.exchange,
            payout=document.payout,
            disputes=document.disputes,
            funds=document.funds,
        )

    def check_accruals(self, plans: tuple[Plan, ...]) -> None:
        """What is accrued for a fund is claimed and not paid out, so that it stands in books of its own."""
        kinds = {one.kind for plan in plans for one in plan.components}
        if ComponentKind.FUND_ACCRUAL in kinds and len(kinds) > 1:
            self.faults.add(
                "fund_accrual stands beside what is paid out; accepted: a program of its own, whose balances are claimed",
                "incentives.plans",
            )

    def schema(self, reading: Reading) -> FactSchema:
        """The facts of a transaction: its row's fields, what is given of the partner, and the partner's level."""
        path = "incentives.transactions"
        sources = self.builder.schemas
        if reading.source not in sources:
            if reading.source not in self.builder.lost:
                self.faults.add(unknown_name("source", reading.source, sources), f"{path}.source")
            return FactSchema("transaction", ())
        fields = {one.name: one for one in sources[reading.source].fields}
        for key, name in reading.fields:
            wanted = _WANTED[key.partition(".")[0].partition("[")[0]]
            if name not in fields:
                if name not in self.builder.lost:
                    self.faults.add(unknown_name("field", name, fields), f"{path}.{key}")
            elif fields[name].kind not in wanted:
                kinds = " or ".join(kind.value for kind in wanted)
                self.faults.add(
                    f"{name} is a {fields[name].kind.value}; accepted: a {kinds}", f"{path}.{key}"
                )
        amounts = [(key, fields.get(name)) for key, name in reading.fields if key in ("gross", "net", "cost")]
        currencies = {str(one.currency): key for key, one in amounts if one is not None and one.currency}
        if len(currencies) > 1:
            found = ", ".join(f"{key} in {currency}" for currency, key in sorted(currencies.items()))
            self.faults.add(f"found {found}; accepted: amounts of one currency", path)
        for key in sorted({"partner", "overlay"} & reading.parties.keys()):
            self.faults.add(f"{key} is known already; accepted: another name", f"{path}.parties.{key}")
        for one in self.given:
            if one.name in fields:
                self.faults.add(
                    f"{one.name!r} is given with the partner, and a field of {reading.source}; one name, one meaning",
                    path,
                )
        return transaction_facts(fields.values(), self.given)

    def plan(self, name: str, document: PlanDocument, schema: FactSchema) -> Plan | None:
        path = f"incentives.plans.{name}"
        components = [
            self.component(one, schema, f"{path}.components[{place}]")
            for place, one in enumerate(document.components)
        ]
        if not components:
            self.faults.add("has no components; accepted: at least one", f"{path}.components")
        made = tuple(one for one in components if one is not None)
        if len(made) < len(components):
            return None
        with self.faults.within(path):
            return Plan(
                name=self.builder.policy_name(name),
                components=made,
                facts=schema,
                ceiling=document.ceiling,
                text=document.text,
            )
        return None

    def price(self, name: str, document: PriceDocument, schema: FactSchema) -> Stacking | None:
        path = f"incentives.prices.{name}"
        benefits = [
            self.price_benefit(one, schema, f"{path}.benefits[{place}]")
            for place, one in enumerate(document.benefits)
        ]
        made = tuple(one for one in benefits if one is not None)
        if not benefits:
            self.faults.add("takes nothing off; accepted: at least one benefit", f"{path}.benefits")
        if len(made) < len(benefits):
            return None
        same = {
            name: getattr(document, name) for name in ("combine", "ceiling", "rounding", "rounds", "text")
        }
        with self.faults.within(path):
            return Stacking(name=self.builder.policy_name(name), benefits=made, facts=schema, **same)
        return None

    def price_benefit(
        self, document: PriceBenefitDocument, schema: FactSchema, path: str
    ) -> PriceBenefit | None:
        before = len(self.faults.found)
        fault = name_fault(document.name, free=True)
        if fault:
            self.faults.add(fault, f"{path}.name")
        when = (
            None if document.when is None else self.builder.criterion(document.when, schema, f"{path}.when")
        )
        if len(self.faults.found) > before:
            return None
        values = {one.name: getattr(document, one.name) for one in attrs.fields(PriceBenefit)}
        with self.faults.within(path):
            return PriceBenefit(**{**values, "when": when})
        return None

    def component(self, document: ComponentDocument, schema: FactSchema, path: str) -> Component | None:
        before = len(self.faults.found)
        fault = name_fault(document.name, free=True)
        if fault:
            self.faults.add(fault, f"{path}.name")
        unit = self.builder.currency_of(document.unit, f"{path}.unit")
        if document.unit is None and self.builder.lacks_currency:
            self.faults.add(
                "in which currency, or points, is it paid? give one here or for the program", f"{path}.unit"
            )
        if document.currency is not None:
            self.builder.known_currency(document.currency, f"{path}.currency")
        when = (
            None if document.when is None else self.builder.criterion(document.when, schema, f"{path}.when")
        )
        window = (
            None if document.window is None else plain_window(self.builder, document.window, f"{path}.window")
        )
        self.check_read(document, path)
        curve = self.curve(document, path)
        accelerator = document.accelerator and self.curve(document.accelerator, f"{path}.accelerator")
        if len(self.faults.found) > before or unit is None or curve is None:
            return None
        same = {one.name for one in attrs.fields(Component)} & {
            one.name for one in attrs.fields(ComponentDocument)
        }
        values = {name: getattr(document, name) for name in same}
        values |= {
            "unit": unit,
            "when": when,
            "window": window,
            "accelerator": accelerator,
            "prorate": frozenset(document.prorate),
        }
        with self.faults.within(path):
            try:
                return Component(curve=curve, **values)
            except InvalidInput as error:
                faults = [attrs.evolve(fault, path=as_written(fault.path)) for fault in error.faults]
                raise InvalidInput(error.title, faults) from None
        return None

    def check_read(self, document: ComponentDocument, path: str) -> None:
        """Refuses what no row could ever say, so that nobody would be paid."""
        reading = self.builder.document.incentives.transactions  # type: ignore[union-attr]  # a component is of incentives
        if document.payee not in {"partner", "overlay", *reading.parties}:
            known = ["partner", "overlay", *reading.parties]
            self.faults.add(unknown_name("party", document.payee, known), f"{path}.payee")
        if document.day not in (reading.days or (Day.INVOICED,)):
            known = [one.value for one in reading.days or (Day.INVOICED,)]
            self.faults.add(
                f"found {document.day.value}; incentives.transactions.days has {', '.join(known)}",
                f"{path}.day",
            )
        for key, of in (("base", document.base), ("by", document.by)):
            wanted = _READ_FOR.get(of.value, ()) if of is not None else ()
            missing = [name for name in wanted if getattr(reading, name) is None]
            if missing:
                self.faults.add(
                    f"found {of}; incentives.transactions names no {' and no '.join(missing)}",
                    f"{path}.{key}",
                )

    def curve(self, document: ComponentDocument | CurveDocument, path: str) -> Curve | None:
        bands = [self.band(one, f"{path}.bands[{place}]") for place, one in enumerate(document.bands)]
        whole = tuple(one for one in bands if one is not None)
        if len(whole) < len(bands):
            return None
        try:
            return Curve(whole, document.mode, document.boundary, document.flat_at_zero)
        except InvalidInput as error:
            for fault in error.faults:
                place = fault.path.partition(".")[0]
                if not place or not self.builder.is_left_out(
                    f"{path}.bands{place}"
                ):  # else it has told its fault
                    self.faults.add(fault.message, joined_path(f"{path}.bands", fault.path))
        return None

    def band(self, document: BandDocument, path: str) -> Band | None:
        with self.faults.within(f"{path}.up_to"):
            return Band(
                up_to=None if document.up_to is None else quantity_from(document.up_to),
                rate=document.rate,
                each=document.each,
                flat=document.flat,
                pays=document.pays,
            )
        return None


def as_written(path: str) -> str:
    """Where a part of a component stands in a document, which has the bands of its curve beside its other keys.

    >>> as_written("components[0].curve[1].rate")
    'components[0].bands[1].rate'
    """
    return re.sub(r"\baccelerator(?=\[)", "accelerator.bands", re.sub(r"\bcurve\b", "bands", path))


def quantity_from(written: Any) -> Money | Fraction | Rate:
    """Money, a rate or a number, by its written form."""
    if isinstance(written, str) and written.endswith("%"):
        return Rate.parse(written)
    if isinstance(written, str) and " " in written.strip():
        return Money.parse(written)
    try:
        return from_plain(written, Fraction)
    except InvalidInput:
        raise InvalidInput(f"found {written!r:.60}; accepted: '1000 EUR', 100 (units) or '80 %'") from None


def incentives_to(incentives: Incentives | None) -> dict[str, Any] | None:
    """As it would be written; what is as it would be anyway is left out."""
    if incentives is None:
        return None
    return {
        "transactions": _without_defaults(incentives.reading),
        "books": incentives.books,
        "grace_days": incentives.grace_days,
        "exchange": _without_defaults(incentives.exchange),
        "payout": _without_defaults(incentives.payout),
        "disputes": _without_defaults(incentives.disputes),
        "funds": None if incentives.funds is None else _without_defaults(incentives.funds),
        "prices": {one.name.rpartition("/")[2]: _price(one) for one in incentives.prices},
        "plans": {
            plan.name.rpartition("/")[2]: {
                "text": to_plain(plan.text),
                "ceiling": to_plain(plan.ceiling) if plan.ceiling is not None else None,
                "components": [_component(one) for one in plan.components],
            }
            for plan in incentives.plans
        },
    }


def _price(price: Stacking) -> dict[str, Any]:
    found = _without_defaults(price)
    benefits = [
        {**_without_defaults(one), "when": None if one.when is None else criterion_to(one.when)}
        for one in price.benefits
    ]
    return {
        **{key: value for key, value in found.items() if key not in ("name", "facts")},
        "benefits": benefits,
    }


def _component(component: Component) -> dict[str, Any]:
    return {
        **_without_defaults(component),
        **_curve(component.curve),
        "curve": None,
        "when": None if component.when is None else criterion_to(component.when),
        "window": None if component.window is None else window_to(component.window),
        "accelerator": None if component.accelerator is None else _curve(component.accelerator),
        "clawback": _without_defaults(component.clawback),
    }


def _curve(curve: Curve) -> dict[str, Any]:
    bands = [
        {
            **to_plain(attrs.evolve(band, up_to=None)),
            "up_to": None if band.up_to is None else _quantity(band.up_to),
        }
        for band in curve.bands
    ]
    return {**_without_defaults(curve), "bands": bands}


def _quantity(quantity: Money | Fraction | Rate) -> Any:
    return int(quantity) if isinstance(quantity, Fraction) and quantity.denominator == 1 else str(quantity)


_WRITTEN_APART = ("curve", "when", "window", "accelerator", "clawback", "bands")


def _without_defaults(record: Any) -> dict[str, Any]:
    """The fields that differ from what they are when nothing is written."""
    found = {}
    for one in attrs.fields(type(record)):
        value = getattr(record, one.name)
        default = one.default.factory() if isinstance(one.default, attrs.Factory) else one.default  # type: ignore[arg-type]
        if value != default and one.name not in _WRITTEN_APART:
            found[one.name] = to_plain(value)
    return found
