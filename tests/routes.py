"""The routes of the template, and what a good request to each of them holds."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from local.template import Route
from tests.deployment import STACKS
from tests.world import Caller, World

ROUTES = STACKS["credentials"].routes
CHANGING = [route for route in ROUTES if route.method != "GET"]
GUARDED = [route for route in CHANGING if route.path != "/invitations/preview"]  # those that take an Idempotency-Key
IN_AN_ORGANIZATION = [route for route in ROUTES if "{organization_id}" in route.path]

_ORGANIZATION = "/organizations/{organization_id}"
LISTS = (
    "/me/organizations",
    "/me/invitations",
    f"{_ORGANIZATION}/members",
    f"{_ORGANIZATION}/invitations",
    f"{_ORGANIZATION}/activity",
)
# What If-Match guards.
CONDITIONAL = (
    f"PATCH {_ORGANIZATION}",
    f"DELETE {_ORGANIZATION}",
    f"PUT {_ORGANIZATION}/plan",
    f"DELETE {_ORGANIZATION}/members/{{user_id}}",
    f"PUT {_ORGANIZATION}/members/{{user_id}}/roles",
    f"DELETE {_ORGANIZATION}/invitations/{{invitation_id}}",
    f"POST {_ORGANIZATION}/invitations/{{invitation_id}}/resend",
)
BODIES: dict[str, dict[str, object]] = {
    "POST /organizations": {"name": "Acme"},
    f"PATCH {_ORGANIZATION}": {"name": "Acme Two"},
    f"PUT {_ORGANIZATION}/plan": {"plan": "enterprise"},
    f"POST {_ORGANIZATION}/invitations": {"email": "zoe@example.com", "roles": ["viewer"]},
    f"POST {_ORGANIZATION}/invitations/batch": {"invitations": [{"email": "zoe@example.com", "roles": ["viewer"]}]},
    f"PUT {_ORGANIZATION}/members/{{user_id}}/roles": {"roles": ["issuer"]},
    f"POST {_ORGANIZATION}/activity": {"type": "certificate.issued"},
    "POST /invitations/preview": {"token": "nonsense"},
}
SCOPES = {f"PUT {_ORGANIZATION}/plan": "roster/billing", f"POST {_ORGANIZATION}/activity": "roster/activity"}


def name_of(route: Route) -> str:
    """A route in a word."""
    return f"{route.method} {route.path}"


def path_of(route: Route, **ids: str) -> str:
    """The path of a route with ids in it; what is not given is the id of nothing."""
    nothing = {"organization_id": "o1", "invitation_id": "i1", "user_id": "u1"}
    return route.path.format_map({name: quote(value, safe="") for name, value in (nothing | ids).items()})


def meant_for(world: World, route: Route) -> Caller | None:
    """Somebody whom a route is meant for: a person, a machine with its scope, anybody."""
    if not route.signed_in:
        return None
    scope = SCOPES.get(name_of(route))
    return world.person("Zed") if scope is None else world.machine(scope)


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
