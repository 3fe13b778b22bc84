"""Words out of pictures of pages (OCR): in a process of its own, a page at a time.

Rooms: ``sheet`` (what recognition reads on one page), ``optics`` (turning and straightening),
``glyphs`` (a box for each character), ``width`` (punctuation of Chinese), ``recogniser``
(rapidocr), ``canvas`` (a page as a picture), ``worker`` (the process), ``remote`` (asking it),
``given`` (one that is told what pages say),
``recognising`` (the queue). Only the worker loads rapidocr.
"""
