"""The table of ASVS.md is whole, and names tests and sections that exist."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = (Path(__file__).parent / "ASVS.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| v5\.0\.0-([\d.]+) \| ([12]) \| (.+?) \| (.+?) \| (.*?) \| (.*?) \|$", re.M)
LEVELS = {
    "1.1": "22",
    "1.2": "1111122223",
    "1.3": "112222222223",
    "1.4": "222",
    "1.5": "123",
    "2.1": "122",
    "2.2": "112",
    "2.3": "12223",
    "2.4": "23",
    "3.1": "3",
    "3.2": "113",
    "3.3": "12223",
    "3.4": "11222233",
    "3.5": "11122333",
    "3.6": "3",
    "3.7": "22333",
    "4.1": "12233",
    "4.2": "23333",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112333",
    "5.3": "113",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
    "9.1": "111",
    "9.2": "1222",
    "10.1": "22",
    "10.2": "223",
    "10.3": "22223",
    "10.4": "1111122222233333",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
    "11.1": "2233",
    "11.2": "22233",
    "11.3": "11233",
    "11.4": "1222",
    "11.5": "23",
    "11.6": "23",
    "11.7": "33",
    "12.1": "12233",
    "12.2": "11",
    "12.3": "22223",
    "13.1": "2333",
    "13.2": "222223",
    "13.3": "2233",
    "13.4": "1222233",
    "14.1": "22",
    "14.2": "12223333",
    "14.3": "122",
    "15.1": "12233",
    "15.2": "12233",
    "15.3": "1222222",
    "15.4": "3333",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "2223",
    "17.1": "23",
    "17.2": "22223333",
    "17.3": "22",
}
"""By section the levels of its requirements, in order; a fact of the standard."""
LEAST = 4


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE)


def expected() -> dict[str, str]:
    return {
        f"{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if level in "12"
    }


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def test_every_requirement_of_both_levels_occurs_once() -> None:
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}
    found = {number: level for number, level, *_ in rows()}
    assert found == expected()
    assert len(rows()) == len(found)
    assert len(re.findall(r"v5\.0\.0-", PAGE)) == len(found)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_state_has_its_reason(row: tuple[str, ...]) -> None:
    number, _, asked, state, where, tests = row
    assert asked.strip()
    assert state in {"met", "not applicable", "not met"}
    if state == "met":
        assert tests, f"{number} names neither a test nor a section"
    else:
        assert len(where) >= LEAST, f"{number} does not say why"
    for file, name in re.findall(r"`([\w/]+\.py)::(\w+)`", tests):
        assert name in names_in(file), f"{number}: {file}::{name}"
    for section in re.findall(r"§ ([\w ]+)", tests):
        assert f"\n## {section}\n" in PAGE, f"{number}: {section}"
    left = re.sub(r"`[\w/]+\.py::\w+`|§ [\w ]+|; ", "", tests)
    assert left == "", f"{number}: {left}"


def test_the_counts_are_those_of_the_table() -> None:
    for state in ("met", "not applicable", "not met"):
        levels = Counter(row[1] for row in rows() if row[3] == state)
        line = f"| {state} | {levels['1']} | {levels['2']} | {levels.total()} |"
        assert line in PAGE, line
