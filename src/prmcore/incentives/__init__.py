"""Incentives: what is paid to whom for what, as plans that are data, and a ledger that is only ever added to.

One primitive: what a payee is entitled to by all that is known now, less what was posted already. Read `curve.py`, then
`model.py` for plans, `policy.py` for the calculation and `posting.py` for how entries come about.
"""

from prmcore.incentives.credit import Uncounted, Why
from prmcore.incentives.curve import Band, Boundary, Curve, Mode, Rounding, Slice
from prmcore.incentives.disputes import Dispute, DisputePolicy
from prmcore.incentives.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.ledger import (
    Bookkeeping,
    BookPeriod,
    Entry,
    EntryKind,
    Ledger,
    LedgerDiffers,
    PeriodAction,
    PeriodState,
    calculation_key,
)  # fmt: skip
from prmcore.incentives.lines import Entitlement, Line, LineKind
from prmcore.incentives.lint import lint_plan
from prmcore.incentives.model import (
    Accumulate,
    Basis,
    By,
    Clawback,
    Component,
    ComponentKind,
    Missed,
    Package,
    Plan,
    Prorated,
    Target,
)  # fmt: skip
from prmcore.incentives.outlook import Cost, CostRow, Point, cost, payout_curve
from prmcore.incentives.payouts import Approver, Payout, PayoutPolicy, Proposal, proposed, state_of
from prmcore.incentives.policy import ComponentPolicy
from prmcore.incentives.posting import Circumstances, Posting, Quota, post, replayed_entry
from prmcore.incentives.splits import At, Split, SplitKind
from prmcore.incentives.statements import Part, Statement, postings, statement, statement_chain, why

__all__ = [
    "Accumulate",
    "Approver",
    "At",
    "Band",
    "Base",
    "Basis",
    "BookPeriod",
    "Bookkeeping",
    "Boundary",
    "By",
    "Circumstances",
    "Clawback",
    "Component",
    "ComponentKind",
    "ComponentPolicy",
    "Cost",
    "CostRow",
    "Curve",
    "Day",
    "Dispute",
    "DisputePolicy",
    "Earning",
    "Entitlement",
    "Entry",
    "EntryKind",
    "Ledger",
    "LedgerDiffers",
    "Line",
    "LineKind",
    "Missed",
    "Mode",
    "Package",
    "Part",
    "Payout",
    "PayoutPolicy",
    "PeriodAction",
    "PeriodState",
    "Plan",
    "Point",
    "Posting",
    "Proposal",
    "Prorated",
    "Quota",
    "Rounding",
    "Share",
    "Slice",
    "Split",
    "SplitKind",
    "Statement",
    "Target",
    "Transaction",
    "Uncounted",
    "Why",
    "calculation_key",
    "cost",
    "lint_plan",
    "payout_curve",
    "post",
    "postings",
    "proposed",
    "replayed_entry",
    "state_of",
    "statement",
    "statement_chain",
    "why",
]
