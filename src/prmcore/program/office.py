"""The office of a program: what is done with it every day, over your store; each action one unit of work with its event.

An action names who acts and when. It gathers what it needs of all capabilities, decides, keeps what came of it, and leaves
an event in the audit trail, all of it or nothing. Done again it changes nothing. Two take more than one unit, and done again
complete what was cut off: a large review is kept a batch at a time, and a deal that is new, or another, is written before it is handed in.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from prmcore.contracts.lifecycle import AgreementTaken, Purpose
from prmcore.contracts.notice import GivenNotice
from prmcore.deals import Acting
from prmcore.deals.registrations import Deal, RegistrationMoved
from prmcore.deals.registrations.repository import REGISTRATIONS
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.incentives import BookPeriod, Circumstances, Transaction
from prmcore.partners import PARTNERS
from prmcore.performance import RowBook
from prmcore.program.contract import record_notice
from prmcore.program.earning import Earned, close_period, earn, sales_of
from prmcore.program.entitle import may_be_reviewed
from prmcore.program.incentives import Row
from prmcore.program.judge import Judged, Tally, judged, record, standings
from prmcore.program.model import ProgramVersions
from prmcore.program.register import (
    approve_registration,
    circumstances,
    draft_registration,
    revise_registration,
    submit_registration,
)
from prmcore.program.today import DueToday, due_today
from prmcore.program.trail import Event, Trail, events_of
from prmcore.repository import Store, asked_for, found_in

__all__ = ["Office", "Reviewed"]


@attrs.frozen
class Reviewed:
    """What a review of tiers came to."""

    decisions: tuple[Judged, ...]  # in order of days
    tally: Tally  # what of it was recorded, and what had been before


@attrs.frozen
class Office:
    """One program over one store. Every action takes `by`, who acts, and `at`, the instant; days are those of its zone.

    What is not here is done by any use case of `prmcore.program` on `acting(...)`, which leaves the same events.
    """

    store: Store
    versions: ProgramVersions

    def acting(self, action: str, *, by: str, at: datetime.datetime) -> Trail:
        """The store, for a use case that somebody does at an instant: what it changes or refuses is an event.

        `accept_lead(office.acting("accept-lead", by="kim", at=now), office.versions, "L-1", "acme", by="kim", at=now)`
        """
        return Trail(store=self.store, program=self.versions.name, action=action, by=by, at=at)

    def day(self, at: datetime.datetime) -> datetime.date:
        """The day that it is in the program's zone."""
        return self.versions.at(at).day_at(at)

    # tiers

    def review_tiers(
        self,
        book: RowBook,
        given: Mapping[str, Mapping[str, Any]],
        days: Sequence[datetime.date],
        *,
        by: str,
        at: datetime.datetime,
        data_as_of: datetime.date | None = None,
    ) -> Reviewed:
        """Decides every partner on every day, and records it; days that were recorded before stay as they were.

        `book` holds the rows, `given` the facts that come with each partner, `data_as_of` the last day that they know of.
        A partner whose status or enrolment allows no review is passed over; one that is not kept is refused.
        """
        name = self.versions.name
        faults = Faults("the partners cannot be reviewed")
        with self.store.unit_of_work() as work:
            kept = {str(one.record.id): one.record for one in work.repository(PARTNERS)} if given else {}
        for partner in given:
            if partner not in kept:
                faults.add(unknown_name("partner", partner, kept))
        faults.raise_if_any()
        decisions = tuple(
            judged(
                self.versions, book, given, days, standings(self.store, name), data_as_of,
                lambda partner, day: may_be_reviewed(kept[partner], name, day),
            )
        )  # fmt: skip
        tally = record(self.acting("review-tiers", by=by, at=at), name, decisions)
        return Reviewed(decisions, tally)

    # incentives

    def transactions(
        self, rows: Iterable[Row], given: Mapping[str, Mapping[str, Any]], *, at: datetime.datetime
    ) -> tuple[Transaction, ...]:
        """Rows as what incentives are calculated from, with what is recorded of each partner on the day of its sale: the
        level of its last decision, and whether it had an agreement in force."""
        return tuple(sales_of(self.store, self.versions, rows, given, at))

    def post_earnings(
        self,
        transactions: Iterable[Transaction],
        *,
        by: str,
        at: datetime.datetime,
        known: Circumstances | None = None,
    ) -> Earned:
        """Posts what is due by the end of the day; what was posted before is compared, and only the difference is new."""
        acting = self.acting("post-earnings", by=by, at=at)
        return earn(acting, self.versions, transactions, known=self.day(at), circumstances=known)

    def close_period(self, period: datetime.date, *, by: str, at: datetime.datetime) -> BookPeriod:
        """Closes the period of the books that a day lies in: what comes later is booked in one that is open."""
        acting = self.acting("close-period", by=by, at=at)
        return close_period(acting, self.versions, period, on=self.day(at), by=by)

    # deals

    def submit_registration(
        self,
        id: str,
        partner: str,
        account: str,
        deal: Deal,
        *,
        by: str,
        at: datetime.datetime,
        **customer: Any,
    ) -> RegistrationMoved:
        """A deal handed in for an account: drafted unless it is there, then held against the clauses.

        Of a draft, or of what was returned, another deal is its next revision; of what was handed in already it is refused.
        The partner's status, tier and agreement, the coverage of the account and open conflicts are what the store knows;
        `customer` is what the caller knows besides, by the names of `Circumstances`.
        """
        acting = self.acting("submit-registration", by=by, at=at)
        with self.store.unit_of_work() as work:
            kept = found_in(work.repository(REGISTRATIONS), id)
        if kept is None:
            draft_registration(acting, self.versions, id=id, partner=partner, deal=deal, by=by, at=at)
        elif kept.record.partner != partner:
            raise InvalidInput(
                f"found {partner!r:.60}; the registration {id!r:.60} is of {kept.record.partner!r:.60}"
            )
        elif kept.record.deal != deal:
            revise_registration(acting, id, deal, by=by, at=at)
        known = circumstances(
            self.store, self.versions, partner, at, account=account, registration=id, **customer
        )
        return submit_registration(acting, self.versions, id, account, known, by=by, at=at)

    def approve_registration(
        self, id: str, *, who: Acting, at: datetime.datetime, **customer: Any
    ) -> RegistrationMoved:
        """A person's approval of a registration, or its refusal with the reasons; for `customer` see above."""
        with self.store.unit_of_work() as work:
            one = asked_for(work, REGISTRATIONS, id).record
        known = circumstances(
            self.store, self.versions, one.partner, at, account=one.account, registration=id, **customer
        )
        acting = self.acting("approve-registration", by=who.by, at=at)
        return approve_registration(acting, self.versions, id, known, who=who, at=at)

    # contracts

    def record_notice(
        self,
        agreement: str,
        notice: GivenNotice,
        *,
        by: str,
        at: datetime.datetime,
        purpose: Purpose = Purpose.STOP_RENEWAL,
    ) -> AgreementTaken:
        """Judges a notice by the agreement's paper and keeps it, whatever it does."""
        acting = self.acting("record-notice", by=by, at=at)
        return record_notice(acting, self.versions, agreement, notice, at=at, by=by, purpose=purpose)

    # all of it

    def due_today(self, at: datetime.datetime) -> tuple[DueToday, ...]:
        """All that is due and was not done or told yet, what has waited longest first; nothing is changed."""
        return due_today(self.store, self.versions, at)

    def events(self, *, kind: str | None = None, id: str | None = None) -> tuple[Event, ...]:
        """What was done and refused, by whom and by which decision; with both, to one record of a kind."""
        return events_of(self.store, self.versions.name, kind=kind, id=id)
