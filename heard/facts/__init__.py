"""The form of each fact: one module for each service that says them, in the order of a complaint's journey.

Who hears which of them stands in ``heard.events``.
"""
