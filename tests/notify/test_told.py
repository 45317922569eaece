"""Who is told of what, and who is not: one mail to a person for a change, none for one's own."""

from roster.mail.plain import plain
from roster.table.items import User
from tests.notify.mailer import Mailer, change, leave, remove, seen, switch, transfer
from tests.wire import Wire
from tests.world import Caller, Team

SEND = "SendEmail"


def test_whose_roles_somebody_changed_is_told(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["viewer"], "issuer")

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["viewer"].email: ["Ada changed your role in Acme"]}
    text = seen(mailer.only.text)
    assert (
        f"Ada ({plain('ada@example.com')}) changed what you may do in Acme on Badges. You are now: - Issuer: " in text
    )
    assert "Until now you were Viewer." in text
    assert mailer.only.links == ["https://app.example.com"]


def test_who_is_made_an_owner_is_told_in_words_of_its_own(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    change(team, people["admin"], "owner")

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["admin"].email: ["Ada made you an owner of Acme"]}


def test_who_steps_down_is_told_nothing(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["owner"], "admin", by=people["owner"])

    assert mailer.deliver() == []

    assert mailer.told_all() == {}


def test_who_has_gone_since_is_told_of_that_alone(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["viewer"], "issuer")
    remove(team, people["viewer"])

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["viewer"].email: ["Ada removed you from Acme"]}


def test_who_was_removed_and_is_back_is_not_told(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    remove(team, people["viewer"])
    team.join(people["viewer"], "viewer")

    assert mailer.deliver() == []

    assert "Ada removed you from Acme" not in mailer.told(people["viewer"].email)


def test_who_leaves_is_told_nothing_and_nobody_is_if_they_did_not_own(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    leave(team, people["admin"])

    assert mailer.deliver() == []

    assert mailer.told_all() == {}


def test_switched_off_mail_tells_nobody_anything_else(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    switch(team, on=False)
    mailer.forget()
    change(team, people["viewer"], "issuer")
    remove(team, people["viewer"])
    transfer(team, people["Ada"], people["admin"])
    change(team, people["Ada"], "owner", by=people["admin"])
    leave(team, people["owner"])

    assert mailer.deliver() == []

    assert mailer.told_all() == {}


def test_the_switch_is_read_when_the_mail_is_made(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["viewer"], "issuer")
    switch(team, on=False)

    assert mailer.deliver() == []

    assert people["viewer"].email not in mailer.told_all()


def test_a_rename_is_not_mailed(team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire) -> None:
    assert team.founder.patch(team.path(), {"name": "Globex"}).status == 200
    (*_, record) = mailer.records()
    wire.clear()

    assert mailer.deliver(record) == []

    assert not wire.calls


def test_what_a_machine_does_to_members_is_recorded_alone(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    provision, users = team.world.machine("roster/provision"), team.world.machine("roster/users")
    for user_id, role in (("zoe", "issuer"), ("zoe", "viewer"), (people["viewer"].id, "owner")):
        body = {"email": f"{user_id}@example.com", "name": "Zoe", "roles": [role]}
        assert provision.put(team.path("members", user_id), body).status < 300
    assert users.delete(f"/users/{people['admin'].id}").status == 204
    assert provision.delete(team.path("members", people["viewer"].id)).status == 204

    assert mailer.deliver() == []

    assert mailer.told_all() == {}


def test_a_custom_role_goes_by_its_title_and_by_what_it_is_for_if_that_is_said(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    permissions = ["activity:read"]
    silent, told = (
        team.founder.post(team.path("roles"), role | {"permissions": permissions}).body["id"]
        for role in ({"title": "Auditor"}, {"title": "Examiner", "description": "Reads all."})
    )
    change(team, people["viewer"], silent)
    change(team, people["viewer"], told)

    assert mailer.deliver() == []

    first, second = (seen(mail.text) for mail in mailer.sent)
    assert "- Auditor Until now" in first
    assert "- Examiner: Reads all." in second


def test_of_what_was_before_its_deletion_nobody_is_told(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    invitation = team.invite("grace@example.com", "viewer")
    assert team.world.person("Grace").post(team.path("invitations", invitation["id"], "accept")).status == 200
    change(team, people["admin"], "issuer")
    remove(team, people["viewer"])
    leave(team, people["owner"])
    switch(team, on=False)
    assert team.founder.delete(team.path()).status == 204

    assert mailer.deliver() == []

    assert mailer.told_all() == {}


def test_who_is_erased_is_told_nothing(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["viewer"], "issuer")
    User(*User.key(people["viewer"].id)).delete()

    assert mailer.deliver() == []

    assert mailer.told_all() == {}


def test_what_somebody_erased_did_a_former_user_did(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["viewer"], "issuer", by=people["owner"])
    User(*User.key(people["owner"].id)).delete()

    assert mailer.deliver() == []

    assert mailer.told(people["viewer"].email) == ["A former user changed your role in Acme"]


def test_who_has_no_verified_address_is_told_at_the_one_that_they_joined_by(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    guest = team.world.person("Guest", email=None)
    invitation = team.invite("invited@example.com", "viewer")
    token = {"token": team.token(invitation["id"])}
    assert guest.post(team.path("invitations", invitation["id"], "accept"), token).status == 200
    mailer.forget()

    change(team, guest, "issuer")
    mailer.deliver()
    assert mailer.told_all() == {"invited@example.com": ["Ada changed your role in Acme"]}

    remove(team, guest)
    assert mailer.deliver() == []
    assert mailer.told("invited@example.com")[1:] == ["Ada removed you from Acme"]


def test_a_mail_to_a_member_costs_one_read_and_two_writes(
    team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire
) -> None:
    change(team, people["viewer"], "issuer")
    (*_, record) = mailer.records()

    with wire.counted() as calls:
        mailer.deliver(record)

    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendEmail": 1, "UpdateItem": 1}
    assert wire.items_written()[-1:] == [2]


def test_only_an_invitations_mail_is_tagged_for_what_ses_will_tell(
    team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire
) -> None:
    change(team, people["viewer"], "issuer")
    invitation = team.invite("grace@example.com", "viewer")
    link = team.world.events(team.id)[-1].id

    mailer.deliver()

    plain, invited = (asked for operation, asked in wire.calls if operation == SEND)
    tags = {"organization": team.id, "invitation": invitation["id"], "link": link}
    assert "EmailTags" not in plain
    assert {tag["Name"]: tag["Value"] for tag in invited["EmailTags"]} == tags
    assert plain["ConfigurationSetName"] == invited["ConfigurationSetName"] != ""
