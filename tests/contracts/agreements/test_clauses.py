"""Clauses as contracts have them, and what no clause can say."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts import agreements as a
from prmcore.contracts.agreements import clauses
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.terms import Extends, RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.errors import InvalidInput
from prmcore.values import Length, Money, Rate, Text
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
DAYS_30 = Length.of("30 days")
EUR = Money.of("1000.00", "EUR")
EACH = (
    a.TerritoryClause(codes=("JP", "KR"), exclusive=True),
    a.ProductsClause(codes=("crm",)),
    a.PricesClause(currency="EUR", discounts=(a.Discount(off=Rate.percent("20"), product="crm", from_quantity=10),)),
    a.PaymentClause(within=DAYS_30, late_interest=Rate.percent("8")),
    a.ExclusivityClause(of="partner", conditions=("minimum",)),
    a.MinimumClause(metric="purchases", amount=EUR, shortfall=a.Shortfall.PAY_DIFFERENCE, cure=DAYS_30),
    a.NonCompeteClause(of="partner", after_end=Length.of("6 months")),
    a.OwnershipClause(subject="marks", owner="vendor"),
    a.ConfidentialityClause(after_end=Length.of("3 years")),
    a.AuditClause(by="vendor", notice=Length.of("10 business days"), times_a_year=1),
    a.AssignmentClause(consent_of=("vendor",), free_to_affiliates=True),
    a.ChangeOfControlClause(of=("partner",), within=DAYS_30),
    a.ConvenienceClause(stages=(a.NoticeStage(notice=DAYS_30, to_end_of=a.ToEndOf.QUARTER),), by=("vendor",)),
    a.CauseClause(cure=DAYS_30),
    NoticeClause(notice=DAYS_30, opens=Length.of("90 days")),
    a.LiabilityClause(cap=EUR, of=("vendor",)),
    a.LawClause(law="JP", zone="Asia/Tokyo", language="ja", counting="jp-civil", calendar="JP"),
    a.PrecedenceClause(classes=("amendment", "master"), within=a.TieBreak.STATED_RANK),
    a.SurvivalClause(keys=("confidentiality",)),
    a.Runs(term=TermClause(start=D(2026, 4, 1), length=Length.of("1 year"))),
    a.Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC)),
    a.OtherClause(words=Text.of("The parties meet yearly.", ja="当事者は毎年協議する。")),
    a.Struck(),
)  # fmt: skip


@pytest.mark.parametrize("clause", EACH, ids=lambda clause: clause.kind)
def test_each_clause_goes_through_plain_values_without_loss(clause: a.Clause) -> None:
    provision = a.Provision(key="x", clause=clause, document="master")
    assert from_plain(to_plain(provision), a.Provision) == provision


@pytest.mark.parametrize(
    ("clause", "fault"),
    [
        ({"kind": "audit", "by": "vendor"}, "is missing @ clause.notice"),
        ({"by": "vendor"}, "is missing @ clause.kind"),
        ({"kind": ["audit"]}, "did you mean 'audit'?"),
        ({"kind": "territory", "codes": []}, "found none; accepted: one at least @ clause.codes"),
        ({"kind": "territory", "codes": ["JP", "JP"]}, "'JP' is given twice @ clause.codes"),
        (
            {"kind": "minimum", "metric": "x"},
            "found both, or neither; accepted: an amount or a count @ clause.amount",
        ),
        ({"kind": "minimum", "metric": "x", "amount": "0.00 EUR"}, "accepted: more than 0 @ clause.amount"),
        (
            {"kind": "minimum", "metric": "x", "count": 5, "shortfall": "pay-difference"},
            "a count has no difference to be paid; accepted: an amount with it @ clause.shortfall",
        ),
        ({"kind": "law", "law": "JP", "zone": "Tokyo"}, "accepted: a zone of the IANA database"),
        ({"kind": "prices", "currency": "EUR", "discounts": [{"off": "120 %"}]}, "accepted: 0 % to 100 %"),
        ({"kind": "liability", "cap": "-1.00 EUR"}, "accepted: 0 or more @ clause.cap"),
        ({"kind": "payment", "within": 30}, "accepted: a number and hours, days"),
    ],
)
def test_a_clause_that_cannot_be_is_refused_where_it_stands(clause: dict[str, object], fault: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_plain({"key": "x", "clause": clause, "document": "master"}, a.Provision)
    assert fault in str(refused.value)


def test_a_kind_that_is_misspelt_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="unknown kind 'teritory'; did you mean 'territory'"):
        from_plain(
            {"key": "x", "clause": {"kind": "teritory", "codes": ["JP"]}, "document": "m"}, a.Provision
        )


# clauses of public agreements and forms, in the words of the records


def table(start: D, length: str, **renewal: object) -> Timetable:
    plain = {"kind": "term", "term": {"start": start.isoformat(), "length": length}}
    runs = from_plain(plain, a.Runs)
    renews = from_plain({"kind": "renewal", "renewal": renewal}, a.Renews)
    return Timetable(clause=runs.term, renewal=renews.renewal)


def test_two_additional_terms_of_one_year_are_a_capped_renewal() -> None:
    """ "May be renewed for two (2) additional one (1) year terms": uslegalforms.com, us-00433bg."""
    found = table(D(2026, 1, 1), "3 years", kind="opt-in", lengths=["1 year"], at_most=2)
    assert (found.last_number, found.term(2).last_day) == (2, D(2030, 12, 31))


def test_one_further_period_of_two_years_that_the_distributor_asks_for_if_it_has_performed() -> None:
    """An extension by notice of the distributor that has met its obligations: m.dybbs8.com/doc-113681984.html."""
    plain = {
        "kind": "renewal",
        "renewal": {
            "kind": "opt-in", "lengths": ["2 years"], "at_most": 1, "by": ["partner"], "condition": "obligations",
        },
    }  # fmt: skip
    renewal = from_plain(plain, a.Renews).renewal
    assert (renewal.by, renewal.condition, renewal.at_most) == (("partner",), "obligations", 1)


def test_a_first_renewal_of_another_length_than_the_later_ones() -> None:
    """Two years, renewed for a year, then by the quarter; by hand."""
    found = table(D(2026, 1, 1), "2 years", kind="automatic", lengths=["1 year", "3 months"])
    days = [found.term(number).last_day for number in range(4)]
    assert days == [D(2027, 12, 31), D(2028, 12, 31), D(2029, 3, 31), D(2029, 6, 30)]


def test_either_party_may_refuse_the_next_calendar_year_thirty_days_before() -> None:
    """Semi-automatic renewal by the calendar year: expertwitnessblog.com/2008/02/in_avoiding_the_top_10_1.html."""
    clause = NoticeClause(notice=DAYS_30)
    found = Timetable(
        clause=TermClause(start=D(2026, 5, 1), last_day=D(2026, 12, 31)),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(Length.of("1 year"),)),
    )
    assert clause.by == ()
    assert [str(found.term(number).period) for number in range(2)] == [
        "2026-05-01 to 2026-12-31",
        "2027-01-01 to 2027-12-31",
    ]


def test_notices_of_two_sides_are_two_provisions_with_their_roles() -> None:
    """The vendor gives 60 days, the partner 30; and to be known by key."""
    said = {
        "convenience/vendor": a.ConvenienceClause(
            stages=(a.NoticeStage(notice=Length.of("60 days")),), by=("vendor",)
        ),
        "convenience/partner": a.ConvenienceClause(stages=(a.NoticeStage(notice=DAYS_30),), by=("partner",)),
    }
    known = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    one = a.Agreement(
        id="A-1", kind=a.AgreementKind.RESELLER, partner="acme",
        parties=(a.Party(role="partner", id="acme", name="Acme"),),
        documents=(a.Document(id="m", document_class="master", known_since=known, signed_on=D(2026, 1, 1)),),
        provisions=tuple(a.Provision(key=key, clause=clause, document="m") for key, clause in said.items()),
    )  # fmt: skip
    assert a.resolved(one, D(2026, 2, 1), known).clauses(a.ConvenienceClause) == said


def test_an_agreement_with_parties_and_papers_that_do_not_fit_lists_every_fault() -> None:
    known = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    paper = a.Document(id="m", document_class="master", known_since=known)
    with pytest.raises(InvalidInput) as refused:
        a.Agreement(
            id=" A",
            kind=a.AgreementKind.NDA,
            partner="acme",
            parties=(),
            documents=(paper, paper),
            provisions=(),
        )
    assert [fault.path for fault in refused.value.faults] == ["id", "partner", "documents"]


def test_an_instant_without_a_zone_is_no_time_at_which_something_became_known() -> None:
    with pytest.raises(InvalidInput, match="a datetime with its time zone @ known_since"):
        a.Document(id="m", document_class="master", known_since=datetime.datetime(2026, 1, 1))


def test_a_provision_with_no_place_in_time_or_on_paper_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        a.Provision(
            key="payment", clause=a.Struck(), document="", number=" 5", page=0,
            known_since=datetime.datetime(2026, 1, 1),  # in no time zone
        )  # fmt: skip
    assert [fault.path for fault in refused.value.faults] == ["document", "number", "page", "known_since"]


def test_every_clause_is_written_with_the_names_of_its_parts() -> None:
    records = [one for one in vars(clauses).values() if attrs.has(one) and one.__module__ == clauses.__name__]
    assert len(records) == 24  # the 23 of this file that `Clause` lists, and the discount
    assert [record for record in records for field in attrs.fields(record) if not field.kw_only] == []


@pytest.mark.parametrize(
    ("clause", "left_open"),
    [
        (a.TerritoryClause(codes=("JP",)), {"exclusive": False}),
        (a.Discount(off=Rate.percent("5")), {"product": None, "from_quantity": 1}),
        (a.AssignmentClause(), {"consent_of": (), "free_to_affiliates": False}),
        (
            a.MinimumClause(metric="x", count=1),
            {"per": a.Yearly.TERM, "shortfall": a.Shortfall.TERMINATION_RIGHT, "cure": None},
        ),
        (a.PrecedenceClause(classes=("master",)), {"within": a.TieBreak.LATEST_WRITING}),
        (a.SuspensionClause(), {"extends": Extends.NOTHING}),
        (a.LiabilityClause(), {"cap": None, "of": ()}),
        (a.ConfidentialityClause(), {"after_end": None}),
    ],
)  # fmt: skip
def test_what_a_clause_leaves_open_is_read_in_the_usual_way(
    clause: object, left_open: dict[str, Any]
) -> None:
    assert {name: getattr(clause, name) for name in left_open} == left_open


BLANK = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"
NONE = "found none; accepted: one at least"
MOST = 10**9


def whole(found: object) -> str:
    return f"found {found!r}; accepted: a whole number from 1 to 1000000000"


@pytest.mark.parametrize(
    ("clause", "parts", "faults"),
    [
        (a.TerritoryClause, {"codes": ()}, [f"{NONE} @ codes"]),
        (a.TerritoryClause, {"codes": (" x", "JP", "JP")}, [f"{BLANK} @ codes", "'JP' is given twice @ codes"]),
        (a.ProductsClause, {"codes": ()}, [f"{NONE} @ codes"]),
        (a.ProductsClause, {"codes": (" x",)}, [f"{BLANK} @ codes"]),
        (a.Discount, {"off": Rate.percent("-1")}, ["found -1 %; accepted: 0 % to 100 % @ off"]),
        (a.Discount, {"off": Rate.percent("100.5")}, ["found 100.5 %; accepted: 0 % to 100 % @ off"]),
        (a.Discount, {"off": Rate.percent("1"), "product": " x"}, [f"{BLANK} @ product"]),
        *((a.Discount, {"off": Rate.percent("1"), "from_quantity": number}, [f"{whole(number)} @ from_quantity"])
          for number in (0, MOST + 1, True, 1.5)),
        (
            a.PricesClause,
            {"currency": "XX1"},
            ["unknown currency 'XX1'; accepted: a code of ISO 4217, such as CNY, EUR, GBP, JPY, USD @ currency"],
        ),
        (
            a.PricesClause,
            {"currency": "EUR", "discounts": tuple(a.Discount(off=Rate.percent(off)) for off in ("1", "2"))},
            ["any other from 1 is given twice @ discounts"],
        ),
        (
            a.PricesClause,
            {"currency": "EUR", "discounts": (a.Discount(off=Rate.percent("1"), product="crm", from_quantity=9),) * 2},
            ["crm from 9 is given twice @ discounts"],
        ),
        (
            a.ExclusivityClause,
            {"of": " x", "codes": ("JP", "JP"), "products": (" x",), "conditions": ("m", "m")},
            [f"{BLANK} @ of", "'JP' is given twice @ codes", f"{BLANK} @ products", "'m' is given twice @ conditions"],
        ),
        (
            a.MinimumClause,
            {"metric": " x", "amount": EUR, "count": 1},
            [f"{BLANK} @ metric", "found both, or neither; accepted: an amount or a count @ amount"],
        ),
        (
            a.MinimumClause,
            {"metric": "x", "amount": Money.of("-0.01", "EUR")},
            ["found -0.01 EUR; accepted: more than 0 @ amount"],
        ),
        *((a.MinimumClause, {"metric": "x", "count": number}, [f"{whole(number)} @ count"]) for number in (0, MOST + 1, True)),
        (a.NonCompeteClause, {"of": " x", "after_end": DAYS_30, "codes": (" x",)}, [f"{BLANK} @ of", f"{BLANK} @ codes"]),
        (a.OwnershipClause, {"subject": " x", "owner": " x"}, [f"{BLANK} @ subject", f"{BLANK} @ owner"]),
        (a.AuditClause, {"by": " x", "notice": DAYS_30}, [f"{BLANK} @ by"]),
        *((a.AuditClause, {"by": "x", "notice": DAYS_30, "times_a_year": number}, [f"{whole(number)} @ times_a_year"])
          for number in (0, MOST + 1, True)),
        (a.AssignmentClause, {"consent_of": (" x",)}, [f"{BLANK} @ consent_of"]),
        (a.ChangeOfControlClause, {"of": ()}, [f"{NONE} @ of"]),
        (a.ChangeOfControlClause, {"of": (" x",)}, [f"{BLANK} @ of"]),
        (a.CauseClause, {"cure": DAYS_30, "by": (" x",)}, [f"{BLANK} @ by"]),
        (
            a.LiabilityClause,
            {"cap": Money.of("-0.01", "EUR"), "of": (" x",)},
            ["found -0.01 EUR; accepted: 0 or more @ cap", f"{BLANK} @ of"],
        ),
        (
            a.LawClause,
            {"law": " x", "language": " x", "counting": " x", "calendar": " x"},
            [f"{BLANK} @ {name}" for name in ("law", "language", "counting", "calendar")],
        ),
        (a.PrecedenceClause, {"classes": ()}, [f"{NONE} @ classes"]),
        (a.PrecedenceClause, {"classes": ("order", "order")}, ["'order' is given twice @ classes"]),
        (a.SurvivalClause, {"keys": ()}, [f"{NONE} @ keys"]),
        (a.SurvivalClause, {"keys": (" x",)}, [f"{BLANK} @ keys"]),
    ],
)  # fmt: skip
def test_everything_that_a_clause_cannot_say_is_refused_at_its_part(
    clause: type, parts: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        clause(**parts)
    assert list(map(str, refused.value.faults)) == faults


@pytest.mark.parametrize("number", [1, MOST])
def test_whole_numbers_of_a_clause_go_from_one_to_a_thousand_million(number: int) -> None:
    assert a.Discount(off=Rate.percent("100"), from_quantity=number).from_quantity == number
    assert a.MinimumClause(metric="x", count=number).count == number
    assert a.AuditClause(by="vendor", notice=DAYS_30, times_a_year=number).times_a_year == number


def test_a_discount_may_be_nothing_a_minimum_a_cent_and_a_cap_nothing() -> None:
    cent = Money.of("0.01", "EUR")
    assert a.Discount(off=Rate.percent("0")).off == Rate.percent("0")
    assert a.MinimumClause(metric="x", amount=cent, shortfall=a.Shortfall.PAY_DIFFERENCE).amount == cent
    assert a.LiabilityClause(cap=Money.zero("EUR")).cap == Money.zero("EUR")
    several = tuple(a.Discount(off=Rate.percent("1"), product=product, from_quantity=number)
                    for product in (None, "crm") for number in (1, 2))  # fmt: skip
    assert a.PricesClause(currency="EUR", discounts=several).discounts == several
