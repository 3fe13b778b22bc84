"""The way in: settings, the one place that chooses adapters, command line, pages and HTTP.

Rooms: ``settings``, ``bootstrap`` (the only module that chooses adapters), ``wording`` (gettext
catalogues in ``locales``), ``cli`` (the ``zhiku`` command), ``pages`` (Streamlit), ``portal``
(plain HTTP routes and the gate before them), ``demo`` (the built-in fictional collection).
"""
