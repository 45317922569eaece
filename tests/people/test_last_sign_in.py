"""last_signed_in_at: when a member signed in last, to the hour, for who may read the activity log."""

from tests.world import Caller, Team, World


def again(person: Caller, **claims: object) -> Caller:
    """The same person with another token."""
    return Caller(person.world, person.claims | claims)


def last_sign_in(team: Team, person: Caller, by: Caller | None = None) -> object:
    return team.member(person, by=by)["last_signed_in_at"]


def test_a_member_who_has_not_signed_in_since_they_joined_has_none(team: Team, world: World) -> None:
    bob = world.person("Bob", auth_time=1)
    own = Team.found(world, bob, "His")
    bob.put("/me")

    with world.later(hours=2):
        team.join(bob, "viewer")

        assert last_sign_in(team, bob) is None
        assert last_sign_in(own, bob, by=bob) == "2026-01-31T12:00:00Z"


def test_it_is_the_servers_hour_in_every_organization_of_the_person(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob", auth_time=4711), "viewer")
    other = Team.found(world, world.person("Eve"), "Other")
    other.join(bob, "viewer")

    with world.later(minutes=95):
        bob.put("/me")

    assert last_sign_in(team, bob) == last_sign_in(other, bob) == "2026-01-31T13:00:00Z"


def test_the_same_sign_in_told_again_does_not_move_it(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob", auth_time=1), "viewer")
    bob.put("/me")
    with world.later(hours=3):
        bob.put("/me")
        assert last_sign_in(team, bob) == "2026-01-31T12:00:00Z"

        again(bob, auth_time=2).put("/me")
        assert last_sign_in(team, bob) == "2026-01-31T15:00:00Z"


def test_a_token_without_auth_time_counts_once_a_day(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    bob.put("/me")
    for hours, shown in ((5, "2026-01-31T12:00:00Z"), (24, "2026-02-01T12:00:00Z")):
        with world.later(hours=hours):
            bob.put("/me")
            assert last_sign_in(team, bob) == shown


def test_it_is_null_for_who_may_not_read_the_log_on_their_own_row_too(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob", auth_time=1), "viewer")
    kim = team.join(world.person("Kim", auth_time=1), "admin")
    for one in (bob, kim):
        one.put("/me")

    assert last_sign_in(team, bob, by=bob) is None
    assert last_sign_in(team, kim, by=bob) is None
    assert last_sign_in(team, bob, by=kim) == "2026-01-31T12:00:00Z"
    assert last_sign_in(team, bob, by=world.machine("roster/read")) == "2026-01-31T12:00:00Z"
    rows = kim.get(team.path("members")).body["items"]
    assert [row["last_signed_in_at"] for row in rows if row["user_id"] == bob.id] == ["2026-01-31T12:00:00Z"]


def test_a_machine_that_may_not_read_the_log_is_told_of_nobodys_sign_in(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob", auth_time=1), "viewer")
    bob.put("/me")
    body = {"email": bob.email, "roles": ["viewer"]}

    told = world.machine("roster/provision").put(team.path("members", bob.id), body)

    assert (told.status, told.body["last_signed_in_at"]) == (200, None)
