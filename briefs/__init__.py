"""Passages in; cited, published briefs out.

Rooms: ``model`` (the words, as frozen dataclasses), ``errors``, ``evidence`` (is the quote really
there?), ``gate`` (does a statement say what its evidence says?), ``citing`` (GB/T 7714 references,
and their exchange with other programs), ``schema``, ``store``, ``editions`` and ``rows``
(briefs and editions in SQL, as one viewer sees them), ``audience`` (for whom an edition is),
``editing`` (changing a brief), ``drafting`` (outline → quoted statements), ``composing`` (brief →
publication, as readers get it), ``publishing`` (publication → frozen edition), ``seconding`` (what
takes two persons), ``frozen`` (its canonical JSON), ``exporters`` (→ HTML, DOCX, PDF, Markdown),
and ``workbench``, the way in: settings, bootstrap, command line, pages, HTTP.

May import ``knowledge`` and ``embeddings``. Only ``workbench`` knows Streamlit, the command line,
HTTP or the environment.
"""
