"""Faults between Roster and DynamoDB: nothing is lost, nothing is done twice, no success is answered as a refusal."""

import pytest
from pynamodb.exceptions import TransactWriteError

from roster import links
from tests.routes import QUERIES, USES, Use, path_of
from tests.wire import Hook, Tamper, Wire, drop, failed, garbled, refuse, unreachable
from tests.world import Team, World

TRANSACTION = "TransactWriteItems"


def throttled() -> None:
    refuse("ThrottlingException")()


def rename(team: Team, name: str) -> int:
    return team.founder.patch(team.path(), {"name": name}).status


@pytest.mark.parametrize("lost", [drop, failed, garbled])
def test_a_reply_lost_after_the_commit_is_a_success(team: Team, wire: Wire, lost: Tamper) -> None:
    wire.after(TRANSACTION, lost)

    assert rename(team, "Globex") == 200

    assert wire.counts[TRANSACTION] == 1
    assert team.event_types() == ["organization.created", "organization.updated"]


@pytest.mark.parametrize("lost", [drop, failed, garbled, unreachable])
def test_a_request_lost_before_the_commit_is_sent_again_unchanged(team: Team, wire: Wire, lost: Hook) -> None:
    wire.before(TRANSACTION, lost)

    assert rename(team, "Globex") == 200

    first, second = (params for operation, params in wire.calls if operation == TRANSACTION)
    assert first == second
    assert team.organization()["name"] == "Globex"
    assert team.event_types() == ["organization.created", "organization.updated"]


@pytest.mark.parametrize("fault", [throttled, unreachable, garbled])
def test_a_lost_reply_is_settled_even_if_the_event_cannot_be_looked_up_at_first(
    team: Team, wire: Wire, fault: Hook
) -> None:
    def look_up_in_vain() -> None:
        wire.before("BatchGetItem", fault, fault)

    wire.before(TRANSACTION, look_up_in_vain)
    wire.after(TRANSACTION, drop)

    assert rename(team, "Globex") == 200

    assert team.event_types() == ["organization.created", "organization.updated"]


def test_leaving_is_no_refusal_when_its_reply_was_dropped(team: Team, world: World, wire: Wire) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    wire.after(TRANSACTION, drop)

    assert bob.post(team.path("leave")).status == 204

    assert team.organization()["member_count"] == 1


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("TransactionCanceledException", ["None", "TransactionConflict", "None"]),
        ("TransactionCanceledException", ["ThrottlingError", "None", "None"]),
        ("ThrottlingException", []),
        ("ProvisionedThroughputExceededException", []),
        ("TransactionInProgressException", []),
        ("InternalServerError", []),
    ],
)
def test_a_conflict_or_throttling_is_tried_again(team: Team, wire: Wire, code: str, reasons: list[str]) -> None:
    wire.before(TRANSACTION, refuse(code, *reasons), refuse(code, *reasons))

    assert rename(team, "Globex") == 200

    assert wire.counts[TRANSACTION] == 3
    assert team.event_types() == ["organization.created", "organization.updated"]


def test_who_is_throttled_to_the_end_is_told_to_try_again(team: Team, world: World, wire: Wire) -> None:
    before = world.items()
    wire.before(TRANSACTION, *[throttled] * 8)

    reply = team.founder.patch(team.path(), {"name": "Globex"})

    assert reply.refusal == (503, "try_again")
    assert int(reply.headers["retry-after"]) >= 1
    assert world.items() == before


@pytest.mark.parametrize("fault", [throttled, failed, unreachable, garbled, drop])
def test_a_read_that_fails_to_the_end_is_told_to_try_again(team: Team, wire: Wire, fault: Hook) -> None:
    wire.before("BatchGetItem", fault)

    assert team.founder.get(team.path()).refusal == (503, "try_again")


@pytest.mark.parametrize("use", USES, ids=str)
def test_whatever_is_asked_while_nothing_can_be_read_is_to_be_tried_again(world: World, wire: Wire, use: Use) -> None:
    for operation in ("BatchGetItem", "Query", "VerifyMac"):
        wire.before(operation, unreachable)
    token = links.make(links.Purpose.MAILED, "o1", "i1", "bob@example.com", "01M80000000000000000000000")
    body = {"token": token} if use.name == "POST /invitations/preview" else use.body

    reply = world.call(
        use.route.method, path_of(use.route), caller=use.caller(world), body=body, query=QUERIES.get(use.name)
    )

    assert reply.refusal == (503, "try_again")


def test_a_mistake_of_ours_is_no_fault_to_try_again(team: Team, wire: Wire) -> None:
    wire.before(TRANSACTION, refuse("ValidationException"))

    with pytest.raises(TransactWriteError):
        rename(team, "Globex")


def test_keys_left_unprocessed_are_asked_for_again(team: Team, wire: Wire) -> None:
    def leave_one(reply: dict[str, object]) -> None:
        found: list[dict[str, object]] = reply["Responses"]["roster"]  # type: ignore[index]
        left = found.pop()
        reply["UnprocessedKeys"] = {"roster": {"Keys": [{"pk": left["pk"], "sk": left["sk"]}], "ConsistentRead": True}}

    wire.after("BatchGetItem", leave_one)

    assert team.founder.get(team.path()).status == 200

    assert wire.counts["BatchGetItem"] == 2


def test_keys_that_stay_unprocessed_end_in_try_again(team: Team, wire: Wire) -> None:
    def leave_all(reply: dict[str, object]) -> None:
        found: list[dict[str, object]] = reply["Responses"]["roster"]  # type: ignore[index]
        left = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
        found.clear()
        reply["UnprocessedKeys"] = {"roster": {"Keys": left, "ConsistentRead": True}}

    wire.after("BatchGetItem", *[leave_all] * 6)

    assert team.founder.get(team.path()).refusal == (503, "try_again")


def test_links_that_kms_cannot_check_now_are_no_refusal_for_good(team: Team, world: World, wire: Wire) -> None:
    invitation = team.invite("bob@example.com", "viewer")
    token = team.token(invitation["id"])
    wire.before("VerifyMac", refuse("ThrottlingException"))

    assert world.call("POST", "/invitations/preview", body={"token": token}).refusal == (503, "try_again")
    assert world.call("POST", "/invitations/preview", body={"token": token}).status == 200
