"""In which language somebody reads the public pages, and how every sentence on them is said in it.

STEP 0 of a complaint's journey. Owns which languages there are (the folders of `translations`), how one is chosen (by a
link, kept in a cookie; else what the browser asks for, where we have it), and `say`, through which each public sentence
goes. Staff pages and the API speak English. What a procedure, a provider or a case says is never translated here: it
stands as it is written, and a page in another language marks it as English.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, gettext, ngettext
from markupsafe import Markup

LANGUAGE_COOKIE = "heard_language"
PUBLIC = ("public", "at", "follow")
"""The blueprints whose pages are for everybody; anybody may have looked for what has no address of ours, too."""
CATALOGUES = Path(__file__).parent / "translations"
UNCHECKED = "not checked by a native speaker"
"""What the catalogue's header says as its Language-Team until somebody who grew up with the language has read it."""


@dataclass(frozen=True)
class Language:
    """One language of the public pages: its code, what it calls itself, where its lines begin."""

    code: str
    name: str
    begins: str
    checked: bool

    @property
    def locale(self) -> Locale:
        """How it writes days and numbers; English is Britain's."""
        return Locale.parse("en_GB" if self.code == "en" else self.code)


def _read(code: str, checked: bool) -> Language:
    locale = Locale.parse(code)
    return Language(code, locale.get_language_name() or code, locale.text_direction, checked)


ENGLISH = _read("en", True)
LANGUAGES = {"en": ENGLISH} | {
    found.parent.parent.name: _read(
        found.parent.parent.name,
        UNCHECKED not in Translations.load(str(CATALOGUES), [found.parent.parent.name]).info().get("language-team", ""),
    )
    for found in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.mo"))
}


def language() -> Language:
    """The language of this request; English outside of one, and for staff and programs."""
    if not for_everybody():
        return ENGLISH
    chosen = request.cookies.get(LANGUAGE_COOKIE) or request.accept_languages.best_match(LANGUAGES)
    return LANGUAGES.get(chosen or "", ENGLISH)


def for_everybody() -> bool:
    """Whether this request is for a public page."""
    if not has_request_context():
        return False
    return request.blueprint in PUBLIC or (request.endpoint is None and not request.path.startswith("/api/"))


def say(sentence: str, **values: object) -> str:
    """A sentence in the language of this request; `%(name)s` in it stands for the value of that name."""
    return str(gettext(sentence, **values))


def say_some(one: str, more: str, num: int, **values: object) -> str:
    """The same where a number decides how it is said: "%(num)s day", "%(num)s days"."""
    return str(ngettext(one, more, num, **values))


def to_say(sentence: str) -> str:
    """Marks a sentence for the catalogue that stands in a table, and is said when it is shown."""
    return sentence


def in_english() -> str:
    """The attributes of an element that holds English on a page in another language."""
    return Markup() if language() is ENGLISH else Markup('lang="en" dir="ltr"')


def as_written(text: Any) -> str:
    """What somebody else wrote in English, marked as such on a page in another language."""
    if language() is ENGLISH or not text:
        return str(text)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(text)


def number(value: int) -> str:
    """A number as this language writes it: "20,000"."""
    return format_decimal(value, locale=language().locale)


def listed(items: Iterable[str]) -> str:
    """ "Monday, Thursday and Friday"."""
    return format_list(list(items), locale=language().locale)


def speak(app: Flask) -> None:
    """Give an app its languages, and its templates the words to say things with."""
    Babel(
        app,
        default_locale="en_GB",
        default_timezone="Europe/London",
        default_translation_directories=str(CATALOGUES),
        locale_selector=lambda: str(language().locale),
    )
    here: dict[str, Any] = app.jinja_env.globals
    here.update(say=here["gettext"], say_some=here["ngettext"], in_english=in_english)
    app.jinja_env.filters.update(as_written=as_written, number=number)

    @app.context_processor
    def spoken() -> dict[str, Any]:
        mine = language()
        return {"language": mine, "other_languages": [one for one in LANGUAGES.values() if one is not mine]}
