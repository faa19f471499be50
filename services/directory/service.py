"""The directory's doors: who is who, who may come in, and what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.chassis.calls import answers
from services.chassis.errors import NotFound, Refused
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.directory import (
    accounts,
    coming_in,
    desk,
    elsewhere,
    holidays,
    keeping,
    links,
    made_sure,
    passkeys,
    people,
    register,
    second_factor,
    tokens,
    turning,
)


class DirectoryService(Service):
    """Who is who."""

    name = "directory"

    @ticks(10)
    def confirm(self) -> int:
        """Tell every copy at which version the directory stands; without this they go stale and refuse."""
        with self.house.working() as work:
            work.publish("directory_confirmed", {"version": register.version(work.conn), "at": work.now.isoformat()})
        return 0

    @ticks(5)
    def turn(self) -> int:
        """An absence that was dated ahead begins, a role ends, a home closes: everybody hears of it on the day."""
        return turning.turn(self.house)

    @answers
    def sign_in(self, *, email: str, password: str, place: str = "", device: str = "") -> dict[str, Any]:
        """Who this is: as `person`, with `device`, or ``{id, then}`` while more is asked (`coming_in.entered`).

        Raises `Refused` (the same for unknown and wrong) or `TooMany`.
        """
        return coming_in.sign_in(self.house, email, password, place, device)

    @answers
    def signed_in(self, *, person_id: str, since: str) -> dict[str, Any]:
        """The person whose sign-in began then, as `person`. Raises `NotSignedIn` when it has ended."""
        with self.house.db.reading() as conn:
            return coming_in.signed_in(conn, person_id, datetime.fromisoformat(since), self.house.clock.now())

    @answers
    def show_code(self, *, person_id: str, code: str, device: str) -> dict[str, Any]:
        """What the app shows, after the password: as `sign_in`. Raises `Refused`, `TooMany`."""
        return coming_in.show_code(self.house, person_id, code, device)

    @answers
    def app_to_set_up(self, *, person_id: str, ask: str = "") -> dict[str, str]:
        """``{ask, secret, uri}`` for an app: a new one, or that of this `ask`. Raises `Refused` for who has one."""
        return coming_in.app_to_set_up(self.house, person_id, ask)

    @answers
    def set_up_app(self, *, person_id: str, ask: str, code: str, device: str) -> dict[str, Any]:
        """The app shows the right digits: as `sign_in`, with recovery `codes`. Raises `Refused`, `TooMany`."""
        return coming_in.set_up_app(self.house, person_id, ask, code, device)

    @answers
    def turn_app_off(self, *, person_id: str, code: str) -> None:
        """One's own app is asked for no more. Raises `Refused`, `TooMany`."""
        coming_in.turn_app_off(self.house, person_id, code)

    @answers
    def my_app(self, *, person_id: str) -> dict[str, Any]:
        """``{is_set_up, codes_left, passkeys, password}`` of one's own; `password`: whether they come in by one."""
        with self.house.db.reading() as conn:
            account = accounts.of_person(conn, person_id)
            return {
                "password": self.house.settings.signs_in_here and bool(account and account["password"]),
                "is_set_up": second_factor.has_one(conn, person_id),
                "codes_left": second_factor.codes_left(conn, person_id),
                "passkeys": passkeys.of_person(conn, person_id),
            }

    @answers
    def how_i_am_reached(self, *, person_id: str) -> dict[str, Any]:
        """``{email, phone, routine_way, alert_way}``: one's own, as it stands in the directory. Raises `NotFound`."""
        with self.house.db.reading() as conn:
            return people.reached(conn, person_id)

    @answers
    def reach_me(self, *, person_id: str, routine_way: str | None, alert_way: str | None) -> dict[str, Any]:
        """Say how oneself is reached; as `change`. Raises `Invalid`."""
        said = {"do": "reach", "id": person_id, "routine_way": routine_way, "alert_way": alert_way}
        return desk.change(self.house, [said], by=person_id)

    @answers
    def shown_again(self, *, person_id: str, password: str, code: str, place: str, device: str) -> None:
        """Somebody who is signed in shows once more that it is they. Raises `Refused`, `TooMany`."""
        coming_in.shown_again(self.house, person_id, password, code, place, device)

    @answers
    def passkey_to_add(self, *, person_id: str) -> dict[str, Any]:
        """What one's device is asked to make: ``{ask, options}``. Raises `Refused`, `NotFound`."""
        return coming_in.passkey_to_add(self.house, person_id)

    @answers
    def add_passkey(self, *, person_id: str, ask: str, credential: str, name: str) -> None:
        """Keep the passkey that it made. Raises `Refused`."""
        passkeys.add(self.house, person_id, ask, credential, name)

    @answers
    def remove_passkey(self, *, person_id: str, passkey_id: str) -> None:
        """Forget one of one's own passkeys; another person's is left as it is."""
        coming_in.remove_passkey(self.house, person_id, passkey_id)

    @answers
    def passkey_to_show(self, *, place: str) -> dict[str, Any]:
        """What a device is asked to show: ``{ask, options}``. Raises `TooMany`."""
        return passkeys.to_show(self.house, place)

    @answers
    def show_passkey(self, *, ask: str, credential: str, place: str, device: str) -> dict[str, Any]:
        """Come in by a passkey: as `sign_in`. Raises `Refused`."""
        return coming_in.show_passkey(self.house, ask, credential, place, device)

    @answers
    def ways_in(self) -> dict[str, Any]:
        """``{elsewhere, here}``: the name of the other place to sign in, if any; whether a password lets in here."""
        return elsewhere.ways_in(self.house)

    @answers
    def elsewhere_to_ask(self, *, place: str, again: bool = False) -> dict[str, str]:
        """Where a browser goes to sign in (`elsewhere.to_ask`). Raises `NotFound`, `TooMany`, `Unavailable`."""
        return elsewhere.to_ask(self.house, place, again=again)

    @answers
    def come_from_elsewhere(self, *, ask: str, code: str, place: str, device: str) -> dict[str, Any]:
        """Come in with what was brought back from there: as `sign_in`. Raises `Refused`, `NotFound`, `Unavailable`."""
        return elsewhere.answered(self.house, ask, code, place, device)

    @ticks(2)
    def answer_forgotten(self) -> int:
        """Links for those who forgot their password, apart from their asking."""
        return links.answer(self.house)

    @answers
    def forgotten(self, *, email: str, place: str) -> None:
        """Have a link sent to this address, if anybody signs in with it; nobody is told which. Raises `TooMany`."""
        links.ask(self.house, email, place)

    @answers
    def link(self, *, link_id: str, token: str) -> dict[str, Any]:
        """Whose link this is: ``{name, email, why}``. Raises `NotFound` for one that is not good now."""
        return links.look(self.house, link_id, token)

    @answers
    def use_link(self, *, link_id: str, token: str, password: str, device: str) -> dict[str, Any]:
        """Choose a password by a link; as `sign_in`. Raises `NotFound`, `Refused`, `Invalid`."""
        return links.use(self.house, link_id, token, password, device)

    @answers
    def how_they_sign_in(self, *, person_id: str, of: str) -> dict[str, Any]:
        """``{email, link}`` of somebody whom this person keeps (`links.standing`). Raises `NotFound`."""
        with self.house.db.reading() as conn:
            keeping.keeps_person(conn, person_id, of, self.house.clock.now())
            return links.standing(conn, of)

    @answers
    def invite(self, *, person_id: str, of: str) -> dict[str, Any]:
        """Have a link sent to somebody whom this person keeps: `links.invite`. Raises `NotFound`, `Refused`."""
        with self.house.db.reading() as conn:
            keeping.keeps_person(conn, person_id, of, self.house.clock.now())
        if of == person_id:
            raise Refused("Nobody makes a link for themselves.", None, "Change your password under your name.")
        return links.invite(self.house, of, by=person_id)

    @answers
    def change_password(
        self, *, person_id: str, password: str, new: str, place: str = "", device: str = ""
    ) -> dict[str, Any]:
        """Change one's own password; as `sign_in`. Raises `Refused`, `TooMany`, `Invalid` (the new one)."""
        return coming_in.change_password(self.house, person_id, password, new, place, device)

    @answers
    def token(self, *, token: str) -> dict[str, Any]:
        """Whose bearer token this is: a `person`, with ``scopes``. Raises `NotSignedIn`, also without a role."""
        return coming_in.by_token(self.house, token)

    def _person(self, person_id: str) -> dict[str, Any]:
        """``{id, name, operator, operator_name, holdings: [{role, provider, home ..}]}`` of now. Raises `NotFound`."""
        with self.house.db.reading() as conn:
            return people.person(conn, person_id, self.house.clock.now())

    @answers
    def people(self, *, person_id: str) -> list[dict[str, Any]]:
        """``[{id, name, roles: [..]}]`` of the operator that the person belongs to; nobody else's."""
        with self.house.db.seen_by(person_id) as conn:
            return people.colleagues(conn, person_id, self.house.clock.now())

    @answers
    def homes_public(self) -> list[dict[str, Any]]:
        """Every home: ``[{id, slug, name, area, operator, provider, provider_name, colour, procedure, ...}]``."""
        with self.house.db.reading() as conn:
            return [register.as_public(row) for row in conn.execute(register.public_homes()).mappings()]

    @answers
    def days_proclaimed(self) -> dict[str, str]:
        """The bank holidays beside the published ones: names by day."""
        with self.house.db.reading() as conn:
            standing = holidays.proclamations(conn).standing()
        return {day.isoformat(): name for day, name in standing.items()}

    @answers
    def home_by_slug(self, *, slug: str) -> dict[str, Any]:
        """One of `homes_public`, by its slug or its id. Raises `NotFound`."""
        with self.house.db.reading() as conn:
            row = conn.execute(register.public_homes(slug)).mappings().first()
        if row is None:
            raise NotFound("There is no such home.")
        return register.as_public(row)

    @answers
    def change(self, *, commands: list[dict[str, Any]], by: str = "system") -> dict[str, Any]:
        """Make one change of several commands (`changes.py`); ``{version, ids}``. Raises `Invalid`."""
        return desk.change(self.house, commands, by)

    @answers
    def book(self, *, person_id: str) -> dict[str, Any]:
        """What this person keeps, by kind (`keeping.book`), with the procedures there are. Raises `NotFound`."""
        now = self.house.clock.now()
        with keeping.looking(self.house, person_id, now) as (conn, who):
            return keeping.book(conn, who, now)

    @answers
    def keep(self, *, person_id: str, commands: list[dict[str, Any]]) -> dict[str, Any]:
        """As `change`, by a person and within what is theirs to keep. Raises `NotFound`, `Invalid`."""
        with self.house.db.reading() as conn:
            keeping.may_change(conn, keeping.keeper(conn, person_id, self.house.clock.now()), commands)
        return desk.change(self.house, commands, by=person_id)

    @answers
    def changed(self, *, person_id: str) -> list[dict[str, Any]]:
        """The newest changes to what this person keeps: who, when, what. Raises `NotFound`."""
        with self.house.db.reading() as conn:
            return keeping.said_changes(conn, keeping.keeper(conn, person_id, self.house.clock.now()), 200)

    @answers
    def snapshot(self, *, since: int | None = None) -> dict[str, Any]:
        """``{version, entries, whole}``: every entry as it stands, or with `since` only what changed after it."""
        with self.house.db.reading() as conn:
            return register.snapshot(conn, since, desk.CHANGES_AT_ONCE)

    @answers
    def make_token(
        self, *, person: str, says: str, days: int | None = 90, scopes: list[str] | None = None
    ) -> dict[str, str]:
        """``{token}`` for the API, shown this once; without `scopes` it has all. Raises `NotFound`, `Invalid`."""
        return {"token": tokens.make(self.house, person, says, days, tokens.SCOPES if scopes is None else scopes)}

    @answers
    def tokens(self, *, person: str) -> list[dict[str, Any]]:
        """A person's tokens that are good now: ``[{id, says, scopes, made_at, expires_at, last_used_at}]``."""
        with self.house.db.reading() as conn:
            return tokens.of(conn, person, self.house.clock.now())

    @answers
    def revoke_token(self, *, person: str, token_id: str) -> dict[str, int]:
        """Revoke one of a person's tokens; ``{revoked}``. Raises `NotFound`."""
        return {"revoked": tokens.revoke(self.house, person, token_id)}

    @answers
    def revoke_tokens(self, *, person: str) -> dict[str, int]:
        """Revoke every token of a person; ``{revoked}``."""
        return {"revoked": tokens.revoke(self.house, person)}

    @answers
    def health(self, *, person_id: str) -> list[dict[str, Any]]:
        """What would fail the next complaint, as ``[{provider, home, what, sentence, clause}]``. Raises `NotFound`."""
        return desk.failing(self.house, person_id)

    @answers
    def contacts_to_verify(self, *, person_id: str) -> dict[str, Any]:
        """The bodies outside of which somebody must make sure (`made_sure.listed`). Raises `NotFound`."""
        return made_sure.listed(self.house, person_id)

    @answers
    def rang(self, *, person_id: str, which: str) -> dict[str, Any]:
        """This person has made sure of one of them today; as `change`. Raises `NotFound`."""
        return desk.change(self.house, [made_sure.rang(self.house, person_id, which)], by=person_id)
