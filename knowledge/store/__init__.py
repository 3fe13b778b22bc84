"""SQL, the truth: every index is made from it and can be thrown away.

Rooms: ``schema`` (the tables), ``migrations`` (how a home of any age gets them), ``engine``
(opening SQLite the one right way), ``documents``, ``passages`` (with their vectors), ``failures``,
``people`` (persons and branches) and ``inquiries``. What may be seen and found: ``scoping``,
``selected``. What changed: ``changes``. What must agree: ``proving``.
"""
