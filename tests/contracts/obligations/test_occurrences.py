"""How an obligation stands for each of its days, and how that is said."""

import datetime
from typing import Any

import attrs
import pytest
from tests.contracts.obligations.given import AUDIT, NOON, REPORT, D, done

from prmcore.contracts.obligations import (
    ObligationState,
    Occurrence,
    obligations_due,
    occurrence_of,
    said_of_occurrence,
    standing_of,
)
from prmcore.decisions import Truth
from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.values import BusinessCalendar, Length


@pytest.mark.parametrize("record", [Occurrence])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


WEEK = BusinessCalendar(name="Mon-Fri", version="1", years=frozenset({2026}))


@pytest.mark.parametrize(
    ("as_of", "by", "state", "changes_on", "words", "truth"),
    [
        (D(2026, 2, 28), (), "upcoming", D(2026, 3, 1), "Report: to be done by partner, due on March 1, 2026", None),
        (D(2026, 3, 8), (), "due", D(2026, 3, 9), "Report: to be done by partner, due since March 1, 2026, in time until March 8, 2026", None),
        (D(2026, 3, 9), (), "overdue", D(2026, 3, 11), "Report: to be done by partner, overdue since March 9, 2026", Truth.UNMET),
        (D(2026, 3, 11), (), "escalated", None,
         "Report: to be done by partner, overdue since March 9, 2026; director is told since March 11, 2026", Truth.UNMET),
        (D(2026, 3, 8), (D(2026, 3, 8),), "done", None, "Report: done on March 8, 2026, in time until March 8, 2026", Truth.MET),
        (D(2026, 3, 9), (D(2026, 3, 9),), "done-late", None,
         "Report: done on March 9, 2026, too late: it was in time until March 8, 2026", Truth.MET),
        (D(2026, 3, 7), (D(2026, 3, 8),), "due", D(2026, 3, 9),
         "Report: to be done by partner, due since March 1, 2026, in time until March 8, 2026", None),
    ],
)  # fmt: skip
def test_how_an_obligation_stands_is_told(
    as_of: D, by: tuple[D, ...], state: str, changes_on: D | None, words: str, truth: Truth | None
) -> None:
    found = occurrence_of(REPORT, D(2026, 3, 1), [done(on) for on in by], as_of)
    assert (found.state, found.changes_on, found.last_day, found.overdue_on, found.escalates_on) == (
        ObligationState(state), changes_on, D(2026, 3, 8), D(2026, 3, 9), D(2026, 3, 11),
    )  # fmt: skip
    assert (found.obligation, found.due, found.state.is_done) == (
        REPORT,
        D(2026, 3, 1),
        state.startswith("done"),
    )
    said = said_of_occurrence(found)
    assert (put_into_words(attrs.evolve(said, truth=None), "en").text, said.truth) == (words, truth)


def test_nobody_is_told_where_nobody_is_named_and_at_once_where_no_time_is_given() -> None:
    alone = attrs.evolve(REPORT, escalate_to=None, escalate_after=None)
    assert occurrence_of(alone, D(2026, 3, 1), (), D(2027, 1, 1)).escalates_on is None
    at_once = attrs.evolve(REPORT, escalate_after=None)
    assert occurrence_of(at_once, D(2026, 3, 1), (), D(2026, 3, 9)).state is ObligationState.ESCALATED
    in_days = attrs.evolve(REPORT, escalate_after=Length.of("2 business days"))
    found = occurrence_of(in_days, D(2026, 3, 1), (), D(2026, 3, 9), calendar=WEEK)
    assert found.escalates_on == D(2026, 3, 11)  # from Monday the 9th
    of_others = (done(D(2026, 3, 1), obligation="other"), done(D(2026, 3, 1), D(2026, 2, 1)))
    assert occurrence_of(REPORT, D(2026, 3, 1), of_others, D(2026, 3, 1)).done is None


def test_of_two_that_say_so_on_one_day_the_first_that_was_known_counts() -> None:
    late, early = (done(D(2026, 3, 2), at=NOON + datetime.timedelta(hours=hours)) for hours in (2, 1))
    other = attrs.evolve(early, by="aide")
    assert occurrence_of(REPORT, D(2026, 3, 1), (late, early, other), D(2026, 3, 9)).done == other


def test_what_is_due_is_in_the_order_of_its_days_and_then_of_its_names() -> None:
    twin = attrs.evolve(AUDIT, id="archive")
    found = obligations_due([REPORT, AUDIT, twin], [], D(2026, 3, 1))
    assert [(one.obligation.id, one.due) for one in found] == [
        ("archive", D(2026, 2, 1)), ("audit", D(2026, 2, 1)), ("report", D(2026, 3, 1)),
    ]  # fmt: skip
    assert obligations_due([REPORT], [], D(2026, 2, 28)) == ()
    assert obligations_due([REPORT], [], D(2026, 3, 9), ends=D(2026, 3, 1)) == ()
    assert len(obligations_due([REPORT], [], D(2026, 3, 9), ends=D(2026, 3, 2))) == 1
    assert [one.due for one in standing_of(REPORT, (), D(2026, 2, 1))] == [D(2026, 3, 1)]


@pytest.mark.parametrize("ask", [lambda day: occurrence_of(REPORT, D(2026, 3, 1), (), day), lambda day: standing_of(REPORT, (), day)])  # fmt: skip
def test_how_it_stands_is_asked_for_a_date(ask: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found"):
        ask(NOON)
