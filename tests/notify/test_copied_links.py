"""Links that are copied: nothing is mailed of them, and their tokens are nowhere but in the answer."""

import json

import pytest

from tests.notify.mailer import Mailer
from tests.wire import Wire
from tests.world import Team, World

EVE = "eve@example.com"


def test_the_token_of_a_copied_link_is_in_its_answer_and_nowhere_else(
    team: Team, world: World, mailer: Mailer, wire: Wire, log: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    invitation = team.invite(EVE, "viewer")
    token = team.copied(invitation["id"])
    world.call("POST", "/invitations/preview", body={"token": token})
    joined = world.person("Sam").post(
        team.path("invitations", invitation["id"], "accept"), {"token": token}, Idempotency_Key="k"
    )
    assert joined.status == 200
    mailer.deliver()

    code = token.rpartition(".")[2]

    written = [params for operation, params in wire.calls if operation != "VerifyMac"]
    for text in (json.dumps(world.items()), json.dumps(mailer.records()), str(log), capsys.readouterr().out):
        assert code not in text
    assert code not in json.dumps(written)
    assert log != []


def test_copying_mails_nobody_and_leaves_the_mailed_link_as_it_was(team: Team, world: World, mailer: Mailer) -> None:
    invitation = team.invite(EVE, "viewer")
    mailer.deliver()
    mailed = mailer.only.token
    mailer.forget()

    copied = team.copied(invitation["id"])
    assert mailer.deliver() == []

    assert mailer.sent == []
    assert copied != mailed
    accept = team.path("invitations", invitation["id"], "accept")
    assert world.person("Sam", email=None).post(accept, {"token": mailed}).body["email"] == EVE


def test_no_mail_about_who_joined_by_one_goes_to_the_invited_address(team: Team, world: World, mailer: Mailer) -> None:
    invitation = team.invite(EVE, "viewer")
    sam = world.person("Sam", verified=False)
    token = team.copied(invitation["id"])
    assert sam.post(team.path("invitations", invitation["id"], "accept"), {"token": token}).status == 200
    mailer.forget()

    assert team.founder.put(team.path("members", sam.id, "roles"), {"roles": ["issuer"]}).status == 200
    assert team.founder.delete(team.path("members", sam.id)).status == 204
    mailer.deliver()

    assert mailer.sent == []
