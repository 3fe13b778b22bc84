"""Proof that nobody gets in where they do not belong: every way in, for every role, and attacks.

Rooms: ``services``, ``reading``, ``routes`` and ``pages`` (tables: what asks for which permission,
and why the rest needs none), ``walking`` (finds what must be listed), ``cast`` (persons of every
role), ``server`` (a real server), ``asking`` and ``attempt`` (speaking to it), ``attacks`` with
``entering``, ``reaching``, ``holding`` and ``tricks`` (``python -m tests.security.attacks`` prints
how many attempts were made and refused), ``idp`` (an identity provider), ``ASVS.md``.
"""
