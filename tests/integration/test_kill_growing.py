"""Killed at any moment of adding, removing, dividing and saving, an index comes back whole."""

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from embeddings.growing import Sizes
from embeddings.kept import KeptIndex
from embeddings.snapshot import load_snapshot
from tests.contracts.vector_index import CORNERS, DIMENSION

_SIZES = Sizes(exact=64, tail=32, segment=256)
_KILLS = 6


def opened(folder: Path) -> KeptIndex:
    return KeptIndex(
        folder / "index",
        fingerprint="a",
        dimension=DIMENSION,
        lock=folder / "index.lock",
        sizes=_SIZES,
    )


def work(folder: Path) -> None:
    """Add and remove without end, dividing and saving in between; odd ids are removed again."""
    index = opened(folder)
    start = int(index.ids().max(initial=-1)) + 1
    print("ready", flush=True)
    for first in range(start, sys.maxsize, 20):
        ids = np.arange(first, first + 20, dtype=np.int64)
        index.add(ids, CORNERS[ids % 16])
        index.remove(ids[ids % 2 == 1])
        index.grow_aside()
        if first % 100 == 0:
            index.save()
        if len(index) > 600:
            index.remove(index.ids()[:300])


def test_kills_leave_a_whole_index_that_grows_on(tmp_path: Path) -> None:
    generator = random.Random(6)
    script = (
        "from pathlib import Path; from tests.integration.test_kill_growing import work; "
        f"work(Path({str(tmp_path)!r}))"
    )
    grown = 0
    for _ in range(_KILLS):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(generator.uniform(0.02, 0.4))
            child.kill()
        index = opened(tmp_path)
        assert index.damage is None
        ids = index.ids()
        held, scores = index.search(CORNERS, 9999)
        for corner in range(16):
            nearest = held[corner][scores[corner] == 1]
            assert nearest.tolist() == ids[ids % 16 == corner].tolist()
        grown = max(grown, index.shape.segments)
    assert grown
    index = opened(tmp_path)
    index.finish()
    assert index.save(always=True)
    again = load_snapshot(tmp_path / "index", fingerprint="a", dimension=DIMENSION, sizes=_SIZES)
    assert again.ids().tolist() == index.ids().tolist()
    # What the killed ones left half-written is gone.
    assert len(list((tmp_path / "index").iterdir())) == 2 + index.shape.segments
