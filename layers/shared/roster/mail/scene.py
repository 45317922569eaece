"""What is read to tell people of an event, and the mail to one of them."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from roster.mail.language import nearest
from roster.mail.once import Mail, Share
from roster.mail.places import Erased, Named, Roles
from roster.mail.plain import plain
from roster.membership.people import follow_moved
from roster.membership.requirements import require_own_pack
from roster.membership.standing import deleted, see, visible
from roster.policy.decisions import Policy
from roster.table.items import Event, Member, Organization, RemovedAddress, User
from roster.table.keys import Key
from roster.table.read import Batch, indexed, read

# About one organization, what one address gets in a day: mails about what others did, and beside these of each kind
# that concerns oneself.
OF_OTHERS, OF_ONESELF = 20, 5
# By template; these are what each reader can switch off for themselves.
OTHERS_DOINGS = frozenset({"left", "accepted", "declined"})


class NotDue(Exception):
    """Nobody is told of this, or nobody any more."""


@dataclass(frozen=True)
class Scene:
    """An event, and its organization, policy and people as they are when the mail is made."""

    event: Event
    organization: Organization
    policy: Policy
    batch: Batch

    def user(self, user_id: str | None) -> User | None:
        """Return what is kept of somebody: nothing of who is erased, or has never been kept."""
        return None if user_id is None else self.batch[User.key(user_id)]

    def person(self, user_id: str | None) -> Named | Erased:
        user = self.user(user_id)
        return Erased() if user is None else Named(plain(user.name or ""), plain(user.email or ""))

    def verified_address(self, user_id: str) -> str | None:
        user = self.user(user_id)
        return None if user is None else user.email

    def member(self, user_id: str) -> Member | None:
        return self.batch[Member.key(self.organization.id, user_id)]

    def roles(self, roles: Iterable[str]) -> Roles:
        """Return those of these roles that there still are."""
        there = self.policy.roles
        return Roles(tuple(there[name] for name in self.policy.in_order(set(roles)) if name in there))

    def words(self, **more: object) -> dict[str, object]:
        """Return the words that every mail has, and more."""
        by_person = self.event.actor_type == "user"
        actor = self.person(self.event.actor_id) if by_person else Named(os.environ["PRODUCT_NAME"])
        return {"actor": actor, "organization": Named(plain(self.organization.name)), **more}

    def with_person(self, user_id: str) -> "Scene":
        """Return the scene with somebody more, whom only what was read names: one more round trip."""
        return replace(self, batch=self.batch | _read(self.event, about(self.event, user_id)))

    def mails(self, user_ids: Iterable[str], template: str, **words: object) -> list[Mail]:
        """Return the mails of a kind to those of these people who want it."""
        return [self._mail(one, template, words) for one in user_ids if self._wants(one, template)]

    def _wants(self, user_id: str, template: str) -> bool:
        user = self.user(user_id)
        return template not in OTHERS_DOINGS or user is None or user.email_notifications is not False

    def _mail(self, user_id: str, template: str, words: Mapping[str, object]) -> Mail:
        """Return the mail to somebody: at their verified address, else at the one that they joined by."""
        user, member = self.user(user_id), self.member(user_id)
        removed = self.batch[RemovedAddress.key(user_id, self.organization.id)]
        joined_by = None if member is None else member.address
        # Who has been erased has no address, even if their membership is still to go.
        address = None if user is None else user.email or joined_by or (None if removed is None else removed.email)
        own = user_id == self.event.actor_id
        locale = None if user is None else user.locale or user.token_locale
        return Mail(
            recipient=user_id,
            address=address,
            template=template,
            words=self.words(own=own, **words),
            language=nearest(locale, self.organization.locale),
            shares=(self._share(template),),
            optional=template in OTHERS_DOINGS,
        )

    def _share(self, template: str) -> Share:
        if template in OTHERS_DOINGS:
            return Share(("about", self.organization.id, "others"), OF_OTHERS)
        return Share(("about", self.organization.id, template), OF_ONESELF)


def look(event: Event, *keys: Key[Any], always: bool = False, gone: bool = False) -> Scene:
    """Read what the mails of an event need. Raises NotFound if the organization is deleted, NotDue if its mail is off.

    Of one of another pack, only its deletion is mailed; else it raises OtherPack, so that the event comes again.
    `always` is for what is mailed even then, `gone` for what is mailed of a deleted organization alone.
    """
    actor = [User.key(event.actor_id)] if event.actor_type == "user" and event.actor_id else []
    batch = _read(event, [*visible(event.organization_id), *actor, *keys])
    view = deleted(batch, event.organization_id) if gone else see(batch, event.organization_id)
    if view is None or not (view.organization.email_notifications or always):
        raise NotDue
    if not gone:
        require_own_pack(view.organization)
    return Scene(event, view.organization, view.policy, batch)


def _read(event: Event, keys: Iterable[Key[Any]]) -> Batch:
    """Read items by key. Who has another id by now is told under that one: of them, and of their membership there."""
    batch = read(keys)
    moved = {user.id: user.moved_to for user in batch.of(User) if user.moved_to is not None}
    if not moved:
        return batch
    there = read(Member.key(event.organization_id, new) for new in moved.values())
    memberships = {
        Member.key(event.organization_id, old): there[Member.key(event.organization_id, new)]
        for old, new in moved.items()
    }
    return follow_moved(batch).with_items(memberships)


def about(event: Event, *user_ids: str) -> list[Key[Any]]:
    return [key for one in user_ids for key in (User.key(one), Member.key(event.organization_id, one))]


def look_with_owners(event: Event, *, always: bool = False, gone: bool = False) -> tuple[Scene, list[str]]:
    """Read what the mails to the owners need, and return it with their ids. The index finds them, the items decide.

    Who has become an owner since is not told: or a record that comes again, maybe days later, would find new readers.
    """
    found = [Member(*key).user_id for key in indexed(f"OWNERS#{event.organization_id}")]
    scene = look(event, *about(event, *found), always=always, gone=gone)
    members = [member for user_id in found if (member := scene.member(user_id)) is not None]
    owners = [one.user_id for one in members if _owns(scene.policy, one) and one.changed_by < event.id]
    return scene, owners


def _owns(policy: Policy, member: Member) -> bool:
    """Tell whether somebody is an owner: by their role, or as one counts them whose role the pack does not know."""
    return policy.owns(member.roles) or (member.owns and bool(policy.unknown(member.roles)))
