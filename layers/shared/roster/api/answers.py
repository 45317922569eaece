"""What a request is answered with: a status, a body and the headers that belong to it."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from roster.table.base import Item


@dataclass(frozen=True)
class Answer:
    """A success, with a JSON body, or a text whose Content-Type is among the headers, or with no body at all.

    `Location`, and `Link` to what comes next, are paths: the public address goes before them.
    """

    status: HTTPStatus
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


def ok(body: dict[str, Any], item: Item | None = None) -> Answer:
    """Answer 200; with the item that the body shows, its ETag."""
    return Answer(HTTPStatus.OK, body, _etag(item))


def created(body: dict[str, Any], path: str, item: Item | None = None) -> Answer:
    """Answer 201, with the path where it stands and, given the item, its ETag."""
    return Answer(HTTPStatus.CREATED, body, {"Location": path, **_etag(item)})


def no_content() -> Answer:
    """Answer 204."""
    return Answer(HTTPStatus.NO_CONTENT)


def etag_of(item: Item) -> str:
    """Return the entity tag of an item: its stamp."""
    return f'"{item.stamp}"'


def _etag(item: Item | None) -> dict[str, str]:
    return {} if item is None else {"ETag": etag_of(item)}
