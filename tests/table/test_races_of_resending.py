"""Races for an invitation that is sent again with other roles: who joins, joins with the roles that it has then."""

from collections.abc import Callable

import pytest

from tests.roles.custom import made
from tests.table.moves import TRANSACTION, accept, change_roles, delete_role, edit_role
from tests.wire import Wire
from tests.world import Caller, Team, World


class Stage:
    """Acme, on the largest plan; Bea, an admin; and Eve, who is invited as a viewer."""

    def __init__(self, team: Team) -> None:
        team.plan("enterprise")
        self.team, self.bea, self.eve = team, team.join(team.world.person("Bea"), "admin"), team.world.person("Eve")
        self.invitation = str(team.invite(self.eve.email, "viewer")["id"])
        self.path = team.path("invitations", self.invitation)

    def resend(self, *roles: str, by: Caller | None = None) -> None:
        reply = (by or self.team.founder).post(f"{self.path}/resend", {"roles": list(roles)})
        assert reply.status == 200

    def changes(self) -> list[object]:
        """What the log tells of the roles of resent invitations, oldest first."""
        return [event.data for event in self.team.world.events(self.team.id) if event.type == "invitation.resent"]


@pytest.fixture
def stage(team: Team) -> Stage:
    return Stage(team)


def test_who_accepts_what_was_shown_is_told_of_the_roles_that_it_got_meanwhile(stage: Stage, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: stage.resend("issuer"))

    refused = stage.eve.post(f"{stage.path}/accept", {"roles": ["viewer"]})

    assert (refused.refusal, refused.body["roles"]) == ((409, "conflict"), ["issuer"])
    assert stage.team.founder.get(stage.path).body["status"] == "pending"


def test_who_accepts_whatever_it_is_gets_the_roles_that_it_got_meanwhile(stage: Stage, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: stage.resend("admin"))

    assert stage.eve.post(f"{stage.path}/accept").body["roles"] == ["admin"]
    assert stage.changes() == [{"from": ["viewer"], "to": ["admin"]}]


def test_a_link_is_dead_once_its_invitation_is_resent_while_it_is_used(stage: Stage, wire: Wire) -> None:
    link = {"token": stage.team.token(stage.invitation)}

    wire.before(TRANSACTION, lambda: stage.resend("issuer"))

    sam = stage.team.world.person("Sam")
    assert sam.post(f"{stage.path}/accept", link).refusal == (410, "link_replaced")


def test_what_is_accepted_meanwhile_is_not_resent_and_keeps_its_roles(stage: Stage, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: accept(stage.eve, f"{stage.path}/accept"))

    refused = stage.team.founder.post(f"{stage.path}/resend", {"roles": ["admin"]})

    assert (refused.refusal, refused.body["invitation_status"]) == ((409, "not_pending"), "accepted")
    assert stage.team.member(stage.eve)["roles"] == ["viewer"]
    assert stage.changes() == []


def test_two_who_resend_at_once_do_it_one_after_the_other(stage: Stage, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: stage.resend("issuer", by=stage.bea))

    stage.resend("admin")

    assert stage.changes() == [{"from": ["viewer"], "to": ["issuer"]}, {"from": ["issuer"], "to": ["admin"]}]
    assert stage.team.founder.get(stage.path).body["sends"] == 3


def test_what_became_an_invitation_of_an_owner_meanwhile_is_beyond_an_admin(stage: Stage, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: stage.resend("owner"))

    refused = stage.bea.post(f"{stage.path}/resend", {"roles": ["viewer"]})

    assert (refused.body["reason"], refused.body["role"]) == ("role_not_allowed", "owner")


def test_who_is_demoted_meanwhile_resends_nothing(stage: Stage, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: change_roles(stage.team.founder, stage.bea, stage.team, "viewer"))

    refused = stage.bea.post(f"{stage.path}/resend", {"roles": ["issuer"]})

    assert refused.body["reason"] == "permission_missing"


@pytest.mark.parametrize("what", ["deleted", "edited"])
def test_a_role_that_it_gets_is_one_that_there_is_and_that_may_be_given_at_the_commit(
    stage: Stage, wire: Wire, what: str
) -> None:
    role = made(stage.team)
    meanwhile: dict[str, Callable[[], None]] = {
        "deleted": lambda: delete_role(stage.team, role),
        "edited": lambda: edit_role(stage.team, role, permissions=["billing:manage"]),
    }

    wire.before(TRANSACTION, meanwhile[what])
    refused = stage.bea.post(f"{stage.path}/resend", {"roles": [role]})

    if what == "deleted":
        assert refused.fields == ["roles"]
    else:
        assert (refused.body["reason"], refused.body["role"]) == ("role_not_allowed", role)


def test_a_role_that_it_had_may_not_grow_beyond_who_resends_meanwhile(stage: Stage, wire: Wire) -> None:
    role = made(stage.team)
    stage.resend(role)

    wire.before(TRANSACTION, lambda: edit_role(stage.team, role, permissions=["billing:manage"]))

    refused = stage.bea.post(f"{stage.path}/resend", {"roles": ["viewer"]})
    assert (refused.body["reason"], refused.body["role"]) == ("role_not_allowed", role)


def test_the_last_seat_that_is_taken_meanwhile_is_not_offered(stage: Stage, world: World, wire: Wire) -> None:
    stage.team.plan("professional")
    olga = stage.team.invite("olga@example.com", "owner")["id"]

    wire.before(TRANSACTION, lambda: accept(world.person("Olga"), stage.team.path("invitations", olga, "accept")))

    refused = stage.team.founder.post(f"{stage.path}/resend", {"roles": ["owner"]})
    assert (refused.refusal, refused.body["limit"]) == ((409, "plan_limit"), "owners")
