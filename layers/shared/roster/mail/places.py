"""What stands in the places of a mail's sentences, as text and as HTML, whichever way it and the language run."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Self

from markupsafe import Markup, escape

from roster.mail.language import Language, gettext_noop
from roster.policy.pack import Role

_STRONG = Markup('<strong style="font-weight:600"><bdi>{}</bdi></strong>')
_QUIET = Markup("<bdi>{}</bdi>")
_SOMEONE, _FORMER_USER = gettext_noop("Someone"), gettext_noop("A former user")


class Named(NamedTuple):
    """Somebody or something as a mail calls it: someone, if there is no name."""

    name: str
    address: str = ""


class Erased(NamedTuple):
    """Somebody of whom nothing is kept any more, or never was."""


class Quoted(NamedTuple):
    """What somebody wrote, line by line."""

    lines: tuple[str, ...]


class Roles(NamedTuple):
    """Roles that a mail names."""

    roles: tuple[Role, ...]


class Place(str):
    """Words that are themselves as text, and where HTML is made what they stand for there."""

    __slots__ = ("_html", "full")
    _html: Markup
    full: "Place"  # with the address, if there is one

    def __new__(cls, text: str, html: Markup) -> Self:
        place = super().__new__(cls, text)
        place._html = html
        place.full = place
        return place

    def __html__(self) -> Markup:
        return self._html


class Titled(NamedTuple):
    """One role in a mail."""

    title: Place
    description: Place


class Titles(list[Titled]):
    """Several roles in a mail, one by one, and their titles as one phrase."""

    titles: Place


def place(value: object, language: Language) -> object:
    """Return one of a mail's words as its template takes it. What is neither a name nor a moment stays what it is."""
    match value:
        case Named(name, address):
            return _named(name or language.words.gettext(_SOMEONE), address, language)
        case Erased():
            return strong(language.words.gettext(_FORMER_USER), language)
        case datetime():
            return strong(language.moment(value), language)
        case Quoted(lines):
            return [Place(language.isolated(line), escape(line)) for line in lines]
        case Roles(roles):
            return _titles(roles, language)
    return value


def quiet(text: str, language: Language) -> Place:
    """Return words of another hand that a sentence is not about."""
    return Place(language.isolated(text), _QUIET.format(text))


def strong(text: str, language: Language) -> Place:
    """Return words of another hand that a sentence is about."""
    return Place(language.isolated(text), _STRONG.format(text))


def _named(name: str, address: str, language: Language) -> Place:
    told = strong(name, language)
    if address:
        beside = quiet(address, language)
        told.full = Place(f"{told} ({beside})", Markup("{} ({})").format(told, beside))
    return told


def _titles(roles: Iterable[Role], language: Language) -> Titles:
    named = [language.role(role) for role in roles]
    told = Titles(Titled(strong(title, language), quiet(description, language)) for title, description in named)
    listed = language.listed([language.isolated(title) for title, _ in named])
    bold = language.listed([_STRONG.format(title) for title, _ in named])
    told.titles = Place(listed, Markup(bold))  # noqa: S704 (what others wrote is escaped in each)
    return told
