"""What is stored of terms, renewals and prices comes back as it was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts import terms
from prmcore.testing import strategies
from prmcore.values.wire import from_plain, to_plain


@pytest.mark.parametrize(
    "record",
    [
        terms.CoTerm, terms.IndexValue, terms.ProratedLine, terms.Proration, terms.Renewal, terms.RenewalClause,
        terms.RenewalFacts, terms.RenewalWishes, terms.Suspension, terms.Term, terms.TermClause, terms.Timetable,
        terms.UpliftClause, terms.Uplifted,
    ],
)  # fmt: skip
@settings(max_examples=20)
@given(data=st.data())
def test_a_record_goes_through_plain_values_without_loss(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert from_plain(to_plain(drawn), record) == drawn


def test_a_clause_is_written_in_the_words_of_a_contract() -> None:
    clause = {
        "start": "2026-04-01",
        "length": "36 months",
        "roll": "anchored",
        "missing": "up",
        "ends": "day-before",
    }
    renewal = {"kind": "automatic", "lengths": ["1 year"], "at_most": 3, "by": ["vendor", "partner"]}
    table = terms.Timetable(
        clause=from_plain(clause, terms.TermClause), renewal=from_plain(renewal, terms.RenewalClause)
    )
    assert str(table.term(3).period) == "2031-04-01 to 2032-03-31"
