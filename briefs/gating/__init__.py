"""A brief before the gate; the gate itself is ``briefs.gate``.

Rooms: ``gating`` (the service), ``weighing`` (one statement, with what its sources are called),
``wholes`` (with the sentences its evidence was cut out of), ``headed`` (headings and the title),
``pictured`` (figures),
``decisions`` (what persons let stand), ``reports`` (what is said of a brief).
"""
