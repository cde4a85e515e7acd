"""The command line: run, explain, statement, payouts, cover, registrations, contracts, match, lint, simulate, schema. A thin face over `prmcore.program`; read `commands.py`."""

from __future__ import annotations

import argparse
import datetime
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from prmcore import __version__
from prmcore.errors import PrmError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 when all is well, 1 when lint found something, 2 when the input cannot be used."""
    for stream in (sys.stdout, sys.stderr):  # what an old terminal cannot write is spelt out, not an error
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    from prmcore.cli import commands
    from prmcore.cli.screen import screen, visible
    from prmcore.decisions.explain import Words

    try:
        Words.of(getattr(options, "locale", "en"))  # refused before any work is done
        code: int = getattr(commands, options.command)(options, screen())
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PrmError as error:
        print(visible(f"prmcore: {error}"), file=sys.stderr)
        return 2
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(visible(f"prmcore: {where}{error.strerror or error}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("prmcore: interrupted; what is recorded stays, and running again completes it", file=sys.stderr)
        return 130
    return code


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}; accepted: a date such as 2026-03-31") from None


def _instant(text: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        found = datetime.datetime.min
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"found {text!r}; accepted: an instant with its time zone, such as 2026-03-02T09:00+09:00"
        )
    return found


def _country(text: str) -> str:
    if len(text) == 2 and text.isascii() and text.isalpha() and text.isupper():
        return text
    raise argparse.ArgumentTypeError(f"found {text!r}; accepted: two letters of ISO 3166-1, such as JP")


def _parser() -> argparse.ArgumentParser:
    usage = "prmcore [-h] [-V] COMMAND ..."
    parser = argparse.ArgumentParser("prmcore", usage, "Decides partner programs, and says why.")
    parser.add_argument("-V", "--version", action="version", version=f"prmcore {__version__}")
    # longer than any command: until Python 3.12 the help of commands is indented by this alone
    commands = parser.add_subparsers(required=True, metavar="COMMAND OPTIONS", prog="prmcore")
    _run(commands.add_parser("run", help="judge every partner at every quarter's end, record and report"))
    _explain(
        commands.add_parser("explain", help="why a partner has its level, and what is missing for the next")
    )
    _statement(commands.add_parser("statement", help="what a payee earned in a period of the books, and why"))
    _payouts(
        commands.add_parser(
            "payouts",
            help="propose, approve, release and pay what is owed; without an action, list it",
            usage="prmcore payouts [-h] --store FILE --on DATE [--by NAME] [ACTION] [--locale LOCALE] program [program ...]",
        )
    )
    _cover(commands.add_parser("cover", help="who covers each account of a list, and why"))
    _registrations(
        commands.add_parser(
            "registrations",
            help="hand deals in, settle their conflicts, approve them; or list them",
            usage="prmcore registrations [-h] --store FILE --on DATE [--by NAME] [ROWS | ACTION] [--locale LOCALE] program [program ...]",
        )
    )
    _contracts(
        commands.add_parser(
            "contracts",
            help="keep agreements, judge notices, tell what is due; or list them",
            usage="prmcore contracts [-h] --store FILE --on DATE [--by NAME] [--agreements FILE | --notice AGREEMENT ... | --step AGREEMENT ...] [--tell] [--explain AGREEMENT] [--calendar FILE] [--report FILE] [--locale LOCALE] program [program ...]",
        )
    )
    _match(
        commands.add_parser("match", help="which accounts of two lists are one company, and on what evidence")
    )
    _lint(commands.add_parser("lint", help="what is wrong with a program before it runs"))
    _simulate(commands.add_parser("simulate", help="who would stand elsewhere under another version"))
    commands.add_parser("schema", help="the JSON Schema of program files").set_defaults(command="show_schema")
    return parser


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument(
        "--facts", type=Path, required=True, metavar="DIR", help="partners.csv and a file for each source"
    )
    parser.add_argument(
        "--store", type=Path, required=True, metavar="FILE", help="where decisions are kept (SQLite)"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write one self-contained HTML page")
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="rows not taken; default: beside the store"
    )
    parser.add_argument("--partner", help="the partner that the report explains")
    parser.add_argument(
        "--data-as-of",
        type=_day,
        metavar="DATE",
        help="the last day the rows know of; default: the last row's",
    )
    _days(parser)
    _locale(parser)
    parser.set_defaults(command="run")


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument("--store", type=Path, required=True, metavar="FILE")
    parser.add_argument("--partner", required=True)
    parser.add_argument("--day", type=_day, metavar="DATE", help="default: the last recorded")
    parser.add_argument("--level", help="what is missing for this level; default: the next one")
    parser.add_argument(
        "--benefit", help="instead: whether the partner may use this benefit on the day, and why"
    )
    _locale(parser)
    parser.set_defaults(command="explain_one")


def _statement(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument("--store", type=Path, required=True, metavar="FILE")
    parser.add_argument("--partner", required=True, help="the payee")
    parser.add_argument(
        "--period", help="of the books, such as FY2026-Q1 or 2026-04; default: the last with entries"
    )
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="as it was known at the end of that day; default: now"
    )
    parser.add_argument("--all", action="store_true", help="show every transaction of an entry")
    _locale(parser)
    parser.set_defaults(command="statement_of")


def _payouts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument("--store", type=Path, required=True, metavar="FILE")
    parser.add_argument("--on", type=_day, required=True, metavar="DATE", help="the day of the action")
    parser.add_argument("--by", metavar="NAME", help="who does it")
    actions = parser.add_argument_group("actions, of which one can be given").add_mutually_exclusive_group()
    actions.add_argument("--propose", action="store_true", help="propose what is due to every payee")
    for name in ("approve", "release", "pay", "hold", "resume", "void"):
        actions.add_argument(f"--{name}", metavar="PAYOUT", help=f"{name} this payout")
    parser.add_argument("--role", help="with --approve: in which role")
    parser.add_argument("--reason", help="with --hold and --void: why")
    _locale(parser)
    parser.set_defaults(command="pay_out")


def _cover(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument(
        "--accounts",
        type=Path,
        required=True,
        metavar="FILE",
        help="CSV: account, and a column for each dimension",
    )
    parser.add_argument("--as-of", type=_day, required=True, metavar="DATE", help="the day to decide for")
    parser.add_argument("--account", help="say why this account is covered as it is")
    parser.add_argument(
        "--store", type=Path, metavar="FILE", help="hand the accounts out and keep who has them (SQLite)"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write one self-contained HTML page")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="PROGRAM",
        help="instead: which accounts would move if this program file took over, and why",
    )
    parser.add_argument(
        "--all", action="store_true", help="with --against: show every account that would move"
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="rows not taken; default: accounts.rejects.csv"
    )
    _locale(parser)
    parser.set_defaults(command="cover_accounts")


def _registrations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument(
        "--store", type=Path, required=True, metavar="FILE", help="where all is kept (SQLite)"
    )
    parser.add_argument("--on", type=_day, required=True, metavar="DATE", help="the day of the action")
    parser.add_argument("--by", metavar="NAME", help="who does it")
    rows = parser.add_argument_group("rows, to hand in what is new and let the policy settle conflicts")
    rows.add_argument(
        "--rows", type=Path, metavar="FILE", help="CSV: registration, partner, account, customer, at, ..."
    )
    rows.add_argument("--partners", type=Path, metavar="FILE", help="CSV: partner, name, ...")
    rows.add_argument(
        "--accounts",
        type=Path,
        metavar="FILE",
        help="CSV: account, name, ...: tells which accounts are one company",
    )
    rows.add_argument("--rejects", type=Path, metavar="FILE", help="rows not taken; default: beside the rows")
    group = parser.add_argument_group("actions, of which one can be given")
    actions = group.add_mutually_exclusive_group()
    for name, said in (
        ("approve", "approve this registration"),
        ("appeal", "appeal for it against what was decided about its conflict"),
        ("award", "decide its conflict for it"),
    ):
        actions.add_argument(f"--{name}", metavar="REGISTRATION", help=said)
    group.add_argument("--role", help="with --approve: in which role")
    group.add_argument("--reason", metavar="TEXT", help="with --appeal: the grounds; with --award: why")
    group.add_argument(
        "--evidence",
        action="append",
        default=[],
        metavar="REFERENCE",
        help="with --appeal: where what shows it is kept; may be given several times",
    )
    _locale(parser)
    parser.set_defaults(command="settle_registrations")


def _contracts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files: all versions of one program")
    parser.add_argument(
        "--store", type=Path, required=True, metavar="FILE", help="where all is kept (SQLite)"
    )
    parser.add_argument("--on", type=_day, required=True, metavar="DATE", help="the day of the action")
    parser.add_argument("--by", metavar="NAME", help="who does it")
    paper = parser.add_argument_group("paper, to keep what is new")
    paper.add_argument(
        "--agreements",
        type=Path,
        metavar="FILE",
        help="TOML or JSON: agreements, amendments, obligations; CSV: an agreement a row",
    )
    paper.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help="of new ones: what was due until then counts as told; default: --on",
    )
    paper.add_argument(
        "--dates",
        choices=["day-first", "month-first"],
        help="how CSV dates such as 04/02/2026 are read; default: refused",
    )
    actions = parser.add_argument_group("actions, of which one can be given")
    actions.add_argument("--done", metavar="AGREEMENT", help="an obligation was fulfilled")
    actions.add_argument("--obligation", metavar="ID", help="with --done")
    actions.add_argument("--due", type=_day, metavar="DATE", help="with --done: the day that it is for")
    actions.add_argument("--evidence", metavar="REFERENCE", help="with --done: where it is found")
    actions.add_argument("--measured", metavar="AGREEMENT", help="how much of a minimum there was")
    actions.add_argument("--minimum", metavar="KEY", help="with --measured: its key in the paper")
    actions.add_argument("--amount", metavar="MONEY", help="with --measured: such as '1000 EUR'")
    actions.add_argument("--count", type=int, metavar="NUMBER", help="with --measured, instead of an amount")
    actions.add_argument(
        "--year", type=_day, metavar="DATE", help="with --measured: any day of the year that it is for"
    )
    actions.add_argument(
        "--through",
        type=_day,
        metavar="DATE",
        help="with --measured: the last day that it counts; default: --on",
    )
    actions.add_argument("--notice", metavar="AGREEMENT", help="somebody gave notice")
    actions.add_argument("--step", metavar="AGREEMENT", help="somebody did something else: --action")
    actions.add_argument("--party", metavar="ROLE", help="whose act it is")
    actions.add_argument("--sent", type=_instant, metavar="INSTANT", help="with --notice")
    actions.add_argument(
        "--received", type=_instant, metavar="INSTANT", help="with --notice, when it is there"
    )
    actions.add_argument("--channel", metavar="NAME", help="with --notice: how it was sent")
    actions.add_argument(
        "--purpose",
        default="stop-renewal",
        choices=["stop-renewal", "convenience", "cause"],
        help="of the notice",
    )
    actions.add_argument(
        "--agreed",
        action="store_true",
        help="with --notice: a person has settled what the readings leave open",
    )
    actions.add_argument("--action", help="with --step: sign, suspend, agree-renewal, terminate ...")
    actions.add_argument("--term", type=int, metavar="NUMBER", help="with agree-renewal and meet-condition")
    actions.add_argument("--reason", metavar="TEXT", help="with --step: why")
    shown = parser.add_argument_group("what is shown")
    shown.add_argument(
        "--tell", action="store_true", help="tell what is due once: it counts as told from then on"
    )
    shown.add_argument(
        "--explain", metavar="AGREEMENT", help="how it stands, its deadlines, and where each is written"
    )
    shown.add_argument("--calendar", type=Path, metavar="FILE", help="write what comes as iCalendar")
    shown.add_argument("--until", type=_day, metavar="DATE", help="of the calendar; default: a year")
    shown.add_argument("--report", type=Path, metavar="FILE", help="write one self-contained HTML page")
    _locale(parser)
    parser.set_defaults(command="keep_contracts")


def _match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("left", type=Path, help="CSV: account, name, and what tells companies apart")
    parser.add_argument(
        "right", type=Path, nargs="?", help="CSV: another list; without it, one list is compared with itself"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every pair and its evidence as CSV")
    parser.add_argument(
        "--country", type=_country, metavar="CODE", help="of accounts that name none, such as JP"
    )
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="the day for which names count; default: today"
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="rows not taken; default: beside the first list"
    )
    _locale(parser)
    parser.set_defaults(command="match_accounts")


def _lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="+", help="program files")
    _locale(parser)
    parser.set_defaults(command="lint_programs")


def _simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", help="the program file as it is")
    parser.add_argument("other", help="the program file as it might be")
    parser.add_argument("--facts", type=Path, required=True, metavar="DIR")
    parser.add_argument("--all", action="store_true", help="show every partner that would stand elsewhere")
    parser.add_argument(
        "--store",
        type=Path,
        metavar="FILE",
        help="compare with what was recorded instead of with the first program",
    )
    parser.add_argument(
        "--past",
        type=Path,
        metavar="FILE",
        help="a store whose registrations and agreements are lived through again under both programs",
    )
    parser.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help="with --past: the first day; default: a year before --as-of",
    )
    _days(parser)
    _locale(parser)
    parser.set_defaults(command="simulate")


def _days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=_day, required=True, metavar="DATE", help="the last day to judge")
    parser.add_argument("--every", choices=["month", "quarter", "half", "year"], default="quarter")


def _locale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--locale", default="en", help="language of explanations: en, ja, zh, or another for its numbers"
    )
