"""A partner program as one versioned document, and the use cases around it: gather facts, decide, record.

Read `document/` for what a file may hold, `model.py` for what it becomes, and `office.py` for what is done with it every day.
Behind the office stands a module for each use case: `judge.py` (tiers), `earning.py` and `pay.py` (incentives), `cover.py`,
`register.py`, `lead.py`, `contest.py`, `contract.py`; and `trail.py`, which writes down what they did.
"""

from prmcore.program.check import lint, lint_versions
from prmcore.program.document.files import from_document, load_program, parse_program, to_document, to_toml
from prmcore.program.document.schema import json_schema
from prmcore.program.earning import (
    Earned,
    bookkeeping,
    circumstances,
    earn,
    earn_over,
    ledger_of,
    levels_by_day,
    move_period,
    paid,
    plans_of,
    policies_of,
    transactions_of,
)  # fmt: skip
from prmcore.program.entitle import entitlement, keep_partners, may_be_reviewed
from prmcore.program.incentives import ExchangePolicy, Incentives, Reading
from prmcore.program.judge import (
    Judged,
    RecordedDecision,
    history,
    judged,
    level_on,
    record,
    replay,
    standings,
    step_in,
)
from prmcore.program.model import Program, ProgramVersions
from prmcore.program.office import Office, Reviewed
from prmcore.program.pay import (
    approve_payout,
    move_payout,
    pay_payout,
    payouts_of,
    propose_payouts,
    raise_dispute,
    reject_dispute,
    return_payout,
    uphold_dispute,
    withdraw_dispute,
    write_off,
)  # fmt: skip
from prmcore.program.rows import PartnerRow, Reject, exchange_rows, partner_rows, quota_rows, source_rows
from prmcore.program.simulate import DeadlineChange, DealChange, Past, Simulation, past_of, simulated
from prmcore.program.today import Area, DueToday, due_today
from prmcore.program.trail import EVENTS, Changed, Event, Trail, events_of
from prmcore.program.what_if import AtReview, Move, NextLevel, at_next_review, distance_of, moves, next_level

__all__ = [
    "EVENTS",
    "Area",
    "AtReview",
    "Changed",
    "DeadlineChange",
    "DealChange",
    "DueToday",
    "Earned",
    "Event",
    "ExchangePolicy",
    "Incentives",
    "Judged",
    "Move",
    "NextLevel",
    "Office",
    "PartnerRow",
    "Past",
    "Program",
    "ProgramVersions",
    "Reading",
    "RecordedDecision",
    "Reject",
    "Reviewed",
    "Simulation",
    "Trail",
    "approve_payout",
    "at_next_review",
    "bookkeeping",
    "circumstances",
    "distance_of",
    "due_today",
    "earn",
    "earn_over",
    "entitlement",
    "events_of",
    "exchange_rows",
    "from_document",
    "history",
    "json_schema",
    "judged",
    "keep_partners",
    "ledger_of",
    "level_on",
    "levels_by_day",
    "lint",
    "lint_versions",
    "load_program",
    "may_be_reviewed",
    "move_payout",
    "move_period",
    "moves",
    "next_level",
    "paid",
    "parse_program",
    "partner_rows",
    "past_of",
    "pay_payout",
    "payouts_of",
    "plans_of",
    "policies_of",
    "propose_payouts",
    "quota_rows",
    "raise_dispute",
    "record",
    "reject_dispute",
    "replay",
    "return_payout",
    "simulated",
    "source_rows",
    "standings",
    "step_in",
    "to_document",
    "to_toml",
    "transactions_of",
    "uphold_dispute",
    "withdraw_dispute",
    "write_off",
]
