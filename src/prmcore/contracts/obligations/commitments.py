"""All that is committed under one agreement beside its terms, and what is known of how it was kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

import attrs

from prmcore.contracts.agreements import MinimumClause
from prmcore.contracts.obligations.minimums import CommitmentPeriod, commitment_periods
from prmcore.contracts.obligations.model import Done, Measured, Obligation, Waiver
from prmcore.contracts.obligations.shortfalls import JudgedMinimum, judged_minimums, unit_of
from prmcore.contracts.terms import Timetable
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values import BusinessCalendar, FiscalCalendar, checked_date

__all__ = ["NO_COMMITMENTS", "Commitments"]

_CALENDAR_YEARS = FiscalCalendar()


@attrs.frozen(kw_only=True)
class Commitments:
    """The obligations and minimums of one agreement, and what was done and measured.

    Refused, all at once: what is done, measured or waived of something that is not here, on a day that is none of its days, or
    in another unit.
    """

    obligations: tuple[Obligation, ...] = ()
    done: tuple[Done, ...] = ()
    minimums: Mapping[str, MinimumClause] = attrs.field(factory=dict)  # by their keys in the paper
    measured: tuple[Measured, ...] = ()  # in the order in which they became known
    waived: tuple[Waiver, ...] = ()
    fiscal: FiscalCalendar = _CALENDAR_YEARS  # whose years those of a fiscal year are
    since: datetime.date | None = None  # the agreement's first day; None = that of the timetable

    def __attrs_post_init__(self) -> None:
        faults = Faults("the commitments cannot be used")
        known = {one.id: one for one in self.obligations}
        for twice in repeated(one.id for one in self.obligations):
            faults.add(f"{twice!r} is there twice", "obligations")
        for place, one in enumerate(self.obligations):
            if one.agreement != self.obligations[0].agreement:
                faults.add(
                    f"found one of {one.agreement!r}; accepted: of one agreement, "
                    f"{self.obligations[0].agreement!r}",
                    f"obligations[{place}].agreement",
                )
        for place, done in enumerate(self.done):
            path, about = f"done[{place}]", known.get(done.obligation)
            if about is None:
                faults.add(_unknown(done.obligation, known), f"{path}.obligation")
            elif not about.has(done.due):
                faults.add(f"found {done.due}; accepted: a day of {about.id!r}", f"{path}.due")
        for place, found in enumerate(self.measured):
            clause = self.minimums.get(found.minimum)
            if clause is None:
                faults.add(_unknown(found.minimum, self.minimums), f"measured[{place}].minimum")
            elif unit_of(found.value) != (None if clause.amount is None else clause.amount.currency):
                asked = "a count" if clause.amount is None else f"an amount in {clause.amount.currency}"
                faults.add(f"found {found.value}; accepted: {asked}", f"measured[{place}].amount")
        for place, waiver in enumerate(self.waived):
            if waiver.minimum not in self.minimums:
                faults.add(_unknown(waiver.minimum, self.minimums), f"waived[{place}].minimum")
        if self.since is not None:
            with faults.within("since"):
                checked_date(self.since)
        faults.raise_if_any()

    def check_agreement(self, agreement: str) -> None:
        """Refuses the obligations of another agreement."""
        for one in self.obligations[:1]:
            if one.agreement != agreement:
                raise InvalidInput(f"found commitments of {one.agreement!r}; accepted: of {agreement!r}")

    def with_done(self, done: Done) -> Commitments:
        """With one more that was done; the same obligation and day again changes nothing."""
        if any(one.key == done.key for one in self.done):
            return self
        return attrs.evolve(self, done=(*self.done, done))

    def periods(
        self,
        key: str,
        timetable: Timetable,
        *,
        ends: datetime.date | None = None,
        calendar: BusinessCalendar | None = None,
    ) -> Iterator[CommitmentPeriod]:
        """The years of one minimum: see `commitment_periods`."""
        return commitment_periods(
            key,
            self._clause(key),
            timetable,
            fiscal=self.fiscal,
            since=self.since,
            ends=ends,
            calendar=calendar,
        )

    def judged(
        self,
        key: str,
        timetable: Timetable,
        as_of: datetime.date,
        *,
        ends: datetime.date | None = None,
        calendar: BusinessCalendar | None = None,
    ) -> tuple[JudgedMinimum, ...]:
        """What became of one minimum in each year that has begun by a day: see `judged_minimums`."""
        return judged_minimums(
            self.periods(key, timetable, ends=ends, calendar=calendar), self._clause(key), as_of,
            measured=self.measured, waived=self.waived,
        )  # fmt: skip

    def _clause(self, key: str) -> MinimumClause:
        if key not in self.minimums:
            raise InvalidInput(_unknown(key, self.minimums))
        return self.minimums[key]


def _unknown(found: str, known: Mapping[str, object]) -> str:
    return f"found {found!r:.60}; accepted: {', '.join(known) or 'nothing, there is none'}"


NO_COMMITMENTS = Commitments()
