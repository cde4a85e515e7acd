"""From the paper to its course, across amendments: terms worked out by hand, and laws."""

import datetime
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    Document,
    LawClause,
    Party,
    PaymentClause,
    Provision,
    Renews,
    Runs,
    Struck,
    SuspensionClause,
    amended,
)
from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementState,
    AgreementStep,
    Course,
    course_on,
    courses,
    paper_days,
    standing,
)
from prmcore.contracts.notice import NoticeClause, Reading
from prmcore.contracts.terms import Chain, Extends, RenewalClause, RenewalKind, TermClause
from prmcore.errors import InvalidInput
from prmcore.testing._lifecycle import KNOWN, papers
from prmcore.values import BusinessCalendar, DateRange, Length

D = datetime.date
S = AgreementState
DAY = datetime.timedelta(days=1)
NEW_YEAR = D(2025, 1, 1)
SIGNED = D(2024, 12, 15)


def midnight(day: D) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def runs(start: D = NEW_YEAR, length: str | None = "1 year", last_day: D | None = None) -> Runs:
    return Runs(term=TermClause(start=start, length=Length.of(length) if length else None, last_day=last_day))


def renews(kind: RenewalKind = RenewalKind.AUTOMATIC, *lengths: str, at_most: int | None = None) -> Renews:
    return Renews(renewal=RenewalClause(kind=kind, lengths=tuple(map(Length.of, lengths)), at_most=at_most))


def stops(length: str = "90 days") -> NoticeClause:
    return NoticeClause(notice=Length.of(length), reading=Reading.EXCLUSIVE_END)


YEARLY = {"term": runs(), "renewal": renews(), "non-renewal": stops()}


def master(
    said: dict[str, Any] = YEARLY, signed_on: D | None = SIGNED, effective_from: D | None = None
) -> Agreement:
    since = midnight(signed_on or SIGNED)
    return Agreement(
        id="a-1",
        kind=AgreementKind.RESELLER,
        partner="acme",
        parties=(Party(role="partner", id="acme", name="Acme"), Party(role="vendor", id="us", name="Us")),
        documents=(
            Document(
                id="master",
                document_class="master",
                known_since=since,
                signed_on=signed_on,
                effective_from=effective_from,
            ),
        ),
        provisions=tuple(
            Provision(key=key, clause=clause, document="master") for key, clause in said.items()
        ),
    )


def with_amendment(
    one: Agreement,
    signed_on: D,
    said: Mapping[str, Clause],
    *,
    effective_from: D | None = None,
    known_on: D | None = None,
) -> Agreement:
    id = f"amendment-{len(one.documents)}"
    document = Document(
        id=id,
        document_class="amendment",
        known_since=midnight(known_on or signed_on),
        signed_on=signed_on,
        effective_from=effective_from,
    )
    provisions = [Provision(key=key, clause=clause, document=id) for key, clause in said.items()]
    return amended(one, document, provisions)


def course_of(one: Agreement, on: D) -> Course:
    found = course_on(one, on, KNOWN)
    assert found is not None
    return found


def starts(course: Course, count: int) -> list[tuple[int, str]]:
    """The first so many terms: number and first day."""
    days = course.timetable.boundaries(0, count)
    return [(course.numbered_from + place, str(day)) for place, day in enumerate(days)]


def state(course: Course, day: D, *steps: AgreementStep) -> tuple[S, int | None]:
    found = standing(course, steps, day)
    return found.state, None if found.term is None else found.term.number


def consent(term: int, on: D) -> AgreementStep:
    return AgreementStep(action=AgreementAction.AGREE_RENEWAL, on=on, at=midnight(on), by="clerk", term=term)


def refused(one: Agreement, calendars: dict[str, BusinessCalendar] | None = None) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        courses(one, KNOWN, calendars or {})
    assert "the agreement 'a-1' cannot be followed" in caught.value.title
    return [str(fault) for fault in caught.value.faults]


# what the paper says at first


def test_a_course_is_what_the_paper_says_of_terms_notices_law_and_rests() -> None:
    house = BusinessCalendar(name="house", version="1", years=frozenset({2025, 2026}))
    said = {
        **YEARLY,
        "law": LawClause(law="JP", counting="jp-civil", calendar="house"),
        "rest": SuspensionClause(extends=Extends.LATER_TERMS),
    }
    ((day, found),) = courses(master(said), KNOWN, {"house": house})
    assert day == SIGNED
    assert (found.calendar, found.counting, found.extends) == (house, "jp-civil", Extends.LATER_TERMS)
    assert [one.rule for one in found.notices] == ["jp-civil"]  # by the rule of the whole paper
    assert (found.agreement, found.signed_on, found.numbered_from) == ("a-1", SIGNED, 0)


def test_a_notice_clause_that_names_a_rule_is_not_counted_by_that_of_the_law_clause() -> None:
    own = NoticeClause(notice=Length.of("90 days"), rule="contract-practice")
    found = course_of(
        master({**YEARLY, "non-renewal": own, "law": LawClause(law="JP", counting="jp-civil")}), SIGNED
    )
    assert [one.rule for one in found.notices] == ["contract-practice"]


def test_a_draft_has_no_course_and_paper_without_a_term_has_none() -> None:
    assert courses(master(signed_on=None), KNOWN) == ()
    assert courses(master({"renewal": renews(), "non-renewal": stops()}), KNOWN) == ()
    assert course_on(master(signed_on=None), NEW_YEAR, KNOWN) is None


def test_before_the_paper_counts_the_first_course_is_given() -> None:
    one = master(effective_from=D(2025, 1, 10))
    assert courses(one, KNOWN)[0][0] == D(2025, 1, 10)
    assert course_on(one, D(2024, 12, 20), KNOWN) == course_on(one, D(2025, 2, 1), KNOWN)


def test_the_days_on_which_the_paper_may_change_are_those_of_its_papers_and_of_what_they_say() -> None:
    one = with_amendment(master(), D(2025, 6, 1), {}, effective_from=D(2025, 7, 1))
    limited = Provision(
        key="non-renewal",
        clause=stops("30 days"),
        document="side",
        effective=DateRange(D(2025, 8, 1), D(2025, 9, 1)),
    )
    side = Document(
        id="side",
        document_class="side-letter",
        known_since=midnight(D(2025, 7, 20)),
        signed_on=D(2025, 7, 20),
    )
    one = amended(one, side, [limited])
    assert paper_days(one, KNOWN) == (SIGNED, D(2025, 7, 1), D(2025, 7, 20), D(2025, 8, 1), D(2025, 9, 1))
    assert paper_days(one, midnight(D(2025, 7, 19))) == (SIGNED, D(2025, 7, 1))


def test_what_is_said_for_some_months_only_is_followed_for_those() -> None:
    side = Document(
        id="side", document_class="side-letter", known_since=midnight(SIGNED), signed_on=D(2025, 1, 20)
    )
    limited = Provision(
        key="non-renewal",
        clause=stops("30 days"),
        document="side",
        effective=DateRange(D(2025, 8, 1), D(2025, 9, 1)),
    )
    found = courses(amended(master(), side, [limited]), KNOWN)
    assert [(day, str(one.notices[0].notice)) for day, one in found] == [
        (SIGNED, "90 days"),
        (D(2025, 8, 1), "30 days"),
        (D(2025, 9, 1), "90 days"),
    ]


# another renewal


def test_later_terms_of_another_length_still_lie_on_the_grid_of_the_first_day() -> None:
    # trap 1, across an amendment: monthly from 31 January; in the term of 30 April it becomes two-monthly
    monthly = master({"term": runs(D(2025, 1, 31), "1 month"), "renewal": renews()})
    one = with_amendment(monthly, D(2025, 5, 10), {"renewal": renews(RenewalKind.AUTOMATIC, "2 months")})
    before = [(0, "2025-01-31"), (1, "2025-02-28"), (2, "2025-03-31"), (3, "2025-04-30"), (4, "2025-05-31")]
    assert starts(course_of(one, D(2025, 5, 9)), 6) == [*before, (5, "2025-06-30")]
    assert starts(course_of(one, D(2025, 5, 10)), 9) == [
        *before, (5, "2025-07-31"), (6, "2025-09-30"), (7, "2025-11-30"), (8, "2026-01-31"),
    ]  # fmt: skip


def test_a_second_amendment_changes_only_what_comes_after_it() -> None:
    monthly = master({"term": runs(D(2025, 1, 31), "1 month"), "renewal": renews()})
    once = with_amendment(monthly, D(2025, 5, 10), {"renewal": renews(RenewalKind.AUTOMATIC, "2 months")})
    twice = with_amendment(once, D(2025, 8, 15), {"renewal": renews(RenewalKind.AUTOMATIC, "1 year")})
    # the term of 15 August is that of 31 July to 29 September
    assert starts(course_of(twice, D(2025, 8, 15)), 9)[5:] == [
        (5, "2025-07-31"), (6, "2025-09-30"), (7, "2026-09-30"), (8, "2027-09-30"),
    ]  # fmt: skip


def test_an_amendment_on_the_first_day_of_a_term_is_for_what_comes_after_that_one() -> None:
    one = with_amendment(master(), D(2026, 1, 1), {"renewal": renews(RenewalKind.AUTOMATIC, "2 years")})
    assert starts(course_of(one, D(2026, 1, 1)), 4) == [
        (0, "2025-01-01"), (1, "2026-01-01"), (2, "2027-01-01"), (3, "2029-01-01"),
    ]  # fmt: skip


def test_how_many_renewals_there_may_be_counts_from_the_first() -> None:
    one = with_amendment(master(), D(2026, 6, 1), {"renewal": renews(at_most=3)})
    found = course_of(one, D(2026, 6, 1))
    assert state(found, D(2028, 12, 31)) == (S.ACTIVE, 3)
    assert state(found, D(2029, 1, 1)) == (S.EXPIRED, None)


def test_a_cap_that_is_reached_already_lets_the_term_that_runs_be_the_last() -> None:
    one = with_amendment(master(), D(2027, 6, 1), {"renewal": renews(at_most=1)})
    found = course_of(one, D(2027, 6, 1))
    assert state(found, D(2027, 12, 31)) == (S.ACTIVE, 2)
    assert state(found, D(2028, 1, 1)) == (S.EXPIRED, None)


def test_after_automatic_renewals_an_opt_in_asks_for_no_consent_to_those_that_came() -> None:
    one = with_amendment(master(), D(2026, 6, 1), {"renewal": renews(RenewalKind.OPT_IN)})
    found = course_of(one, D(2026, 6, 1))
    assert state(found, D(2026, 12, 31)) == (S.ACTIVE, 1)
    assert state(found, D(2027, 1, 1)) == (S.EXPIRED, None)
    assert state(found, D(2027, 1, 1), consent(2, D(2026, 11, 1))) == (S.ACTIVE, 2)


def test_after_automatic_renewals_a_fixed_clause_lets_the_term_that_runs_be_the_last() -> None:
    one = with_amendment(master(), D(2026, 6, 1), {"renewal": renews(RenewalKind.FIXED)})
    found = course_of(one, D(2026, 6, 1))
    assert [state(found, day) for day in (D(2026, 6, 1), D(2026, 12, 31), D(2027, 1, 1))] == [
        (S.ACTIVE, 1), (S.ACTIVE, 1), (S.EXPIRED, None),
    ]  # fmt: skip
    struck = with_amendment(
        master(), D(2026, 6, 1), {"renewal": Struck()}
    )  # nothing said of a renewal is the same
    assert state(course_of(struck, D(2026, 6, 1)), D(2027, 1, 1)) == (S.EXPIRED, None)


def test_after_automatic_renewals_an_evergreen_runs_on_from_the_end_of_the_term() -> None:
    one = with_amendment(master(), D(2026, 6, 1), {"renewal": renews(RenewalKind.EVERGREEN)})
    found = course_of(one, D(2026, 6, 1))
    assert state(found, D(2026, 12, 31)) == (
        S.RENEWED,
        1,
    )  # 90 days before the end nobody can stop it any more
    later = standing(found, (), D(2040, 1, 1))
    assert later.term is not None
    assert (later.term.number, later.term.start, later.term.end) == (2, D(2027, 1, 1), None)


def test_what_was_fixed_may_be_renewed_when_an_amendment_says_so_in_time() -> None:
    fixed = master({**YEARLY, "renewal": renews(RenewalKind.FIXED)})
    one = with_amendment(fixed, D(2025, 12, 31), {"renewal": renews()})
    assert state(course_of(one, D(2025, 12, 31)), D(2026, 5, 1)) == (S.ACTIVE, 1)


# another term


def test_another_end_of_the_term_that_runs_lets_the_numbers_go_on() -> None:
    said = {**YEARLY, "renewal": renews(RenewalKind.AUTOMATIC, "1 year")}
    longer = runs(D(2026, 1, 1), None, D(2027, 3, 31))
    one = with_amendment(master(said), D(2026, 6, 1), {"term": longer})
    assert starts(course_of(one, D(2026, 5, 31)), 3) == [
        (0, "2025-01-01"), (1, "2026-01-01"), (2, "2027-01-01"),
    ]  # fmt: skip
    found = course_of(one, D(2026, 6, 1))
    assert starts(found, 3) == [(1, "2026-01-01"), (2, "2027-04-01"), (3, "2028-04-01")]
    assert state(found, D(2027, 3, 31)) == (S.RENEWED, 1)
    assert state(found, D(2027, 4, 1)) == (S.ACTIVE, 2)


def test_renewals_that_are_as_long_as_the_first_term_stay_so_when_only_an_end_is_stated() -> None:
    one = with_amendment(master(), D(2026, 6, 1), {"term": runs(D(2026, 1, 1), None, D(2027, 3, 31))})
    assert starts(course_of(one, D(2026, 6, 1)), 3) == [
        (1, "2026-01-01"), (2, "2027-04-01"), (3, "2028-04-01"),
    ]  # fmt: skip


def test_the_lengths_of_renewals_go_on_where_only_the_term_is_another() -> None:
    said = {**YEARLY, "renewal": renews(RenewalKind.AUTOMATIC, "2 years", "1 year")}
    # the first renewal runs from 2026 through 2027, and is cut short; the second is of one year
    one = with_amendment(master(said), D(2026, 6, 1), {"term": runs(D(2026, 1, 1), None, D(2026, 9, 30))})
    assert starts(course_of(one, D(2026, 6, 1)), 3) == [
        (1, "2026-01-01"), (2, "2026-10-01"), (3, "2027-10-01"),
    ]  # fmt: skip


def test_renewals_that_came_count_among_those_that_there_may_be_when_the_term_is_another() -> None:
    said = {**YEARLY, "renewal": renews(RenewalKind.AUTOMATIC, "1 year", at_most=2)}
    longer = {"term": runs(D(2026, 1, 1), None, D(2027, 3, 31))}
    one = with_amendment(master(said), D(2026, 6, 1), longer)
    found = course_of(one, D(2026, 6, 1))
    assert state(found, D(2028, 3, 31)) == (S.ACTIVE, 2)
    assert state(found, D(2028, 4, 1)) == (S.EXPIRED, None)
    # and so when the renewals are changed after that: three at most are two more
    twice = with_amendment(
        one, D(2026, 7, 1), {"renewal": renews(RenewalKind.AUTOMATIC, "1 year", at_most=3)}
    )
    assert state(course_of(twice, D(2026, 7, 1)), D(2029, 3, 31)) == (S.ACTIVE, 3)
    assert state(course_of(twice, D(2026, 7, 1)), D(2029, 4, 1)) == (S.EXPIRED, None)
    # in the last renewal there is nothing left
    late = with_amendment(master(said), D(2027, 6, 1), {"term": runs(D(2027, 1, 1), None, D(2028, 3, 31))})
    assert state(course_of(late, D(2027, 6, 1)), D(2028, 3, 31)) == (S.ACTIVE, 2)
    assert state(course_of(late, D(2027, 6, 1)), D(2028, 4, 1)) == (S.EXPIRED, None)


def test_renewals_that_came_count_after_a_second_other_term_too() -> None:
    said = {**YEARLY, "renewal": renews(RenewalKind.AUTOMATIC, "1 year", at_most=3)}
    once = with_amendment(master(said), D(2026, 6, 1), {"term": runs(D(2026, 1, 1), None, D(2027, 3, 31))})
    twice = with_amendment(once, D(2027, 6, 1), {"term": runs(D(2027, 4, 1), None, D(2028, 6, 30))})
    found = course_of(twice, D(2027, 6, 1))
    assert starts(found, 3) == [(2, "2027-04-01"), (3, "2028-07-01")]  # three at most, and no fourth
    assert state(found, D(2029, 7, 1)) == (S.EXPIRED, None)


def test_terms_that_are_each_counted_from_the_one_before_stay_so_when_nothing_follows_any_more() -> None:
    # of 31 January: 28 February, 28 March, 28 April
    chained = Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, chain=Chain.PREVIOUS_END))
    monthly = master({"term": runs(D(2025, 1, 31), "1 month"), "renewal": chained})
    one = with_amendment(monthly, D(2025, 4, 10), {"renewal": renews(RenewalKind.FIXED)})
    found = course_of(one, D(2025, 4, 10))
    assert [state(found, day) for day in (D(2025, 4, 27), D(2025, 4, 28))] == [
        (S.ACTIVE, 2), (S.EXPIRED, None),
    ]  # fmt: skip


def test_a_fixed_clause_stays_fixed_when_the_end_is_moved_after_it() -> None:
    fixed = with_amendment(master(), D(2026, 6, 1), {"renewal": renews(RenewalKind.FIXED)})
    one = with_amendment(fixed, D(2026, 7, 1), {"term": runs(D(2026, 1, 1), None, D(2027, 3, 31))})
    assert state(course_of(one, D(2026, 7, 1)), D(2027, 3, 31)) == (S.ACTIVE, 1)
    assert state(course_of(one, D(2026, 7, 1)), D(2027, 4, 1)) == (S.EXPIRED, None)


def test_a_consent_is_for_the_term_of_its_number_after_another_term_clause_too() -> None:
    said = {**YEARLY, "renewal": renews(RenewalKind.OPT_IN, "1 year")}
    one = with_amendment(master(said), D(2026, 6, 1), {"term": runs(D(2026, 1, 1), None, D(2027, 3, 31))})
    found = course_of(one, D(2026, 6, 1))
    assert state(found, D(2027, 4, 1), consent(1, D(2025, 12, 1))) == (S.EXPIRED, None)
    assert state(found, D(2027, 4, 1), consent(1, D(2025, 12, 1)), consent(2, D(2027, 3, 1))) == (S.ACTIVE, 2)


def test_before_it_begins_even_the_first_day_may_be_another() -> None:
    one = with_amendment(master(), D(2024, 12, 20), {"term": runs(D(2025, 2, 1))})
    found = course_of(one, D(2024, 12, 20))
    assert state(found, D(2025, 1, 31)) == (S.SIGNED, None)
    assert state(found, D(2025, 2, 1)) == (S.ACTIVE, 0)


def test_another_notice_clause_is_that_of_the_term_that_runs() -> None:
    # 90 days before the end of 2025 leave 2 October, 30 days 1 December
    one = with_amendment(master(), D(2025, 6, 1), {"non-renewal": stops("30 days")})
    days = [standing(course_of(one, day), (), day).stoppable_until for day in (D(2025, 5, 31), D(2025, 6, 1))]
    assert days == [D(2025, 10, 2), D(2025, 12, 1)]


# what is known


def test_an_amendment_is_followed_only_as_far_as_it_is_known() -> None:
    one = with_amendment(
        master(), D(2025, 6, 1), {"non-renewal": stops("30 days")}, known_on=D(2025, 9, 1)
    )  # signed in June, in the files since September
    length = {
        known: str(found.notices[0].notice)
        for known in (D(2025, 8, 31), D(2025, 9, 1))
        if (found := course_on(one, D(2025, 7, 1), midnight(known))) is not None
    }
    assert length == {D(2025, 8, 31): "90 days", D(2025, 9, 1): "30 days"}
    assert len(courses(one, midnight(D(2025, 8, 31)))) == 1


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="accepted: a datetime with its time zone"):
        courses(master(), datetime.datetime(2025, 1, 1))


# refused


def test_an_amendment_after_the_last_term_is_refused() -> None:
    fixed = master({**YEARLY, "renewal": renews(RenewalKind.FIXED)})
    one = with_amendment(fixed, D(2026, 1, 1), {"renewal": renews()})
    assert refused(one) == [
        "found other terms, after the last one was over; accepted: a new agreement @ on 2026-01-01"
    ]


def test_another_start_of_the_term_that_runs_is_refused() -> None:
    one = with_amendment(master(), D(2026, 6, 1), {"term": runs(D(2026, 2, 1))})
    assert refused(one) == [
        "found a term from 2026-02-01 on; accepted: from 2026-01-01 on, as the one that runs @ on 2026-06-01"
    ]


@pytest.mark.parametrize("kind", [RenewalKind.AUTOMATIC, RenewalKind.OPT_IN, RenewalKind.FIXED])
def test_a_term_without_end_gets_other_renewals_only_together_with_an_end(kind: RenewalKind) -> None:
    endless = master({**YEARLY, "renewal": renews(RenewalKind.EVERGREEN)})
    lengths = () if kind is RenewalKind.FIXED else ("1 year",)
    said: dict[str, Clause] = {"renewal": renews(kind, *lengths)}
    assert refused(with_amendment(endless, D(2027, 6, 1), said)) == [
        f"found {kind.value} after a term without end; accepted with it: a term from 2026-01-01 on that has one @ on 2027-06-01"
    ]
    bounded = {**said, "term": runs(D(2026, 1, 1), None, D(2027, 12, 31))}
    found = course_of(with_amendment(endless, D(2027, 6, 1), bounded), D(2027, 6, 1))
    assert state(found, D(2027, 6, 1)) == (S.ACTIVE, 1)


def test_everything_that_cannot_be_followed_is_said_at_once_with_its_day() -> None:
    said: dict[str, Any] = {
        **YEARLY,
        "other-term": runs(D(2025, 2, 1)),
        "law": LawClause(law="JP", counting="jp-civi", calendar="tokio"),
    }
    tokyo = BusinessCalendar(name="tokyo", version="1", years=frozenset({2025}))
    found = refused(master(said), {"tokyo": tokyo})
    assert [fault.partition("; ")[0] for fault in found] == [
        "found several that hold at once",
        "unknown period rule 'jp-civi'",
        "unknown calendar 'tokio'",
    ]
    assert [fault.rpartition(" @ ")[2] for fault in found] == [
        "on 2024-12-15.other-term, term",
        "on 2024-12-15.counting",
        "on 2024-12-15.calendar",
    ]


def test_a_point_on_which_nothing_decides_between_two_papers_is_refused_if_a_course_needs_it() -> None:
    one = with_amendment(master(), D(2025, 6, 1), {"non-renewal": stops("30 days")})
    one = with_amendment(one, D(2025, 6, 1), {"non-renewal": stops("60 days")})
    assert refused(one) == [
        "amendment-1 and amendment-2 differ, and nothing says which holds @ on 2025-06-01.non-renewal"
    ]
    paid = [PaymentClause(within=Length.of(length)) for length in ("30 days", "60 days")]
    other = with_amendment(master(), D(2025, 6, 1), {"payment": paid[0]})
    other = with_amendment(other, D(2025, 6, 1), {"payment": paid[1]})
    assert len(courses(other, KNOWN)) == 1  # no term hangs on it


# laws


@given(papers(), st.integers(0, 1500))
def test_the_terms_that_were_over_before_an_amendment_are_the_same_after_it(
    one: Agreement, days: int
) -> None:
    found = courses(one, KNOWN)
    for (_, before), (day, after) in pairwise(found):
        table, later = before.timetable, after.timetable
        for number in range(after.numbered_from, before.numbered_from + 200):
            local = number - before.numbered_from
            if table.last_number is not None and local > table.last_number:
                break
            term = table.term(local)
            if term.end is None or term.end > day:
                break
            again = later.term(number - after.numbered_from)
            assert (again.start, again.end) == (term.start, term.end)


@given(papers())
def test_the_term_that_runs_keeps_its_number_and_its_first_day_across_an_amendment(one: Agreement) -> None:
    for (_, before), (day, after) in pairwise(courses(one, KNOWN)):
        was, now = before.timetable.term_on(day), after.timetable.term_on(day)
        if was is not None and now is not None:
            assert now.start == was.start
            assert now.number + after.numbered_from == was.number + before.numbered_from


@given(papers())
def test_the_terms_tile_across_amendments(one: Agreement) -> None:
    """Day by day each is in the term of its number, numbers go up by one, and no day is left out until the end."""
    found = courses(one, KNOWN)
    day, last = found[0][1].timetable.clause.start, None
    for _ in range(1500):
        course = next(course for since, course in reversed(found) if since <= day)
        term = course.timetable.term_on(day)
        if term is None:
            break
        number = term.number + course.numbered_from
        if last is None:
            assert (number, term.start) == (0, day)
        elif number != last:
            assert (number, term.start) == (last + 1, day)
        last, day = number, day + DAY
    assert last is not None


@given(papers(), st.data())
def test_the_course_as_known_on_a_day_is_that_of_the_paper_known_by_then(
    one: Agreement, data: st.DataObject
) -> None:
    known = data.draw(st.sampled_from([paper.known_since for paper in one.documents]))
    papers_then = tuple(paper for paper in one.documents if paper.known_since <= known)
    ids = {paper.id for paper in papers_then}
    then = Agreement(
        id=one.id,
        kind=one.kind,
        partner=one.partner,
        parties=one.parties,
        documents=papers_then,
        provisions=tuple(said for said in one.provisions if said.document in ids),
    )
    assert courses(one, known) == courses(then, KNOWN)
