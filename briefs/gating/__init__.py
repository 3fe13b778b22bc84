"""A brief before the gate; the gate itself is ``briefs.gate``.

Rooms: ``gating`` (the service), ``weighing`` (one statement, with what its sources are called),
``decisions`` (what persons let stand), ``reports`` (what is said of a brief).
"""
