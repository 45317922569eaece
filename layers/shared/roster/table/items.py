"""The items of the table and its indexes. docs/table.md draws them."""

from datetime import timedelta

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
)

from roster.table.base import CountsAttribute, Item, WholeNumberAttribute, optional
from roster.table.keys import Key, digest

# A dead invitation stays readable this long before DynamoDB's TTL takes it away.
INVITATION_KEPT = timedelta(days=90)
IDEMPOTENCY_KEPT = timedelta(hours=24)
REMOVED_ADDRESS_KEPT = timedelta(days=2)  # a mail comes again for an hour
# What a deleted organization held is purged after this: the mail about it must find its owners, and no change that was
# under way when it was deleted may still land.
PURGED_AFTER = timedelta(hours=2)


class DayCounts(Item):
    """What is counted in a day (UTC), by name. The counts of another day count for nothing."""

    counted_on = optional(UnicodeAttribute())
    counts = optional(CountsAttribute())

    def counted(self, day: str, name: str) -> int:
        """Tell how often something was counted on a day."""
        return (self.counts or {}).get(name, 0) if self.counted_on == day else 0


class Organization(DayCounts, discriminator="organization"):
    """An organization: its plan's limits stand beside its counts, so that a condition can compare them."""

    name = UnicodeAttribute()
    pack = UnicodeAttribute()
    plan = UnicodeAttribute()
    owners = WholeNumberAttribute()
    members = WholeNumberAttribute()
    max_owners = optional(WholeNumberAttribute())  # absent: no limit
    max_members = optional(WholeNumberAttribute())
    email_notifications = BooleanAttribute(default=True)
    locale = optional(UnicodeAttribute())  # the language of its mails, a BCP 47 tag
    named_for = optional(UnicodeAttribute())  # the person whose default one it is, until somebody renames it
    external_id = optional(UnicodeAttribute())
    metadata = optional(JSONAttribute())
    moving = optional(JSONAttribute())  # while it comes from another pack in several transactions (tools/wanted.py)
    created_at = UTCDateTimeAttribute()
    deleted_at = optional(UTCDateTimeAttribute())

    @staticmethod
    def key(organization_id: str) -> Key["Organization"]:
        """Where an organization stands."""
        return Key(f"ORG#{organization_id}", "ORG")

    @property
    def id(self) -> str:
        """The organization's id."""
        return self.pk.removeprefix("ORG#")


class ExternalId(Item, discriminator="external"):
    """What the product calls an organization: no two organizations have one name."""

    organization_id = UnicodeAttribute()

    @staticmethod
    def key(external_id: str) -> Key["ExternalId"]:
        """Where an external id stands while its organization lives."""
        return Key(f"EXTERNAL#{external_id}", "EXTERNAL")


class Member(Item, discriminator="member"):
    """One person's membership in one organization."""

    PREFIX = "MEMBER#"

    roles = UnicodeSetAttribute()
    joined = UnicodeAttribute()  # the id of the event they joined by: another one each time they come back
    joined_at = UTCDateTimeAttribute()
    invited_by = optional(UnicodeAttribute())
    address = optional(UnicodeAttribute())  # the address they joined by: its JoinedAddress is theirs
    unmoved_stamp = optional(UnicodeAttribute())  # the stamp that they had before they were moved to this user id
    handed_over = optional(UnicodeAttribute())  # the invitation whose copied link they joined by, while it is kept

    @staticmethod
    def key(organization_id: str, user_id: str) -> Key["Member"]:
        """Where a membership stands."""
        return Key(f"ORG#{organization_id}", f"{Member.PREFIX}{user_id}")

    @property
    def organization_id(self) -> str:
        """The organization."""
        return self.pk.removeprefix("ORG#")

    @property
    def user_id(self) -> str:
        """The person."""
        return self.sk.removeprefix(self.PREFIX)

    @property
    def owns(self) -> bool:
        """Whether the organization counts them among its owners, whatever the pack calls their role by now."""
        return self.gsi2pk is not None

    @property
    def changed_by(self) -> str:
        """The id of the event by which it became what it is: moving it to another user id changes nothing of that."""
        return str(self.unmoved_stamp or self.stamp)


class InvitationAttributes(Item):
    """What an invitation holds, open, dead or accepted. A founder's joined address has only `email`."""

    status = UnicodeAttribute(null=True)  # pending, declined, canceled, expired; accepted on a JoinedAddress
    roles = UnicodeSetAttribute(null=True)
    email = UnicodeAttribute()
    message = optional(UnicodeAttribute())
    locale = optional(UnicodeAttribute())  # the language of its mail, a BCP 47 tag
    invited_by = UnicodeAttribute(null=True)
    inviter_joined = UnicodeAttribute(null=True)  # which membership of theirs: one that ended does not come back
    link = optional(UnicodeAttribute())  # the id of the event that sent it last
    sent_at = UTCDateTimeAttribute(null=True)
    expires_at = UTCDateTimeAttribute(null=True)
    sends = WholeNumberAttribute(null=True)
    sends_on = UnicodeAttribute(null=True)  # the day (UTC) of the last sending, and how many it saw
    sends_that_day = WholeNumberAttribute(null=True)
    delivery = UnicodeAttribute(null=True)

    @property
    def organization_id(self) -> str:
        """The organization."""
        return self.pk.removeprefix("ORG#")

    @property
    def id(self) -> str:
        """The invitation's id."""
        return self.sk.partition("#")[2]


class Invitation(InvitationAttributes, discriminator="invitation"):
    """An invitation that nobody has accepted (yet)."""

    PREFIX = "INVITE#"

    @staticmethod
    def key(organization_id: str, invitation_id: str) -> Key["Invitation"]:
        """Where an invitation stands until it is accepted."""
        return Key(f"ORG#{organization_id}", f"{Invitation.PREFIX}{invitation_id}")


class JoinedAddress(InvitationAttributes, discriminator="joined"):
    """The address that a member joined by, with the accepted invitation if there was one.

    If it was accepted by a copied link, it is the invitation alone: nobody joined by its address, which is free.
    """

    user_id = UnicodeAttribute()  # the member
    copied = optional(BooleanAttribute())  # true: accepted by a copied link

    @staticmethod
    def key(organization_id: str, invitation_id: str) -> Key["JoinedAddress"]:
        """Where an address stands while its member stays."""
        return Key(f"ORG#{organization_id}", f"JOINED#{invitation_id}")


class CustomRoles(Item, discriminator="roles"):
    """The custom roles of an organization: one map from id to role, and how many members hold each."""

    roles = JSONAttribute(default=dict)
    holders = CountsAttribute(default=dict)

    def held_by(self, role_id: str) -> int:
        """Tell how many members hold a role."""
        return self.holders.get(role_id, 0)

    @staticmethod
    def key(organization_id: str) -> Key["CustomRoles"]:
        """Where an organization's custom roles stand."""
        return Key(f"ORG#{organization_id}", "ROLES")


class Event(Item, discriminator="event"):
    """An activity event: the audit log's entry and the outbox' record in one. It holds ids, never names."""

    type = UnicodeAttribute()
    actor_type = UnicodeAttribute()  # user, machine, system
    actor_id = optional(UnicodeAttribute())
    via = optional(UnicodeAttribute())
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    target_name = optional(UnicodeAttribute())  # of what only the product knows
    data = JSONAttribute(default=dict)
    at = UTCDateTimeAttribute()
    occurred_at = optional(UTCDateTimeAttribute())  # absent: at once
    request_id = optional(UnicodeAttribute())

    @staticmethod
    def key(organization_id: str, event_id: str) -> Key["Event"]:
        """Where an event stands."""
        return Key(f"LOG#{organization_id}", event_id)

    @staticmethod
    def actor_partition(organization_id: str, actor_id: str) -> str:
        """Where gsi1 has what somebody did in an organization."""
        return f"ACTOR#{organization_id}#{actor_id}"

    @property
    def organization_id(self) -> str:
        """The organization."""
        return self.pk.split("#")[1]

    @property
    def id(self) -> str:
        """The event's id, a ULID."""
        return self.sk


class ProductEvent(Event, discriminator="product"):
    """An event that the product recorded: beside Roster's own, so that no crowd of them holds up a change."""

    @staticmethod
    def key(organization_id: str, event_id: str) -> Key[Event]:
        """Where a product's event stands."""
        return Key(f"LOG#{organization_id}#P", event_id)


class User(DayCounts, discriminator="user"):
    """A person, as their last token told: the only place where their name is kept."""

    name = optional(UnicodeAttribute())
    email = optional(UnicodeAttribute())
    locale = optional(UnicodeAttribute())  # the language that they chose, a BCP 47 tag
    token_locale = optional(UnicodeAttribute())  # and the one that their last token told
    email_notifications = optional(BooleanAttribute())  # false: no mail about what others did; absent: never said
    active_organization = optional(UnicodeAttribute())  # what they chose, else what they joined first
    default_organization = optional(UnicodeAttribute())  # the one created for them, once in their life
    lately_joined = optional(JSONAttribute())  # organizations, the latest last
    addresses = optional(JSONAttribute())  # others of theirs, of another user id, or kept while they are erased
    owned = optional(UnicodeSetAttribute())  # organizations, deleted ones too; kept only in a pack that caps them
    sign_ins = optional(JSONAttribute())  # the latest ones recorded, in seconds since 1970
    signed_in_at = optional(UTCDateTimeAttribute())  # when the last of them was recorded
    creations_on = optional(UnicodeAttribute())  # the day (UTC) they last created organizations, and how many that day
    creations_that_day = optional(WholeNumberAttribute())
    moving_to = optional(UnicodeAttribute())  # the id that they are being moved to
    moved_to = optional(UnicodeAttribute())  # the id that they have now: this one is no longer used
    moved_from = optional(UnicodeSetAttribute())  # the ids that they had before, or are being moved from

    @staticmethod
    def key(user_id: str) -> Key["User"]:
        """Where a person stands."""
        return Key(f"USER#{user_id}", "USER")

    @property
    def id(self) -> str:
        """The user's id: the `sub` of their tokens."""
        return self.pk.removeprefix("USER#")


class AddressHolders(Item, discriminator="address"):
    """Who has an address now: it is the verified one that their token told last. Several people may share one."""

    user_ids = UnicodeSetAttribute()

    @staticmethod
    def key(address: str) -> Key["AddressHolders"]:
        """Where it stands who has an address."""
        return Key(f"ADDRESS#{address}", "ADDRESS")


class RemovedAddress(Item, discriminator="removed"):
    """The address that somebody joined an organization by, kept for a while after their removal, to tell them of it."""

    PREFIX = "REMOVED#"

    email = UnicodeAttribute()

    @staticmethod
    def key(user_id: str, organization_id: str) -> Key["RemovedAddress"]:
        """Where it stands: with the person, so that erasing them finds it."""
        return Key(f"USER#{user_id}", f"{RemovedAddress.PREFIX}{organization_id}")


class IdempotencyRecord(Item, discriminator="idempotency"):
    """The first success under an Idempotency-Key, kept for a day."""

    request = UnicodeAttribute()  # a hash of the body it came with
    status = WholeNumberAttribute()
    body = optional(JSONAttribute())
    headers = JSONAttribute(default=dict)
    expires_at = UTCDateTimeAttribute()

    @staticmethod
    def key(user_id: str, method: str, path: str, key: str) -> Key["IdempotencyRecord"]:
        """Where the record of a caller's key stands."""
        return Key(IdempotencyRecord.partition(user_id), digest(method, path, key))

    @staticmethod
    def partition(user_id: str) -> str:
        """Where all records of a caller stand."""
        return f"IDEM#{user_id}"
