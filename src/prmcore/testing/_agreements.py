"""Agreements as their papers: drafts, signed ones, amendments that contradict each other and become known late."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    AgreementTerms,
    AssignmentClause,
    AuditClause,
    CauseClause,
    ChangeOfControlClause,
    Clause,
    ConfidentialityClause,
    ConvenienceClause,
    Discount,
    Document,
    ExclusivityClause,
    LawClause,
    LiabilityClause,
    Lost,
    MinimumClause,
    NonCompeteClause,
    OtherClause,
    OwnershipClause,
    Paper,
    Party,
    PaymentClause,
    Point,
    Precedence,
    PrecedenceClause,
    PricesClause,
    ProductsClause,
    Provision,
    Renews,
    Reprices,
    Runs,
    Shortfall,
    Struck,
    SurvivalClause,
    SuspensionClause,
    Template,
    TerritoryClause,
    TieBreak,
    Yearly,
    amended,
    resolved,
    shipped_templates,
)
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.terms import Extends
from prmcore.testing._notice import convenience_clauses, notice_clauses
from prmcore.testing._terms import renewal_clauses, term_clauses, uplift_clauses
from prmcore.values import DateRange, Length, Money, Rate, Text, Unit

__all__ = [
    "STRATEGIES", "Amendment", "agreement_terms", "agreements", "amendments", "clauses", "documents", "known_instants", "parties",
    "provisions",
]  # fmt: skip

Strategy = st.SearchStrategy
Amendment: TypeAlias = tuple[Document, tuple[Provision, ...]]

_FIRST, _LAST = datetime.date(2024, 4, 1), datetime.date(2024, 4, 6)  # few days, so that papers meet
_CLASSES = ("amendment", "master", "order", "side-letter")
_KEYS = ("payment", "law", "minimum", "order-of-precedence", "term")
_ROLES = ("partner", "vendor")


def _lengths() -> Strategy[Length]:
    units = st.sampled_from((Unit.DAYS, Unit.BUSINESS_DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS))
    return st.builds(Length, st.integers(1, 90), units)


def _days() -> Strategy[datetime.date]:
    return st.dates(_FIRST, _LAST)


def known_instants() -> Strategy[datetime.datetime]:
    """Instants on and around the days of the papers."""
    days = st.dates(_FIRST - datetime.timedelta(days=1), _LAST + datetime.timedelta(days=2))
    return days.map(lambda day: datetime.datetime.combine(day, datetime.time(12), datetime.UTC))


def _roles() -> Strategy[tuple[str, ...]]:
    return st.sampled_from(((), ("vendor",), ("partner", "vendor")))


def _codes(least: int = 0) -> Strategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(("JP", "KR", "DE", "EMEA")), min_size=least, max_size=3, unique=True).map(
        tuple
    )


def _words() -> Strategy[Text]:
    """Some of them differ in Japanese only."""
    return st.sampled_from(
        (
            Text.of("yearly", ja="毎年協議する"),
            Text.of("yearly", ja="毎年"),
            Text.of("by quarter", zh="按季度"),
        )
    )


def _money() -> Strategy[Money]:
    return st.builds(Money, st.sampled_from(("JPY", "EUR")), st.integers(1, 10**9))


def _rates() -> Strategy[Rate]:
    return st.integers(0, 100).map(Rate.percent)


def _discounts() -> Strategy[Discount]:
    product = st.sampled_from((None, "crm", "support"))
    return st.builds(Discount, off=_rates(), product=product, from_quantity=st.sampled_from((1, 10, 100)))


def _minimums() -> Strategy[MinimumClause]:
    common: dict[str, Any] = {
        "metric": st.just("purchases"), "per": st.sampled_from(Yearly), "cure": st.none() | _lengths(),
    }  # fmt: skip
    amounts = st.builds(MinimumClause, amount=_money(), shortfall=st.sampled_from(Shortfall), **common)
    owed = st.sampled_from([one for one in Shortfall if one is not Shortfall.PAY_DIFFERENCE])
    return amounts | st.builds(MinimumClause, count=st.integers(1, 10**6), shortfall=owed, **common)


def _orders() -> Strategy[PrecedenceClause]:
    classes = st.lists(st.sampled_from(_CLASSES), min_size=1, unique=True).map(tuple)
    return st.builds(PrecedenceClause, classes=classes, within=st.sampled_from(TieBreak))


def _laws() -> Strategy[LawClause]:
    found = st.sampled_from(
        (("JP", "Asia/Tokyo", "ja", "jp-civil"), ("DE", "Europe/Berlin", "de", "de-bgb-187-1"), ("US-NY", None, "en", None))
    )  # fmt: skip
    return st.builds(
        lambda one, calendar: LawClause(
            law=one[0], zone=one[1], language=one[2], counting=one[3], calendar=calendar
        ),
        found,
        st.sampled_from((None, "house")),
    )


_CLAUSES: Mapping[type, Callable[[], Strategy[Any]]] = {
    TerritoryClause: lambda: st.builds(TerritoryClause, codes=_codes(1), exclusive=st.booleans()),
    ProductsClause: lambda: st.builds(ProductsClause, codes=_codes(1)),
    PricesClause: lambda: st.builds(
        PricesClause, currency=st.sampled_from(("JPY", "EUR")),
        discounts=st.lists(_discounts(), max_size=3, unique_by=lambda one: (one.product, one.from_quantity)).map(tuple),
    ),
    PaymentClause: lambda: st.builds(
        PaymentClause, within=st.sampled_from(("30 days", "60 days", "2 months")).map(Length.of), late_interest=st.none() | _rates()
    ),
    ExclusivityClause: lambda: st.builds(
        ExclusivityClause, of=st.sampled_from(_ROLES), codes=_codes(), products=_codes(),
        conditions=st.sampled_from(((), ("minimum",))),
    ),
    MinimumClause: _minimums,
    NonCompeteClause: lambda: st.builds(
        NonCompeteClause, of=st.sampled_from(_ROLES), after_end=_lengths(), codes=_codes()
    ),
    NoticeClause: notice_clauses,
    OwnershipClause: lambda: st.builds(
        OwnershipClause, subject=st.sampled_from(("marks", "customer-data")), owner=st.sampled_from(_ROLES)
    ),
    ConfidentialityClause: lambda: st.builds(ConfidentialityClause, after_end=st.none() | _lengths()),
    AuditClause: lambda: st.builds(
        AuditClause, by=st.sampled_from(_ROLES), notice=_lengths(), times_a_year=st.none() | st.integers(1, 4)
    ),
    AssignmentClause: lambda: st.builds(
        AssignmentClause, consent_of=_roles(), free_to_affiliates=st.booleans()
    ),
    ChangeOfControlClause: lambda: st.builds(
        ChangeOfControlClause, of=st.sampled_from((("partner",), _ROLES)), within=st.none() | _lengths()
    ),
    ConvenienceClause: convenience_clauses,
    CauseClause: lambda: st.builds(CauseClause, cure=_lengths(), by=_roles()),
    LiabilityClause: lambda: st.builds(LiabilityClause, cap=st.none() | _money(), of=_roles()),
    LawClause: _laws,
    PrecedenceClause: _orders,
    SurvivalClause: lambda: st.builds(
        SurvivalClause, keys=st.sampled_from((("payment",), ("law", "audit"))), after_end=st.none() | _lengths()
    ),
    SuspensionClause: lambda: st.builds(SuspensionClause, extends=st.sampled_from(Extends)),
    Runs: lambda: st.builds(Runs, term=term_clauses()),
    Renews: lambda: st.builds(Renews, renewal=renewal_clauses()),
    Reprices: lambda: st.builds(Reprices, uplift=uplift_clauses()),
    OtherClause: lambda: st.builds(OtherClause, words=_words()),
    Struck: lambda: st.just(Struck()),
}  # fmt: skip


def clauses() -> Strategy[Clause]:
    """Clauses of every kind."""
    return st.sampled_from(list(_CLAUSES)).flatmap(lambda kind: _CLAUSES[kind]())


def parties() -> Strategy[Party]:
    """The partner, or somebody else, with names in three scripts."""
    return st.builds(
        Party,
        role=st.sampled_from(("partner", "vendor", "guarantor")),
        id=st.sampled_from(("acme", "sample")),
        name=st.sampled_from(("Acme Ltd", "株式会社サンプル", "样本有限公司")),
        country=st.sampled_from((None, "JP", "CN", "GB")),
    )


def documents(id: str = "order-1", *, signed: bool | None = None) -> Strategy[Document]:
    """A paper of this id; None = signed or not."""
    when = {True: _days(), False: st.none(), None: st.none() | _days()}[signed]
    return st.builds(
        Document,
        id=st.just(id),
        document_class=st.sampled_from(_CLASSES),
        known_since=known_instants(),
        signed_on=when,
        effective_from=st.none() | _days(),
        rank=st.sampled_from((None, 1, 2)),
        title=st.sampled_from((None, "覚書")),
    )


def _periods() -> Strategy[DateRange]:
    bounded = st.builds(
        lambda day, days: DateRange(day, day + datetime.timedelta(days=days)), _days(), st.integers(1, 4)
    )
    return bounded | _days().map(DateRange) | _days().map(lambda day: DateRange(None, day))


@st.composite
def provisions(draw: st.DrawFn, document: str = "order-1") -> Provision:
    """What a paper says on a point: often on one of few, in one of few ways, so that papers contradict each other."""
    key = draw(st.sampled_from(_KEYS))
    usual = {"order-of-precedence": _orders(), "payment": _CLAUSES[PaymentClause](), "law": _laws()}
    return Provision(
        key=key,
        clause=draw(st.one_of(usual.get(key, clauses()), st.just(Struck()), clauses())),
        document=document,
        number=draw(st.sampled_from((None, "5.1"))),
        page=draw(st.none() | st.integers(1, 40)),
        effective=draw(st.none() | st.none() | _periods()),
        known_since=draw(st.none() | known_instants()),
        text=draw(st.none() | _words()),
    )


def amendments(*, most: int = 4) -> Strategy[tuple[Amendment, ...]]:
    """Papers with ids of their own, signed or not, each with its provisions."""
    one = lambda place: st.tuples(  # noqa: E731
        documents(f"p-{place}"), st.lists(provisions(f"p-{place}"), max_size=3).map(tuple)
    )
    return st.integers(0, most).flatmap(lambda count: st.tuples(*map(one, range(count))))


@st.composite
def agreements(draw: st.DrawFn, *, signed: bool | None = None, most_amended: int = 3) -> Agreement:
    """Drafts, signed agreements, and where they are signed amended ones; None = signed or not."""
    first = draw(documents("master", signed=signed))
    partner = attrs.evolve(draw(parties()), role="partner", id="acme")
    vendor = attrs.evolve(draw(parties()), role="vendor", id="vendor")
    one = Agreement(
        id="A-1",
        kind=draw(st.sampled_from(AgreementKind)),
        partner="acme",
        parties=(partner, vendor),
        documents=(first,),
        provisions=tuple(draw(st.lists(provisions("master"), max_size=5))),
    )
    for document, said in draw(amendments(most=most_amended)) if one.is_signed else ():
        one = amended(one, document, said)
    return one


def agreement_terms() -> Strategy[AgreementTerms]:
    """What agreements say on a day around their papers, known more or less."""
    return st.builds(resolved, agreements(), _days(), known_instants())


def _points() -> Strategy[Point]:
    return agreement_terms().filter(lambda one: bool(one.points)).map(lambda one: one.points[0])


def _losts() -> Strategy[Lost]:
    document = Document(id="order-1", document_class="order", known_since=_noon(_FIRST))
    base = Agreement(
        id="A-1", kind=AgreementKind.NDA, partner="acme", parties=(Party(role="partner", id="acme", name="Acme"),),
        documents=(document,),
    )  # fmt: skip
    return provisions().map(
        lambda one: (
            resolved(attrs.evolve(base, provisions=(one,)), _LAST, _noon(_LAST)).point(one.key).lost[0]
        )
    )


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    **_CLAUSES,
    Agreement: agreements,
    AgreementTerms: agreement_terms,
    Discount: _discounts,
    Document: documents,
    Lost: _losts,
    Paper: lambda: st.builds(Paper, agreement=agreements(), known=known_instants()),
    Party: parties,
    Point: _points,
    Precedence: lambda: st.just(Precedence()),
    Provision: provisions,
    Template: lambda: st.sampled_from(list(shipped_templates().values())),
}  # fmt: skip
