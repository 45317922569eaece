"""What people and machines ask of organizations, members and roles: each is drawn from what there is."""

from prove.histories.acts import ELSEWHERE, NAMELESS, UNVERIFIED, address_of
from prove.histories.scene import Draw, Drawn, Scene
from prove.oracle.model import Organization
from prove.oracle.packs import MANAGING, OWNERS_ALONE, REACH

MOST_ORGANIZATIONS = 3


# ---- Organizations ---------------------------------------------------------------------------------------------------


def found(scene: Scene) -> Drawn | None:
    if len(scene.organizations) >= MOST_ORGANIZATIONS:
        return None
    return scene.person(), "POST /organizations", {"name": "Acme"}


def found_for(scene: Scene) -> Drawn | None:
    if len(scene.organizations) >= MOST_ORGANIZATIONS:
        return None
    owner = scene.person()
    body = {"name": "Given", "owner": {"user_id": owner, "email": address_of(owner)}, "external_id": "crm-1"}
    return "machine: provision", "POST /organizations", body


def rename(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    name = scene.choice(["Acme", "Bolt", "Core"])
    return scene.actor(one, "organization:update"), f"PATCH {scene.path(one)}", {"name": name}


def switch_mail(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    body = {"email_notifications": not one.mails or scene.seldom()}
    return scene.actor(one, "organization:notifications"), f"PATCH {scene.path(one)}", body


def name_outside(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    body = {"external_id": scene.choice(["crm-1", "crm-2"]), "metadata": {"tier": "gold"}}
    return "machine: provision", f"PATCH {scene.path(one)}", body


def plan(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    top = scene.chance.random() < 0.75  # noqa: PLR2004 (custom roles are there alone)
    body = {"plan": scene.plans[-1] if top else scene.choice(scene.plans)}
    return "machine: billing", f"PUT {scene.path(one)}/plan", body


def delete(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or not scene.seldom():
        return None
    return scene.actor(one, "organization:delete"), f"DELETE {scene.path(one)}", None


def record(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (member := scene.member(one)) is None:
        return None
    return "machine: activity", f"POST {scene.path(one)}/activity", {"type": "badge.made", "user_id": member.user_id}


# ---- People ----------------------------------------------------------------------------------------------------------


def sign_in(scene: Scene) -> Drawn:
    who = scene.person()
    how = scene.choice(["", "", "", UNVERIFIED, ELSEWHERE, NAMELESS]) if scene.seldom() else ""
    return (f"{who}, {how}" if how else who), "PUT /me", None


def wish(scene: Scene) -> Drawn:
    body = scene.choice([{"locale": "de"}, {"locale": None}, {"email_notifications": False}])
    return scene.person(), "PATCH /me", body


def go(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    return scene.actor(one), "PUT /me/active-organization", {"organization_id": scene.symbol(one.id)}


def erase(scene: Scene) -> Drawn | None:
    if scene.chance.random() < 0.5:  # noqa: PLR2004
        return None
    return "machine: users", f"DELETE /users/{scene.person()}", None


def move(scene: Scene) -> Drawn | None:
    if scene.chance.random() < 0.5:  # noqa: PLR2004
        return None
    who = scene.person()
    base = who.partition("-")[0]
    return "machine: move", f"POST /users/{who}/move", {"to": scene.choice([base, f"{base}-2", f"{base}-3"])}


# ---- Members and roles -----------------------------------------------------------------------------------------------


def remove(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (member := scene.member(one)) is None:
        return None
    return scene.actor(one, "members:remove"), f"DELETE {scene.path(one, 'members', member.user_id)}", None


def move_out(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (member := scene.member(one)) is None:
        return None
    return "machine: provision", f"DELETE {scene.path(one, 'members', member.user_id)}", None


def move_in(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    who = scene.person()
    body = {"email": address_of(who), "roles": scene.roles(one)}
    return "machine: provision", f"PUT {scene.path(one, 'members', who)}", body


def leave(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    return scene.actor(one), f"POST {scene.path(one)}/leave", None


def change(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (member := scene.member(one)) is None:
        return None
    path = scene.path(one, "members", member.user_id, "roles")
    return scene.actor(one, "roles:assign"), f"PUT {path}", {"roles": scene.roles(one)}


def transfer(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (member := scene.member(one)) is None:
        return None
    return scene.actor(one, "ownership:transfer"), f"POST {scene.path(one)}/transfer", {"user_id": member.user_id}


def support(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (member := scene.member(one)) is None:
        return None
    owners = [user for user, holder in sorted(one.members.items()) if scene.pack.owner in holder.roles]
    body = {"user_id": member.user_id, "from": scene.choice(owners or [scene.person()])}
    return "machine: support", f"POST {scene.path(one)}/transfer", body


def _definition(scene: Scene, organization: Organization, who: str) -> dict[str, object]:
    """Draw a role within what somebody has, and seldom one beyond it."""
    own = scene.standing(organization, organization.members.get(who))
    every = frozenset().union(*(role.permissions for role in scene.pack.roles.values()))
    within = every if scene.sometimes() or not own.permissions else own.permissions
    managing = (MANAGING - OWNERS_ALONE) & within
    permissions = {*scene.some(within - OWNERS_ALONE, 3), *(scene.some(managing, 3) if managing else ())}
    body: dict[str, object] = {"title": f"Role {scene.chance.randrange(30)}", "permissions": sorted(permissions)}
    for how in REACH:
        reached = scene.pack.roles.keys() if scene.sometimes() else own.reach(how)
        if reached and scene.chance.random() < 0.5:  # noqa: PLR2004
            body[how] = sorted(scene.some(reached, 3))
    return body


def make_role(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    who = scene.actor(one, "roles:customize")
    return who, f"POST {scene.path(one)}/roles", _definition(scene, one, who)


def edit_role(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or not one.custom:
        return None
    who, role = scene.actor(one, "roles:customize"), scene.choice(sorted(one.custom))
    return who, f"PUT {scene.path(one, 'roles', scene.symbol(role))}", _definition(scene, one, who)


def delete_role(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or not one.custom:
        return None
    role = scene.symbol(scene.choice(sorted(one.custom)))
    return scene.actor(one, "roles:customize"), f"DELETE {scene.path(one, 'roles', role)}", None


# What is drawn, and how often beside the others.
DRAWS: dict[Draw, int] = {
    found: 2,
    found_for: 1,
    rename: 2,
    switch_mail: 1,
    name_outside: 1,
    plan: 4,
    delete: 1,
    record: 1,
    sign_in: 5,
    wish: 1,
    go: 1,
    erase: 1,
    move: 1,
    remove: 3,
    move_out: 1,
    move_in: 4,
    leave: 2,
    change: 12,
    transfer: 2,
    support: 1,
    make_role: 5,
    edit_role: 5,
    delete_role: 2,
}
