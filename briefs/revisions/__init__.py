"""What a brief said at each revision.

Rooms: ``revising`` (the next revision, written within a transaction), ``recording`` (what a
revision changed, as it is kept), ``stored`` (revisions in SQL), ``merging`` (changes of two
people), ``history`` (what it said before: read, compared, taken back).
"""
