"""What holds for the activity log in every product: one event for a change, with it, and none without one."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from roster.activity import SENTENCES
from roster.table.items import Invitation
from tests.deployment import STACKS
from tests.rules.asking import (
    TRANSACTION,
    accept,
    cancel,
    copy_link,
    customize,
    decline,
    invite,
    leave,
    provision,
    remove,
    resend,
    set_roles,
    transfer,
)
from tests.rules.products import Product
from tests.wire import Wire
from tests.world import Reply, Team, World

# What nobody asks the API for, as the sweep, the mail's fate and a migration; and a sign-in, which is no change.
NOT_ASKED_FOR = {
    *("invitation.expired", "invitation.bounced", "invitation.complained"),
    *("organization.migrated", "user.signed_in"),
}


def changes(team: Team, product: Product) -> Iterator[tuple[str, Callable[[], Reply]]]:
    """All that can be done to an organization, in turn, by what is recorded of it."""
    world, ada = team.world, team.founder
    billing, provisioning = world.machine("roster/billing"), world.machine("roster/provision")
    bob, cat, dan, eve = (world.person(name) for name in ("Bob", "Cat", "Dan", "Eve"))

    yield "organization.plan_changed", lambda: billing.put(team.path("plan"), {"plan": "enterprise"})
    yield "organization.updated", lambda: ada.patch(team.path(), {"name": "Globex"})
    yield "organization.updated", lambda: ada.patch(team.path(), {"email_notifications": False})
    yield "organization.updated", lambda: provisioning.patch(team.path(), {"external_id": "crm-1"})
    yield "invitation.sent", lambda: invite(team, bob.email, product.least)
    (invitation,) = ada.get(team.path("invitations")).body["items"]
    yield "invitation.resent", lambda: resend(team, invitation)
    yield "invitation.link_copied", lambda: copy_link(team, invitation)
    yield "invitation.canceled", lambda: cancel(team, invitation)
    yield "invitation.sent", lambda: invite(team, bob.email, product.least)
    yield "invitation.declined", lambda: decline(team, bob, invitation)
    yield "invitation.sent", lambda: invite(team, bob.email, product.least)
    yield "invitation.accepted", lambda: accept(team, bob, invitation)
    for person in (cat, dan, eve):
        yield "member.added", partial(provision, team, person, product.least)
    yield "member.roles_changed", lambda: provision(team, cat, product.other)
    yield "member.roles_changed", lambda: set_roles(team, bob, product.other)
    yield "role.created", lambda: customize(team, "members:read")
    (role,) = (one["id"] for one in ada.get(team.path("roles")).body["items"] if one["custom"])
    other = {"title": "Auditor", "permissions": ["activity:read"]}
    yield "role.updated", lambda: ada.put(team.path("roles", role), other)
    yield "member.roles_changed", lambda: set_roles(team, cat, role)
    yield "member.removed", lambda: remove(team, cat)
    yield "role.deleted", lambda: ada.delete(team.path("roles", role))
    yield "member.left", lambda: leave(team, dan)
    yield "member.moved", lambda: world.machine("roster/move").post(f"/users/{eve.id}/move", {"to": "new-eve"})
    yield "member.removed", lambda: world.machine("roster/users").delete(f"/users/{eve.id}")
    yield "organization.ownership_transferred", lambda: transfer(team, bob)
    yield "organization.deleted", lambda: bob.delete(team.path())


def written(wire: Wire, team: Team) -> list[list[dict[str, Any]]]:
    """What each transaction wrote that touches the organization."""
    found = []
    for operation, asked in wire.calls:
        assert operation not in {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
        if operation == TRANSACTION:
            acts = [next(iter(item.items())) for item in asked["TransactItems"]]
            items = [act.get("Item", act.get("Key")) for verb, act in acts if verb != "ConditionCheck"]
            if any(item["pk"]["S"] in {f"ORG#{team.id}", f"LOG#{team.id}"} for item in items):
                found.append(items)
    return found


def test_every_change_leaves_exactly_one_event_written_in_its_transaction(
    team: Team, product: Product, wire: Wire
) -> None:
    recorded = team.event_types()
    assert recorded == ["organization.created"]

    for event_type, change in changes(team, product):
        wire.clear()
        reply = change()
        assert reply.status < 300, (event_type, reply.text)
        (items,) = written(wire, team)
        assert [item["type"]["S"] for item in items if item.get("kind") == {"S": "event"}] == [event_type]
        recorded.append(event_type)
        assert team.event_types() == recorded

    assert {*recorded} == SENTENCES.keys() - NOT_ASKED_FOR


def test_a_refused_change_leaves_no_event(acme: Team, product: Product, world: World) -> None:
    bob, eve = acme.join(world.person("Bob"), product.least), world.person("Eve")
    invitation = acme.invite(eve.email, product.least)
    before = world.items()

    refused = [
        leave(acme, acme.founder),
        set_roles(acme, acme.founder, product.least),
        set_roles(acme, bob, "king"),
        remove(acme, acme.founder, by=bob),
        remove(acme, eve),
        remove(acme, bob, by=eve),
        invite(acme, eve.email, product.least),
        invite(acme, "fay@example.com", product.least, by=bob),
        invite(acme, "fay", product.least),
        accept(acme, world.person("Sam"), invitation),
        transfer(acme, bob, by=bob),
        customize(acme, "crowns:wear"),
        acme.founder.patch(acme.path(), {"name": "Globex"}, If_Match='"stale"'),
        acme.founder.put(acme.path("plan"), {"plan": "enterprise"}),
    ]

    assert {reply.status for reply in refused} == {403, 404, 409, 412, 422}
    assert world.items() == before


def test_expired_invitations_are_swept_on_a_schedule_and_recorded(acme: Team, product: Product, world: World) -> None:
    (schedule,) = (one for one in STACKS[product.pack].schedules if one.function.name == "cleanup/expire")
    invitation = acme.invite("eve@example.com", product.least)

    with world.at(datetime.fromisoformat(invitation["expires_at"]) + schedule.every):
        assert world.invoke("cleanup/expire", {}) == {"expired": 1, "purged": 0}
        assert world.invoke("cleanup/expire", {}) == {"expired": 0, "purged": 0}

        (event,) = acme.founder.get(acme.path("activity"), type="invitation.expired").body["items"]
        assert (event["actor"]["type"], event["target"]["id"]) == ("system", invitation["id"])
        assert event["sentence"] == "The invitation of eve@example.com expired."


def test_dynamodbs_ttl_is_only_the_bin_behind_the_sweep(acme: Team, product: Product, world: World) -> None:
    invitation = acme.invite("eve@example.com", product.least)
    key, ends = Invitation.key(acme.id, invitation["id"]), datetime.fromisoformat(invitation["expires_at"])

    with world.at(ends):
        world.invoke("cleanup/expire", {})

    swept = Invitation.get(*key)
    assert swept.status == "expired"
    assert swept.ttl is not None
    assert swept.ttl > ends.timestamp() + 30 * 86_400
