"""Explanations: a decision in a person's language."""

import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Rule,
    RuleReason,
    Truth,
    any_of,
    at_least_of,
    fact,
    not_,
    rung,
)  # fmt: skip
from prmcore.decisions.explain import Exact, Place, Said, Words, explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.values import Money, PercentagePoints, Rate, Text

D = datetime.date
DAY = D(2026, 3, 31)
SCHEMA = FactSchema(
    "facts",
    (
        FactField("revenue", Kind.MONEY, Text.of("Booked revenue", ja="受注額", zh="签约额")),
        FactField("retention", Kind.RATE), FactField("since", Kind.DATE), FactField("countries", Kind.CODES),
        FactField("active", Kind.BOOL), FactField("users", Kind.COUNT), FactField("score", Kind.NUMBER),
        FactField("kind", Kind.CODE),
    ),
)  # fmt: skip
LADDER = Ladder[FactSheet, str](
    "tiers/2026",
    facts=SCHEMA,
    otherwise="registered",
    otherwise_text=Text.of("Registered", ja="登録済", zh="已注册"),
    rungs=(
        rung(
            "gold",
            fact("revenue").at_least(Money.of(250_000, "EUR")),
            fact("retention").at_least(Rate.percent("70.5")),
            fact("since").less_than(D(2026, 1, 1)),
            any_of(fact("countries").includes_any("JP", "CN"), not_(fact("active").is_true())),
            text=Text.of("Gold", ja="ゴールド", zh="金牌"),
        ),
    ),
)
DECISION = LADDER.decide(
    FactSheet.of(
        SCHEMA,
        {
            "revenue": Money.of("300000.50", "EUR"), "retention": Rate.percent(70), "since": None,
            "countries": frozenset({"DE"}), "active": False,
        },
    ),
    DAY,
)  # fmt: skip


# Written by hand: the numbers, money, dates and lists as CLDR gives them for each language.
@pytest.mark.parametrize(
    ("locale", "text"),
    [
        (
            "en",
            """\
tiers/2026 on March 31, 2026: Registered
  ✗ Gold
    ✓ Booked revenue: €300,000.50, asked for at least €250,000.00
    ✗ retention: 70%, asked for at least 70.5%
    ? since: unknown, asked for less than January 1, 2026
    ✓ any of these
      ✗ countries: DE, asked for any of CN and JP
      ✓ not this
        ✗ active: no, asked for yes""",
        ),
        (
            "ja",
            """\
2026年3月31日時点の tiers/2026：登録済
  ✗ ゴールド
    ✓ 受注額：€300,000.50（必要：€250,000.00 以上）
    ✗ retention：70%（必要：70.5% 以上）
    ? since：不明（必要：2026年1月1日 未満）
    ✓ 次のいずれか
      ✗ countries：DE（必要：CN、JP のいずれかを含む）
      ✓ 次に該当しないこと
        ✗ active：いいえ（必要：はい）""",
        ),
        (
            "zh",
            """\
tiers/2026，截至2026年3月31日：已注册
  ✗ 金牌
    ✓ 签约额：€300,000.50（要求：不低于 €250,000.00）
    ✗ retention：70%（要求：不低于 70.5%）
    ? since：未知（要求：低于 2026年1月1日）
    ✓ 以下任一
      ✗ countries：DE（要求：包含 CN和JP 任一）
      ✓ 不得符合以下条件
        ✗ active：否（要求：是）""",
        ),
        (
            "de",  # English words, German numbers and dates
            """\
tiers/2026 on 31. März 2026: Registered
  ✗ Gold
    ✓ Booked revenue: 300.000,50\u00a0€, asked for at least 250.000,00\u00a0€
    ✗ retention: 70\u00a0%, asked for at least 70,5\u00a0%
    ? since: unknown, asked for less than 1. Januar 2026
    ✓ any of these
      ✗ countries: DE, asked for any of CN und JP
      ✓ not this
        ✗ active: no, asked for yes""",
        ),
    ],
)
def test_a_decision_is_explained_in_a_persons_language(locale: str, text: str) -> None:
    assert str(explain(DECISION, locale)) == text


@pytest.mark.parametrize(
    ("locale", "like"), [("ja-JP", "ja"), ("zh_CN", "zh"), ("zh-Hans-CN", "zh"), ("en_US", "en")]
)
def test_a_locale_of_a_country_reads_like_its_language(locale: str, like: str) -> None:
    assert str(explain(DECISION, locale)) == str(explain(DECISION, like))


def test_traditional_chinese_is_explained_in_the_simplified_words_there_are() -> None:
    text = str(explain(DECISION, "zh_Hant_TW"))
    assert "已注册" in text
    assert "2026年3月31日" in text


def test_french_numbers_stand_in_english_words() -> None:
    lines = explain(DECISION, "fr").lines()
    assert lines[0] == "tiers/2026 on 31 mars 2026: Registered"
    assert (
        lines[2] == "    ✓ Booked revenue: 300\u202f000,50\u00a0€, asked for at least 250\u202f000,00\u00a0€"
    )


@pytest.mark.parametrize("locale", ["xx", "", "klingon", "en_XX", "../../etc/passwd", "ja\x00", "e" * 5000])
def test_a_locale_that_does_not_exist_is_refused(locale: str) -> None:
    with pytest.raises(InvalidInput, match="accepted: a locale such as en, ja, zh_CN") as caught:
        explain(DECISION, locale)
    assert len(str(caught.value)) < 300


# Every word, in every language, on its own.
@pytest.mark.parametrize(
    ("criterion", "en", "ja", "zh"),
    [
        (fact("users").at_least(1000), "users: 1,500, asked for at least 1,000", "users：1,500（必要：1,000 以上）", "users：1,500（要求：不低于 1,000）"),
        (fact("users").more_than(5), "users: 1,500, asked for more than 5", "users：1,500（必要：5 超）", "users：1,500（要求：高于 5）"),
        (fact("users").at_most(5), "users: 1,500, asked for at most 5", "users：1,500（必要：5 以下）", "users：1,500（要求：不高于 5）"),
        (fact("users").less_than(5), "users: 1,500, asked for less than 5", "users：1,500（必要：5 未満）", "users：1,500（要求：低于 5）"),
        (fact("users").equals(5), "users: 1,500, asked for 5", "users：1,500（必要：5）", "users：1,500（要求：5）"),
        (fact("users").between(1, 9), "users: 1,500, asked for 1 to 9", "users：1,500（必要：1 以上 9 以下）", "users：1,500（要求：1 至 9）"),
        (fact("active").is_false(), "active: yes, asked for no", "active：はい（必要：いいえ）", "active：是（要求：否）"),
        (fact("kind").one_of("b", "a", "c"), "kind: oem, asked for one of a, b, and c", "kind：oem（必要：a、b、c のいずれか）", "kind：oem（要求：a、b和c 之一）"),
        (fact("countries").includes_all("a"), "countries: none, asked for all of a", "countries：なし（必要：a のすべて）", "countries：无（要求：包含 a 全部）"),
        (fact("countries").includes_any("a"), "countries: none, asked for any of a", "countries：なし（必要：a のいずれかを含む）", "countries：无（要求：包含 a 任一）"),
        (fact("countries").within("a"), "countries: none, asked for nothing outside a", "countries：なし（必要：a の範囲内）", "countries：无（要求：不超出 a）"),
        (at_least_of(2, fact("users").equals(5), fact("users").equals(6)), "at least 2 of these", "次のうち 2 つ以上", "以下至少 2 项"),
        (any_of(fact("users").equals(5)), "any of these", "次のいずれか", "以下任一"),
        (not_(fact("users").equals(5)), "not this", "次に該当しないこと", "不得符合以下条件"),
    ],
)  # fmt: skip
def test_every_word_is_said_in_three_languages(criterion: Any, en: str, ja: str, zh: str) -> None:
    ladder = Ladder[FactSheet, str]("p", facts=SCHEMA, otherwise="no", rungs=(rung("yes", criterion),))
    facts = {"users": 1500, "active": True, "kind": "oem", "countries": frozenset[str]()}
    decision = ladder.decide(FactSheet.of(SCHEMA, facts), DAY)
    for locale, expected in (("en", en), ("ja", ja), ("zh", zh)):
        assert explain(decision, locale).parts[0].parts[0].text == expected


@pytest.mark.parametrize(
    ("value", "en", "ja", "de"),
    [
        (None, "unknown", "不明", "unknown"),
        (Decimal("1234.50"), "1,234.5", "1,234.5", "1.234,5"),
        (Fraction(1, 3), "≈ 0.33", "≈ 0.33", "≈ 0,33"),
        (Fraction(1, 8), "0.125", "0.125", "0,125"),
        (Rate(1, 3), "≈ 33.33%", "≈ 33.33%", "≈ 33,33\u00a0%"),
        (Rate.percent("0.125"), "0.125%", "0.125%", "0,125\u00a0%"),
        (PercentagePoints.of(20), "20 points", "20 ポイント", "20 points"),
        (Money.of(1250, "JPY"), "¥1,250", "￥1,250", "1.250\u00a0¥"),
        (Money.of("-0.05", "EUR"), "-€0.05", "-€0.05", "-0,05\u00a0€"),
        ((D(2026, 1, 1), 5), "January 1, 2026 and 5", "2026年1月1日、5", "1. Januar 2026 und 5"),
        ("as {it} is", "as {it} is", "as {it} is", "as {it} is"),
        (True, "yes", "はい", "yes"),
        (False, "no", "いいえ", "no"),
        ((), "none", "なし", "none"),
        (frozenset({"b", "a"}), "a and b", "a、b", "a und b"),
        (["b", "a"], "b and a", "b、a", "b und a"),
        (Text.of("Gold", ja="金"), "Gold", "金", "Gold"),
        (Said("{count} points", {"count": 5}), "5 points", "5 ポイント", "5 points"),
        (Place("JP"), "Japan", "日本", "Japan"),
        (Place("DE"), "Germany", "ドイツ", "Deutschland"),
        (Place("JP-13"), "JP-13", "JP-13", "JP-13"),
        # 2^18 in the denominator are 18 digits, the most that are written out; 2^19 are 19
        (Fraction(1, 2**18), "0.000003814697265625", "0.000003814697265625", "0,000003814697265625"),
        (Fraction(3, 2) + Fraction(1, 2**19), "≈ 1.5", "≈ 1.5", "≈ 1,5"),
        (Fraction(2, 3), "≈ 0.67", "≈ 0.67", "≈ 0,67"),
        (Rate(2, 30_000), "≈ 0.01%", "≈ 0.01%", "≈ 0,01\u00a0%"),
        (
            Money("IQD", 1234),
            "IQD1.234",
            "IQD1.234",
            "1,234\u00a0IQD",
        ),  # three digits in ISO 4217, none in CLDR
        # an amount before it is rounded: as money where it is whole, else with its own digits, or two more and "about"
        (Exact("EUR", Fraction(125)), "€1.25", "€1.25", "1,25\u00a0€"),
        (Exact("EUR", Fraction(25, 2)), "€0.125", "€0.125", "0,125\u00a0€"),
        (Exact("EUR", Fraction(200, 3)), "≈ €0.6667", "≈ €0.6667", "≈ 0,6667\u00a0€"),
        (Exact("JPY", Fraction(2, 3)), "≈ ¥0.67", "≈ ￥0.67", "≈ 0,67\u00a0¥"),
        (Exact("points", Fraction(1, 2)), "0.5 points", "0.5 ポイント", "0,5 points"),
        (
            Exact("points:training", Fraction(3)),
            "3 points (training)",
            "3 ポイント（training）",
            "3 points (training)",
        ),
    ],
)
def test_a_value_is_written_as_the_locale_writes_it(value: Any, en: str, ja: str, de: str) -> None:
    for locale, expected in (("en", en), ("ja", ja), ("de", de)):
        assert Words.of(locale).value(value) == expected


@pytest.mark.parametrize(
    ("points", "en", "ja", "zh"),
    [
        ("120 points", "120 points", "120 ポイント", "120 积分"),
        ("1 points", "1 point", "1 ポイント", "1 积分"),
        ("-1 points", "-1 point", "-1 ポイント", "-1 积分"),
        ("0 points", "0 points", "0 ポイント", "0 积分"),
        (
            "-1200 points:training",
            "-1,200 points (training)",
            "-1,200 ポイント（training）",
            "-1,200 积分（training）",
        ),
        (
            "1 points:early_access",
            "1 point (early access)",
            "1 ポイント（early access）",
            "1 积分（early access）",
        ),
    ],
)
def test_points_are_counted_in_words(points: str, en: str, ja: str, zh: str) -> None:
    for locale, expected in (("en", en), ("ja", ja), ("zh", zh)):
        assert Words.of(locale).value(Money.parse(points)) == expected


class RegistrationState(StrEnum):
    """Of the names of the catalogs: what a word means depends on what it is said of."""

    RETURNED = "returned"


class AgreementState(StrEnum):
    GIVEN = "notice-given"


class Returned(StrEnum):
    MONEY = "returned"
    OTHER = "in-no-catalog"


@pytest.mark.parametrize(
    ("word", "en", "ja"),
    [
        (RegistrationState.RETURNED, "returned", "差戻し"),
        (AgreementState.GIVEN, "notice given", "終了通知済み"),
        (Returned.MONEY, "returned", "返金"),
        (Returned.OTHER, "in no catalog", "in no catalog"),
    ],
)
def test_a_word_is_said_as_what_it_is_a_word_of(word: StrEnum, en: str, ja: str) -> None:
    assert (Words.of("en").value(word), Words.of("ja").value(word)) == (en, ja)


def test_a_message_without_values_is_said_as_it_is() -> None:
    assert put_into_words(Said("nobody is left"), "en").text == "nobody is left"
    assert Words.of("ja").sentence("all of these") == "次のすべて"
    spoken = put_into_words(Said("{a}", {"a": 1}, Truth.UNKNOWN, (Said("{a}", {"a": 2}),)), "en")
    assert (spoken.truth, spoken.parts[0].truth, spoken.lines(2)) == (
        Truth.UNKNOWN,
        None,
        ["    ? 1", "      2"],
    )


def test_codes_are_called_by_the_words_that_people_have_for_them() -> None:
    words = (("oem", Text.of("Builder")), ("var", Text.of("Reseller", ja="販売店")))
    schema = FactSchema(
        "s", (FactField("kind", Kind.CODE, words=words), FactField("kinds", Kind.CODES, words=words))
    )
    ladder = Ladder[FactSheet, str](
        "p", facts=schema, otherwise="no",
        rungs=(rung("yes", fact("kind").equals("oem"), fact("kinds").includes_any("var", "msp")),),
    )  # fmt: skip
    decision = ladder.decide(FactSheet.of(schema, {"kind": "var", "kinds": frozenset({"oem", "a"})}), DAY)
    assert explain(decision).lines()[2:] == [
        "    ✗ kind: Reseller, asked for Builder", "    ✗ kinds: a and Builder, asked for any of msp and Reseller",
    ]  # fmt: skip
    assert explain(decision, "ja").lines()[2] == "    ✗ kind：販売店（必要：Builder）"


def test_no_digit_is_lost_on_the_way_into_words() -> None:
    """Python's decimals keep 28 digits unless told otherwise."""
    digits = "123456789012345678901234567890123456"
    grouped = "123,456,789,012,345,678,901,234,567,890,123,456"
    for value in (int(digits), Decimal(digits), Fraction(digits)):
        assert Words.of("en").value(value) == grouped
    assert Words.of("en").value(Money.of(digits, "JPY")) == f"¥{grouped}"
    assert Words.of("en").value(Rate(int(digits), 100)) == f"{grouped}%"
    assert (
        Words.of("en").value(Fraction(int(digits), 10)) == "12,345,678,901,234,567,890,123,456,789,012,345.6"
    )


def test_a_function_rule_speaks_for_itself() -> None:
    def settled(facts: FactSheet, as_of: datetime.date) -> RuleReason:
        return RuleReason(Truth.UNMET, 3, Text.of("3 disputes are open", ja="係争中 3 件"))

    rules = (
        Rule("disputes-settled", settled, Text.of("All disputes are settled", ja="係争はすべて解決済み")),
        Rule("silent", lambda facts, as_of: RuleReason(Truth.MET)),
    )
    ladder = Ladder[FactSheet, str]("p", facts=SCHEMA, otherwise="no", rungs=(rung("yes", *rules),))
    decision = ladder.decide(FactSheet.of(SCHEMA, {}), DAY)
    assert explain(decision, "en").lines()[2:] == [
        "    ✗ All disputes are settled: 3", "      3 disputes are open", "    ✓ silent",
    ]  # fmt: skip
    assert explain(decision, "ja").lines()[2:4] == ["    ✗ 係争はすべて解決済み：3", "      係争中 3 件"]


def test_braces_in_what_people_wrote_stay_as_they_are() -> None:
    schema = FactSchema("facts", (FactField("{0.__class__}", Kind.CODE, Text.of("{bound!r} {fact}")),))
    ladder = Ladder[FactSheet, str](
        "{policy}",
        facts=schema,
        otherwise="{level}",
        rungs=(rung("{x}", fact("{0.__class__}").equals("{y}")),),
    )
    lines = explain(ladder.decide(FactSheet.of(schema, {"{0.__class__}": "{z}"}), DAY)).lines()
    assert lines == [
        "{policy} on March 31, 2026: {level}", "  ✗ {x}", "    ✗ {bound!r} {fact}: {z}, asked for {y}",
    ]  # fmt: skip
