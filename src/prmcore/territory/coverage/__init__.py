"""Coverage: which territory covers which account, as data; decided, explained, analysed, compared.

Read `model.py` for what a model holds and `cells.py` for what a rule asks, then `policy.py`. `axes.py` cuts each dimension
into the pieces that the rules tell apart; `index.py` decides by them, `batch.py` for many
accounts at once, `search.py` and `analysis.py` look for what is wrong.
"""

from prmcore.territory.coverage.analysis import Analysis, Hole, Overlaps, analysed, as_account
from prmcore.territory.coverage.assignment import Assignment, Step
from prmcore.territory.coverage.cells import Among, Cell, NoneOf, Postcodes, Span, Under, Within
from prmcore.territory.coverage.changes import AccountMove, moved_accounts, said_of_account_move
from prmcore.territory.coverage.distribution import Handed, Turns, handed
from prmcore.territory.coverage.index import Result, Winner
from prmcore.territory.coverage.model import (
    ACCOUNT,
    COVERAGE_MOVES,
    CodeDimension,
    CoverageModel,
    CoverageRule,
    CoverageState,
    Dimension,
    Distribution,
    Member,
    PostcodeDimension,
    Ranking,
    Role,
    SpanDimension,
    Territory,
    TreeDimension,
)
from prmcore.territory.coverage.policy import CoveragePolicy
from prmcore.territory.coverage.postcodes import PostcodeRange, postcode_key
from prmcore.territory.coverage.said import said_of_assignment, said_of_outcome
from prmcore.territory.coverage.would_change import Alternative, would_change

__all__ = [
    "ACCOUNT",
    "COVERAGE_MOVES",
    "AccountMove",
    "Alternative",
    "Among",
    "Analysis",
    "Assignment",
    "Cell",
    "CodeDimension",
    "CoverageModel",
    "CoveragePolicy",
    "CoverageRule",
    "CoverageState",
    "Dimension",
    "Distribution",
    "Handed",
    "Hole",
    "Member",
    "NoneOf",
    "Overlaps",
    "PostcodeDimension",
    "PostcodeRange",
    "Postcodes",
    "Ranking",
    "Result",
    "Role",
    "Span",
    "SpanDimension",
    "Step",
    "Territory",
    "TreeDimension",
    "Turns",
    "Under",
    "Winner",
    "Within",
    "analysed",
    "as_account",
    "handed",
    "moved_accounts",
    "postcode_key",
    "said_of_account_move",
    "said_of_assignment",
    "said_of_outcome",
    "would_change",
]
