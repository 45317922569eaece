"""What is only read: each route that changes nothing. It is asked under all single faults, and not in pairs."""

from collections.abc import Iterator
from dataclasses import replace

from prove.control.errands import Errand
from prove.worlds.edges import Cast, Edge
from prove.worlds.stage import machine


def reading(edge: Edge) -> list[Errand]:
    """Return what can be read in a world, each under a name of its own."""
    return [replace(errand, reads=True) for errand in _asked(edge.cast)]


def _asked(cast: Cast) -> Iterator[Errand]:
    ask, of, owner = cast.stage.errand, cast.of, cast.owner
    for name, path in {
        "the organization": cast.path,
        "one's organizations": "/me/organizations",
        "members": of("members"),
        "members by role": of(f"members?role={cast.roles.plain}"),
        "a member": of("members", cast.plain["sub"]),
        "invitations": of("invitations"),
        "invitations that are void": of("invitations?status=void"),
        "roles": of("roles"),
        "the log": of("activity"),
        "the log's logins": of("activity?type=member.left"),
        "the log as CSV": of("activity.csv"),
    }.items():
        yield ask(f"read {name}", owner, f"GET {path}")
    yield ask("read what one is invited to", cast.invited, "GET /me/invitations")
    yield ask("read all organizations", machine("read"), "GET /organizations")
    yield ask("ask what one may", cast.plain, f"POST {of('access')}", {"permissions": ["organization:update"]})
    if cast.invitation:
        yield ask("read the invitation", owner, f"GET {of('invitations', cast.invitation)}")
    if cast.token:
        yield ask("look at what the link is for", None, "POST /invitations/preview", {"token": cast.token})
