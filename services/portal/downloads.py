"""A document that another service made, handed to whoever asked for it as a file. Pages and API use it alike."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response


def as_download(made: dict[str, Any]) -> Response:
    """A document of another service as a file for this browser, which nothing in between keeps."""
    answer = Response(base64.b64decode(made["content"]), mimetype=made["kind"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{made["name"]}"'
    return answer
