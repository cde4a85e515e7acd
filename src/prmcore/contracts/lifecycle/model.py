"""What happens to an agreement, as records: the steps that somebody took, and the moves that are allowed.

Which state an agreement is in is never stored. It follows from the paper, from these steps and from the day that is asked
for: see `standing.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum

import attrs

from prmcore.contracts.notice import GivenNotice
from prmcore.errors import Faults
from prmcore.values import checked_date, checked_id, checked_instant

__all__ = [
    "AGREEMENT_MOVES", "CALENDAR", "ENDED", "IN_FORCE", "AgreementAction", "AgreementState", "AgreementStep", "Purpose",
]  # fmt: skip


class AgreementState(StrEnum):
    """How an agreement stands on a day."""

    DRAFT = "draft"
    NEGOTIATION = "negotiation"
    APPROVED = "approved"  # inside the house; to be signed
    SIGNED = "signed"  # by everybody; its first term has not begun
    ACTIVE = "active"
    RENEWED = "renewed"  # nobody can stop the next term any more, and it has not begun
    NOTICE_GIVEN = "notice-given"  # it runs until its end, and no longer
    SUSPENDED = "suspended"
    EXPIRED = "expired"  # its last term is over
    TERMINATED = "terminated"  # before that
    ABANDONED = "abandoned"  # never signed


class AgreementAction(StrEnum):
    """What somebody can do with an agreement."""

    NEGOTIATE = "negotiate"
    APPROVE = "approve"
    REOPEN = "reopen"  # what was approved is talked about again
    SIGN_PART = "sign-part"  # others have to sign, too
    SIGN = "sign"
    ABANDON = "abandon"
    GIVE_NOTICE = "give-notice"
    WITHDRAW_NOTICE = "withdraw-notice"
    AGREE_RENEWAL = "agree-renewal"  # where a renewal needs it
    MEET_CONDITION = "meet-condition"  # what the next term depends on
    SUSPEND = "suspend"
    RESUME = "resume"
    CURE = "cure"  # the breach that a notice was given for
    TERMINATE = "terminate"
    # what the calendar does; nobody records these
    COMMENCE = "commence"
    BECOME_CERTAIN = "become-certain"  # the next term
    RENEW = "renew"  # the next term begins
    EXPIRE = "expire"


_S, _A = AgreementState, AgreementAction
AGREEMENT_MOVES: Mapping[tuple[AgreementState, AgreementAction], AgreementState] = {
    (_S.DRAFT, _A.NEGOTIATE): _S.NEGOTIATION,
    (_S.DRAFT, _A.APPROVE): _S.APPROVED,
    (_S.DRAFT, _A.ABANDON): _S.ABANDONED,
    (_S.NEGOTIATION, _A.APPROVE): _S.APPROVED,
    (_S.NEGOTIATION, _A.ABANDON): _S.ABANDONED,
    (_S.APPROVED, _A.REOPEN): _S.NEGOTIATION,
    (_S.APPROVED, _A.SIGN_PART): _S.APPROVED,
    (_S.APPROVED, _A.SIGN): _S.SIGNED,
    (_S.APPROVED, _A.ABANDON): _S.ABANDONED,
    (_S.SIGNED, _A.GIVE_NOTICE): _S.SIGNED,  # of what has not begun
    (_S.SIGNED, _A.TERMINATE): _S.TERMINATED,
    (_S.SIGNED, _A.COMMENCE): _S.ACTIVE,
    (_S.ACTIVE, _A.GIVE_NOTICE): _S.NOTICE_GIVEN,
    (_S.ACTIVE, _A.AGREE_RENEWAL): _S.ACTIVE,
    (_S.ACTIVE, _A.MEET_CONDITION): _S.ACTIVE,
    (_S.ACTIVE, _A.CURE): _S.ACTIVE,
    (_S.ACTIVE, _A.SUSPEND): _S.SUSPENDED,
    (_S.ACTIVE, _A.TERMINATE): _S.TERMINATED,
    (_S.ACTIVE, _A.BECOME_CERTAIN): _S.RENEWED,
    (_S.ACTIVE, _A.RENEW): _S.ACTIVE,
    (_S.ACTIVE, _A.EXPIRE): _S.EXPIRED,
    (_S.RENEWED, _A.GIVE_NOTICE): _S.RENEWED,  # too late for this term
    (_S.RENEWED, _A.CURE): _S.RENEWED,
    (_S.RENEWED, _A.AGREE_RENEWAL): _S.RENEWED,
    (_S.RENEWED, _A.MEET_CONDITION): _S.RENEWED,
    (_S.RENEWED, _A.SUSPEND): _S.SUSPENDED,
    (_S.RENEWED, _A.TERMINATE): _S.TERMINATED,
    (_S.RENEWED, _A.RENEW): _S.ACTIVE,
    (_S.NOTICE_GIVEN, _A.GIVE_NOTICE): _S.NOTICE_GIVEN,  # by the other party, or for another reason
    (_S.NOTICE_GIVEN, _A.WITHDRAW_NOTICE): _S.ACTIVE,
    (_S.NOTICE_GIVEN, _A.CURE): _S.ACTIVE,
    (_S.NOTICE_GIVEN, _A.SUSPEND): _S.SUSPENDED,
    (_S.NOTICE_GIVEN, _A.TERMINATE): _S.TERMINATED,
    (_S.NOTICE_GIVEN, _A.EXPIRE): _S.EXPIRED,
    (_S.SUSPENDED, _A.GIVE_NOTICE): _S.SUSPENDED,
    (_S.SUSPENDED, _A.RESUME): _S.ACTIVE,
    (_S.SUSPENDED, _A.TERMINATE): _S.TERMINATED,
    (_S.SUSPENDED, _A.RENEW): _S.SUSPENDED,
    (_S.SUSPENDED, _A.EXPIRE): _S.EXPIRED,
}  # what is over stays over; whoever goes on signs anew
IN_FORCE = frozenset({_S.ACTIVE, _S.RENEWED, _S.NOTICE_GIVEN})  # both sides may rely on it
ENDED = frozenset({_S.EXPIRED, _S.TERMINATED, _S.ABANDONED})


class Purpose(StrEnum):
    """What a notice is given for."""

    STOP_RENEWAL = "stop-renewal"  # the term that runs is the last one
    CONVENIENCE = "convenience"  # it ends before its term does
    CAUSE = "cause"  # the other side has breached it


@attrs.frozen(kw_only=True)
class AgreementStep:
    """Something that somebody did, and that is never changed afterwards.

    What came of a notice was judged when it was recorded, by the paper of that day: `last_term` or `ends`. A notice that
    came too late is kept with neither, and ends nothing.
    """

    action: AgreementAction
    on: (
        datetime.date
    )  # from which it counts, in the agreement's zone; of a notice the day on which it is there
    at: datetime.datetime  # when it became known here
    by: str
    party: str | None = None  # whose act it is; None = it is nobody's in particular
    purpose: Purpose | None = None  # of a notice
    last_term: int | None = None  # with whose end the agreement ends, from 0
    ends: datetime.date | None = None  # of a notice: the first day on which the agreement holds no longer
    term: int | None = None  # that is agreed to, or whose condition is met
    notice: GivenNotice | None = None  # as it was given; None = only its effect is known
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults("the step cannot be used")
        with faults.within("on"):
            checked_date(self.on)
        with faults.within("at"):
            checked_instant(self.at, "at")
        for name in ("by", "party"):
            if getattr(self, name) is not None:
                with faults.within(name):
                    checked_id(getattr(self, name))
        if self.action is not _A.GIVE_NOTICE and (self.last_term, self.ends) != (None, None):
            faults.add("only a notice ends an agreement later", "last_term" if self.ends is None else "ends")
        if (self.action is AgreementAction.GIVE_NOTICE) != (self.purpose is not None):
            faults.add("a notice has a purpose, and nothing else has one", "purpose")
        if self.notice is not None and (self.purpose is None or self.notice.by != self.party):
            faults.add(f"found that of {self.notice.by!r}; accepted: of a notice, its own", "notice")
        if (self.action in _OF_A_TERM) != (self.term is not None):
            faults.add(f"found {self.term}; accepted: the term that it is about, of {_NAMES} only", "term")
        for name in ("term", "last_term"):
            number = getattr(self, name)
            if number is not None and (type(number) is not int or not 0 <= number <= 100_000):
                faults.add(f"found {number!r:.40}; accepted: 0 to 100000", name)
        if self.action in CALENDAR:
            faults.add(f"found {self.action}; accepted: what somebody does", "action")
        faults.raise_if_any()


_OF_A_TERM = frozenset({_A.AGREE_RENEWAL, _A.MEET_CONDITION})
_NAMES = " and ".join(sorted(_OF_A_TERM))
CALENDAR = frozenset({_A.COMMENCE, _A.BECOME_CERTAIN, _A.RENEW, _A.EXPIRE})
