"""A product records its own events: as a member's doing or the machine's own, apart from Roster's."""

import json
from datetime import timedelta

import pytest

from roster import clock
from roster.table.items import Event, ProductEvent, User
from roster.table.read import page
from tests.activity.records import log, product, record, recorded
from tests.wire import Wire, drop
from tests.world import Team, World

TRANSACTION = "TransactWriteItems"


def products(team: Team) -> list[Event]:
    """What the product's own partition holds, oldest first."""
    return page(Event, ProductEvent.key(team.id, "").pk, limit=100, cursor=None).items


def test_with_a_user_id_the_event_is_that_members_doing_as_the_machine_said(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "issuer")
    target = {"type": "certificate", "id": "c-4711", "name": "Wildcard"}

    event = recorded(
        team,
        user_id=bob.id,
        target=target,
        data={"serial": 4711, "tags": [None]},
        occurred_at="2026-01-31T13:00:00+01:00",
    )

    assert event == {
        "id": event["id"],
        "type": "certificate.issued",
        "at": event["at"],
        "occurred_at": "2026-01-31T12:00:00Z",
        "actor": {"type": "user", "id": bob.id, "name": "Bob", "email": "bob@example.com"},
        "via": "certs",
        "target": target,
        "data": {"serial": 4711, "tags": [None]},
        "sentence": "Bob issued the certificate (Wildcard).",
        "request_id": event["request_id"],
    }
    assert log(team)[0] == event
    assert log(team, actor=bob.id)[0] == event


def test_without_one_it_is_the_machines_own_and_about_the_organization_if_it_names_no_target(team: Team) -> None:
    event = recorded(team, "key-pair.rolled_over")

    assert event["actor"] == {"type": "machine", "id": "certs", "name": None, "email": None}
    assert (event["via"], event["data"], event["occurred_at"]) == (None, {}, event["at"])
    assert event["target"] == {"type": "organization", "id": team.id, "name": "Acme"}
    assert event["sentence"] == "Certs rolled over the key pair (Acme)."
    assert log(team, actor="certs") == [event]


def test_whoever_is_no_member_did_nothing(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "issuer")
    bob.post(team.path("leave"))
    before = world.items()

    for user_id in (bob.id, world.person("Eve").id, "nobody"):
        assert record(team, user_id=user_id).refusal == (404, "not_found"), user_id

    assert world.items() == before


def test_a_member_who_goes_meanwhile_did_nothing(team: Team, world: World, wire: Wire) -> None:
    bob = team.join(world.person("Bob"), "issuer")

    def leave() -> None:
        assert bob.post(team.path("leave")).status == 204

    wire.before(TRANSACTION, leave)

    assert record(team, user_id=bob.id).refusal == (404, "not_found")

    assert products(team) == []


def test_a_reply_dropped_after_the_commit_is_a_success_and_one_event(team: Team, wire: Wire) -> None:
    wire.after(TRANSACTION, drop)

    event = recorded(team)

    assert wire.counts[TRANSACTION] == 1
    assert [one.id for one in products(team)] == [event["id"]]


def test_it_stands_apart_from_rosters_own_and_bears_another_kind(team: Team) -> None:
    recorded(team)

    assert team.event_types() == ["organization.created"]
    (event,) = products(team)
    assert event.to_dynamodb_dict()["kind"] == {"S": "product"}  # which the mailer's filter lets pass by


def test_a_person_who_is_a_target_goes_by_the_name_of_today(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob Baker"), "issuer")  # no id can spell that
    assigned = recorded(team, "certificate.assigned", target={"type": "member", "id": bob.id})
    assert assigned["target"] == {"type": "member", "id": bob.id, "name": "Bob Baker"}
    assert assigned["sentence"] == "Certs assigned the certificate (Bob Baker)."

    User(*User.key(bob.id)).delete()

    assert log(team)[0]["target"] == {"type": "member", "id": bob.id, "name": None}
    assert log(team)[0]["sentence"] == "Certs assigned the certificate (a former user)."
    assert "Bob Baker" not in str([event.attribute_values for event in products(team)])


def test_an_organization_as_a_target_is_shown_by_name_only_if_it_is_this_one(team: Team, world: World) -> None:
    other = Team.found(world, world.person("Eve"), "Secret")

    event = recorded(team, target={"type": "organization", "id": other.id})

    assert event["target"]["name"] is None
    assert event["sentence"] == "Certs issued the certificate (the organization)."


@pytest.mark.parametrize(
    "event_type",
    [
        *(
            "member.promoted",
            "organization.created",
            "invitation.sent",
            "role.made",
            "user.signed_in",
            "member.removed",
        ),
        *(
            "certificate",
            "certificate.",
            ".issued",
            "certificate.issued.again",
            "Certificate.issued",
            "certificate issued",
        ),
        *("certificate.issued ", "certificate.issued\n", "1.issued", "zertifikät.issued", "", f"{'x' * 51}.issued"),
    ],
)
def test_a_type_is_noun_and_verb_and_the_noun_is_none_of_rosters(team: Team, event_type: str) -> None:
    assert record(team, event_type).fields == ["type"]


def test_what_it_happened_to_has_a_type_an_id_and_a_name_that_is_not_rosters_to_know(team: Team) -> None:
    good = {"type": "certificate", "id": "urn:c:4711?x=1#y", "name": "*.example.com"}
    assert recorded(team, target=good)["target"] == good

    assert record(team, target={}).fields == ["target.type", "target.id"]
    for field, value in (
        *(("type", "Certificate"), ("type", ""), ("type", "x" * 51)),
        *(("id", ""), ("id", "a b"), ("id", "x" * 256), ("id", "ä"), ("id", 4711)),
        *(("name", ""), ("name", "x" * 101), ("name", "a\nb"), ("nonsense", 1)),
    ):
        assert record(team, target=good | {field: value}).fields == [f"target.{field}"], value
    for known in ("member", "user", "organization", "invitation", "role"):
        assert record(team, target={"type": known, "id": "x", "name": "Bob"}).fields == ["target.name"]
    assert record(team, target="certificate").fields == ["target"]


def test_data_is_an_object_of_at_most_4_kb(team: Team) -> None:
    frame = len(json.dumps({"x": ""}, separators=(",", ":")))
    for letter, bytes_each in (("x", 1), ("ä", 2)):
        fits = {"x": letter * ((4096 - frame) // bytes_each)}
        assert recorded(team, data=fits)["data"] == fits
        assert record(team, data={"x": fits["x"] + letter}).fields == ["data"]

    for wrong in ((), "x", 1, True):
        assert record(team, data=wrong).fields == ["data"], wrong
    infinite = product(team).post(team.path("activity"), '{"type": "certificate.issued", "data": {"x": 1e999}}')
    assert infinite.fields == ["data"]


def test_what_has_not_happened_yet_is_refused(team: Team) -> None:
    now = clock.now()

    assert record(team, occurred_at=f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}").fields == ["occurred_at"]
    assert record(team, occurred_at="9999-12-31T23:59:59-23:59").fields == ["occurred_at"]
    just_now = recorded(team, occurred_at=f"{now:%Y-%m-%dT%H:%M:%S.%fZ}")
    assert just_now["occurred_at"] == f"{now:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31t12:00:00z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00.999999999+05:30", "2026-01-31T06:30:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0987-01-01T00:00:00Z", "0987-01-01T00:00:00Z"),
    ],
)
def test_when_it_occurred_is_told_in_utc_by_the_second(team: Team, written: str, shown: str) -> None:
    assert recorded(team, occurred_at=written)["occurred_at"] == shown
    assert log(team)[0]["occurred_at"] == shown


@pytest.mark.parametrize(
    "occurred_at",
    [
        *("", "now", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-02-30T12:00:00Z", 1769860800),
        *("20260131T120000Z", "2026-01-31T12:00Z", "2026-01-31T25:00:00Z", "2026-W05-6T12:00:00Z", "x" * 9_000),
        *("0001-01-01T00:00:00+01:00", "\uff12026-01-31T12:00:00Z", "2026-01-31T12:00:00+0100"),
    ],
)
def test_a_time_that_is_no_rfc_3339_timestamp_is_refused(team: Team, occurred_at: object) -> None:
    assert record(team, occurred_at=occurred_at).fields == ["occurred_at"]


def test_an_event_is_kept_as_long_as_the_plan_of_its_time_says(team: Team) -> None:
    for plan, days in (("free", 90), ("professional", 365), ("enterprise", None)):
        if plan != "free":
            team.plan(plan)
        recorded(team)
        *_, event = products(team)

        assert event.ttl == (None if days is None else int((event.at + timedelta(days=days)).timestamp()))


def test_what_is_past_its_time_is_not_shown_though_the_table_still_has_it(team: Team, world: World) -> None:
    short = recorded(team)
    team.plan("professional")
    long = recorded(team)

    with world.later(days=90, seconds=-5):
        assert short in log(team)
    with world.later(days=90, seconds=5):
        assert [event["id"] for event in log(team)] == [long["id"]]
        assert team.founder.get(team.path("activity"), limit=1, actor="certs").body["items"] == [long]
    assert len(products(team)) == 2
