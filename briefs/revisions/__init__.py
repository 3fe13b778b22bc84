"""What a brief said at each revision.

Rooms: ``revising`` (the next revision, written within a transaction), ``recording`` (what a
revision changed, as it is kept), ``stored`` (revisions in SQL), ``merging`` (changes of two
people), ``comparing`` (what is different between two), ``sittings`` (those of one person within
minutes), ``history`` (what it said before: read, compared, taken back), ``unseen`` (what of it is
kept from whom), ``blanking`` (words taken out of it for good).
"""
