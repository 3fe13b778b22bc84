"""One set of statements in three lengths.

Rooms: ``forms`` (a publication at a length), ``ties`` (what may not be parted), ``abridgement`` and
``printed`` (the proof that a short form says nothing of its own, from publications and from what
was printed), ``paging`` (how many pages a form takes).
"""
