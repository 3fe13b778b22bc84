"""One set of statements in three lengths.

Rooms: ``forms`` (a publication at a length), ``ties`` (what may not be parted), ``parting`` (which
pairs the lengths part), ``abridgement`` (two forms compared line by line), ``proving`` and
``printed`` (the proof that a short form says nothing of its own, from publications and from what
was printed), ``entries`` (a printed list of references), ``paging`` (how many pages a form takes).
"""
