"""What lint says of an agreement that nobody knows the end of: no term, or a renewal that nothing stops."""

import datetime

import pytest

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    ConvenienceClause,
    Document,
    LawClause,
    NoticeStage,
    Party,
    Provision,
    Renews,
    Runs,
    lint_agreement,
    severity_of,
)
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause
from prmcore.values import Length

D = datetime.date
START = D(2026, 4, 1)
SIGNED = D(2026, 3, 1)
KNOWN = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
LAW = LawClause(law="DE", zone="Europe/Berlin")
YEAR = Runs(term=TermClause(start=START, length=Length.of("1 year")))
FOR_EVER = Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC))


def agreement(*clauses: Clause, effective_from: D | None = None, signed_on: D | None = SIGNED) -> Agreement:
    paper = Document(
        id="master",
        document_class="master",
        known_since=KNOWN,
        signed_on=signed_on,
        effective_from=effective_from,
    )
    return Agreement(
        id="A-1", kind=AgreementKind.RESELLER, partner="acme",
        parties=(Party(role="partner", id="acme", name="Acme"),), documents=(paper,),
        provisions=tuple(
            Provision(key=f"{place}", clause=clause, document="master") for place, clause in enumerate(clauses)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("signed_on", "effective_from", "witness"),
    [
        (D(2026, 3, 1), START, {"takes_effect": START}),
        (D(2026, 3, 1), None, {"takes_effect": D(2026, 3, 1)}),
        (None, START, {"takes_effect": START}),
        (None, None, None),  # a draft, of which no day is known
    ],
)
def test_an_agreement_without_a_term_is_an_error(
    signed_on: D | None, effective_from: D | None, witness: dict[str, D] | None
) -> None:
    (finding,) = lint_agreement(agreement(LAW, signed_on=signed_on, effective_from=effective_from))
    assert (finding.code, finding.path, severity_of(finding)) == ("no-term", "provisions", "error")
    assert finding.witness == witness


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en",
            "it renews itself, first to March 31, 2028, and then without end: no provision lets anybody stop it",
        ),
        ("ja", "まず2028年3月31日まで自動更新され、その後も終わりがない：更新を止める条項がない"),
        ("zh", "自动续期，先续至2028年3月31日，此后没有终点：没有任何条款可以阻止续期"),
    ],
)
def test_a_renewal_that_nothing_stops_is_told_with_the_day_to_which_it_runs(locale: str, said: str) -> None:
    (finding,) = lint_agreement(agreement(LAW, YEAR, FOR_EVER))
    assert (finding.code, finding.path) == ("endless-renewal", "provisions[2].clause.renewal")
    assert severity_of(finding) == "warning"
    assert finding.witness == {"last_day": D(2027, 3, 31), "renewed_to": D(2028, 3, 31)}
    assert finding.in_words(locale).startswith(said)


STOPPED = {
    "by notice": (FOR_EVER, NoticeClause(notice=Length.of("1 month"))),
    "for convenience": (FOR_EVER, ConvenienceClause(stages=(NoticeStage(notice=Length.of("1 month")),))),
    "after two renewals": (Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, at_most=2)),),
    "when it is not asked for": (Renews(renewal=RenewalClause(kind=RenewalKind.OPT_IN)),),
    "by a condition": (Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, condition="0")),),
    "at once": (),
}


@pytest.mark.parametrize("clauses", STOPPED.values(), ids=STOPPED)
def test_a_renewal_that_something_stops_is_fine(clauses: tuple[Clause, ...]) -> None:
    assert lint_agreement(agreement(LAW, YEAR, *clauses)) == ()


@pytest.mark.parametrize(("zone", "codes"), [(None, ["no-zone"]), ("Asia/Tokyo", [])])
def test_a_paper_without_a_zone_is_read_in_the_days_of_the_program(
    zone: str | None, codes: list[str]
) -> None:
    found = lint_agreement(agreement(LawClause(law="JP"), YEAR), zone=zone)
    assert [each.code for each in found] == codes


def test_a_period_rule_and_a_calendar_that_are_not_known_are_answered_by_those_that_are() -> None:
    law = LawClause(law="JP", zone="Asia/Tokyo", counting="jp-civl", calendar="tokio")
    found = lint_agreement(agreement(law, YEAR), counting_rules=["jp-civil", "de-bgb-187-1"], calendars={})
    assert [each.in_words() for each in found] == [
        "the period rule jp-civl is not known; there are: de-bgb-187-1, jp-civil",
        "the calendar tokio is not known; there are: -",
    ]
