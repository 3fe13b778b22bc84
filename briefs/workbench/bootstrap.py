"""The only place that chooses adapters: settings in, a workbench of services out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from briefs.assistant import Assistant
from briefs.citing.collecting import Collecting
from briefs.citing.importing import Importing
from briefs.composing import Composing
from briefs.drafting.comparing import Comparing
from briefs.drafting.outline import Drafting
from briefs.drafting.supporting import Supporting
from briefs.editing import Editing
from briefs.gating.decisions import Decisions
from briefs.gating.gating import Gating
from briefs.model import BriefSummary
from briefs.publishing import Publishing
from briefs.revisions.blanking import forget
from briefs.revisions.history import History
from briefs.seconding import Seconding
from briefs.store import Briefs
from briefs.trail.folder import Folder
from briefs.trail.trail import Trail
from briefs.workbench.assisting import ChatClient
from briefs.workbench.house import DATABASE, House, now
from briefs.workbench.housed import Housed
from briefs.workbench.picturing import Cutting, Pictures
from briefs.workbench.settings import Settings
from briefs.workbench.wording import wording
from embeddings.protocols import Encoder
from knowledge.access import Viewer, viewer_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed
from knowledge.accounts.logbook import Logbook
from knowledge.accounts.roles import EVERYTHING
from knowledge.askers import Askers
from knowledge.certainty import Judge
from knowledge.clearing import Clearings
from knowledge.desk import Desk
from knowledge.erasing import Erasing
from knowledge.library import Library
from knowledge.likeness import Likeness
from knowledge.model import Actor, Version
from knowledge.personal_data import PersonalData
from knowledge.quarantine import Quarantine
from knowledge.readers.sandbox import Files
from knowledge.recognition.recognising import Recognising
from knowledge.recognition.remote import RemoteRecogniser
from knowledge.rereading import Rereading
from knowledge.retrieval import Retriever
from knowledge.sharing import Sharing
from knowledge.store.confidences import Confidences
from knowledge.store.documents import Documents
from knowledge.store.failures import Failures
from knowledge.store.passages import Passages
from knowledge.store.quarantine import QuarantinedFile
from knowledge.store.recognitions import Recognitions
from knowledge.store.rereadings import Rereadings
from knowledge.weighing import read_weights

__all__ = ["DATABASE", "Workbench", "now"]

_log = logging.getLogger(__name__)


class Workbench(Housed):
    """All services over one home for one person, each made when first needed.

    Whatever is shown is read for that person: what they may not see does not exist for them. Safe
    in several threads.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = now,
        encoder: Encoder | None = None,
        files: Files | None = None,
    ) -> None:
        """Open the home, made and brought up to date as need be, for whoever runs this process.

        Args:
            settings: of the home.
            clock: gives the moment of every record.
            encoder: used instead of the one that the settings name.
            files: reads and draws files; failing that, a sandbox.

        Raises:
            BadHomeError: the home cannot be used.
        """
        self.house = House(settings, clock=clock, encoder=encoder, files=files)
        person = self.people.ensure(settings.person, branch=settings.library, at=clock())
        # The files of the home are theirs anyway.
        self.actor: Actor = replace(
            person, permissions=EVERYTHING, sees_all_branches=True, is_operator=True
        )

    def of(self, actor: Actor) -> "Workbench":
        """The same home as another person's workbench; costs nothing and needs no closing."""
        other = object.__new__(Workbench)
        other.house = self.house
        other.actor = actor
        return other

    def close(self) -> None:
        """Let go of the home; every other person's workbench of it can no longer be used."""
        self.house.close()

    def note(self, action: Action, **details: int | bool) -> None:
        """Enter in the log what this person did to the home as a whole."""
        deed = Deed.by(self.actor, action, kind="home", **details)
        self.audit.enter(deed, at=self.clock())

    @cached_property
    def logbook(self) -> Logbook:
        """The log as this person reads it."""
        return Logbook(self.audit, self.people, actor=self.actor, clock=self.clock)

    @cached_property
    def failures(self) -> Failures:
        """Files that could not be read, of those that are this person's matter."""
        return Failures(self.engine, self.viewer)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Files that bear a mark of secrecy, of those that are this person's matter."""
        return self.house.quarantine.seen_by(self.actor)

    @cached_property
    def viewer(self) -> Viewer:
        """What this person may see."""
        return viewer_of(self.actor)

    @cached_property
    def documents(self) -> Documents:
        """The documents that this person may see."""
        return Documents(self.engine, self.viewer)

    @cached_property
    def passages(self) -> Passages:
        """The passages that this person may see."""
        return Passages(self.engine, self.viewer)

    @cached_property
    def desk(self) -> Desk:
        """Inquiries and answers."""
        return Desk(
            self.engine,
            self.documents,
            ingest=self.ingest,
            askers=self.askers,
            clock=self.clock,
        )

    @cached_property
    def askers(self) -> Askers:
        """Who asks, kept apart from the question."""
        keep = timedelta(days=self.settings.keep_askers)
        return Askers(self.engine, keep=keep, clock=self.clock)

    @cached_property
    def erasing(self) -> Erasing:
        """What erases persons."""
        owner = self.settings.person
        return Erasing(self.engine, clock=self.clock, owner=owner, forget=forget)

    @cached_property
    def personal_data(self) -> PersonalData:
        """What is kept of a person, for themselves to read."""
        return PersonalData(self.engine, clock=self.clock)

    @cached_property
    def clearings(self) -> Clearings:
        """What was decided on personal data before something became public."""
        return Clearings(self.engine, read=self.files.read)

    @cached_property
    def briefs(self) -> Briefs:
        """The briefs and editions that this person may see."""
        return Briefs(self.engine, self.viewer)

    @cached_property
    def editing(self) -> Editing:
        """What writes briefs."""
        return Editing(self.briefs, self.documents, self.passages, clock=self.clock)

    @cached_property
    def history(self) -> History:
        """The revisions of the briefs that this person may see."""
        return History(self.engine, self.viewer, clock=self.clock)

    @cached_property
    def gating(self) -> Gating:
        """What puts briefs through the gate."""
        return Gating(
            self.documents,
            self.passages,
            decisions=Decisions(self.engine),
            clock=self.clock,
            kept=lambda brief: [
                each.evidence for each in self.folder.items(brief.id) if each.evidence is not None
            ],
        )

    @cached_property
    def trail(self) -> Trail:
        """What was searched for briefs."""
        return Trail(self.engine, self.passages, holdings=self.house.holdings, clock=self.clock)

    @cached_property
    def folder(self) -> Folder:
        """What was kept for briefs."""
        return Folder(
            self.engine,
            self.briefs,
            editing=self.editing,
            documents=self.documents,
            clock=self.clock,
        )

    @cached_property
    def publishing(self) -> Publishing:
        """What publishes briefs."""
        return Publishing(
            self.briefs,
            self.editing,
            composing=Composing(self.documents, self.people, style=self.settings.reference_style),
            gating=self.gating,
            clock=self.clock,
            notice=self.settings.notice or None,
        )

    @cached_property
    def library(self) -> Library:
        """The collection: describe and confirm, with the lexical index kept in step."""
        return Library(
            self.documents,
            self.failures,
            ingest=self.ingest,
            indexing=self.lexical_indexing,
            clock=self.clock,
        )

    @cached_property
    def seconding(self) -> Seconding:
        """What takes two persons: removing a document, withdrawing an edition."""
        return Seconding(
            self.proposals,
            self.documents,
            self.briefs,
            register=self.signing_in.register,
            removed=self.lexical_indexing.catch_up,
            clock=self.clock,
        )

    @cached_property
    def sharing(self) -> Sharing:
        """What says who may see a document."""
        return Sharing(self.engine, indexing=self.lexical_indexing, clock=self.clock)

    @cached_property
    def collecting(self) -> Collecting:
        """The references of documents and briefs."""
        return Collecting(self.documents, self.briefs)

    @cached_property
    def importing(self) -> Importing:
        """What takes references of other programs over into the catalogue."""
        return Importing(self.documents, self.library)

    @cached_property
    def likeness(self) -> Likeness:
        """What finds the same and nearly the same documents."""
        return self.house.likeness(self.documents)

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures of pages, with words boxed."""
        return self.house.pictures(self.documents, self.passages)

    @cached_property
    def cutting(self) -> Cutting:
        """What cuts figures out of pages, for the files of briefs."""
        words = wording(self.settings.language)
        return Cutting(self.documents, self.pictures, words=words)

    @cached_property
    def recognising(self) -> Recognising:
        """What recognises the pages that wait for it."""
        return Recognising(
            Recognitions(self.engine),
            self.house.kept,
            recogniser=RemoteRecogniser(self.originals.read),
            withhold=self._withhold,
            lock=self.house.lock_file("recognition"),
            clock=self.clock,
        )

    @cached_property
    def rereading(self) -> Rereading:
        """What reads documents of an older Zhiku anew."""
        return Rereading(
            self.documents,
            Rereadings(self.engine),
            originals=self.originals,
            read=self.files.read,
            withhold=self._withhold,
            lock=self.house.lock_file("ingest"),
            clock=self.clock,
        )

    def _withhold(self, version: Version, mark: str) -> bool:
        keeper = self.house.kept.document_of_version(version.id).stamp.branch_id
        if self.quarantine.is_released(version.sha256, branch_id=keeper):
            self.quarantine.restrict(version.id, actor=self.actor)
            return False
        file = self.quarantine.withdraw(version.id, mark, actor=self.actor)
        for brief in self.briefs_citing([file])[file.id]:
            _log.warning("quarantine: brief %d cites file %d", brief.id, file.id)
        return True

    def briefs_citing(self, files: Sequence[QuarantinedFile]) -> dict[int, list[BriefSummary]]:
        """By the id of a file in quarantine the briefs that cite its words, each once."""
        cited = self.publishing.citing() if files else {}
        found: dict[int, list[BriefSummary]] = {}
        for file in files:
            of_it = (cited.get(id_, []) for id_ in self.quarantine.versions(file))
            found[file.id] = list({brief.id: brief for each in of_it for brief in each}.values())
        return found

    @property
    def retriever(self) -> Retriever:
        """Search, over indexes that hold what any process has committed by now."""
        self.refresh()
        serving = self.serving
        return Retriever(
            self.documents,
            self.passages,
            lexical=self.lexical,
            dense=serving,
            confidences=Confidences(self.engine),
            judge=self.house.judge_for(None if serving is None else serving[0]),
            reranker=self.house.reranker,
        )

    @property
    def lexical_retriever(self) -> Retriever:
        """Search by words alone: needs no encoder and loads none."""
        self.lexical_indexing.catch_up()
        weights = read_weights(self.weights_file)
        return Retriever(
            self.documents,
            self.passages,
            lexical=self.lexical,
            dense=None,
            confidences=Confidences(self.engine),
            judge=Judge(self.lexical, fitted=weights, synonyms=lambda: self.synonyms),
        )

    @property
    def drafting(self) -> Drafting:
        """Drafts by outline."""
        encoder = None if self.encoder_problem else self.encoder
        return Drafting(self.retriever, self.editing, encoder=encoder)

    @property
    def comparing(self) -> Comparing:
        """What finds figures that disagree with those of a brief."""
        return Comparing(
            self.lexical_retriever,
            self.editing,
            documents=self.documents,
            passages=self.passages,
        )

    @property
    def supporting(self) -> Supporting:
        """What finds support for a sentence."""
        return Supporting(self.retriever, self.editing)

    @property
    def assistant(self) -> Assistant | None:
        """What proposes statements by asking a model; None where the settings name none."""
        if not self.settings.has_assistant:
            return None
        return Assistant(
            self.retriever,
            self.editing,
            speaker=ChatClient(self.settings),
            only_public=self.settings.assistant_sources == "public",
            audit=self.audit,
            trail=self.trail,
            clock=self.clock,
        )
