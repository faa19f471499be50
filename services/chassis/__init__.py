"""The chassis: what every service stands on, so that a service holds its own words and nothing else.

Read in this order: ``settings`` and ``clock`` (what an installation is, what time it is), ``database`` and ``tables``
(where a service keeps its records), ``work`` (one write: records and facts together), ``outbox``, ``relay``,
``topology``, ``hears`` (how a fact travels and is heard exactly once in effect), ``right_of_way`` (what goes first),
``calls`` and ``ticks`` (questions, and what falls due), ``vault`` and ``ledger`` (what is sealed, what can be proven),
``house`` and ``service`` (all of it in a service's hand), ``run`` (the process).
"""
