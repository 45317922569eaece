"""What a request is answered with: a status, a body and the headers that belong to it.

An operation's return type says which of these it is and what its body shows; the API's description is made from that.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypedDict

from roster.table.base import Item


@dataclass(frozen=True)
class Answer[Shape]:
    """A success, with a JSON body: 200, unless it is one of those below.

    `Location`, and `Link` to what comes next, are paths: the public address goes before them.
    """

    status: HTTPStatus
    body: Shape
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


class Created[Shape](Answer[Shape]):
    """201, with the Location where it stands."""


class Recorded[Shape](Answer[Shape]):
    """201 for what does not stand anywhere by itself."""


class NoContent(Answer[None]):
    """204."""


class Text[MediaType](Answer[None]):
    """200, with a text of one of these media types; its Content-Type is among the headers."""


class Versioned(TypedDict):
    """A shape that has an ETag when it is answered by itself."""


def ok[Shape](body: Shape, item: Item | None = None) -> Answer[Shape]:
    """Answer 200; with the item that the body shows, its ETag."""
    return Answer(HTTPStatus.OK, body, _etag(item))


def created[Shape](body: Shape, path: str, item: Item | None = None) -> Created[Shape]:
    """Answer 201, with the path where it stands and, given the item, its ETag."""
    return Created(HTTPStatus.CREATED, body, {"Location": path, **_etag(item)})


def recorded[Shape](body: Shape) -> Recorded[Shape]:
    """Answer 201 with what was recorded."""
    return Recorded(HTTPStatus.CREATED, body)


def no_content() -> NoContent:
    """Answer 204."""
    return NoContent(HTTPStatus.NO_CONTENT, None)


def etag_of(item: Item) -> str:
    """Return the entity tag of an item: its stamp."""
    return f'"{item.stamp}"'


def _etag(item: Item | None) -> dict[str, str]:
    return {} if item is None else {"ETag": etag_of(item)}
