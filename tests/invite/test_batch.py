"""Inviting many at once: each row is judged, committed and answered on its own."""

from typing import Any

import pytest

from tests.wire import Wire, drop, refuse
from tests.world import Reply, Team, World


def row(email: str = "bob@example.com", *roles: str, **more: object) -> dict[str, Any]:
    return {"email": email, "roles": list(roles or ("viewer",)), **more}


def send(team: Team, *rows: object, **headers: str) -> Reply:
    return team.founder.post(team.path("invitations", "batch"), {"invitations": list(rows)}, **headers)


def statuses(reply: Reply) -> list[int]:
    assert reply.status == 200, reply.text
    return [result["status"] for result in reply.body["results"]]


def test_rows_are_answered_in_the_order_asked_as_the_single_call_would(team: Team, world: World) -> None:
    team.plan("enterprise")
    team.join(world.person("Eve"), "viewer")
    team.invite("dan@example.com", "viewer")

    reply = send(
        team,
        row("Bob@Example.com"),
        row("eve@example.com"),
        row("dan@example.com"),
        row("carl@example.com", "king"),
        row("no address"),
        row("gus@example.com", surprise=1),
        "no object",
        row("bob@example.com"),
    )

    assert statuses(reply) == [201, 409, 409, 422, 422, 422, 422, 409]
    results = reply.body["results"]
    assert results[0]["invitation"]["email"] == "bob@example.com"
    assert results[0]["email"] == "Bob@Example.com"
    assert results[6]["email"] is None
    problems = [result["problem"] for result in results[1:]]
    assert [problem["code"] for problem in problems] == [
        "already_member",
        "already_invited",
        "invalid_request",
        "invalid_request",
        "invalid_request",
        "invalid_request",
        "already_invited",
    ]
    assert [problem["errors"][0]["field"] for problem in problems[2:6]] == ["roles", "email", "surprise", "body"]
    assert all(result["status"] == result["problem"]["status"] for result in results[1:])


def test_every_row_sent_has_an_event_of_its_own(team: Team) -> None:
    assert statuses(send(team, *(row(f"p{number}@example.com") for number in range(20)))) == [201] * 20

    assert team.event_types() == ["organization.created", *["invitation.sent"] * 20]


@pytest.mark.parametrize("rows", [[], [row(f"p{number}@example.com") for number in range(21)], None, "many"])
def test_a_batch_is_refused_for_its_own_shape(team: Team, rows: object) -> None:
    reply = team.founder.post(team.path("invitations", "batch"), {"invitations": rows})

    assert reply.fields == ["invitations"]


def test_a_batch_is_refused_whole_for_who_may_not_invite_or_see(team: Team, world: World) -> None:
    viewer = team.join(world.person("Eve"), "viewer")
    path, body = team.path("invitations", "batch"), {"invitations": [row()]}

    assert viewer.post(path, body).refusal == (403, "forbidden")
    assert viewer.post(path, body).body["permission"] == "invitations:manage"
    assert world.person("Stranger").post(path, body).refusal == (404, "not_found")


def test_one_without_a_verified_address_is_told_so_row_by_row(team: Team, world: World) -> None:
    team.founder.claims["email_verified"] = False

    reply = send(team, row("bob@example.com"), row("eve@example.com"))

    assert statuses(reply) == [403, 403]
    assert {result["problem"]["code"] for result in reply.body["results"]} == {"email_not_verified"}


def test_rows_beyond_the_share_of_the_day_are_refused_and_those_before_are_sent(team: Team) -> None:
    for batch in range(2):
        assert statuses(send(team, *(row(f"p{batch}-{number}@example.com") for number in range(20)))) == [201] * 20

    reply = send(team, *(row(f"last-{number}@example.com") for number in range(12)))

    assert statuses(reply) == [201] * 10 + [429] * 2
    assert reply.body["results"][-1]["problem"]["limit"] == "invitations_per_day"


def test_each_row_has_its_own_place_under_one_idempotency_key(team: Team, wire: Wire) -> None:
    rows = [row("bob@example.com"), row("eve@example.com"), row("dan@example.com")]
    wire.before("TransactWriteItems", lambda: None, *[refuse("ThrottlingException")] * 8)
    first = send(team, *rows, Idempotency_Key="many")
    assert statuses(first) == [201, 503, 201]
    wire.clear()

    second = send(team, *rows, Idempotency_Key="many")

    assert statuses(second) == [201, 201, 201]
    assert second.body["results"][0] == first.body["results"][0]
    assert second.body["results"][2] == first.body["results"][2]
    assert team.event_types().count("invitation.sent") == 3


def test_a_changed_row_under_the_same_key_is_told_so_and_the_others_are_answered_again(team: Team) -> None:
    first = send(team, row("bob@example.com"), row("eve@example.com"), Idempotency_Key="many")

    second = send(team, row("bob@example.com"), row("dan@example.com"), Idempotency_Key="many")

    assert statuses(second) == [201, 422]
    assert second.body["results"][0] == first.body["results"][0]
    assert second.body["results"][1]["problem"]["code"] == "idempotency_key_reused"


def test_a_row_whose_reply_is_lost_is_sent_once(team: Team, wire: Wire) -> None:
    wire.after("TransactWriteItems", drop)

    assert statuses(send(team, row("bob@example.com"), row("eve@example.com"))) == [201, 201]
    assert team.event_types().count("invitation.sent") == 2


def test_refused_rows_are_counted_as_refusals(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    send(team, row("bob@example.com", "king"), row("eve@example.com"))

    counted = [line for line in capsys.readouterr().out.splitlines() if '"Refusals"' in line]
    assert len(counted) == 1
    assert '"code":"invalid_request"' in counted[0]
