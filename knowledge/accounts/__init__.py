"""Who works with the collection, what each may do, and what each has done.

Rooms: ``roles`` (the table of roles and permissions, and the check), ``passwords`` (rules and
hashes), ``tables`` (SQL), ``register`` (accounts), ``sessions`` (who is signed in), ``attempts``
(how often somebody may try), ``links`` (one-time links), ``binding``
(who comes by an identity provider), ``signing_in`` (the service that ties
these together), ``actions`` (what the log knows), ``audit`` (the log of what was done), ``logbook``
(the log as a person reads it), ``second_person`` (what takes two persons).
"""
