"""A partner program as one versioned document, and the use cases around it: gather facts, decide, record.

Read `document/` for what a file may hold, `model.py` for what it becomes, `judge.py` for the main use case.
"""

from prmcore.program.check import lint, lint_versions
from prmcore.program.document.files import from_document, load_program, parse_program, to_document, to_toml
from prmcore.program.document.schema import json_schema
from prmcore.program.entitle import entitlement, keep_partners, may_be_reviewed
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
from prmcore.program.rows import PartnerRow, Reject, partner_rows, source_rows
from prmcore.program.what_if import AtReview, Move, NextLevel, at_next_review, distance_of, moves, next_level

__all__ = [
    "AtReview",
    "Judged",
    "Move",
    "NextLevel",
    "PartnerRow",
    "Program",
    "ProgramVersions",
    "RecordedDecision",
    "Reject",
    "at_next_review",
    "distance_of",
    "entitlement",
    "from_document",
    "history",
    "json_schema",
    "judged",
    "keep_partners",
    "level_on",
    "lint",
    "lint_versions",
    "load_program",
    "may_be_reviewed",
    "moves",
    "next_level",
    "parse_program",
    "partner_rows",
    "record",
    "replay",
    "source_rows",
    "standings",
    "step_in",
    "to_document",
    "to_toml",
]
