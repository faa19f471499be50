"""Stepping Stones' own complaints procedure, for Heard: everything stands in `procedure.toml` beside this file."""
