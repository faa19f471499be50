"""Infinity Alliance's community complaints procedure, for Heard: it stands in `procedure.toml` beside this file."""
