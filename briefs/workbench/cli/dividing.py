"""What “doctor” and “index” say and do about how the dense index is divided, and other encoders."""

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.console import say


def describe(workbench: Workbench) -> None:
    """Say how the dense index searches, and of which other encoders vectors are kept."""
    if (dense := workbench.dense) is None:
        return
    shape = dense.shape
    state = "divided" if shape.segments else "exact"
    say(f"index.{state}", n=shape.exact, divided=shape.divided, segments=shape.segments)
    if shape.is_due:
        say("index.due")
    for other in dense.others():
        if other.vectors:
            say("index.other", name=other.name, n=other.vectors)


def finish(workbench: Workbench) -> None:
    """Wait for the trained lists that are due; say so if they cannot be made."""
    if (dense := workbench.dense) is None or not dense.shape.is_due:
        return
    say("index.dividing")
    dense.finish()
    if problem := dense.shape.problem:
        say("index.problem", problem=problem)


def forget_encoders(workbench: Workbench) -> None:
    """Delete what other encoders left, unless one of them is still needed."""
    dense = workbench.dense
    if dense is None or dense.pending():
        say("index.kept")
        return
    dense.forget_others()
