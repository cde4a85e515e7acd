"""Lifecycle: the state of an agreement on a day, from the paper and from what happened.

`model.py` is what can happen and what may follow on what, `standing.py` the one function that says how it stands, `due.py` what
is to be told or done, read from that function; `ical.py` writes it for a calendar.
"""

from prmcore.contracts.lifecycle.due import Due, DueKind, Reminders, due, next_action_on
from prmcore.contracts.lifecycle.ical import to_icalendar
from prmcore.contracts.lifecycle.model import (
    AGREEMENT_MOVES,
    CALENDAR,
    ENDED,
    IN_FORCE,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Purpose,
)
from prmcore.contracts.lifecycle.said import said_of_due, said_of_standing
from prmcore.contracts.lifecycle.standing import AgreementMoved, Course, MoveFacts, Standing, moved, standing

__all__ = [
    "AGREEMENT_MOVES", "CALENDAR", "ENDED", "IN_FORCE", "AgreementAction", "AgreementMoved", "AgreementState", "AgreementStep",
    "Course", "Due", "DueKind", "MoveFacts", "Purpose", "Reminders", "Standing", "due", "moved", "next_action_on",
    "said_of_due", "said_of_standing", "standing", "to_icalendar",
]  # fmt: skip
