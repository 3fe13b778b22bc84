"""Tries to get in where one does not belong, and counts: ``python -m tests.security.attacks``.

Each kind of attack tells of every single attempt whether it was refused. The server is a real one,
on loopback, with `tests.security.server`'s people and records.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.security import entering, holding, reaching
from tests.security.attempt import Attempt
from tests.security.server import Served, served

Kind = Callable[[Served], Iterator[Attempt]]

KINDS: Final[dict[str, Kind]] = {
    "websocket without a session": entering.sockets,
    "websocket of another site's page": entering.foreign_sockets,
    "forged, cut, expired cookies": entering.cookies,
    "headers that claim to be somebody": entering.headers,
    "tricks with the path": entering.paths,
    "files outside the assets": entering.files,
    "methods that nobody offers": entering.methods,
    "guessed numbers of hidden records": reaching.numbers,
    "hidden records on pages": reaching.pages,
    "media files by guessing": reaching.media,
    "files of another person's page": reaching.uploads,
    "another person's visit": reaching.visits,
    "forms without, or with another's mark": holding.forms,
    "forms sent twice": holding.replays,
    "bodies too large, or of another kind": holding.bodies,
    "a session chosen beforehand": holding.fixation,
    "sent elsewhere after signing in": holding.redirects,
    "clicks after the session was ended": holding.revoked,
    "clicks after the role was taken": holding.demoted,
    "guessing passwords": holding.guesses,
}


@dataclass(frozen=True, slots=True)
class Count:
    """What became of one kind of attack."""

    name: str
    attempts: int
    let_through: tuple[str, ...]

    @property
    def refused(self) -> int:
        """How many were."""
        return self.attempts - len(self.let_through)


def count(name: str, server: Served) -> Count:
    """Make all attempts of one kind."""
    made = list(KINDS[name](server))
    return Count(name, len(made), tuple(each.what for each in made if not each.is_refused))


def main() -> int:
    """Make them all and print a table; 1 if anything got through."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        counts = []
        print(f"{'attack':42} {'attempts':>8} {'refused':>8}", flush=True)
        for name in KINDS:
            counts.append(count(name, server))
            print(f"{name:42} {counts[-1].attempts:8} {counts[-1].refused:8}", flush=True)
            for what in counts[-1].let_through[:10]:
                print(f"    let through: {what}")
    attempts, refused = sum(each.attempts for each in counts), sum(each.refused for each in counts)
    print(f"{'all':42} {attempts:8} {refused:8}")
    return int(attempts != refused)


if __name__ == "__main__":
    sys.exit(main())
