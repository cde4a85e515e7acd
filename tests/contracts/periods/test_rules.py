"""The rules that are shipped, each as its source has it."""

import pytest

from prmcore.contracts.periods import PERIOD_RULES
from prmcore.values.wire import to_plain

SHIPPED = {
    # first day, month end, rolls, no end on, counted back clear, short days, business days, hours, hours roll, is law
    "jp-civil": ("counted-from-midnight", "day-before", "by-custom", [], True, 0, 0, "at-once", False, True),
    "eu-1182-71": (
        "excluded",
        "corresponding",
        "forward-only",
        [5, 6],
        False,
        0,
        2,
        "next-full-hour",
        False,
        True,
    ),
    "eu-court": ("excluded", "corresponding", "forward-only", [5, 6], False, 0, 0, None, False, True),
    "epc-r131": ("excluded", "corresponding", "forward-only", [], False, 0, 0, None, False, True),
    "euipo-cdr56": ("excluded", "sticky", "forward-only", [], False, 0, 0, None, False, True),
    "de-bgb-187-1": ("excluded", "corresponding", "forward-only", [5, 6], False, 0, 0, None, False, True),
    "de-bgb-187-2": ("counted", "day-before", "forward-only", [5, 6], False, 0, 0, None, False, True),
    "uk-corresponding": ("excluded", "corresponding", "never", [], False, 0, 0, None, False, True),
    "uk-clear-days": ("excluded", "corresponding", "never", [], True, 5, 0, None, False, True),
    "us-frcp6": ("excluded", "corresponding", "onward", [5, 6], False, 0, 0, "at-once", True, True),
    "contract-practice": ("excluded", "corresponding", "never", [], False, 0, 0, "at-once", False, False),
}


@pytest.mark.parametrize("name", PERIOD_RULES)
def test_a_shipped_rule_counts_as_its_source_has_it(name: str) -> None:
    """Civil Code of Japan 138 to 143; Regulation 1182/71, 3; EPC 131; BGB 187 to 193; CPR 2.8; FRCP 6(a): the sources of each."""
    plain = to_plain(PERIOD_RULES[name])
    words = [plain.pop(key) for key in ("id", "jurisdiction", "source")]
    plain["no_end_on"] = sorted(plain["no_end_on"])
    assert tuple(plain.values()) == SHIPPED[name]
    assert (words[0], all(words)) == (name, True)


def test_the_rules_are_of_these_places() -> None:
    assert {name: rule.jurisdiction for name, rule in PERIOD_RULES.items()} == {
        "jp-civil": "Japan", "eu-1182-71": "European Union", "eu-court": "European Union, its courts",
        "epc-r131": "European Patent Office", "euipo-cdr56": "EUIPO, Community designs", "de-bgb-187-1": "Germany",
        "de-bgb-187-2": "Germany, from the beginning of a day", "uk-corresponding": "England and Wales",
        "uk-clear-days": "England and Wales, civil courts", "us-frcp6": "United States, federal courts",
        "contract-practice": "none",
    }  # fmt: skip
