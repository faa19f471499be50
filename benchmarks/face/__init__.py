"""How soon somebody who comes to the public form sees something, beside a page with nothing on it."""
