"""Who may do what, compared with a table: when the product asks, and at Roster's own routes."""

from collections.abc import Collection, Mapping

from examples.story import Body, Caller, Organization, Person, expect, permission_missing

UNHEARD_OF = "pigeons:feed"

# Routes of Roster that ask for a permission, and of an organization: what is called, and with which body.
READ = [("invitations:manage", "/invitations"), ("activity:read", "/activity"), ("activity:read", "/activity.csv")]
CHANGE: list[tuple[str, str, str, Body | None]] = [
    ("organization:update", "PATCH", "", {"name": "Mine"}),
    ("organization:notifications", "PATCH", "", {"email_notifications": False}),
    ("organization:delete", "DELETE", "", None),
    ("invitations:manage", "POST", "/invitations", {"email": "friend@example.com", "roles": ["any"]}),
    ("members:remove", "DELETE", "/members/ann", None),
    ("roles:assign", "PUT", "/members/ann/roles", {"roles": ["any"]}),
    ("roles:customize", "POST", "/roles", {"title": "Mine", "permissions": ["organization:read"]}),
    ("ownership:transfer", "POST", "/transfer", {"user_id": "ann"}),
]


def check_roles(organization: Organization, reader: Person, may: Mapping[str, Collection[str]]) -> None:
    """Hold the roles that Roster lists against a table of roles, in their order, and their permissions."""
    items = reader.get(f"{organization.path}/roles").expect(200)["items"]
    built_in = {role["id"]: role["permissions"] for role in items if not role["custom"]}
    expect("The roles", [*built_in], [*may])
    for role, names in may.items():
        expect(f"The permissions of {role}", built_in[role], sorted(names))


def check_access(
    organization: Organization, back_end: Caller, person: Person, *roles: str, may: Mapping[str, Collection[str]]
) -> None:
    """Ask about every permission of the table: the person for themselves, and the product's back end about them."""
    held = {name for role in roles for name in may[role]}
    names = sorted({name for names in may.values() for name in names})
    decisions = [
        {"permission": name, "allowed": name in held, "reason": "granted" if name in held else "not_granted"}
        for name in names
    ]
    decisions.append({"permission": UNHEARD_OF, "allowed": False, "reason": "unknown_permission"})
    question = {"permissions": [*names, UNHEARD_OF]}
    answer = {"user_id": person.id, "roles": [*roles], "decisions": decisions}
    person.post(f"{organization.path}/access", question).expect(200, **answer)
    back_end.post(f"{organization.path}/access", {**question, "user_id": person.id}).expect(200, **answer)
    person.get(f"{organization.path}/members/me").expect(200, roles=[*roles], permissions=sorted(held))


def check_routes(organization: Organization, person: Person, held: Collection[str]) -> int:
    """Call the routes that ask for a permission: who lacks it is refused. Return how many refuse."""
    for path in ("", "/members", "/roles"):
        person.get(f"{organization.path}{path}").expect(200)
    for permission, path in READ:
        reply = person.get(f"{organization.path}{path}")
        if permission not in held:
            reply.expect(403, **permission_missing(permission))
        else:
            expect(f"The status of {path}", reply.response.status_code, 200)
    for permission, method, path, body in CHANGE:
        if permission not in held:
            reply = person.send(method, f"{organization.path}{path}", body)
            reply.expect(403, **permission_missing(permission))
    return sum(permission not in held for permission, *_ in (*READ, *CHANGE))


def check_stranger(organization: Organization, back_end: Caller, stranger: Person) -> None:
    """Call as somebody who is no member: to them, the organization does not exist."""
    access = f"{organization.path}/access"
    for path in ("", "/members", "/members/me", "/roles", "/invitations", "/activity"):
        stranger.get(f"{organization.path}{path}").expect(404, code="not_found")
    for _, method, path, body in CHANGE[:4]:
        stranger.send(method, f"{organization.path}{path}", body).expect(404, code="not_found")
    stranger.post(access, {"permissions": ["organization:read"]}).expect(404, code="not_found")
    back_end.post(access, {"permissions": ["organization:read"], "user_id": stranger.id}).expect(
        200,
        user_id=stranger.id,
        roles=[],
        decisions=[{"permission": "organization:read", "allowed": False, "reason": "not_a_member"}],
    )
