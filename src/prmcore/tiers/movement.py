"""Movement: from the level that the rules give to the level that the partner has.

Movement is a ladder like any other: its facts say what is due, its rungs are the actions in order of precedence. So it
explains itself with the same reasons as the tiers themselves.
"""

from __future__ import annotations

import datetime

import attrs

from prmcore.decisions import Criterion, Ladder, Rung, fact, rung
from prmcore.tiers.model import Action, Guarantee, Movement, Standing, When
from prmcore.values import FiscalCalendar, PeriodKind, Text, months_after

__all__ = ["MovementFacts", "is_due", "movement_ladder", "moved"]


def _label(english: str, japanese: str, chinese: str) -> dict[str, Text]:
    return {"text": Text.of(english, ja=japanese, zh=chinese)}


@attrs.frozen
class MovementFacts:
    """What movement looks at."""

    is_new: bool = attrs.field(metadata=_label("new to the program", "プログラムへの新規参加", "新加入计划"))
    is_overridden: bool = attrs.field(
        metadata=_label("manual override in force", "手動設定が有効", "人工设定生效中")
    )
    is_guaranteed: bool = attrs.field(
        metadata=_label("level guaranteed for now", "レベル保証期間中", "等级保证期内")
    )
    steps: int = attrs.field(
        metadata=_label("levels to move", "移動する段数", "应变动的级数")
    )  # negative = down; a level that facts which are unknown might keep is not lost
    is_unclear: bool = attrs.field(
        metadata=_label(
            "unknown facts might keep the level", "不明な項目次第でレベル維持", "未知的事实可能保住等级"
        )
    )
    review_due: bool = attrs.field(metadata=_label("review due", "審査日の到来", "到达审核日"))
    year_end_due: bool = attrs.field(metadata=_label("end of the year reached", "年度末の到来", "到达年度末"))
    grace_over: bool = attrs.field(metadata=_label("grace period over", "猶予期間の終了", "宽限期已过"))
    notice_given: bool = attrs.field(metadata=_label("notice given", "通知済み", "已发出通知"))
    notice_over: bool = attrs.field(metadata=_label("notice period over", "通知期間の終了", "通知期已过"))


def movement_ladder(name: str, movement: Movement) -> Ladder[MovementFacts, Action]:
    """The actions that this movement allows, in order of precedence."""
    rungs = [
        rung(Action.OVERRIDDEN, fact("is_overridden").is_true()),
        rung(Action.PLACED, fact("is_new").is_true()),
        rung(Action.GUARANTEED, fact("steps").equals(0), fact("is_guaranteed").is_true()),
        rung(Action.HELD, fact("steps").equals(0), fact("is_unclear").is_true()),
        *_upward(movement, fact("steps").at_least(1)),
        *_downward(movement, fact("steps").at_most(-1)),
    ]
    return Ladder(f"{name}/movement", facts=MovementFacts, rungs=tuple(rungs), otherwise=Action.KEPT)


def _day(when: When) -> list[Criterion]:
    if when is When.AT_REVIEW:
        return [fact("review_due").is_true()]
    return [fact("year_end_due").is_true()] if when is When.AT_YEAR_END else []


def _upward(movement: Movement, up: Criterion) -> list[Rung[Action]]:
    """Up, or proposed, or waiting for its day; nothing when the program never moves partners up."""
    if movement.upgrade is When.NEVER:
        return []
    action = Action.UPGRADE_PROPOSED if "upgrade" in movement.approval else Action.UPGRADED
    return [rung(action, up, *_day(movement.upgrade)), rung(Action.UPGRADE_WAITS, up)]


def _downward(movement: Movement, down: Criterion) -> list[Rung[Action]]:
    """Grace first, then notice, then the day; nothing when the program never moves partners down."""
    if movement.downgrade is When.NEVER:
        return []
    rungs = []
    if movement.grace_months is not None:
        rungs.append(rung(Action.IN_GRACE, down, fact("grace_over").is_false()))
    if movement.notice_days is not None:
        rungs.append(rung(Action.NOTICE_DUE, down, fact("notice_given").is_false()))
        rungs.append(rung(Action.UNDER_NOTICE, down, fact("notice_over").is_false()))
    action = Action.DOWNGRADE_PROPOSED if "downgrade" in movement.approval else Action.DOWNGRADED
    return [*rungs, rung(action, down, *_day(movement.downgrade)), rung(Action.DOWNGRADE_WAITS, down)]


def is_due(
    calendar: FiscalCalendar, period: PeriodKind, judged_on: datetime.date, as_of: datetime.date
) -> bool:
    """Whether a period of this kind ended after the last judgement, up to the day decided for."""
    if judged_on >= as_of:
        return False
    return calendar.period(period, judged_on + datetime.timedelta(days=1)).range.last_day <= as_of


_FALLEN = (
    Action.IN_GRACE,
    Action.NOTICE_DUE,
    Action.UNDER_NOTICE,
    Action.DOWNGRADE_WAITS,
    Action.DOWNGRADE_PROPOSED,
)


def moved(
    standing: Standing | None, level: str, action: Action, movement: Movement, as_of: datetime.date
) -> Standing:
    """Where the partner stands after a decision: what the next one is judged from.

    What is overridden, or held because facts are unknown, is not settled: the standing waits as it is, and reviews that
    fall into that time are due afterwards.
    """
    if standing is None:
        return _placed(level, movement, as_of)
    if action is Action.OVERRIDDEN:
        return standing
    standing = _without_what_ended(standing, as_of)
    if action is Action.HELD:
        return standing
    if action in (Action.UPGRADED, Action.DOWNGRADED):
        standing = attrs.evolve(standing, level=level, since=as_of)
    if action not in _FALLEN:
        guarantee = _for_a_term(standing, action, movement, as_of)
        return attrs.evolve(
            standing,
            judged_on=as_of,
            below_since=None,
            grace_until=None,
            notice_until=None,
            guarantee=guarantee,
        )
    below = standing.below_since or as_of
    grace = None if movement.grace_months is None else months_after(below, movement.grace_months)
    return attrs.evolve(standing, judged_on=as_of, below_since=below, grace_until=grace)


def _for_a_term(
    standing: Standing, action: Action, movement: Movement, as_of: datetime.date
) -> Guarantee | None:
    """What the partner is guaranteed from now on: its level for a term, when one begins today or the last has ended."""
    begins = action in (Action.UPGRADED, Action.DOWNGRADED) or standing.guarantee is None
    if movement.term_months is None or not begins:
        return standing.guarantee
    terms = 1
    while (until := months_after(standing.since, terms * movement.term_months)) <= as_of:
        terms += 1
    return Guarantee(level=standing.level, until=until)


def _placed(level: str, movement: Movement, as_of: datetime.date) -> Standing:
    initial, guarantee = movement.initial, None
    if movement.term_months is not None:
        guarantee = Guarantee(level=level, until=months_after(as_of, movement.term_months))
    elif initial is not None:
        guarantee = Guarantee(level=initial.level, until=months_after(as_of, initial.months))
    return Standing(level=level, since=as_of, judged_on=as_of, guarantee=guarantee)


def _without_what_ended(standing: Standing, as_of: datetime.date) -> Standing:
    guarantee, override = standing.guarantee, standing.override
    if guarantee is not None and guarantee.until <= as_of:
        standing = attrs.evolve(standing, guarantee=None)
    if override is not None and override.period.last_day < as_of:
        standing = attrs.evolve(standing, override=None)
    return standing
