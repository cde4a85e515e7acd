"""Identity: whether two accounts, as lists write them down, are one company.

From names, readings, addresses, domains, phones and register numbers a policy decides same, possible or distinct, with every
line of evidence. An index finds an account in a list; `grouped` makes companies of a list. Read `policy.py` first. Each name is
loaded when it is first used: who only handles the answer, as `claims` does, loads none of the reading of names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prmcore.territory.identity.domains import Domain, read_domain
    from prmcore.territory.identity.evidence import Evidence, EvidenceKind, Strength
    from prmcore.territory.identity.grouping import Grouping, Link, grouped
    from prmcore.territory.identity.keys import KeyKind, StrongKey, strong_key
    from prmcore.territory.identity.lookup import IdentityIndex, Match, missing_libraries
    from prmcore.territory.identity.model import Account, Address, Crowd, NameKind, OtherName, Pair, Sameness
    from prmcore.territory.identity.phones import phone_key
    from prmcore.territory.identity.policy import IdentityPolicy, Weight
    from prmcore.territory.identity.said import said_of_evidence, said_of_sameness

_HOMES = {
    "domains": (
        "Domain",
        "read_domain",
    ),
    "evidence": (
        "Evidence",
        "EvidenceKind",
        "Strength",
    ),
    "grouping": (
        "Grouping",
        "Link",
        "grouped",
    ),
    "keys": (
        "KeyKind",
        "StrongKey",
        "strong_key",
    ),
    "lookup": (
        "IdentityIndex",
        "Match",
        "missing_libraries",
    ),
    "model": (
        "Account",
        "Address",
        "Crowd",
        "NameKind",
        "OtherName",
        "Pair",
        "Sameness",
    ),
    "phones": ("phone_key",),
    "policy": (
        "IdentityPolicy",
        "Weight",
    ),
    "said": (
        "said_of_evidence",
        "said_of_sameness",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

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


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    from prmcore.errors import unknown_name

    raise AttributeError(unknown_name("name in prmcore.territory.identity", name, __all__))


def __dir__() -> list[str]:
    return __all__
