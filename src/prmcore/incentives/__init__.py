"""Incentives: what is paid to whom for what, as plans that are data, and a ledger that is only ever added to.

One primitive: what a payee is entitled to by all that is known now, less what was posted already. In the order in which
a sale goes through it::

    plans       bands, components, and what a sale entitles to, as lines
    ledger      whom a sale is credited to, entries and how they come about, statements, disputes
    payouts     what is owed, on its way to being paid
    stacking    what is taken off a price, before
    points, funds                           rewards beside it
    outlook, lint                           what a plan pays and costs, and what is wrong with it, before it runs
"""

from prmcore.incentives.ledger.credit import Uncounted, Why
from prmcore.incentives.ledger.disputes import Dispute, DisputePolicy
from prmcore.incentives.ledger.model import (
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
from prmcore.incentives.ledger.posting import Circumstances, Posting, Quota, post, replayed_entry
from prmcore.incentives.ledger.statements import Part, Statement, postings, statement, statement_chain, why
from prmcore.incentives.lint import lint_plan
from prmcore.incentives.outlook import Cost, CostRow, Point, cost, payout_curve
from prmcore.incentives.payouts.model import Approver, Payout, PayoutPolicy, Proposal, proposed, state_of
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode, Rounding, Slice
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.plans.lines import Entitlement, Line, LineKind
from prmcore.incentives.plans.model import (
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
from prmcore.incentives.plans.policy import ComponentPolicy
from prmcore.incentives.plans.splits import At, Split, SplitKind

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
