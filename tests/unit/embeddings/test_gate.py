"""Many look together, one changes alone."""

import threading

import pytest

from embeddings.gate import Gate

_SOON = 5.0
_NOT_YET = 0.05


def test_those_who_look_look_together() -> None:
    gate, met = Gate(), threading.Barrier(2, timeout=_SOON)

    def look() -> None:
        with gate.passing():
            met.wait()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not met.broken


def test_who_waits_to_be_alone_goes_before_newcomers() -> None:
    gate, order = Gate(), list[str]()
    waiting = threading.Event()

    def change() -> None:
        waiting.set()
        with gate.alone():
            order.append("change")

    def look() -> None:
        with gate.passing():
            order.append("look")

    with gate.passing():
        changing = threading.Thread(target=change)
        changing.start()
        assert waiting.wait(_SOON)
        changing.join(_NOT_YET)
        looking = threading.Thread(target=look)
        looking.start()
        looking.join(_NOT_YET)
        assert order == []
    changing.join(_SOON)
    looking.join(_SOON)
    assert order == ["change", "look"]


def test_it_opens_again_after_a_fault() -> None:
    gate = Gate()
    for hold in (gate.alone, gate.passing):
        with pytest.raises(KeyError), hold():
            raise KeyError
    with gate.alone():
        pass
