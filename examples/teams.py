"""The certificate account: teams buy and install TLS certificates. Each has one owner, and members of several roles."""

from datetime import datetime, timedelta
from functools import partial

import httpx

from examples import telling
from examples.permissions import check_access, check_roles, check_routes, check_stranger
from examples.story import Body, Organization, Person, Story, expect, permission_missing, plan_limit, role_refused, say

# What the product says of its roles.
EVERYBODY = {"organization:read", "members:read"}
BILLING = {"billing:manage", "transactions:read", "refunds:request"}
VALIDATION = {"validation:manage", "documents:upload"}
INSTALLER = {"certificates:download", "certificates:install"}
PEOPLE = {"invitations:manage", "members:remove", "roles:assign", "roles:customize", "activity:read"}
OWNER_ALONE = {"ownership:transfer", "organization:notifications", "organization:delete"}
EVERYTHING = EVERYBODY | BILLING | VALIDATION | INSTALLER | PEOPLE | OWNER_ALONE | {"organization:update"}
MAY = {
    "owner": EVERYTHING,
    "account_admin": EVERYTHING - OWNER_ALONE,
    "billing": EVERYBODY | BILLING,
    "validation": EVERYBODY | VALIDATION,
    "installer": EVERYBODY | INSTALLER,
}


class Teams(Story):
    """Who has an account, the teams that it is about, and the machines of the product."""

    pack = "teams"
    shop: Organization  # the team of the web shop
    mobile: Organization  # and that of the mobile app

    def __init__(self, server: httpx.Client) -> None:
        super().__init__(server)
        self.ann, self.bob, self.bea = map(self.person, ("Ann Archer", "Bob Baker", "Bea Brown"))
        self.ian, self.carl, self.gus = map(self.person, ("Ian Irwin", "Carl Cole", "Gus Grant"))
        self.hana, self.zoe = map(self.person, ("Hana Hill", "Zoe Zimmer"))
        self.support = self.machine("support", "roster/support")
        self.product = self.machine("certificates", "roster/access")


def sign_in(person: Person) -> Body:
    """Do what an app does after somebody has signed in."""
    return person.put("/me").expect(200, user_id=person.id, email=person.email, name=person.name)


def teams_of(person: Person) -> list[tuple[str, list[str]]]:
    """Return the teams of somebody, and their roles there, in the order of joining."""
    return [(row["organization"]["name"], row["roles"]) for row in person.read("/me/organizations")]


def have_a_default_team(cast: Teams) -> None:
    """Who is new has a team at once."""
    ann = cast.ann

    say("Ann signs in for the first time. She gets a team with her name in its name, and it is her active one.")
    signed_in = sign_in(ann)
    (row,) = ann.read("/me/organizations")
    expect("Ann's team", row, {"roles": ["owner"], "active": True, "organization": {"name": "Ann Archer's team"}})
    expect("Its plan", row["organization"], {"plan": "standard", "id": signed_in["active_organization_id"]})

    say("She signs in again, and gets no second team.")
    expect("Her second sign-in", sign_in(ann), signed_in)
    expect("Ann's teams", teams_of(ann), [("Ann Archer's team", ["owner"])])


def found_three(cast: Teams) -> None:
    """One person may own three teams, and any number once one of them is on enterprise."""
    ann = cast.ann

    say("Ann creates two more teams: Web shop and Mobile app. A fourth is refused, and told where to upgrade.")
    cast.shop, cast.mobile = cast.found(ann, "Web shop"), cast.found(ann, "Mobile app")
    ann.post("/organizations", {"name": "Lab"}).expect(409, **plan_limit("organizations", 3, "standard"))
    expect("How many teams Ann has", len(teams_of(ann)), 3)

    say("Mobile app moves to enterprise. Now she can create Lab. She deletes it again, and it no longer exists.")
    cast.move_to(cast.mobile, "enterprise", owners=1, members=None)
    lab = cast.found(ann, "Lab")
    ann.delete(lab.path).expect(204)
    ann.get(lab.path).expect(404, code="not_found")


def hold_several_roles(cast: Teams) -> None:
    """A member has several roles, and others in another team."""
    shop, mobile, ann, bob, bea, ian = cast.shop, cast.mobile, cast.ann, cast.bob, cast.bea, cast.ian
    for person in (bob, bea, ian):
        sign_in(person)

    say("Ann invites Bob to Web shop as an account admin. He invites Bea, for billing and validation, and Ian.")
    cast.bring_in(shop, ann, bob, "account_admin")
    cast.bring_in(shop, bob, bea, "billing", "validation")
    cast.bring_in(shop, bob, ian, "installer")

    say("In Mobile app, Bob is an installer. The list of his teams shows his roles in each.")
    cast.bring_in(mobile, ann, bob, "installer")
    expected = [("Bob Baker's team", ["owner"]), ("Web shop", ["account_admin"]), ("Mobile app", ["installer"])]
    expect("Bob's teams", teams_of(bob), expected)
    bob.get(f"{mobile.path}/activity").expect(403, **permission_missing("activity:read"))
    bob.get(f"{shop.path}/activity").expect(200)

    say("Bob makes Bea an installer, too. She gets a mail.")
    three = ["billing", "validation", "installer"]
    bob.put(f"{shop.member(bea)}/roles", {"roles": three[::-1]}).expect(200, roles=three)
    cast.mailed(bea, "Bob Baker changed your roles in Web shop")

    say("For each role, the product asks about every permission, and each member calls every route: both agree.")
    check_roles(shop, ann, MAY)
    for person, roles in ((ann, ["owner"]), (bob, ["account_admin"]), (bea, three), (ian, ["installer"])):
        check_access(shop, cast.product, person, *roles, may=MAY)
        check_routes(shop, person, {permission for role in roles for permission in MAY[role]})
    check_stranger(shop, cast.product, cast.zoe)


def switch_teams(cast: Teams) -> None:
    """One call switches the active team."""
    bob, shop = cast.bob, cast.shop

    say("Bob switches from his own team to Web shop. This is stored: it is still active when he signs in again.")
    own = sign_in(bob)["active_organization_id"]
    choice = {"organization_id": shop.id}
    bob.put("/me/active-organization", choice).expect(200, user_id=bob.id, active_organization_id=shop.id)
    expect("Where Bob is", sign_in(bob)["active_organization_id"], shop.id)
    active = [row["organization"]["name"] for row in bob.read("/me/organizations") if row["active"]]
    expect("Bob's active team", active, ["Web shop"])

    say("He cannot switch to a team that he is not in. He leaves Mobile app, and it is no longer in his list.")
    bob.put("/me/active-organization", {"organization_id": cast.mobile.id}).expect(200)
    bob.post(f"{cast.mobile.path}/leave").expect(204)
    expect("Where Bob is, who has left", sign_in(bob)["active_organization_id"], own)
    bob.put("/me/active-organization", {"organization_id": cast.mobile.id}).expect(404, code="not_found")
    expect("Bob's teams", [name for name, _ in teams_of(bob)], ["Bob Baker's team", "Web shop"])


def have_one_owner(cast: Teams) -> None:
    """There is one owner, whom nobody touches and whom nobody else becomes."""
    shop, ann, bob, bea, zoe = cast.shop, cast.ann, cast.bob, cast.bea, cast.zoe
    transfer_only = role_refused("transfer_only", "owner")

    say("Bob, the account admin, cannot remove Ann, the owner, or change her roles.")
    bob.delete(shop.member(ann)).expect(403, **role_refused("role_protected", "owner"))
    bob.put(f"{shop.member(ann)}/roles", {"roles": ["billing"]}).expect(403, **transfer_only)
    row = bob.get(shop.member(ann)).expect(200, roles=["owner"])
    expect("What Bob is offered", row["can"], {"remove": False, "change_roles": False, "assignable_roles": []})

    say("Nobody, not even Ann, can invite an owner or make a member an owner. An owner has no other role.")
    for person in (ann, bob):
        invitation = {"email": zoe.email, "roles": ["owner"]}
        person.post(f"{shop.path}/invitations", invitation).expect(403, **transfer_only)
        person.put(f"{shop.member(bea)}/roles", {"roles": ["owner"]}).expect(403, **transfer_only)
    refused = ann.put(f"{shop.member(bea)}/roles", {"roles": ["owner", "billing"]}).expect(422, code="invalid_request")
    expect("Which field is wrong", [error["field"] for error in refused["errors"]], ["roles"])

    say("Ann cannot leave or step down.")
    ann.post(f"{shop.path}/leave").expect(409, code="last_owner")
    ann.put(f"{shop.member(ann)}/roles", {"roles": ["account_admin"]}).expect(409, code="last_owner")


def transfer(cast: Teams) -> None:
    """Ownership moves by a transfer, one swap."""
    shop, ann, bob, carl = cast.shop, cast.ann, cast.bob, cast.carl

    say("Bob cannot take it, and Ann cannot give it to Carl, who owns three teams already.")
    bob.post(f"{shop.path}/transfer", {"user_id": bob.id}).expect(403, **permission_missing("ownership:transfer"))
    sign_in(carl)
    for name in ("Alpha", "Beta"):
        cast.found(carl, name)
    cast.bring_in(shop, bob, carl, "billing")
    ann.post(f"{shop.path}/transfer", {"user_id": carl.id}).expect(409, **plan_limit("organizations", 3, "standard"))

    say("She transfers Web shop to Bob: he is the owner, and she is an account admin. Both are mailed.")
    ann.post(f"{shop.path}/transfer", {"user_id": bob.id}).expect(200, user_id=bob.id, roles=["owner"])
    cast.mailed(bob, "Ann Archer transferred Web shop to you")
    cast.mailed(ann, "You transferred Web shop to Bob Baker")
    ann.get(f"{shop.path}/members/me").expect(200, roles=["account_admin"])
    ann.get(shop.path).expect(200, owner_count=1)

    say("It was one change, with one event. Now Bob, the owner, cannot leave.")
    (event,) = ann.read(f"{shop.path}/activity", type="organization.ownership_transferred")
    expect("The event", event, {"sentence": "Ann Archer transferred the ownership to Bob Baker."})
    expect("Its data", event["data"], {"from": ann.id, "to": bob.id})
    bob.post(f"{shop.path}/leave").expect(409, code="last_owner")


def expire(cast: Teams) -> None:
    """An invitation lives for 72 hours."""
    shop, ann, gus = cast.shop, cast.ann, cast.gus

    say("Ann invites Gus and Hana. A minute before 72 hours have passed, both invitations are still open.")
    link, hanas = cast.invite(shop, ann, gus, "installer"), cast.invite(shop, ann, cast.hana, "installer")
    sent = ann.get(link.invitation).expect(200)
    life = datetime.fromisoformat(sent["expires_at"]) - datetime.fromisoformat(sent["sent_at"])
    expect("How long it lives", life, timedelta(hours=72))
    cast.advance("PT71H59M")
    ann.get(link.invitation).expect(200, status="pending")
    cast.preview(link.token).expect(200, email=gus.email, expires_at=sent["expires_at"])

    say("A minute later both have expired, although the sweep has not run yet.")
    cast.advance("PT1M")
    ann.get(link.invitation).expect(200, status="expired")
    cast.preview(link.token).expect(410, code="invitation_expired")
    gus.post(f"{link.invitation}/accept", {"token": link.token}).expect(410, code="invitation_expired")
    expect("What is open for Gus", gus.read("/me/invitations"), [])

    say("Ann resends the invitation to Gus: a new expiry, a new link. The old link says that there is a newer one.")
    ann.post(f"{link.invitation}/resend").expect(200, status="pending", sends=2, delivery="queued")
    token = cast.mailed_token(gus, "Ann Archer invited you to Web shop")
    cast.preview(link.token).expect(410, code="link_replaced")
    cast.preview(token).expect(200, email=gus.email)
    cast.accept(shop, gus, link.invitation, "installer", token=token)

    say("The sweep records once that Hana's invitation expired. Ann cancels it, and its link never works again.")
    for _ in range(2):
        cast.run("cleanup/expire")
    (event,) = ann.read(f"{shop.path}/activity", type="invitation.expired")
    expect("The event", event, {"sentence": "The invitation of hana@example.com expired.", "actor": {"type": "system"}})
    ann.delete(hanas.invitation).expect(204)
    cast.preview(hanas.token).expect(409, code="not_pending", invitation_status="canceled")


def replace_who_is_gone(cast: Teams) -> None:
    """Support moves the ownership of somebody who is gone."""
    shop, ann, bob = cast.shop, cast.ann, cast.bob
    body = {"from": bob.id, "user_id": ann.id}

    say("Bob is gone for good. Nobody can transfer Web shop for him: not Ann, not a machine without support's scope.")
    refused = ann.post(f"{shop.path}/transfer", body).expect(422, code="invalid_request")
    expect("Which field is unknown", [error["field"] for error in refused["errors"]], ["from"])
    cast.billing.post(f"{shop.path}/transfer", body).expect(403, code="forbidden", reason="scope_missing")

    say("Support checks this, and transfers it to Ann. It must be from an owner to a member. Both are mailed.")
    elsewhere = {"from": bob.id, "user_id": cast.zoe.id}
    cast.support.post(f"{shop.path}/transfer", elsewhere).expect(404, code="not_found")
    upside_down = {"from": ann.id, "user_id": bob.id}
    cast.support.post(f"{shop.path}/transfer", upside_down).expect(403, code="forbidden", reason="not_an_owner")
    cast.support.post(f"{shop.path}/transfer", body).expect(200, user_id=ann.id, roles=["owner"])
    cast.mailed(ann, "Roster transferred Web shop to you")
    cast.mailed(bob, "Roster transferred Web shop to Ann Archer")
    (event, _) = ann.read(f"{shop.path}/activity", type="organization.ownership_transferred")
    expect("Who did it", event["actor"], {"type": "machine", "id": "support"})

    say("Bob is an account admin now, so Ann may remove him. He gets a mail.")
    ann.get(shop.member(bob)).expect(200, roles=["account_admin"])
    ann.delete(shop.member(bob)).expect(204)
    cast.mailed(bob, "Ann Archer removed you from Web shop")
    check_stranger(shop, cast.product, bob)


def make_a_role(cast: Teams) -> None:
    """On enterprise, a team makes a role of its own."""
    shop, ann, ian, bea = cast.shop, cast.ann, cast.ian, cast.bea
    auditor = {"title": "Auditor", "permissions": ["organization:read", "members:read", "transactions:read"]}

    say("On the standard plan, Web shop cannot have custom roles. On enterprise, Ann creates one: Auditor.")
    ann.post(f"{shop.path}/roles", auditor).expect(409, **plan_limit("custom_roles", 0, "standard"))
    cast.move_to(shop, "enterprise", owners=1, members=None)
    role = ann.post(f"{shop.path}/roles", auditor).expect(201, title="Auditor", custom=True, invites=[], assigns=[])
    of_the_owner = {"title": "Owner too", "permissions": ["ownership:transfer"]}
    ann.post(f"{shop.path}/roles", of_the_owner).expect(403, **permission_missing("ownership:transfer"))

    say("Ian, an installer, becomes an auditor, too. He may read transactions, but not ask for refunds.")
    ann.put(f"{shop.member(ian)}/roles", {"roles": ["installer", role["id"]]}).expect(200)
    cast.mailed(ian, "Ann Archer changed your roles in Web shop")
    may = {**MAY, role["id"]: set(auditor["permissions"])}
    check_access(shop, cast.product, ian, "installer", role["id"], may=may)

    say("Bea, who does the billing, may not create roles. Nobody can change a role that comes with the product.")
    bea.post(f"{shop.path}/roles", auditor).expect(403, **permission_missing("roles:customize"))
    ann.put(f"{shop.path}/roles/billing", auditor).expect(403, **role_refused("role_built_in", "billing"))


def speak_three_languages(cast: Teams) -> None:
    """A team has people of three languages. Each is mailed in their own."""
    mobile, ann = cast.mobile, cast.ann
    amal, jutta = cast.person("Amal Amin", locale="ar"), cast.person("Jutta Jung", locale="de-CH")
    subjects = {amal: "دعوة من \u2068{}\u2069 إلى مؤسسة \u2068{}\u2069", jutta: "{} lädt Sie zu {} ein"}

    say("Ann, who reads English, invites Amal in Arabic and Jutta in German. Both accept. Ann's mails are in English.")
    for person, language in ((amal, "ar"), (jutta, "de")):
        invitation = {"email": person.email, "roles": ["billing"], "locale": language}
        sent = ann.post(f"{mobile.path}/invitations", invitation).expect(201, locale=language)
        token = cast.mailed_token(person, subjects[person].format(ann.name, mobile.name))
        cast.accept(mobile, person, f"{mobile.path}/invitations/{sent['id']}", "billing", token=token)

    say("Jutta becomes an installer. She is mailed in the language of her token: Swiss German, so German.")
    ann.put(f"{mobile.member(jutta)}/roles", {"roles": ["installer"]}).expect(200)
    cast.mailed(jutta, "Ann Archer hat Ihre Rolle in Mobile app geändert")


CHAPTERS = (
    *(have_a_default_team, found_three, hold_several_roles, switch_teams, have_one_owner),
    *(transfer, expire, replace_who_is_gone, make_a_role, speak_three_languages),
)

play = partial(telling.play, Teams, CHAPTERS)

if __name__ == "__main__":
    telling.main(Teams, CHAPTERS, __doc__)
