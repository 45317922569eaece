"""Who invited somebody is told that they have accepted or declined."""

from collections.abc import Callable

import pytest

from roster.mail.plain import plain
from roster.table.items import User
from tests.notify.mailer import Mailer, change, leave, remove, seen
from tests.wire import Wire, refuse
from tests.world import Caller, Team

GRACE = "grace@example.com"
ACCEPTED = "Grace accepted your invitation to Acme"
DECLINED = "Grace declined your invitation to Acme"


@pytest.fixture
def grace(team: Team) -> Caller:
    """Somebody whom Roster knows, and who is in no organization."""
    grace = team.world.person("Grace")
    assert grace.put("/me").status == 200
    return grace


def answer(team: Team, guest: Caller, how: str, *, by: Caller | None = None, link: bool = False) -> dict[str, str]:
    """Somebody is invited, and answers; return the invitation."""
    invitation: dict[str, str] = team.invite(GRACE, "issuer", by=by)
    answer_again(team, guest, how, invitation, link=link)
    return invitation


def answer_again(team: Team, guest: Caller, how: str, invitation: dict[str, str], *, link: bool = False) -> None:
    body = {"token": team.token(invitation["id"])} if link else {}
    assert guest.post(team.path("invitations", invitation["id"], how), body).status < 300


def answers(mailer: Mailer) -> dict[str, list[str]]:
    """Who is told of an answer, once all that has happened is delivered, twice."""
    assert mailer.deliver() == []
    assert mailer.deliver() == []
    told = {address: [one for one in mailer.told(address) if "your invitation" in one] for address in mailer.told_all()}
    return {address: subjects for address, subjects in told.items() if subjects}


def test_who_invited_is_told_that_it_was_accepted_by_whom_and_as_what(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    answer(team, grace, "accept", by=people["admin"])

    assert answers(mailer) == {people["admin"].email: [ACCEPTED]}
    text = seen(mailer.latest.text)
    assert f"Grace accepted your invitation to Acme on Badges, which you sent to {plain(GRACE)}. " in text
    assert "They have joined as: - Issuer: " in text
    assert mailer.latest.links == ["https://app.example.com", "https://app.example.com/team#you"]


def test_who_invited_is_told_that_it_was_declined(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    answer(team, grace, "decline", by=people["admin"])

    assert answers(mailer) == {people["admin"].email: [DECLINED]}
    text = seen(mailer.latest.text)
    assert f"Grace declined your invitation to Acme on Badges, which you sent to {plain(GRACE)}." in text
    assert f"you can invite {plain(GRACE)} again" in text


def test_who_sent_it_again_is_told_and_not_who_sent_it_first(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    invitation = team.invite(GRACE, "issuer")
    assert people["admin"].post(team.path("invitations", invitation["id"], "resend")).status == 200
    answer_again(team, grace, "accept", invitation)

    assert answers(mailer) == {people["admin"].email: [ACCEPTED]}


def test_who_declines_by_a_link_and_is_not_known_goes_by_the_address_invited(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    stranger = team.world.person("Mallory", email=None)
    answer(team, stranger, "decline", link=True)

    assert answers(mailer) == {"ada@example.com": [f"{plain(GRACE)} declined your invitation to Acme"]}
    text = seen(mailer.latest.text)
    assert f"{plain(GRACE)} declined your invitation to Acme on Badges. " in text
    assert "Mallory" not in text


def test_who_joins_by_a_link_is_named_beside_the_address_invited_and_theirs_is_not_told(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    zoe = team.world.person("Zoe", email="private@example.com")
    answer(team, zoe, "accept", link=True)

    assert answers(mailer) == {"ada@example.com": ["Zoe accepted your invitation to Acme"]}
    assert f"Zoe accepted your invitation to Acme on Badges, which you sent to {plain(GRACE)}." in seen(
        mailer.latest.text
    )
    assert "private" not in mailer.latest.raw


def test_who_has_no_name_goes_by_the_address_invited(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    answer(team, team.world.person(None, email=GRACE), "accept")

    assert answers(mailer) == {"ada@example.com": [f"{plain(GRACE)} accepted your invitation to Acme"]}


def test_a_role_that_is_gone_is_not_named(team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller) -> None:
    role = team.founder.post(team.path("roles"), {"title": "Auditor", "permissions": ["activity:read"]}).body["id"]
    invitation = team.invite(GRACE, role)
    answer_again(team, grace, "accept", invitation)
    change(team, grace, "viewer")
    assert team.founder.delete(team.path("roles", role)).status == 204

    assert answers(mailer) == {"ada@example.com": [ACCEPTED]}
    (mail,) = (mail for mail in mailer.sent if mail.message["Subject"] == ACCEPTED)
    assert f"which you sent to {plain(GRACE)}. Open Badges" in seen(mail.text)


def leaves(team: Team, inviter: Caller) -> None:
    leave(team, inviter)


def is_removed(team: Team, inviter: Caller) -> None:
    remove(team, inviter)


def is_erased(team: Team, inviter: Caller) -> None:
    assert team.world.machine("roster/users").delete(f"/users/{inviter.id}").status == 204


@pytest.mark.parametrize("goes", [leaves, is_removed, is_erased])
@pytest.mark.parametrize("how", ["accept", "decline"])
def test_who_invited_and_is_no_member_any_more_is_not_told(
    team: Team,
    mailer: Mailer,
    people: dict[str, Caller],
    grace: Caller,
    how: str,
    goes: Callable[[Team, Caller], None],
) -> None:
    answer(team, grace, how, by=people["admin"])
    goes(team, people["admin"])

    assert answers(mailer) == {}


@pytest.mark.parametrize("goes", [leaves, is_removed, is_erased])
def test_of_who_has_joined_and_is_gone_again_nobody_is_told(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller, goes: Callable[[Team, Caller], None]
) -> None:
    answer(team, grace, "accept")
    goes(team, grace)

    assert answers(mailer) == {}


def test_of_who_has_joined_twice_who_invited_them_last_is_told(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    answer(team, grace, "accept")
    leave(team, grace)
    answer(team, grace, "accept", by=people["admin"])

    assert answers(mailer) == {people["admin"].email: [ACCEPTED]}


def test_who_declined_and_is_invited_again_is_no_news(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    answer(team, grace, "decline")
    team.invite(GRACE, "viewer")

    assert answers(mailer) == {}


def test_who_declined_and_is_erased_is_no_news(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    answer(team, grace, "decline")
    is_erased(team, grace)

    assert answers(mailer) == {}


def test_nobody_answers_their_own_invitation(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    invitation = team.invite(GRACE, "viewer")
    token = {"token": team.token(invitation["id"])}

    for how in ("accept", "decline"):
        refused = team.founder.post(team.path("invitations", invitation["id"], how), token)
        assert refused.refusal == (409, "already_member")

    assert answers(mailer) == {}


def test_another_account_of_who_invited_is_somebody_else(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    other = team.world.person("Ada too", email=team.founder.email)
    answer(team, other, "accept", link=True)

    assert answers(mailer) == {"ada@example.com": ["Ada too accepted your invitation to Acme"]}


def test_the_mail_of_an_organization_that_is_off_tells_of_no_answer(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    assert team.founder.patch(team.path(), {"email_notifications": False}).status == 200
    answer(team, grace, "accept")

    assert answers(mailer) == {}


def test_what_becomes_of_the_mail_changes_nothing_of_the_invitation_that_it_tells_of(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller, wire: Wire
) -> None:
    invitation = answer(team, grace, "decline")
    path = team.path("invitations", invitation["id"])
    (*_, record) = mailer.records()
    before, events = team.founder.get(path), team.event_types()
    wire.before("SendEmail", refuse("MessageRejected"))

    assert mailer.deliver(record) == []

    after = team.founder.get(path)
    assert (after.body, after.headers["etag"]) == (before.body, before.headers["etag"])
    assert team.event_types() == events
    assert wire.counts["SendEmail"] == 1


def test_it_costs_two_reads_and_two_writes(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller, wire: Wire
) -> None:
    for how in ("decline", "accept"):
        answer(team, grace, how)
        (*_, record) = mailer.records()

        with wire.counted() as calls:
            mailer.deliver(record)

        assert calls == {"BatchGetItem": 2, "TransactWriteItems": 1, "SendEmail": 1, "UpdateItem": 1}
        assert wire.items_written()[-1:] == [2]


def test_who_invited_has_no_verified_address_any_more_and_is_told_at_the_one_that_they_joined_by(
    team: Team, mailer: Mailer, people: dict[str, Caller], grace: Caller
) -> None:
    answer(team, grace, "accept", by=people["admin"])
    User.get(*User.key(people["admin"].id)).update([User.email.remove()])

    assert answers(mailer) == {people["admin"].email: [ACCEPTED]}
