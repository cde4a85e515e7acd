"""How an agreement stands and what is due of it, in words."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.lifecycle import AgreementState, Due, DueKind, Standing, said_of_due, said_of_standing
from prmcore.contracts.terms import Term
from prmcore.decisions.explain import put_into_words
from prmcore.values import Text

D = datetime.date
K, S = DueKind, AgreementState
DUE = Due(
    agreement="a-1", kind=K.STARTED, on=D(2026, 3, 1), term=2, until=D(2026, 3, 9), subject="minimum", day=D(2026, 2, 28),
    what=Text.of("Report"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (K.STARTED, "a-1: the first term has begun"),
        (K.STOP_SOON, "a-1: the next term can be stopped until March 9, 2026"),
        (K.STOP_LAST_DAY, "a-1: last day to stop the next term"),
        (K.RENEWAL_CERTAIN, "a-1: renewal 2 is certain"),
        (K.RENEWAL_STARTED, "a-1: renewal 2 has begun"),
        (K.END_SOON, "a-1: its last day is March 9, 2026"),
        (K.ENDED, "a-1: it holds no longer"),
        (K.OBLIGATION_SOON, "a-1: Report is due on February 28, 2026"),
        (K.OBLIGATION_DUE, "a-1: Report is due, in time until March 9, 2026"),
        (K.OBLIGATION_OVERDUE, "a-1: Report is overdue, due on February 28, 2026"),
        (K.OBLIGATION_ESCALATED, "a-1: Report is still not done, due on February 28, 2026"),
        (K.MINIMUM_ENDED, "a-1: minimum: measure the year that ended on February 28, 2026"),
        (K.CURE_LAST_DAY, "a-1: minimum: last day to make up for the year that ended on February 28, 2026"),
        (K.CURE_ENDED, "a-1: minimum: too late to make up for the year that ended on February 28, 2026"),
    ],
)
def test_each_kind_of_what_is_due_has_its_words(kind: DueKind, words: str) -> None:
    assert put_into_words(said_of_due(attrs.evolve(DUE, kind=kind)), "en").text == words


def test_an_item_is_known_by_what_it_is_about_and_its_day() -> None:
    assert DUE.id == "a-1|started|minimum|2026-02-28|2026-03-01"
    assert attrs.evolve(DUE, subject=None).id == "a-1|started|2|2026-03-01"
    assert attrs.evolve(DUE, subject=None, term=None).id == "a-1|started|None|2026-03-01"


RUNS = Standing(agreement="a-1", on=D(2026, 3, 1), state=S.ACTIVE, term=Term(1, D(2026, 1, 1), D(2027, 1, 1)))
TERM = "renewal 1: January 1, 2026 to December 31, 2026"
UNTIL = {"safe_until": D(2026, 10, 1), "stoppable_until": D(2026, 10, 1)}


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ({}, [TERM]),
        ({"term": None}, []),
        (UNTIL, [TERM, "the next term can be stopped until October 1, 2026"]),
        ({**UNTIL, "stoppable_until": D(2026, 10, 2)},
         [TERM, "the next term can be stopped until October 1, 2026, and by one reading until October 2, 2026"]),
        ({**UNTIL, "state": S.RENEWED}, [TERM, "the next term could be stopped until October 1, 2026"]),
        ({"ends": D(2027, 1, 1), "changes_on": D(2026, 10, 2)},
         [TERM, "as things stand it no longer holds from January 1, 2027 on",
          "unless somebody does something, it stays so until October 2, 2026"]),
    ],
)  # fmt: skip
def test_how_it_stands_is_told_with_the_days_that_matter(parts: dict[str, Any], lines: list[str]) -> None:
    one = attrs.evolve(RUNS, **parts)
    told = [line.strip() for line in put_into_words(said_of_standing(one), "en").lines()]
    assert told == [f"a-1 on March 1, 2026: {one.state}", *lines]
