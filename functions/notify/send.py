"""The table's stream: who is mailed what about an event. Each mail is claimed once and sent through SES."""

import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pynamodb.exceptions import UpdateError

from roster import links
from roster.activity import ERASED, NOBODY_NAMED
from roster.api.problems import NotFound
from roster.mail.compose import plain, readable
from roster.mail.once import CONDITION_FAILED, Mail, Share, error_code, send_once
from roster.membership.delivery import Sending, move_on
from roster.membership.invitations import status_of
from roster.membership.standing import see, visible
from roster.metrics import count
from roster.policy.decisions import Policy
from roster.policy.pack import deployed_pack
from roster.table.items import Event, Invitation, Member, Organization, RemovedAddress, User
from roster.table.keys import Key
from roster.table.read import Batch, indexed, read

TEMPLATES = Path(__file__).with_name("templates")
# What an invitation's mail that came to this, now or before, means for its delivery.
DELIVERY = {"sent": "sent", "refused": "bounced", "suppressed": "suppressed"}
# What one address gets in a day: invitations over all organizations, and of those from one person; about one
# organization, mails of others' doings, and beside these of each kind that concerns oneself.
INVITATIONS, INVITATIONS_BY_ONE = 20, 5
OF_OTHERS, OF_ONESELF = 20, 5
OTHERS_DOINGS = frozenset({"left"})  # by template

logger = Logger()


class NotDue(Exception):
    """Nobody is told of this, or nobody any more."""


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Send the mails for a batch of the stream's records. A record that fails is reported, and Lambda retries it."""
    processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    return process_partial_response(event, deliver, processor, context)


def deliver(record: DynamoDBRecord, lambda_context: LambdaContext) -> None:
    """Send the mails about a new event, if there are any."""
    stored = record.raw_event["dynamodb"].get("NewImage", {})
    if record.raw_event["eventName"] != "INSERT" or stored.get("kind") != {"S": "event"}:
        return
    event = Event.from_raw_data(stored)
    if event.type not in TOLD:
        return
    about: dict[str, object] = {
        "event_type": event.type,
        "event_id": event.id,
        "organization_id": event.organization_id,
    }
    try:
        outcomes = _send_all(event, TOLD[event.type](event), lambda_context.aws_request_id)
    except (NotDue, NotFound):
        outcomes = []
    except Exception as error:
        # Never the error's own words: SES quotes addresses.
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        fault: dict[str, object] = {"error": type(error).__name__, "code": error_code(error), "where": where}
        logger.warning("The mail comes again.", extra=about | fault)
        count("MailsFailing")
        raise
    logger.info("The mail is done.", extra=about | {"outcomes": outcomes or ["not due"]})


def _send_all(event: Event, mails: Iterable[Mail], request_id: str) -> list[str]:
    """Send what can be sent, so that nobody waits for somebody else's mail, and then raise what was met first."""
    outcomes: list[str] = []
    errors: list[Exception] = []
    for mail in mails:
        try:
            outcomes.append(send_once(TEMPLATES, event.id, mail))
        except Exception as error:  # noqa: BLE001 (the record fails by it in the end)
            errors.append(error)
        else:
            count("Mails", kind=mail.template, outcome=outcomes[-1])
            if event.target_type == "invitation":
                _keep_delivery(event, DELIVERY[outcomes[-1].removesuffix(" before")], request_id)
    if errors:
        raise errors[0]
    return outcomes


def _keep_delivery(event: Event, delivery: str, request_id: str) -> None:
    """Keep what became of an invitation's mail. One that SES never takes came back, as one that bounces later."""
    if delivery == "bounced":
        move_on(Sending(event.organization_id, event.target_id, event.id), delivery, request_id=request_id)
    else:
        _set_delivery(event, delivery)


def _set_delivery(event: Event, delivery: str) -> None:
    """Keep what became of an invitation's mail, unless there is newer word of it, or a newer mail. The stamp stays."""
    still_due = (Invitation.link == event.id) & (Invitation.delivery == "queued")
    invitation = Invitation(*Invitation.key(event.organization_id, event.target_id))
    try:
        invitation.update([Invitation.delivery.set(delivery)], condition=still_due)
    except UpdateError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise


# ---- What is read to tell of an event --------------------------------------------------------------------------------


class Person(NamedTuple):
    """Somebody as a mail calls them."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Scene:
    """An event, and its organization, policy and people as they are when the mail is made."""

    event: Event
    organization: Organization
    policy: Policy
    batch: Batch

    def person(self, user_id: str | None) -> Person:
        user = None if user_id is None else self.batch[User.key(user_id)]
        if user is None:
            return Person(ERASED.capitalize())
        return Person(plain(user.name or "") or NOBODY_NAMED, plain(user.email or ""))

    def member(self, user_id: str) -> Member | None:
        return self.batch[Member.key(self.organization.id, user_id)]

    def roles(self, roles: Iterable[str]) -> list[tuple[str, str]]:
        """Return the title and the description of each role that there still is."""
        named = [self.policy.roles[name] for name in self.policy.in_order(set(roles)) if name in self.policy.roles]
        return [(plain(role.title), plain(role.description)) for role in named]

    def words(self, **more: object) -> dict[str, Any]:
        """Return the words that every mail has, and more."""
        by_person = self.event.actor_type == "user"
        actor = self.person(self.event.actor_id) if by_person else Person(os.environ["PRODUCT_NAME"])
        return {"actor": actor, "organization": plain(self.organization.name), **more}

    def mail(self, user_id: str, template: str, **words: object) -> Mail:
        """Return the mail to somebody: at their verified address, else at the one that they joined by."""
        user, member = self.batch[User.key(user_id)], self.member(user_id)
        removed = self.batch[RemovedAddress.key(user_id, self.organization.id)]
        joined_by = None if member is None else member.address
        # Who has been erased has no address, even if their membership is still to go.
        address = None if user is None else user.email or joined_by or (None if removed is None else removed.email)
        own = user_id == self.event.actor_id
        told = self.words(own=own, **words)
        return Mail(recipient=user_id, address=address, template=template, words=told, shares=(self._share(template),))

    def _share(self, template: str) -> Share:
        if template in OTHERS_DOINGS:
            return Share(("about", self.organization.id, "others"), OF_OTHERS)
        return Share(("about", self.organization.id, template), OF_ONESELF)


def _look(event: Event, *keys: Key[Any], always: bool = False) -> Scene:
    """Read what the mails of an event need. Raises NotFound if the organization is deleted, NotDue if its mail is off.

    `always` is for what is mailed even then.
    """
    actor = [User.key(event.actor_id)] if event.actor_type == "user" and event.actor_id else []
    batch = read([*visible(event.organization_id), *actor, *keys])
    view = see(batch, event.organization_id)
    if not (view.organization.email_notifications or always):
        raise NotDue
    return Scene(event, view.organization, view.policy, batch)


def _about(event: Event, *user_ids: str) -> list[Key[Any]]:
    return [key for one in user_ids for key in (User.key(one), Member.key(event.organization_id, one))]


def _look_with_owners(event: Event, *, always: bool = False) -> tuple[Scene, list[str]]:
    """Read what the mails to the owners need, and return it with their ids. The index finds them, the items decide.

    Who has become an owner since is not told: or a record that comes again, maybe days later, would find new readers.
    """
    found = [Member(*key).user_id for key in indexed(f"OWNERS#{event.organization_id}")]
    scene = _look(event, *_about(event, *found), always=always)
    members = [member for user_id in found if (member := scene.member(user_id)) is not None]
    owners = [one.user_id for one in members if scene.policy.owns(one.roles) and str(one.stamp) < event.id]
    return scene, owners


# ---- Who is told what ------------------------------------------------------------------------------------------------


def _invitation(event: Event) -> list[Mail]:
    """Tell who is invited, while the invitation is open and this event's link is its current one."""
    key, inviter = Invitation.key(event.organization_id, event.target_id), str(event.actor_id)
    scene = _look(event, key, *_about(event, inviter), always=True)
    invitation = scene.batch[key]
    if invitation is None or invitation.link != event.id or invitation.delivery != "queued":
        raise NotDue
    if status_of(invitation, scene.member(inviter), scene.policy) != "pending":
        raise NotDue
    if not scene.organization.email_notifications:
        _set_delivery(event, "suppressed")
        raise NotDue
    token = links.make(links.Purpose.MAILED, scene.organization.id, invitation.id, invitation.email, event.id)
    words = scene.words(
        roles=scene.roles(invitation.roles),
        address_only=scene.policy.guarded(invitation.roles),
        message=[plain(line) for line in (invitation.message or "").splitlines()],
        expires=readable(invitation.expires_at),
        again=event.type == "invitation.resent",
        link=links.url(token),
    )
    tags = {"organization": scene.organization.id, "invitation": invitation.id, "link": event.id}
    shares = (Share(("invitations",), INVITATIONS), Share(("invitations", inviter), INVITATIONS_BY_ONE))
    mail = Mail(
        recipient=invitation.id,
        address=invitation.email,
        template="invitation",
        words=words,
        shares=shares,
        tags=tags,
    )
    return [mail]


def _roles_changed(event: Event) -> list[Mail]:
    """Tell a member whose roles somebody else changed. What a machine sets (provisioning) is recorded alone."""
    if event.actor_type != "user" or event.actor_id == event.target_id:
        raise NotDue
    scene = _look(event, *_about(event, event.target_id))
    if scene.member(event.target_id) is None:
        raise NotDue
    old, new = event.data["from"], event.data["to"]
    promoted = scene.policy.owns(new) and not scene.policy.owns(old)
    template = "promoted" if promoted else "roles_changed"
    return [scene.mail(event.target_id, template, roles=scene.roles(new), old_roles=scene.roles(old))]


def _removed(event: Event) -> list[Mail]:
    """Tell who was removed by somebody, unless they are back. What a machine does (erasing) is recorded alone."""
    if event.actor_type != "user":
        raise NotDue
    removed = RemovedAddress.key(event.target_id, event.organization_id)
    scene = _look(event, *_about(event, event.target_id), removed)
    if scene.member(event.target_id) is not None:
        raise NotDue
    return [scene.mail(event.target_id, "removed")]


def _left(event: Event) -> list[Mail]:
    """Tell the owners who remain that one of them has left."""
    if deployed_pack().owner not in event.data.get("roles", []):
        raise NotDue
    scene, owners = _look_with_owners(event)
    others = int(scene.organization.owners) - 1
    return [scene.mail(owner, "left", others=others) for owner in owners if owner != event.target_id]


def _transferred(event: Event) -> list[Mail]:
    """Tell both the old owner and the new one."""
    old, new = event.data["from"], event.data["to"]
    scene = _look(event, *_about(event, old, new))
    pack, words = scene.policy.pack, {"old": scene.person(old), "new": scene.person(new)}
    told = (new, "received", pack.owner), (old, "handed_over", pack.after_transfer)
    return [
        scene.mail(user_id, template, roles=scene.roles([role]), **words)
        for user_id, template, role in told
        if scene.member(user_id) is not None
    ]


def _switched(event: Event) -> list[Mail]:
    """Tell all owners, the one who did it too, that the organization's mail is off, or on again."""
    if "email_notifications" not in event.data:
        raise NotDue
    scene, owners = _look_with_owners(event, always=True)
    return [scene.mail(owner, "switched", on=event.data["email_notifications"]) for owner in owners]


TOLD: Mapping[str, Callable[[Event], list[Mail]]] = {
    "invitation.sent": _invitation,
    "invitation.resent": _invitation,
    "member.roles_changed": _roles_changed,
    "member.removed": _removed,
    "member.left": _left,
    "organization.ownership_transferred": _transferred,
    "organization.updated": _switched,
}
