"""The words of a list of names, and which of them are a slip of the pen apart.

Names that are slips apart have all words in common but one or two. So slips are looked for among the words of a list, of which
there are far fewer than of its names, and each word is looked for once; a name with a word changed is then found as it is spelt.

A word with one slip has its first or its second half whole, and is found by it, or has the two letters in its middle changed over,
and is found as it stands. Of long words with two slips those are not found that have one in each half.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice, product

from prmcore.territory.identity.likeness import (
    Shape,
    counting,
    is_katakana,
    respelt,
    slips_allowed,
    slips_between,
)

__all__ = ["Vocabulary"]

MOST_HALF = 200  # words that share a half; a half of more is a common beginning or ending, and finds nothing
MOST_RESPELT = 500  # ways to spell one name that are tried


class Vocabulary:
    """The words that the names of a list consist of."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        # every word with those that are near it; None = not looked for yet
        self._near: dict[str, tuple[str, ...] | None] = {
            word: None for shape in shapes for _, word in _words_of(shape)
        }
        slipping = [word for word in self._near if slips_allowed(word)]
        self._by_first_half = _few((word[: len(word) // 2], word) for word in slipping)
        self._by_second_half = _few((_initial(word) + word[len(word) // 2 :], word) for word in slipping)
        self._undrawn = _few((word.replace("ー", ""), word) for word in self._near if is_katakana(word))

    def spellings(self, shape: Shape) -> Iterator[Iterator[str]]:
        """The texts that this name would have with a word changed for one of the list that is near it; then, with two.

        Words that the list does not have are changed in any case. In a name of kana and kanji one word is changed at most.
        """
        words = _words_of(shape)
        strange = [place for place, word in words if word not in self._near]
        if len(strange) > 2:
            return
        near = {place: self.near(shape.words[place]) for place in strange}
        if not all(near.values()):
            return
        if (
            len(strange) == 1
        ):  # as in most names that are asked for: the other words may not have to be looked for
            yield islice(_with_one(shape, near), MOST_RESPELT)
        near |= {place: found for place, word in words if place not in near and (found := self.near(word))}
        if near and not strange:
            yield islice(_with_one(shape, near), MOST_RESPELT)
        if len(near) > 1 and not shape.is_japanese:
            yield islice(_with_two(shape, near, len(strange)), MOST_RESPELT)

    def near(self, word: str) -> tuple[str, ...]:
        """The words of the list that are a slip apart from this one, or two if both are long."""
        found = self._near.get(word)
        if found is None:
            found = tuple(sorted(self._looked_for(word) - {word}))
            if word in self._near:
                self._near[word] = found
        return found

    def _looked_for(self, word: str) -> set[str]:
        found: set[str] = set()
        if is_katakana(word):
            found.update(self._undrawn.get(word.replace("ー", ""), ()))
        if allowed := slips_allowed(word):
            slips = counting()
            few_apart = [
                other for other in self._with_a_half_of(word, allowed) if slips(word, other) <= allowed
            ]
            found.update([other for other in few_apart if slips_between(word, other)])
        return found

    def _with_a_half_of(self, word: str, allowed: int) -> set[str]:
        """The words that have a half in common with this one, and are longer or shorter by the slips at most."""
        found: set[str] = set()
        size, initial = len(word), _initial(word)
        for half in range((size - allowed) // 2, (size + allowed) // 2 + 1):
            found.update(self._by_first_half.get(word[:half], ()))
        for half in range((size - allowed + 1) // 2, (size + allowed + 1) // 2 + 1):
            found.update(self._by_second_half.get(initial + word[-half:], ()))
        middle = size // 2
        turned = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        if turned in self._near:
            found.add(turned)
        return found


def _few(words: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Words by what they share, without those that too many share."""
    found: dict[str, list[str]] = {}
    for shared, word in words:
        found.setdefault(shared, []).append(word)
    return {shared: several for shared, several in found.items() if len(several) <= MOST_HALF}


def _initial(word: str) -> str:
    """What tells words of one second half apart: the first letter, where there are no slips. In katakana there may be."""
    return "" if is_katakana(word) else word[0]


def _words_of(shape: Shape) -> list[tuple[int, str]]:
    """The words that may have slips, with their places; in names of kana and kanji only katakana may."""
    words = enumerate(shape.words)
    return [one for one in words if is_katakana(one[1])] if shape.is_japanese else list(words)


def _with_one(shape: Shape, near: Mapping[int, Sequence[str]]) -> Iterator[str]:
    for place, others in near.items():
        for other in others:
            yield respelt(shape, (place, other))


def _with_two(shape: Shape, near: Mapping[int, Sequence[str]], always: int) -> Iterator[str]:
    """`always` is how many of the places, the first ones, are changed in any case."""
    places = tuple(near)
    for pair in combinations(places, 2):
        if pair[:always] == places[:always]:
            for others in product(near[pair[0]], near[pair[1]]):
                yield respelt(shape, *zip(pair, others, strict=True))
