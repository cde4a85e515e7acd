"""The policy of identity: from two accounts and a day to whether they are one company, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from prmcore.decisions import Decision, Reason, Rule, RuleReason, Truth
from prmcore.decisions.explain import Said
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.territory.identity.evidence import (
    ABOUT_NAMES,
    AGAINST,
    Evidence,
    EvidenceKind,
    Profile,
    lines,
    profile,
)
from prmcore.territory.identity.model import Account, Pair, Sameness
from prmcore.territory.identity.said import said_of_sameness
from prmcore.values import checked_date

__all__ = ["DEFAULT_WEIGHTS", "IdentityPolicy", "Weight"]

MOST_POINTS = 1000


@attrs.frozen
class Weight:
    """How many points a line of evidence counts, for or against."""

    kind: EvidenceKind
    points: int


DEFAULT_WEIGHTS: Mapping[EvidenceKind, int] = {
    EvidenceKind.SAME_NAME: 50, EvidenceKind.FORMER_NAME: 45, EvidenceKind.SIMILAR_NAME: 45, EvidenceKind.SAME_READING: 35,
    EvidenceKind.SAME_SOUND: 35, EvidenceKind.SAME_INITIALS: 15, EvidenceKind.FAMILY: 10, EvidenceKind.SAME_DOMAIN: 45,
    EvidenceKind.SAME_PHONE: 40, EvidenceKind.SAME_PLACE: 40, EvidenceKind.OTHER_PLACE: 5, EvidenceKind.OTHER_COUNTRY: 10,
    EvidenceKind.OTHER_READING: 5, EvidenceKind.OTHER_FORM: 50, EvidenceKind.OTHER_NUMBER: 50,
    EvidenceKind.CROWDED_DOMAIN: 0, EvidenceKind.CROWDED_PHONE: 0, EvidenceKind.OTHER_OFFICE: 0, EvidenceKind.OTHER_LOCATION: 0,
}  # fmt: skip
NO_SHARED: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class IdentityPolicy:
    """Decides whether two accounts are one company.

    A strong key decides: the same one makes them the same, another one of the same register makes them distinct; with
    both, one number is wrong, and a person has to look. D-U-N-S numbers are of locations: different ones do not make two
    companies, but whatever else agrees, a person has to look. Otherwise the points of all lines are summed up. The same is only
    what has a like name, now or formerly, besides: a domain and an address are shared by a group. A place says little of its own
    (a tower holds many companies), and counts where there is a line about the names.

    The weights are such that a name alone, a reading alone, a domain alone or a phone alone ask a person to look; that the
    same name decides together with the same domain, place or phone, and a similar or former one only together with the same
    domain, or with two of the three; and that two names alike but for a legal form that cannot be the same one's, or a number,
    need two of these to be looked at, and are never the same by them alone.
    """

    name: str = "identity/standard"
    same_from: int = 90  # points
    possible_from: int = 35
    weights: tuple[Weight, ...] = ()  # what differs from `DEFAULT_WEIGHTS`
    shared_hosts: frozenset[str] = (
        NO_SHARED  # further hosts that everybody can use, such as a mail provider's
    )
    most_sharing: int = 5  # accounts of a list that share a domain or a phone; more are a crowd

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r} cannot be used")
        if not 0 < self.possible_from < self.same_from <= MOST_POINTS:
            faults.add(
                f"found {self.possible_from} and {self.same_from}; accepted: 0 < possible_from < same_from <= {MOST_POINTS}", "same_from"
            )  # fmt: skip
        for place, weight in enumerate(self.weights):
            if weight.kind not in DEFAULT_WEIGHTS:
                faults.add(
                    f"found {weight.kind.value!r}; a strong key has no points, it decides",
                    f"weights[{place}].kind",
                )
            if not 0 <= weight.points <= MOST_POINTS:
                faults.add(f"found {weight.points}; accepted: 0 to {MOST_POINTS}", f"weights[{place}].points")
        for kind in repeated(weight.kind.value for weight in self.weights):
            faults.add(f"found {kind!r} more than once; accepted: one weight for each kind", "weights")
        if self.most_sharing < 2:
            faults.add(f"found {self.most_sharing}; accepted: 2 or more", "most_sharing")
        faults.raise_if_any()

    def decide(self, facts: Pair, as_of: datetime.date) -> Decision[Sameness]:
        """Whether the two accounts are one company on that day; the mask is the set of lines, by their kind.

        >>> first = Account(id="1", name="株式会社サカタのタネ", domains=("sakataseed.co.jp",))
        >>> second = Account(id="2", name="ｻｶﾀﾉﾀﾈ(株)", domains=("info@sakataseed.co.jp",))
        >>> IdentityPolicy().decide(Pair(first, second), datetime.date(2026, 3, 31)).outcome
        <Sameness.SAME: 'same'>
        """
        if not isinstance(facts, Pair):
            raise InvalidInput(f"found {type(facts).__name__}; accepted: a Pair of accounts")
        return self.decided(facts, self.evidence(facts, as_of), as_of)

    def decided(self, facts: Pair, evidence: Iterable[Evidence], as_of: datetime.date) -> Decision[Sameness]:
        """The decision that lines of evidence make, for those who have found them already."""
        found = tuple(evidence)
        return Decision(self.weighed(found)[0], self, as_of, facts, mask_of(found))

    def profile(self, account: Account, as_of: datetime.date) -> Profile:
        """What of the account this policy compares on that day."""
        return profile(account, checked_date(as_of, "as_of"), self.shared_hosts)

    def evidence(self, pair: Pair, as_of: datetime.date) -> tuple[Evidence, ...]:
        """Every line, for and against."""
        first, second = (self.profile(one, as_of) for one in (pair.first, pair.second))
        found = lines(first, second, {one.of: one.count for one in pair.crowds})
        if pair.first != pair.second:
            return found
        return (Evidence(EvidenceKind.SAME_ACCOUNT, pair.first.id, pair.second.id), *found)

    def weighed(self, evidence: Iterable[Evidence]) -> tuple[Sameness, int]:
        """What comes of these lines together, and the sum of their points."""
        listed = tuple(evidence)
        total = sum(self.points(listed))
        return self._outcome(listed, total), total

    def points(self, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """What each line adds to the sum; a strong key adds nothing, it decides.

        Of the lines about names the best counts: that a name is like another and its reading the same is one observation.
        """
        kinds = [one.kind for one in evidence]
        best = max([one for one in kinds if one in _ABOUT_NAMES_AT_ALL], key=self.weight, default=None)
        return tuple([self._points(one, best) for one in kinds])

    def _points(self, kind: EvidenceKind, best: EvidenceKind | None) -> int:
        if kind in _ABOUT_NAMES_AT_ALL and kind is not best:
            return 0
        if kind is EvidenceKind.SAME_PLACE and best not in _NAMING:
            return 0
        return -self.weight(kind) if kind in AGAINST else self.weight(kind)

    def weight(self, kind: EvidenceKind) -> int:
        """The points of a line of this kind."""
        for weight in self.weights:
            if weight.kind is kind:
                return weight.points
        return DEFAULT_WEIGHTS.get(kind, 0)

    def _outcome(self, evidence: Sequence[Evidence], total: int) -> Sameness:
        kinds = {one.kind for one in evidence}
        if EvidenceKind.OTHER_KEY in kinds:
            return Sameness.POSSIBLE if EvidenceKind.SAME_KEY in kinds else Sameness.DISTINCT
        if kinds & _DECIDING:
            return Sameness.POSSIBLE if EvidenceKind.OTHER_LOCATION in kinds else Sameness.SAME
        if total >= self.same_from and kinds & ABOUT_NAMES and not kinds & _NEVER_SAME:
            return Sameness.SAME
        return Sameness.POSSIBLE if total >= self.possible_from else Sameness.DISTINCT

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """The lines of evidence: met what speaks for one company, unmet what speaks against it."""
        found = self.evidence(decision.facts, decision.as_of)
        return tuple(
            Reason(
                Rule(one.kind.value.replace(" ", "-"), _as_found),
                Truth.of(not one.is_against),
                f"{one.first} / {one.second}",
            )
            for one in found
        )

    def said(self, decision: Decision[Any]) -> Said:
        found = self.evidence(decision.facts, decision.as_of)
        counted = tuple(zip(found, self.points(found), strict=True))
        return said_of_sameness(decision, counted, self.same_from, self.possible_from)


def mask_of(evidence: Iterable[Evidence]) -> int:
    """The set of lines, by their kind: the mask of a decision."""
    mask = 0
    for one in evidence:
        mask |= _BITS[one.kind]
    return mask


_BITS = {kind: 1 << place for place, kind in enumerate(EvidenceKind)}
_NAMING = ABOUT_NAMES | {EvidenceKind.SAME_READING, EvidenceKind.SAME_SOUND}
_ABOUT_NAMES_AT_ALL = _NAMING | {EvidenceKind.SAME_INITIALS, EvidenceKind.FAMILY}
_DECIDING = frozenset((EvidenceKind.SAME_ACCOUNT, EvidenceKind.SAME_KEY))
_NEVER_SAME = frozenset((EvidenceKind.OTHER_NUMBER, EvidenceKind.OTHER_FORM, EvidenceKind.OTHER_LOCATION))


def _as_found(facts: Any, as_of: datetime.date) -> RuleReason:
    raise InvalidInput("a line of evidence is found by comparing two accounts; ask the policy for it")
