"""What prmcore costs: ratios within one run.

python3 dev.py bench            under five minutes
python3 dev.py bench --quick    about a minute: that the benchmarks work, and agree
python3 dev.py bench --json F   the figures as JSON too
"""

from __future__ import annotations

import argparse
import json
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coverage import searched as covered
from due import timed as due
from identity import judged, names_of, searched
from peers import PEERS
from rule import DAY, LADDER, POLICY, Facts, Record, cases, plain, random_facts, standing
from sizes import batch, imports
from timing import side_by_side
from tryton import absent

from contracts import timed as contracts
from prmcore import explain
from prmcore.decisions import Decision, Truth
from prmcore.tiers import TierFacts, TierOutcome

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description="What prmcore costs, as ratios within one run.")
    parser.add_argument("--quick", action="store_true", help="small, to see that all of it works")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    figures = {
        "one decision": decision(*((3, 0.02) if options.quick else (25, 0.05))),
        "peers": peers(*((3, 0.02) if options.quick else (15, 0.1))),
        "import": importing(5 if options.quick else 31),
        "batches": batches(20 if options.quick else 1),
        "increments": increments(20 if options.quick else 1),
        "commission": commission(100 if options.quick else 2000),
        "late": late(*((10, 3) if options.quick else (1, 9))),
        "identity": identity(*((50, 10_000, 100) if options.quick else (1500, 100_000, 1000))),
        "coverage": coverage(*((10_000, 40) if options.quick else (100_000, 400))),
        "contracts": contracts(*((3, 0.02) if options.quick else (15, 0.1)), show),
        "due": due(20_000 if options.quick else 1_000_000, show),
    }
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def decision(rounds: int, seconds: float) -> Figures:
    """One tier decision against the construction of one record, and its explanations against the decision."""
    asked = cases()
    made = {case: POLICY.decide(facts, DAY) for case, facts in asked.items()}
    jobs: dict[str, Callable[[], object]] = {"record": lambda: Record(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}
    for case, facts in asked.items():
        jobs[f"decide: {case}"] = deciding(facts)
        jobs[f"reasons: {case}"] = reasoning(made[case])
    facts, decided = next(iter(asked.values())), next(iter(made.values()))
    jobs["explain"] = lambda: explain(decided)
    jobs["compiled"] = lambda: LADDER.judge(facts.metrics, DAY)
    jobs["interpreted"] = lambda: LADDER.interpret(facts.metrics, DAY)
    explain(decided)  # the words of the locale are read
    found = side_by_side(jobs, rounds, seconds)

    record, plainly = found["record"], found["interpreted"]
    dearest = max(found[f"decide: {case}"] for case in asked)
    reasons = max(found[f"reasons: {case}"] for case in asked)
    beside = max(found[f"reasons: {case}"] / found[f"decide: {case}"] for case in asked)
    print(f"one decision: 3 rungs of 7 criteria, and grace; the dearest of {len(asked)} cases")
    show("a frozen record of 10 fields", record, "us")
    show("decide", dearest, "us", dearest / record, "records", most=4)
    show("kept by a decision, facts apart", kept_bytes(), "bytes", most_value=300)
    show("all reasons, on demand", reasons, "us", beside, "decisions", most=10)
    show("explained in words", found["explain"], "us", found["explain"] / dearest, "decisions")
    show("the compiled ladder", found["compiled"], "us")
    show("the ladder interpreted plainly", plainly, "us", plainly / found["compiled"], "compiled")
    return found


def deciding(facts: TierFacts[Facts]) -> Callable[[], object]:
    return lambda: POLICY.decide(facts, DAY)


def reasoning(decided: Decision[TierOutcome]) -> Callable[[], object]:
    return lambda: decided.reasons


def kept_bytes(count: int = 10_000) -> float:
    """What one decision holds beyond the facts it was given: they are the caller's."""
    facts = [standing(one) for one in random_facts(count)]
    for one in facts:
        POLICY.decide(one, DAY)  # what is kept once per policy is there
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = [POLICY.decide(one, DAY) for one in facts]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(kept)


def peers(rounds: int, seconds: float) -> Figures:
    """The same rule over the same random facts; all of them agree before they are timed."""
    sample = random_facts(400)
    decides = {name: make() for name, make in PEERS.items()}
    for facts in sample:
        check(facts, decides)
    chosen = sample[:100]
    dicts, tiers = [plain(one) for one in chosen], [standing(one) for one in chosen]
    jobs = {name: (lambda decide=decide: [decide(one) for one in dicts]) for name, decide in decides.items()}
    ours = {
        "prmcore, the same rule": lambda: [LADDER.decide(one, DAY) for one in chosen],
        "prmcore, with movement and grace as well": lambda: [POLICY.decide(one, DAY) for one in tiers],
    }
    timed = side_by_side({**ours, **jobs}, rounds, seconds)
    found = {name: time / len(chosen) for name, time in timed.items()}
    base = found["prmcore, the same rule"]
    print("\nthe same rule, decided by others (prmcore: with all that is needed to explain it)")
    for name, time in found.items():
        show(name, time, "us", time / base, "prmcore", least=1 if name in jobs else None)
    return found


def check(facts: Facts, decides: Mapping[str, Callable[[dict[str, Any]], str]]) -> None:
    """Every peer, the plain interpreter and the derived reasons say what the compiled ladder says."""
    decided = LADDER.decide(facts, DAY)
    answers = {name: decide(plain(facts)) for name, decide in decides.items()}
    place, mask = LADDER.interpret(facts, DAY)
    answers["interpreted plainly"] = LADDER.levels[place]
    met = [reason.level for reason in decided.reasons if reason.truth is Truth.MET]
    answers["by its reasons"] = met[0] if met else LADDER.otherwise
    if set(answers.values()) != {decided.outcome} or mask != decided.mask:
        raise SystemExit(f"{answers} for {facts}; the compiled ladder says {decided.outcome}")


def importing(runs: int) -> Figures:
    """Over a bare Python, in processes of their own."""
    print("\nimport, over bare Python")
    found = {}
    for code in (
        "import prmcore",
        "from prmcore import Ladder, TierPolicy",
        "from prmcore import load_program, explain",
    ):
        milliseconds, mebibytes = imports(code, runs)
        limits = (60, 12) if code == "import prmcore" else (None, None)
        show(code, milliseconds, "ms", most_value=limits[0])
        show("", mebibytes, "MiB", most_value=limits[1])
        found[code] = milliseconds
    return found


def batches(divisor: int) -> Figures:
    """In processes of their own, for their peak memory."""
    print("\nbatches")
    found = {}
    for title, name, count in (
        ("partners decided from precomputed facts", "decided", 100_000),
        ("rows of sales aggregated", "aggregated", 1_000_000),
        ("decisions of the example, from its rows", "example", 100_000),
    ):
        figures = batch(name, count // divisor)
        show(f"{figures['count']:,.0f} {title}", figures["count"] / figures["seconds"], "a second")
        show("", figures["peak"], f"MiB at the peak, {figures['held']:,.0f} before: what it was given")
        found[name] = figures["count"] / figures["seconds"]
        found[f"{name}: peak MiB"] = figures["peak"]
    return found


def increments(divisor: int) -> Figures:
    """What each fact adds to an entitlement, in a process of its own."""
    found = batch("increments", 1_000_000 // divisor, 5, of="incentives")
    print(
        f"\nincrements: what each of {found['count']:,.0f} sales adds, {found['count'] / 100:,.0f} partners"
    )
    for words, least in (
        ("five tiers", 2.5),
        ("flat", 3),
        ("five tiers, mixed", None),
        ("flat, mixed", None),
    ):
        ours, theirs = found[f"{words}: prmcore"], found[f"{words}: Decimal"]
        show(words, ours, "us")
        show("", 1e6 / ours, "a second", least_value=1_000_000)
        show("the loop in Decimal", theirs, "us", theirs / ours, "prmcore", least=least)
    plain, flat = found["flat: Decimal, no loop"], found["flat: prmcore"]
    show("flat, Decimal, a multiplication and no loop", plain, "us", plain / flat, "prmcore")
    whole = batch("in_one_run", 10_000, 5, of="late")
    show("posted in one run, as explained entries", whole["posted"], "us")
    show("the same run again, which posts nothing", whole["posted again"], "us")
    return found | {name: whole[name] for name in ("posted", "posted again")}


def commission(lines: int) -> Figures:
    """Ten percent of each sale, by Tryton's commission, where it is installed."""
    reason = absent()
    if reason is not None:
        print(f"\ncommission beside Tryton: left out, {reason}")
        return {}
    found = batch("commissions", lines, 9, 0.2, of="tryton")
    print("\ncommission of 10 % of each sale, beside Tryton in this process")
    ours, plan, posting = found["prmcore"], found["its plan"], found["its posting"]
    show("prmcore", ours, "us")
    show("Tryton, its plan", plan, "us", plan / ours, "prmcore", least=100)
    show("Tryton, its plan and the record to be saved", posting, "us", posting / ours, "prmcore")
    return found


def late(divisor: int, rounds: int) -> Figures:
    """A late sale in ever larger ledgers, each of its figures beside that of the smallest."""
    found: Figures = {}
    for words, name, sizes in (
        ("in memory", "in_memory", (10_000, 100_000, 1_000_000)),
        ("in a store", "in_stores", (1_000, 10_000, 100_000)),
    ):
        figures = batch(name, rounds, *(size // divisor for size in sizes), of="late")
        print(f"\na late sale, to its entry in a ledger of so many entries {words}")
        for place, time in figures.items():
            if "entries" in place:
                smallest = figures[place.replace(place.split()[0], f"{sizes[0] // divisor:,}")]
                show(place, time, "us", time / smallest, "of the smallest", most=1.5)
        found |= {place: time for place, time in figures.items() if "entries" in place}
    return found


def identity(each: int, count: int, asked: int) -> Figures:
    """Whether two names are one company's, and a name among many, beside what people use instead."""
    names = names_of()
    if names is None:
        print("\nidentity: left out, PRMCORE_DATA names no folder with the names")
        return {}
    found: Figures = {}
    by_name, right = judged(names, each)
    print(
        "\nidentity: two names that can be told by name, one company's or not; the others cut where they are best"
    )
    for name, one in by_name.items():
        aims = (0.98, 0.93) if name == "prmcore" else (None, None)
        show(f"{name}: precision", one.precision, "", least_value=aims[0])
        show("recall", one.recall, "")
        show("F1", one.f1, "", least_value=aims[1])
        show("a pair", one.microseconds, "us", one.microseconds / by_name["prmcore"].microseconds, "prmcore")
        found |= {f"{name}: {figure}": value for figure, value in one._asdict().items()}
    for how, part in right.items():
        show(f"prmcore is right: {how}", part, "")
    listed = searched(names, count, asked)
    print(f"identity: a list of {count:,} names")
    show("indexed", listed["index"], "s")
    show("indexed and grouped", listed["grouped"], "s", most_value=5)
    show("one name with a slip, found", listed["find"], "us", most_value=100)
    show("and the one that was meant among them", listed["found"], "")
    show("rapidfuzz.process.extract", listed["extract"], "us", listed["extract"] / listed["find"], "prmcore")
    return found | listed


def coverage(count: int, asked: int) -> Figures:
    """Who covers each of many accounts by ten thousand rules, and what is wrong with the rules."""
    found = covered(count, asked)
    print(f"\ncoverage: {found['rules']:,.0f} rules over five dimensions, {found['accounts']:,.0f} accounts")
    show("the model indexed", found["index"], "s", most_value=0.1)
    ours = found["prmcore"]
    show("the winner of one account, of many", ours, "us")
    show("", 1e6 / ours, "a second", least_value=300_000)
    for name, least in (("a scan of all rules", 250), ("zen-engine, its table", 50)):
        show(name, found[name], "us", found[name] / ours, "prmcore", least=least)
    show("all of it analysed", found["analysed"], "s", most_value=1)
    show(
        "as many rules without any shape, to its budget",
        found["analysed, without any shape"],
        "s",
        most_value=10,
    )
    return found


def show(
    title: str,
    value: float,
    unit: str,
    ratio: float | None = None,
    of: str = "",
    *,
    most: float | None = None,
    least: float | None = None,
    most_value: float | None = None,
    least_value: float | None = None,
) -> None:
    """One line: the figure, its ratio to another of this run, and whether a target is met."""
    shown = f"  {title:<46}{value:>12,.2f} {unit}" if value < 1000 else f"  {title:<46}{value:>12,.0f} {unit}"
    if ratio is not None:
        shown += f", {ratio:.2f} {of}"
    for bound, number, word in (
        (most, ratio, "most"),
        (most_value, value, "most"),
        (least, ratio, "least"),
        (least_value, value, "least"),
    ):
        if bound is not None and number is not None:
            met = number >= bound if word == "least" else number <= bound
            shown += f"  (at {word} {bound:,}: {'met' if met else 'MISSED'})"
    print(shown, flush=True)


if __name__ == "__main__":
    main()
