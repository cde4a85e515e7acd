"""The rules that are shipped. Where a text was not read but is known, its source says so: recalled."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from prmcore.contracts.periods.model import FirstDay, Hours, MonthEnd, PeriodRule, Rolls

__all__ = ["PERIOD_RULES"]

_WEEKEND = frozenset({5, 6})

_JAPAN = PeriodRule(
    id="jp-civil", jurisdiction="Japan", first_day=FirstDay.COUNTED_FROM_MIDNIGHT, month_end=MonthEnd.DAY_BEFORE,
    rolls=Rolls.BY_CUSTOM, clear_back=True, hours=Hours.AT_ONCE,
    source="Civil Code, art. 138 to 143; counted back by analogy (Daishin-in, July 15, 1935)",
)  # fmt: skip
_EU = PeriodRule(
    id="eu-1182-71", jurisdiction="European Union", rolls=Rolls.FORWARD_ONLY, no_end_on=_WEEKEND, least_business_days=2,
    hours=Hours.NEXT_FULL_HOUR,
    source="Regulation 1182/71, art. 3; C-171/03 Toeters; 3(4) on periods counted back and 3(5) recalled",
)  # fmt: skip
_EU_COURT = PeriodRule(
    id="eu-court", jurisdiction="European Union, its courts", rolls=Rolls.FORWARD_ONLY, no_end_on=_WEEKEND,
    source="152/85 Misset; T-85/97 Horeca-Wallonie: moved once, after the extension for distance",
)  # fmt: skip
_EPC = PeriodRule(
    id="epc-r131", jurisdiction="European Patent Office", rolls=Rolls.FORWARD_ONLY,
    source="EPC Implementing Regulations, rule 131; rule 134 where the office is closed",
)  # fmt: skip
_EUIPO = PeriodRule(
    id="euipo-cdr56", jurisdiction="EUIPO, Community designs", month_end=MonthEnd.STICKY, rolls=Rolls.FORWARD_ONLY,
    source="Regulation 2245/2002, art. 56; art. 58 where the office is closed (recalled)",
)  # fmt: skip
_GERMANY = PeriodRule(
    id="de-bgb-187-1", jurisdiction="Germany", rolls=Rolls.FORWARD_ONLY, no_end_on=_WEEKEND,
    source="BGB, s. 187(1), 188, 193; periods of notice that protect do not move (BGH NJW 2005, 1354; BGHZ 59, 265)",
)  # fmt: skip
_GERMANY_WHOLE = PeriodRule(
    id="de-bgb-187-2", jurisdiction="Germany, from the beginning of a day", first_day=FirstDay.COUNTED,
    month_end=MonthEnd.DAY_BEFORE, rolls=Rolls.FORWARD_ONLY, no_end_on=_WEEKEND, source="BGB, s. 187(2), 188, 193",
)  # fmt: skip
_UK = PeriodRule(
    id="uk-corresponding", jurisdiction="England and Wales",
    source="Lester v Garland (1808); Dodds v Walker [1981] 1 WLR 1027: the corresponding date",
)  # fmt: skip
_UK_CLEAR = PeriodRule(
    id="uk-clear-days", jurisdiction="England and Wales, civil courts", clear_back=True, short_days=5,
    source="Civil Procedure Rules, rule 2.8",
)  # fmt: skip
_US = PeriodRule(
    id="us-frcp6", jurisdiction="United States, federal courts", rolls=Rolls.ONWARD, no_end_on=_WEEKEND,
    hours=Hours.AT_ONCE, hours_roll=True, source="Federal Rules of Civil Procedure, rule 6(a)",
)  # fmt: skip
_PRACTICE = PeriodRule(
    id="contract-practice", jurisdiction="none", hours=Hours.AT_ONCE, is_law=False,
    source="what contracts in English mostly mean: the corresponding day, and no day moves",
)  # fmt: skip

PERIOD_RULES: Mapping[str, PeriodRule] = MappingProxyType(
    {
        one.id: one
        for one in (
            _JAPAN, _EU, _EU_COURT, _EPC, _EUIPO, _GERMANY, _GERMANY_WHOLE, _UK, _UK_CLEAR, _US, _PRACTICE,
        )
    }
)  # fmt: skip
"""The rules that are shipped, by id; a program may bring others."""
