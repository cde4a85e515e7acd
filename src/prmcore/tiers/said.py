"""What tiers have to say beyond their criteria: points line by line, and what is under way."""

from __future__ import annotations

from prmcore.decisions.explain import Said
from prmcore.tiers.model import Action, Standing
from prmcore.tiers.scorecard import LineScore, Scorecard, TrackScore

__all__ = ["said_of_scores", "said_of_standing"]


def said_of_scores(scorecard: Scorecard, scores: tuple[TrackScore, ...]) -> list[Said]:
    """Every track with its lines; their sum is the total."""
    return [
        Said(
            "points on {track}: {total}",
            {"track": score.track.text or score.track.name, "total": score.total},
            None,
            tuple(_said_line(scorecard, line) for line in score.lines),
        )
        for score in scores
    ]


def _said_line(scorecard: Scorecard, score: LineScore) -> Said:
    line = score.line
    values = {
        "line": line.text or scorecard.facts.label(line.fact),
        "value": score.value,
        "points": score.points,
        "maximum": line.maximum,
    }
    message = "{line}: {value} gives {points} of {maximum} points"
    return Said(message, values, None, (Said("the gate of this line", {}, score.gate),) if score.gate else ())


def said_of_standing(before: Standing | None, after: Standing, action: Action) -> list[Said]:
    """The days that matter: until when the level is kept, granted or set."""
    said = []
    override = None if before is None else before.override
    if override is not None and (action is Action.OVERRIDDEN or after.override is None):
        values = {"author": override.author, "reason": override.reason, "day": override.period.last_day}
        said.append(Said("set by {author} through {day}: {reason}", values))
    if action in (Action.PLACED, Action.UPGRADED, Action.GUARANTEED) and after.guarantee is not None:
        values = {"level": after.guarantee.level, "day": after.guarantee.until}
        said.append(Said("{level} is guaranteed until {day}", values))
    if after.below_since is not None:
        said.append(Said("below the level since {day}", {"day": after.below_since}))
    if after.grace_until is not None:
        said.append(Said("grace until {day}", {"day": after.grace_until}))
    if after.notice_until is not None:
        said.append(Said("notice runs until {day}", {"day": after.notice_until}))
    return said
