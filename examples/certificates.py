"""The certificate list: an organization keeps its certificates together. Admins run it, managers and users use it."""

import csv
from collections import Counter
from functools import partial

import httpx

from examples import telling
from examples.permissions import check_access, check_roles, check_routes, check_stranger
from examples.product import Certificates, denied
from examples.story import Organization, Story, expect, log, permission_missing, plan_limit, role_refused, say

# What the product says of its roles.
EVERYBODY = {"organization:read", "members:read"}
USER = {"certificates:create", "certificates:read", "categories:read", "templates:read", "settings:read"}
MANAGER = USER | {"certificates:edit", "certificates:delete", "categories:manage", "templates:manage", "reports:read"}
ADMIN_ALONE = {
    *("organization:update", "organization:delete", "organization:notifications", "billing:manage"),
    *("invitations:manage", "members:remove", "roles:assign", "roles:customize", "ownership:transfer", "activity:read"),
}
MAY = {"admin": EVERYBODY | MANAGER | ADMIN_ALONE, "manager": EVERYBODY | MANAGER, "user": EVERYBODY | USER}


class CertificateLists(Story):
    """Who keeps certificates, and the machines of the product."""

    pack = "certificates"
    acme: Organization
    oldco: Organization  # which the product had before it had Roster

    def __init__(self, server: httpx.Client) -> None:
        super().__init__(server)
        self.ann, self.bob, self.cleo = map(self.person, ("Ann Archer", "Bob Baker", "Cleo Carter"))
        self.dan, self.eve, self.finn = map(self.person, ("Dan Drake", "Eve Ellis", "Finn Frost"))
        self.greta, self.hugo, self.zoe = map(self.person, ("Greta Green", "Hugo Hall", "Zoe Zimmer"))
        self.migration = self.machine("migration", "roster/provision", "roster/read")
        self.privacy = self.machine("privacy", "roster/users")
        self.product = Certificates(self.machine("certificates", "roster/access", "roster/activity"))


def begin_alone(cast: CertificateLists) -> None:
    """The free plan is for one member, and an upgrade keeps everything."""
    ann, bob, product = cast.ann, cast.bob, cast.product

    say("Ann creates Acme. She is its admin, and creates two certificates.")
    cast.acme = acme = cast.found(ann, "Acme")
    free = ann.get(acme.path).expect(200, plan="free", limits={"owners": None, "members": 1})
    ann.get(f"{acme.path}/members/me").expect(200, roles=["admin"], invited_by=None)
    product.create(acme, ann, "c1", "ISO 9001")
    product.create(acme, ann, "c2", "ISO 27001")

    say("She cannot invite Bob: the free plan allows one member. The refusal says where to upgrade.")
    invitation = {"email": bob.email, "roles": ["manager"]}
    ann.post(f"{acme.path}/invitations", invitation).expect(409, **plan_limit("members", 1, "free"))

    say("She upgrades to basic, for five members. Acme keeps its id, its certificates and its log.")
    cast.move_to(acme, "basic", members=5)
    basic = ann.get(acme.path).expect(200, plan="basic")
    changed = {name for name, value in free.items() if basic[name] != value}
    expect("What has changed of Acme", changed, {"plan", "plan_title", "limits"})
    expect("Its certificates", product.read(acme, ann), ["ISO 9001", "ISO 27001"])
    created = [f"Ann Archer created the certificate ({title})." for title in ("ISO 27001", "ISO 9001")]
    recorded = ["Billing moved Acme from the plan free to basic.", *created, "Ann Archer created Acme."]
    expect("The log, newest first", log(ann, acme), recorded)


def work_together(cast: CertificateLists) -> None:
    """Three roles work together."""
    acme, ann, bob, cleo = cast.acme, cast.ann, cast.bob, cast.cleo

    say("Ann invites Bob as a manager, and Cleo as a user. Bob accepts. Cleo loses her mail, and Ann resends it.")
    cast.bring_in(acme, ann, bob, "manager")
    link = cast.invite(acme, ann, cleo, "user")
    ann.post(f"{link.invitation}/resend").expect(200, status="pending", sends=2)
    token = cast.mailed_token(cleo, "Ann Archer invited you to Acme")

    say("Cleo finds the first link. It no longer works, and the answer says so. With the second one she joins.")
    cast.preview(link.token).expect(410, code="link_replaced")
    cast.preview(token).expect(200, organization_name="Acme", roles=["user"], email=cleo.email)
    cast.accept(acme, cleo, link.invitation, "user", token=token)

    say("Each role may do what the product says: it asks about every permission, and each member calls every route.")
    check_roles(acme, ann, MAY)
    for person, role in ((ann, "admin"), (bob, "manager"), (cleo, "user")):
        check_access(acme, cast.product.back_end, person, role, may=MAY)
        check_routes(acme, person, MAY[role])
    check_stranger(acme, cast.product.back_end, cast.zoe)


def fill_five_seats(cast: CertificateLists) -> None:
    """The basic plan allows five members."""
    acme, ann, eve, finn = cast.acme, cast.ann, cast.eve, cast.finn

    say("Dan is the fourth member. Eve and Finn are both invited, but one place is left. Eve accepts first.")
    cast.bring_in(acme, ann, cast.dan, "user")
    link = cast.invite(acme, ann, finn, "user")
    cast.bring_in(acme, ann, eve, "user")
    ann.get(acme.path).expect(200, member_count=5)

    say("Finn has to wait: his invitation stays open. Nobody else can be invited.")
    refused = finn.post(f"{link.invitation}/accept", {"token": link.token})
    refused.expect(409, code="plan_limit", limit="members", maximum=5)
    row = ann.get(link.invitation).expect(200, status="pending")
    expect("What Ann is offered", row["can"], {"resend": False, "cancel": True, "copy_link": True})
    invitation = {"email": cast.zoe.email, "roles": ["user"]}
    ann.post(f"{acme.path}/invitations", invitation).expect(409, **plan_limit("members", 5, "basic"))

    say("Eve leaves, and there is room for Finn.")
    eve.post(f"{acme.path}/leave").expect(204)
    cast.accept(acme, finn, link.invitation, "user", token=link.token)


def share_certificates(cast: CertificateLists) -> None:
    """Certificates belong to the organization, not to the person who created them."""
    acme, ann, bob, cleo, dan, product = cast.acme, cast.ann, cast.bob, cast.cleo, cast.dan, cast.product

    say("Cleo, a user, creates SOC 2, but may not edit or delete it. Bob, a manager, edits it. Zoe sees nothing.")
    product.create(acme, cleo, "c3", "SOC 2")
    with denied("not_granted"):
        product.edit(acme, cleo, "c3", "SOC 3")
    with denied("not_granted"):
        product.delete(acme, cleo, "c3")
    product.edit(acme, bob, "c3", "SOC 2 Type II")
    with denied("not_a_member"):
        product.read(acme, cast.zoe)

    say("Ann removes Cleo. Cleo gets a mail, and the product refuses her next request.")
    ann.delete(acme.member(cleo)).expect(204)
    cast.mailed(cleo, "Ann Archer removed you from Acme")
    with denied("not_a_member"):
        product.create(acme, cleo, "c4", "HIPAA")
    check_stranger(acme, product.back_end, cleo)

    say("What she created is still there. Dan, a user, reads it; Bob edits it, and deletes another certificate.")
    expect("What Dan reads", product.read(acme, dan), ["ISO 9001", "ISO 27001", "SOC 2 Type II"])
    product.edit(acme, bob, "c3", "SOC 2 Type II, 2026")
    product.delete(acme, bob, "c1")
    expect("What Dan reads", product.read(acme, dan), ["ISO 27001", "SOC 2 Type II, 2026"])

    say("The product does not know whether its last call succeeded, and repeats it. The event is recorded once.")
    for _ in range(2):
        product.record(acme, dan, "certificate.downloaded", "c2", "ISO 27001", key="download-1")
    expect("The downloads", len(ann.read(f"{acme.path}/activity", type="certificate.downloaded")), 1)


def read_the_log(cast: CertificateLists) -> None:
    """The activity log tells who did what."""
    acme, ann, bob = cast.acme, cast.ann, cast.bob
    path = f"{acme.path}/activity"

    say("Ann signs in on her laptop, which reports it twice, and on her phone. The log has two sign-ins.")
    laptop, phone = (cast.person(ann.name, auth_time=moment) for moment in (1_790_000_000, 1_790_003_600))
    for device in (laptop, laptop, phone):
        device.put("/me").expect(200, user_id=ann.id, active_organization_id=acme.id)
    expect("The sign-ins", log(ann, acme, type="user.signed_in"), ["Ann Archer signed in."] * 2)

    say("She reads who created, edited and deleted which certificate, and everything that Cleo did.")
    events = ann.read(path, type="certificate")
    happened = [("created", 3), ("deleted", 1), ("downloaded", 1), ("edited", 2)]
    counted = Counter(event["type"].partition(".")[2] for event in events)
    expect("How often what happened", sorted(counted.items()), happened)
    did = ["Cleo Carter created the certificate (SOC 2).", "Cleo Carter joined as User."]
    expect("What Cleo did", log(ann, acme, actor="cleo"), did)
    changes = ["Ann Archer removed Cleo Carter.", "Eve Ellis left."]
    expect("How the team changed", log(ann, acme, type="member"), changes)

    say("She exports the same as CSV. Only admins may read the log: Bob, a manager, is refused both.")
    export = ann.get(f"{path}.csv", type="certificate").response
    expect("Its content type", export.headers["content-type"].partition(";")[0], "text/csv")
    rows = [
        (row["id"], row["actor_id"], row["sentence"])
        for row in csv.DictReader(export.content.decode("utf-8-sig").splitlines())
    ]
    expect("Its rows", rows, [(event["id"], event["actor"]["id"], event["sentence"]) for event in events])
    for asked in (path, f"{path}.csv"):
        bob.get(asked).expect(403, **permission_missing("activity:read"))


def keep_an_admin(cast: CertificateLists) -> None:
    """Admins may change and remove each other, except the last one."""
    acme, ann, dan = cast.acme, cast.ann, cast.dan
    admin, manager = {"roles": ["admin"]}, {"roles": ["manager"]}

    say("Ann, the only admin, cannot leave or step down. A machine cannot change her role, either.")
    ann.post(f"{acme.path}/leave").expect(409, code="last_owner")
    ann.put(f"{acme.member(ann)}/roles", manager).expect(409, code="last_owner")
    cast.migration.put(acme.member(ann), {"email": ann.email, **manager}).expect(409, code="last_owner")
    ann.delete(acme.member(ann)).expect(403, code="forbidden", reason="self")

    say("She makes Dan an admin. He makes her a manager. Now he is the last admin. Both get a mail.")
    ann.put(f"{acme.member(dan)}/roles", admin).expect(200, roles=["admin"])
    cast.mailed(dan, "Ann Archer made you an owner of Acme")
    dan.put(f"{acme.member(ann)}/roles", manager).expect(200, roles=["manager"])
    cast.mailed(ann, "Dan Drake changed your role in Acme")
    ann.get(f"{acme.path}/activity").expect(403, **permission_missing("activity:read"))
    dan.post(f"{acme.path}/leave").expect(409, code="last_owner")

    say("He makes her an admin again, and she removes him.")
    dan.put(f"{acme.member(ann)}/roles", admin).expect(200, roles=["admin"])
    cast.mailed(ann, "Dan Drake made you an owner of Acme")
    ann.delete(acme.member(dan)).expect(204)
    cast.mailed(dan, "Ann Archer removed you from Acme")


def make_a_role(cast: CertificateLists) -> None:
    """On enterprise, Acme creates a custom role."""
    acme, ann, finn, product = cast.acme, cast.ann, cast.finn, cast.product
    librarian = {"title": "Librarian", "permissions": [*EVERYBODY, "certificates:read", "categories:manage"]}

    say("Pro has any number of members, but no custom roles. On enterprise, Ann creates the role Librarian.")
    cast.move_to(acme, "pro", members=None)
    ann.post(f"{acme.path}/roles", librarian).expect(409, **plan_limit("custom_roles", 0, "pro"))
    cast.move_to(acme, "enterprise", members=None)
    role = ann.post(f"{acme.path}/roles", librarian).expect(201, title="Librarian", custom=True)["id"]

    say("Finn, a user, becomes a librarian: he may read certificates, but not create them, until the role is edited.")
    ann.put(f"{acme.member(finn)}/roles", {"roles": [role]}).expect(200, roles=[role])
    cast.mailed(finn, "Ann Archer changed your role in Acme")
    check_access(acme, product.back_end, finn, role, may={**MAY, role: set(librarian["permissions"])})
    with denied("not_granted"):
        product.create(acme, finn, "c5", "PCI DSS")
    more = {**librarian, "permissions": [*librarian["permissions"], "certificates:create"]}
    ann.put(f"{acme.path}/roles/{role}", more).expect(200, permissions=sorted(more["permissions"]))
    product.create(acme, finn, "c5", "PCI DSS")

    say("While Finn has the role, it cannot be deleted. He becomes a user again, and then it is deleted.")
    ann.delete(f"{acme.path}/roles/{role}").expect(409, code="conflict", holders=1)
    ann.put(f"{acme.member(finn)}/roles", {"roles": ["user"]}).expect(200, roles=["user"])
    cast.mailed(finn, "Ann Archer changed your role in Acme")
    ann.delete(f"{acme.path}/roles/{role}").expect(204)
    ann.delete(f"{acme.path}/roles/user").expect(403, **role_refused("role_built_in", "user"))
    check_roles(acme, ann, MAY)


def move_in(cast: CertificateLists) -> None:
    """An organization that the product had before is imported."""
    greta, hugo, migration = cast.greta, cast.hugo, cast.migration
    oldco = {"name": "OldCo", "external_id": "customer-17", "metadata": {"region": "eu"}}
    owner = {"user_id": greta.id, "email": greta.email, "name": greta.name}

    say("A machine creates OldCo for Greta, with the product's own number for it. With this number, it can be found.")
    founded = migration.post("/organizations", {**oldco, "owner": owner}).expect(201, **oldco, plan="free")
    cast.oldco = Organization(founded["id"], "OldCo")
    migration.post("/organizations", {**oldco, "owner": owner}).expect(409, code="conflict")
    expect("OldCo", migration.read("/organizations", external_id="customer-17"), [{"id": cast.oldco.id, **oldco}])
    expect("What has another number", migration.read("/organizations", external_id="customer-18"), [])

    say("The machine adds its members, up to the plan's limit. Nobody is mailed. Repeating the calls changes nothing.")
    place, body = cast.oldco.member(hugo), {"email": hugo.email, "name": hugo.name, "roles": ["manager"]}
    migration.put(place, body).expect(409, **plan_limit("members", 1, "free"))
    cast.move_to(cast.oldco, "basic", members=5)
    for status in (201, 200):
        migration.put(place, body).expect(status, user_id=hugo.id, email=hugo.email, roles=["manager"])
    hugo.put(place, body).expect(403, code="forbidden", reason="scope_missing")
    cast.expect_no_more_mail()

    say("They sign in as always, are members, and work.")
    (row,) = hugo.read("/me/organizations")
    expect("Hugo's organization", row, {"organization": {"name": "OldCo"}, "roles": ["manager"], "active": True})
    greta.get(f"{cast.oldco.path}/members/me").expect(200, roles=["admin"])
    cast.product.create(cast.oldco, greta, "o1", "ISO 14001")


def erase(cast: CertificateLists) -> None:
    """A person is erased, and what they did remains."""
    greta, hugo, oldco, product = cast.greta, cast.hugo, cast.oldco, cast.product

    say("Greta wants to be erased. OldCo would have no admin then, so it is refused, and the refusal names OldCo.")
    refused = cast.privacy.delete(f"/users/{greta.id}").expect(409, code="last_owner")
    expect("What is in the way", refused["organizations"], [{"id": oldco.id, "name": "OldCo"}])
    greta.get(f"{oldco.path}/members/me").expect(200, name=greta.name, email=greta.email)

    say("She transfers it to Hugo and is a manager. Both are mailed. Then she is erased. Repeating it changes nothing.")
    greta.post(f"{oldco.path}/transfer", {"user_id": hugo.id}).expect(200, user_id=hugo.id, roles=["admin"])
    cast.mailed(hugo, "Greta Green transferred OldCo to you")
    cast.mailed(greta, "You transferred OldCo to Hugo Hall")
    hugo.get(oldco.member(greta)).expect(200, roles=["manager"])
    for _ in range(2):
        cast.privacy.delete(f"/users/{greta.id}").expect(204)
    check_stranger(oldco, product.back_end, greta)

    say("Her certificate is still there, and the log still has what she did, by 'a former user'.")
    expect("The certificates", product.read(oldco, hugo), ["ISO 14001"])
    did = ("transferred the ownership to Hugo Hall", "created the certificate (ISO 14001)")
    expect("What she did", log(hugo, oldco, actor=greta.id), [f"A former user {deed}." for deed in did])
    (event,) = hugo.read(f"{oldco.path}/activity", type="certificate.created")
    expect("Who it was", event["actor"], {"type": "user", "id": greta.id, "name": None, "email": None})
    expect("How it ended", log(hugo, oldco, type="member.removed"), ["Privacy removed a former user."])


CHAPTERS = (
    *(begin_alone, work_together, fill_five_seats, share_certificates, read_the_log),
    *(keep_an_admin, make_a_role, move_in, erase),
)

play = partial(telling.play, CertificateLists, CHAPTERS)

if __name__ == "__main__":
    telling.main(CertificateLists, CHAPTERS, __doc__)
