"""Faithful measurements of reading that anybody can repeat on their own folder.

Rooms: ``differences`` (character error rate), ``order`` (of sentences), ``texts`` (a reading beside
its truth), ``boxes`` (does a place show its words), ``printed`` and ``pictured`` (what is to be
seen there, asked of PDFium or of recognition), ``folder`` (files and their truths), ``speed``,
``memory``, ``hostile`` and ``catalogue`` (outcomes and catalogue entries beside what was expected).
Only the workbench comes in.
"""
