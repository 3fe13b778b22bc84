"""Sources for statements: a draft by outline, support for a sentence, figures that disagree.

Rooms: ``outline`` (headings → quoted statements), ``supporting`` (what bears a sentence out and
what contradicts it) with ``stretches`` (the words of a passage that can stand for evidence),
``conflicts`` with ``indicators`` (figures of the same thing), ``comparing`` (a brief's figures
beside other sources'), ``authority`` (which source goes before which).
"""
