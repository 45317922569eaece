"""Every operation in the middle of a life: an organization with somebody in each part, and what is asked of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from roster.table.items import Member, User
from tests.wire import wire as the_wire
from tests.world import Caller, Reply, Team, World


class Scene(NamedTuple):
    """An organization with somebody in each part."""

    team: Team
    world: World
    admin: Caller
    viewer: Caller
    auditor: Caller  # who holds the custom role
    invited: Caller
    invitation: str
    role: str  # a custom role, and one that nobody holds
    idle: str
    other: str  # an organization that the admin created

    def answer(self, verb: str, *, by_link: bool = False) -> Reply:
        path = self.team.path("invitations", self.invitation, verb)
        if not by_link:
            return self.invited.post(path, Idempotency_Key="k")
        return self.world.person("Eve").post(path, self.mailed(), Idempotency_Key="k")

    def mailed(self) -> dict[str, str]:
        """The token of the mailed link, made by nobody whose calls are counted."""
        token = self.team.token(self.invitation)
        the_wire.clear()
        return {"token": token}

    def hand_over(self, user_id: str) -> Reply:
        """Let somebody accept by a copied link."""
        token = self.team.copied(self.invitation, self.admin)
        the_wire.clear()
        path = self.team.path("invitations", self.invitation, "accept")
        return self.world.person("Sam", sub=user_id).post(path, {"token": token}, Idempotency_Key="k")


ROLE = {"title": "Reader", "permissions": ["organization:read", "activity:read"]}
FIFTY = [f"badges:{number}" for number in range(50)]

type Act = Callable[[Scene], Reply]

OPERATIONS: dict[str, Act] = {
    "organizations/create": (lambda it: it.team.founder.post("/organizations", {"name": "Next"}, Idempotency_Key="k")),
    "organizations/read": (lambda it: it.viewer.get(it.team.path())),
    "organizations/read mine": (lambda it: it.viewer.get("/me/organizations")),
    "organizations/update": (lambda it: it.team.founder.patch(it.team.path(), {"name": "Next"}, Idempotency_Key="k")),
    "organizations/plan": (
        lambda it: it.world.machine("roster/billing").put(
            it.team.path("plan"), {"plan": "professional"}, Idempotency_Key="k"
        )
    ),
    "organizations/create for somebody": (
        lambda it: it.world.machine("roster/provision").post(
            "/organizations",
            {
                "name": "Next",
                "owner": {"user_id": "new", "email": "new@example.com", "name": "New"},
                "external_id": "crm-2",
            },
            Idempotency_Key="k",
        )
    ),
    "organizations/read all": (lambda it: it.world.machine("roster/read").get("/organizations")),
    "organizations/read external": (
        lambda it: it.world.machine("roster/read").get("/organizations", external_id="crm-1")
    ),
    "organizations/update by a machine": (
        lambda it: it.world.machine("roster/provision").patch(
            it.team.path(), {"external_id": "crm-2", "metadata": {"tier": "gold"}}, Idempotency_Key="k"
        )
    ),
    "organizations/me": (lambda it: it.viewer.put("/me", Idempotency_Key="k")),
    "organizations/me for the first time": (lambda it: it.invited.put("/me", Idempotency_Key="k")),
    "organizations/me preferences": (lambda it: it.viewer.patch("/me", {"locale": "de-AT"}, Idempotency_Key="k")),
    "organizations/me active": (
        lambda it: it.admin.put("/me/active-organization", {"organization_id": it.other}, Idempotency_Key="k")
    ),
    "organizations/delete": (lambda it: it.team.founder.delete(it.team.path(), Idempotency_Key="k")),
    "invite/send": (
        lambda it: it.admin.post(
            it.team.path("invitations"), {"email": "new@example.com", "roles": ["viewer"]}, Idempotency_Key="k"
        )
    ),
    "invite/send a batch of one": (
        lambda it: it.admin.post(
            it.team.path("invitations", "batch"),
            {"invitations": [{"email": "new@example.com", "roles": ["viewer"]}]},
            Idempotency_Key="k",
        )
    ),
    "invite/send in place of a void one": (
        lambda it: voided(it).team.founder.post(
            it.team.path("invitations"), {"email": it.invited.email, "roles": ["viewer"]}, Idempotency_Key="k"
        )
    ),
    "invite/read": (lambda it: it.admin.get(it.team.path("invitations", it.invitation))),
    "invite/read all": (lambda it: it.admin.get(it.team.path("invitations"))),
    "invite/read mine": (lambda it: it.invited.get("/me/invitations")),
    "invite/resend": (
        lambda it: it.admin.post(it.team.path("invitations", it.invitation, "resend"), Idempotency_Key="k")
    ),
    "invite/resend to another role": (
        lambda it: it.admin.post(
            it.team.path("invitations", it.invitation, "resend"),
            {"roles": ["issuer"], "message": "Hello", "locale": "de"},
            Idempotency_Key="k",
        )
    ),
    "invite/send in place of one handed over": (
        lambda it: handed_over(it).admin.post(
            it.team.path("invitations"), {"email": it.invited.email, "roles": ["viewer"]}, Idempotency_Key="k"
        )
    ),
    "invite/link": (lambda it: it.admin.post(it.team.path("invitations", it.invitation, "link"))),
    "invite/link to somebody else's": (
        lambda it: it.team.founder.post(it.team.path("invitations", it.invitation, "link"))
    ),
    "invite/cancel": (lambda it: it.admin.delete(it.team.path("invitations", it.invitation), Idempotency_Key="k")),
    "invite/accept": (lambda it: it.answer("accept")),
    "invite/accept by link": (lambda it: it.answer("accept", by_link=True)),
    "invite/accept by a copied link": (lambda it: it.hand_over("sam")),
    "invite/decline": (lambda it: it.answer("decline")),
    "invite/decline by link": (lambda it: it.answer("decline", by_link=True)),
    "invite/preview": (lambda it: it.world.call("POST", "/invitations/preview", body=it.mailed())),
    "members/read": (lambda it: it.viewer.get(it.team.path("members", it.admin.id))),
    "members/read all": (lambda it: it.viewer.get(it.team.path("members"), limit=3)),
    "members/read by role": (lambda it: it.viewer.get(it.team.path("members"), limit=1, role="viewer")),
    "members/read by words": (lambda it: it.viewer.get(it.team.path("members"), limit=1, query="o")),
    "members/remove": (lambda it: it.admin.delete(it.team.path("members", it.viewer.id), Idempotency_Key="k")),
    "members/provision": (
        lambda it: it.world.machine("roster/provision").put(
            it.team.path("members", "new"),
            {"email": "new@example.com", "name": "New", "roles": ["viewer"]},
            Idempotency_Key="k",
        )
    ),
    "members/remove by a machine": (
        lambda it: it.world.machine("roster/provision").delete(
            it.team.path("members", it.viewer.id), Idempotency_Key="k"
        )
    ),
    "members/provision one who is in": (
        lambda it: it.world.machine("roster/provision").put(
            it.team.path("members", it.viewer.id), {"email": it.viewer.email, "roles": ["admin"]}, Idempotency_Key="k"
        )
    ),
    "members/provision in place of a void invitation": (
        lambda it: (
            voided(it)
            .world.machine("roster/provision")
            .put(it.team.path("members", "new"), {"email": it.invited.email, "roles": ["viewer"]}, Idempotency_Key="k")
        )
    ),
    "members/remove from a custom role": (
        lambda it: it.team.founder.delete(it.team.path("members", it.auditor.id), Idempotency_Key="k")
    ),
    "members/provision in place of an invitation handed over": (
        lambda it: (
            handed_over(it)
            .world.machine("roster/provision")
            .put(it.team.path("members", "new"), {"email": it.invited.email, "roles": ["viewer"]}, Idempotency_Key="k")
        )
    ),
    "members/leave": (lambda it: it.viewer.post(it.team.path("leave"), Idempotency_Key="k")),
    "members/leave after joining by a copied link": (
        lambda it: handed_over(it).world.person("Sam", sub="sam").post(it.team.path("leave"), Idempotency_Key="k")
    ),
    "roles/read": (lambda it: it.viewer.get(it.team.path("roles"))),
    "roles/change": (
        lambda it: it.team.founder.put(
            it.team.path("members", it.viewer.id, "roles"), {"roles": ["issuer"]}, Idempotency_Key="k"
        )
    ),
    "roles/change to owner": (
        lambda it: it.team.founder.put(
            it.team.path("members", it.viewer.id, "roles"), {"roles": ["owner"]}, Idempotency_Key="k"
        )
    ),
    "roles/change to a custom role": (
        lambda it: it.team.founder.put(
            it.team.path("members", it.viewer.id, "roles"), {"roles": [it.role]}, Idempotency_Key="k"
        )
    ),
    "roles/transfer": (
        lambda it: it.team.founder.post(it.team.path("transfer"), {"user_id": it.admin.id}, Idempotency_Key="k")
    ),
    "roles/transfer by a machine": (
        lambda it: it.world.machine("roster/support").post(
            it.team.path("transfer"), {"user_id": it.admin.id, "from": it.team.founder.id}, Idempotency_Key="k"
        )
    ),
    "roles/customize": (lambda it: it.team.founder.post(it.team.path("roles"), ROLE, Idempotency_Key="k")),
    "roles/customize edit": (lambda it: it.team.founder.put(it.team.path("roles", it.role), ROLE, Idempotency_Key="k")),
    "roles/customize delete": (lambda it: it.team.founder.delete(it.team.path("roles", it.idle), Idempotency_Key="k")),
    "roles/access": (lambda it: it.viewer.post(it.team.path("access"), {"permissions": FIFTY})),
    "roles/access about somebody": (
        lambda it: it.world.machine("roster/access").post(
            it.team.path("access"), {"permissions": FIFTY, "user_id": it.admin.id}
        )
    ),
    "users/erase": (lambda it: it.world.machine("roster/users").delete(f"/users/{it.viewer.id}", Idempotency_Key="k")),
    "users/move": (
        lambda it: it.world.machine("roster/move").post(
            f"/users/{it.viewer.id}/move", {"to": "eve-2"}, Idempotency_Key="k"
        )
    ),
    "activity/read": (lambda it: it.admin.get(it.team.path("activity"), limit=3)),
    "activity/read by type": (lambda it: it.admin.get(it.team.path("activity"), limit=3, type="organization")),
    "activity/read by actor": (lambda it: it.admin.get(it.team.path("activity"), limit=3, actor=it.admin.id)),
    "activity/export": (lambda it: it.admin.get(it.team.path("activity.csv"))),
    "activity/record": (
        lambda it: it.world.machine("roster/activity").post(
            it.team.path("activity"), {"type": "badge.created", "user_id": it.viewer.id}, Idempotency_Key="k"
        )
    ),
}


def set_up(world: World, crowd: int) -> Scene:
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    admin, viewer, invited, auditor = (world.person(name) for name in ("Bob", "Eve", "Dan", "Zoe"))
    role, idle = (team.founder.post(team.path("roles"), ROLE | {"title": title}).body["id"] for title in ("A", "B"))
    for person, held in ((admin, "admin"), (viewer, "viewer"), (auditor, role)):
        team.join(person, held)
    other = Team.found(world, admin, "Other").id
    named = world.machine("roster/provision").patch(team.path(), {"external_id": "crm-1"})
    assert named.status == 200
    invitation = team.invite(invited.email, "viewer", by=admin)["id"]
    with Member.batch_write() as batch:
        for number in range(crowd):
            user_id = f"crowd-{number:03}"
            batch.save(
                Member(
                    *Member.key(team.id, user_id),
                    roles={"viewer"},
                    joined="01M80000000000000000000000",
                    joined_at=datetime(2026, 1, 31, tzinfo=UTC),
                    stamp="01M80000000000000000000000",
                )
            )
            batch.save(User(*User.key(user_id), name=f"One of {crowd}"))
    return Scene(team, world, admin, viewer, auditor, invited, invitation, role, idle, other)


def voided(scene: Scene) -> Scene:
    """Make the invitation void."""
    demoted = scene.team.founder.put(scene.team.path("members", scene.admin.id, "roles"), {"roles": ["viewer"]})
    assert demoted.status == 200
    the_wire.clear()
    return scene


def handed_over(scene: Scene) -> Scene:
    """Let somebody accept the invitation by a copied link."""
    assert scene.hand_over("sam").status == 200
    the_wire.clear()
    return scene
