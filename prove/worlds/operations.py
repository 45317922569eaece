"""All operations: every change that the API, the schedule, the stream and the event bus can ask for in a world."""

import re
from collections.abc import Iterator

from prove.control.errands import Errand, invocation, passing
from prove.worlds.edges import BILLING, CUSTOM, PROVISION, READING, Cast, Edge
from prove.worlds.stage import Claims, machine, person

MOVE, USERS, SUPPORT, ACTIVITY = machine("move"), machine("users"), machine("support"), machine("activity")

type Body = dict[str, object]


def operations(edge: Edge) -> list[Errand]:
    """Return what can be asked in a world, each under a name of its own."""
    cast = edge.cast
    asked = [*_organization(cast), *_people(cast), *_members(cast), *_roles(cast), *_invoked(cast)]
    asked += list(_invitation(cast)) if cast.invitation else []
    return [errand for errand in asked if re.match(cast.about, errand.name)]


def _organization(cast: Cast) -> Iterator[Errand]:
    ask, path = cast.stage.errand, cast.path
    plans = cast.stage.plans
    yield ask("rename", cast.owner, f"PATCH {path}", {"name": "Next"})
    yield ask("rename by the manager", cast.manager, f"PATCH {path}", {"name": "Other"})
    yield ask("switch mail off", cast.owner, f"PATCH {path}", {"email_notifications": False})
    yield ask("name it outside", PROVISION, f"PATCH {path}", {"external_id": "crm-1"})
    yield ask("downgrade", BILLING, f"PUT {path}/plan", {"plan": plans[0]})
    yield ask("upgrade", BILLING, f"PUT {path}/plan", {"plan": plans[-1]})
    yield ask("delete", cast.owner, f"DELETE {path}")
    yield ask("record", ACTIVITY, f"POST {path}/activity", {"type": "badge.created", "user_id": cast.plain["sub"]})


def _people(cast: Cast) -> Iterator[Errand]:
    ask = cast.stage.errand
    organization = {"organization_id": cast.path.rpartition("/")[2]}
    yield ask("found another", cast.manager, "POST /organizations", {"name": "Another"})
    yield ask("found one for somebody", PROVISION, "POST /organizations", _founded_for(cast.plain))
    yield ask("sign in", cast.plain, "PUT /me")
    yield ask("sign in for the first time", cast.invited, "PUT /me")
    yield ask("sign in with another address", cast.manager | {"email": "bob@example.org"}, "PUT /me")
    yield ask("speak German", cast.plain, "PATCH /me", {"locale": "de"})
    yield ask("go there", cast.plain, "PUT /me/active-organization", organization)
    for name, who in (
        ("owner", cast.owner),
        ("manager", cast.manager),
        ("plain one", cast.plain),
        ("invited", cast.invited),
    ):
        yield ask(f"erase the {name}", USERS, f"DELETE /users/{who['sub']}")
    yield ask("move the owner", MOVE, f"POST /users/{cast.owner['sub']}/move", {"to": "ada-2"})
    yield ask("move the manager", MOVE, f"POST /users/{cast.manager['sub']}/move", {"to": "bob-2"})
    yield ask("move the plain one", MOVE, f"POST /users/{cast.plain['sub']}/move", {"to": "eve-2"})
    yield ask("move the plain one elsewhere", MOVE, f"POST /users/{cast.plain['sub']}/move", {"to": "eve-3"})


def _founded_for(who: Claims) -> Body:
    return {"name": "Given", "owner": {"user_id": who["sub"], "email": who["email"]}, "external_id": "crm-1"}


def _members(cast: Cast) -> Iterator[Errand]:
    ask, of, roles = cast.stage.errand, cast.of, cast.roles
    manager, plain = of("members", cast.manager["sub"]), of("members", cast.plain["sub"])
    yield ask("remove the plain one", cast.manager, f"DELETE {plain}")
    yield ask("remove the manager", cast.owner, f"DELETE {manager}")
    yield ask("remove the owner", cast.manager, f"DELETE {of('members', cast.owner['sub'])}")
    yield ask("move the manager out", PROVISION, f"DELETE {manager}")
    yield ask("move somebody in", PROVISION, f"PUT {of('members', 'zoe')}", _member("zoe@example.com", roles.plain))
    yield ask("move the invited in", PROVISION, f"PUT {of('members', 'dan')}", _member("dan@example.com", roles.plain))
    yield ask("move an owner in", PROVISION, f"PUT {of('members', 'zoe')}", _member("zoe@example.com", roles.owner))
    yield ask("set the plain one's roles", PROVISION, f"PUT {plain}", _member(cast.plain["email"], roles.other))
    yield ask("leave", cast.plain, f"POST {of('leave')}")
    yield ask("leave, as the manager", cast.manager, f"POST {of('leave')}")
    yield ask("leave, as the owner", cast.owner, f"POST {of('leave')}")


def _member(email: str, *roles: str) -> Body:
    return {"email": email, "roles": list(roles)}


def _roles(cast: Cast) -> Iterator[Errand]:
    ask, of, roles = cast.stage.errand, cast.of, cast.roles
    held = {
        who: of("members", claims["sub"], "roles")
        for who, claims in (("owner", cast.owner), ("manager", cast.manager), ("plain", cast.plain))
    }
    yield ask("change the plain one", cast.owner, f"PUT {held['plain']}", {"roles": [roles.other]})
    yield ask("change the plain one, as the manager", cast.manager, f"PUT {held['plain']}", {"roles": [roles.manager]})
    yield ask("promote the plain one", cast.owner, f"PUT {held['plain']}", {"roles": [roles.owner]})
    yield ask("promote the manager", cast.owner, f"PUT {held['manager']}", {"roles": [roles.owner]})
    yield ask("demote the manager", cast.owner, f"PUT {held['manager']}", {"roles": [roles.plain]})
    yield ask("step down", cast.owner, f"PUT {held['owner']}", {"roles": [roles.plain]})
    yield ask("step down, as the manager", cast.manager, f"PUT {held['manager']}", {"roles": [roles.plain]})
    yield ask("transfer", cast.owner, f"POST {of('transfer')}", {"user_id": cast.manager["sub"]})
    yield ask("transfer to the plain one", cast.owner, f"POST {of('transfer')}", {"user_id": cast.plain["sub"]})
    support = {"user_id": cast.plain["sub"], "from": cast.owner["sub"]}
    yield ask("transfer by support", SUPPORT, f"POST {of('transfer')}", support)
    yield ask("make a role", cast.owner, f"POST {of('roles')}", CUSTOM | {"title": "Second"})
    if cast.custom:
        yield ask("widen the role", cast.owner, f"PUT {of('roles', cast.custom)}", _wider(cast))
        yield ask("delete the role", cast.owner, f"DELETE {of('roles', cast.custom)}")
        yield ask("give the role", cast.owner, f"PUT {held['manager']}", {"roles": [cast.custom]})


def _wider(cast: Cast) -> Body:
    return CUSTOM | {"permissions": [*READING, "members:remove"], "removes": [cast.roles.plain]}


def _invitation(cast: Cast) -> Iterator[Errand]:
    ask, of, roles = cast.stage.errand, cast.of, cast.roles
    invitation, address = of("invitations", cast.invitation), cast.invited["email"]
    token = {"token": cast.token} if cast.token else None
    yield ask("invite somebody", cast.manager, f"POST {of('invitations')}", _member("zoe@example.com", roles.plain))
    yield ask("invite the same", cast.owner, f"POST {of('invitations')}", _member(address, roles.other))
    yield ask(
        "invite the plain one", cast.owner, f"POST {of('invitations')}", _member(cast.plain["email"], roles.other)
    )
    batch = [_member("zoe@example.com", roles.other), _member("kim@example.com", roles.plain)]
    yield ask("invite two", cast.owner, f"POST {of('invitations', 'batch')}", {"invitations": batch})
    yield ask("resend", cast.owner, f"POST {invitation}/resend")
    yield ask("resend to another role", cast.manager, f"POST {invitation}/resend", {"roles": [roles.other]})
    yield ask("copy the link", cast.manager, f"POST {invitation}/link")
    yield ask("cancel", cast.manager, f"DELETE {invitation}")
    yield ask("accept", cast.invited, f"POST {invitation}/accept")
    yield ask("accept under another id", cast.invited | {"sub": "dan-2"}, f"POST {invitation}/accept")
    yield ask("decline", cast.invited, f"POST {invitation}/decline")
    if token is not None:
        yield ask("accept by the link", person("kim"), f"POST {invitation}/accept", token)
        yield ask("accept by the link, as a member", cast.plain, f"POST {invitation}/accept", token)
        yield ask("decline by the link", person("kim"), f"POST {invitation}/decline", token)


def _invoked(cast: Cast) -> Iterator[Errand]:
    yield invocation("sweep", "cleanup/expire", {})
    if records := cast.stage.simulator.undelivered("notify/send"):
        yield invocation("mail", "notify/send", {"Records": records})
        yield invocation("mail what comes twice", "notify/send", {"Records": [*records, *records]})
    if records := cast.stage.simulator.undelivered("notify/publish"):
        yield invocation("publish", "notify/publish", {"Records": records})
    if cast.passing:
        yield passing(f"{cast.passing} seconds pass", cast.passing)
    if cast.token:
        yield invocation("bounce", "notify/feedback", _told(cast, "Email Bounced", bounce={"bounceType": "Permanent"}))
        yield invocation("complain", "notify/feedback", _told(cast, "Email Complaint Received", complaint={}))


def _told(cast: Cast, kind: str, **more: object) -> Body:
    """Return what SES tells of the invitation's mail."""
    organization, invitation, link, _ = cast.token.split(".")
    tags = {"organization": [organization], "invitation": [invitation], "link": [link]}
    return {"detail-type": kind, "detail": {"mail": {"tags": tags}, **more}}
