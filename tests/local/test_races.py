"""Races against the served system: eight at once, in several processes, on an engine that gets races right."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import httpx
import pytest

from tests.local.test_server import PATIENCE, Client, started

RIVALS = 8
ROUNDS = 3

numbers = count()


class Person:
    """Somebody signed in, with an address of their own."""

    def __init__(self, server: Client) -> None:
        name = f"racer{next(numbers)}"
        self.id, self.email, self._server = name, f"{name}@example.com", server
        self._headers = server.headers_of(sub=name, email=self.email, name=name)

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        return self._server.request(method, path, headers=self._headers, json=body)


class Organization:
    """An organization on a plan, and who created it."""

    def __init__(self, server: Client, plan: str) -> None:
        self.founder = Person(server)
        founded = self.founder.call("POST", "/organizations", {"name": "Acme"})
        self.path = f"/organizations/{founded.json()['id']}"
        billing = server.headers_of(client_id="billing", scope="roster/billing")
        assert server.put(f"{self.path}/plan", json={"plan": plan}, headers=billing).is_success

    def invite(self, person: Person, role: str) -> str:
        """Invite somebody, and return where they accept."""
        body = {"email": person.email, "roles": [role]}
        invitation = self.founder.call("POST", f"{self.path}/invitations", body)
        assert invitation.is_success, invitation.text
        return f"{self.path}/invitations/{invitation.json()['id']}/accept"

    def count(self, of: str) -> int:
        found = self.founder.call("GET", self.path)
        counted: int = found.json()[of]
        return counted


@contextmanager
def serving(pack: str) -> Iterator[Client]:
    with started("--pack", pack) as (_, address), Client(base_url=address, timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    with serving("credentials") as client:
        yield client


@pytest.fixture(scope="module")
def teams() -> Iterator[Client]:
    with serving("teams") as client:
        yield client


def at_once(*calls: Callable[[], httpx.Response]) -> Counter[int]:
    """Make the calls together, and count the statuses that they are answered."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(reply.status_code for reply in pool.map(lambda call: call(), calls))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_all_owners_who_leave_at_once_one_stays(server: Client, number: int) -> None:
    organization = Organization(server, "enterprise")
    owners = [organization.founder, *(Person(server) for _ in range(RIVALS - 1))]
    for owner in owners[1:]:
        assert owner.call("POST", organization.invite(owner, "owner")).is_success

    answers = at_once(*(lambda owner=owner: owner.call("POST", f"{organization.path}/leave") for owner in owners))

    assert answers == {204: RIVALS - 1, 409: 1}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_last_seat_is_taken_by_one_of_eight(server: Client, number: int) -> None:
    organization = Organization(server, "professional")
    rivals = [Person(server) for _ in range(RIVALS)]
    paths = [organization.invite(rival, "owner") for rival in rivals]

    answers = at_once(
        *(lambda rival=rival, path=path: rival.call("POST", path) for rival, path in zip(rivals, paths, strict=True))
    )

    assert answers == {200: 1, 409: RIVALS - 1}
    assert organization.count("owner_count") == 2


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_address_is_invited_once_by_eight_at_once(server: Client, number: int) -> None:
    organization = Organization(server, "enterprise")
    admins = [Person(server) for _ in range(RIVALS)]
    for admin in admins:
        assert admin.call("POST", organization.invite(admin, "admin")).is_success
    body = {"email": "wanted@example.com", "roles": ["viewer"]}

    answers = at_once(
        *(lambda admin=admin: admin.call("POST", f"{organization.path}/invitations", body) for admin in admins)
    )

    assert answers == {201: 1, 409: RIVALS - 1}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_invitation_is_accepted_once_however_often_it_is_tried_at_once(server: Client, number: int) -> None:
    organization = Organization(server, "enterprise")
    person = Person(server)
    path = organization.invite(person, "viewer")

    answers = at_once(*[lambda: person.call("POST", path)] * RIVALS)

    assert answers == {200: 1, 409: RIVALS - 1}
    assert organization.count("member_count") == 2


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_ownership_goes_to_one_of_eight_members(teams: Client, number: int) -> None:
    organization = Organization(teams, "standard")
    heirs = [Person(teams) for _ in range(RIVALS)]
    for heir in heirs:
        assert heir.call("POST", organization.invite(heir, "billing")).is_success
    path = f"{organization.path}/transfer"

    answers = at_once(
        *(lambda heir=heir: organization.founder.call("POST", path, {"user_id": heir.id}) for heir in heirs)
    )

    assert answers == {200: 1, 403: RIVALS - 1}
    members = organization.founder.call("GET", f"{organization.path}/members").json()["items"]
    assert [member["roles"] for member in members if member["user_id"] == organization.founder.id] == [
        ["account_admin"]
    ]
    assert sum(member["roles"] == ["owner"] for member in members) == organization.count("owner_count") == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_eight_first_sign_ins_at_once_create_one_team(teams: Client, number: int) -> None:
    person = Person(teams)

    answers = at_once(*[lambda: person.call("PUT", "/me")] * RIVALS)

    assert answers == {200: RIVALS}
    (theirs,) = person.call("GET", "/me/organizations").json()["items"]
    log = person.call("GET", f"/organizations/{theirs['organization']['id']}/activity").json()["items"]
    assert [event["type"] for event in log] == ["user.signed_in", "organization.created"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_the_product_calls_an_organization_names_one_of_eight(server: Client, number: int) -> None:
    machine = server.headers_of(client_id="product", scope="roster/provision roster/read")
    name = f"crm-{next(numbers)}"
    bodies = [
        {"name": "Acme", "owner": {"user_id": owner, "email": f"{owner}@example.com"}, "external_id": name}
        for owner in (f"owner{next(numbers)}" for _ in range(RIVALS))
    ]

    answers = at_once(*(lambda body=body: server.post("/organizations", json=body, headers=machine) for body in bodies))

    assert answers == {201: 1, 409: RIVALS - 1}
    assert len(server.get(f"/organizations?external_id={name}", headers=machine).json()["items"]) == 1
