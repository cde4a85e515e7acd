"""Eight made-up agreements: kept, one suspended, one with a notice that came too late; what is due, and why until then.

python examples/contracts/demo.py FOLDER    writes contracts.ics and contracts.html into the folder
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementStep,
    deadlines_of,
    said_of_due,
    said_of_standing,
    standing_of,
    to_icalendar,
    upcoming,
)
from prmcore.contracts.notice import GivenNotice
from prmcore.contracts.notice.said import said_of_deadline, said_of_judged
from prmcore.decisions.explain import put_into_words
from prmcore.program import ProgramVersions, load_program
from prmcore.program.contract import (
    agreements_of,
    contract_policy,
    due_by,
    keep_agreements,
    record_notice,
    take_step,
)
from prmcore.program.document.agreements import load_agreements
from prmcore.report import contracts_page
from prmcore.storage import MemoryStore

HERE = Path(__file__).parent
KEPT, RESTS, NOW = (datetime(2026, *day, 3, tzinfo=UTC) for day in ((6, 1), (6, 10), (7, 1)))
TODAY, YEAR_END = date(2026, 7, 1), date(2026, 12, 31)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    program = load_program(HERE / "channel-2026.toml")
    versions = ProgramVersions.of(program)
    policy = contract_policy(versions, NOW)
    store = MemoryStore()

    agreements = load_agreements(HERE / "agreements.toml", read_at=KEPT)
    keep_agreements(store, versions, agreements, at=KEPT, since=date(2026, 5, 31))
    late = GivenNotice(id="n-1", by="partner", sent_at=NOW, received_at=NOW)
    found = record_notice(store, versions, "JP-002", late, at=NOW, by="mori")
    rests = AgreementStep(
        action=AgreementAction.SUSPEND, on=date(2026, 6, 10), at=RESTS, by="mori", reason="unpaid invoices"
    )
    take_step(store, versions, "US-002", rests)

    records = agreements_of(store)
    print(f"\n{program.text}, as they stand on {TODAY}:")
    for record in records:
        print(f"  {put_into_words(said_of_standing(standing_of(record, policy, TODAY, NOW)), 'en').text}")
    if found.judged is not None:
        print(f"\nJP-002: {put_into_words(said_of_judged(found.judged), 'en').text}")
    due = due_by(store, versions, TODAY, at=NOW)
    print(f"\ndue by {TODAY}:")
    for one in due:
        print(f"  {one.on}  {put_into_words(said_of_due(one), 'en').text} ({one.owner})")

    (explained,) = (one for one in records if one.agreement.id == "JP-001")
    for locale in ("en", "ja", "zh"):
        for deadline in deadlines_of(explained, policy, TODAY, NOW):
            print(f"\nJP-001: {put_into_words(said_of_deadline(deadline), locale)}")

    coming = [each for one in records for each in upcoming(one, policy, YEAR_END, NOW, after=TODAY)]
    (folder / "contracts.ics").write_bytes(to_icalendar(coming, zone=policy.zone, stamp=NOW))
    page = contracts_page(program, records, TODAY, NOW, due)
    (folder / "contracts.html").write_text(page, encoding="utf-8")
    print(
        f"\n{len(coming)} days until {YEAR_END}: {folder / 'contracts.ics'}; report: {folder / 'contracts.html'}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-out"))
