"""Explanations: a decision in a person's language, derived from what the decision kept.

A policy says what it has to say as `Said`: messages with values, in no language. `explain` puts them into words through
the message catalogs beside this file (gettext, read by Babel), with numbers, money and dates as the locale writes them.
"""

from __future__ import annotations

import datetime
import decimal
import io
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from prmcore.decisions.criteria import AllOf, AnyOf, AtLeastOf, Comparison, Not, Rule, Truth, Word
from prmcore.decisions.decision import Decision
from prmcore.decisions.facts import FactSchema
from prmcore.decisions.reasons import Reason
from prmcore.errors import InvalidInput
from prmcore.values import Money, PercentagePoints, Rate, Text, currency_digits, is_points

if TYPE_CHECKING:
    from babel import Locale
    from babel.support import NullTranslations

__all__ = ["Exact", "Explanation", "Place", "Said", "Words", "explain", "said_of_reason"]

# Python's own 28 digits would round an amount of 30; no number in a sentence has more than Python prints of an int
_EVERY_DIGIT = decimal.Context(prec=5000)
CATALOGS = ("ja", "zh")  # English is the language of the messages themselves


@attrs.frozen
class Said:
    """Something to say, in no language yet: a message of the catalogs, and the values in its braces, a `Said` among them."""

    message: str
    values: Mapping[str, Any] = attrs.field(factory=dict)
    truth: Truth | None = None  # how it came out, where that is a question
    parts: tuple[Said, ...] = ()


@attrs.frozen
class Exact:
    """An amount before it is rounded, to be shown: a calculation has parts of minor units, money has none."""

    unit: str  # a currency, or points
    minor: Fraction


@attrs.frozen
class Place:
    """A region or country by its CLDR or ISO 3166 code, to be called by its name; a subdivision by its code."""

    code: str


@attrs.frozen
class Explanation:
    """Words in one language, and what they rest on."""

    text: str
    truth: Truth | None
    parts: tuple[Explanation, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, depth: int = 0) -> list[str]:
        """Indented text, a line each."""
        mark = "" if self.truth is None else f"{_MARKS[self.truth]} "
        return [
            f"{'  ' * depth}{mark}{self.text}",
            *(line for part in self.parts for line in part.lines(depth + 1)),
        ]


_MARKS = {Truth.MET: "✓", Truth.UNMET: "✗", Truth.UNKNOWN: "?"}


class Explainable(Protocol):
    """A policy that can say why."""

    def said(self, decision: Decision[Any]) -> Said: ...


def explain(decision: Decision[Any], locale: str = "en") -> Explanation:
    """Why the decision came out as it did, in a person's language; `str()` of it is indented text.

    The words are English, Japanese or simplified Chinese; another locale has English words and its own numbers and
    dates. A locale that does not exist is refused.
    """
    policy: Explainable = decision.policy  # type: ignore[assignment]  # says so itself when it has no `said`
    return put_into_words(policy.said(decision), locale)


def put_into_words(said: Said, locale: str) -> Explanation:
    words = Words.of(locale)
    return words.explanation(said)


_COMPARED = {
    Word.AT_LEAST: "{fact}: {observed}, asked for at least {bound}",
    Word.MORE_THAN: "{fact}: {observed}, asked for more than {bound}",
    Word.AT_MOST: "{fact}: {observed}, asked for at most {bound}",
    Word.LESS_THAN: "{fact}: {observed}, asked for less than {bound}",
    Word.EQUALS: "{fact}: {observed}, asked for {bound}",
    Word.BETWEEN: "{fact}: {observed}, asked for {lowest} to {highest}",
    Word.IS: "{fact}: {observed}, asked for {bound}",
    Word.ONE_OF: "{fact}: {observed}, asked for one of {bound}",
    Word.INCLUDES_ALL: "{fact}: {observed}, asked for all of {bound}",
    Word.INCLUDES_ANY: "{fact}: {observed}, asked for any of {bound}",
    Word.WITHIN: "{fact}: {observed}, asked for nothing outside {bound}",
}


def said_of_reason(reason: Reason, schema: FactSchema) -> Said:
    """One reason and those below it; the schema knows what people call its facts."""
    criterion = reason.criterion
    if isinstance(criterion, Comparison):
        return Said(_COMPARED[criterion.word], _compared(criterion, reason.observed, schema), reason.truth)
    if isinstance(criterion, Rule):
        named: Mapping[str, Any] = {"rule": criterion.text or criterion.name, "observed": reason.observed}
        noted = (Said("{note}", {"note": reason.note}),) if reason.note is not None else ()
        message = "{rule}" if reason.observed is None else "{rule}: {observed}"
        return Said(message, named, reason.truth, noted)
    parts = tuple(said_of_reason(part, schema) for part in reason.parts)
    if isinstance(criterion, AtLeastOf):
        return Said("at least {count} of these", {"count": criterion.count}, reason.truth, parts)
    message = {AllOf: "all of these", AnyOf: "any of these", Not: "not this"}[type(criterion)]
    return Said(message, {}, reason.truth, parts)


def _compared(criterion: Comparison, observed: Any, schema: FactSchema) -> dict[str, Any]:
    name = criterion.fact
    values = {"fact": schema.label(name), "observed": schema.called(name, observed)}
    if criterion.word is Word.BETWEEN:
        return {**values, "lowest": criterion.bound[0], "highest": criterion.bound[1]}
    return {**values, "bound": schema.called(name, criterion.bound)}


@attrs.frozen
class Words:
    """The words and formats of one locale."""

    name: str
    locale: Locale
    catalog: NullTranslations

    @classmethod
    def of(cls, locale: str) -> Words:
        return _words(str(locale))

    def explanation(self, said: Said) -> Explanation:
        return Explanation(
            self.sentence(said.message, said.values),
            said.truth,
            tuple(self.explanation(part) for part in said.parts),
        )

    def sentence(self, message: str, values: Mapping[str, Any] | None = None) -> str:
        """A message of the catalogs with its values put in."""
        words = {name: self.value(value) for name, value in (values or {}).items()}
        return self.catalog.gettext(message).format_map(words)

    def value(self, value: Any) -> str:
        """A value as the locale writes it; None reads "unknown"."""
        if value is None:
            return self.catalog.gettext("unknown")
        if isinstance(value, bool):
            return self.catalog.gettext("yes" if value else "no")
        if isinstance(value, Text):
            return value.in_locale(self.name)
        if isinstance(value, Enum):
            return self.word(value).replace("-", " ")
        if isinstance(value, Said):
            return self.sentence(value.message, value.values)
        if isinstance(value, Place):
            return str(self.locale.territories.get(value.code, value.code))
        with decimal.localcontext(_EVERY_DIGIT):
            return self._formatted(value)

    def word(self, value: Enum) -> str:
        """The name of a state or kind; where two records have one word for two things, the context is its type."""
        word = str(value.value)
        said = str(self.catalog.pgettext(type(value).__name__, word))
        return said if said != word else self.catalog.gettext(word)

    def _formatted(self, value: Any) -> str:
        from babel import dates, lists, numbers

        if isinstance(value, Exact):
            return self.exact(value)
        if isinstance(value, Money) and is_points(value.currency):
            return self.points(value)
        if isinstance(value, Money):
            return numbers.format_currency(
                value.amount, value.currency, locale=self.locale, decimal_quantization=False
            )
        if isinstance(value, Rate):
            return self.percent(value.fraction)
        if isinstance(value, PercentagePoints):
            return self.sentence("{points} points", {"points": value.points})
        if isinstance(value, (int, Decimal, Fraction)):
            return self.number(value)
        if isinstance(value, datetime.date):
            return dates.format_date(value, "long", locale=self.locale)
        if isinstance(value, (frozenset, tuple, list)):
            shown = [self.value(one) for one in (sorted(value) if isinstance(value, frozenset) else value)]
            return lists.format_list(shown, locale=self.locale) if shown else self.catalog.gettext("none")
        return str(value)

    def points(self, value: Money) -> str:
        """Points as a count, with the name of what they are for."""
        counted = self.sentence(
            "{count} point" if abs(value.minor) == 1 else "{count} points", {"count": value.minor}
        )
        name = value.currency.partition(":")[2].replace("_", " ")
        return self.sentence("{counted} ({name})", {"counted": counted, "name": name}) if name else counted

    def exact(self, value: Exact) -> str:
        """An amount with all its digits, as money where it is whole; one that never ends is rounded, and says so."""
        from babel.numbers import format_currency

        if value.minor.denominator == 1:
            return self._formatted(Money(value.unit, int(value.minor)))
        if is_points(value.unit):
            return self.sentence("{count} points", {"count": value.minor})
        digits = currency_digits(value.unit)
        exact = _decimal(value.minor / 10**digits)
        amount = _near(value.minor / 10**digits, digits + 2) if exact is None else exact
        shown = format_currency(amount, value.unit, locale=self.locale, decimal_quantization=False)
        return f"≈ {shown}" if exact is None else shown

    def number(self, value: int | Decimal | Fraction) -> str:
        """A number with all its digits; one that never ends is rounded to two, and says so."""
        from babel.numbers import format_decimal

        exact = _decimal(value)
        if exact is not None:
            return format_decimal(exact, locale=self.locale, decimal_quantization=False)
        return (
            f"≈ {format_decimal(_near(Fraction(value), 2), locale=self.locale, decimal_quantization=False)}"
        )

    def percent(self, ratio: Fraction) -> str:
        from babel.numbers import format_percent

        exact = _decimal(ratio)
        if exact is not None:
            return format_percent(exact, locale=self.locale, decimal_quantization=False)
        return f"≈ {format_percent(_near(ratio, 4), locale=self.locale, decimal_quantization=False)}"


def _decimal(value: int | Decimal | Fraction) -> Decimal | None:
    """The number as a decimal of at most 18 digits after the point; None when it does not end there."""
    scaled = Fraction(value) * 10**18
    return Decimal(scaled.numerator).scaleb(-18).normalize() + 0 if scaled.denominator == 1 else None


def _near(value: Fraction, digits: int) -> Decimal:
    return Decimal(round(value * 10**digits)).scaleb(-digits)


@lru_cache(maxsize=64)
def _words(name: str) -> Words:
    from babel import Locale, UnknownLocaleError
    from babel.support import NullTranslations

    try:
        locale = Locale.parse(name.replace("-", "_")[:40])
    except (UnknownLocaleError, ValueError) as error:
        raise InvalidInput(
            f"found {name!r:.40}; accepted: a locale such as en, ja, zh_CN ({str(error).splitlines()[0]})"
        ) from None
    if locale.language not in CATALOGS:
        return Words(name, locale, NullTranslations())
    return Words(name, locale, _catalog(locale.language))


@lru_cache(maxsize=8)
def _catalog(language: str) -> NullTranslations:
    """The language's catalog: the .po file that translators edit is what is read."""
    from importlib import resources

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    source = resources.files("prmcore.decisions").joinpath("catalogs", f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return Translations(compiled)
