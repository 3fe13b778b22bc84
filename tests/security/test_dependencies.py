"""What is installed beside Zhiku: by which licence, and in the versions that are asked for."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = frozenset(
    [
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "0BSD",
        "Apache-2.0",
        "BSL-1.0",
        "ISC",
        "PSF-2.0",
        "Zlib",
        "CC0-1.0",
        "MPL-1.1",
        "MPL-2.0",
        "OFL-1.1",
        "CNRI-Python",
        "Unlicense",
        "LLVM-exception",
    ]
)
"""Licences under which a library may be used beside Apache-2.0, by their SPDX names."""
SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "mit license": "MIT",
        "mit": "MIT",
        "bsd license": "BSD-3-Clause",
        "bsd": "BSD-3-Clause",
        "3-clause bsd license": "BSD-3-Clause",
        "bsd-3-clause, apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
        "the bsd 2-clause license": "BSD-2-Clause",
        "apache software license": "Apache-2.0",
        "apache license": "Apache-2.0",
        "apache license 2.0": "Apache-2.0",
        "apache 2.0 license": "Apache-2.0",
        "apache 2.0": "Apache-2.0",
        "isc license (iscl)": "ISC",
        "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
        "python software foundation license": "PSF-2.0",
    }
)
"""What packages write instead of SPDX names."""
EXPLAINED: Mapping[str, str] = MappingProxyType({})
"""Packages whose licence is not allowed or not told, and why they may be used all the same."""
_FAMILY = re.compile(r"\b[AL]?GPL", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """A package that something of ours asks for."""

    requirement: Requirement
    by: str


def own(group: str = "") -> list[str]:
    """What pyproject asks for: to run, or in a group of its extras."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        told = tomllib.load(file)["project"]
    found: list[str] = told["optional-dependencies"][group] if group else told["dependencies"]
    return found


@cache
def wanted() -> tuple[Wanted, ...]:
    """Everything that is needed to run, and what that needs, each requirement once."""
    found: dict[str, Wanted] = {}

    def walk(text: str, by: str, extras: tuple[str, ...]) -> None:
        asked = Requirement(text)
        marker = asked.marker
        if marker and not any(marker.evaluate({"extra": each}) for each in ("", *extras)):
            return
        if str(asked) in found:
            return
        found[str(asked)] = Wanted(asked, by)
        try:
            below = distribution(asked.name).requires or []
        except PackageNotFoundError:
            return
        for each in below:
            walk(each, asked.name, tuple(asked.extras))

    for text in own():
        walk(text, "pyproject", ())
    return tuple(found.values())


def packages() -> Iterator[Distribution]:
    for name in sorted({canonicalize_name(each.requirement.name) for each in wanted()}):
        yield distribution(name)


def licence_of(package: Distribution) -> str:
    """The licence as an SPDX expression; what is not known stays as it is written."""
    told = package.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    short = told["License"].strip().splitlines() if "License" in told else []
    classified = [
        each.rpartition("::")[2].strip()
        for each in told.get_all("Classifier") or []
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    spoken = classified or short[:1]
    return " AND ".join(SPOKEN.get(each.lower(), each) for each in spoken) or "unknown"


def is_allowed(expression: str) -> bool:
    """Whether an expression leaves us a choice of which every part is allowed."""
    choices = re.split(r"\s+OR\s+", expression.strip("() "))
    parts = [re.split(r"\s+(?:AND|WITH)\s+", each.strip("() ")) for each in choices]
    return any(all(part.strip("() ") in ALLOWED for part in each) for each in parts)


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("Apache-2.0 AND Apache-2.0 WITH LLVM-exception AND MIT", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("LGPL-2.1-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_the_rule_knows_what_is_allowed(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


def test_every_package_has_a_licence_that_is_allowed() -> None:
    told = {each.metadata["Name"]: licence_of(each) for each in packages()}
    assert len(told) > 60, "the walk found next to nothing"
    refused = {
        name: licence
        for name, licence in told.items()
        if not is_allowed(licence) and canonicalize_name(name) not in EXPLAINED
    }
    assert refused == {}


def test_no_package_says_gpl_but_where_there_is_a_choice() -> None:
    for package in packages():
        classifiers = package.metadata.get_all("Classifier") or []
        told = [licence_of(package), *(each for each in classifiers if "License ::" in each)]
        if canonicalize_name(package.metadata["Name"]) not in EXPLAINED:
            found = [each for each in told if _FAMILY.search(each) and " OR " not in each]
            assert found == [], package.metadata["Name"]


def test_exceptions_are_still_needed() -> None:
    names = {canonicalize_name(each.metadata["Name"]) for each in packages()}
    assert set(EXPLAINED) <= names


@pytest.mark.parametrize("group", ["", "dev"])
def test_what_pyproject_asks_for_is_installed_in_that_version(group: str) -> None:
    wrong = {}
    for text in own(group):
        asked = Requirement(text)
        if asked.marker is None or asked.marker.evaluate():
            version = distribution(asked.name).version
            if not asked.specifier.contains(version, prereleases=True):
                wrong[asked.name] = f"{version} is not {asked.specifier}"
    assert wrong == {}


def test_everything_below_is_installed_in_a_version_that_fits() -> None:
    wrong = {}
    for each in wanted():
        try:
            version = distribution(each.requirement.name).version
        except PackageNotFoundError:
            version = "missing"
        if version == "missing" or not each.requirement.specifier.contains(
            version, prereleases=True
        ):
            wrong[f"{each.by} → {each.requirement}"] = version
    assert wrong == {}


def test_every_requirement_names_a_version() -> None:
    for text in [*own(), *own("dev")]:
        specifier = Requirement(text).specifier
        bounds = {each.operator for each in specifier}
        assert bounds & {"==", "<", "<="}, f"{text}: nothing keeps the next major version out"


def test_what_the_code_imports_is_asked_for() -> None:
    """A library that only came along with another one may be gone tomorrow."""
    names = {canonicalize_name(Requirement(text).name) for text in own()}
    imported = set()
    for package in ("knowledge", "embeddings", "briefs"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            imported |= set(re.findall(r"^\s*(?:from|import) ([a-z]\w+)", text, re.MULTILINE))
    needed = {module: name for module, name in _MODULES.items() if module in imported}
    assert {name for name in needed.values() if name not in names} == set()


_MODULES = {
    "argon2": "argon2-cffi",
    "authlib": "authlib",
    "httpx2": "httpx2",
    "joserfc": "joserfc",
    "psutil": "psutil",
    "sqlalchemy": "sqlalchemy",
    "streamlit": "streamlit",
    "zxcvbn": "zxcvbn",
}
