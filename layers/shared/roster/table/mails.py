"""What is kept of mails: who sends one, how many an address got, and that one came back. No item names an address."""

from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from roster.table.base import Item, WholeNumberAttribute, optional
from roster.table.keys import Key, digest

CLAIM_KEPT = timedelta(days=100)  # longer than a dead letter is kept: a replay finds what has gone out
MAIL_COUNT_KEPT = timedelta(days=2)
CAME_BACK_KEPT = timedelta(days=30)  # longer than what SES tells is told again


class MailClaim(Item, discriminator="claim"):
    """Who is sending one mail, until when that claim holds, and what became of the mail."""

    leased_until = UTCDateTimeAttribute()
    lease = UnicodeAttribute()
    outcome = optional(UnicodeAttribute())  # sent, refused, suppressed; none while it may be under way

    @staticmethod
    def key(event_id: str, recipient: str) -> Key["MailClaim"]:
        """Where the claim on an event's mail stands; `recipient` is the id of a person, or of their invitation."""
        return Key(f"MAIL#{event_id}", recipient)


class MailCount(Item, discriminator="mails"):
    """How many mails of a kind an address was sent on one day (UTC). The key is a hash, so that it names nobody."""

    mails = WholeNumberAttribute()

    @staticmethod
    def key(day: str, address: str, *kind: str) -> Key["MailCount"]:
        """Where a day's count of one kind of mail to an address stands."""
        return Key(f"MAILS#{digest(day, address, *kind)}", "MAILS")


class CameBack(Item, discriminator="back"):
    """That a mail of an invitation bounced, or was complained of: each counts once, however often it is told."""

    @staticmethod
    def key(link: str, delivery: str) -> Key["CameBack"]:
        """Where it stands; `link` is the id of the event that sent the mail."""
        return Key(f"MAIL#{link}", f"BACK#{delivery}")
