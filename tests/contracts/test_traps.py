"""The traps that comparable systems fell into: each of the 27 is named by a test, here or where its part is tested."""

import datetime
import re
from pathlib import Path

from prmcore.contracts.terms import TermClause, Timetable
from prmcore.values import Length, Roll

TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"trap ([0-9]+)")


def test_every_trap_has_a_test_that_names_it() -> None:
    texts = [
        path.read_text("utf-8")
        for part in ("contracts", "values")
        for path in TESTS.glob(f"{part}/**/test_*.py")
    ]
    assert {int(number) for text in texts for number in NAMED.findall(text)} == set(range(1, 28))


# trap 27
def test_a_month_from_the_last_of_february_ends_on_the_30th_of_march_where_it_is_to_end_with_the_month() -> (
    None
):
    """Business Central's manual, of "align to end of month": up to the last but one day of March in English and Dutch, up to the
    last in Spanish and Italian (learn.microsoft.com, period-calculation). The first is right: the last day begins the next
    period. Its standard calculation, one month less one day, is anchored: up to the 27th."""
    start, month = datetime.date(2023, 2, 28), Length.of("1 month")
    to_end, anchored = (
        Timetable(clause=TermClause(start=start, length=month, roll=roll))
        for roll in (Roll.of("month end"), Roll())
    )
    assert to_end.term(0).last_day == datetime.date(2023, 3, 30)
    assert anchored.term(0).last_day == datetime.date(2023, 3, 27)
