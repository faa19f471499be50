"""A West Sussex children's home: its complaints, comments and compliments, for Heard; all of it in `procedure.toml`."""
