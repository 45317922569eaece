"""PATCH /organizations/{organization_id}: its name, language and mail; what a machine keeps with it."""

from pydantic import StrictBool

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, ExternalName, Locale, Metadata, Name
from roster.api.problems import Conflict
from roster.api.request import Request
from roster.api.shown import OrganizationShape
from roster.membership.changes import caller_change
from roster.membership.shapes import organization_shape
from roster.membership.standing import standing_of, view_of
from roster.table.items import ExternalId

handler = App()

PERMISSIONS = {
    "name": "organization:update",
    "locale": "organization:update",
    "email_notifications": "organization:notifications",
}


class OrganizationUpdate(Body):
    """What of an organization its members may change."""

    NULL_TAKES_BACK = frozenset({"locale"})

    name: Name | None = None
    """Another name."""
    locale: Locale | None = None
    """The language of its mails, as a BCP 47 tag. Null means the default."""
    email_notifications: StrictBool | None = None
    """Whether mails about this organization are sent. Only owners may change it."""


@handler.route("PATCH", "/organizations/{organization_id}")
def update(request: Request, organization_id: str, body: OrganizationUpdate) -> Answer[OrganizationShape]:
    """Change an organization's name, language or mails. Each member of the body wants a permission of its own."""
    standing = standing_of(request, organization_id)
    organization = standing.organization
    wanted = body.model_dump(exclude_unset=True)
    for permission in [PERMISSIONS[name] for name in wanted] or ["organization:update"]:
        standing.require(permission)
    changed = {name: value for name, value in wanted.items() if getattr(organization, name) != value}
    if not changed:
        return request.nothing_to_do(ok(organization_shape(organization), organization))
    request.if_match.require(organization)

    switched = {name: value for name, value in changed.items() if name == "email_notifications"}
    target = "organization", organization_id
    change = caller_change(request, organization, "organization.updated", target, changed=sorted(changed), **switched)
    standing.check(change)
    change.update(organization, {**changed, "named_for": None} if "name" in changed else changed)
    return request.commit(change, ok(organization_shape(organization), organization))


class ProductsUpdate(Body):
    """What of an organization the product's machines may change."""

    external_id: ExternalName | None = None
    """The product's own id for it. No two organizations have the same."""
    metadata: Metadata | None = None
    """What the product keeps with it: at most 4 KB of JSON. It is replaced as a whole."""


@handler.route("PATCH", "/organizations/{organization_id}", scope="roster/provision", raises=(Conflict,))
def annotate(request: Request, organization_id: str, body: ProductsUpdate) -> Answer[OrganizationShape]:
    """Set the product's own id and metadata of an organization. Each is replaced as a whole."""
    wanted = body.model_dump(exclude_unset=True)
    named = None if body.external_id is None else ExternalId.key(body.external_id)
    view = view_of(request, organization_id, *([] if named is None else [named]))
    organization = view.organization
    changed = {name: value for name, value in wanted.items() if (getattr(organization, name) or {}) != value}
    if not changed:
        return request.nothing_to_do(ok(organization_shape(organization), organization))
    request.if_match.require(organization)
    if named is not None and "external_id" in changed and view.batch[named] is not None:
        raise Conflict("Another organization has this external_id.")

    change = caller_change(
        request, organization, "organization.updated", ("organization", organization_id), changed=sorted(changed)
    )
    if named is not None and "external_id" in changed:
        if organization.external_id is not None:
            change.discard(ExternalId(*ExternalId.key(organization.external_id)))
        change.create(ExternalId(*named, organization_id=organization_id))
    change.update(organization, changed)
    return request.commit(change, ok(organization_shape(organization), organization))
