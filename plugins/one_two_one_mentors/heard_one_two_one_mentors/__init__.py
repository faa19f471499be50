"""The complaints procedure of 1-2-1 Mentors, for Heard: everything stands in `procedure.toml` beside this file."""
