"""Idempotency-Key: the first success again, and nothing done twice."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.routes import KEYED
from tests.world import Caller, Reply, Team, World

ROWS = ({"email": "zoe@example.com", "roles": ["viewer"]}, {"email": "eve@example.com", "roles": ["admin"]})


class Request(NamedTuple):
    """A change that somebody is about to ask for; with another body, and what the same is answered a day later."""

    caller: Caller
    method: str
    path: str
    body: dict[str, object] | None
    another: dict[str, object] | None
    a_day_later: int

    def send(self, key: str = "k", *, body: object = None, caller: Caller | None = None) -> Reply:
        return self.caller.world.call(
            self.method,
            self.path,
            caller=caller or self.caller,
            body=self.body if body is None else body,
            headers={"Idempotency-Key": key},
        )


def creating(team: Team) -> Request:
    return Request(team.founder, "POST", "/organizations", {"name": "Second"}, {"name": "Third"}, 201)


def updating(team: Team) -> Request:
    return Request(team.founder, "PATCH", team.path(), {"name": "Second"}, {"name": "Third"}, 200)


def planning(team: Team) -> Request:
    machine = team.world.machine("roster/billing")
    return Request(machine, "PUT", team.path("plan"), {"plan": "enterprise"}, {"plan": "professional"}, 200)


def deleting(team: Team) -> Request:
    return Request(team.founder, "DELETE", team.path(), None, None, 404)


def sending(team: Team) -> Request:
    body: dict[str, object] = {"email": "zoe@example.com", "roles": ["viewer"]}
    return Request(team.founder, "POST", team.path("invitations"), body, body | {"roles": ["admin"]}, 409)


def batching(team: Team) -> Request:
    return Request(team.founder, "POST", team.path("invitations", "batch"), {"invitations": ROWS}, None, 200)


def resending(team: Team) -> Request:
    return Request(team.founder, "POST", f"{_invitation(team)}/resend", None, {"roles": ["issuer"]}, 200)


def canceling(team: Team) -> Request:
    return Request(team.founder, "DELETE", _invitation(team), None, None, 409)


def accepting(team: Team) -> Request:
    return Request(team.world.person("Zoe"), "POST", f"{_invitation(team)}/accept", {}, {"token": "x"}, 409)


def declining(team: Team) -> Request:
    return Request(team.world.person("Zoe"), "POST", f"{_invitation(team)}/decline", {}, {"token": "x"}, 409)


def removing(team: Team) -> Request:
    bob = team.join(team.world.person("Bob"), "viewer")
    return Request(team.founder, "DELETE", team.path("members", bob.id), None, None, 404)


def moving_out(team: Team) -> Request:
    bob = team.join(team.world.person("Bob"), "viewer")
    machine = team.world.machine("roster/provision")
    return Request(machine, "DELETE", team.path("members", bob.id), None, None, 404)


def leaving(team: Team) -> Request:
    return Request(team.join(team.world.person("Bob"), "viewer"), "POST", team.path("leave"), None, None, 404)


def changing_roles(team: Team) -> Request:
    bob = team.join(team.world.person("Bob"), "viewer")
    path = team.path("members", bob.id, "roles")
    return Request(team.founder, "PUT", path, {"roles": ["issuer"]}, {"roles": ["admin"]}, 200)


def recording(team: Team) -> Request:
    machine = team.world.machine("roster/activity")
    body: dict[str, object] = {"type": "certificate.issued", "user_id": team.founder.id}
    return Request(machine, "POST", team.path("activity"), body, body | {"data": {"serial": 1}}, 201)


def provisioning(team: Team) -> Request:
    body: dict[str, object] = {"name": "Second", "owner": {"user_id": "zoe", "email": "zoe@example.com"}}
    return Request(team.world.machine("roster/provision"), "POST", "/organizations", body, body | {"name": "3"}, 201)


def annotating(team: Team) -> Request:
    machine = team.world.machine("roster/provision")
    return Request(machine, "PATCH", team.path(), {"external_id": "crm-1"}, {"external_id": "crm-2"}, 200)


def signing_in(team: Team) -> Request:
    return Request(team.world.person("Zoe"), "PUT", "/me", {}, None, 200)


def preferring(team: Team) -> Request:
    return Request(team.world.person("Zoe"), "PATCH", "/me", {"locale": "de"}, {"locale": "fr"}, 200)


def switching(team: Team) -> Request:
    other = Team.found(team.world, team.founder, "Second")
    body: dict[str, object] = {"organization_id": other.id}
    return Request(team.founder, "PUT", "/me/active-organization", body, {"organization_id": team.id}, 200)


def moving_in(team: Team) -> Request:
    body: dict[str, object] = {"email": "zoe@example.com", "roles": ["viewer"]}
    machine = team.world.machine("roster/provision")
    return Request(machine, "PUT", team.path("members", "zoe"), body, body | {"roles": ["admin"]}, 200)


def transferring(team: Team) -> Request:
    bob = team.join(team.world.person("Bob"), "viewer")
    return Request(team.founder, "POST", team.path("transfer"), {"user_id": bob.id}, {"user_id": "zoe"}, 403)


def settling(team: Team) -> Request:
    bob = team.join(team.world.person("Bob"), "viewer")
    body: dict[str, object] = {"user_id": bob.id, "from": team.founder.id}
    machine = team.world.machine("roster/support")
    return Request(machine, "POST", team.path("transfer"), body, body | {"user_id": "zoe"}, 403)


def customizing(team: Team) -> Request:
    team.plan("enterprise")
    body: dict[str, object] = {"title": "Auditor", "permissions": ["activity:read"]}
    return Request(team.founder, "POST", team.path("roles"), body, body | {"title": "Reader"}, 409)


def editing(team: Team) -> Request:
    role = customizing(team).send("made").body
    body: dict[str, object] = {"title": "Reader", "permissions": ["members:read"]}
    return Request(team.founder, "PUT", team.path("roles", role["id"]), body, body | {"title": "Auditor"}, 200)


def retiring(team: Team) -> Request:
    role = customizing(team).send("made").body
    return Request(team.founder, "DELETE", team.path("roles", role["id"]), None, None, 404)


def erasing(team: Team) -> Request:
    bob = team.join(team.world.person("Bob"), "viewer")
    return Request(team.world.machine("roster/users"), "DELETE", f"/users/{bob.id}", None, None, 204)


def moving(team: Team) -> Request:
    bob, machine = team.join(team.world.person("Bob"), "viewer"), team.world.machine("roster/move")
    return Request(machine, "POST", f"/users/{bob.id}/move", {"to": "new-bob"}, {"to": "other"}, 204)


def _invitation(team: Team) -> str:
    return team.path("invitations", team.invite("zoe@example.com", "viewer")["id"])


CHANGES: dict[str, Callable[[Team], Request]] = {
    "POST /organizations": creating,
    "PATCH /organizations/{organization_id}": updating,
    "PUT /organizations/{organization_id}/plan by roster/billing": planning,
    "DELETE /organizations/{organization_id}": deleting,
    "POST /organizations/{organization_id}/invitations": sending,
    "POST /organizations/{organization_id}/invitations/batch": batching,
    "POST /organizations/{organization_id}/invitations/{invitation_id}/resend": resending,
    "DELETE /organizations/{organization_id}/invitations/{invitation_id}": canceling,
    "POST /organizations/{organization_id}/invitations/{invitation_id}/accept": accepting,
    "POST /organizations/{organization_id}/invitations/{invitation_id}/decline": declining,
    "DELETE /organizations/{organization_id}/members/{user_id}": removing,
    "DELETE /organizations/{organization_id}/members/{user_id} by roster/provision": moving_out,
    "POST /organizations/{organization_id}/leave": leaving,
    "PUT /organizations/{organization_id}/members/{user_id}/roles": changing_roles,
    "POST /organizations/{organization_id}/activity by roster/activity": recording,
    "POST /organizations by roster/provision": provisioning,
    "PATCH /organizations/{organization_id} by roster/provision": annotating,
    "PUT /me": signing_in,
    "PATCH /me": preferring,
    "PUT /me/active-organization": switching,
    "PUT /organizations/{organization_id}/members/{user_id} by roster/provision": moving_in,
    "POST /organizations/{organization_id}/transfer": transferring,
    "POST /organizations/{organization_id}/transfer by roster/support": settling,
    "POST /organizations/{organization_id}/roles": customizing,
    "PUT /organizations/{organization_id}/roles/{role_id}": editing,
    "DELETE /organizations/{organization_id}/roles/{role_id}": retiring,
    "DELETE /users/{user_id} by roster/users": erasing,
    "POST /users/{user_id}/move by roster/move": moving,
}


def test_no_route_that_changes_anything_is_missing_here() -> None:
    assert {str(use) for use in KEYED} == CHANGES.keys()


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_key_gives_the_first_success_again_for_a_day_and_with_another_body_a_refusal(
    team: Team, world: World, name: str
) -> None:
    request = CHANGES[name](team)
    before = world.items()

    first = request.send()
    assert 200 <= first.status < 300
    done = world.items()
    assert done != before

    assert request.send() == first
    if request.another is not None:
        assert request.send(body=request.another).refusal == (422, "idempotency_key_reused")
    assert request.send(body={"nonsense": 1}).refusal == (422, "invalid_request")  # the shape is judged before the key
    assert request.send(body="{").refusal == (400, "malformed_request")
    with world.later(hours=23, minutes=59):
        assert request.send() == first
    assert world.items() == done
    with world.later(hours=24, seconds=1):
        assert request.send().status == request.a_day_later


def test_each_row_of_a_batch_has_its_own_record(team: Team) -> None:
    request = batching(team)
    row, other = ROWS
    first = request.send(body={"invitations": [row, {"email": "nobody"}]}).body["results"]
    assert [result["status"] for result in first] == [201, 422]

    again = request.send(body={"invitations": [row, other]}).body["results"]
    assert again[0] == first[0]
    assert again[1]["status"] == 201  # a refusal is not kept
    swapped = request.send(body={"invitations": [other, row]}).body["results"]
    assert [result["problem"]["code"] for result in swapped] == ["idempotency_key_reused"] * 2
    assert team.event_types().count("invitation.sent") == 2


def test_bodies_compare_as_json_and_none_as_an_empty_object(team: Team, world: World) -> None:
    request = sending(team)
    first = request.send()
    assert request.send(body='{"roles":\n["viewer"],  "email": "zoe@\\u0065xample.com"}') == first

    left = leaving(team)
    first = left.send()
    assert left.send(body={}) == left.send(body=" {} ") == first

    assert len(world.events(team.id)) == 5


def test_another_key_is_another_request(team: Team) -> None:
    request = creating(team)

    ids = {request.send(key).body["id"] for key in ("k", "K", "k1", "~" * 255, "k")}

    assert len(ids) == 4


def test_another_callers_key_another_path_and_another_method_are_others(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    body = {"name": "Second"}

    assert team.founder.patch(team.path(), body, Idempotency_Key="k").status == 200
    first = team.founder.post("/organizations", body, Idempotency_Key="k")
    second = bob.post("/organizations", body, Idempotency_Key="k")
    assert (first.status, second.status) == (201, 201)
    assert first.body["id"] != second.body["id"]
    assert bob.patch(team.path(), {"name": "Third"}, Idempotency_Key="k").body["name"] == "Third"
    assert team.founder.delete(team.path(), Idempotency_Key="k").status == 204


def test_a_refusal_is_not_kept_but_judged_again(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    before = world.items()
    assert bob.patch(team.path(), {"name": "Bob's"}, Idempotency_Key="k").refusal == (403, "forbidden")
    assert team.founder.post(team.path("leave"), Idempotency_Key="k").refusal == (409, "last_owner")
    assert world.items() == before

    team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"]})
    assert bob.patch(team.path(), {"name": "Bob's own"}, Idempotency_Key="k").status == 200
    team.plan("professional")
    team.join(world.person("Zoe"), "owner")
    assert team.founder.post(team.path("leave"), Idempotency_Key="k").status == 204


def test_a_key_is_looked_up_before_membership_is_judged(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    first = bob.patch(team.path(), {"name": "Bob's"}, Idempotency_Key="k")

    team.founder.delete(team.path("members", bob.id))

    assert bob.patch(team.path(), {"name": "Bob's"}, Idempotency_Key="k") == first
    assert bob.patch(team.path(), {"name": "Bob's"}, Idempotency_Key="another").status == 404


def test_a_key_is_looked_up_before_if_match_is_judged(team: Team) -> None:
    tag = team.founder.get(team.path()).headers["etag"]

    first, second = (
        team.founder.patch(team.path(), {"name": "Second"}, Idempotency_Key="k", If_Match=tag) for _ in range(2)
    )

    assert first == second
    assert first.headers["etag"] != tag


def test_nothing_to_do_writes_the_record_of_the_key_alone(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    for number, (caller, method, path, body) in enumerate(
        (
            (team.founder, "PATCH", team.path(), {"name": "Acme"}),
            (world.machine("roster/billing"), "PUT", team.path("plan"), {"plan": "free"}),
            (team.founder, "PUT", team.path("members", bob.id, "roles"), {"roles": ["viewer"]}),
        )
    ):
        before = world.items()
        first = world.call(method, path, caller=caller, body=body, headers={"Idempotency-Key": "k"})
        (written,) = (item for item in world.items() if item not in before)

        assert first.status == 200
        assert written["kind"] == {"S": "idempotency"}
        assert len(world.items()) == len(before) + 1, number
        assert world.call(method, path, caller=caller, body=body, headers={"Idempotency-Key": "k"}) == first


def test_a_key_with_a_success_of_nothing_to_do_does_nothing_later_either(team: Team) -> None:
    team.founder.patch(team.path(), {"name": "Acme"}, Idempotency_Key="k")
    team.founder.patch(team.path(), {"name": "Second"})

    assert team.founder.patch(team.path(), {"name": "Acme"}, Idempotency_Key="k").body["name"] == "Acme"
    assert team.organization()["name"] == "Second"


def test_preview_takes_no_key_and_neither_does_reading(team: Team, world: World) -> None:
    invitation = team.invite("zoe@example.com", "viewer")
    before = world.items()

    for token, status in ((team.token(invitation["id"]), 200), ("nonsense", 404)):
        for key in ("k", "not a key"):
            reply = world.call("POST", "/invitations/preview", body={"token": token}, headers={"Idempotency-Key": key})
            assert reply.status == status
    assert world.call("GET", team.path(), caller=team.founder, headers={"Idempotency-Key": "k"}).status == 200
    assert world.items() == before
