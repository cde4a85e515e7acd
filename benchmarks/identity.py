"""Whether two names are one company's: how often it is right, and how long it takes, beside what people use instead.

The names are real: Japan's EDINET list and the S&P 500, from the folder that the environment variable PRMCORE_DATA names
(`names/edinet_2025-12-24.csv.gz`, `names/sp500_constituents.csv`); without it this part is left out. The labels:

- One company: a name and the same name corrupted, with a fixed seed: a slip of the pen in a letter or in katakana, full width, the words
  in another order, a word abbreviated; each half of the time with another way to write its legal form, or with none.
- Two companies: a name and the nearest other name of the list (by `rapidfuzz.fuzz.ratio` of the cores), and one at random.

Names that are equal by spelling stand once: whether two such companies are one cannot be told by name. The verdict of prmcore is
`possible` or better, of two accounts that have nothing but a name. The others give a score; each is cut where its own F1 is
best on these very pairs, which favours them. What they compare is in NFKC and lower case.
"""

from __future__ import annotations

import csv
import datetime
import gc
import gzip
import io
import logging
import os
import random
import time
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from prmcore.territory.identity import Account, IdentityIndex, IdentityPolicy, Pair, Sameness, grouped
from prmcore.territory.identity.names import read_name

__all__ = ["judged", "names_of", "searched"]

AS_OF, POLICY, SEED = datetime.date(2026, 3, 31), IdentityPolicy(), 20260331
SHORT = {
    "international": "Intl", "manufacturing": "Mfg", "technologies": "Tech", "technology": "Tech", "services": "Svcs", "group": "Grp",
    "holdings": "Hldgs", "industries": "Inds", "financial": "Fin", "systems": "Sys", "management": "Mgmt", "insurance": "Ins",
}  # fmt: skip
KK = ("株式会社{}", "{}株式会社", "㈱{}", "{}(株)", "（株）{}", "{}　株式会社", "{}")
CO_LTD = ("{} Co., Ltd.", "{} CO LTD", "{} Inc.", "{} Corporation", "{}")
KANA, LETTERS = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノマミムメモラリルレロンー",
    "abcdefghijklmnopqrstuvwxyz",
)


class Labelled(NamedTuple):
    """Two names, and whether they are one company's."""

    how: str
    first: str
    second: str
    is_same: bool


def names_of() -> dict[str, list[str]] | None:
    """Names by language, none twice by spelling; None = the folder is not there."""
    folder = Path(os.environ.get("PRMCORE_DATA", "")) / "names"
    edinet, sp500 = folder / "edinet_2025-12-24.csv.gz", folder / "sp500_constituents.csv"
    if not (edinet.is_file() and sp500.is_file()):
        return None
    with gzip.open(edinet, "rt", encoding="utf-8") as source:
        filers = [row for row in csv.DictReader(source) if row["houjin_bangou"]]
    with sp500.open(encoding="utf-8") as source:
        listed = [row["Security"] for row in csv.DictReader(source)]
    return {
        "Japanese": _once(row["name"] for row in filers),
        "Latin": _once([*(row["name_en"] for row in filers), *listed]),
    }


def _once(names: Iterable[str]) -> list[str]:
    return list({read_name(one).key: one for one in names if any(map(str.isalnum, one))}.values())


# labelled pairs


def labelled(names: Sequence[str], count: int) -> list[Labelled]:
    """One company and two companies, as the head of this file says."""
    from rapidfuzz import fuzz, process

    chance = random.Random(SEED)
    cores = [read_name(one).core for one in names]
    found: list[Labelled] = []
    for place in chance.sample(range(len(names)), min(count, len(names))):
        name, core = names[place], cores[place]
        for how, corrupt in CORRUPTIONS.items():
            if (text := corrupt(core, chance)) is not None and any(map(str.isalnum, text)):
                found.append(Labelled(how, name, reformed(name, text, chance), True))
        nearest = process.extract(core, cores, scorer=fuzz.ratio, limit=3)
        at = next(at for _, _, at in nearest if at != place)
        found.append(Labelled("the nearest other", name, names[at], False))
        other = chance.randrange(len(names) - 1)
        found.append(Labelled("another at random", name, names[other + (other >= place)], False))
    return found


def reformed(name: str, core: str, chance: random.Random) -> str:
    """Half of the time with a legal form that means the same, or with none."""
    forms = read_name(name).forms
    if chance.random() < 0.5:
        return core
    if _is_eastern(core):
        return chance.choice(KK).format(core) if forms == ("KK",) else core
    return chance.choice(CO_LTD).format(core)


def _is_eastern(text: str) -> bool:
    return any(ord(one) > 0x3000 for one in text)


def slip(core: str, chance: random.Random) -> str | None:
    """A letter left out, put in, replaced, or changed with its neighbour; None = too few letters for it."""
    is_eastern = _is_eastern(core)
    places = [
        at for at, one in enumerate(core) if at and ("ァ" <= one <= "ー" if is_eastern else one.isalpha())
    ]
    if len(places) < 5:
        return None
    at, new = chance.choice(places), chance.choice(KANA if is_eastern else LETTERS)
    ways = (
        core[:at] + core[at + 1 :],
        core[:at] + new + core[at:],
        core[:at] + new + core[at + 1 :],
        core[: at - 1] + core[at] + core[at - 1] + core[at + 1 :],
    )
    text = chance.choice(ways)
    return None if text == core else text


def wide(core: str, chance: random.Random) -> str | None:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in core)


def turned(core: str, chance: random.Random) -> str | None:
    words = core.split()
    if len(words) < 2 or _is_eastern(core):
        return None
    at = chance.randrange(1, len(words))
    return " ".join(words[at:] + words[:at])


def shortened(core: str, chance: random.Random) -> str | None:
    words = core.split()
    places = [at for at, word in enumerate(words) if word in SHORT]
    if not places:
        return None
    at = chance.choice(places)
    return " ".join([*words[:at], SHORT[words[at]], *words[at + 1 :]])


CORRUPTIONS: dict[str, Callable[[str, random.Random], str | None]] = {
    "a slip": slip, "full width": wide, "words turned": turned, "a word abbreviated": shortened,
    "the legal form": lambda core, chance: core,
}  # fmt: skip


# verdicts


def prmcore(pairs: Sequence[Labelled]) -> list[float]:
    return [float(_decided(one) is not Sameness.DISTINCT) for one in pairs]


def _decided(pair: Labelled) -> Sameness:
    accounts = (Account(id="a", name=pair.first), Account(id="b", name=pair.second))
    return POLICY.decide(Pair(*accounts), AS_OF).outcome


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def by_cleanco(pairs: Sequence[Labelled]) -> list[float]:
    import cleanco
    from rapidfuzz import fuzz

    def base(name: str) -> str:
        return cleanco.basename(_plain(name)) or _plain(name)

    return [fuzz.token_sort_ratio(base(one.first), base(one.second)) for one in pairs]


def _columns(pairs: Sequence[Labelled]) -> Iterator[Any]:
    import pandas

    for side in ([one.first for one in pairs], [one.second for one in pairs]):
        places = range(len(pairs))
        yield pandas.DataFrame({"unique_id": places, "pair": places, "name": [_plain(one) for one in side]})


def by_recordlinkage(pairs: Sequence[Labelled]) -> list[float]:
    import pandas
    import recordlinkage

    left, right = _columns(pairs)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    index = pandas.MultiIndex.from_arrays([left.index, right.index])
    return [float(one) for one in compare.compute(index, left, right)["name"]]


def by_splink(pairs: Sequence[Labelled]) -> list[float]:
    """Its match weight, trained on these pairs as its documentation says; only they are compared."""
    from splink import Linker, SettingsCreator, block_on
    from splink import comparison_library as of
    from splink.internals.duckdb.database_api import DuckDBAPI

    logging.disable(logging.WARNING)
    pair = block_on("pair")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[of.JaroWinklerAtThresholds("name", [0.98, 0.95, 0.92, 0.9, 0.85, 0.8, 0.7])],
        blocking_rules_to_generate_predictions=[pair],
    )
    api: Any = DuckDBAPI()
    linker = Linker([api.register(one) for one in _columns(pairs)], settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(pair)
    predicted: Any = linker.inference.predict()
    weights = predicted.as_pandas_dataframe()
    by_place = dict(zip(weights["unique_id_l"], weights["match_weight"], strict=True))
    return [float(by_place.get(place, -100.0)) for place in range(len(pairs))]


VERDICTS: dict[str, Callable[[Sequence[Labelled]], list[float]]] = {
    "prmcore": prmcore,
    "cleanco + rapidfuzz": by_cleanco,
    "recordlinkage, Jaro-Winkler": by_recordlinkage,
    "splink, Jaro-Winkler": by_splink,
}


class Judged(NamedTuple):
    """How good a verdict is; microseconds for a pair, the reading of its names and the set-up included."""

    precision: float
    recall: float
    f1: float
    microseconds: float


def judged(names: dict[str, list[str]], count: int) -> tuple[dict[str, Judged], dict[str, float]]:
    """All verdicts on the same pairs, and which part of each kind of pair prmcore has right."""
    pairs = [pair for several in names.values() for pair in labelled(several, count)]
    found, right = {}, {}
    for name, verdict in VERDICTS.items():
        began = time.perf_counter()
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")  # of the libraries beside, which also tell of their training
            scores = verdict(pairs)
        taken = (time.perf_counter() - began) / len(pairs) * 1e6
        found[name] = _best(pairs, scores, taken)
        if name == "prmcore":
            right = _right(pairs, scores)
    return found, right


def _right(pairs: Sequence[Labelled], scores: Sequence[float]) -> dict[str, float]:
    kinds: dict[str, list[bool]] = {}
    for one, score in zip(pairs, scores, strict=True):
        kinds.setdefault(one.how, []).append((score > 0) is one.is_same)
    return {how: sum(several) / len(several) for how, several in kinds.items()}


def _best(pairs: Sequence[Labelled], scores: Sequence[float], microseconds: float) -> Judged:
    """Cut where F1 is best; a verdict of yes or no has but one cut."""
    all_same = sum(one.is_same for one in pairs)
    best = Judged(0, 0, 0, microseconds)
    hits = seen = 0
    ranked = sorted(zip(scores, (one.is_same for one in pairs), strict=True), key=lambda one: -one[0])
    for place, (score, is_same) in enumerate(ranked):
        if score <= 0 and set(scores) <= {0.0, 1.0}:
            break
        seen, hits = seen + 1, hits + is_same
        if place + 1 < len(ranked) and ranked[place + 1][0] == score:
            continue
        precision, recall = hits / seen, hits / all_same
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        if f1 > best.f1:
            best = Judged(precision, recall, f1, microseconds)
    return best


# a whole list


def searched(names: dict[str, list[str]], count: int, asked: int) -> dict[str, float]:
    """Microseconds of a lookup among `count` names, seconds to index and to group them all, and which part is found.

    The names of the folder come first; further ones are made of their words, two to four of them. Asked for are names of the
    list with a slip. Found can be those of which a comparison of the two says that they may be one company.
    """
    from rapidfuzz import fuzz, process, utils

    chance = random.Random(SEED)
    every = [name for several in names.values() for name in several]
    words = [word for name in names["Latin"] for word in read_name(name).words]
    while len(every) < count:
        every.append(" ".join(chance.sample(words, chance.randint(2, 4))))
    accounts = [Account(id=str(place), name=name) for place, name in enumerate(every[:count])]

    gc.collect()
    gc.disable()  # as in timing.py: the collector walks through all that a large list keeps
    began = time.perf_counter()
    index = IdentityIndex(accounts, POLICY, AS_OF)
    found = {"index": time.perf_counter() - began}
    read_name.cache_clear()
    began = time.perf_counter()
    grouped(accounts, POLICY, AS_OF)
    found["grouped"] = time.perf_counter() - began

    meant = {
        text: one
        for one in chance.sample(accounts, asked)
        if (text := slip(read_name(one.name).core, chance))
    }
    queries = list(meant)
    for one in ("スズキ", "Suzuki"):
        index.find(one)  # what is kept of the list once kana and Latin letters are first asked for is there
    began = time.perf_counter()
    for one in queries:
        index.find(one)
    found["find"] = (time.perf_counter() - began) / len(queries) * 1e6
    told = [
        one for one, account in meant.items()
        if _decided(Labelled("a slip", one, account.name, True)) is not Sameness.DISTINCT
    ]  # fmt: skip
    hits = sum(any(match.account is meant[one] for match in index.find(one, most=count)) for one in told)
    found["found"] = hits / len(told)
    plain = [utils.default_process(one.name) for one in accounts]
    few = queries[:20]
    began = time.perf_counter()
    for one in few:
        process.extract(utils.default_process(one), plain, scorer=fuzz.token_sort_ratio, limit=10)
    found["extract"] = (time.perf_counter() - began) / len(few) * 1e6
    gc.enable()
    return found
