"""Lifecycle: the state of an agreement on a day, from the paper and from what happened.

`model.py` is what can happen and what may follow on what, `course.py` what of the paper the state depends on, `standing.py` the
one function that says how it stands, `due.py` what is to be told or done, read from that function; `ical.py` writes it for a
calendar. `record.py` is what is kept of an agreement, and `notices.py` what a notice does to it.
"""

from prmcore.contracts.lifecycle.course import course_on, courses, paper_days
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
from prmcore.contracts.lifecycle.notices import AgreementTaken, deadlines_of, given, taken
from prmcore.contracts.lifecycle.record import (
    AGREEMENTS,
    AgreementRecord,
    ContractPolicy,
    commitments_of,
    due_of,
    next_action_of,
    redocumented,
    standing_of,
    tidied,
    upcoming,
    zone_of,
)
from prmcore.contracts.lifecycle.said import said_of_due, said_of_standing
from prmcore.contracts.lifecycle.standing import AgreementMoved, Course, MoveFacts, Standing, moved, standing

__all__ = [
    "AGREEMENTS", "AGREEMENT_MOVES", "CALENDAR", "ENDED", "IN_FORCE", "AgreementAction", "AgreementMoved", "AgreementRecord",
    "AgreementState", "AgreementStep", "AgreementTaken", "ContractPolicy", "Course", "Due", "DueKind", "MoveFacts", "Purpose",
    "Reminders", "Standing", "commitments_of", "course_on", "courses", "deadlines_of", "due", "due_of", "given", "moved", "next_action_of",
    "next_action_on", "paper_days", "redocumented", "said_of_due", "said_of_standing", "standing", "standing_of", "taken", "tidied",
    "to_icalendar", "upcoming", "zone_of",
]  # fmt: skip
