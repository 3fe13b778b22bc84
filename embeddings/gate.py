"""A lock that many hold together to look, and one alone to change."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets many pass at once, or one alone; who waits to be alone goes before newcomers.

    So neither waits for more than what is under way. Nobody may ask again while holding it.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._passing = 0
        self._waiting = 0
        self._is_taken = False

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Hold it together with others that only look."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._is_taken or self._waiting))
            self._passing += 1
        try:
            yield
        finally:
            with self._changed:
                self._passing -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it while nobody else does."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: not (self._is_taken or self._passing))
                self._is_taken = True
            finally:
                self._waiting -= 1
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()
