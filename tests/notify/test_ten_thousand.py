"""Ten thousand events on a stream that repeats records and splits batches, to a mailer that is killed at every call.

10,000 events come as 11,000 records, in batches of 1 to 10; one batch in ten comes again when it is done. The run is
killed before or after one call to AWS in thirty, whichever it is, and goes on as Lambda does: half the batch, from the
first record that is not done. 1,000 mails are due; 9,175 of the events tell nobody anything, as most do in life.

The run was killed 470 times: 125 times at reading by key, 10 at the index, 7 at making a link, 150 at claiming, 80 at
sending, 98 at marking. All 1,000 mails went out, to nobody else, and 92 times one of them went out again: once for each
kill that fell between the sending of a mail and its mark, since SES cannot be asked.

All events are of one small organization: moto needs ten milliseconds for a mail, and more where its table is large.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from random import Random

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from ulid import ULID

from roster import clock
from roster.table.items import Event, Invitation, Member
from roster.table.read import page
from tests.notify.mailer import Mailer, Record
from tests.wire import Wire
from tests.world import Team

EVENTS, REPEATED, BATCH, KILLED_EVERY = 10_000, 1_000, 10, 30
CALLS = ("BatchGetItem", "GenerateMac", "PutItem", "Query", "SendEmail", "TransactWriteItems", "UpdateItem")
DAY = timedelta(days=1)  # to each batch, so that no address has its day's share

type Mailing = tuple[str, str]  # the event's id, and the address told


class Killed(BaseException):
    """The end of a run that nothing catches, as when Lambda's time is up."""


class Killer:
    """Ends runs at calls drawn by lot, and knows after which of these ends a mail must go out again."""

    def __init__(self, wire: Wire, random: Random) -> None:
        self.kills: Counter[tuple[str, str]] = Counter()
        self.unmarked: Counter[str] = Counter()  # by event: ends between the sending of a mail and its mark
        self._wire, self._random = wire, random
        self._left = KILLED_EVERY
        self._claimed = ""
        for operation in CALLS:
            self._watch(operation)

    def _watch(self, operation: str) -> None:
        def before() -> None:
            self._wire.before(operation, before)
            _, asked = self._wire.calls.pop()
            if operation in ("PutItem", "TransactWriteItems"):
                put = asked if operation == "PutItem" else asked["TransactItems"][0]["Put"]
                self._claimed = put["Item"]["pk"]["S"].removeprefix("MAIL#")
            marks = operation == "UpdateItem" and asked["Key"]["pk"]["S"].startswith("MAIL#")
            self._tick(operation, "before", unmarked=marks)

        def after(_reply: object) -> None:
            self._wire.after(operation, after)
            self._tick(operation, "after", unmarked=operation == "SendEmail")

        self._wire.before(operation, before)
        self._wire.after(operation, after)

    def _tick(self, operation: str, side: str, *, unmarked: bool) -> None:
        self._left -= 1
        if self._left == 0:
            self._left = self._random.randint(1, 2 * KILLED_EVERY)
            self.kills[side, operation] += 1
            self.unmarked[self._claimed] += unmarked
            raise Killed


class Story:
    """What happens in an organization: its records, and the mails that are due."""

    def __init__(self, team: Team, mailer: Mailer, random: Random) -> None:
        self.due: Counter[Mailing] = Counter()
        self._team, self._mailer, self._random = team, mailer, random
        team.plan("enterprise")
        self._owners = {team.founder.id: team.founder.email} | self._join("owner", 2)
        self._members = self._join("viewer", 5)
        self._gone = self._join("viewer", 3)
        for person_id in self._gone:
            assert team.founder.delete(team.path("members", person_id)).status == 204
        self._inviter = Member.get(*Member.key(team.id, team.founder.id))

    def _join(self, role: str, number: int) -> dict[str, str]:
        people = [self._team.world.person(f"{role} {n} of {number}") for n in range(number)]
        return {person.id: person.email for person in [self._team.join(person, role) for person in people]}

    def records(self) -> list[Record]:
        """The records of all events in their order, and some of them a second time, later."""
        found = list(self._told())
        found += [self._untold() for _ in range(EVENTS - len(found))]
        self._random.shuffle(found)
        for place in sorted(self._random.sample(range(EVENTS), REPEATED), reverse=True):
            found.insert(self._random.randint(place + 1, len(found)), found[place])
        return found

    def _told(self) -> Iterator[Record]:
        """825 events, of which 1,000 mails tell."""
        some = self._random.choice
        owners, members, gone = list(self._owners), list(self._members), list(self._gone)
        address = self._owners | self._members | self._gone
        for new, number in (("issuer", 400), ("owner", 100)):
            for _ in range(number):
                target, roles = some(members), {"from": ["viewer"], "to": [new]}
                yield self._record("member.roles_changed", some(owners), target, roles, told=[address[target]])
        for _ in range(100):
            target = some(gone)
            yield self._record("member.removed", some(owners), target, {"roles": ["viewer"]}, told=[address[target]])
        for _ in range(25):
            leaver = some(gone)
            yield self._record("member.left", leaver, leaver, {"roles": ["owner"]}, told=self._owners.values())
        for _ in range(75):
            old, new = some(owners), some(members)
            moved = {"from": old, "to": new}
            both = [address[old], address[new]]
            yield self._record("organization.ownership_transferred", old, new, moved, told=both)
        for _ in range(25):
            switched, told = {"email_notifications": True}, self._owners.values()
            yield self._record("organization.updated", some(owners), self._team.id, switched, told=told)
        for number in range(100):
            yield self._invitation(number)

    def _untold(self) -> Record:
        """An event that nobody is told of."""
        owner, member = self._random.choice(list(self._owners)), self._random.choice(list(self._members))
        roles = {"from": ["viewer"], "to": ["issuer"]}
        event_type, actor, target, data = self._random.choice(
            [
                ("member.roles_changed", owner, owner, roles),  # one's own
                ("member.roles_changed", "billing", member, roles),
                ("member.removed", "billing", member, {}),
                ("member.left", member, member, {"roles": ["viewer"]}),
                ("organization.updated", owner, self._team.id, {"changed": ["name"]}),
                ("organization.plan_changed", "billing", self._team.id, {}),
                ("invitation.accepted", member, "i", {"roles": ["viewer"]}),
                ("user.signed_in", member, member, {}),
            ]
        )
        return self._record(event_type, actor, target, data)

    def _invitation(self, number: int) -> Record:
        address, key = f"guest-{number}@example.com", Invitation.key(self._team.id, f"i{number}")
        record = self._record("invitation.sent", self._inviter.user_id, f"i{number}", {}, told=[address])
        Invitation(
            *key,
            status="pending",
            roles={"viewer"},
            email=address,
            invited_by=self._inviter.user_id,
            inviter_joined=self._inviter.joined,
            link=record["dynamodb"]["Keys"]["sk"]["S"],
            expires_at=clock.now() + timedelta(days=36_500),
            delivery="queued",
        ).save()
        return record

    def _record(
        self,
        event_type: str,
        actor: str,
        target: str,
        data: Mapping[str, object],
        *,
        told: Iterable[str] = (),
    ) -> Record:
        event = Event(
            *Event.key(self._team.id, str(ULID.from_datetime(clock.now()))),
            type=event_type,
            actor_type="machine" if actor == "billing" else "user",
            actor_id=actor,
            target_type="member" if "transferred" in event_type else event_type.partition(".")[0],
            target_id=target,
            data=dict(data),
            at=clock.now(),
        )
        self.due.update((event.id, address) for address in told)
        return self._mailer.record(event)


def drain(mailer: Mailer, records: list[Record], random: Random) -> None:
    """Deliver records as Lambda does: from the first that failed, in half the batch after a run that was killed."""
    size = BATCH
    while records:
        batch = records[:size]
        clock.offset += DAY  # and the claim of who was killed runs out
        try:
            failed = mailer.deliver(*batch)
        except Killed:
            size = max(1, len(batch) // 2)
            continue
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        done = min((numbers.index(number) for number in failed), default=len(batch))
        if not failed and random.random() < 0.1:
            continue  # all is done, and the word of it is lost
        records = records[done:]
        size = random.randint(1, BATCH)


def sent() -> Counter[Mailing]:
    """What SES has taken."""
    mails = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    event_id = re.compile(r"^X-Entity-Ref-ID: (\w+)", re.MULTILINE)
    return Counter((event_id.findall(mail.raw_data)[0], mail.destinations[0]) for mail in mails)


def test_every_due_mail_goes_out_and_none_again_but_where_a_kill_hid_it(team: Team, mailer: Mailer, wire: Wire) -> None:
    random = Random(10_000)  # noqa: S311 (a seed, so that the numbers above are these)
    story = Story(team, mailer, random)
    records = story.records()
    assert len(records) == EVENTS + REPEATED
    assert sum(story.due.values()) == 1000
    killer = Killer(wire, random)

    drain(mailer, records, random)
    wire.clear()

    found = sent()
    again = Counter[str]()
    for (event_id, _), times in (found - story.due).items():
        again[event_id] += times
    assert found.keys() == story.due.keys()
    assert again == +killer.unmarked
    assert min(killer.kills[side, operation] for side in ("before", "after") for operation in CALLS) > 0
    invitations = page(Invitation, f"ORG#{team.id}", "INVITE#", limit=1000, cursor=None).items
    assert {invitation.delivery for invitation in invitations} == {"sent"}
