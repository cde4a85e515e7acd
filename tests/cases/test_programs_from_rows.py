"""The published programs, counted from rows: the metrics as the source defines them, on rows worked out by hand."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from prmcore.cli import main
from prmcore.errors import InvalidInput
from prmcore.incentives import Transaction
from prmcore.performance import RowBook
from prmcore.program import Program, ProgramVersions, from_document, load_program, to_document
from prmcore.program.earning import earn, ledger_of, transactions_of
from prmcore.program.judge import history, judged, level_on
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.tiers import TierFacts
from prmcore.values import Money, Rate

PROGRAMS = Path(__file__).parents[2] / "examples" / "programs"
ODOO = {path.stem[-10:]: load_program(path) for path in sorted(PROGRAMS.glob("odoo-*.toml"))}
VERSIONS = ProgramVersions.of(*ODOO.values())
MICROSOFT = load_program(PROGRAMS / "microsoft-modern-work-2024.toml")

# Users: 200 new on 1 March 2022, 120 more by upsell in 2023, 15 downsold, 5 churned; renewals of 500 that do not count.
SOLD = [
    (date(2022, 3, 1), ("new", 200)),
    (date(2022, 9, 1), ("renewal", 500)),
    (date(2022, 10, 1), ("downsell", 15)),
    (date(2023, 2, 1), ("upsell", 120)),
    (date(2023, 4, 1), ("churn", 5)),
]
# Ana holds two certificates; Bo's counts until 1 June 2023; Chen and Dae have no end.
CERTIFICATES = [
    (date(2021, 1, 1), ("ana", date(2023, 1, 1))),
    (date(2022, 5, 1), ("ana", None)),
    (date(2022, 5, 1), ("bo", date(2023, 6, 1))),
    (date(2022, 6, 1), ("chen", None)),
    (date(2023, 3, 1), ("dae", None)),
]
# Contracts: 8 run on, 1 ended in the last year before March 2023, 1 before that.
CONTRACTS = [
    *[(date(2020, 1, 1), (None,))] * 8,
    (date(2020, 1, 1), (date(2022, 6, 30),)),
    (date(2020, 1, 1), (date(2022, 1, 31),)),
]
# Customers: one of 2019, 4 of the last three years, one of whom has left.
CUSTOMERS = [
    (date(2019, 5, 1), ("old", None)),
    (date(2021, 2, 1), ("a", None)),
    (date(2021, 3, 1), ("b", date(2022, 2, 1))),
    (date(2022, 4, 1), ("c", None)),
    (date(2023, 1, 1), ("d", None)),
]
ROWS: dict[str, list[tuple[date, tuple[Any, ...]]]] = {
    "users_sold": SOLD, "certificates": CERTIFICATES, "contracts": CONTRACTS, "customers": CUSTOMERS,
}  # fmt: skip


def book_of(program: Program, rows: dict[str, Any]) -> RowBook:
    book = program.book()
    for source, found in rows.items():
        book.add(source, [("acme", day, values) for day, values in found])
    return book


@pytest.mark.parametrize(
    ("version", "day", "users", "people", "retention"),
    [
        # 12 months to 31 March 2023: 1 April 2022 on; the 200 of 1 March 2022 are out, the upsell is in. 8 contracts
        # are active; of the two that ended, the one of 30 June 2022 was active within 12 months.
        ("2021-01-12", date(2023, 3, 31), 120, 4, "8/9"),
        # To 28 February 2023 the 200 are in (1 March 2022 is the first day); ana, bo and chen are certified.
        ("2021-01-12", date(2023, 2, 28), 320, 3, "8/9"),
        # 2023: 120 won, 15 + 5 lost; bo's certificate counts no more on 1 June; of a, b, c and d all but b are active.
        ("2023-05-19", date(2023, 6, 1), 100, 3, "3/4"),
        ("2023-05-19", date(2023, 5, 31), 100, 4, "3/4"),
        # 36 months to 1 March 2024 begin on 2 March 2021: a and b were acquired before; only the churn is within a year.
        ("2023-05-19", date(2024, 3, 1), -5, 3, "1/1"),
    ],
)
def test_odoo_counts_users_people_and_retention(
    version: str, day: date, users: int, people: int, retention: str
) -> None:
    program = ODOO[version]
    found = program.metrics_on(book_of(program, ROWS), "acme", day, {})
    assert (found["users"], found["certified_people"]) == (users, people)
    assert found["retention"] == Rate.parse(retention)


def test_each_day_is_counted_by_the_definitions_of_its_own_version() -> None:
    book = book_of(ODOO["2023-05-19"], ROWS)
    days = [date(2023, 3, 31), date(2023, 6, 30)]
    found = list(judged(VERSIONS, book, {"acme": {}}, days))
    # 2021 counts what was sold, 120; 2023 takes what was lost since 1 July 2022 from it, 120 - 15 - 5.
    assert [one.decision.facts.metrics["users"] for one in found] == [120, 100]
    assert [str(one.decision.facts.metrics["retention"]) for one in found] == ["8/9", "75 %"]
    assert [one.decision.outcome.level for one in found] == ["silver", "silver"]


def test_rows_that_were_read_for_other_fields_are_not_counted_by_another_version() -> None:
    document = to_document(ODOO["2021-01-12"])
    document["sources"]["users_sold"]["fields"]["country"] = {"kind": "code"}
    document["sources"]["visits"] = {"fields": {}}
    other = from_document(document)
    with pytest.raises(InvalidInput) as refused:
        book_of(ODOO["2023-05-19"], ROWS).read_by(other.registry, other.calendar)
    assert [fault.path for fault in refused.value.faults] == [
        "sources.users_sold.fields.country",
        "sources.visits",
    ]


# Enterprise: 5 adds, 4 intermediate people (one exam retired on 1 June 2023: it counts until 31 May 2024), 2 advanced, 500
# users and 2 deployments, of 20 May 2023. So 20 + 10 + 15 + 15 + 10 = 70 up to 19 May 2024, and 60 with a zero after it.
MODERN_WORK = {
    "customers": [(date(2024, 1, 10), ("enterprise", 6)), (date(2024, 1, 20), ("enterprise", -1))],
    "certificates": [
        (date(2022, 1, 1), ("ana", "intermediate", date(2023, 6, 1))),
        (date(2022, 1, 1), ("ana", "advanced", None)),
        *[(date(2022, 1, 1), (person, "intermediate", None)) for person in ("bo", "bo", "chen", "dae")],
        (date(2022, 1, 1), ("bo", "advanced", None)),
    ],
    "usage": [(date(2024, 2, 1), ("enterprise", 500))],
    "deployments": [(date(2023, 5, 20), ("enterprise", 2))],
}


@pytest.mark.parametrize(
    ("day", "level", "best_day", "points"),
    [
        (date(2024, 8, 15), "solutions-partner", date(2024, 5, 19), 70),
        (date(2024, 10, 31), "solutions-partner", date(2024, 5, 19), 70),  # the window begins on 1 May
        (date(2024, 11, 1), "member", date(2024, 11, 1), Fraction(115, 2)),  # on 1 June: 20 + 7.5 + 15 + 15
    ],
)
def test_microsoft_judges_the_best_day_of_this_month_and_the_five_before(
    day: date, level: str, best_day: date, points: Fraction
) -> None:
    tiers = MICROSOFT.tiers
    metrics = MICROSOFT.gathered(book_of(MICROSOFT, MODERN_WORK), "acme", day, {})
    decision = tiers.decide(TierFacts(metrics), day)
    assert decision.outcome.level == level
    assert tiers.judged_day(decision) == best_day
    assert tiers.ladder_decision(decision).facts["points"] == points


def test_three_versions_run_over_one_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text("partner,name\nacme,Acme\n")
    fields = {
        "users_sold": "change,users", "certificates": "person,counts_until", "contracts": "ended",
        "customers": "customer,left",
    }  # fmt: skip
    for source, found in ROWS.items():
        with (tmp_path / f"{source}.csv").open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["partner", "date", *fields[source].split(",")])
            writer.writerows(["acme", day, *values] for day, values in found)
    store = tmp_path / "store.sqlite"
    programs = [str(path) for path in sorted(PROGRAMS.glob("odoo-*.toml"))]
    asked = ["run", *programs, "--facts", str(tmp_path), "--store", str(store), "--as-of", "2023-09-30"]
    assert main(asked) == 0
    kept = history(SqliteStore(store), "odoo-partnership", "acme")
    # 2022-03-31: 200 users, but nobody is certified but ana; her only. 06-30: ana, bo, chen: gold (200, 3, 8 of 9 or 10).
    assert level_on(kept, date(2022, 3, 31)) == "ready"
    assert level_on(kept, date(2022, 6, 30)) == "gold"
    assert level_on(kept, date(2023, 9, 30)) == "silver"


# Odoo, section 4.2: commission at the rate of the level on the day of the invoice. By hand, month by month:
# licences 1,000 at ready 10 % = 100; 1,000 at gold 20 % = 200, of which half is credited in the month after: -100.
# Hosting, 50 % and at most 150 a month and subscription: s1 of 200 and 180 in one month 190, cut to 150; s2 of 100 is 50.
# Maintenance 50 at 82 % = 41.
INVOICES = [
    ("2023-06-05", "I1", None, "1000", "licences", "s1", 100),
    ("2023-07-05", "I2", None, "1000", "licences", "s1", 200),
    ("2023-08-02", "C2", "I2", "-500", "licences", "s1", -100),
    ("2023-07-10", "I3", None, "200", "hosting", "s1", 100),
    ("2023-07-20", "I4", None, "180", "hosting", "s1", 50),
    ("2023-07-21", "I5", None, "100", "hosting", "s2", 50),
    ("2023-07-22", "I6", None, "50", "maintenance", "s2", 41),
]


def test_odoo_pays_each_invoice_at_the_level_of_its_day() -> None:
    versions = ProgramVersions.of(ODOO["2023-05-19"])
    store = MemoryStore()
    given: list[Transaction] = []
    for day, number, credits, amount, sold, subscription, due in INVOICES:
        fields = versions.registry.source("invoices").fields
        values = {
            "number": number,
            "credits": credits,
            "amount": Money.of(amount, "EUR"),
            "sold": sold,
            "subscription": subscription,
        }
        row = ("p", date.fromisoformat(day), tuple(values[name] for name in fields.names))
        known = date(2023, 8, 31)
        found = transactions_of(
            versions, [row], {}, lambda partner, on: "gold" if on >= date(2023, 7, 1) else "ready"
        )
        given.extend(found)
        earned = earn(store, versions, given, known=known)
        assert sum(entry.amount.minor for entry in earned.entries) == due * 100, number
    assert ledger_of(store, "odoo-partnership").balance("p", "EUR") == Money.of(441, "EUR")
