"""Clauses as contracts have them, and what no clause can say."""

import datetime

import pytest

from prmcore.contracts import agreements as a
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
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
