"""ETag and If-Match: nobody overwrites what they have not seen."""

import pytest

from tests.routes import BODIES, CONDITIONAL, FOR_MACHINES
from tests.world import Caller, Reply, Team, World

GENTLEST_FIRST = sorted(CONDITIONAL, key=lambda name: (name.startswith("DELETE"), -len(name)))


class Stage:
    """A team in which every change that If-Match guards can be made."""

    def __init__(self, team: Team, world: World) -> None:
        self.world, self.team = world, team
        self.bob = team.join(world.person("Bob"), "viewer")
        self.invitation = str(team.invite("zoe@example.com", "viewer")["id"])

    def change(self, name: str, if_match: str) -> Reply:
        """Ask for a change, on a condition."""
        method, path = self._place(name)
        scope, body = FOR_MACHINES.get(name, (None, BODIES.get(name)))
        caller: Caller = self.team.founder if scope is None else self.world.machine(scope)
        return self.world.call(method, path, caller=caller, body=body, headers={"If-Match": if_match})

    def tag(self, name: str) -> str:
        """The ETag of what a change changes."""
        _, path = self._place(name)
        for part in ("/plan", "/roles", "/resend"):
            path = path.removesuffix(part)
        return self.team.founder.get(path).headers["etag"]

    def _place(self, name: str) -> tuple[str, str]:
        method, _, path = name.partition(" ")
        ids = {"organization_id": self.team.id, "user_id": self.bob.id, "invitation_id": self.invitation}
        return method, path.format_map(ids)


@pytest.fixture
def stage(team: Team, world: World) -> Stage:
    return Stage(team, world)


def test_what_a_list_showed_is_changed_by_the_etag_that_it_showed(stage: Stage) -> None:
    team, zoe = stage.team, stage.world.person("Zoe")
    named = stage.world.machine("roster/provision").patch(team.path(), {"external_id": "crm-1"})
    assert named.status == 200
    for name, caller, path, query in (
        ("PUT /organizations/{organization_id}/members/{user_id}/roles", team.founder, team.path("members"), {}),
        *(
            (
                "POST /organizations/{organization_id}/invitations/{invitation_id}/resend",
                *(caller, path, {}),
            )
            for caller, path in ((team.founder, team.path("invitations")), (zoe, "/me/invitations"))
        ),
        (
            "PATCH /organizations/{organization_id}",
            *(stage.world.machine("roster/read"), "/organizations", {"external_id": "crm-1"}),
        ),
    ):
        ids = {team.id, stage.bob.id, stage.invitation}
        (shown,) = [one for one in caller.get(path, **query).body["items"] if one.get("id", one.get("user_id")) in ids]
        assert shown["etag"] == stage.tag(name)

        assert stage.change(name, '"stale"').status == 412
        assert stage.change(name, shown["etag"]).status == 200
        assert stage.tag(name) != shown["etag"]


def test_each_change_is_made_only_if_what_it_changes_is_as_it_was_seen(stage: Stage) -> None:
    for name in GENTLEST_FIRST:
        tag = stage.tag(name)
        before = stage.world.items()

        for stale in ('"stale"', f"W/{tag}", tag.lower(), '"a", "b"', '""', f'"a,{tag[1:]}'):
            assert stage.change(name, stale).refusal == (412, "precondition_failed"), (name, stale)
        assert stage.world.items() == before

        assert stage.change(name, f'"a" , {tag},W/"b"').status in {200, 204}, name
        assert stage.world.items() != before


def test_a_star_matches_whatever_is_there(stage: Stage) -> None:
    for name in GENTLEST_FIRST:
        assert stage.change(name, " * ").status in {200, 204}, name


def test_a_tag_is_stale_once_somebody_has_changed_it(stage: Stage) -> None:
    team, bob = stage.team, stage.team.path("members", stage.bob.id)
    seen = team.founder.get(bob).headers["etag"]
    changed = team.founder.put(f"{bob}/roles", {"roles": ["admin"]}, If_Match=seen)

    assert team.founder.put(f"{bob}/roles", {"roles": ["issuer"]}, If_Match=seen).refusal[0] == 412
    assert team.founder.delete(bob, If_Match=seen).refusal[0] == 412
    assert team.founder.put(f"{bob}/roles", {"roles": ["issuer"]}, If_Match=changed.headers["etag"]).status == 200


def test_what_a_change_answers_has_the_tag_that_reading_it_then_gives(stage: Stage) -> None:
    for name in CONDITIONAL:
        if not name.startswith("DELETE"):
            before = stage.tag(name)
            changed = stage.change(name, "*")
            assert changed.headers["etag"] == stage.tag(name) != before


def test_one_who_left_and_came_back_is_another(stage: Stage) -> None:
    team, bob = stage.team, stage.bob
    seen = team.founder.get(team.path("members", bob.id)).headers["etag"]
    bob.post(team.path("leave"))
    team.join(bob, "viewer")

    assert team.founder.delete(team.path("members", bob.id), If_Match=seen).refusal[0] == 412


def test_an_invitation_canceled_and_sent_anew_is_another(stage: Stage) -> None:
    team, path = stage.team, stage.team.path("invitations", stage.invitation)
    seen = team.founder.get(path).headers["etag"]
    team.founder.delete(path)
    assert team.invite("zoe@example.com", "viewer")["id"] == stage.invitation

    assert team.founder.delete(path, If_Match=seen).refusal[0] == 412
    assert team.founder.post(f"{path}/resend", If_Match=seen).refusal[0] == 412


def test_counts_names_of_people_and_time_change_no_tag(stage: Stage) -> None:
    team, world = stage.team, stage.world
    team.plan("professional")
    seen = [stage.tag(name) for name in CONDITIONAL]
    organization = team.organization()

    world.person("Robert", sub=stage.bob.id).post("/organizations", {"name": "Bob's"})
    team.join(world.person("Eve"), "viewer").post(team.path("leave"))
    team.join(world.person("Dan"), "owner")
    with world.later(days=8):
        assert team.organization() != organization
        assert team.member(stage.bob)["name"] == "Robert"
        assert team.founder.get(team.path("invitations", stage.invitation)).body["status"] == "expired"
        assert [stage.tag(name) for name in CONDITIONAL] == seen


def test_nothing_to_do_is_no_change_that_could_overwrite_anything(stage: Stage) -> None:
    team = stage.team

    assert team.founder.patch(team.path(), {"name": "Acme"}, If_Match='"stale"').status == 200
    path = team.path("members", stage.bob.id, "roles")
    assert team.founder.put(path, {"roles": ["viewer"]}, If_Match='"stale"').status == 200


def test_where_there_is_nothing_to_overwrite_if_match_means_nothing(stage: Stage) -> None:
    assert stage.team.founder.post("/organizations", {"name": "Second"}, If_Match="nonsense").status == 201
    assert stage.bob.post(stage.team.path("leave"), If_Match='"stale"').status == 204


def test_tags_stand_on_one_thing_not_on_lists_and_reading_knows_no_condition(stage: Stage) -> None:
    team = stage.team

    for part in ("members", "invitations", "activity"):
        assert "etag" not in team.founder.get(team.path(part)).headers
    tag = team.founder.get(team.path()).headers["etag"]
    conditional = {"If-None-Match": tag, "If-Match": '"stale"'}
    assert stage.world.call("GET", team.path(), caller=team.founder, headers=conditional).status == 200
