"""What the tests of obligations have in common."""

import datetime
from typing import Any

from prmcore.contracts.agreements import MinimumClause, Yearly
from prmcore.contracts.obligations import Done, Measured, Obligation
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.values import Length, Money, Text

D = datetime.date
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
REPORT = Obligation(
    id="report", agreement="a-1", what=Text.of("Report"), by="partner", on=D(2026, 3, 1), within=Length.of("1 week"),
    escalate_to="director", escalate_after=Length.of("2 days"), owner="desk", before=(Length.of("3 days"),),
)  # fmt: skip
AUDIT = Obligation(id="audit", agreement="a-1", what=Text.of("Audit"), by="vendor", on=D(2026, 2, 1))
TABLE = Timetable(
    clause=TermClause(start=D(2025, 4, 1), length=Length.of("1 year")),
    renewal=RenewalClause(kind=RenewalKind.AUTOMATIC),
)
PEOPLE = MinimumClause(metric="people", count=10, per=Yearly.FISCAL, cure=Length.of("30 days"))
EURO = MinimumClause(metric="sales", amount=Money.of("10", "EUR"))


def done(on: D, due: D = REPORT.on or D.min, **more: Any) -> Done:
    return Done(**{"obligation": "report", "due": due, "on": on, "at": NOON, "by": "clerk", **more})


def measured(**more: Any) -> Measured:
    plain = {
        "minimum": "people",
        "year": D(2025, 6, 1),
        "count": 7,
        "through": D(2025, 12, 31),
        "on": D(2026, 1, 5),
    }
    return Measured(**{**plain, **more})
