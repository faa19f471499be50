"""What came of a complaint, as its page shows it: found, decided, promised, and who outside may be asked about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from heard.casefile import CaseState, Moment
from heard.ledger import Happening
from heard.procedure import Procedure
from heard.standing import Standing, standing
from heard.turning_to import may_be_asked, offered_when
from services.workflow.own_words import put_back


def found(state: CaseState) -> list[dict[str, Any]]:
    """Each thing complained of and how it ended, if it has: the latest finding, in which stage, what was promised."""
    answers = state.all("responded")
    return [
        {
            "head": head.key,
            "finding": "withdrawn" if head.withdrawn or state.withdrawn_at else head.finding,
            "stages": [
                {"stage": _name(state, answer), "finding": answer.data["findings"][head.key],
                 "reasons_given": head.key in (answer.data.get("reasons_for") or ())}
                for answer in answers if head.key in (answer.data.get("findings") or {})
            ],
            "remedies": list(dict.fromkeys(one for answer in answers for one in answer.data.get("remedies") or ())),
        }
        for head in state.heads.values()
    ]  # fmt: skip


def _name(state: CaseState, moment: Moment) -> str | None:
    visit = state.visits[moment.visit] if 0 <= moment.visit < len(state.visits) else None
    return state.procedure.stage(visit.stage).name if visit else None


def decided(state: CaseState, name: Any) -> list[dict[str, Any]]:
    """The answers that began something or are presumed: since when they hold, and what ends them or ended them."""
    return [_standing(one, name, state) for one in standing(state) if _is_shown(one)]


def _is_shown(one: Standing) -> bool:
    """Whether an answer is shown as holding: it began something, or nobody has decided and it is presumed."""
    return one.answer.until is not None or (one.presumed and one.question.review_every is not None)


def _standing(one: Standing, name: Any, state: CaseState) -> dict[str, Any]:
    """An answer that holds, or held: since when, what ends it, when it ended."""
    subject = state.subjects.get(one.instance or "")
    return {
        "decision": one.question.key, "asks": one.question.asks, "clause": list(one.question.clause),
        "about": name(subject.person) if subject and subject.person else None,
        "answer": one.answer.says or one.answer.key, "presumed": one.presumed, "since": one.since.isoformat(),
        "until": one.answer.until, "ended_at": one.ended_at.isoformat() if one.ended_at else None,
    }  # fmt: skip


def promised(
    state: CaseState, rows: Sequence[Happening], words: Mapping[str, Any], name: Any
) -> list[dict[str, Any]]:
    """What was promised because of the complaint, in the words in which it was, and what shows that it was kept."""
    said: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.event in ("action_agreed", "action_done") and row.data.get("action"):
            said.setdefault(str(row.data["action"]), {}).update(_own_words(row, words))
    return [
        {
            "action": one.key, "what": said[one.key].get("what"), "remedy": one.remedy, "told": one.told,
            "owner": one.owner, "owner_name": name(one.owner), "by_day": one.by_day.isoformat(),
            "first_day": one.first_day.isoformat(), "evidence": said[one.key].get("evidence"),
            "state": "done" if one.done_at else "let go" if one.let_go_at else "open",
        }
        for one in state.undertakings.values()
    ]  # fmt: skip


def _own_words(row: Happening, words: Mapping[str, Any]) -> dict[str, Any]:
    """A row's data with what somebody wrote in it."""
    sealed = words.get(str(row.data.get("words")), {})
    return put_back(row.data, {place.split(":", 1)[1]: text for place, text in sealed.items() if ":" in place})


def outside(procedure: Procedure, state: CaseState) -> list[dict[str, Any]]:
    """The bodies that may be asked about what was done here: how to reach each, when, and whether it is time."""
    answered = {visit.stage for visit in state.visits if state.first("responded", visit.number)}
    every = {one.key: one for stage in (None, *(one.key for one in procedure.stages))
             for one in may_be_asked(procedure, stage)}  # fmt: skip
    return [
        {
            "name": one.name, "when": offered_when(one, procedure), "email": one.email, "web": one.web,
            "phones": [phone.number for phone in one.phones], "address": one.address, "missing": list(one.missing),
            "clause": list(one.clause),
            "now": bool(one.offered and (one.offered.any_time or one.offered.after_stage in answered)),
        }
        for one in every.values()
    ]  # fmt: skip
