"""All that is committed under one agreement: what does not belong to it, and its years."""

from typing import Any

import attrs
import pytest
from tests.contracts.obligations.given import AUDIT, EURO, NOON, PEOPLE, REPORT, TABLE, D, done, measured

from prmcore.contracts.obligations import (
    Commitments,
    Waiver,
)
from prmcore.errors import InvalidInput
from prmcore.values import FiscalCalendar, Money


def waived(**more: Any) -> Waiver:
    return Waiver(**{"minimum": "people", "year": D(2025, 6, 1), "on": D(2026, 1, 5), "by": "legal", **more})


def test_commitments_are_written_with_the_names_of_their_parts() -> None:
    assert all(field.kw_only for field in attrs.fields(Commitments))


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"obligations": (REPORT, REPORT)}, ["'report' is there twice @ obligations"]),
        ({"obligations": (REPORT, attrs.evolve(AUDIT, agreement="b"))},
         ["found one of 'b'; accepted: of one agreement, 'a-1' @ obligations[1].agreement"]),
        ({"obligations": (REPORT, AUDIT), "done": (done(D(2026, 3, 1)), done(D(2026, 3, 1), obligation="other"))},
         ["found 'other'; accepted: report, audit @ done[1].obligation"]),
        ({"done": (done(D(2026, 3, 1)),)}, ["found 'report'; accepted: nothing, there is none @ done[0].obligation"]),
        ({"obligations": (REPORT,), "done": (done(D(2026, 3, 3), D(2026, 3, 2)),)},
         ["found 2026-03-02; accepted: a day of 'report' @ done[0].due"]),
        ({"minimums": {"people": PEOPLE}, "measured": (measured(), measured(minimum="x"))},
         ["found 'x'; accepted: people @ measured[1].minimum"]),
        ({"minimums": {"people": PEOPLE}, "measured": (measured(count=None, amount=Money.of("1", "EUR")),)},
         ["found 1.00 EUR; accepted: a count @ measured[0].amount"]),
        ({"minimums": {"people": EURO}, "measured": (measured(),)}, ["found 7; accepted: an amount in EUR @ measured[0].amount"]),
        ({"minimums": {"people": EURO}, "measured": (measured(count=None, amount=Money.of("1", "USD")),)},
         ["found 1.00 USD; accepted: an amount in EUR @ measured[0].amount"]),
        ({"minimums": {"people": PEOPLE}, "waived": (waived(), waived(minimum="x"))},
         ["found 'x'; accepted: people @ waived[1].minimum"]),
        ({"since": NOON}, [f"the day: found {NOON!r:.60}; accepted: a date without a time @ since"]),
    ],
)  # fmt: skip
def test_what_does_not_belong_to_the_agreement_is_refused_at_its_part(
    parts: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Commitments(**parts)
    assert list(map(str, refused.value.faults)) == faults


def test_what_belongs_together_is_kept() -> None:
    kept = Commitments(
        obligations=(REPORT, AUDIT), done=(done(D(2026, 3, 1)),), minimums={"people": PEOPLE, "sales": EURO},
        measured=(measured(), measured(minimum="sales", count=None, amount=Money.of("1", "EUR"))), waived=(waived(),),
        since=D(2025, 4, 1),
    )  # fmt: skip
    kept.check_agreement("a-1")
    Commitments().check_agreement("whichever")
    with pytest.raises(InvalidInput, match=r"^found commitments of 'a-1'; accepted: of 'b'$"):
        kept.check_agreement("b")
    with pytest.raises(InvalidInput, match=r"^found 'x'; accepted: people, sales$"):
        kept.judged("x", TABLE, D(2026, 1, 1))
    other = done(D(2026, 2, 1), D(2026, 2, 1), obligation="audit")
    assert kept.with_done(other).done == (*kept.done, other)


def test_the_years_of_a_minimum_are_those_of_the_program_from_the_first_day_of_the_agreement() -> None:
    kept = Commitments(
        minimums={"people": PEOPLE}, fiscal=FiscalCalendar(start_month=7), since=D(2025, 1, 1), measured=(measured(through=D(2025, 6, 30)),),
        waived=(waived(year=D(2025, 7, 1)),),
    )  # fmt: skip
    found = list(kept.periods("people", TABLE, ends=D(2026, 8, 1)))
    assert [str(one.period) for one in found] == [
        "2025-01-01 to 2025-06-30", "2025-07-01 to 2026-06-30", "2026-07-01 to 2026-07-31",
    ]  # fmt: skip
    assert [one.minimum for one in found] == ["people"] * 3
    judged = kept.judged("people", TABLE, D(2026, 7, 1), ends=D(2026, 8, 1))
    # 181 of 365 days ask for 4.96 of 10, so 5; 7 is enough
    assert [(one.outcome.value, one.measured) for one in judged] == [
        ("met", 7),
        ("waived", None),
        ("open", None),
    ]
