"""POST /organizations/{organization_id}/access: the product asks what somebody may do."""

from typing import Annotated, TypedDict

from pydantic import Field, StrictStr, WithJsonSchema

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import AtMost, Body, UserId
from roster.api.problems import Forbidden
from roster.api.request import Request
from roster.membership.standing import View, standing_of, view_of
from roster.policy.decisions import Reason
from roster.table.items import Member

handler = App()


class Question(Body):
    """Which permissions are asked about, and whose, if not the caller's own."""

    permissions: Annotated[list[StrictStr], Field(min_length=1), AtMost(50)]
    """The permissions that are asked about."""
    user_id: UserId | None = None
    """Whom it is about. Without one, the caller; only machines may ask about somebody else."""


REASONS = (Reason.GRANTED, Reason.NOT_GRANTED, Reason.UNKNOWN_PERMISSION, Reason.NOT_A_MEMBER)


class DecisionShape(TypedDict):
    """The answer about one permission."""

    permission: str
    """The permission that was asked about."""
    allowed: bool
    """Whether they have it."""
    reason: Annotated[str, WithJsonSchema({"type": "string", "enum": [*REASONS]})]
    """Why, or why not."""


class AccessShape(TypedDict):
    """What somebody may do in an organization."""

    user_id: str
    """Who was asked about."""
    roles: list[str]
    """Their roles by id. Empty if they are not a member."""
    decisions: list[DecisionShape]
    """An answer about each permission, in the order asked."""


@handler.route("POST", "/organizations/{organization_id}/access", idempotency_key=False)
def ask(request: Request, organization_id: str, body: Question) -> Answer[AccessShape]:
    """Ask what the caller may do."""
    if body.user_id not in {None, request.caller.user_id}:
        raise Forbidden(
            "Only a machine with the scope roster/access may ask about somebody else.",
            {"reason": "scope_missing"},
        )
    standing = standing_of(request, organization_id)
    return _decided(standing, request.caller.user_id, standing.actor, body.permissions)


@handler.route("POST", "/organizations/{organization_id}/access", scope="roster/access", idempotency_key=False)
def ask_about(request: Request, organization_id: str, body: Question) -> Answer[AccessShape]:
    """Ask what anybody may do. Who is not a member may do nothing."""
    user_id = body.user_id or request.caller.user_id
    key = Member.key(organization_id, user_id)
    view = view_of(request, organization_id, key)
    return _decided(view, user_id, view.batch[key], body.permissions)


def _decided(view: View, user_id: str, member: Member | None, permissions: list[str]) -> Answer[AccessShape]:
    roles = None if member is None else view.policy.in_order(member.roles)
    decisions = [(permission, view.policy.access(roles, permission)) for permission in permissions]
    return ok(
        {
            "user_id": user_id,
            "roles": roles or [],
            "decisions": [
                {"permission": permission, "allowed": decision.allowed, "reason": decision.reason.value}
                for permission, decision in decisions
            ],
        }
    )
