"""Whether a text says of a deed plainly what another one denies: 可以出售 before 不得出售.

Stricter than the gate, which lets a statement pass that only leaves a negation out: used where
nobody has chosen the evidence yet.
"""

from briefs.gate.reading import Text, read
from briefs.gate.words import Family


def is_denied(statement: str, evidence: str) -> bool:
    """Whether a verb that `evidence` has only with a negation stands in `statement` without one."""
    own, theirs = read(statement), read(evidence)
    denied = {
        theirs.words[word.end : word.end + 2]
        for word in theirs.closed
        if word.family is Family.NEGATION and theirs.classes[word.end : word.end + 2] == "cc"
    }
    return any(_says(own, verb) and not _says(theirs, verb) for verb in denied)


def _says(text: Text, verb: str) -> bool:
    """Whether it has the words somewhere without a negation right before them."""
    ends = {word.end for word in text.closed if word.family is Family.NEGATION}
    at = text.words.find(verb)
    while at >= 0:
        if at not in ends:
            return True
        at = text.words.find(verb, at + 1)
    return False
