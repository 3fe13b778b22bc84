"""The product beside its peers on judged sets: same passages, same vectors, same run.

``python -m tests.benchmarks.peers [--keep FOLDER] [--count N] [--only NAME]… [--neutral]
[--json FILE] SET…``, sets in BEIR layout.

Only retrieval differs: every system is given the product's passages as texts, with the vectors of
its encoder. Encoding is measured once and added to everybody's index seconds (“own s” is without);
what a query takes is without it. “keep s” is what the product needs to commit each text to its
collection as a document and to look for copies; its peers keep none. Each system runs in a process of its own and is set up as its documentation shows, and
again with Chinese cut into words for it; one that is not installed is skipped with a line. The
product takes the language out of the vectors (`embeddings.neutral`): with ``--neutral`` its peers
are given such vectors too.

The peers are no dependencies of the product. In an environment of their own, beside the product's::

    python -m venv peers && echo SITE-PACKAGES-OF-THE-PRODUCT > peers/lib/python3.11/site-packages/shared.pth
    peers/bin/pip install torch==2.13.0 txtai haystack-ai llama-index-core llama-index-retrievers-bm25 jieba
    peers/bin/python -m tests.benchmarks.peers …

Measured with txtai 9.14.0, haystack-ai 3.4.0, llama-index-core 0.14.25 with its BM25 retriever 0.8.0,
and jieba 0.42.1.
"""
