"""Files and answers in; passages with their pages out.

Rooms: ``model`` (the words, as frozen dataclasses), ``filter`` (which documents are meant),
``protocols``, ``errors``, ``readers`` (file → pages), ``text``, ``headings``, ``numerals`` and
``chunking`` (pages → passages), ``store`` (SQL, the truth), ``originals`` (files by content hash),
``ingest`` (file → document), ``library`` (documents as a person keeps them), ``tokens`` (what
lexical search compares), ``lexical`` and its twin ``lexical_memory``, ``indexing`` (SQL → indexes),
``retrieval`` and ``fusion``, ``certainty`` (was anything found?) and ``calibrating`` (its weights,
from judged sets), ``explaining`` (why each result was found), ``judged`` and ``evaluation`` (judged
search sets), ``desk`` (inquiries and answers), ``health``.

May import ``embeddings``; never ``briefs``.
"""
