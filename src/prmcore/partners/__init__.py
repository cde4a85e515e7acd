"""Partners: the company on the other side, as every other capability sees it, and what its status allows.

It decides what a partner may do on a day, from its status and the programs it is enrolled in. Read `model.py` first.
"""

from prmcore.partners.lifecycle import LIFECYCLE, Step, StepTaken, moved, steps_from
from prmcore.partners.model import (
    Contact,
    ContactRole,
    Enrolment,
    Partner,
    PartnerKind,
    Reference,
    Status,
    hierarchy,
)
from prmcore.partners.policy import ALLOWED, PartnerFacts, Right, Rights
from prmcore.partners.repository import PARTNERS

__all__ = [
    "ALLOWED",
    "LIFECYCLE",
    "PARTNERS",
    "Contact",
    "ContactRole",
    "Enrolment",
    "Partner",
    "PartnerFacts",
    "PartnerKind",
    "Reference",
    "Right",
    "Rights",
    "Status",
    "Step",
    "StepTaken",
    "hierarchy",
    "moved",
    "steps_from",
]
