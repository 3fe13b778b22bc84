"""What a process has of a home, whoever acts: opened once, shared by every person's workbench."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

import briefs.schema  # noqa: F401 – its tables join the knowledge base's metadata
from briefs.proving import EDITIONS
from briefs.templates import FOLDER as TEMPLATES
from briefs.templates import Templates
from briefs.trail.holdings import Holdings
from briefs.workbench.models import Models
from briefs.workbench.picturing import Pictures
from briefs.workbench.settings import Settings
from briefs.workbench.succession import Succession
from embeddings.errors import BadInputError as EncoderProblem
from embeddings.protocols import Encoder
from embeddings.reranking import Reranker
from knowledge.access import KEEPER
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Audit, Deed
from knowledge.accounts.second_person import Proposals
from knowledge.accounts.signing_in import SigningIn
from knowledge.backdrop import Backdrop
from knowledge.certainty import Judge
from knowledge.errors import BadHomeError
from knowledge.health import Doctor
from knowledge.indexing import DenseIndexing, LexicalIndexing
from knowledge.ingest import Ingest, Records
from knowledge.lexical import TantivyIndex
from knowledge.likeness import Likeness
from knowledge.model import Access, Actor
from knowledge.originals import Originals
from knowledge.protocols import LexicalIndex
from knowledge.quarantine import Quarantine
from knowledge.readers.sandbox import Files, Sandbox
from knowledge.store.changes import Mark
from knowledge.store.documents import Documents
from knowledge.store.engine import migrate, open_engine
from knowledge.store.failures import Failures
from knowledge.store.likenesses import Likenesses
from knowledge.store.passages import Passages
from knowledge.store.people import People
from knowledge.store.quarantine import QuarantinedFiles
from knowledge.synonyms import Synonyms
from knowledge.synonyms_file import FILE_NAME, SynonymsFile
from knowledge.weighing import FILE_NAME as WEIGHTS
from knowledge.weighing import read_weights

DATABASE = "zhiku.db"
_LOOKED_AT_BEFORE_A_SEARCH = 16
"""Versions compared with the rest of the collection: a fraction of a second."""
_PATIENCE = 0.5
"""Seconds that a search waits for another one that brings the indexes up to date."""


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class House:
    """The database, the files, the models and the indexes of a home; safe in several threads.

    It reads as the keeper: nothing of it is shown to a person but through their `Workbench`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = now,
        encoder: Encoder | None = None,
        files: Files | None = None,
    ) -> None:
        """Open the home; see `Workbench`."""
        self.settings = settings
        self.clock = clock
        self.home = settings.home
        self._lock = threading.RLock()
        self._fresh_lock = threading.Lock()
        self.engine: Engine = _opened(self.home)
        self.people = People(self.engine)
        self.signing_in = SigningIn(self.engine, clock=clock)
        self.audit = Audit(self.engine)
        self.proposals = Proposals(self.engine)
        self.kept = Documents(self.engine, KEEPER)
        self.indexed = Passages(self.engine, KEEPER)
        self.failures = Failures(self.engine, KEEPER)
        self.originals = Originals(self.home / "originals")
        self.synonyms_file = SynonymsFile(
            self.home / FILE_NAME, lock=self.lock_file("synonyms"), note=self._note_synonyms
        )
        self.templates = Templates(
            self.home / TEMPLATES, lock=self.lock_file("templates"), note=self._note_template
        )
        self.files: Files = Sandbox() if files is None else files
        quarantined = QuarantinedFiles(self.engine)
        self.ingest = self._ingest_into(quarantined)
        self.quarantine = Quarantine(
            quarantined,
            self.ingest,
            originals=self.originals,
            clock=clock,
            forget=self.pictures(self.kept, self.indexed).forget,
        )
        self.quarantine.tidy()
        self.holdings = Holdings(self.engine, self.indexed.changes)
        self._models = Models(settings, folder=self.home / "cache" / "models", encoder=encoder)
        self._judges: dict[str, Judge] = {}
        self._taken_in: Mark | None = None
        self._encoded: Mark | None = None

    def _ingest_into(self, quarantined: QuarantinedFiles) -> Ingest:
        return Ingest(
            Records(self.kept, self.failures, quarantined),
            originals=self.originals,
            read=self.files.read,
            lock=self.lock_file("ingest"),
            clock=self.clock,
            access=Access(self.settings.access),
        )

    def close(self) -> None:
        """Let go of the database and of the processes that read and draw."""
        self.files.close()
        self.engine.dispose()

    def _note_synonyms(self, actor: Actor) -> None:
        deed = Deed.by(actor, Action.EDIT_SYNONYMS, kind="home")
        self.audit.enter(deed, at=self.clock())

    def _note_template(self, actor: Actor, name: str) -> None:
        deed = Deed.by(actor, Action.EDIT_TEMPLATE, kind="home", template=name)
        self.audit.enter(deed, at=self.clock())

    def lock_file(self, name: str) -> Path:
        """The file that a process locks while it does what `name` says."""
        return self.home / "locks" / f"{name}.lock"

    def pictures(self, documents: Documents, passages: Passages) -> Pictures:
        """Pictures of pages, with words boxed, of what the stores' viewer may see."""
        return Pictures(
            documents,
            passages,
            originals=self.originals,
            draw=self.files.draw,
            folder=self.home / "cache" / "pages",
        )

    def likeness(self, documents: Documents) -> Likeness:
        """What finds the same and nearly the same among what the store's viewer may see."""
        lock = self.lock_file("likeness")
        return Likeness(Likenesses(self.engine), documents, lock=lock)

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings, loaded once; see `Models.encoder`."""
        return self._models.encoder

    @property
    def encoder_problem(self) -> EncoderProblem | None:
        """Why there is no dense search here; None when there is."""
        return self._models.encoder_problem

    @property
    def reranker(self) -> Reranker | None:
        """The reranker of the settings; None when none is set, or it cannot be used."""
        return self._models.reranker

    @property
    def reranker_problem(self) -> EncoderProblem | None:
        """Why the reranker of the settings is not used; None when it is, or none is set."""
        return self._models.reranker_problem

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index, opened once."""
        with self._lock:
            return self._lexical

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return TantivyIndex(
            self.home / "index" / "lexical",
            synonyms=self.synonyms_file.current,
            state=self._lexical_state,
        )

    @property
    def _lexical_state(self) -> Path:
        return self.home / "index" / "lexical.upto"

    @cached_property
    def lexical_indexing(self) -> LexicalIndexing:
        """What keeps the lexical index up to date."""
        return LexicalIndexing(
            self.indexed,
            self.lexical,
            lock=self.lock_file("lexical"),
            state=self._lexical_state,
        )

    @property
    def dense(self) -> DenseIndexing | None:
        """What keeps the dense index up to date; None where there is no encoder."""
        if self.encoder_problem is not None:
            return None
        with self._lock:
            return self._dense

    @cached_property
    def _dense(self) -> DenseIndexing:
        return self._dense_of(self.encoder)

    def _dense_of(self, encoder: Encoder) -> DenseIndexing:
        return DenseIndexing(
            self.indexed,
            encoder,
            folder=self.home / "index" / "dense",
            lock=self.lock_file("dense"),
        )

    @property
    def opened_dense(self) -> DenseIndexing | None:
        """As `dense`, but None until it was needed: asking loads nothing."""
        opened: DenseIndexing | None = self.__dict__.get("_dense")
        return opened

    @cached_property
    def succession(self) -> Succession:
        """Which encoder searches while the one of the settings takes another one's place."""
        return Succession(
            self.settings.encoder,
            file=self.home / "index" / "encoder.json",
            load=self._models.made,
            index_of=self._dense_of,
        )

    @property
    def serving(self) -> tuple[Encoder, DenseIndexing] | None:
        """The encoder and the index that search now; None where there is no encoder."""
        dense = self.dense
        return None if dense is None else self.succession.serving(self.encoder, dense)

    def judge_for(self, encoder: Encoder | None) -> Judge:
        """What decides whether a search with this encoder found an answer; None: words alone."""
        name = "" if encoder is None else encoder.fingerprint
        with self._lock:
            if name not in self._judges:
                folder = self.home / "cache" / "certainty"
                self._judges[name] = Judge(
                    self.lexical,
                    backdrop=None if encoder is None else Backdrop(encoder, folder=folder),
                    fitted=read_weights(self.weights_file),
                    synonyms=lambda: self.synonyms,
                )
            return self._judges[name]

    @property
    def synonyms(self) -> Synonyms:
        """What a search takes for the same word, as it is now."""
        return self.synonyms_file.current()

    @property
    def weights_file(self) -> Path:
        """Where “zhiku calibrate” keeps how to tell an answer from a near miss."""
        return self.home / WEIGHTS

    @property
    def doctor(self) -> Doctor:
        """Compares SQL, originals and indexes."""
        return Doctor(
            self.engine,
            self.kept,
            self.indexed,
            originals=self.originals,
            ingest=self.ingest,
            indexes=(self.lexical, self.lexical_indexing, self.dense),
            further=(EDITIONS,),
        )

    def refresh(self) -> None:
        """Bring both indexes to what SQL holds, if any process has changed it."""
        if not self._fresh_lock.acquire(timeout=_PATIENCE):
            # Another thread is at it: what the indexes hold by now is searched meanwhile.
            return
        try:
            touched = self.indexed.changes.since(self._taken_in)
            encoded = self.indexed.encodings.latest()
            if (touched.upto, encoded) == (self._taken_in, self._encoded):
                return
            lexical = self.lexical_indexing.catch_up()
            if (dense := self.dense) is not None:
                dense.catch_up()
            # A search does not wait for all of a big addition; whoever added it is at it.
            among = None if touched.ids is None else self.indexed.versions_of(touched.ids)
            self.likeness(self.kept).catch_up(limit=_LOOKED_AT_BEFORE_A_SEARCH, among=among)
            # Only now, and only if nobody else is still writing: else the next search looks again.
            if lexical is not None:
                self._taken_in, self._encoded = touched.upto, encoded
        finally:
            self._fresh_lock.release()

    def index(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Encode what waits, bring the indexes up to date and save them; returns how many encoded.

        Does nothing for the dense side where there is no encoder.
        """
        self.lexical_indexing.catch_up()
        self.likeness(self.kept).catch_up()
        if (dense := self.dense) is None:
            return 0
        encoded = dense.encode(progress)
        dense.catch_up()
        dense.save()
        self.succession.note(self.encoder, dense)
        return encoded


def _opened(home: Path) -> Engine:
    """The database of a home, made or brought up to date."""
    try:
        for folder in (home, home / "index", home / "locks"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadHomeError(path=home, reason=error.strerror) from error
    engine = open_engine(home / DATABASE)
    migrate(engine)
    return engine
