"""Deal registration: whether a partner's claim to a deal is accepted, how long it is protected, and who waits behind it.

The clauses are a `RegistrationPolicy`; what a partner registers is a `Deal`; what other capabilities know of the customer
and the partner comes as `Circumstances`. Read `model.py` first, then `policy.py` and `actions.py`.
"""

from prmcore.deals.registrations.actions import (
    RegistrationMoved,
    approved,
    approved_by_policy,
    converted,
    discounted,
    drafted,
    moved,
    queued,
    reconsidered,
    resubmitted,
    review_deadline,
    revised,
    shared,
    submitted,
)
from prmcore.deals.registrations.due import RUNNING, Due, DueKind, due, next_action_at
from prmcore.deals.registrations.facts import (
    ApprovalFacts,
    Approving,
    Circumstances,
    MoveFacts,
    RegistrationFacts,
    registration_facts,
)
from prmcore.deals.registrations.model import (
    HOLDING,
    REGISTRATION_MOVES,
    WAITING,
    Conflict,
    Deal,
    Place,
    Protection,
    RegisteredAccount,
    RegisteredScope,
    Registration,
    RegistrationAction,
    RegistrationState,
    RegistrationStep,
    Revision,
    Scope,
    Term,
    scopes_overlap,
)
from prmcore.deals.registrations.policy import (
    Capacity,
    Eligibility,
    ExtendedFrom,
    Extension,
    Missed,
    ProtectedFrom,
    ProtectionWindow,
    RegistrationPolicy,
    Resubmission,
    Review,
    ScopedBy,
    Tenders,
    TierTerm,
)

__all__ = [
    "ApprovalFacts", "Approving", "Capacity", "Circumstances", "Conflict", "Deal", "Due", "DueKind", "Eligibility",
    "ExtendedFrom", "Extension", "HOLDING", "Missed", "MoveFacts", "Place", "ProtectedFrom", "Protection",
    "ProtectionWindow", "REGISTRATION_MOVES", "RUNNING", "RegisteredAccount", "RegisteredScope", "Registration",
    "RegistrationAction", "RegistrationFacts", "RegistrationMoved", "RegistrationPolicy", "RegistrationState",
    "RegistrationStep", "Resubmission", "Review", "Revision", "Scope", "ScopedBy", "Tenders", "Term", "TierTerm", "WAITING",
    "approved", "approved_by_policy", "converted", "discounted", "drafted", "due", "moved", "next_action_at", "queued",
    "reconsidered", "registration_facts", "resubmitted", "review_deadline", "revised", "scopes_overlap", "shared",
    "submitted",
]  # fmt: skip
