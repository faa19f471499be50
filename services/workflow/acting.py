"""What people do in a case.

The wall comes first: for somebody who may not see the case there is none. Then the procedure decides, on the case as
the person saw it; a refusal names its clause. What was written in words is sealed, and goes out as a letter where the
act is one that tells somebody; safeguarding reads it too. A repeated click is the same act and gets the same answer.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from heard import case as engine
from heard.ledger import Happening, NewHappening
from heard.procedure import Procedure
from heard.vocabulary import WRITTEN
from services.chassis.errors import Invalid, KeyReused, NotFound, Refused
from services.chassis.house import House
from services.chassis.tables import new_id
from services.workflow import kept, linking, shown
from services.workflow.casework import CaseFile, Desk, Letter
from services.workflow.handing_on import BY_A_PERSON, LETTER, STAFF_NOTE, Raised, Written
from services.workflow.own_words import taken_out
from services.workflow.registering import reference_of

ELSEWHERE = frozenset(
    [
        "confirm_concern",
        "clear_concern",
        "close_safeguarding",
        "identify",
        "name",
        "screen",
        "escalate",
    ]
)
"""What safeguarding (or the clock) does; the case hears of it."""
_OF_A_RULE = frozenset(["tell", "explain_lateness", "excuse"])
LETTERS = frozenset(
    ["acknowledged", "first_answered", "progress_told", "responded", "refused_late", "told", "closed"]
)
"""Events whose words go out to somebody."""
STAND_DOWN = "stand_down"
RAISE = "raise_concern"
"""Handed to safeguarding, which writes it down and calls; the case hears of it from there."""


def act(
    house: House,
    person_id: str,
    case_id: str,
    command: str,
    data: Mapping[str, Any],
    expected_seq: int | None,
    key: str | None,
) -> dict[str, Any]:
    """Do one thing in a case; ``{case_id, seq, happenings: [{seq, event}]}``.

    Raises NotFound, Conflict (somebody was first), Refused (with clause), KeyReused, or Stale (who is who is unknown).
    """
    asked = json.dumps([case_id, command, dict(data)], sort_keys=True).encode()
    # Keyed: a plain digest of a few words could be guessed at, and would stand when the words have been erased.
    digest = hmac.new(house.vault.derive("repeated acts"), asked, "sha256").hexdigest()
    with house.db.seen_by(person_id) as conn:
        row = shown.the_case(conn, person_id, case_id)
    if row is None:
        raise NotFound
    if is_done_elsewhere(house.procedures.pinned(row.procedure_version), command, data):
        raise Refused(
            "This is done on the safeguarding record.", None, "Open the record of this report, and do it there."
        )
    with house.working() as work:
        desk = Desk(house, work)
        if command == STAND_DOWN:  # all cases of the report, locked in one order: whoever steps back does so in each
            desk.take_up_reports([row.report_id])
        file = desk.take_up([case_id]).get(case_id)
        if file is None or shown.the_case(work.conn, person_id, case_id) is None:
            raise NotFound
        if key is not None and (earlier := kept.earlier_answer(work.conn, person_id, key)) is not None:
            if earlier.digest != digest:
                raise KeyReused
            return dict(earlier.answer)
        if command == RAISE:
            _raise(desk, file, person_id, data)
        else:
            house.roster()  # Stale: whoever may not act would not be known
            desk.expect(file, expected_seq)
            _write(desk, file, person_id, command, data)
            linking.stand_down_there_too(desk, file)
        desk.put_away()
        answer = {
            "case_id": case_id,
            "seq": file.state.seq,
            "happenings": [{"seq": row.seq, "event": row.event} for row in file.new],
        }
        if key is not None:
            kept.keep_answer(
                work.conn,
                {
                    "person_id": person_id,
                    "key": key,
                    "case_id": case_id,
                    "digest": digest,
                    "answer": answer,
                    "at": work.now,
                },
            )
        return answer


def is_done_elsewhere(procedure: Procedure, command: str, data: Mapping[str, Any]) -> bool:
    """Whether safeguarding does it: also telling somebody what a concern asks for, which its own record must hold."""
    if command in ELSEWHERE:
        return True
    key = data.get("rule") or (data.get("duty") if command != "tell" else None)
    rules = (one for one in procedure.notification_rules if one.key == key and one.concern)
    return command in _OF_A_RULE and any(rules)


def _decided(desk: Desk, file: CaseFile, person_id: str, command: str, data: Mapping[str, Any]) -> list[NewHappening]:
    asked = desk.asked(file, command, data, desk.actor(file, person_id))
    try:
        return list(
            engine.decide(
                file.state, engine.Command(command, data), actor=asked.actor, now=desk.now,
                calendars=asked.calendars, roster=asked.roster,
            )
        )  # fmt: skip
    except engine.Refused as refusal:
        raise Refused(refusal.sentence, list(refusal.clause), refusal.instead) from refusal


def _raise(desk: Desk, file: CaseFile, person_id: str, data: Mapping[str, Any]) -> None:
    """Hand a concern to safeguarding. An old page, or an old list of who is who, is no reason to refuse it.

    What is said about it goes to safeguarding alone: it may be about somebody who reads the case.
    """
    desk.roster = desk.roster or desk.house.roster(even_if_stale=True)  # nothing is written here, so nobody is chosen
    _decided(desk, file, person_id, RAISE, {"concern": data.get("concern")})
    said = "\n\n".join(str(data[name]).strip() for name in ("reason", "words") if data.get(name))
    known_at = _moment(data["known_at"], desk.now) if data.get("known_at") else desk.now
    file.raised.append(Raised(str(data["concern"]), person_id, known_at, (BY_A_PERSON,), said))


def _moment(said: Any, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        raise Invalid({"known_at": ["Please give a date and time."]}) from None
    if moment.tzinfo is None:
        raise Invalid({"known_at": ["Please give the time zone too."]})
    return min(moment, now)


def _write(desk: Desk, file: CaseFile, person_id: str, command: str, data: Mapping[str, Any]) -> None:
    """Let the procedure decide and write what it says; somebody's own words are sealed and hang on the first row."""
    letter = str(data.get("words") or "")
    plain = {name: value for name, value in data.items() if name != "words"}
    words_id = new_id()
    rows = _decided(desk, file, person_id, command, plain | ({"words": words_id} if letter else {}))
    if command in WRITTEN and not letter.strip():  # it would count as kept, and nobody would be told anything
        raise Invalid({"words": ["Write what they are to be told: it goes to them as a letter."]})
    written = write_down(desk, file, person_id, rows, plain, letter, words_id)
    if letter and written and written[0].event in LETTERS:
        to = data.get("to") or data.get("whom") or "complainant"
        reference = reference_of(desk, file)
        for one in [to] if isinstance(to, str) else to:
            named = f"{letter}\n\nOur reference: {reference}" if reference and one == "complainant" else letter
            file.letters.append(Letter(written[0].seq, str(one), named))


def write_down(
    desk: Desk, file: CaseFile, person_id: str, rows: list[NewHappening], typed: Mapping[str, Any], letter: str = "",
    words_id: str = "",
) -> Sequence[Happening]:  # fmt: skip
    """Write a person's rows. What they typed themselves is sealed and hangs on the first; safeguarding reads it."""
    words_id = words_id or new_id()
    sealed = {"words": letter} if letter else {}
    for n, row in enumerate(rows):
        plainly, own = taken_out(file.procedure, row.data, typed)
        sealed |= {f"{n}:{place}": text for place, text in own.items()}
        rows[n] = replace(row, data=plainly | ({"words": words_id} if own or (letter and n == 0) else {}))
    if sealed and rows:
        desk.seal_words(file, words_id, rows[0].event, sealed)
        sort = LETTER if letter and rows[0].event in LETTERS else STAFF_NOTE
        file.written.append(Written(words_id, sort, person_id, tuple(dict.fromkeys(sealed.values()))))
    return desk.write(file, rows)
