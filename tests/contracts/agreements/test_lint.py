"""What looks wrong with an agreement before anybody relies on it."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    AmbiguousImport,
    Clause,
    ConvenienceClause,
    Document,
    ExclusivityClause,
    LawClause,
    LiabilityClause,
    MinimumClause,
    NoticeStage,
    Party,
    PaymentClause,
    PrecedenceClause,
    PricesClause,
    Provision,
    Renews,
    Runs,
    SurvivalClause,
    TerritoryClause,
    imported_date,
    lint_agreement,
    severity_of,
)
from prmcore.contracts.notice import DEEMED_RECEIPTS, Channel, EffectiveOn, NoticeClause
from prmcore.contracts.terms import EndConvention, RenewalClause, RenewalKind, TermClause
from prmcore.errors import InvalidInput
from prmcore.values import BusinessCalendar, DateRange, Length, Missing, Money

D = datetime.date
START = D(2026, 4, 1)
KNOWN = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
LAW = LawClause(law="DE", zone="Europe/Berlin", counting="de-bgb-187-1", calendar="DE-BE")


def agreement(**clauses: Clause) -> Agreement:
    said = {"law": LAW, **clauses}
    if not any(isinstance(clause, Runs) for clause in said.values()):
        said["runs"] = runs("1 year")
    return Agreement(
        id="A-1", kind=AgreementKind.RESELLER, partner="acme",
        parties=(Party(role="partner", id="acme", name="Acme"),),
        documents=(
            Document(id="master", document_class="master", known_since=KNOWN, signed_on=D(2026, 3, 1), effective_from=START),
        ),
        provisions=tuple(Provision(key=key, clause=clause, document="master") for key, clause in said.items()),
    )  # fmt: skip


def found(one: Agreement, **known: object) -> list[tuple[str, str, object]]:
    findings = lint_agreement(one, **known)  # type: ignore[arg-type]
    return [(each.code, each.path, dict(each.witness) if each.witness else None) for each in findings]


def runs(length: str | None, last_day: D | None = None) -> Runs:
    clause = TermClause(start=START, length=None if length is None else Length.of(length), last_day=last_day)
    return Runs(term=clause)


def renews(*lengths: str) -> Renews:
    return Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=tuple(map(Length.of, lengths))))


def notice(length: str, opens: str | None = None) -> NoticeClause:
    return NoticeClause(notice=Length.of(length), opens=None if opens is None else Length.of(opens))


def test_a_notice_of_six_months_does_not_fit_into_a_term_of_six_months() -> None:
    """By the safe reading: 30 September less six months is 30 March, and clear of it is the 29th."""
    one = agreement(term=runs("6 months"), stop=notice("6 months"))
    assert found(one) == [
        (
            "notice-not-below-term",
            "provisions[2].clause.notice",
            {"notice_by": D(2026, 3, 29), "term_starts": START},
        )
    ]


def test_a_notice_that_fits_the_first_term_is_held_against_the_later_ones_too() -> None:
    """A year, then three months each: the second term runs from 2027-04-01 to 06-30, and 120 clear days are left from 03-02."""
    one = agreement(term=runs("1 year"), renewal=renews("3 months"), stop=notice("120 days"))
    assert found(one) == [
        (
            "notice-not-below-term",
            "provisions[3].clause.notice",
            {"notice_by": D(2027, 3, 1), "term_starts": D(2027, 4, 1)},
        )
    ]


def test_a_notice_shorter_than_each_term_is_fine() -> None:
    assert found(agreement(term=runs("1 year"), renewal=renews("3 months"), stop=notice("2 months"))) == []


def test_a_notice_that_fits_by_one_reading_only_does_not_fit() -> None:
    """30 days before 30 April: by subtraction on the 31st of March, with clear days on the 30th; by the last days on the 31st."""
    days_29, days_28 = (
        agreement(term=runs("1 month"), stop=notice("29 days")),
        agreement(term=runs("1 month"), stop=notice("28 days")),
    )
    assert found(days_29) == [
        (
            "notice-not-below-term",
            "provisions[2].clause.notice",
            {"notice_by": D(2026, 3, 31), "term_starts": START},
        )
    ]
    assert found(days_28) == []


def test_the_period_rule_that_a_notice_names_is_asked() -> None:
    """28 clear days before 30 April leave the 1st; where that is a day off, FRCP 6(a)(5) goes back to the 31st of March."""
    off = BusinessCalendar(
        name="DE-BE", version="by hand", years=frozenset({2026}), holidays=frozenset({START})
    )
    stop = notice("28 days")
    for rule, by in ((None, []), ("de-bgb-187-1", []), ("us-frcp6", [D(2026, 3, 31)])):
        one = agreement(term=runs("1 month"), stop=attrs.evolve(stop, rule=rule))
        assert [each[2]["notice_by"] for each in found(one, calendars={"DE-BE": off})] == by  # type: ignore[index]


def test_a_notice_that_is_counted_by_business_days_needs_a_calendar() -> None:
    bare = attrs.evolve(LAW, calendar=None)
    for stop in (notice("5 business days"), attrs.evolve(notice("28 days"), rule="us-frcp6")):
        one = agreement(law=bare, term=runs("1 year"), stop=stop)
        assert found(one, calendars={}) == [("no-calendar", "provisions[2].clause.notice", None)]
        assert found(one) == []
    one = agreement(law=bare, term=runs("1 year"), stop=attrs.evolve(notice("28 days"), rule="house"))
    assert found(one, calendars={}) == []


def test_a_notice_longer_than_the_calendar_fits_into_no_term() -> None:
    one = agreement(term=runs("1 year"), stop=notice("9000 years"))
    assert found(one) == [
        (
            "notice-not-below-term",
            "provisions[2].clause.notice",
            {"notice_by": D.min, "term_starts": START},
        )
    ]


def test_where_no_calendar_says_nothing_is_held_against_the_term() -> None:
    stop = notice("500 business days", opens="600 business days")
    assert found(agreement(term=runs("1 year"), stop=stop)) == []


def test_each_stage_of_a_notice_for_convenience_is_held_against_the_term() -> None:
    stages = (NoticeStage(notice=Length.of("1 month")), NoticeStage(notice=Length.of("1 year"), from_year=2))
    one = agreement(term=runs("6 months"), out=ConvenienceClause(stages=stages))
    assert [path for _, path, _ in found(one)] == ["provisions[2].clause.stages[1].notice"]


def test_a_window_for_notice_that_opens_before_the_term_begins() -> None:
    one = agreement(term=runs("6 months"), stop=notice("1 month", opens="9 months"))
    assert found(one) == [
        ("window-before-start", "provisions[2].clause.opens", {"opens": D(2026, 1, 1), "term_starts": START})
    ]


def test_a_term_that_ends_before_the_agreement_takes_effect() -> None:
    early = Runs(term=TermClause(start=D(2025, 4, 1), last_day=D(2026, 3, 31)))
    assert found(agreement(term=early)) == [
        (
            "ends-before-start",
            "provisions[1].clause.term.last_day",
            {"last_day": D(2026, 3, 31), "effective_from": START},
        )
    ]


def test_a_stated_end_that_differs_from_the_length_is_reported_and_wins() -> None:
    """From 1 March 2003 for a year is up to 29 February 2004; the contract says the 28th."""  # trap 24
    clause = TermClause(start=D(2003, 3, 1), length=Length.of("1 year"), last_day=D(2004, 2, 28))
    one = agreement(term=Runs(term=clause))
    one = attrs.evolve(
        one, documents=(attrs.evolve(one.documents[0], effective_from=None, signed_on=D(2003, 2, 1)),)
    )
    (finding,) = lint_agreement(one)
    assert (finding.code, severity_of(finding)) == ("stated-end-differs", "warning")
    assert finding.witness == {"stated": D(2004, 2, 28), "computed": D(2004, 2, 29)}


@pytest.mark.parametrize(
    ("counting", "missing", "ends", "found_on"),
    [  # a month from 31 January 2026, by hand: Civil Code of Japan 143(2) and BGB 188(3) have 28 February
        ("jp-civil", Missing.DOWN, EndConvention.DAY_BEFORE, D(2026, 2, 27)),
        ("de-bgb-187-2", Missing.DOWN, EndConvention.DAY_BEFORE, D(2026, 2, 27)),
        ("jp-civil", Missing.UP, EndConvention.DAY_BEFORE, None),
        (
            "de-bgb-187-1",
            Missing.DOWN,
            EndConvention.DAY_BEFORE,
            None,
        ),  # the first day does not count: not asked
        ("jp-civil", Missing.UP, EndConvention.ANNIVERSARY, D(2026, 3, 1)),
        (
            "jp-civil",
            Missing.REFUSE,
            EndConvention.DAY_BEFORE,
            None,
        ),  # no timetable can be made: said elsewhere
    ],
)
def test_a_first_term_that_ends_on_another_day_than_the_law_has_it_is_reported(
    counting: str, missing: Missing, ends: EndConvention, found_on: D | None
) -> None:
    clause = TermClause(start=D(2026, 1, 31), length=Length.of("1 month"), missing=missing, ends=ends)
    one = agreement(law=attrs.evolve(LAW, counting=counting), term=Runs(term=clause))
    expected = [
        (
            "term-not-as-counted",
            "provisions[1].clause.term",
            {"computed": found_on, "counted": D(2026, 2, 28)},
        )
    ]
    assert found(one) == (expected if found_on else [])
    assert all(severity_of(finding) == "warning" for finding in lint_agreement(one))


def test_papers_that_are_not_there_are_named() -> None:
    one = agreement(order=PrecedenceClause(classes=("master", "order")))
    lost = Provision(key="payment", clause=PaymentClause(within=Length.of("30 days")), document="annex")
    one = attrs.evolve(one, provisions=(*one.provisions, lost))
    assert found(one) == [
        ("no-document", "provisions[3].document", None),
        ("class-without-document", "provisions[1].clause.classes[1]", None),
    ]

    assert next(iter(lint_agreement(one))).in_words() == "payment is in annex, and there is no such document"


def test_one_document_that_says_two_things_at_once() -> None:
    first = PaymentClause(within=Length.of("30 days"))
    one = agreement(payment=first)
    half = DateRange(D(2026, 7, 1), D(2026, 10, 1))
    second = Provision(
        key="payment", clause=PaymentClause(within=Length.of("60 days")), document="master", effective=half
    )
    one = attrs.evolve(one, provisions=(*one.provisions, second))
    assert found(one) == [("overlap", "provisions[3]", {"days": "2026-07-01 to 2026-09-30"})]


def test_a_missing_law_and_a_missing_zone_are_named() -> None:
    bare = agreement(law=LawClause(law="DE"))
    assert [code for code, _, _ in found(bare)] == ["no-zone"]
    assert [code for code, _, _ in found(attrs.evolve(bare, provisions=()))] == ["no-term", "no-law"]


def test_rules_and_calendars_that_are_not_known_are_named() -> None:
    one = agreement(term=runs("2 years"))
    assert [code for code, _, _ in found(one, counting_rules=["jp-civil"], calendars={})] == [
        "unknown-counting",
        "unknown-calendar",
    ]
    berlin = BusinessCalendar(name="DE-BE", version="by hand", years=frozenset({2026, 2027}))
    known = {"counting_rules": ["de-bgb-187-1"], "calendars": {"DE-BE": berlin}}
    assert found(one, **known) == [("calendar-years", "provisions[0].clause.calendar", {"year": 2028})]


def test_a_period_rule_of_a_notice_that_is_not_known_is_named() -> None:
    one = agreement(term=runs("1 year"), stop=attrs.evolve(notice("1 month"), rule="de-bgb"))
    assert found(one, counting_rules=["de-bgb-187-1"]) == [
        ("unknown-counting", "provisions[2].clause.rule", None)
    ]


def test_keys_that_no_provision_has_are_named() -> None:
    exclusive = ExclusivityClause(of="partner", codes=("DE",), conditions=("minimum",))
    renewal = RenewalClause(kind=RenewalKind.AUTOMATIC, condition="minimum")
    one = agreement(
        alive=SurvivalClause(keys=("law", "audit")), sole=exclusive, renewal=Renews(renewal=renewal)
    )
    assert [(code, path) for code, path, _ in found(one)] == [
        ("unknown-survivor", "provisions[1].clause.keys[1]"),
        ("unknown-condition", "provisions[2].clause.conditions[0]"),
        ("unknown-condition", "provisions[3].clause.renewal.condition"),
    ]


def test_exclusivity_needs_a_territory_a_minimum_the_currency_of_the_prices_and_a_cap_an_amount() -> None:
    one = agreement(
        sole=ExclusivityClause(of="partner"),
        prices=PricesClause(currency="EUR"),
        minimum=MinimumClause(metric="purchases", amount=Money.of("1000", "USD")),
        cap=LiabilityClause(cap=Money.zero("EUR")),
    )
    assert [code for code, _, _ in found(one)] == ["exclusive-nowhere", "other-currency", "cap-of-nothing"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "a notice of 6 months does not fit into term 0"),
        ("ja", "6 か月の予告期間は第 0 期間（0 が初回）に収まらない"),
        ("zh", "6 个月的通知期放不进第 0 期（0 为首期）"),
    ],
)
def test_a_finding_is_said_in_three_languages(locale: str, words: str) -> None:
    (finding,) = lint_agreement(agreement(term=runs("6 months"), stop=notice("6 months")))
    assert finding.in_words(locale).startswith(words)


def test_an_imported_date_that_can_be_read_in_two_ways_is_refused_with_both() -> None:
    with pytest.raises(AmbiguousImport) as refused:
        imported_date("04/02/2018")
    assert refused.value.readings == (D(2018, 2, 4), D(2018, 4, 2))
    assert str(refused.value) == (
        "found '04/02/2018', which is 2018-02-04 or 2018-04-02; accepted: a date with its order, day-first or month-first"
    )


def test_an_imported_date_with_one_reading_or_an_order_is_read() -> None:
    assert imported_date("04/02/2018", "month-first") == D(2018, 4, 2)
    assert [imported_date(one) for one in ("31/12/2018", "12/31/2018", "31.12.2018", "2018-12-31")] == [
        D(2018, 12, 31)
    ] * 4
    assert imported_date("03/03/2018") == D(2018, 3, 3)
    for wrong in ("13/13/2018", "31/12/18", "soon"):
        with pytest.raises(InvalidInput, match="accepted: a date such as"):
            imported_date(wrong)


def test_a_provision_that_was_over_before_its_document_counts_overlaps_nothing() -> None:
    before = DateRange(None, D(2026, 1, 1))
    one = agreement(payment=PaymentClause(within=Length.of("30 days")))
    old = Provision(
        key="payment", clause=PaymentClause(within=Length.of("60 days")), document="master", effective=before
    )
    assert found(attrs.evolve(one, provisions=(*one.provisions, old))) == []


def test_a_term_that_no_timetable_can_be_made_of_does_not_stop_the_search() -> None:
    """A month from the 31st of January, and the month's missing day is refused."""
    clause = TermClause(start=D(2026, 1, 31), length=Length.of("1 month"), missing=Missing.REFUSE)
    one = agreement(term=Runs(term=clause), stop=notice("1 week"), cap=LiabilityClause(cap=Money.zero("EUR")))
    assert [code for code, _, _ in found(one, calendars={})] == ["unknown-calendar", "cap-of-nothing"]


def said(key: str, clause: Clause, document: str = "master", **more: Any) -> Provision:
    return Provision(key=key, clause=clause, document=document, **more)


def plus(one: Agreement, *more: Provision) -> Agreement:
    return attrs.evolve(one, provisions=(*one.provisions, *more))


BARE = attrs.evolve(LAW, calendar=None)
DAYS_30, DAYS_60 = (PaymentClause(within=Length.of(length)) for length in ("30 days", "60 days"))
JANUARY = TermClause(start=D(2026, 1, 31), length=Length.of("1 month"))
BERLIN = BusinessCalendar(name="DE-BE", version="by hand", years=frozenset({2026}))


@pytest.mark.parametrize(
    ("one", "known", "code", "path", "severity", "words"),
    [
        (plus(agreement(), said("payment", DAYS_30, "annex")), {}, "no-document", "provisions[2].document", "error",
         "payment is in annex, and there is no such document"),
        (agreement(order=PrecedenceClause(classes=("order",))), {}, "class-without-document", "provisions[1].clause.classes[0]",
         "warning", "the order of precedence names order, and no document is of that class"),
        (plus(agreement(payment=DAYS_30), said("payment", DAYS_60)), {}, "overlap", "provisions[3]", "error",
         "master says two things on payment"),
        (agreement(term=Runs(term=TermClause(start=D(2025, 4, 1), last_day=D(2026, 3, 31)))), {}, "ends-before-start",
         "provisions[1].clause.term.last_day", "error", "the term ends before the agreement takes effect"),
        (agreement(term=runs("6 months"), stop=notice("6 months")), {}, "notice-not-below-term", "provisions[2].clause.notice",
         "error", "a notice of 6 months does not fit into term 0"),
        (agreement(term=runs("6 months"), stop=notice("1 month", opens="9 months")), {}, "window-before-start",
         "provisions[2].clause.opens", "error", "the window for a notice opens before term 0 begins"),
        (attrs.evolve(agreement(), provisions=(said("runs", runs("1 year")),)), {}, "no-law", "provisions", "warning",
         "no provision names the governing law: no period can be counted by it"),
        (agreement(law=attrs.evolve(LAW, zone=None)), {}, "no-zone", "provisions[0].clause.zone", "warning",
         "no time zone is named: a deadline has a day, and no instant"),
        (agreement(law=BARE, stop=notice("5 business days")), {"calendars": {}}, "no-calendar", "provisions[1].clause.notice",
         "error", "the notice is counted by business days, and no calendar is named"),
        (agreement(), {"counting_rules": ["jp-civil"]}, "unknown-counting", "provisions[0].clause.counting", "error",
         "the period rule de-bgb-187-1 is not known"),
        (agreement(), {"calendars": {}}, "unknown-calendar", "provisions[0].clause.calendar", "error",
         "the calendar DE-BE is not known"),
        (agreement(term=runs("1 year")), {"calendars": {"DE-BE": BERLIN}}, "calendar-years", "provisions[0].clause.calendar",
         "error", "the calendar DE-BE (by hand) does not know all years of the first term"),
        (agreement(alive=SurvivalClause(keys=("audit",))), {}, "unknown-survivor", "provisions[1].clause.keys[0]", "error",
         "audit is to survive, and no provision has that key"),
        (agreement(sole=ExclusivityClause(of="partner", codes=("DE",), conditions=("law", "minimum"))), {}, "unknown-condition",
         "provisions[1].clause.conditions[1]", "error", "minimum is a condition, and no provision has that key"),
        (agreement(sole=ExclusivityClause(of="partner")), {}, "exclusive-nowhere", "provisions[1].clause.codes", "error",
         "exclusivity without a territory: nobody knows where"),
        (agreement(us=PricesClause(currency="USD"), eu=PricesClause(currency="EUR"),
                   minimum=MinimumClause(metric="x", amount=Money.of("1", "JPY"))), {}, "other-currency",
         "provisions[3].clause.amount", "error", "the minimum is in JPY, and prices are in EUR, USD"),
        (agreement(cap=LiabilityClause(cap=Money.zero("EUR"))), {}, "cap-of-nothing", "provisions[1].clause.cap", "warning",
         "a cap of 0 leaves no liability at all; without a cap none is written"),
        (agreement(term=runs("1 year", D(2027, 3, 30))), {}, "stated-end-differs", "provisions[1].clause.term.last_day", "warning",
         "the day that is named is not the one that 1 year give; it wins"),
        (agreement(law=attrs.evolve(LAW, counting="jp-civil"), term=Runs(term=JANUARY)), {}, "term-not-as-counted",
         "provisions[1].clause.term", "warning", "the first term ends on another day than jp-civil has it"),
    ],
)  # fmt: skip
def test_each_finding_has_its_code_its_place_its_severity_and_its_words(
    one: Agreement, known: dict[str, Any], code: str, path: str, severity: str, words: str
) -> None:
    (finding,) = lint_agreement(one, **known)
    assert (finding.code, finding.path, severity_of(finding)) == (code, path, severity)
    assert finding.in_words().startswith(words)


@pytest.mark.parametrize(
    ("one", "known"),
    [
        (plus(agreement(payment=DAYS_30), said("payment", DAYS_30)), {}),  # the same, twice
        (plus(agreement(), *(said("payment", clause, effective=DateRange(D(2026, month, 1), D(2026, month + 1, 1)))
                             for month, clause in ((5, DAYS_30), (6, DAYS_60)))), {}),  # one after the other
        (agreement(order=PrecedenceClause(classes=("master",))), {}),
        (agreement(term=Runs(term=TermClause(start=D(2025, 4, 1), last_day=START))), {}),  # its last day is the first
        (agreement(term=runs("6 months"), stop=notice("1 month", opens="6 months")), {}),  # opens on the first day
        (agreement(term=runs("1 month"), out=ConvenienceClause(stages=(NoticeStage(notice=Length.of("29 days")),))), {}),
        (agreement(term=runs("1 month"), out=ConvenienceClause(stages=(NoticeStage(notice=Length.of("72 hours")),))), {}),
        (agreement(term=runs("1 month"), out=ConvenienceClause(stages=(NoticeStage(notice=Length.of("0 days")),))), {}),
        (agreement(term=runs(None), stop=notice("5 years", opens="6 years")), {}),  # without an end nothing is held against it
        (agreement(law=BARE, stop=notice("5 days")), {"calendars": {}}),
        (agreement(term=runs("9 months"), stop=notice("5 business days")), {"calendars": {"DE-BE": BERLIN}}),  # that of the law clause
        (agreement(term=runs("9 months")), {"counting_rules": ["de-bgb-187-1"], "calendars": {"DE-BE": BERLIN}}),
        (agreement(law=attrs.evolve(BARE, counting=None)), {"counting_rules": [], "calendars": {}}),  # nothing is named
        (agreement(term=runs(None)), {"calendars": {"DE-BE": BERLIN}}),  # the year in which it begins
        (agreement(term=runs("9 months")), {"calendars": {"DE-BE": BERLIN}}),  # to 31 December
        (agreement(alive=SurvivalClause(keys=("law", "alive"))), {}),
        (agreement(sole=ExclusivityClause(of="partner"), where=TerritoryClause(codes=("DE",))), {}),
        (agreement(prices=PricesClause(currency="EUR"), minimum=MinimumClause(metric="x", amount=Money.of("1", "EUR"))), {}),
        (agreement(prices=PricesClause(currency="EUR"), minimum=MinimumClause(metric="x", count=1)), {}),
        (agreement(minimum=MinimumClause(metric="x", amount=Money.of("1", "EUR"))), {}),  # no prices to compare with
        (agreement(cap=LiabilityClause(cap=Money.of("0.01", "EUR")), other=LiabilityClause()), {}),
        (agreement(term=runs("1 year", D(2027, 3, 31))), {}),  # as computed
        (agreement(law=attrs.evolve(LAW, counting=None), term=Runs(term=JANUARY)), {}),
        (agreement(law=attrs.evolve(LAW, counting="jp-civil"), term=Runs(term=TermClause(start=START))), {}),
    ],
)  # fmt: skip
def test_what_is_right_is_not_found(one: Agreement, known: dict[str, Any]) -> None:
    assert found(one, **known) == []


def test_a_stated_end_is_held_against_what_its_own_rule_of_missing_days_gives() -> None:
    """A month from 31 January 2026: to 27 February when rounded down, to the 28th when rounded up; both papers state the 28th."""
    stated = attrs.evolve(JANUARY, last_day=D(2026, 2, 28), ends=EndConvention.STATED)
    papers = [attrs.evolve(stated, missing=missing) for missing in (Missing.DOWN, Missing.UP)]
    early = attrs.evolve(agreement().documents[0], effective_from=None)
    ones = [attrs.evolve(agreement(term=Runs(term=one)), documents=(early,)) for one in papers]
    assert [[code for code, _, _ in found(one)] for one in ones] == [["stated-end-differs"], []]


@pytest.mark.parametrize(
    ("stop", "path", "witness"),
    [
        (notice("6 months"), "notice", {"notice_by": D(2026, 3, 29), "term_starts": START}),
        (notice("1 month", opens="7 months"), "opens", {"opens": D(2026, 3, 1), "term_starts": START}),
    ],
)
def test_of_terms_that_are_alike_the_first_is_named(
    stop: NoticeClause, path: str, witness: dict[str, D]
) -> None:
    """Terms of six months from 1 April on: six months before 30 September are 30 March; the last seven begin on 1 March."""
    one = agreement(term=runs("6 months"), renewal=renews(), stop=stop)
    assert [(where, seen) for _, where, seen in found(one)] == [(f"provisions[3].clause.{path}", witness)]


def test_each_length_of_a_renewal_is_looked_at_and_none_that_cannot_come() -> None:
    """Years to 31 March 2028, then three months to 30 June: 119 clear days before are 3 March, and the day before it the 2nd."""
    lengths = tuple(map(Length.of, ("1 year", "3 months")))
    renewal = RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=lengths)
    seen = [
        found(agreement(term=runs("1 year"), renewal=Renews(renewal=one), stop=notice("119 days")))
        for one in (renewal, attrs.evolve(renewal, at_most=2), attrs.evolve(renewal, at_most=1))
    ]
    late = {"notice_by": D(2028, 3, 2), "term_starts": D(2028, 4, 1)}
    assert [[witness for _, _, witness in one] for one in seen] == [[late], [late], []]


def test_a_stage_of_thirty_days_does_not_fit_into_april() -> None:
    stages = (NoticeStage(notice=Length.of("1 week")), NoticeStage(notice=Length.of("30 days"), from_year=2))
    one = agreement(term=runs("1 month"), out=ConvenienceClause(stages=stages))
    assert found(one) == [
        (
            "notice-not-below-term",
            "provisions[2].clause.stages[1].notice",
            {"notice_by": D(2026, 3, 31), "term_starts": START},
        )
    ]


def test_a_window_is_found_without_the_calendar_that_a_way_of_sending_asks_for() -> None:
    post = Channel(id="post", deemed=DEEMED_RECEIPTS["cpr-6.14"])
    stop = attrs.evolve(
        notice("1 month", opens="9 months"), channels=(post,), effective_on=EffectiveOn.DEEMED
    )
    assert [code for code, _, _ in found(agreement(term=runs("6 months"), stop=stop))] == [
        "window-before-start"
    ]
    by_rule = attrs.evolve(notice("1 month", opens="9 months"), rule="us-frcp6")
    assert [code for code, _, _ in found(agreement(term=runs("6 months"), stop=by_rule))] == [
        "window-before-start"
    ]


def test_of_three_answers_each_pair_that_differs_is_named() -> None:
    one = plus(agreement(payment=DAYS_30), said("payment", DAYS_60), said("payment", DAYS_30))
    assert [path for _, path, _ in found(one)] == ["provisions[3]", "provisions[4]"]
