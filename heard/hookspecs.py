"""The hooks a procedure plugin may answer, in the order in which they are called.

There is one, and most plugins need not write it: a package with a `procedure.toml` beside its `__init__.py` is found
without. A hook is only ever added here together with a provider that needs it, a page in the guide and a test.
"""

from __future__ import annotations

from pathlib import Path

import pluggy

PROJECT = "heard"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def procedure_files() -> list[Path]:  # type: ignore[empty-body]
    """Where this provider's procedure stands, one file for each version that was ever in force.

    Called once for each plugin when the registry loads, and of that plugin only.
    Return the paths of the files; each names the day from which it is in force in `[document] in_force_from`.
    Without this hook the files are those called `procedure*.toml` in the plugin's own package.
    If it raises, start-up stops with the plugin's distribution named. Since 0.1.
    """
