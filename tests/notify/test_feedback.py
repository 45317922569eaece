"""What SES tells of a mail: an invitation's delivery moves on, never back; what comes back is recorded once."""

import json
from functools import partial
from itertools import permutations
from typing import Any

import pytest

from tests.counts import counted, today
from tests.notify.mailer import Mailer, delivery
from tests.notify.ses import RECIPIENT, ses_event
from tests.wire import Wire
from tests.world import Team, World

KINDS = {
    "sent": "Email Sent",
    "delivered": "Email Delivered",
    "bounced": "Email Bounced",
    "complained": "Email Complaint Received",
}


def tags(team: Team, invitation: dict[str, Any]) -> dict[str, str]:
    """The tags of an invitation's current mail."""
    link = team.token(invitation["id"]).split(".")[2]
    return {"organization": team.id, "invitation": invitation["id"], "link": link}


def tell(team: Team, invitation: dict[str, Any], kind: str, **more: Any) -> str:
    """Let SES tell of an invitation's current mail; return what became of it."""
    outcome = team.world.invoke("notify/feedback", ses_event(KINDS.get(kind, kind), tags(team, invitation), **more))
    return str(outcome["outcome"])


def meanwhile(team: Team, invitation: dict[str, Any]) -> None:
    """Let the mail bounce between another's read and its commit."""
    assert tell(team, invitation, "bounced") == "bounced"


def quota(team: Team) -> tuple[int, int, int]:
    """What the day has counted: sent, bounces, complaints."""
    sent, bounces, complaints = counted(team, "sent", "bounces", "complaints")
    return sent, bounces, complaints


@pytest.fixture
def invitation(team: Team, wire: Wire) -> dict[str, Any]:
    """A pending invitation, its mail queued."""
    return team.invite(RECIPIENT, "issuer")


def test_what_the_mailer_tags_a_mail_with_is_what_brings_its_fate_home(
    team: Team, mailer: Mailer, wire: Wire, invitation: dict[str, Any]
) -> None:
    mailer.deliver()
    (params,) = (params for operation, params in wire.calls if operation == "SendEmail")
    carried = {tag["Name"]: tag["Value"] for tag in params["EmailTags"]}

    team.world.invoke("notify/feedback", ses_event("Email Delivered", carried))

    assert params["ConfigurationSetName"] == "MailEvents"
    assert delivery(team, invitation) == "delivered"


@pytest.mark.parametrize("kind", KINDS)
def test_a_delivery_moves_on(team: Team, invitation: dict[str, Any], kind: str) -> None:
    assert tell(team, invitation, kind) == kind

    assert delivery(team, invitation) == kind


def test_whatever_the_order_a_delivery_ends_the_same(team: Team) -> None:
    for number, order in enumerate(permutations(["sent", "delivered", "complained"])):
        invitation = team.invite(f"invited-{number}@example.com", "issuer")
        for kind in order:
            tell(team, invitation, kind)
        assert delivery(team, invitation) == "complained"
        for sender in (team, team.founder):
            today(sender, {"sent": 1})  # so that they may go on inviting

    assert team.event_types().count("invitation.complained") == 6


def test_a_mail_that_bounced_is_not_complained_of(team: Team, invitation: dict[str, Any]) -> None:
    tell(team, invitation, "bounced")

    assert tell(team, invitation, "complained") == "known"
    assert quota(team) == (1, 1, 0)


def test_a_rejected_mail_is_one_that_bounced(team: Team, invitation: dict[str, Any]) -> None:
    assert tell(team, invitation, "Email Rejected") == "bounced"

    assert delivery(team, invitation) == "bounced"


def test_what_is_not_for_good_moves_nothing(team: Team, invitation: dict[str, Any]) -> None:
    before = team.world.items()

    for bounce_type in ("Transient", "Undetermined", None):
        assert tell(team, invitation, "bounced", bounce={"bounceType": bounce_type}) == "moves nothing"
    assert tell(team, invitation, "complained", complaint={"complaintFeedbackType": "not-spam"}) == "moves nothing"
    assert tell(team, invitation, "Email Delivery Delayed") == "moves nothing"

    assert team.world.items() == before


@pytest.mark.parametrize(("kind", "counts"), [("bounced", (1, 1, 0)), ("complained", (1, 0, 1))])
def test_what_came_back_is_one_event_of_the_systems_and_counts_once_however_often_it_is_told(
    team: Team, invitation: dict[str, Any], kind: str, counts: tuple[int, int, int]
) -> None:
    etag = team.founder.get(team.path("invitations", invitation["id"])).headers["etag"]

    assert [tell(team, invitation, kind) for _ in range(3)] == [kind, "known", "known"]

    *_, event = team.world.events(team.id)
    assert (event.type, event.actor_type, event.actor_id) == (f"invitation.{kind}", "system", None)
    assert (event.target_type, event.target_id) == ("invitation", invitation["id"])
    assert team.event_types()[1:] == ["invitation.sent", f"invitation.{kind}"]
    assert event.ttl is not None
    assert RECIPIENT not in json.dumps(event.to_dynamodb_dict())
    assert quota(team) == counts
    assert team.founder.get(team.path("invitations", invitation["id"])).headers["etag"] == etag


def test_the_one_who_invited_reads_of_it_in_the_log(team: Team, invitation: dict[str, Any]) -> None:
    tell(team, invitation, "bounced")

    latest = team.founder.get(team.path("activity")).body["items"][0]
    assert latest["type"] == "invitation.bounced"
    assert latest["actor"]["type"] == "system"
    assert RECIPIENT in latest["sentence"]


def test_a_bounce_of_another_day_begins_that_days_count(team: Team, invitation: dict[str, Any], world: World) -> None:
    with world.later(days=1):
        tell(team, invitation, "bounced")

        assert quota(team) == (0, 1, 0)
        assert team.founder.post(team.path("invitations", invitation["id"], "resend")).status == 200
        assert quota(team) == (1, 1, 0)


def test_a_mail_that_was_replaced_moves_nothing(team: Team, invitation: dict[str, Any]) -> None:
    old = tags(team, invitation)
    team.founder.post(team.path("invitations", invitation["id"], "resend"))

    outcome = team.world.invoke("notify/feedback", ses_event("Email Bounced", old))

    assert outcome == {"outcome": "not the current mail"}
    assert delivery(team, invitation) == "queued"
    assert "invitation.bounced" not in team.event_types()
    assert quota(team) == (2, 1, 0)  # but who sent it answers for it


def test_an_accepted_invitation_moves_on_too(team: Team, world: World) -> None:
    grace = world.person("Grace")
    invitation = team.invite(grace.email, "issuer")
    grace.post(team.path("invitations", invitation["id"], "accept"))

    assert tell(team, invitation, "delivered") == "delivered"
    assert delivery(team, invitation) == "delivered"
    assert tell(team, invitation, "complained") == "complained"
    assert delivery(team, invitation) == "complained"


def test_a_bounce_that_lands_while_its_invitation_is_accepted_is_kept_and_counts_once(
    team: Team, world: World, wire: Wire
) -> None:
    grace = world.person("Grace")
    invitation = team.invite(grace.email, "issuer")
    wire.before("TransactWriteItems", partial(meanwhile, team, invitation))

    assert grace.post(team.path("invitations", invitation["id"], "accept")).status == 200

    assert delivery(team, invitation) == "bounced"
    assert tell(team, invitation, "bounced") == "known"
    assert quota(team) == (1, 1, 0)


@pytest.mark.parametrize(("kind", "write"), [("delivered", "UpdateItem"), ("bounced", "TransactWriteItems")])
def test_an_invitation_that_is_accepted_meanwhile_is_found_where_it_went(
    team: Team, world: World, wire: Wire, kind: str, write: str
) -> None:
    grace = world.person("Grace")
    invitation = team.invite(grace.email, "issuer")

    def accept() -> None:
        assert grace.post(team.path("invitations", invitation["id"], "accept")).status == 200

    wire.before(write, accept)

    assert tell(team, invitation, kind) == kind
    assert delivery(team, invitation) == kind


def test_an_invitation_on_its_way_between_two_keys_is_looked_for_again(team: Team, world: World, wire: Wire) -> None:
    grace = world.person("Grace")
    invitation = team.invite(grace.email, "issuer")
    known = tags(team, invitation)
    grace.post(team.path("invitations", invitation["id"], "accept"))

    def torn(reply: dict[str, Any]) -> None:
        found = reply["Responses"]["roster"]
        found[:] = [item for item in found if not item["sk"]["S"].startswith("JOINED#")]

    wire.after("BatchGetItem", torn)

    assert world.invoke("notify/feedback", ses_event("Email Delivered", known)) == {"outcome": "delivered"}


def test_what_is_gone_is_left_alone(team: Team, world: World) -> None:
    invitation = team.invite(RECIPIENT, "issuer")
    known = tags(team, invitation)
    team.founder.delete(team.path())
    before = world.items()

    for kind, other in (("Delivered", {}), ("Bounced", {"organization": "none"}), ("Bounced", {"link": "none"})):
        event = ses_event(f"Email {kind}", known | other)
        assert world.invoke("notify/feedback", event)["outcome"] == "gone"

    assert world.items() == before


def test_what_cannot_be_read_is_not_tried_again(world: World) -> None:
    whole = ses_event("Email Bounced", {"organization": "o", "invitation": "i", "link": "l"})
    events: list[Any] = [
        {},
        [],
        {"detail-type": "Email Bounced"},
        whole | {"detail-type": 1},
        whole | {"detail": "mail"},
        whole | {"detail": {"mail": {"tags": {"invitation": ["i"], "organization": ["o"]}}}},
        whole | {"detail": {"mail": {"tags": {"invitation": "i", "organization": [1], "link": []}}}},
    ]
    for event in events:
        assert world.invoke("notify/feedback", event) == {"outcome": "malformed"}


def test_mails_that_are_no_invitations_are_passed_over(world: World) -> None:
    mails: list[Any] = [{}, {"tags": {}}, {"tags": {"ses:from-domain": ["example.com"]}}, {"tags": None}]
    for mail in mails:
        event = {"detail-type": "Email Bounced", "detail": {"mail": mail}}

        assert world.invoke("notify/feedback", event) == {"outcome": "not of an invitation"}
