"""Agreements: what was agreed, where it is written, and which of several papers holds.

`clauses.py` is what can be said, `model.py` the papers that say it, `precedence.py` what holds on a day as it was known at
an instant. `templates.py` begins a draft, `tables.py` takes in those of another system, `lint.py` says what looks wrong. Read `model.py` first.
"""

from prmcore.contracts.agreements.clauses import (
    AssignmentClause,
    AuditClause,
    CauseClause,
    ChangeOfControlClause,
    Clause,
    ConfidentialityClause,
    ConvenienceClause,
    Discount,
    ExclusivityClause,
    LawClause,
    LiabilityClause,
    MinimumClause,
    NonCompeteClause,
    NoticeStage,
    OtherClause,
    OwnershipClause,
    PaymentClause,
    PrecedenceClause,
    PricesClause,
    ProductsClause,
    Renews,
    Reprices,
    Runs,
    Shortfall,
    Struck,
    SurvivalClause,
    SuspensionClause,
    TerritoryClause,
    TieBreak,
    ToEndOf,
    Yearly,
)
from prmcore.contracts.agreements.lint import lint_agreement, severity_of
from prmcore.contracts.agreements.model import (
    Agreement,
    AgreementKind,
    AlreadySigned,
    Document,
    Party,
    Provision,
    amended,
    redrafted,
)
from prmcore.contracts.agreements.points import AgreementTerms, Lost, Point, PointOutcome, WhyLost
from prmcore.contracts.agreements.precedence import Paper, Precedence, resolved
from prmcore.contracts.agreements.tables import AmbiguousImport, agreements_from_rows, imported_date
from prmcore.contracts.agreements.templates import Template, from_template, shipped_templates

__all__ = [
    "Agreement", "AgreementKind", "AgreementTerms", "AlreadySigned", "AmbiguousImport", "AssignmentClause", "AuditClause", "CauseClause",
    "ChangeOfControlClause", "Clause", "ConfidentialityClause", "ConvenienceClause", "Discount", "Document",
    "ExclusivityClause", "LawClause", "LiabilityClause", "Lost", "MinimumClause", "NonCompeteClause", "NoticeStage",
    "OtherClause", "OwnershipClause", "Paper", "Party", "PaymentClause", "Point", "PointOutcome", "Precedence",
    "PrecedenceClause", "PricesClause", "ProductsClause", "Provision", "Renews", "Reprices", "Runs", "Shortfall", "Struck",
    "SurvivalClause", "SuspensionClause", "Template", "TerritoryClause", "TieBreak", "ToEndOf", "WhyLost", "Yearly", "agreements_from_rows", "amended", "from_template",
    "imported_date", "lint_agreement", "redrafted", "resolved", "severity_of", "shipped_templates",
]  # fmt: skip
