"""The demo: what `python -m local --seed` begins with, and what POST /_local/seed makes anew, in each pack."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from roster.policy import pack
from roster.policy.permissions import ROSTER_PERMISSIONS
from tests.deployment import PACKS
from tests.local.test_server import PATIENCE, Client, demo_origin, started

STATES = {"pending", "declined", "canceled", "expired", "void"}  # what is accepted is a member
DELIVERIES = {"sent", "delivered", "bounced", "complained", "suppressed"}

type Told = dict[str, Any]


@pytest.fixture(scope="module", params=PACKS)
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """A server that began with the demo, of which each test leaves the demo behind."""
    with started("--workers", "1", "--seed", "--pack", request.param) as (process, address):
        with Client(base_url=address, timeout=PATIENCE) as client:
            yield client
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0


@pytest.fixture(scope="module")
def kept(client: Client) -> Told:
    """What the last seeding of this server said that there is: nothing, at first."""
    return {}


@pytest.fixture
def told(client: Client, kept: Told) -> Told:
    """What there is."""
    return kept or seeded(client, kept)


def seeded(client: Client, kept: Told) -> Told:
    """Seed, and keep what is said."""
    answer = client.post("/_local/seed")
    assert answer.status_code == 200, answer.text
    kept.clear()
    kept.update(answer.json())
    return {**kept}


def signed_in(client: Client, person: Told) -> dict[str, str]:
    return client.headers_of(sub=person["user_id"], email=person["email"], name=person["name"])


def without_ids(told: Told) -> Told:
    """Seeding again gives everything new ids: what else there is."""
    names = {one["id"]: one["name"] for one in told["organizations"]}
    people = {one["name"]: sorted(names[id_] for id_ in one["roles"]) for one in told["people"]}
    invitations = sorted((one["email"], one["status"], one["delivery"]) for one in told["invitations"])
    return {"organizations": [*names.values()], "people": people, "invitations": invitations}


def test_a_server_may_begin_with_what_seeding_makes(client: Client) -> None:
    ann = client.headers_of(sub="ann", email="ann@example.com", name="Ann Archer")

    mine = client.get("/me/organizations", headers=ann).json()["items"]
    (invited,) = client.get("/me/invitations", headers=ann).json()["items"]

    assert mine[0]["organization"]["name"] == "Brightwater"
    assert invited["organization"]["name"] == "Oakfield"


def test_what_was_made_can_be_asked_for_without_making_it_anew(client: Client, told: Told, kept: Told) -> None:
    asked = client.get("/_local/seed")
    client.post("/_local/reset")
    emptied = client.get("/_local/seed")
    again = seeded(client, kept)

    assert (asked.status_code, asked.json()) == (200, told)
    assert emptied.json() == {"people": [], "organizations": [], "invitations": []}
    assert client.get("/_local/seed").json() == again


def test_a_product_may_ask_for_its_plans_and_for_its_own_permissions(client: Client, told: Told) -> None:
    answer = client.get("/_local/pack").json()
    ann = signed_in(client, told["people"][0])
    (organization, *_) = told["organizations"]
    titles = client.get(f"/organizations/{organization['id']}/roles", headers=ann).json()["permission_titles"]

    assert answer["id"] == organization["pack"]
    assert answer["plans"][-1]["id"] == organization["plan"]
    assert {plan["title"] for plan in answer["plans"]} >= {pack.load(answer["id"]).plans[organization["plan"]].title}
    assert answer["permissions"].items() == {
        (name, title) for name, title in titles.items() if name not in ROSTER_PERMISSIONS
    }


def test_what_it_lists_is_what_each_person_sees(client: Client, told: Told) -> None:
    names = {one["id"]: one["name"] for one in told["organizations"]}

    assert [person["user_id"] for person in told["people"]][:2] == ["ann", "bob"]
    for person in told["people"]:
        mine = client.get("/me/organizations", headers=signed_in(client, person)).json()["items"]
        assert {one["organization"]["id"]: one["roles"] for one in mine} == person["roles"]
        assert {one["organization"]["name"] for one in mine} == {names[id_] for id_ in person["roles"]}


def test_somebody_is_in_every_role_and_has_signed_in(client: Client, told: Told) -> None:
    ann, path = signed_in(client, told["people"][0]), f"/organizations/{told['organizations'][0]['id']}"

    roles = client.get(f"{path}/roles", headers=ann).json()["items"]
    members = client.get(f"{path}/members", headers=ann).json()["items"]
    log = client.get(f"{path}/activity?type=user.signed_in", headers=ann).json()["items"]

    assert {role["id"] for role in roles} == {role for member in members for role in member["roles"]}
    assert any(role["custom"] for role in roles)
    assert {event["actor"]["id"] for event in log} == {member["user_id"] for member in members}


def test_an_invitation_is_in_every_state(client: Client, told: Told) -> None:
    assert {one["status"] for one in told["invitations"]} == STATES
    assert {one["delivery"] for one in told["invitations"]} == DELIVERIES
    ann, first = signed_in(client, told["people"][0]), told["organizations"][0]["id"]
    listed = client.get(f"/organizations/{first}/invitations", headers=ann).json()["items"]
    by_id = {one["id"]: one for one in told["invitations"] if one["organization_id"] == first}
    assert {one["id"]: one for one in listed} == by_id


def test_its_log_is_in_the_order_of_time_and_ends_in_the_past(client: Client, told: Told) -> None:
    ann, path = signed_in(client, told["people"][0]), f"/organizations/{told['organizations'][0]['id']}"

    log = client.get(f"{path}/activity?limit=100", headers=ann).json()["items"]
    times = [event["at"] for event in log]

    assert "invitation.expired" in [event["type"] for event in log]
    assert times == sorted(times, reverse=True)
    assert times[0] < client.get("/_local/clock").json()["now"]


def test_its_mail_has_arrived_and_its_links_work(client: Client, told: Told) -> None:
    mails = {mail["to"]: mail for mail in client.get("/_local/mailbox").json()["items"]}
    open_ones = [one for one in told["invitations"] if (one["status"], one["delivery"]) == ("pending", "delivered")]

    assert len(open_ones) == 2
    for invitation in open_ones:
        (link,) = [link for link in mails[invitation["email"]]["links"] if "#" in link]
        preview = client.post("/invitations/preview", json={"token": link.partition("#")[2]}).json()
        assert link.startswith(demo_origin(str(client.base_url).rstrip("/")))
        assert preview["invitation_id"] == invitation["id"]


def test_seeding_again_replaces_everything_and_leaves_the_clock(client: Client, told: Told, kept: Told) -> None:
    told = {**told}
    client.organization(client.person())
    client.post("/_local/clock", json={"advance": "P30D"})
    before = client.now()

    again = seeded(client, kept)

    assert without_ids(again) == without_ids(told)
    assert {one["id"] for one in again["organizations"]}.isdisjoint(one["id"] for one in told["organizations"])
    assert before <= client.now() < before + timedelta(days=1)
    client.post("/_local/run/notify/send")
    assert [mail["to"] for mail in client.get("/_local/mailbox").json()["items"]].count("leo@example.com") == 1

    client.post("/_local/reset")
    ann = signed_in(client, again["people"][0])
    assert client.get("/me/organizations", headers=ann).json()["items"] == []
    assert client.get("/_local/mailbox").json()["items"] == []
    assert without_ids(seeded(client, kept)) == without_ids(told)
