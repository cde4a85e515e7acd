"""Movement: from the level that the rules give to the level that the partner has.

Movement is a ladder like any other: its facts say what is due, its rungs are the actions in order of precedence. So it
explains itself with the same reasons as the tiers themselves.
"""

from __future__ import annotations

import datetime

import attrs
from dateutil.relativedelta import relativedelta

from prmcore.decisions import Criterion, Ladder, Rung, fact, rung
from prmcore.tiers.model import Action, Guarantee, Movement, Standing, When
from prmcore.values import FiscalCalendar, PeriodKind, Text

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
    )  # negative = down
    review_due: bool = attrs.field(metadata=_label("review due", "審査日の到来", "到达审核日"))
    year_end_due: bool = attrs.field(metadata=_label("end of the year reached", "年度末の到来", "到达年度末"))
    grace_over: bool = attrs.field(metadata=_label("grace period over", "猶予期間の終了", "宽限期已过"))
    notice_over: bool = attrs.field(metadata=_label("notice period over", "通知期間の終了", "通知期已过"))


def movement_ladder(name: str, movement: Movement) -> Ladder[MovementFacts, Action]:
    """The actions that this movement allows, in order of precedence."""
    up, down = fact("steps").at_least(1), fact("steps").at_most(-1)
    rungs = [
        rung(Action.OVERRIDDEN, fact("is_overridden").is_true()),
        rung(Action.PLACED, fact("is_new").is_true()),
        rung(Action.GUARANTEED, fact("steps").equals(0), fact("is_guaranteed").is_true()),
        *_allowed("upgrade", movement, [up, *_day(movement.upgrade)]),
        *_waiting(movement, down),
        *_allowed("downgrade", movement, [down, *_day(movement.downgrade)]),
        rung(Action.UPGRADE_WAITS, up),
        rung(Action.DOWNGRADE_WAITS, down),
    ]
    return Ladder(f"{name}/movement", facts=MovementFacts, rungs=tuple(rungs), otherwise=Action.KEPT)


def _day(when: When) -> list[Criterion]:
    if when is When.AT_REVIEW:
        return [fact("review_due").is_true()]
    return [fact("year_end_due").is_true()] if when is When.AT_YEAR_END else []


def _allowed(move: str, movement: Movement, criteria: list[Criterion]) -> list[Rung[Action]]:
    """The rung of a move, or of its proposal; none when the program never moves that way."""
    when = movement.upgrade if move == "upgrade" else movement.downgrade
    if when is When.NEVER:
        return []
    proposed = move in movement.approval
    action = {
        ("upgrade", False): Action.UPGRADED,
        ("upgrade", True): Action.UPGRADE_PROPOSED,
        ("downgrade", False): Action.DOWNGRADED,
        ("downgrade", True): Action.DOWNGRADE_PROPOSED,
    }[move, proposed]
    return [rung(action, *criteria)]


def _waiting(movement: Movement, down: Criterion) -> list[Rung[Action]]:
    rungs = []
    if movement.grace_months is not None:
        rungs.append(rung(Action.IN_GRACE, down, fact("grace_over").is_false()))
    if movement.notice_days is not None:
        rungs.append(rung(Action.UNDER_NOTICE, down, fact("notice_over").is_false()))
    return rungs


def is_due(
    calendar: FiscalCalendar, period: PeriodKind, judged_on: datetime.date, as_of: datetime.date
) -> bool:
    """Whether a period of this kind ended after the last judgement, up to the day decided for."""
    first = judged_on + datetime.timedelta(days=1)
    if first > as_of:
        return False
    return calendar.period(period, first).range.last_day <= as_of


def months_after(day: datetime.date, months: int) -> datetime.date:
    """That many months later; a day that the month does not have becomes its last."""
    return day + relativedelta(months=months)


def moved(
    standing: Standing | None, level: str, action: Action, movement: Movement, as_of: datetime.date
) -> Standing:
    """Where the partner stands after a decision: what the next one is judged from."""
    if standing is None or action is Action.PLACED:
        return _placed(level, movement, as_of)
    if action is Action.OVERRIDDEN:
        since = standing.since if standing.level == level else as_of
        return attrs.evolve(standing, level=level, since=since, judged_on=as_of)
    if action in (Action.UPGRADED, Action.DOWNGRADED):
        return attrs.evolve(
            standing,
            level=level,
            since=as_of,
            judged_on=as_of,
            below_since=None,
            grace_until=None,
            notice_until=None,
        )
    return _kept(standing, action, movement, as_of)


def _placed(level: str, movement: Movement, as_of: datetime.date) -> Standing:
    initial = movement.initial
    guarantee = None
    if initial is not None:
        guarantee = Guarantee(level=initial.level, until=months_after(as_of, initial.months))
    return Standing(level=level, since=as_of, judged_on=as_of, guarantee=guarantee)


def _kept(standing: Standing, action: Action, movement: Movement, as_of: datetime.date) -> Standing:
    """The level stays; a fall that was found is remembered, one that was made good is forgotten."""
    fell = action in (Action.IN_GRACE, Action.UNDER_NOTICE, Action.DOWNGRADE_WAITS, Action.DOWNGRADE_PROPOSED)
    if not fell:
        return attrs.evolve(standing, judged_on=as_of, below_since=None, grace_until=None, notice_until=None)
    below = standing.below_since or as_of
    grace = months_after(below, movement.grace_months) if movement.grace_months is not None else None
    return attrs.evolve(standing, judged_on=as_of, below_since=below, grace_until=grace)
