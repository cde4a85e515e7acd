"""What a partner may do on a day: a right for each thing, by status and by enrolment."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Decision, Ladder, Rung, fact, rung
from prmcore.errors import Faults
from prmcore.partners.model import Partner, Status
from prmcore.values import Text

__all__ = ["ALLOWED", "PartnerFacts", "Right", "Rights"]


class Right(StrEnum):
    """Something that a status allows or does not."""

    TRAIN = "train"  # take courses and exams
    BE_REVIEWED = "be-reviewed"  # be judged for a level
    RECEIVE_LEADS = "receive-leads"
    REGISTER = "register"  # register new deals
    EARN = "earn"  # commission on new sales
    REQUEST_FUNDS = "request-funds"
    USE_BENEFITS = "use-benefits"
    KEEP_ACCRUED = "keep-accrued"  # money earned before stays owed
    BE_PAID = "be-paid"  # what is owed is paid out


# A suspended partner registers nothing new and earns nothing new; what it has accrued is kept, and paid once it resumes.
ALLOWED: Mapping[Status, frozenset[Right]] = {
    Status.CANDIDATE: frozenset(),
    Status.ONBOARDING: frozenset({Right.TRAIN}),
    Status.ACTIVE: frozenset(Right),
    Status.SUSPENDED: frozenset({Right.TRAIN, Right.BE_REVIEWED, Right.KEEP_ACCRUED}),
    Status.ENDED: frozenset({Right.KEEP_ACCRUED, Right.BE_PAID}),
}
FOR_WHAT_WAS_EARNED = frozenset({Right.KEEP_ACCRUED, Right.BE_PAID})  # does not end with the enrolment


@attrs.frozen
class PartnerFacts:
    """What a right depends on."""

    status: Status | None = attrs.field(  # on the day; None = unknown
        metadata={"text": Text.of("status", ja="ステータス", zh="状态")}
    )
    is_enrolled: bool | None = attrs.field(  # in the program in question
        metadata={"text": Text.of("enrolled in the program", ja="プログラムに参加", zh="已加入计划")}
    )

    @classmethod
    def on(cls, partner: Partner, program: str, day: datetime.date) -> PartnerFacts:
        """The facts about a partner on a day."""
        return cls(partner.status_on(day), partner.is_enrolled(program, day))


@attrs.frozen(slots=False)
class Rights:
    """Which rights each status gives. The standard table is `ALLOWED`; a program may bring its own.

    >>> decision = Rights().decide(Right.REGISTER, PartnerFacts(Status.SUSPENDED, True), datetime.date(2026, 4, 1))
    >>> decision.outcome
    False
    """

    name: str = "partners/standard"
    allowed: Mapping[Status, frozenset[Right]] = attrs.field(default=ALLOWED)

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the rights {self.name!r} cannot be used")
        for status in Status:
            if status not in self.allowed:
                faults.add("is missing; a status that allows nothing says so", status.value)
        faults.raise_if_any()

    def decide(self, right: Right, facts: PartnerFacts, as_of: datetime.date) -> Decision[bool]:
        """Whether the partner has the right on that day, and why."""
        return self.policies[Right(right)].decide(facts, as_of)

    @cached_property
    def policies(self) -> Mapping[Right, Ladder[PartnerFacts, bool]]:
        return {right: self._policy(right) for right in Right}

    def _policy(self, right: Right) -> Ladder[PartnerFacts, bool]:
        statuses = [status for status in Status if right in self.allowed[status]]
        rungs: tuple[Rung[bool], ...] = ()
        if statuses:
            asked = [fact("status").one_of(*statuses)]
            if right not in FOR_WHAT_WAS_EARNED:
                asked.append(fact("is_enrolled").is_true())
            rungs = (rung(True, *asked, text=_YES),)
        return Ladder(
            f"{self.name}/{right.value}", facts=PartnerFacts, rungs=rungs, otherwise=False, otherwise_text=_NO
        )

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "allowed": self.allowed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


_YES = Text.of("allowed", ja="可", zh="允许")
_NO = Text.of("not allowed", ja="不可", zh="不允许")
