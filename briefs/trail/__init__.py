"""How the sources of a brief were found 检索留痕, and what was kept of them 资料夹.

Rooms: ``trail`` (the service: searches and what became of what they found), ``folder`` (passages
kept), ``noted`` (their words), ``holdings`` (how much was searched), ``sources`` (what became of a
source since), ``reading`` and ``rows`` (in SQL).
"""
