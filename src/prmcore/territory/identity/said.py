"""Identity in words: every line of evidence, what it counts, and what comes of them, in no language yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prmcore.decisions import Decision, Truth
from prmcore.decisions.explain import Said
from prmcore.territory.identity.domains import public_suffixes
from prmcore.territory.identity.evidence import Evidence, EvidenceKind
from prmcore.territory.identity.model import Pair, Sameness
from prmcore.territory.identity.phones import phone_plans

__all__ = ["said_of_evidence", "said_of_sameness"]

_OUTCOMES = {
    Sameness.SAME: "{first} and {second} are one company ({policy}, {day})",
    Sameness.POSSIBLE: "{first} and {second} may be one company, a person has to look ({policy}, {day})",
    Sameness.DISTINCT: "{first} and {second} are two companies ({policy}, {day})",
}
_LINES = {
    EvidenceKind.SAME_ACCOUNT: "one account, the same in every part: {first}",
    EvidenceKind.SAME_KEY: "the same number in a register: {first}",
    EvidenceKind.OTHER_KEY: "different numbers in one register: {first} and {second}",
    EvidenceKind.SAME_NAME: "the same name: {first} and {second}",
    EvidenceKind.FORMER_NAME: "one name is a former name of the other: {first} and {second}",
    EvidenceKind.SIMILAR_NAME: "similar names: {first} and {second}",
    EvidenceKind.SAME_READING: "the same reading: {first} and {second}",
    EvidenceKind.SAME_SOUND: "the kana of one read as the Latin letters of the other: {first} and {second}",
    EvidenceKind.SAME_INITIALS: "one name is the initials of the other: {first} and {second}",
    EvidenceKind.FAMILY: "one name contains the other, as in a group of companies: {first} and {second}",
    EvidenceKind.OTHER_NUMBER: "the names differ by a number: {first} and {second}",
    EvidenceKind.OTHER_FORM: "legal forms that cannot be of one company: {first} and {second}",
    EvidenceKind.OTHER_READING: "different readings: {first} and {second}",
    EvidenceKind.SAME_DOMAIN: "the same domain: {first} and {second}",
    EvidenceKind.CROWDED_DOMAIN: "the same domain, but {count} accounts of the list have it, so it says nothing: {first} and {second}",
    EvidenceKind.SAME_PHONE: "the same phone number: {first} and {second}",
    EvidenceKind.CROWDED_PHONE: "the same phone number, but {count} accounts of the list have it, so it says nothing: {first} and {second}",
    EvidenceKind.SAME_PLACE: "the same address: {first} and {second}",
    EvidenceKind.OTHER_PLACE: "different addresses: {first} and {second}",
    EvidenceKind.OTHER_COUNTRY: "different countries: {first} and {second}",
    EvidenceKind.OTHER_OFFICE: "an office of the same company: {first} and {second}",
    EvidenceKind.OTHER_LOCATION: "different D-U-N-S numbers, of two locations or two companies: {first} and {second}",
}  # fmt: skip
_TRUTHS: Mapping[Sameness, Truth] = {
    Sameness.SAME: Truth.MET,
    Sameness.POSSIBLE: Truth.UNKNOWN,
    Sameness.DISTINCT: Truth.UNMET,
}


def said_of_sameness(
    decision: Decision[Any], counted: Sequence[tuple[Evidence, int]], same_from: int, possible_from: int
) -> Said:
    """Whether they are one company, the lines with their points, their sum beside what is asked, and which libraries were lacking."""
    pair = decision.facts
    parts = [said_of_evidence(one, points) for one, points in counted]
    if not any(one.kind in _DECIDED_BY for one, _ in counted):
        values = {
            "total": sum(points for _, points in counted), "same": same_from, "possible": possible_from,
        }  # fmt: skip
        message = (
            "{total} points; from {same} on the same if their names are, from {possible} on to be looked at"
        )
        parts.append(Said(message, values))
    if lacking := ", ".join(_lacking(pair)):
        parts.append(Said("compared without {libraries}, so that less is found", {"libraries": lacking}))
    named: dict[str, Any] = {
        "first": pair.first.name, "second": pair.second.name,
        "policy": decision.policy.name, "day": decision.as_of,
    }  # fmt: skip
    return Said(_OUTCOMES[decision.outcome], named, _TRUTHS[decision.outcome], tuple(parts))


def _lacking(pair: Pair) -> Iterator[str]:
    """The libraries that are not there, and would have read what both accounts have."""
    if pair.first.domains and pair.second.domains and public_suffixes() is None:
        yield "publicsuffixlist"
    if pair.first.phones and pair.second.phones and phone_plans() is None:
        yield "phonenumbers"


_DECIDED_BY = (EvidenceKind.SAME_ACCOUNT, EvidenceKind.SAME_KEY, EvidenceKind.OTHER_KEY)


def said_of_evidence(evidence: Evidence, points: int = 0) -> Said:
    """One line, with the points that it counts."""
    values = {"first": evidence.first, "second": evidence.second, "count": evidence.count}
    line = Said(_LINES[evidence.kind], values, Truth.of(not evidence.is_against))
    if not points:
        return line
    return Said("{line}: {points} points", {"line": line, "points": points}, line.truth)
