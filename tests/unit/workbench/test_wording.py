"""Both languages have every word that the program asks for, and nothing stands twice."""

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import briefs.workbench
from briefs.assistant.model import Unfit
from briefs.citing.importing import Fate
from briefs.errors import BriefsError
from briefs.exporters import ExportFormat
from briefs.gate import FaultType, Outcome
from briefs.gating.reports import State
from briefs.lengths.abridgement import FlawKind
from briefs.model import BriefState, EditionState, Length, StatementKind
from briefs.revisions.comparing import Change
from briefs.templates.model import Gap, Need
from briefs.trail.noted import ActKind, Ground, Means
from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import LOCALES, wording
from embeddings.errors import EmbeddingsError
from knowledge.accounts.roles import Role
from knowledge.errors import KnowledgeError, MissingFileError
from knowledge.health import Check
from knowledge.ingest import AddOutcome
from knowledge.model import Access, DocumentType, Metadata, Mode
from knowledge.privacy import Kind

_KEY = re.compile(r"""["']([a-z_]+(?:\.[a-z_0-9-]+)+)["']""")
_PREFIXES = "|".join(
    sorted(
        {
            line.split(".")[0]
            for line in re.findall(
                r'msgid "([a-z_]+\.[^"]+)"',
                "".join(path.read_text(encoding="utf-8") for path in LOCALES.rglob("*.po")),
            )
        }
    )
)
_ROOM = Path(briefs.workbench.__file__).parent


def _entries(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        for message in read_po(path.open("rb")):
            if message.id:
                assert message.id not in found, f"{message.id} stands twice ({path.name})"
                found[str(message.id)] = str(message.string)
    return found


def _sentences() -> set[str]:
    def below(kind: type[BriefsError | KnowledgeError | EmbeddingsError]) -> set[str]:
        return {kind.sentence}.union(*(below(each) for each in kind.__subclasses__()))

    return below(BriefsError) | below(KnowledgeError) | below(EmbeddingsError)


def test_both_languages_have_the_same_keys_with_the_same_blanks() -> None:
    chinese, english = (_entries(language) for language in LANGUAGES)
    sentences = _sentences()
    assert chinese.keys() - sentences == english.keys() - sentences
    for key in english:
        blanks = [
            {f[1] for f in string.Formatter().parse(t[key]) if f[1]} for t in (chinese, english)
        ]
        assert blanks[0] == blanks[1], key
        assert chinese[key], key
        assert english[key], key


def test_every_key_in_the_code_has_words() -> None:
    known = _entries("zh")
    for path in _ROOM.rglob("*.py"):
        for key in _KEY.findall(path.read_text(encoding="utf-8")):
            if re.match(rf"(?:{_PREFIXES})\.", key) and not key.endswith(
                (".py", ".toml", ".po", ".typ")
            ):
                assert key in known, f"{path.name}: {key}"


@pytest.mark.parametrize(
    ("prefixes", "members"),
    [
        (("kind", "desk.short"), StatementKind),
        (("length", "desk.length", "desk.length_from"), Length),
        (("brief.state", "pages.briefs.state"), BriefState),
        (("pages.published.state",), EditionState),
        (("pages.common.format",), ExportFormat),
        (("gate.state",), State),
        (("check.outcome",), Outcome),
        (("check.fault",), FaultType),
        (("lengths.flaw",), FlawKind),
        (("templating.need",), Need),
        (("templating.gap",), Gap),
        (("drafting.unfit",), Unfit),
        (("revising.change", "desk.change"), Change),
        (("trail.means",), set(Means) - {Means.SEARCH}),
        (("trail.act",), ActKind),
        (("trail.ground",), Ground),
        (("trail.mode", "pages.search.mode"), Mode),
        (("references.fate",), set(Fate) - {Fate.SAME}),
        (("type",), DocumentType),
        (("filters.level",), Access),
        (("role",), Role),
        (("privacy.kind",), Kind),
        (("doctor.check",), Check),
        (("pages.library.outcome", "outcome"), AddOutcome),
        (("catalogue.field",), [each.name for each in fields(Metadata)]),
    ],
)
def test_every_member_that_is_shown_has_words(
    prefixes: Sequence[str], members: Iterable[str]
) -> None:
    known = _entries("zh").keys()
    made = {f"{prefix}.{member}" for prefix in prefixes for member in members}
    assert made <= known, made - known


def test_every_error_has_a_chinese_sentence_with_its_blanks() -> None:
    chinese = _entries("zh")
    for sentence in _sentences():
        assert sentence in chinese
        blanks = [
            {field[1] for field in string.Formatter().parse(text) if field[1]}
            for text in (sentence, chinese[sentence])
        ]
        assert blanks[0] == blanks[1], sentence


@pytest.mark.parametrize(("language", "words"), [("zh", "不存在"), ("en", "does not exist")])
def test_an_error_speaks_both_languages(language: str, words: str) -> None:
    assert words in wording(language).error(MissingFileError(path="a.pdf"))
