"""Who joined by a link, without a verified address, is told of their removal at the address that they joined by."""

import pytest

from roster.clock import now
from tests.notify.mailer import Mailer, remove
from tests.wire import Wire
from tests.world import Caller, Team, World

INVITED = "invited@example.com"
SUBJECT = "Ada removed you from Acme"


def join_by_link(team: Team, guest: Caller, address: str = INVITED) -> None:
    invitation = team.invite(address, "viewer")
    token = {"token": team.token(invitation["id"])}
    assert guest.post(team.path("invitations", invitation["id"], "accept"), token).status == 200


@pytest.fixture
def guest(team: Team, mailer: Mailer) -> Caller:
    """A member whose address nobody has verified."""
    guest = team.world.person("Guest", email=None)
    join_by_link(team, guest)
    mailer.forget()
    return guest


def kept(world: World) -> list[str]:
    """Where the table has the address."""
    found = [item for item in world.items() if INVITED in str(item) and not item["pk"]["S"].startswith("IDEM#")]
    return [item["pk"]["S"].partition("#")[0] + " " + item["sk"]["S"].partition("#")[0] for item in found]


def test_they_are_told_once_and_the_address_goes_with_its_time(team: Team, mailer: Mailer, guest: Caller) -> None:
    remove(team, guest)

    assert [mailer.deliver(), mailer.deliver()] == [[], []]

    assert mailer.told(INVITED) == [SUBJECT]
    assert kept(team.world) == ["USER REMOVED"]
    (item,) = (item for item in team.world.items() if item["sk"]["S"].startswith("REMOVED#"))
    assert 0 < int(item["ttl"]["N"]) - now().timestamp() <= 2 * 24 * 3600


def test_the_event_holds_no_address(team: Team, guest: Caller) -> None:
    remove(team, guest)

    assert INVITED not in str([event.to_dynamodb_dict() for event in team.world.events(team.id)])


def test_the_address_can_be_invited_again_and_who_is_back_is_not_told(
    team: Team, mailer: Mailer, guest: Caller
) -> None:
    remove(team, guest)
    join_by_link(team, guest)

    assert mailer.deliver() == []

    assert SUBJECT not in mailer.told(INVITED)


def test_who_has_a_verified_address_by_then_is_told_there(team: Team, mailer: Mailer, guest: Caller) -> None:
    remove(team, guest)
    guest.claims |= {"email": "guest@example.com", "email_verified": True}
    assert guest.put("/me").status == 200

    mailer.deliver()

    assert mailer.told_all() == {"guest@example.com": [SUBJECT]}


def test_of_who_has_a_verified_address_none_is_kept(team: Team, mailer: Mailer) -> None:
    invited = team.join(team.world.person("Invited"), "viewer")
    assert invited.email == INVITED

    remove(team, invited)

    assert kept(team.world) == ["ADDRESS ADDRESS", "USER USER"]


def test_each_organization_tells_at_the_address_that_was_its_own(team: Team, mailer: Mailer, guest: Caller) -> None:
    other = Team.found(team.world, team.founder, "Other")
    join_by_link(other, guest, "elsewhere@example.com")
    mailer.forget()
    remove(team, guest)
    remove(other, guest)

    mailer.deliver()

    assert mailer.told_all() == {INVITED: [SUBJECT], "elsewhere@example.com": ["Ada removed you from Other"]}


def test_who_is_erased_is_told_nothing_and_no_address_of_theirs_stays(
    team: Team, mailer: Mailer, guest: Caller
) -> None:
    remove(team, guest)
    assert team.world.machine("roster/users").delete(f"/users/{guest.id}").status == 204

    assert mailer.deliver() == []

    assert mailer.told_all() == {}
    assert kept(team.world) == []


def test_who_is_removed_while_they_are_erased_leaves_no_address(
    team: Team, guest: Caller, wire: Wire, mailer: Mailer
) -> None:
    wire.before("TransactWriteItems", lambda: remove(team, guest))

    assert team.world.machine("roster/users").delete(f"/users/{guest.id}").status == 204

    assert kept(team.world) == []


def test_it_costs_one_item_more(team: Team, guest: Caller, wire: Wire, mailer: Mailer) -> None:
    wire.clear()

    assert team.founder.delete(team.path("members", guest.id), Idempotency_Key="once").status == 204

    assert wire.counts == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert wire.items_written() == [7]
