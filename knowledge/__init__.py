"""Files and answers in; passages with their pages out.

Rooms: ``model`` (the words, as frozen dataclasses), ``protocols``, ``errors``, ``text`` and
``chunking`` (pages → passages), ``tokens`` (what lexical search compares), ``readers``
(file → pages), ``store`` (SQL, the truth), ``originals`` (files by content hash), ``lexical``,
``ingest`` (file → document), ``indexing`` (SQL → indexes), ``retrieval`` and ``fusion``,
``evaluation`` (judged search sets), ``desk`` (inquiries and answers), ``health``.

May import ``embeddings``; never ``briefs``.
"""
