"""Heard: a provider's own complaints procedure as data, and the engine that reads it.

What a plugin author installs. The way of a complaint through this package: `registry` finds the procedure, `case`
replays what happened, `clock` says what is due and why, `people` says who may act and who must not.
Nothing here imports a web framework, a broker or a database.
"""
