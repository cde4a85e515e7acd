"""Incentives: what is paid to whom for what, as plans that are data, and a ledger that is only ever added to.

One primitive: what a payee is entitled to by all that is known now, less what was posted already. In the order in which
a sale goes through it::

    curve, model                          bands, and the components of a plan
    facts, credit, policy, lines          a sale, whom it is credited to, what it entitles to, as lines
    ledger, posting                       entries, and how they come about
    statements, disputes                  what a payee sees, and what it may object to
    payouts, paying, write_offs           what is owed, on its way to being paid
    stacking, points, splits, funds       prices before, and rewards beside it
    outlook, lint                         what a plan pays and costs, and what is wrong with it, before it runs
    said                                  all of it in words
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
