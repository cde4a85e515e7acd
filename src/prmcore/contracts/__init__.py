"""Contracts: what was agreed, in which terms it runs, by when somebody has to speak, and how it stands on a day.

`agreements` is the paper: provisions, each with its source, and which of them is in force on a day as it was known at an
instant. `terms` are the periods that an agreement runs in, their renewal, and amounts for parts of them; `periods` is how a
law counts days, months and hours; `notice` is by when a notice has to be there, and what one does that was given;
`obligations` is what has to be done by a day, how much in a year, and what follows when it is not; `lifecycle` is the state that
follows from all this and from what happened, and what is due. Read `agreements/model.py` first, then `terms/model.py`.

Dates are computed from rules that each result names with their source. This is not legal advice.
"""

from prmcore.contracts.agreements import Agreement, Provision, amended, resolved
from prmcore.contracts.lifecycle import Course, Standing, standing
from prmcore.contracts.notice import NoticeClause, NoticeDeadline, judged, notice_deadline
from prmcore.contracts.obligations import Commitments, Obligation, judged_minimums, obligations_due
from prmcore.contracts.terms import RenewalClause, Term, TermClause, Timetable

__all__ = [
    "Agreement", "Commitments", "Course", "NoticeClause", "NoticeDeadline", "Obligation", "Provision", "RenewalClause", "Standing",
    "Term", "TermClause", "Timetable", "amended", "judged", "judged_minimums", "notice_deadline", "obligations_due", "resolved",
    "standing",
]  # fmt: skip
