"""A recorded decision outlives the prmcore that made it."""

import datetime

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, Ladder, fact, recorded, replayed, rung
from prmcore.decisions.versions import ReplayDiffers
from prmcore.testing import strategies
from prmcore.tiers import Action, Movement, TierFacts, TierPolicy

SCHEMA = FactSchema("facts", (FactField("users", Kind.COUNT), FactField("people", Kind.COUNT)))
LADDER: Ladder[FactSheet, str] = Ladder(
    "channel/2026",
    facts=SCHEMA,
    rungs=(
        rung("gold", fact("users").at_least(10), fact("people").at_least(2)),
        rung("silver", fact("users").at_least(5)),
    ),
    otherwise="registered",
)
POLICY = TierPolicy(LADDER, Movement(grace_months=3))


def later_prmcore(policy: TierPolicy) -> TierPolicy:
    """The same program under a prmcore that knows one more action, before all others: its mask has other places."""
    later, ladder = attrs.evolve(policy), policy.movements
    more = rung(Action.HELD, fact("notice_given").is_true(), fact("steps").at_least(99))
    later.__dict__["movements"] = attrs.evolve(ladder, rungs=(more, *ladder.rungs[:3], *ladder.rungs[4:]))
    return later


@settings(max_examples=100)
@given(
    strategies.fact_sheets(SCHEMA),
    st.none() | strategies.standings(("gold", "silver", "registered")),
    strategies.dates(),
)
def test_a_record_replays_under_a_later_prmcore_with_other_built_in_actions(
    metrics: FactSheet, standing: object, day: datetime.date
) -> None:
    decision = POLICY.decide(TierFacts(metrics, standing), day)  # type: ignore[arg-type]  # drawn
    if decision.outcome.action is not Action.HELD:
        again = replayed(recorded(decision), [later_prmcore(POLICY)])
        assert (again.outcome, again.facts) == (decision.outcome, decision.facts)


def test_a_record_does_not_replay_under_a_program_that_was_changed_without_a_new_name() -> None:
    decision = POLICY.decide(TierFacts(FactSheet(SCHEMA, (7, 3))), datetime.date(2026, 3, 31))
    eased = attrs.evolve(
        LADDER, rungs=(attrs.evolve(LADDER.rungs[0], criteria=LADDER.rungs[0].criteria[1:]), LADDER.rungs[1])
    )
    with pytest.raises(ReplayDiffers, match=r"was .*silver.*replayed it is .*gold"):
        replayed(recorded(decision), [TierPolicy(eased)])
