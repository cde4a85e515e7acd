"""Obligations: what has to be done by a day, how much has to be bought or done in a year, and what follows when it is not.

`model.py` is what is given: obligations, what was done, what was measured. `occurrences.py` says how an obligation stands on
a day; `minimums.py` which years a minimum has and what each asks for; `shortfalls.py` what became of each. `commitments.py`
holds all of one agreement, and `moments.py` the days on which somebody is told.
"""

from prmcore.contracts.obligations.commitments import NO_COMMITMENTS, Commitments
from prmcore.contracts.obligations.minimums import CommitmentPeriod, commitment_periods
from prmcore.contracts.obligations.model import Done, Measured, Obligation, Waiver
from prmcore.contracts.obligations.moments import Moment, MomentKind, Stretch, moments
from prmcore.contracts.obligations.occurrences import (
    ObligationState,
    Occurrence,
    obligations_due,
    occurrence_of,
    standing_of,
)
from prmcore.contracts.obligations.said import said_of_minimum, said_of_occurrence
from prmcore.contracts.obligations.shortfalls import (
    JUDGING_MINIMUMS,
    JudgedMinimum,
    MinimumFacts,
    MinimumOutcome,
    conditions_met,
    judged_minimum,
    judged_minimums,
)

__all__ = [
    "JUDGING_MINIMUMS", "NO_COMMITMENTS", "CommitmentPeriod", "Commitments", "Done", "JudgedMinimum", "Measured", "MinimumFacts",
    "MinimumOutcome", "Moment", "MomentKind", "Obligation", "ObligationState", "Occurrence", "Stretch", "Waiver",
    "commitment_periods", "conditions_met", "judged_minimum", "judged_minimums", "moments", "obligations_due", "occurrence_of",
    "said_of_minimum", "said_of_occurrence", "standing_of",
]  # fmt: skip
