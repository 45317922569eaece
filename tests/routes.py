"""The routes of the template, every use of each, and what a good request of that use holds."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from local.template import Route
from tests.deployment import STACKS
from tests.world import Caller, World

ROUTES = STACKS["credentials"].routes
IN_AN_ORGANIZATION = [route for route in ROUTES if "{organization_id}" in route.path]

_ORGANIZATION = "/organizations/{organization_id}"
_MEMBER = f"{_ORGANIZATION}/members/{{user_id}}"
# The lists, and what each of them is filtered by.
_OF_THE_LOG: dict[str, object] = {
    "type": "member",
    "actor": "u1",
    "since": "2026-01-31T12:00:00Z",
    "until": "2026-02-01T12:00:00Z",
}
LISTS: dict[str, dict[str, object]] = {
    "GET /organizations": {"external_id": "crm-1"},
    "GET /me/organizations": {},
    "GET /me/invitations": {},
    f"GET {_ORGANIZATION}/members": {"role": "viewer", "query": "ann"},
    f"GET {_ORGANIZATION}/invitations": {"status": "pending"},
    f"GET {_ORGANIZATION}/activity": _OF_THE_LOG,
}
QUERIES = LISTS | {f"GET {_ORGANIZATION}/activity.csv": _OF_THE_LOG}
# What If-Match guards.
CONDITIONAL = (
    f"PATCH {_ORGANIZATION}",
    f"DELETE {_ORGANIZATION}",
    f"PUT {_ORGANIZATION}/plan",
    f"DELETE {_MEMBER}",
    f"PUT {_MEMBER}",
    f"PUT {_MEMBER}/roles",
    f"DELETE {_ORGANIZATION}/invitations/{{invitation_id}}",
    f"POST {_ORGANIZATION}/invitations/{{invitation_id}}/resend",
)
# They take no Idempotency-Key.
UNKEYED = (
    "POST /invitations/preview",
    f"POST {_ORGANIZATION}/access",
    f"POST {_ORGANIZATION}/invitations/{{invitation_id}}/link",
)
_ROLE: dict[str, object] = {"title": "Auditor", "permissions": ["activity:read"]}
# What people send.
BODIES: dict[str, dict[str, object]] = {
    "POST /organizations": {"name": "Acme"},
    f"PATCH {_ORGANIZATION}": {"name": "Acme Two"},
    "PATCH /me": {"locale": "de-AT"},
    "PUT /me/active-organization": {"organization_id": "o1"},
    f"POST {_ORGANIZATION}/invitations": {"email": "zoe@example.com", "roles": ["viewer"]},
    f"POST {_ORGANIZATION}/invitations/batch": {"invitations": [{"email": "zoe@example.com", "roles": ["viewer"]}]},
    f"PUT {_MEMBER}/roles": {"roles": ["issuer"]},
    f"POST {_ORGANIZATION}/transfer": {"user_id": "u1"},
    f"POST {_ORGANIZATION}/roles": _ROLE,
    f"PUT {_ORGANIZATION}/roles/{{role_id}}": _ROLE,
    f"POST {_ORGANIZATION}/access": {"permissions": ["badges:create"]},
    "POST /invitations/preview": {"token": "nonsense"},
}
# What machines send, and the scope that lets them.
FOR_MACHINES: dict[str, tuple[str, dict[str, object]]] = {
    "GET /organizations": ("roster/read", {}),
    f"PUT {_ORGANIZATION}/plan": ("roster/billing", {"plan": "enterprise"}),
    f"POST {_ORGANIZATION}/activity": ("roster/activity", {"type": "certificate.issued"}),
    f"PUT {_MEMBER}": ("roster/provision", {"email": "zoe@example.com", "roles": ["admin"]}),
    "DELETE /users/{user_id}": ("roster/users", {}),
    "POST /users/{user_id}/move": ("roster/move", {"to": "user-new"}),
}
_READ: tuple[str, dict[str, object]] = ("roster/read", {})
FOR_BOTH: dict[str, tuple[str, dict[str, object]]] = dict.fromkeys(
    (
        f"GET {path}"
        for path in (
            _ORGANIZATION,
            f"{_ORGANIZATION}/members",
            _MEMBER,
            f"{_ORGANIZATION}/invitations",
            f"{_ORGANIZATION}/invitations/{{invitation_id}}",
            f"{_ORGANIZATION}/roles",
            f"{_ORGANIZATION}/activity",
            f"{_ORGANIZATION}/activity.csv",
        )
    ),
    _READ,
) | {
    "POST /organizations": (
        "roster/provision",
        {"name": "Acme", "owner": {"user_id": "zoe", "email": "zoe@example.com"}},
    ),
    f"PATCH {_ORGANIZATION}": ("roster/provision", {"metadata": {"tier": "gold"}}),
    f"DELETE {_MEMBER}": ("roster/provision", {}),
    f"POST {_ORGANIZATION}/transfer": ("roster/support", {"user_id": "u1", "from": "u2"}),
    f"POST {_ORGANIZATION}/access": ("roster/access", {"permissions": ["badges:create"]}),
}


def name_of(route: Route) -> str:
    """A route in a word."""
    return f"{route.method} {route.path}"


def path_of(route: Route, **ids: str) -> str:
    """The path of a route with ids in it; what is not given is the id of nothing."""
    nothing = {"organization_id": "o1", "invitation_id": "i1", "user_id": "u1", "role_id": "r1"}
    return route.path.format_map({name: quote(value, safe="") for name, value in (nothing | ids).items()})


class Use(NamedTuple):
    """A way in which a route is used: by people, by machines with a scope, or by anybody; and a good body."""

    route: Route
    scope: str | None
    body: Mapping[str, object]

    @property
    def name(self) -> str:
        return name_of(self.route)

    @property
    def for_people(self) -> bool:
        return self.route.signed_in and self.scope is None

    def caller(self, world: World) -> Caller | None:
        """Somebody whom it is meant for."""
        if not self.route.signed_in:
            return None
        return world.person("Zed") if self.scope is None else world.machine(self.scope)

    def __str__(self) -> str:
        return self.name if self.scope is None else f"{self.name} by {self.scope}"


def _uses(route: Route) -> Iterator[Use]:
    name = name_of(route)
    if name not in FOR_MACHINES:
        yield Use(route, None, BODIES.get(name, {}))
    if name in FOR_MACHINES or name in FOR_BOTH:
        yield Use(route, *(FOR_MACHINES | FOR_BOTH)[name])


USES = [use for route in ROUTES for use in _uses(route)]
CHANGING = [use for use in USES if use.route.method != "GET"]
KEYED = [use for use in CHANGING if use.name not in UNKEYED]  # those that take an Idempotency-Key


def pages_of(caller: Caller, path: str, **query: object) -> Iterator[list[dict[str, Any]]]:
    """All pages of a list, as somebody sees them."""
    cursor: dict[str, object] = {}
    while True:
        page = caller.get(path, **query | cursor).body
        yield page["items"]
        if page["next_cursor"] is None:
            return
        assert page["next_cursor"] != cursor.get("cursor"), "the list goes in circles"
        cursor["cursor"] = page["next_cursor"]
