"""Lookup: the accounts of a list that may be the same company as a given one, without comparing it with all of them.

Two accounts that are the same, or may be, share a register number, a name by spelling or by its words, a reading, a domain or a
phone; these are dictionaries, and nothing of them is missed. Names that are slips apart share all words but one or two, and the
`Vocabulary` of the list knows what these were meant to be.
"""

from __future__ import annotations

import datetime
import gc
import importlib.util
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import combinations
from typing import Any

import attrs

from prmcore.decisions import Decision
from prmcore.errors import Fault, InvalidInput, repeated
from prmcore.territory.identity.evidence import Evidence, EvidenceKind, Profile, lines
from prmcore.territory.identity.evidence import profile as profile_of
from prmcore.territory.identity.model import Account, Crowd, Pair, Sameness
from prmcore.territory.identity.policy import IdentityPolicy, mask_of
from prmcore.territory.identity.romaji import endings, latin_skeleton
from prmcore.territory.identity.vocabulary import Vocabulary
from prmcore.values import checked_date

__all__ = ["IdentityIndex", "Match", "missing_libraries"]

MOST_NAMED = (
    50  # accounts of one name; of more, only those at the same block are compared, and the first ones by id
)

_BETTER_WITH = ("phonenumbers", "publicsuffixlist", "rapidfuzz")


def missing_libraries() -> tuple[str, ...]:
    """The libraries of the extra `identity` that are not installed, by which less is found or it takes longer.

    Without `phonenumbers` a number is not the same with and without its country; without `publicsuffixlist` where a
    registered domain begins is taken from a short list; without `rapidfuzz` the same is found, more slowly.
    """
    return tuple(name for name in _BETTER_WITH if importlib.util.find_spec(name) is None)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Without the garbage collector, for all threads: many records are made here, and all of them live on.

    Measured with 100,000 names, the index takes 1.4 to 1.7 times as long when they are searched for garbage over and over.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@attrs.frozen
class Match:
    """An account of the list that is the same company, or may be."""

    account: Account
    decision: Decision[Sameness]
    points: int

    @property
    def sameness(self) -> Sameness:
        return self.decision.outcome


class IdentityIndex:
    """The accounts of a list, ready to be searched by names, numbers, domains and phones, as they are on a day."""

    def __init__(self, accounts: Iterable[Account], policy: IdentityPolicy, as_of: datetime.date) -> None:
        self.accounts = tuple(accounts)
        self.policy = policy
        self.as_of = checked_date(as_of, "as_of")
        if found := repeated(one.id for one in self.accounts):
            faults = [
                Fault(f"found {id!r} more than once; accepted: each id once", "accounts") for id in found
            ]
            raise InvalidInput("the accounts cannot be searched", faults)
        with collector_at_rest():
            self._build()

    def _build(self) -> None:
        self.profiles = [self._profile(one) for one in self.accounts]
        self.vocabulary = Vocabulary(name.shape for one in self.profiles for name in one.names)
        self._places: dict[str, dict[Hashable, list[int]]] = {kind: {} for kind in KINDS}
        for place, profile in enumerate(self.profiles):
            for kind, mark in marks_of(profile):
                self._places[kind].setdefault(mark, []).append(place)
        for kind in (NAME, READING):
            self._sort_many(self._places[kind])
        self.crowds: dict[str, int] = {
            str(mark): len(places)
            for kind in (DOMAIN, PHONE)
            for mark, places in self._places[kind].items()
            if len(places) > self.policy.most_sharing
        }

    def _profile(self, account: Account) -> Profile:
        return profile_of(account, self.as_of, self.policy.shared_hosts)

    def _sort_many(self, places: Mapping[Any, list[int]]) -> None:
        """Those of which only the first are compared, in an order that is not that of the list."""
        for several in places.values():
            if len(several) > MOST_NAMED:
                several.sort(key=lambda place: self.accounts[place].id)

    def __len__(self) -> int:
        return len(self.accounts)

    @cached_property
    def _sounds(self) -> Mapping[str, Sequence[int]]:
        """The accounts with a reading in kana, by how Latin letters would spell it."""
        return self._by((place, one.sounds) for place, one in enumerate(self.profiles) if one.has_kana)

    @cached_property
    def _endings(self) -> frozenset[str]:
        return endings(self._sounds)

    @cached_property
    def _latin(self) -> Mapping[str, Sequence[int]]:
        """The accounts with a name in Latin letters, by its sound."""
        return self._by((place, one.latin) for place, one in enumerate(self.profiles) if one.has_latin)

    def _by(self, several: Iterable[tuple[int, Iterable[str]]]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, sounds in several:
            for sound in sounds:
                found.setdefault(sound, []).append(place)
        self._sort_many(found)
        return found

    # one account among them

    def find(self, account: Account | str, most: int = 10) -> tuple[Match, ...]:
        """The accounts that are the same company, or may be: the same first, then by points, then as they stand in the list.

        A name alone stands for an account of which nothing else is known. The account itself, if it is in the list, is
        found as well.
        """
        asked = Account(id="asked", name=account) if isinstance(account, str) else account
        profile = self._profile(asked)
        found = []
        for place in self.near(profile):
            evidence = self.evidence(profile, self.profiles[place])
            if account == self.accounts[place]:
                evidence = (Evidence(EvidenceKind.SAME_ACCOUNT, asked.id, asked.id), *evidence)
            outcome, points = self.policy.weighed(evidence)
            if outcome is not Sameness.DISTINCT:
                found.append((outcome is not Sameness.SAME, -points, place, outcome, mask_of(evidence)))
        found.sort()
        matches = []
        for _, less, place, outcome, mask in found[: max(most, 0)]:
            pair = Pair(asked, self.accounts[place], self._crowds_of(profile, self.profiles[place]))
            decision = Decision(outcome, self.policy, self.as_of, pair, mask)
            matches.append(Match(self.accounts[place], decision, -less))
        return tuple(matches)

    def evidence(self, first: Profile, second: Profile) -> tuple[Evidence, ...]:
        """The lines, with what too many accounts of this list have."""
        return lines(first, second, self.crowds)

    def _crowds_of(self, first: Profile, second: Profile) -> tuple[Crowd, ...]:
        if not self.crowds:
            return ()
        common = (first.domains.keys() & second.domains.keys()) | (first.phones.keys() & second.phones.keys())
        return tuple(Crowd(one, self.crowds[one]) for one in sorted(common) if one in self.crowds)

    def near(self, profile: Profile) -> set[int]:
        """The places of the accounts worth comparing."""
        found: set[int] = set()
        for kind, mark in marks_of(profile):
            if kind not in CROWDED or mark not in self.crowds:
                found.update(self._at(kind, mark, profile))
        found.update(self._slips_apart(profile))
        if profile.has_kana:
            found.update(*[self._latin.get(sound, ())[:MOST_NAMED] for sound in profile.sounds])
        if profile.has_latin:
            found.update(self._spelt(profile))
        return found

    def _at(self, kind: str, mark: Hashable, profile: Profile) -> Iterable[int]:
        """The places of a mark; where many have a name or a reading, the first ones and those at the same block."""
        places = self._places[kind].get(mark)
        if places is None:
            return ()
        if len(places) <= MOST_NAMED or kind not in NAMING:
            return places
        blocks = blocks_of(profile)
        return [
            *places[:MOST_NAMED],
            *(one for one in places[MOST_NAMED:] if blocks and blocks & blocks_of(self.profiles[one])),
        ]

    def _spelt(self, profile: Profile) -> Iterator[int]:
        """The places of accounts in kana that names of this one spell in Latin letters."""
        for name in profile.names:
            key = name.parts.key
            if key[-1:] in self._endings and key.isascii() and not key.isdigit():
                yield from self._sounds.get(latin_skeleton(key), ())[:MOST_NAMED]

    def _slips_apart(self, profile: Profile) -> set[int]:
        """The places of names that have a slip in one word; only where there are none, of those that have slips in two."""
        found: set[int] = set()
        named = self._places[NAME]
        for name in profile.names:
            for texts in self.vocabulary.spellings(name.shape):
                if known := [text for text in texts if text in named]:
                    found.update(*[self._at(NAME, text, profile) for text in known])
                    break
        return found

    # all of them among one another

    def pairs(self) -> set[tuple[int, int]]:
        """The places of every two accounts that are worth comparing, the smaller place first."""
        return {(a, b) if a < b else (b, a) for a, b in self._pairs() if a != b}

    def _pairs(self) -> Iterator[tuple[int, int]]:
        for kind, marks in self._places.items():
            for mark, places in marks.items():
                if len(places) > 1 and (kind not in CROWDED or mark not in self.crowds):
                    yield from self._among(kind, places)
        for place, profile in enumerate(self.profiles):
            yield from [(place, other) for other in self._slips_apart(profile)]
            yield from [(place, other) for other in self._spelt(profile)]

    def _among(self, kind: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
        if len(places) <= MOST_NAMED or kind not in NAMING:
            yield from combinations(places, 2)
            return
        yield from combinations(places[:MOST_NAMED], 2)
        by_block: dict[Hashable, list[int]] = {}
        for place in places:
            for block in blocks_of(self.profiles[place]):
                by_block.setdefault(block, []).append(place)
        for several in by_block.values():
            yield from combinations(several, 2)


KEY, NAME, READING, DOMAIN, PHONE = KINDS = ("key", "name", "reading", "domain", "phone")
NAMING, CROWDED = (NAME, READING), (DOMAIN, PHONE)


def marks_of(profile: Profile) -> Iterator[tuple[str, Hashable]]:
    """What an account is found by."""
    for key in profile.keys:
        yield KEY, key
    for name in profile.names:
        yield NAME, name.shape.key
        if name.shape.text != name.shape.key:
            yield NAME, name.shape.text
    if profile.has_kana:
        for reading in profile.readings:
            yield READING, reading
    for domain in profile.domains:
        yield DOMAIN, domain
    for phone in profile.phones:
        yield PHONE, phone


def blocks_of(profile: Profile) -> frozenset[tuple[str, ...]]:
    """The first numbers of its addresses: what two writings of one address always share."""
    return frozenset(parts.numbers[:3] for _, parts in profile.places if parts.numbers)
