"""Passages in; cited, published briefs out.

Rooms: ``model`` (the words, as frozen dataclasses), ``errors``, ``evidence`` (is the quote really
there?), ``gate`` (does a statement say what its evidence says?), ``gating`` (a brief before it),
``citing`` (GB/T 7714 references, and their exchange with other programs), ``schema``, ``store``,
``editions`` and ``rows`` (briefs and editions in SQL, as one viewer sees them), ``audience`` (for
whom an edition is), ``editing`` (changing a brief) with ``arranging``, ``pasting``, ``tables`` and
``clearing``, ``revisions`` (what it said before), ``templates`` (what a brief of a sort has in it),
``trail`` (how its sources were found), ``drafting`` (statements from sources), ``assistant``
(statements that a language model proposes), ``composing`` (brief → publication, as readers get it),
``lengths`` (one page, standard, in depth), ``cutting`` (figures out of pages), ``publishing`` and
``issuing`` (publication → frozen edition), ``frozen`` (its canonical JSON), ``proving`` (that it is
as published), ``seconding`` (what takes two persons), ``exporters`` (→ HTML, DOCX, PDF, Markdown),
and ``workbench``, the way in: settings, bootstrap, command line, pages, HTTP.

May import ``knowledge`` and ``embeddings``. Only ``workbench`` knows Streamlit, the command line,
HTTP or the environment.
"""
