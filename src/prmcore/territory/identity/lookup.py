"""Lookup: the accounts of a list that may be the same company as a given one, without comparing it with all of them.

Two accounts that are the same, or may be, share a register number, a name by spelling or by its words, a reading, a domain or a
phone; these are dictionaries, and nothing of them is missed. Names that are slips apart share a half, the first or the
second: most of them are found (`tests/cases/identity` and the benchmark say how many).
"""

from __future__ import annotations

import datetime
import gc
import importlib.util
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from operator import itemgetter

import attrs

from prmcore.decisions import Decision
from prmcore.errors import Fault, InvalidInput, repeated
from prmcore.territory.identity.evidence import Evidence, EvidenceKind, Profile, lines
from prmcore.territory.identity.likeness import MOST_SLIPS, Shape, counting
from prmcore.territory.identity.model import Account, Sameness
from prmcore.territory.identity.policy import Crowd, IdentityPolicy, Pair
from prmcore.values import checked_date

__all__ = ["IdentityIndex", "Match", "missing_libraries"]

MOST_NAMED = (
    50  # accounts of one name; of more, only those at the same block are compared, and the first ones
)
MOST_HALF = 100  # names that share a half; a half of more is a common word, and finds nothing
MOST_LONGER = 2  # letters by which names that are slips apart differ in length
SHORTEST = 5  # letters of a name in which a slip is looked for

_BETTER_WITH = ("phonenumbers", "publicsuffixlist", "rapidfuzz")


def missing_libraries() -> tuple[str, ...]:
    """The libraries of the extra `identity` that are not installed, by which less is found or it takes longer.

    Without `phonenumbers` a number is not the same with and without its country; without `publicsuffixlist` where a
    registered domain begins is taken from a short list; without `rapidfuzz` the same is found, more slowly.
    """
    return tuple(name for name in _BETTER_WITH if importlib.util.find_spec(name) is None)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Many records that live on are made here; to search them for garbage over and over doubles the time."""
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
        policy = self.policy
        self.profiles = [policy.profile(one, self.as_of) for one in self.accounts]
        self._places: dict[str, dict[Hashable, list[int]]] = {
            kind: {} for kind in (KEY, NAME, READING, DOMAIN, PHONE)
        }
        self._halves: dict[str, list[tuple[str, int]]] = {}
        for place, one in enumerate(self.profiles):
            self._add(place, one)
        self.crowds: dict[str, int] = {
            str(name): len(places)
            for kind in (DOMAIN, PHONE)
            for name, places in self._places[kind].items()
            if len(places) > policy.most_sharing
        }

    def __len__(self) -> int:
        return len(self.accounts)

    def _add(self, place: int, profile: Profile) -> None:
        for kind, mark in marks_of(profile):
            self._places[kind].setdefault(mark, []).append(place)
        for name in profile.names:
            text = name.shape.text
            if len(text) >= SHORTEST:
                for half in _halves(text, len(text)):
                    self._halves.setdefault(half, []).append((text, place))

    @cached_property
    def _sounds(self) -> Mapping[str, Sequence[int]]:
        """The accounts with a reading in kana, by how Latin letters would spell it."""
        return _by(self.profiles, lambda one: one.sounds)

    @cached_property
    def _latin(self) -> Mapping[str, Sequence[int]]:
        """The accounts with a name in Latin letters, by its sound."""
        return _by(self.profiles, lambda one: one.latin)

    def find(self, account: Account | str, most: int = 10) -> tuple[Match, ...]:
        """The accounts that are the same company, or may be: the same first, then by points, then as they stand in the list.

        A name alone stands for an account of which nothing else is known. The account itself, if it is in the list, is
        found as well.
        """
        asked = Account(id="asked", name=account) if isinstance(account, str) else account
        profile = self.policy.profile(asked, self.as_of)
        found = []
        for place in self.near(profile):
            evidence = self.evidence(profile, self.profiles[place])
            if account == self.accounts[place]:
                evidence = (Evidence(EvidenceKind.SAME_ACCOUNT, asked.id, asked.id), *evidence)
            outcome = self.policy.outcome(evidence)
            if outcome is not Sameness.DISTINCT:
                points = sum(self.policy.points(evidence))
                found.append((outcome is not Sameness.SAME, -points, place, evidence))
        best = sorted(found, key=itemgetter(0, 1, 2))[: max(most, 0)]
        return tuple(self._match(asked, profile, place, evidence, -less) for _, less, place, evidence in best)

    def _match(
        self, asked: Account, profile: Profile, place: int, evidence: tuple[Evidence, ...], points: int
    ) -> Match:
        account = self.accounts[place]
        pair = Pair(asked, account, self._crowds_of(profile, self.profiles[place]))
        return Match(account, self.policy.decided(pair, evidence, self.as_of), points)

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
        found = set(self.sharing(profile))
        for name in profile.names:
            found.update(self.slips_apart(name.shape))
        return found

    def sharing(self, profile: Profile) -> Iterator[int]:
        """The places of the accounts that share a number, a name, a reading, a domain or a phone; some more than once."""
        for kind, mark in marks_of(profile):
            if kind in (DOMAIN, PHONE) and mark in self.crowds:
                continue
            places = self._places[kind].get(mark, ())
            if len(places) > MOST_NAMED and kind in (NAME, READING):
                yield from self._of_many(places, profile)
            else:
                yield from places
        yield from self._of_sound(profile)

    def _of_many(self, places: Sequence[int], profile: Profile) -> Iterator[int]:
        """Of many that have one name: those at the same block, and the first."""
        yield from places[:MOST_NAMED]
        blocks = blocks_of(profile)
        if blocks:
            yield from (place for place in places[MOST_NAMED:] if blocks & blocks_of(self.profiles[place]))

    def _of_sound(self, profile: Profile) -> Iterator[int]:
        """Kana by Latin letters, and Latin letters by kana."""
        if profile.has_kana and self._latin:
            for sound in profile.sounds:
                yield from self._latin.get(sound, ())[:MOST_NAMED]
        if profile.has_latin and self._sounds:
            for sound in profile.latin:
                yield from self._sounds.get(sound, ())[:MOST_NAMED]

    def slips_apart(self, shape: Shape, least: int = -MOST_LONGER) -> Iterator[int]:
        """The places of the accounts with a name that is a few slips from this one, as far as they share a half.

        `least` is by how many letters these names are longer.
        """
        text, slips = shape.text, counting()
        size = len(text)
        if size < SHORTEST:
            return
        for length in range(max(size + least, SHORTEST), size + MOST_LONGER + 1):
            for half in _halves(text, length):
                near = self._halves.get(half, ())
                if len(near) <= MOST_HALF:
                    for other, place in near:
                        if other != text and slips(text, other) <= MOST_SLIPS:
                            yield place


def _halves(text: str, length: int) -> tuple[str, str]:
    """What a name of that length is found by if only its first, or only its second half has slips; never its first letter."""
    middle = length // 2
    return f"{length}<{text[:middle]}", f"{text[0]}{length}>{text[middle - length :]}"


KEY, NAME, READING, DOMAIN, PHONE = "key", "name", "reading", "domain", "phone"


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


def _by(profiles: Sequence[Profile], names: Callable[[Profile], Iterable[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, one in enumerate(profiles):
        for name in names(one):
            found.setdefault(name, []).append(place)
    return found


def blocks_of(profile: Profile) -> frozenset[tuple[str, ...]]:
    """The first numbers of its addresses: what two writings of one address always share."""
    return frozenset(parts.numbers[:3] for _, parts in profile.places if parts.numbers)
