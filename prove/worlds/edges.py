"""The edges: for each pack, the worlds in which a rule is nearly broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from prove.control.simulator import World
from prove.worlds.stage import Claims, Stage, machine, person

BILLING, PROVISION = machine("billing"), machine("provision")


class Roles(NamedTuple):
    """What a pack calls its roles: who owns, who manages people, and two of those who do not."""

    owner: str
    manager: str
    plain: str
    other: str


ROLES = {
    "credentials": Roles("owner", "admin", "viewer", "issuer"),
    "teams": Roles("owner", "account_admin", "installer", "billing"),
    "certificates": Roles("admin", "admin", "user", "manager"),
}
# The plan with custom roles, and one on which a cap is near: of owners, of organizations, of members.
TOP = "enterprise"
CAPPED = {"credentials": "professional", "teams": "standard", "certificates": "basic"}
READING = ["organization:read", "members:read"]
CUSTOM: dict[str, object] = {"title": "Reader", "permissions": READING}


@dataclass(frozen=True)
class Cast:
    """Who is there: an organization with its owner, a manager, somebody plain, and an invitation of the manager's."""

    stage: Stage = field(repr=False)
    roles: Roles
    path: str
    owner: Claims = field(default_factory=lambda: person("ada"))
    manager: Claims = field(default_factory=lambda: person("bob"))
    plain: Claims = field(default_factory=lambda: person("eve"))
    invited: Claims = field(default_factory=lambda: person("dan"))
    invitation: str = ""
    token: str = ""  # of the invitation's mail
    custom: str = ""  # a custom role
    passing: int = 0  # seconds that may pass at any moment
    about: str = ""  # a pattern of the operations' names: all, if empty

    def of(self, *rest: str) -> str:
        """Return the path of a part of the organization."""
        return "/".join((self.path, *rest))


class Edge(NamedTuple):
    """A world and its cast."""

    name: str
    world: World
    cast: Cast


type Build = Callable[[Stage], Cast]

_builds: dict[str, tuple[tuple[str, ...], Build]] = {}


def edge(name: str, *packs: str) -> Callable[[Build], Build]:
    """Register a world, of some packs or of all."""

    def register(build: Build) -> Build:
        _builds[name] = packs or tuple(ROLES), build
        return build

    return register


def edges(stage: Stage) -> Iterator[Edge]:
    """Build each world of the stage's pack, and keep it."""
    empty = stage.simulator.keep()
    for name, (packs, build) in _builds.items():
        if stage.simulator.pack in packs:
            stage.simulator.go_back(empty)
            cast = build(stage)
            yield Edge(name, stage.simulator.keep(), cast)


# ---- The worlds ------------------------------------------------------------------------------------------------------


def founded(stage: Stage, plan: str = TOP) -> Cast:
    """An organization of Ada's alone."""
    ada = person("ada")
    organization = stage.do(ada, "POST /organizations", {"name": "Acme"})
    cast = Cast(stage, ROLES[stage.simulator.pack], f"/organizations/{organization['id']}")
    if organization["plan"] != plan:
        stage.do(BILLING, f"PUT {cast.of('plan')}", {"plan": plan})
    return cast


def joined(cast: Cast, who: Claims, *roles: str) -> None:
    """Let somebody in by an invitation."""
    made = cast.stage.do(cast.owner, f"POST {cast.of('invitations')}", {"email": who["email"], "roles": list(roles)})
    cast.stage.do(who, f"POST {cast.of('invitations', made['id'], 'accept')}")


def inviting(cast: Cast, by: Claims, role: str) -> Cast:
    """Let somebody invite Dan; all mails go out."""
    made = cast.stage.do(by, f"POST {cast.of('invitations')}", {"email": cast.invited["email"], "roles": [role]})
    return replace(cast, invitation=made["id"], token=cast.stage.mailed_token())


def staffed(stage: Stage, plan: str = TOP) -> Cast:
    """One owner, one who manages, one plain."""
    cast = founded(stage, plan)
    joined(cast, cast.manager, cast.roles.manager)
    joined(cast, cast.plain, cast.roles.plain)
    return cast


@edge("one owner")
def one_owner(stage: Stage) -> Cast:
    """The manager has invited Dan: the invitation is void once the manager may invite no more."""
    cast = staffed(stage)
    return inviting(cast, cast.manager, cast.roles.plain)


@edge("an only owner among plain members", "certificates")
def only_admin(stage: Stage) -> Cast:
    """Where the manager is an owner too: here there is only one."""
    cast = founded(stage)
    joined(cast, cast.manager, cast.roles.other)
    joined(cast, cast.plain, cast.roles.plain)
    return inviting(cast, cast.owner, cast.roles.plain)


@edge("two owners", "credentials")
def two_owners(stage: Stage) -> Cast:
    """Either may go, and not both."""
    cast = founded(stage)
    joined(cast, cast.manager, cast.roles.owner)
    joined(cast, cast.plain, cast.roles.plain)
    return inviting(cast, cast.manager, cast.roles.manager)


@edge("the last owner's seat", "credentials")
def last_owner_seat(stage: Stage) -> Cast:
    """The plan allows two owners: there is one, and somebody is invited as another."""
    cast = staffed(stage, CAPPED["credentials"])
    return inviting(cast, cast.owner, cast.roles.owner)


@edge("the last seat", "certificates")
def last_seat(stage: Stage) -> Cast:
    """The plan allows five members: there are four, and somebody is invited."""
    cast = staffed(stage, CAPPED["certificates"])
    joined(cast, person("flo"), cast.roles.plain)
    return inviting(cast, cast.manager, cast.roles.plain)


@edge("the day's last invitation", "credentials")
def last_of_the_day(stage: Stage) -> Cast:
    """The plan allows fifty a day: forty-nine are sent."""
    cast = staffed(stage, "free")  # two
    for first, last in ((0, 20), (20, 40), (40, 46)):
        asked = [{"email": f"x{number}@example.com", "roles": [cast.roles.plain]} for number in range(first, last)]
        stage.do(cast.owner, f"POST {cast.of('invitations', 'batch')}", {"invitations": asked})
    return replace(inviting(cast, cast.manager, cast.roles.plain), about=r"invite|resend|upgrade|cancel|sweep")


@edge("a dead invitation")
def dead_invitation(stage: Stage) -> Cast:
    """It is past its time, and nothing has swept it."""
    cast = one_owner(stage)
    stage.simulator.chance.wait(timedelta(days=8).total_seconds())
    return cast


@edge("an invitation's last seconds")
def last_seconds(stage: Stage) -> Cast:
    """It is open for five more, and ten may pass at any moment."""
    stage.simulator.chance.wait(601)  # so that it does not end on the hour
    cast = one_owner(stage)
    ends = datetime.fromisoformat(stage.do(cast.owner, f"GET {cast.of('invitations', cast.invitation)}")["expires_at"])
    stage.simulator.chance.set(ends - timedelta(seconds=5))
    return replace(cast, passing=10)


@edge("a custom role held by one")
def custom_role(stage: Stage) -> Cast:
    """Eve holds it, and Dan is invited to it."""
    cast = founded(stage)
    made = stage.do(cast.owner, f"POST {cast.of('roles')}", CUSTOM)
    joined(cast, cast.manager, cast.roles.manager)
    joined(cast, cast.plain, made["id"])
    return replace(inviting(cast, cast.owner, made["id"]), custom=made["id"])


@edge("three teams", "teams")
def three_teams(stage: Stage) -> Cast:
    """The manager owns two teams of their own, and may own one more."""
    cast = staffed(stage, CAPPED["teams"])
    for name in ("Two", "Three"):
        stage.do(cast.manager, "POST /organizations", {"name": name})
    return inviting(cast, cast.manager, cast.roles.plain)


@edge("a deleted organization")
def deleted(stage: Stage) -> Cast:
    """It is not purged yet, and due."""
    cast = one_owner(stage)
    stage.do(cast.owner, f"DELETE {cast.path}")
    stage.deliver()
    stage.simulator.chance.wait(timedelta(hours=3).total_seconds())
    return cast


@edge("a mail under way")
def mail_under_way(stage: Stage) -> Cast:
    """Dan has just been invited, and not mailed yet."""
    cast = staffed(stage)
    stage.deliver()
    made = stage.do(
        cast.manager, f"POST {cast.of('invitations')}", {"email": cast.invited["email"], "roles": [cast.roles.plain]}
    )
    return replace(cast, invitation=made["id"])


@edge("alone")
def alone(stage: Stage) -> Cast:
    """Ada is the only member of her organization, and is about to be erased or moved."""
    return inviting(founded(stage), person("ada"), ROLES[stage.simulator.pack].plain)
