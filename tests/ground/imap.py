"""A small IMAP server in this process: as much of RFC 3501 as a client needs that reads mails and marks them.

It keeps what it is given in memory, can drop the connection before it marks a mail, and counts who signed in.
"""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Self

USER, PASSWORD = "tell-us", "open sesame"


@dataclass
class Mailroom:
    """One mailbox. ``dies_before_marking``: how many times it breaks off when a mail is to be marked as seen."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    fetched: list[str] = field(default_factory=list)
    dies_before_marking: int = 0

    def __enter__(self) -> Self:
        room = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                room._talk(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address = True, True

        self._server = Server(("127.0.0.1", 0), Talk)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        port = self._server.server_address[1]
        self.url = f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}/INBOX"
        return self

    def __exit__(self, *how: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def put(self, raw: bytes | str) -> int:
        """Put a mail into it; its number."""
        number = len(self.mails) + 1
        self.mails[number] = raw.encode() if isinstance(raw, str) else raw
        return number

    def _talk(self, talk: socketserver.StreamRequestHandler) -> None:
        def say(line: str | bytes) -> None:
            talk.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

        say("* OK mailroom ready")
        while line := talk.rfile.readline().decode().strip():
            tag, command, *rest = line.split(" ", 2)
            said = rest[0] if rest else ""
            match command.upper():
                case "CAPABILITY":
                    say("* CAPABILITY IMAP4rev1")
                case "LOGIN":
                    if said != f'{USER} "{PASSWORD}"':
                        say(f"{tag} NO who are you")
                        continue
                case "SELECT":
                    say(f"* {len(self.mails)} EXISTS")
                case "UID" if not self._uid(said, say):
                    return
                case "LOGOUT":
                    say("* BYE")
                    say(f"{tag} OK done")
                    return
            say(f"{tag} OK done")

    def _uid(self, said: str, say: object) -> bool:
        """Answer a UID command; False breaks the connection off."""
        assert callable(say)
        if said.startswith("SEARCH"):
            say("* SEARCH " + " ".join(str(one) for one in self.mails if one not in self.seen))
            return True
        command, uid, what = said.split(" ", 2)
        number = int(uid)
        if command == "STORE":
            if self.dies_before_marking:
                self.dies_before_marking -= 1
                return False
            self.seen.add(number)
            return True
        raw = self.mails[number]
        if what == "(RFC822.SIZE)":
            say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(raw)})")
            return True
        part = re.search(r"<0\.(\d+)>", what)
        raw = raw[: int(part[1])] if part else raw
        self.fetched.append(what)
        say(f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}".encode() + b"\r\n" + raw + b")")
        return True
