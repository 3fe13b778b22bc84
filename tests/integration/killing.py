"""A process that changes a home without pause until it is killed, and what must hold afterwards.

The writer adds, removes and changes documents, and throws vectors and indexes away, at random. It
notes on disk, flushed, what it is about to do and what it has done. Whatever was done must hold
after any kill, and of what was begun all or nothing.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from knowledge.model import Mode, Result
from tests.homes import open_home, remove

ROOT: Final = Path(__file__).resolve().parents[2]
_LINES: Final = 14
_OF_KEY: Final = 12
_LEAST_KEPT: Final = 4


def words_of(key: str) -> str:
    """The words that stand in the document of this key and in no other."""
    rng = random.Random(key)
    return "".join(chr(rng.randrange(0x4E00, 0x9FA0)) for _ in range(_OF_KEY))


def text_of(key: str) -> bytes:
    """A document: every line bears its words, so that every passage does."""
    lines = (f"{words_of(key)}第{i}项工作按期办结，群众满意，{i}件存档。" for i in range(_LINES))
    return "\n\n".join(lines).encode()


@dataclass(slots=True)
class Notes:
    """What the writer noted: the documents that it left, and what it had in hand."""

    keys: dict[str, str] = field(default_factory=dict)
    """Key of the words by source, of what is held for sure."""
    gone: set[str] = field(default_factory=set)
    """Keys of what was removed or replaced for sure."""
    begun: list[str] | None = None
    """What was begun and perhaps done: action, source, key."""
    done: dict[str, int] = field(default_factory=dict)
    """How often each action was done."""

    @classmethod
    def read(cls, path: Path) -> "Notes":
        """Read them; a last line cut short was never written."""
        notes = cls()
        lines = path.read_text("utf-8").split("\n")[:-1] if path.exists() else []
        for line in lines:
            moment, *step = json.loads(line)
            if moment == "begin":
                notes.begun = step
            else:
                notes.take(step)
        return notes

    def take(self, step: Sequence[str]) -> None:
        """Count a step as done."""
        action, source, key = step
        self.begun = None
        self.done[action] = self.done.get(action, 0) + 1
        if source in self.keys and action in {"remove", "change"}:
            self.gone.add(self.keys.pop(source))
        if action in {"add", "change"}:
            self.keys[source] = key


class Writer:
    """Changes a home at random and notes each step."""

    def __init__(self, home: Workbench, notes: Path, *, seed: int) -> None:
        self._home = home
        self._path = notes
        self._notes = Notes.read(notes)
        self._random = random.Random(seed)
        self._name = f"{seed}"
        self._made = 0

    def run(self) -> None:
        """Go on for ever."""
        while True:
            source, key = self._fresh()
            action = self._random.choices(
                ("add", "remove", "change", "vectors", "indexes"), (4, 4, 3, 1, 1)
            )[0]
            if len(self._notes.keys) < _LEAST_KEPT:
                action = "add"
            elif action in {"remove", "change"}:
                source = self._random.choice(sorted(self._notes.keys))
            step = (action, source, key)
            self._note("begin", step)
            self._do(*step)
            self._note("done", step)
            self._notes.take(step)
            self._home.index()

    def _fresh(self) -> tuple[str, str]:
        self._made += 1
        return f"upload:{self._name}-{self._made}", f"{self._name}-{self._made}"

    def _do(self, action: str, source: str, key: str) -> None:
        home = self._home
        if action in {"add", "change"}:
            home.ingest.add(text_of(key), "a.txt", source=source, actor=home.actor)
        elif action == "remove":
            document = home.documents.by_source(source)
            if document is not None:
                remove(home, document.id)
        elif action == "vectors":
            with home.engine.begin() as connection:
                connection.execute(text("DELETE FROM vectors WHERE passage_id % 3 = 0"))
        else:
            shutil.rmtree(home.home / "index" / "dense", ignore_errors=True)
            home.lexical.update(remove=home.lexical.ids(), add=())
            home.lexical_indexing.catch_up(in_full=True)

    def _note(self, moment: str, step: Sequence[str]) -> None:
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps((moment, *step)) + "\n")
            stream.flush()
            os.fsync(stream.fileno())


def settled(notes: Path, home: Workbench) -> Notes:
    """The notes, with what was begun last decided by what the home holds."""
    found = Notes.read(notes)
    if found.begun is None:
        return found
    step = found.begun
    action, source, key = step
    document = home.documents.by_source(source)
    held = None if document is None else home.passages.of_version(document.current_version)
    is_done = {
        "add": held is not None,
        "remove": held is None,
        "change": held is not None and words_of(key) in held[0].text,
    }.get(action, True)
    if is_done:
        found.take(step)
    found.begun = None
    with notes.open("r+", encoding="utf-8") as stream:
        whole = stream.read()
        stream.seek(0)
        stream.truncate()
        stream.write("".join(line + "\n" for line in whole.split("\n")[:-1]))
        if is_done:
            stream.write(json.dumps(("done", *step)) + "\n")
        else:
            stream.write(json.dumps(("done", "nothing", "", "")) + "\n")
    return found


def faults_of(home: Workbench, notes: Notes) -> list[str]:
    """What does not hold: documents lost or doubled, ghosts in search, what the doctor finds."""
    faults = [f"doctor: {f.check} {f.faults}" for f in home.doctor.examine() if not f.is_sound]
    documents = {document.source: document for document in home.documents.find()}
    if documents.keys() != notes.keys.keys() or len(documents) != home.documents.count():
        faults.append(f"documents: {sorted(documents.keys() ^ notes.keys.keys())}")
    home.index()
    faults += [f"waiting: {f.check} {f.waiting}" for f in home.doctor.examine() if f.waiting]
    retriever = home.retriever
    for source, key in notes.keys.items():
        hits = retriever.search(words_of(key), 3, mode=Mode.LEXICAL)
        if not hits or any(hit.document.source != source for hit in hits[:1]):
            faults.append(f"lost: {source}")
        if words_of(key) not in retriever.search(words_of(key), 1)[0].passage.text:
            faults.append(f"lost: {source} (both lists)")
    held = set(home.passages.ids().tolist())
    dense = home.dense
    for name, index in (("lexical", home.lexical), ("dense", dense)):
        if index is None or set(index.ids().tolist()) != held:
            faults.append(f"ghosts: {name}")
    for key in notes.gone:
        for mode in Mode:
            if any(
                words_of(key) in r.passage.text for r in retriever.search(words_of(key), mode=mode)
            ):
                faults.append(f"ghost: {key} {mode}")
    return faults


class Reading:
    """A process that searches without pause while others write; it must never fail."""

    def __init__(self, home: Path, notes: Path) -> None:
        self._process = _started("reader", home, notes, 0)

    def stop(self) -> tuple[int, float, list[str]]:
        """How many searches it did, the slowest in seconds, and what went wrong."""
        self._process.send_signal(signal.SIGTERM)
        output, _ = self._process.communicate(timeout=60)
        report = json.loads(output.splitlines()[-1]) if output else {}
        if not report:
            return 0, 0.0, ["the reader ended by itself"]
        return report["searches"], report["slowest"], report["faults"]


def killed_writer(home: Path, notes: Path, *, seed: int, after: float) -> float:
    """Start a writer, let it work for so many seconds, and kill it; how many it really had."""
    process = _started("writer", home, notes, seed)
    begun = time.perf_counter()
    time.sleep(after)
    process.kill()
    seconds = time.perf_counter() - begun
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    return seconds


@dataclass(frozen=True, slots=True)
class Look:
    """What a fresh process found in a home whose writer was killed."""

    documents: int
    passages: int
    seconds: float
    faults: list[str]


def looked(home: Path, notes: Path) -> Look:
    """Have a process of its own compare everything with the notes."""
    process = _started("look", home, notes, 0)
    output, _ = process.communicate(timeout=600)
    if process.returncode:
        return Look(0, 0, 0.0, ["the look ended by itself"])
    return Look(**json.loads(output.splitlines()[-1]))


def _look(home: Workbench, notes: Path) -> None:
    begun = time.perf_counter()
    faults = faults_of(home, settled(notes, home))
    found = Look(
        documents=home.documents.count(),
        passages=len(home.passages.ids()),
        seconds=time.perf_counter() - begun,
        faults=faults,
    )
    print(json.dumps(asdict(found)), flush=True)


def _started(part: str, home: Path, notes: Path, seed: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__, part, str(home), str(notes), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def _read(home: Workbench, notes: Path) -> None:
    """Search till told to stop: for what all have, and for what is gone."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    searches, slowest, faults = 0, 0.0, []
    chance, modes = random.Random(str(notes)), list(Mode)
    print("ready", flush=True)
    while not stopped:
        gone = sorted(Notes.read(notes).gone)
        words = words_of(chance.choice(gone)) if gone and searches % 2 else "工作按期办结"
        begun = time.perf_counter()
        try:
            mode = modes[searches // 2 % 3]
            results = home.retriever.search(words, 20, mode=mode, collapse=False)
        except Exception as error:  # noqa: BLE001 – whatever it is, it is the finding
            faults.append(repr(error))
            results = []
        slowest = max(slowest, time.perf_counter() - begun)
        searches += 1
        faults += _faults_shown(home, results, set(map(words_of, gone)))
        time.sleep(0.01)
    print(json.dumps({"searches": searches, "slowest": slowest, "faults": faults[:5]}), flush=True)


def _faults_shown(home: Workbench, results: Sequence[Result], gone: set[str]) -> list[str]:
    """What does not hold of results: each once, in good order, on its page, and nothing gone."""
    faults = []
    if len({each.passage.id for each in results}) != len(results):
        faults.append("a passage twice")
    if [each.score for each in results] != sorted((r.score for r in results), reverse=True):
        faults.append("not in order")
    for passage in (each.passage for each in results):
        if passage.text[:_OF_KEY] in gone:
            faults.append(f"ghost: {passage.text[:_OF_KEY]}")
        pages = {page.index: page.text for page in home.documents.pages(passage.version_id)}
        words = "".join(pages[span.page][span.start : span.end] for span in passage.spans)
        if words != passage.text:
            faults.append(f"passage {passage.id} is not on its page")
    return faults


def main(part: str, folder: str, notes: str, seed: str) -> None:
    """What the processes do."""
    home = opened(Path(folder))
    if part == "reader":
        _read(home, Path(notes))
        home.close()
        return
    if part == "look":
        print("ready", flush=True)
        _look(home, Path(notes))
        home.close()
        return
    # What is loaded at first use must not take up the moments in which it is killed.
    home.files.read(text_of("warm"), "warm.txt")
    home.index()
    print("ready", flush=True)
    Writer(home, Path(notes), seed=int(seed)).run()


def opened(folder: Path) -> Workbench:
    """The home in `folder`; with the product's own encoder where the environment asks for it."""
    if os.environ.get("ZHIKU_KILLS_REAL"):
        from briefs.workbench.settings import load
        from knowledge.readers.sandbox import InProcess

        return Workbench(load(folder / "home"), files=InProcess())
    return open_home(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
