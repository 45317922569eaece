"""The badge issuer: Acme issues digital badges. It has owners, as many as its plan allows, admins, issuers, viewers."""

from collections import Counter
from functools import partial

import httpx

from examples import telling
from examples.permissions import check_access, check_roles, check_routes, check_stranger
from examples.story import Organization, Story, expect, log, permission_missing, plan_limit, role_refused, say

# The product's own table of who may do what.
TABLE = {
    "organization:read": "owner admin issuer viewer",
    "organization:update": "owner admin",
    "organization:delete": "owner",
    "members:read": "owner admin issuer viewer",
    "invitations:manage": "owner admin",
    "members:remove": "owner admin",
    "roles:assign": "owner",
    "ownership:transfer": "owner",
    "organization:notifications": "owner",
    "roles:customize": "owner",
    "activity:read": "owner admin",
    "signing-keys:generate": "owner",
    "badges:create": "owner admin issuer",
    "badges:edit": "owner admin",
    "badges:delete": "owner admin",
    "badges:upload-image": "owner admin issuer",
    "credentials:issue": "owner admin issuer",
    "credentials:revoke": "owner admin",
    "credentials:read": "owner admin issuer viewer",
    "analytics:read": "owner admin issuer viewer",
    "api-keys:manage": "owner",
    "billing:manage": "owner",
    "domains:verify": "owner",
}
MAY = {
    role: {permission for permission, roles in TABLE.items() if role in roles.split()}
    for role in ("owner", "admin", "issuer", "viewer")
}


class Credentials(Story):
    """Who works at Acme, and the machines of the product."""

    pack = "credentials"
    acme: Organization

    def __init__(self, server: httpx.Client) -> None:
        super().__init__(server)
        self.ann, self.bob, self.cleo = map(self.person, ("Ann Archer", "Bob Baker", "Cleo Carter"))
        self.dora, self.eve, self.frank = map(self.person, ("Dora Dean", "Eve Ellis", "Frank Ford"))
        self.otto, self.pia, self.zoe = map(self.person, ("Otto Olsen", "Pia Park", "Zoe Zimmer"))
        self.product = self.machine("badges", "roster/access")


def come_together(cast: Credentials) -> None:
    """Four people come together, in four roles."""
    ann, bob, cleo, dora = cast.ann, cast.bob, cast.cleo, cast.dora

    say("Ann creates Acme. She is its owner and only member. Free allows one owner, and any number of members.")
    cast.acme = acme = cast.found(ann, "Acme")
    ann.get(acme.path).expect(200, plan="free", limits={"owners": 1, "members": None}, email_notifications=True)
    ann.get(f"{acme.path}/members/me").expect(200, email=ann.email, roles=["owner"], invited_by=None)

    say("She invites Bob as an admin. His mail has a link. Opening it shows the invitation, and changes nothing.")
    link = cast.invite(acme, ann, bob, "admin")
    for _ in range(2):
        cast.preview(link.token).expect(200, organization_name="Acme", roles=["admin"], email=bob.email)
    ann.get(link.invitation).expect(200, status="pending", delivery="sent")

    say("Bob also sees it when he is signed in, and accepts. Ann gets a mail. Now the link no longer works.")
    (row,) = bob.read("/me/invitations")
    expect("Bob's invitation", row, {"organization": {"id": acme.id, "name": "Acme"}, "roles": ["admin"]})
    cast.accept(acme, bob, link.invitation, "admin")
    cast.preview(link.token).expect(409, code="not_pending", invitation_status="accepted")
    body = {"email": "Bob@Example.com", "roles": ["viewer"]}
    ann.post(f"{acme.path}/invitations", body).expect(409, code="already_member")

    say("Ann invites Cleo as an issuer, Bob invites Dora as a viewer. Both join. Zoe declines, and her link is dead.")
    cast.bring_in(acme, ann, cleo, "issuer")
    cast.bring_in(acme, bob, dora, "viewer")
    link = cast.invite(acme, bob, cast.zoe, "viewer")
    cast.decline(acme, cast.zoe, link)
    cast.zoe.post(f"{link.invitation}/accept", {"token": link.token}).expect(
        409, code="not_pending", invitation_status="declined"
    )
    members = sorted((row["user_id"], *row["roles"]) for row in ann.read(f"{acme.path}/members"))
    expect("Who is in", members, [("ann", "owner"), ("bob", "admin"), ("cleo", "issuer"), ("dora", "viewer")])


def keep_to_the_table(cast: Credentials) -> None:
    """Each role may do what the table says, and nothing else."""
    acme, ann, bob = cast.acme, cast.ann, cast.bob
    holders = {"owner": ann, "admin": bob, "issuer": cast.cleo, "viewer": cast.dora}

    say(f"The product asks about each of {len(TABLE)} permissions, for each role; and each calls Roster's own routes.")
    check_roles(acme, ann, MAY)
    for role, person in holders.items():
        check_access(acme, cast.product, person, role, may=MAY)
        refused = check_routes(acme, person, MAY[role])
        say(f"{person.name}, {role}, may do {len(MAY[role])} things, and is refused by {refused or 'no'} routes.")
    say("To Zoe, who is no member, Acme does not exist.")
    check_stranger(acme, cast.product, cast.zoe)

    say("Bob, an admin, renames Acme, and invites Eve as another admin. He may not invite an owner.")
    bob.patch(acme.path, {"name": "Acme Badges"}).expect(200, name="Acme Badges")
    ann.patch(acme.path, {"name": "Acme"}).expect(200, name="Acme")
    cast.bring_in(acme, bob, cast.eve, "admin")
    body = {"email": cast.otto.email, "roles": ["owner"]}
    bob.post(f"{acme.path}/invitations", body).expect(403, **role_refused("role_not_allowed", "owner"))


def own_together(cast: Credentials) -> None:
    """The plan says how many owners there may be."""
    acme, ann, bob, cleo, otto, pia = cast.acme, cast.ann, cast.bob, cast.cleo, cast.otto, cast.pia
    to_own, invite_pia = {"roles": ["owner"]}, {"email": pia.email, "roles": ["owner"]}

    say("On the free plan, Ann cannot promote Bob or invite Pia as an owner. The refusal says where to upgrade.")
    ann.put(f"{acme.member(bob)}/roles", to_own).expect(409, **plan_limit("owners", 1, "free"))
    ann.post(f"{acme.path}/invitations", invite_pia).expect(409, **plan_limit("owners", 1, "free"))

    say("Only the product's billing can change the plan, once it is paid. Acme's new plan allows two owners.")
    ann.put(f"{acme.path}/plan", {"plan": "enterprise"}).expect(403, code="forbidden", reason="scope_missing")
    cast.move_to(acme, "professional", owners=2, members=None)

    say("Ann promotes Bob, who gets a mail. Cleo would be the third owner, and is refused.")
    ann.put(f"{acme.member(bob)}/roles", to_own).expect(200, user_id=bob.id, roles=["owner"])
    cast.mailed(bob, "Ann Archer made you an owner of Acme")
    ann.put(f"{acme.member(cleo)}/roles", to_own).expect(409, **plan_limit("owners", 2, "professional"))

    say("Enterprise has no limit. Otto is invited as an owner. The link is not enough: he must sign in as himself.")
    cast.move_to(acme, "enterprise", owners=None, members=None)
    link = cast.invite(acme, ann, otto, "owner")
    cast.zoe.post(f"{link.invitation}/accept", {"token": link.token}).expect(
        403, code="forbidden", reason="invited_address_only"
    )
    cast.accept(acme, otto, link.invitation, "owner", token=link.token)

    say("Pia is invited, too. Then Acme moves to a plan with two owners: all three stay, and no other can join.")
    waiting = cast.invite(acme, bob, pia, "owner")
    cast.move_to(acme, "professional", owners=2, members=None)
    ann.get(acme.path).expect(200, owner_count=3, member_count=6)
    for call in (ann.put(f"{acme.member(cleo)}/roles", to_own), ann.post(f"{waiting.invitation}/resend")):
        call.expect(409, **plan_limit("owners", 2, "professional"))
    refused = pia.post(f"{waiting.invitation}/accept").expect(409, code="plan_limit", limit="owners", maximum=2)
    expect("What Pia, a stranger, is told of the plan", {"plan", "upgrade_url"} & refused.keys(), set())

    say("Otto steps down to admin. Bob leaves, and Ann, the remaining owner, gets a mail.")
    otto.put(f"{acme.member(otto)}/roles", {"roles": ["admin"]}).expect(200, roles=["admin"])
    bob.post(f"{acme.path}/leave").expect(204)
    cast.mailed(ann, "Bob Baker, an owner of Acme, has left")

    say("Bob had invited Pia, so her invitation is void now. Ann resends it. There is room, and Pia becomes an owner.")
    pia.post(f"{waiting.invitation}/accept").expect(410, code="invitation_void")
    ann.post(f"{waiting.invitation}/resend").expect(200, status="pending", sends=2, invited_by={"user_id": ann.id})
    cast.mailed_token(pia, "Ann Archer invited you to Acme")
    cast.accept(acme, pia, waiting.invitation, "owner")


def protect_owners(cast: Credentials) -> None:
    """Nobody can change or remove an owner, and one always remains."""
    acme, ann, pia, otto = cast.acme, cast.ann, cast.pia, cast.otto

    say("Nobody can remove an owner or change their role: not Otto, an admin, and not Ann, another owner.")
    for person in (otto, ann):
        person.delete(acme.member(pia)).expect(403, **role_refused("role_protected", "owner"))
    ann.put(f"{acme.member(pia)}/roles", {"roles": ["viewer"]}).expect(403, **role_refused("role_protected", "owner"))

    say("Pia steps down to issuer herself, because Ann remains. Ann, the last owner, cannot step down or leave.")
    pia.put(f"{acme.member(pia)}/roles", {"roles": ["issuer"]}).expect(200, roles=["issuer"])
    ann.put(f"{acme.member(ann)}/roles", {"roles": ["admin"]}).expect(409, code="last_owner")
    ann.post(f"{acme.path}/leave").expect(409, code="last_owner")
    own = ann.get(f"{acme.path}/members/me").expect(200, roles=["owner"])
    expect("What Ann is offered", own["can"], {"leave": False, "change_roles": False, "assignable_roles": []})

    say("She transfers Acme to Otto, in one step. He is the owner, she is an admin, and both are mailed.")
    transfer = f"{acme.path}/transfer"
    otto.post(transfer, {"user_id": otto.id}).expect(403, **permission_missing("ownership:transfer"))
    ann.post(transfer, {"user_id": ann.id}).expect(409, code="conflict")
    ann.post(transfer, {"user_id": otto.id}).expect(200, user_id=otto.id, roles=["owner"])
    cast.mailed(otto, "Ann Archer transferred Acme to you")
    cast.mailed(ann, "You transferred Acme to Otto Olsen")
    ann.get(f"{acme.path}/members/me").expect(200, roles=["admin"])
    ann.post(transfer, {"user_id": ann.id}).expect(403, **permission_missing("ownership:transfer"))


def part(cast: Credentials) -> None:
    """Roles change, and members leave or are removed."""
    acme, ann, otto, cleo, dora, eve = cast.acme, cast.ann, cast.otto, cast.cleo, cast.dora, cast.eve

    say("Otto looks for Dora, the viewer, by a part of her name.")
    (row,) = otto.read(f"{acme.path}/members", query="dea")
    expect("Whom Otto finds", row, {"user_id": dora.id, "name": dora.name, "roles": ["viewer"]})
    say("He makes her an issuer. She gets a mail, and the role counts from her next request on.")
    dora.post(f"{acme.path}/access", {"permissions": ["badges:create"]}).expect(200, decisions=[{"allowed": False}])
    otto.put(f"{acme.member(dora)}/roles", {"roles": ["issuer"]}).expect(200, roles=["issuer"])
    cast.mailed(dora, "Otto Olsen changed your role in Acme")
    dora.post(f"{acme.path}/access", {"permissions": ["badges:create"]}).expect(200, decisions=[{"allowed": True}])

    say("Ann, an admin now, may remove issuers and viewers, but not Eve, an admin. Nobody can remove themselves.")
    ann.delete(acme.member(eve)).expect(403, **role_refused("role_not_allowed", "admin"))
    ann.delete(acme.member(ann)).expect(403, code="forbidden", reason="self")
    ann.delete(acme.member(dora)).expect(204)

    say("Dora, who was removed, gets a mail. From her next request on, Acme does not exist for her.")
    cast.mailed(dora, "Ann Archer removed you from Acme")
    check_stranger(acme, cast.product, dora)

    say("Otto, the owner, removes Eve. Cleo leaves, which nobody is mailed. Acme does not exist for her now, either.")
    otto.delete(acme.member(eve)).expect(204)
    cast.mailed(eve, "Otto Olsen removed you from Acme")
    cleo.post(f"{acme.path}/leave").expect(204)
    check_stranger(acme, cast.product, cleo)

    say("Otto switches off mail about what others do, for himself.")
    otto.switch_off_notifications()

    say("Whoever was removed or has left can be invited again: he invites Dora. She is back, and he is not mailed.")
    cast.bring_in(acme, otto, dora, "viewer")
    cast.expect_no_more_mail()


def go_silent(cast: Credentials) -> None:
    """An owner switches the mail off, and on again."""
    acme, ann, otto, frank = cast.acme, cast.ann, cast.otto, cast.frank

    say("Otto, the owner, switches all mail of Acme off. He gets a last mail about it. Ann, an admin, may not do it.")
    ann.patch(acme.path, {"email_notifications": False}).expect(403, **permission_missing("organization:notifications"))
    otto.patch(acme.path, {"email_notifications": False}).expect(200, email_notifications=False)
    cast.mailed(otto, "You switched the mail of Acme off")

    say("Frank is invited, and no mail goes out. He signs in with his address, sees the invitation, and accepts.")
    body = {"email": frank.email, "roles": ["issuer"]}
    ann.post(f"{acme.path}/invitations", body).expect(201, status="pending", delivery="suppressed")
    cast.expect_no_more_mail()
    (row,) = frank.read("/me/invitations")
    expect("Frank's invitation", row, {"organization": {"id": acme.id}, "delivery": "suppressed"})
    say("Ann can also copy a link, and hand it to him without mail. It shows the same invitation.")
    link = ann.post(f"{acme.path}/invitations/{row['id']}/link").expect(200, expires_at=row["expires_at"])["link"]
    cast.preview(link.partition("#")[2]).expect(200, invitation_id=row["id"], email=frank.email)
    cast.accept(acme, frank, f"{acme.path}/invitations/{row['id']}", "issuer")
    cast.expect_no_more_mail()

    say("He gets no mail when he becomes a viewer, and none when he is removed. The log has both.")
    otto.put(f"{acme.member(frank)}/roles", {"roles": ["viewer"]}).expect(200, roles=["viewer"])
    ann.delete(acme.member(frank)).expect(204)
    cast.expect_no_more_mail()
    changed = "Otto Olsen changed the roles of Frank Ford from Issuer to Viewer."
    expect("The log", log(ann, acme, type="member")[:2], ["Ann Archer removed Frank Ford.", changed])

    say("Otto switches the mail on again, and gets a mail about that, too.")
    otto.patch(acme.path, {"email_notifications": True}).expect(200, email_notifications=True)
    cast.mailed(otto, "You switched the mail of Acme on")


def look_back(cast: Credentials) -> None:
    """The log has all that happened, and nothing that was refused."""
    say("Each change has left one event that says who did it. Ann reads the log. Dora, a viewer, may not.")
    cast.dora.get(f"{cast.acme.path}/activity").expect(403, **permission_missing("activity:read"))
    events = cast.ann.read(f"{cast.acme.path}/activity")
    happened = {
        "organization.created": 1,
        "organization.updated": 4,
        "organization.plan_changed": 3,
        "organization.ownership_transferred": 1,
        "invitation.sent": 9,
        "invitation.resent": 1,
        "invitation.link_copied": 1,
        "invitation.accepted": 8,
        "invitation.declined": 1,
        "member.roles_changed": 5,
        "member.removed": 3,
        "member.left": 2,
    }
    expect(
        "How often what happened", sorted(Counter(event["type"] for event in events).items()), sorted(happened.items())
    )
    expect("The first event", events[-1]["sentence"], "Ann Archer created Acme.")
    actors = {event["actor"]["type"] for event in events if event["type"] == "organization.plan_changed"}
    expect("Who changed the plan", actors, {"machine"})


CHAPTERS = (come_together, keep_to_the_table, own_together, protect_owners, part, go_silent, look_back)

play = partial(telling.play, Credentials, CHAPTERS)

if __name__ == "__main__":
    telling.main(Credentials, CHAPTERS, __doc__)
