"""Contracts: what was agreed, until when it holds, how a law counts, and by when somebody has to speak.

`agreements` is the paper: provisions, each with its source, and which of them is in force on a day as it was known on another.
`terms` are the periods that an agreement runs in, their renewal, and amounts for parts of them. Read `agreements/model.py` first,
then `terms/model.py`.

Dates are computed from rules that each result names with their source. This is not legal advice.
"""

from prmcore.contracts.agreements import Agreement, Provision, amended, resolved
from prmcore.contracts.terms import RenewalClause, Term, TermClause, Timetable

__all__ = [
    "Agreement",
    "Provision",
    "RenewalClause",
    "Term",
    "TermClause",
    "Timetable",
    "amended",
    "resolved",
]
