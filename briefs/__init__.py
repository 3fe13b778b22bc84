"""Passages in; cited, published briefs out.

Rooms: ``model`` (the words, as frozen dataclasses), ``errors``, ``evidence`` (is the quote really
there?), ``gate`` (does a statement say what its evidence says?), ``citing`` (GB/T 7714 references,
and their exchange with other programs), ``schema``, ``store``, ``editions`` and ``rows`` (briefs
and editions in SQL, as one viewer sees them), ``audience`` (for whom an edition is), ``editing``
(changing a brief) with ``arranging``, ``pasting``, ``merging``, ``revising`` and ``revisions``,
``history`` (what it said before) with ``recording``, ``drafting`` (outline → quoted statements),
``templates`` (what a brief of a sort has in it), ``lengths`` (one page, standard, in depth; with
``ties``, what may not be parted, ``abridgement`` and ``printed``, the proof, ``paging``, pages),
``composing`` (brief → publication, as readers get it), ``gating`` (a brief before the gate; with
``weighing``, one statement with what its sources are called, ``decisions``, what persons let stand,
``reports``, what is said), ``publishing`` (publication → frozen edition), ``seconding`` (what takes
two persons), ``trail`` (what was searched for a brief; with ``noted``, its words, and
``trail_reading``, ``trail_rows``, ``holdings``, how much was searched), ``folder`` (what was kept
for it), ``sources`` (what became of their sources), ``frozen`` (its canonical JSON), ``exporters``
(→ HTML, DOCX, PDF, Markdown), and
``workbench``, the way in: settings, bootstrap,
command line, pages, HTTP.

May import ``knowledge`` and ``embeddings``. Only ``workbench`` knows Streamlit, the command line,
HTTP or the environment.
"""
