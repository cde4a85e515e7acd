"""The records of opportunities: the stages that a program declares, and an opportunity with the steps that it took."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.errors import Faults, InvalidInput, repeated, unknown_name
from prmcore.values import Money, Rate, Text, checked_date, checked_instant

__all__ = ["LossReason", "Opportunity", "OpportunityState", "OpportunityStep", "SalesProcess", "SalesStage"]


class OpportunityState(StrEnum):
    """How an opportunity stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@attrs.frozen(kw_only=True)
class SalesStage:
    """One stage of a sale."""

    code: str
    probability: Rate  # that a sale in this stage is won
    state: OpportunityState = OpportunityState.OPEN
    moves_to: tuple[str, ...] | None = (
        None  # codes; None = to the next open stage, or to one that ends the sale
    )
    stalled_after_days: int | None = None  # in it; None = never
    text: Text | None = None


@attrs.frozen(kw_only=True)
class LossReason:
    """Why a sale was lost, by its code, in people's words."""

    code: str
    text: Text | None = None


@attrs.frozen(kw_only=True)
class SalesProcess:
    """The stages of a program's sales, from the first on, and the reasons for which one is lost."""

    name: str = "sales/standard"
    stages: tuple[SalesStage, ...]
    loss_reasons: tuple[LossReason, ...] = ()  # none = any words will do
    may_skip: bool = False  # a stage may be left out, where a stage does not say itself where it moves to
    may_go_back: bool = False  # to an earlier open stage, where a stage does not say so itself

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the sales process {self.name!r:.60} cannot be used")
        check_ids(faults, name=self.name)
        codes = [one.code for one in self.stages]
        for code in repeated(codes):
            faults.add(f"{code!r} stands here twice", "stages")
        for code in repeated(one.code for one in self.loss_reasons):
            faults.add(f"{code!r} stands here twice", "loss_reasons")
        for place, reason in enumerate(self.loss_reasons):
            check_ids(faults, **{f"loss_reasons[{place}].code": reason.code})
        if not self.stages or self.stages[0].state is not OpportunityState.OPEN:
            faults.add("the first is not open; accepted: an open stage, where a sale begins", "stages")
        for state in (OpportunityState.WON, OpportunityState.LOST):
            if all(one.state is not state for one in self.stages):
                faults.add(f"no stage is {state.value}; accepted: one or more", "stages")
        for place, stage in enumerate(self.stages):
            self._check(faults, f"stages[{place}]", stage, codes)
        faults.raise_if_any()

    def _check(self, faults: Faults, path: str, stage: SalesStage, codes: list[str]) -> None:
        check_ids(faults, **{f"{path}.code": stage.code})
        check_days(faults, [(f"{path}.stalled_after_days", stage.stalled_after_days)], lowest=1)
        sure = {OpportunityState.WON: Rate.of(1), OpportunityState.LOST: Rate.of(0)}.get(stage.state)
        if sure is not None and stage.probability != sure:
            faults.add(
                f"found {stage.probability}; accepted: {sure}, for it is {stage.state}", f"{path}.probability"
            )
        if not Rate.of(0) <= stage.probability <= Rate.of(1):
            faults.add(f"found {stage.probability}; accepted: 0 % to 100 %", f"{path}.probability")
        for code in stage.moves_to or ():
            if code not in codes:
                faults.add(unknown_name("stage", code, codes), f"{path}.moves_to")
        if stage.state is not OpportunityState.OPEN and stage.moves_to:
            faults.add("a sale that is over moves on nowhere", f"{path}.moves_to")  # fmt: skip

    def stage(self, code: str) -> SalesStage:
        found = next((one for one in self.stages if one.code == code), None)
        if found is None:
            raise InvalidInput(unknown_name("stage", code, [one.code for one in self.stages]))
        return found

    def moves_from(self, code: str) -> tuple[str, ...]:
        """The stages that a sale may move to from this one."""
        stage = self.stage(code)
        if stage.state is not OpportunityState.OPEN or stage.moves_to is not None:
            return stage.moves_to or ()
        opened = [one.code for one in self.stages if one.state is OpportunityState.OPEN]
        place = opened.index(code)
        ahead = opened[place + 1 :] if self.may_skip else opened[place + 1 : place + 2]
        back = opened[:place] if self.may_go_back else []
        ended = [one for one in self.stages if one.state is not OpportunityState.OPEN]
        won_from_here = self.may_skip or place == len(opened) - 1
        ends = [one.code for one in ended if one.state is OpportunityState.LOST or won_from_here]
        return (*ahead, *back, *ends)

    def has_reason(self, code: str | None) -> bool:
        return bool(code) and (not self.loss_reasons or any(one.code == code for one in self.loss_reasons))


@attrs.frozen(kw_only=True)
class OpportunityStep:
    """One step: into a stage, or a new amount or day; what holds after it stands with it."""

    stage: str
    after: OpportunityState
    amount: Money
    expected_close: datetime.date
    at: datetime.datetime  # UTC
    by: str
    reason: str | None = None  # of a loss, by its code; else why


@attrs.frozen(kw_only=True)
class Opportunity:
    """A sale that may come; the first step opens it, the last one says how it stands."""

    id: str
    program: str
    account: str
    partners: tuple[str, ...] = ()  # who sells it, the first in the lead; none = the vendor alone
    products: frozenset[str] = frozenset()
    lead: str | None = None  # that it came from
    registration: str | None = None  # that protects it
    steps: tuple[OpportunityStep, ...]

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the opportunity {self.id!r:.60} cannot be used")
        check_ids(
            faults, id=self.id, program=self.program, account=self.account, lead=self.lead,
            registration=self.registration,
        )  # fmt: skip
        for place, partner in enumerate(self.partners):
            check_ids(faults, **{f"partners[{place}]": partner})
        for partner in repeated(self.partners):
            faults.add(f"{partner!r} stands here twice", "partners")
        for code in sorted(self.products):
            check_ids(faults, products=code)
        if not self.steps:
            faults.add("found none; accepted: the step that opened it, at least", "steps")
        for place, step in enumerate(self.steps):
            with faults.within(f"steps[{place}]"):
                checked_instant(step.at)
                checked_date(step.expected_close, "expected_close")
            if step.amount.currency != self.steps[0].amount.currency:
                faults.add(
                    f"found {step.amount}; accepted: {self.steps[0].amount.currency}",
                    f"steps[{place}].amount",
                )
            if step.amount.minor < 0:
                faults.add(f"found {step.amount}; accepted: zero or more", f"steps[{place}].amount")
        faults.raise_if_any()  # fmt: skip

    @property
    def last(self) -> OpportunityStep:
        return self.steps[-1]

    @property
    def stage(self) -> str:
        return self.last.stage

    @property
    def state(self) -> OpportunityState:
        return self.last.after

    @property
    def amount(self) -> Money:
        return self.last.amount

    @property
    def expected_close(self) -> datetime.date:
        return self.last.expected_close

    @property
    def loss_reason(self) -> str | None:
        return self.last.reason if self.state is OpportunityState.LOST else None

    @property
    def in_stage_since(self) -> datetime.datetime:
        """When it came into the stage where it is."""
        since = self.last.at
        for step in reversed(self.steps):
            if step.stage != self.stage:
                break
            since = step.at
        return since
