"""POST /organizations/{organization_id}/roles, PUT and DELETE of one: roles that an organization makes itself."""

import unicodedata
from dataclasses import replace
from typing import Annotated, Any
from uuid import uuid4

from pydantic import BeforeValidator, Field, StrictStr

from roster.api.answers import Answer, Created, NoContent, created, no_content, ok
from roster.api.app import App
from roster.api.fields import AtMost, Body, Message, Name, once
from roster.api.problems import Conflict, Forbidden, InvalidRequest, NotFound, PlanLimit
from roster.api.request import Request
from roster.api.shown import RoleShape
from roster.membership.changes import caller_change
from roster.membership.custom import GROWTH, MOST, holders_of
from roster.membership.requirements import plan_limit, refuse_unless, require_room
from roster.membership.shapes import role_shape
from roster.membership.standing import Standing, standing_of
from roster.policy.decisions import Policy
from roster.policy.pack import Role, deployed_pack
from roster.policy.permissions import RIGHTS
from roster.table.items import CustomRoles

handler = App()

Names = Annotated[list[StrictStr], AtMost(100), BeforeValidator(once)]


class Definition(Body):
    """A custom role, whole: what its holders may do, and over which built-in roles (ids)."""

    title: Name
    """Its name for people. No two roles of an organization have the same."""
    description: Message | None = None
    """What it is for."""
    permissions: Annotated[Names, Field(min_length=1)]
    """What its holders may do."""
    invites: Names = Field(default_factory=list)
    """The built-in roles by id that its holders may invite to."""
    removes: Names = Field(default_factory=list)
    """The built-in roles by id whose holders may be removed."""
    assigns: Names = Field(default_factory=list)
    """The built-in roles by id that its holders may give and take away."""


@handler.route("POST", "/organizations/{organization_id}/roles", raises=(Conflict, PlanLimit))
def create(request: Request, organization_id: str, body: Definition) -> Created[RoleShape]:
    """Create a custom role. Nobody can give it more than they have themselves."""
    standing = standing_of(request, organization_id)
    standing.require("roles:customize")
    organization, custom = standing.organization, standing.custom
    _require_known(standing.policy, body)
    role = _role(uuid4().hex, body)
    refuse_unless(standing.policy.may_customize(standing.roles, role))
    _require_own_title(standing.policy, role)
    require_room(organization, standing.policy, GROWTH)
    if custom is not None and len(custom.roles) >= MOST:
        raise plan_limit(deployed_pack(), organization.plan, "custom_roles", MOST)

    change = caller_change(request, organization, "role.created", ("role", role.id), title=role.title)
    standing.check(change)
    change.room(organization, GROWTH)
    if custom is None:
        change.create(CustomRoles(*CustomRoles.key(organization_id), roles={role.id: _kept(role)}))
    else:
        change.update(custom, {"roles": {**custom.roles, role.id: _kept(role)}})
    return request.commit(change, created(_shown(standing, role), f"/organizations/{organization_id}/roles/{role.id}"))


@handler.route("PUT", "/organizations/{organization_id}/roles/{role_id}", if_match=False, raises=(Conflict, PlanLimit))
def edit(request: Request, organization_id: str, role_id: str, body: Definition) -> Answer[RoleShape]:
    """Replace a custom role. Neither the old nor the new one may have more than the caller."""
    standing, old = _found(request, organization_id, role_id)
    organization, policy = standing.organization, standing.policy
    _require_known(policy, body)
    custom = _custom(standing, old)
    role = _role(role_id, body)
    answer = ok(_shown(standing, role))
    if role == old:
        return request.nothing_to_do(answer)
    for one in (old, role):
        refuse_unless(policy.may_customize(standing.roles, one))
    if role.title != old.title:
        _require_own_title(policy, role)
    require_room(organization, policy, GROWTH)

    before, after = _kept(old), _kept(role)
    changed = sorted(field for field, value in after.items() if value != before[field])
    change = caller_change(request, organization, "role.updated", ("role", role_id), title=role.title, changed=changed)
    standing.check(change)
    change.room(organization, GROWTH)
    change.update(custom, {"roles": {**custom.roles, role_id: after}})
    return request.commit(change, answer)


@handler.route("DELETE", "/organizations/{organization_id}/roles/{role_id}", if_match=False, raises=(Conflict,))
def delete(request: Request, organization_id: str, role_id: str) -> NoContent:
    """Delete a custom role that nobody has. Invitations to it are void."""
    standing, role = _found(request, organization_id, role_id)
    custom = _custom(standing, role)
    refuse_unless(standing.policy.may_customize(standing.roles, role))
    holders = holders_of(standing, role)
    if holders:
        who = "A member holds" if holders == 1 else f"{holders} members hold"
        raise Conflict(f"{who} this role. Give them another one first.", {"holders": holders})

    change = caller_change(request, standing.organization, "role.deleted", ("role", role_id), title=role.title)
    standing.check(change)
    change.retire(custom, role_id)
    return request.commit(change, no_content())


def _found(request: Request, organization_id: str, role_id: str) -> tuple[Standing, Role]:
    standing = standing_of(request, organization_id)
    standing.require("roles:customize")
    role = standing.policy.roles.get(role_id)
    if role is None:
        raise NotFound
    return standing, role


def _custom(standing: Standing, role: Role) -> CustomRoles:
    """Return the item that has a custom role. Raises Forbidden if the role is the pack's."""
    if standing.custom is None or not role.custom:
        raise Forbidden("This role comes with the product.", {"reason": "role_built_in", "role": role.id})
    return standing.custom


def _require_known(policy: Policy, body: Definition) -> None:
    """Raise InvalidRequest for each permission that nothing grants, and each role in a list that is not built in."""
    errors = [
        ("permissions", f"There is no permission {name!r}.")
        for name in body.permissions
        if name not in policy.pack.permissions
    ]
    for right in RIGHTS:
        unknown = [name for name in getattr(body, right) if name not in policy.pack.roles]
        errors += [(right, f"There is no built-in role {name!r}.") for name in unknown]
    if errors:
        raise InvalidRequest(*errors)


def _require_own_title(policy: Policy, role: Role) -> None:
    """Raise Conflict if people could not tell the role's title from another's, built-in ones too."""
    for other in policy.roles.values():
        if other.id != role.id and _read(other.title) == _read(role.title):
            raise Conflict(f'There is a role called "{other.title}" already. Choose another title.')


def _read(title: str) -> str:
    """Return a title as it is read: case, width, composed letters, format characters and blanks tell none apart."""
    shown = "".join(one for one in unicodedata.normalize("NFKC", title) if unicodedata.category(one) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).split())


def _role(role_id: str, body: Definition) -> Role:
    return Role(
        id=role_id,
        title=body.title,
        description=body.description or "",
        permissions=frozenset(body.permissions),
        invites=frozenset(body.invites),
        removes=frozenset(body.removes),
        assigns=frozenset(body.assigns),
        custom=True,
    )


def _shown(standing: Standing, role: Role) -> RoleShape:
    """Show a role as it is after the change, by which the caller's own may be another one."""
    policy = replace(standing.policy, custom={**standing.policy.custom, role.id: role})
    return role_shape(replace(standing, policy=policy), role)


def _kept(role: Role) -> dict[str, Any]:
    """Return a role as the table keeps it."""
    lists = {right: sorted(getattr(role, right)) for right in ("permissions", *RIGHTS)}
    return {"title": role.title, "description": role.description, **lists}
