"""Who is who, for whoever keeps it: homes and the roles held there, people, areas' contacts, what would fail, changes.

Open to a group's operator for their own group, and to the system administrator. The directory decides that anew at each
page and each change; for everybody else these pages do not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from heard.procedure import Procedure
from services.chassis.errors import Invalid, NotFound, Refused
from services.portal import directory_form as forms
from services.portal.doorkeeper import me, reach

pages = Blueprint("directory", __name__, url_prefix="/directory")
_FIRST = ("dead_end", "empty_role", "uncovered_absence", "another_areas_contact", "own_contact_missing", "shared_role",
          "no_deputy", "several_roles", "nobody_at_night", "unverified_contact")  # fmt: skip
"""What would fail the next complaint, the worst first."""


@pages.get("")
def index() -> str:
    """What would fail, the homes, the providers."""
    book = _book()
    failing = sorted(
        reach().calls.directory.health(person_id=me()["id"]),
        key=lambda one: _FIRST.index(one["what"]) if one["what"] in _FIRST else len(_FIRST),
    )
    return render_template(
        "directory/index.html", book=book, failing=failing, names=_names(book), procedures=_procedures()
    )


@pages.get("/homes/<home_id>")
def home(home_id: str) -> str:
    """One home: who holds which role there, who is on call, which numbers its area has."""
    book = _book()
    found = forms.entry(book, "homes", home_id)
    if found is None:
        raise NotFound
    held = [one for one in _lasting(book, "holdings") if one["provider"] == found["provider"]
            and one["home"] in (None, home_id)]  # fmt: skip
    calls = [one for one in _lasting(book, "on_call") if one["provider"] == found["provider"]
             and one["home"] in (None, home_id)]  # fmt: skip
    numbers = [one for one in book["contacts"] if _area(one["area"]) == _area(found["area"]) != ""]
    failing = [one for one in reach().calls.directory.health(person_id=me()["id"]) if one["home"] == home_id]
    return render_template("directory/home.html", home=found, held=held, calls=calls, numbers=numbers, failing=failing,
                           **_said(book))  # fmt: skip


@pages.get("/people")
def people() -> str:
    """Everybody, with the roles they hold."""
    book = _book()
    held: dict[str, list[Mapping[str, Any]]] = {}
    for one in _lasting(book, "holdings"):
        held.setdefault(one["person"], []).append(one)
    away = {one["person"] for one in _lasting(book, "absences") if one["since"] <= book["now"]}
    return render_template("directory/people.html", held=held, away=away, **_said(book))


@pages.get("/people/<person_id>")
def person(person_id: str) -> str:
    """One person: roles at every home, absences, being on call, and who they are to others."""
    return _person(person_id)


@pages.get("/areas")
def areas() -> str:
    """The numbers of each area in which there is a home, and which of them nobody has tried."""
    book = _book()
    named = {_area(one["area"]): one["area"] for one in (*book["homes"], *book["contacts"]) if one["area"]}
    found = [
        (name, [one for one in book["contacts"] if _area(one["area"]) == key and not one["provider"]],
         [one for one in book["homes"] if _area(one["area"]) == key])
        for key, name in sorted(named.items())
    ]  # fmt: skip
    return render_template("directory/areas.html", areas=found, wanted=forms.AREA_CONTACTS, **_said(book))


@pages.get("/changes")
def changes() -> str:
    """Who changed what, the newest first."""
    book = _book()
    return render_template(
        "directory/changes.html", changes=reach().calls.directory.changed(person_id=me()["id"]), **_said(book)
    )


@pages.post("/people/<person_id>/invite")
def invite(person_id: str) -> str | tuple[str, int]:
    """Have a link sent by which they choose a password; shown once where no mail can go."""
    try:
        made = reach().calls.directory.invite(person_id=me()["id"], of=person_id)
    except Refused as no:
        return _person(person_id, refused=" ".join(filter(None, (no.sentence, no.instead)))), 409
    return _person(person_id, invited=made)


@pages.get("/do/<do>")
def ask(do: str) -> str:
    """The form of one change, or first the place at which a role is held."""
    book, asked = _book(), _asked(do)
    if do in forms.PLACED and "provider" not in asked and asked.get("place") != "group":
        return render_template("directory/place.html", do=do, change=forms.CHANGES[do], asked=asked, **_said(book))
    return _form(do, book, asked, {}, "")


@pages.post("/do/<do>")
def act(do: str) -> Answer | tuple[str, int]:
    """Make the change; what the directory refuses stands beside its field."""
    book, asked = _book(), _asked(do)
    fields = forms.fields_of(do, book, asked, _procedures())
    made, faults = forms.command(do, book, asked, fields, request.form)
    refused = ""
    if not faults:
        try:
            reach().calls.directory.keep(person_id=me()["id"], commands=[made])
        except Invalid as wrong:
            known = {one.name for one in fields}
            for name, said in wrong.fields.items():
                field = name.rpartition(".")[2]
                text = " ".join(said) if isinstance(said, list) else str(said)
                if field in known:
                    faults[field] = text
                else:
                    refused = text
        else:
            flash("Saved. It holds everywhere in a moment.")
            return redirect(_back(do, asked, made), 303)
    return _form(do, book, asked, faults, refused), 422


def _person(person_id: str, invited: Mapping[str, Any] | None = None, refused: str = "") -> str:
    book = _book()
    found = forms.entry(book, "people", person_id)
    if found is None:
        raise NotFound
    theirs = {kind: [one for one in _lasting(book, kind) if one["person"] == person_id]
              for kind in ("holdings", "absences", "on_call")}  # fmt: skip
    relations = [one for one in book["relations"] if person_id in (one["a"], one["b"])]
    signs_in = reach().calls.directory.how_they_sign_in(person_id=me()["id"], of=person_id)
    return render_template(
        "directory/person.html", person_of=found, theirs=theirs, relations=relations, signs_in=signs_in,
        invited=invited, refused=refused, **_said(book),
    )  # fmt: skip


def _form(do: str, book: forms.Book, asked: dict[str, str], faults: dict[str, str], refused: str) -> str:
    return render_template(
        "directory/form.html", do=do, change=forms.CHANGES[do], asked=asked, faults=faults, refused=refused,
        fields=forms.fields_of(do, book, asked, _procedures()), about=_about(do, book, asked),
        back=_back(do, asked, {}), **_said(book),
    )  # fmt: skip


def _asked(do: str) -> dict[str, str]:
    """What the address says about a change. Raises `NotFound` for one that there is not."""
    if do not in forms.CHANGES:
        raise NotFound
    asked = {name: value[:80] for name, value in request.args.items() if value}
    home = asked.get("place", "").removeprefix("home:")
    if home != asked.get("place", ""):
        asked["home"] = home
    elif asked.get("place", "").startswith("provider:"):
        asked["provider"] = asked["place"].removeprefix("provider:")
    if "home" in asked and "provider" not in asked:
        found = forms.entry(_book(), "homes", asked["home"])
        if found is None:
            raise NotFound
        asked["provider"] = found["provider"]
    return asked


def _back(do: str, asked: Mapping[str, str], made: Mapping[str, Any]) -> str:
    """Where somebody came from: the home or the person that the change was about."""
    if do in ("set_contact", "verify_contact", "remove_contact"):
        return url_for("directory.areas")
    if do in ("add_home", "close_home", "hand_over_home") and asked.get("id") and not (made and do == "hand_over_home"):
        return url_for("directory.home", home_id=asked["id"])
    if do in ("add_person", "reach"):
        known = asked.get("id")
        return url_for("directory.person", person_id=known) if known else url_for("directory.people")
    if asked.get("home"):
        return url_for("directory.home", home_id=asked["home"])
    someone = asked.get("person") or asked.get("a") or asked.get("of")
    return url_for("directory.person", person_id=someone) if someone else url_for("directory.index")


def _about(do: str, book: forms.Book, asked: Mapping[str, str]) -> str:
    """What the change is about, under its title: a home, a person's role, a number."""
    names = _names(book)
    found = forms.entry(book, forms.OF_KIND.get(do, ""), asked.get("id", ""))
    if found is None:
        place = names.get(asked.get("home") or asked.get("provider") or "", "")
        return place or ("The whole group" if do in forms.PLACED else "")
    if "role" in found:
        role = forms.role_name(found["role"], _procedure_at(book, found["provider"]))
        parts = names.get(found["person"]), role, names.get(found["home"] or found["provider"])
        return ", ".join(filter(None, parts))
    someone = names.get(found.get("person") or found.get("a") or "")
    return str(found.get("name") or someone or found.get("area") or "")


def _book() -> dict[str, Any]:
    """Everything that this person keeps. Raises `NotFound` for whoever keeps nothing."""
    found: dict[str, Any] = reach().calls.directory.book(person_id=me()["id"])
    return found


def _procedures() -> dict[str, Procedure]:
    return {one.key: one for one in reach().procedures()}


def _procedure_at(book: forms.Book, provider_id: str | None) -> Procedure | None:
    provider = forms.entry(book, "providers", provider_id or "")
    return _procedures().get(provider["procedure"]) if provider else None


def _names(book: forms.Book) -> dict[str, str]:
    return {one["id"]: one["name"] for kind in ("operators", "providers", "homes", "people") for one in book[kind]}


def _said(book: forms.Book) -> dict[str, Any]:
    """What every page of the directory says things with."""
    roles = {one["id"]: forms.role_name(one["role"], _procedure_at(book, one["provider"]))
             for kind in ("holdings", "on_call") for one in book[kind]}  # fmt: skip
    return {"book": book, "names": _names(book), "roles": roles}


def _lasting(book: forms.Book, kind: str) -> list[dict[str, Any]]:
    """What lasts or is still to come, in the order in which it begins."""
    return sorted((one for one in book[kind] if one["until"] is None or one["until"] > book["now"]),
                  key=lambda one: str(one["since"]))  # fmt: skip


def _area(name: str | None) -> str:
    return (name or "").strip().casefold()
