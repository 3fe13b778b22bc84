"""An assistant that may only propose statements with evidence; code decides what of it is shown.

Rooms: ``model`` (what is offered to it, what came back, what was dropped), ``asking`` (the words
that it gets), ``answering`` (its reply, read), ``proposing`` (offer, ask, bind, gate). Nothing here
knows HTTP: whoever speaks to a model keeps the Protocol `Speaker`; `briefs.workbench.assisting`
does. A reply is never trusted: a passage that was not given, words that do not stand there, a
statement that the gate does not find borne out are dropped, with the reason.
"""

from briefs.assistant.model import Dropped, Offered, Proposal, Proposals, Speaker, Unfit
from briefs.assistant.proposing import Assistant

__all__ = ["Assistant", "Dropped", "Offered", "Proposal", "Proposals", "Speaker", "Unfit"]
