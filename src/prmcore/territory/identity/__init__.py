"""Identity: whether two accounts, as lists write them down, are one company.

From names, readings, addresses, domains, phones and register numbers a policy decides same, possible or distinct, with every
line of evidence. An index finds an account in a list; `grouped` makes companies of a list. Read `policy.py` first.
"""

from prmcore.territory.identity.domains import Domain, read_domain
from prmcore.territory.identity.evidence import Evidence, EvidenceKind, Strength
from prmcore.territory.identity.grouping import Grouping, Link, grouped
from prmcore.territory.identity.keys import KeyKind, StrongKey, strong_key
from prmcore.territory.identity.lookup import IdentityIndex, Match, missing_libraries
from prmcore.territory.identity.model import Account, Address, NameKind, OtherName, Sameness
from prmcore.territory.identity.phones import phone_key
from prmcore.territory.identity.policy import Crowd, IdentityPolicy, Pair, Weight
from prmcore.territory.identity.said import said_of_evidence, said_of_sameness

__all__ = [
    "Account",
    "Address",
    "Crowd",
    "Domain",
    "Evidence",
    "EvidenceKind",
    "Grouping",
    "IdentityIndex",
    "IdentityPolicy",
    "KeyKind",
    "Link",
    "Match",
    "NameKind",
    "OtherName",
    "Pair",
    "Sameness",
    "Strength",
    "StrongKey",
    "Weight",
    "grouped",
    "missing_libraries",
    "phone_key",
    "read_domain",
    "said_of_evidence",
    "said_of_sameness",
    "strong_key",
]
