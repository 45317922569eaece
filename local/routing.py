"""Routing: which route of the API a request meets, as API Gateway finds it."""

from collections.abc import Iterable
from urllib.parse import unquote

from local.template import Route


class Router:
    """The routes of a stack."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
        # Where several fit, the one with the earliest literal segment does: a brace sorts behind all letters.
        for route in sorted(routes, key=lambda route: route.path):
            segments = route.path.split("/")
            self._routes.setdefault((route.method, len(segments)), []).append((segments, route))

    def find(self, method: str, raw_path: str) -> tuple[Route | None, dict[str, str]]:
        """Return the route of a path as it was sent, and what its parameters are; None if there is no such route."""
        asked = [unquote(segment, errors="replace") for segment in raw_path.split("/")]
        for segments, route in self._routes.get((method, len(asked)), []):
            pairs = list(zip(segments, asked, strict=True))
            if all(part if named[:1] == "{" else named == part for named, part in pairs):
                return route, {named[1:-1]: part for named, part in pairs if named[:1] == "{"}
        return None, {}
