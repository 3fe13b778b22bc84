"""What “doctor” says about how this machine encodes passages."""

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.console import say


def describe(workbench: Workbench) -> None:
    """Say which encoder it is, in what precision it computes and what in the processor chose it."""
    if workbench.encoder_problem is not None:
        return
    import torch

    from embeddings.model_loading import bf16_ability

    ability = bf16_ability()
    say(
        "encoding.short" if ability else "encoding.full",
        name=workbench.encoder.name,
        ability=ability,
        threads=torch.get_num_threads(),
    )
