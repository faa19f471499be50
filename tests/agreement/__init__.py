"""Where two files must agree, a test says so: facts and handlers, plugins and names, README and commands."""
