"""The drill: a backup is restored into scratch, examined as a home, and a report is filed."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.durable import write_durably
from knowledge.accounts.audit import Audit
from knowledge.backup import DATABASE, Backup, Progress, State
from knowledge.errors import BadBackupError
from knowledge.snapshot import counts_of, holds_entry

FOLDER: Final = "drills"
"""Of the home: one report a drill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that the drill tried."""

    name: str
    """``restore``, ``counts``, ``log`` or ``doctor``."""
    seconds: float
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a drill found."""

    at: str
    """UTC, ISO 8601."""
    backup: str
    state: str
    originals: int
    counts: dict[str, int]
    last_entry: str | None = None
    """Digest of the last entry of the state's log: it vouches for all entries before."""
    steps: tuple[Step, ...]

    @property
    def is_passed(self) -> bool:
        """Whether a home could be had from this backup, and the log in use continues its log."""
        return not any(step.faults for step in self.steps)


def hold(
    backup: Backup,
    *,
    settings: Settings,
    scratch: Path | None = None,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> Report:
    """Restore the newest state into a folder that is deleted afterwards, and examine it.

    Every byte is checked, rows are counted, the log of deeds is worked out anew, the log in use is
    looked through for its last entry, and `Doctor` looks at the restored home. Nothing of the home
    in use is touched but the report, which is filed in its folder `FOLDER`.

    Args:
        backup: from `knowledge.backup`.
        settings: of the home in use.
        scratch: a folder with room for the home; the system's by default.
        clock: gives the moment of the report.
        progress: told of each original.

    Raises:
        BadBackupError: there is no state to restore.
        BackupError: the scratch folder cannot be written.
    """
    state = backup.get()
    folder = Path(tempfile.mkdtemp(prefix="zhiku-drill-", dir=scratch))
    try:
        steps = tuple(_steps(backup, state, folder / "home", settings, progress))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    at = clock().astimezone(UTC)
    report = Report(
        at=at.isoformat(timespec="seconds"),
        backup=str(backup.folder.resolve()),
        state=state.name,
        originals=len(state.originals),
        counts=dict(state.counts),
        last_entry=state.last_entry,
        steps=steps,
    )
    _file(report, settings.home / FOLDER, at)
    return report


def reports(home: Path) -> list[Report]:
    """Every report that was filed, newest first."""
    folder = home / FOLDER
    paths = sorted(folder.glob("*.json"), reverse=True) if folder.is_dir() else []
    return [_read(path) for path in paths]


def _steps(
    backup: Backup, state: State, home: Path, settings: Settings, progress: Progress | None
) -> Iterator[Step]:
    started = monotonic()
    try:
        backup.restore(home, state=state, progress=progress)
    except BadBackupError as error:
        yield Step(name="restore", seconds=monotonic() - started, faults=(str(error),))
        return
    yield Step(name="restore", seconds=monotonic() - started, faults=tuple(state.absent))
    started = monotonic()
    found = counts_of(home / DATABASE)
    differing = tuple(
        f"{table}: {found.get(table)} instead of {count}"
        for table, count in state.counts.items()
        if found.get(table) != count
    )
    yield Step(name="counts", seconds=monotonic() - started, faults=differing)
    bench = Workbench(replace(settings, home=home))
    try:
        started = monotonic()
        broken = tuple(_log_faults(state, bench, settings.home / DATABASE))
        yield Step(name="log", seconds=monotonic() - started, faults=broken)
        started = monotonic()
        faults = tuple(
            f"{finding.check}: {fault}"
            for finding in bench.doctor.examine()
            for fault in finding.faults
        )
        yield Step(name="doctor", seconds=monotonic() - started, faults=faults)
    finally:
        bench.close()


def _log_faults(state: State, restored: Workbench, in_use: Path) -> Iterator[str]:
    verdict = Audit(restored.engine).verify()
    if verdict.broken_at is not None:
        yield f"entry {verdict.broken_at} is not what was entered"
    elif state.last_entry not in {None, verdict.last}:
        yield f"the last entry is not {state.last_entry}"
    if not holds_entry(in_use, state.last_entry):
        yield (
            f"the log in use lacks the state's last entry, {state.last_entry}: "
            "it was cut or rewritten, or an older state was restored"
        )


def _file(report: Report, folder: Path, at: datetime) -> None:
    folder.mkdir(exist_ok=True)
    text = json.dumps(asdict(report), ensure_ascii=False, indent=1)
    write_durably(folder / f"{at:%Y-%m-%dT%H%M%S}.json", text.encode())


def _read(path: Path) -> Report:
    content = json.loads(path.read_text("utf-8"))
    steps = (Step(**{**step, "faults": tuple(step["faults"])}) for step in content.pop("steps"))
    return Report(**content, steps=tuple(steps))
