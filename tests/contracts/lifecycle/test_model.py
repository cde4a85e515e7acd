"""What happens to an agreement, as records: which steps there can be, and which moves are allowed."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.lifecycle import (
    AGREEMENT_MOVES,
    CALENDAR,
    ENDED,
    IN_FORCE,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Purpose,
    Standing,
)
from prmcore.contracts.notice import GivenNotice
from prmcore.errors import InvalidInput

D = datetime.date
A, S = AgreementAction, AgreementState
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
NO_ZONE = datetime.datetime(2026, 1, 1, 12)
BLANK = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"
STEP: dict[str, Any] = {"action": A.SUSPEND, "on": D(2026, 1, 1), "at": NOON, "by": "clerk"}
NOTICE: dict[str, Any] = {**STEP, "action": A.GIVE_NOTICE, "purpose": Purpose.CAUSE, "party": "partner"}
LETTER = GivenNotice(id="N-1", by="partner", sent_at=NOON)
HAS_PURPOSE = "a notice has a purpose, and nothing else has one @ purpose"
OF_A_TERM = "accepted: the term that it is about, of agree-renewal and meet-condition only @ term"


def test_a_step_is_written_with_the_names_of_its_parts() -> None:
    assert all(field.kw_only for field in attrs.fields(AgreementStep))


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({**STEP, "on": NOON, "at": NO_ZONE, "by": " x", "party": " x"},
         [f"the day: found {NOON!r:.60}; accepted: a date without a time @ on",
          f"at: found {NO_ZONE!r}; accepted: a datetime with its time zone @ at", f"{BLANK} @ by", f"{BLANK} @ party"]),
        ({**STEP, "last_term": 0}, ["only a notice ends an agreement later @ last_term"]),
        ({**STEP, "ends": D(2026, 2, 1)}, ["only a notice ends an agreement later @ ends"]),
        ({**STEP, "purpose": Purpose.CAUSE}, [HAS_PURPOSE]),
        ({**NOTICE, "purpose": None}, [HAS_PURPOSE]),
        ({**STEP, "notice": LETTER, "party": "partner"}, ["found that of 'partner'; accepted: of a notice, its own @ notice"]),
        ({**NOTICE, "notice": LETTER, "party": "vendor"}, ["found that of 'partner'; accepted: of a notice, its own @ notice"]),
        ({**STEP, "term": 1}, [f"found 1; {OF_A_TERM}"]),
        ({**STEP, "action": A.AGREE_RENEWAL}, [f"found None; {OF_A_TERM}"]),
        ({**STEP, "action": A.MEET_CONDITION}, [f"found None; {OF_A_TERM}"]),
        *(({**STEP, "action": A.AGREE_RENEWAL, "term": number}, [f"found {number!r}; accepted: 0 to 100000 @ term"])
          for number in (-1, 100_001, True)),
        *(({**NOTICE, "last_term": number}, [f"found {number!r}; accepted: 0 to 100000 @ last_term"]) for number in (-1, 100_001, True)),
        *(({**STEP, "action": action}, [f"found {action}; accepted: what somebody does @ action"]) for action in sorted(CALENDAR)),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_is_refused_at_its_part(parts: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        AgreementStep(**parts)
    assert list(map(str, refused.value.faults)) == faults


@pytest.mark.parametrize(
    "parts",
    [
        STEP,
        {**NOTICE, "notice": LETTER},
        *({**NOTICE, "last_term": number} for number in (0, 100_000)),
        {**NOTICE, "ends": D(2026, 2, 1)},
        *({**STEP, "action": action, "term": number} for action in (A.AGREE_RENEWAL, A.MEET_CONDITION) for number in (0, 100_000)),
    ],
)  # fmt: skip
def test_a_step_may_be_about_a_term_or_be_a_notice_with_its_effect(parts: dict[str, Any]) -> None:
    assert {name: getattr(AgreementStep(**parts), name) for name in parts} == parts


MOVES = """
    draft: negotiate negotiation, approve approved, abandon abandoned
    negotiation: approve approved, abandon abandoned
    approved: reopen negotiation, sign-part approved, sign signed, abandon abandoned
    signed: give-notice signed, terminate terminated, commence active
    active: give-notice notice-given, agree-renewal active, meet-condition active, cure active, suspend suspended,
            terminate terminated, become-certain renewed, renew active, expire expired
    renewed: give-notice renewed, cure renewed, agree-renewal renewed, meet-condition renewed, suspend suspended,
             terminate terminated, renew active
    notice-given: give-notice notice-given, withdraw-notice active, cure active, suspend suspended, terminate terminated,
                  expire expired
    suspended: give-notice suspended, resume active, terminate terminated, renew suspended, expire expired
"""


def test_these_moves_are_allowed_and_no_others() -> None:
    written = {}
    for line in MOVES.replace(",\n", ",").strip().splitlines():
        state, _, moves = line.strip().partition(": ")
        for move in moves.split(","):
            action, after = move.split()
            written[S(state), A(action)] = S(after)
    assert dict(AGREEMENT_MOVES) == written


def test_these_states_are_in_force_and_these_are_over() -> None:
    assert {state.value for state in IN_FORCE} == {"active", "renewed", "notice-given"}
    assert {state.value for state in ENDED} == {"expired", "terminated", "abandoned"}
    assert {action.value for action in CALENDAR} == {"commence", "become-certain", "renew", "expire"}
    for state in S:
        assert Standing(agreement="a", on=D(2026, 1, 1), state=state).is_in_force is (state in IN_FORCE)
