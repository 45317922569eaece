"""Strangers: to them an organization answers as one that does not exist, on every route, byte for byte."""

from collections.abc import Iterator
from uuid import uuid4

from tests.routes import BODIES, FOR_MACHINES, IN_AN_ORGANIZATION, name_of, path_of
from tests.world import Caller, Team, World

type Answer = tuple[int, dict[str, str], str]

REQUEST_IDS = {"x-amzn-requestid", "x-amzn-trace-id", "apigw-requestid"}


def answers(
    organization_id: str, caller: Caller, ids: dict[str, str], headers: dict[str, str], *, but: tuple[str, ...] = ()
) -> Iterator[tuple[str, Answer]]:
    """What somebody is answered on each route of an organization: status, headers, body, no request ids."""
    for route in IN_AN_ORGANIZATION:
        if but and route.path.endswith(but):
            continue
        path = path_of(route, organization_id=organization_id, **ids)
        body = BODIES.get(name_of(route), FOR_MACHINES.get(name_of(route), ("", {}))[1])
        reply = caller.world.call(route.method, path, caller=caller, body=body, headers=headers)
        kept = {name: value for name, value in reply.headers.items() if name not in REQUEST_IDS}
        request_id = reply.body["request_id"]
        yield name_of(route), (reply.status, kept, reply.text.replace(request_id, ""))


def assert_nothing_is_there(found: dict[str, Answer]) -> None:
    """Every route says 404; one for machines sends a person away before it looks."""
    for name, (status, headers, text) in found.items():
        assert (status == 404 and '"not_found"' in text) or (status == 403 and '"scope_missing"' in text), name
        assert headers == {"content-type": "application/problem+json"}, name


def test_a_strangers_answers_are_those_of_an_organization_that_does_not_exist(team: Team, world: World) -> None:
    deleted = Team.found(world, world.person("Dan"), "Gone")
    bob, eve = team.join(world.person("Bob"), "admin"), world.person("Eve")
    zoe = team.invite("zoe@example.com", "viewer")["id"]
    deleted.founder.delete(deleted.path())
    Team.found(world, eve, "Eve's own")
    before = world.items()

    for ids, headers in (
        ({"user_id": bob.id, "invitation_id": str(zoe)}, {}),
        ({"user_id": "me", "invitation_id": "nonsense"}, {"Idempotency-Key": "k", "If-Match": '"stale"'}),
    ):
        there = dict(answers(team.id, eve, ids, headers))
        assert_nothing_is_there(there)
        for absent in (uuid4().hex, "no id at all!", deleted.id):
            assert dict(answers(absent, eve, ids, headers)) == there

    assert world.items() == before


def test_who_is_invited_is_a_stranger_but_to_their_invitation(team: Team, world: World) -> None:
    zoe = world.person("Zoe")
    ids = {"user_id": team.founder.id, "invitation_id": str(team.invite(zoe.email, "admin")["id"])}
    own = "/accept", "/decline"

    assert dict(answers(team.id, zoe, ids, {}, but=own)) == dict(answers(uuid4().hex, zoe, ids, {}, but=own))


def test_a_removed_member_is_a_stranger_at_the_first_request(team: Team, world: World) -> None:
    bob, zoe = team.join(world.person("Bob"), "admin"), team.join(world.person("Zoe"), "viewer")
    ids = {"user_id": zoe.id, "invitation_id": str(team.invite("eve@example.com", "viewer")["id"])}
    nowhere = dict(answers(uuid4().hex, bob, ids, {}))
    assert bob.get(team.path("activity")).status == 200

    team.founder.delete(team.path("members", bob.id))
    before = world.items()

    assert dict(answers(team.id, bob, ids, {})) == nowhere
    assert world.items() == before


def test_a_demoted_member_is_refused_at_the_first_request_whatever_their_token_says(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob", role="owner", roles=["owner"], scope="roster/billing"), "admin")
    zoe = team.join(world.person("Zoe"), "viewer")
    assert bob.get(team.path("activity")).status == 200

    team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["viewer"]})
    before = world.items()

    replies = (
        bob.get(team.path("activity")),
        bob.get(team.path("invitations")),
        bob.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]}),
        bob.patch(team.path(), {"name": "Bob's"}),
        bob.delete(team.path("members", zoe.id)),
    )
    for reply in replies:
        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "permission_missing"
    assert world.items() == before
