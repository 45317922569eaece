"""POST /organizations/{organization_id}/activity: the product's back end records what happened in the product."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr, ValidationInfo, field_validator

from roster.activity import NOUNS, is_product_type
from roster.api.answers import Recorded, recorded
from roster.api.app import App
from roster.api.fields import Body, Data, Name, Timestamp, UserId
from roster.api.problems import NotFound
from roster.api.request import Request
from roster.api.shown import EventShape
from roster.clock import now, whole_seconds
from roster.membership.log import event_shape, name_keys
from roster.membership.people import follow_moved
from roster.membership.standing import view_of
from roster.policy.pack import deployed_pack
from roster.table.commit import Change
from roster.table.items import Event, Member, ProductEvent

handler = App()


def _product_type(event_type: str) -> str:
    if not is_product_type(event_type):
        raise ValueError(
            "Send noun.verb, such as certificate.issued: each at most 50 of a-z 0-9 _ -, first a letter. "
            f"The nouns {', '.join(sorted(NOUNS))} are reserved."
        )
    return event_type


def _past(moment: datetime) -> datetime:
    moment = whole_seconds(moment)
    if moment > now():
        raise ValueError("This is in the future.")
    return moment


class NewTarget(Body):
    """What it happened to: a thing of the product's own, or something that Roster knows, by its id."""

    type: Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_-]{0,49}$")]
    """A kind of thing of the product's, such as `certificate`; or organization, member, invitation, role, user."""
    id: Annotated[StrictStr, Field(pattern=r"^[\x21-\x7e]{1,255}$")]
    """Its id."""
    name: Name | None = None
    """Its name. Of what Roster knows, leave it out."""

    @field_validator("name")
    @classmethod
    def _unknown_to_roster(cls, name: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("type") in NOUNS:
            raise ValueError("Leave it out: Roster adds the name itself.")
        return name


class NewEvent(Body):
    """An event of the product's own."""

    type: Annotated[StrictStr, AfterValidator(_product_type)]
    """What happened, as `noun.verb` in the past, such as `certificate.issued`. Roster's own nouns are reserved."""
    user_id: UserId | None = None
    """The member who did it. Without one, the machine did."""
    target: NewTarget | None = None
    """What it happened to. Without one, the organization."""
    data: Data = Field(default_factory=dict)
    """Details: at most 4 KB of JSON."""
    occurred_at: Annotated[Timestamp, AfterValidator(_past)] | None = None
    """When it happened, if not now. It cannot be in the future."""


@handler.route("POST", "/organizations/{organization_id}/activity", scope="roster/activity")
def record(request: Request, organization_id: str, body: NewEvent) -> Recorded[EventShape]:
    """Record an event of the product.

    With `user_id`, a member did it; without, the machine itself.
    """
    event = _event(request, organization_id, body)
    named = None if body.user_id is None else Member.key(organization_id, body.user_id)
    view = view_of(request, organization_id, *name_keys([event]), *([] if named is None else [named]))

    change = Change(event, kept=deployed_pack().plan(view.organization.plan).activity_kept)
    if named is not None:
        member = view.batch[named]
        if member is None:
            raise NotFound
        change.check(member)
    return request.commit(change, recorded(event_shape(event, follow_moved(view.batch), view.policy)))


def _event(request: Request, organization_id: str, body: NewEvent) -> ProductEvent:
    machine = request.caller.user_id
    actor_id = body.user_id or machine
    target = body.target or NewTarget(type="organization", id=organization_id)
    return ProductEvent(
        *ProductEvent.key(organization_id, ""),  # its id is the change's
        type=body.type,
        actor_type="user" if body.user_id else "machine",
        actor_id=actor_id,
        via=machine if body.user_id else None,
        target_type=target.type,
        target_id=target.id,
        target_name=target.name,
        data=body.data,
        occurred_at=body.occurred_at,
        request_id=request.id,
        gsi1pk=Event.actor_partition(organization_id, actor_id),
    )
