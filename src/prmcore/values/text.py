"""Texts in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from prmcore.errors import Faults, repeated

__all__ = ["Text"]


@attrs.frozen(repr=False)
class Text:
    """The same words in several languages.

    >>> gold = Text.of("Gold", ja="ゴールド", zh="金牌")
    >>> gold.in_locale("ja_JP"), gold.in_locale("zh-Hant-TW"), gold.in_locale("fr")
    ('ゴールド', '金牌', 'Gold')
    """

    by_locale: tuple[tuple[str, str], ...]  # (locale, words), the first is the fallback of last resort

    def __attrs_post_init__(self) -> None:
        faults = Faults("the text cannot be used")
        if not self.by_locale:
            faults.add("holds no language")
        for locale in repeated(locale for locale, _ in self.by_locale):
            faults.add("is given twice", locale)
        for locale, words in self.by_locale:
            if not isinstance(words, str) or not words.strip():
                faults.add(f"found {words!r:.40}; accepted: words", locale)
        faults.raise_if_any()

    @classmethod
    def of(cls, english: str, **others: str) -> Text:
        """English first, other languages by their code: `ja=`, `zh=`, `zh_Hant=`."""
        return cls.from_mapping({"en": english, **others})

    @classmethod
    def from_mapping(cls, words: Mapping[str, str]) -> Text:
        return cls(tuple((locale.replace("-", "_"), text) for locale, text in words.items()))

    def in_locale(self, locale: str) -> str:
        """The words for a locale: of the locale itself, of its language, in English, in the first language given."""
        known = dict(self.by_locale)
        for name in locales_to_try(locale):
            if name in known:
                return known[name]
        return self.by_locale[0][1]

    def __str__(self) -> str:
        return self.in_locale("en")

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"


def locales_to_try(locale: str) -> Iterator[str]:
    """A locale, then ever broader ones, then English: zh_Hant_TW, zh_Hant, zh, en."""
    parts = locale.replace("-", "_").split("_")
    for size in range(len(parts), 0, -1):
        yield "_".join(parts[:size])
    yield "en"
