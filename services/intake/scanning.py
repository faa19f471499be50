"""Whether a file does harm, asked of clamd where an installation has one.

A scanner that is away refuses nobody: the file is taken, and whoever opens it reads that nobody scanned it.
"""

from __future__ import annotations

import socket
import struct

_PATIENCE = 30.0  # seconds for the scanner
_AT_ONCE = 1024**2


class Harmful(Exception):
    """The scanner found something in a file."""


def scanned(content: bytes, scanner: str) -> bool:
    """Whether clamd looked at it and found nothing; False where there is none, or it does not answer.

    ``scanner`` is ``host:port`` or the path of a socket; empty: there is none. Raises `Harmful`.
    """
    if not scanner:
        return False
    try:
        said = _asked(content, scanner)
    except OSError:
        return False
    if said.endswith("FOUND"):
        raise Harmful
    return said.endswith("OK")


def answers(scanner: str) -> bool:
    """Whether a scanner is there and looks at files."""
    try:
        return scanned(b"nothing", scanner)
    except Harmful:
        return False


def _asked(content: bytes, scanner: str) -> str:
    with _connected(scanner) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _AT_ONCE):
            piece = content[start : start + _AT_ONCE]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        said = b""
        while not said.endswith(b"\0") and (more := line.recv(4096)):
            said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_PATIENCE)
        try:
            line.connect(scanner)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE)
