"""The loader: what it reads from an invented pack, and each thing that it refuses, by file and entry."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from roster.policy.pack import Pack, PackError, available, load, load_file

KINGDOM = Path(__file__).parent / "kingdom.toml"

type Load = Callable[..., Pack]

NOBLE_PERMISSIONS = '["members:remove", "invitations:manage", "roles:assign", "taxes:collect", "fields:plough"]'
ONE_PEASANT = '\n[[roles]]\nid = "peasant"\ntitle = "P"\ndescription = "P"\npermissions = []\n'


@pytest.fixture
def load_with(tmp_path: Path) -> Load:
    """Load the kingdom with a line of its text replaced, or with text added."""

    def load_text(old: str = "", new: str = "") -> Pack:
        text = KINGDOM.read_text()
        assert old in text
        path = tmp_path / "kingdom.toml"
        path.write_text(text.replace(old, new, 1) if old else text + new)
        return load_file(path)

    return load_text


@pytest.mark.parametrize("name", available())
def test_every_shipped_pack_loads(name: str) -> None:
    assert load(name).name == name


def test_three_packs_are_shipped() -> None:
    assert {*available()} >= {"certificates", "credentials", "teams"}  # beside packs of one's own


def test_a_pack_is_read_once() -> None:
    assert load("teams") is load("teams")


@pytest.mark.parametrize("name", ["guilds", "../policy/packs/teams", "", "Teams"])
def test_a_pack_that_is_not_shipped_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(PackError) as refused:
        load(name)

    assert str(refused.value) == f"There is no pack {name!r}: the packs are {', '.join(available())}."


def test_a_pack_keeps_what_the_file_says_in_its_order() -> None:
    pack = load_file(KINGDOM)

    assert pack.name == "kingdom"
    assert list(pack.roles) == ["monarch", "noble", "heir", "peasant"]
    assert list(pack.plans) == ["village", "empire"]
    assert pack.roles["noble"].invites == {"peasant"}
    assert not pack.roles["noble"].custom
    assert pack.invitation_lifetime == timedelta(hours=36)
    assert (pack.plans["village"].owners, pack.plans["village"].activity_kept) == (1, timedelta(days=30))


def test_none_stands_for_unlimited_and_for_good() -> None:
    empire = load_file(KINGDOM).plans["empire"]

    assert (empire.owners, empire.members, empire.organizations, empire.activity_kept) == (None, None, None, None)


def test_a_pack_knows_every_permission_that_some_role_holds() -> None:
    permissions = load_file(KINGDOM).permissions

    assert {"crowns:wear", "fields:plough", "members:read"} < permissions
    assert "crowns:steal" not in permissions


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('title = "Kingdoms"', 'title = "Kingdoms"\nmotto = "x"', "motto is not a key of a pack"),
        ('title = "Kingdoms"', 'title = "Kingdoms"\nname = "x"', "name is not a key of a pack: its file's name is"),
        ('title = "Village"', 'title = "Village"\ninns = 2', "plans.village.inns is not a key of a pack"),
        ('title = "Noble"', 'title = "Noble"\nhorses = 2', "roles.noble.horses is not a key of a pack"),
        ('title = "Noble"', 'title = "Noble"\ncustom = true', "roles.noble.custom: a role of a pack is built in"),
    ],
)
def test_unknown_keys_are_refused(load_with: Load, old: str, new: str, fault: str) -> None:
    with pytest.raises(PackError) as refused:
        load_with(old, new)

    assert str(refused.value) == f"kingdom.toml: {fault}."


@pytest.mark.parametrize(
    ("old", "new", "entry"),
    [
        ('founder = "monarch"', 'founder = "pope"', "founder"),
        ('owner = "monarch"', 'owner = "pope"', "owner"),
        ('protected = ["monarch"]', 'protected = ["pope"]', "protected"),
        ('after_transfer = "noble"', 'after_transfer = "pope"', "after_transfer"),
        ('invites = ["peasant"]', 'invites = ["pope"]', "roles.noble.invites"),
        ('removes = ["peasant"]', 'removes = ["pope"]', "roles.noble.removes"),
        ('assigns = ["peasant"]', 'assigns = ["pope"]', "roles.noble.assigns"),
    ],
)
def test_a_role_that_nothing_defines_is_refused_in_every_list(load_with: Load, old: str, new: str, entry: str) -> None:
    with pytest.raises(PackError) as refused:
        load_with(old, new)

    assert str(refused.value) == f"kingdom.toml: {entry} names 'pope', a role that nothing defines."


@pytest.mark.parametrize(
    "permission",
    [
        *("crowns", "crowns:", ":wear", "Crowns:wear", "crowns:wear:often", "crowns wear", "crowns:wear "),
        *("crown_s:wear", "crowns-:wear", "crowns:-wear", "*", "crowns:*", "", "crowns:wear\\n"),
    ],
)
def test_a_permission_is_a_noun_and_a_verb(load_with: Load, permission: str) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: roles\.monarch\.permissions\.\d+: .* is no permission"):
        load_with('"crowns:wear"', f'"{permission}"')


def test_a_pack_titles_every_permission_in_the_order_of_the_file() -> None:
    pack = load_file(KINGDOM)

    assert pack.permission_titles.keys() == pack.permissions
    assert list(pack.permission_titles.items())[-2:] == [
        ("taxes:collect", "Collect taxes"),
        ("fields:plough", "Plough the fields"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"taxes:collect" = "Collect taxes"\n', "", "permission_titles: taxes:collect has no title"),
        (
            '"taxes:collect" = ',
            '"taxes:raise" = "Raise taxes"\n"taxes:collect" = ',
            "permission_titles names 'taxes:raise', a permission that no role holds",
        ),
    ],
)
def test_a_permission_without_a_title_and_a_title_of_none_are_refused(
    load_with: Load, old: str, new: str, fault: str
) -> None:
    with pytest.raises(PackError) as refused:
        load_with(old, new)

    assert str(refused.value) == f"kingdom.toml: {fault}."


def test_a_pack_without_a_founders_role_is_refused(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: founder is missing\.$"):
        load_with('founder = "monarch"', "")


def test_a_founder_who_does_not_own_is_refused(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: founder: noble does not own"):
        load_with('founder = "monarch"', 'founder = "noble"')


def test_a_transfer_that_leaves_ownership_is_refused(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: after_transfer: monarch"):
        load_with('after_transfer = "noble"', 'after_transfer = "monarch"')


@pytest.mark.parametrize("right", ["invites", "assigns"])
def test_a_grant_of_a_permission_or_a_reach_that_the_granter_lacks_is_refused(load_with: Load, right: str) -> None:
    with pytest.raises(PackError) as refused:
        load_with(f'{right} = ["peasant"]', f'{right} = ["peasant", "monarch"]')

    for lacking in ("crowns:wear in its permissions", "noble in its removes"):
        assert f"kingdom.toml: roles.noble.{right}: monarch has {lacking}, which noble lacks." in str(refused.value)
    assert "fields:plough" not in str(refused.value)


@pytest.mark.parametrize("right", ["invites", "removes"])
def test_a_founder_who_lacks_a_reach_of_another_role_is_refused(load_with: Load, right: str) -> None:
    with pytest.raises(PackError) as refused:
        load_with(f'{right} = ["peasant"]', f'{right} = ["peasant", "heir"]')

    fault = f"roles.noble.{right}: nobody could give heir, as the founder's role lacks it"
    assert f"kingdom.toml: {fault}." in str(refused.value)


@pytest.mark.parametrize(
    ("right", "permission"),
    [("invites", "invitations:manage"), ("removes", "members:remove"), ("assigns", "roles:assign")],
)
def test_a_right_over_roles_without_its_permission_is_refused(load_with: Load, right: str, permission: str) -> None:
    lacking = NOBLE_PERMISSIONS.replace(f'"{permission}", ', "")

    with pytest.raises(PackError) as refused:
        load_with(NOBLE_PERMISSIONS, lacking)

    fault = f"roles.noble.{right} is of no use without the permission {permission}"
    assert str(refused.value) == f"kingdom.toml: {fault}."


def test_a_permission_that_nobody_could_give_is_refused(load_with: Load) -> None:
    with pytest.raises(PackError) as refused:
        load_with('permissions = ["fields:plough"]', 'permissions = ["fields:plow"]')

    fault = "roles.heir.permissions: nobody could give fields:plow, as the founder's role lacks it"
    assert f"kingdom.toml: {fault}." in str(refused.value)


def test_a_founder_who_lacks_a_permission_of_rosters_own_is_refused(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"roles\.monarch\.permissions: the founder's role lacks activity:read\."):
        load_with('"activity:read"', '"activity:reed"')


@pytest.mark.parametrize(
    "line",
    [
        "owners = 1\n",
        "members = 100\n",
        'organizations = "unlimited"\n',
        "custom_roles = false\n",
        "invitations_per_day = 7\n",
        'activity_kept = "30 days"\n',
    ],
)
def test_a_plan_that_leaves_a_limit_out_is_refused(load_with: Load, line: str) -> None:
    with pytest.raises(PackError) as refused:
        load_with(line, "")

    assert str(refused.value) == f"kingdom.toml: plans.village.{line.partition(' ')[0]} is missing."


@pytest.mark.parametrize(
    ("old", "new", "entry"),
    [
        ("owners = 1", "owners = 0", "plans.village.owners"),
        ("owners = 1", "owners = true", "plans.village.owners"),
        ("members = 100", 'members = "100"', "plans.village.members"),
        ("members = 100", 'members = "many"', "plans.village.members"),
        ("members = 100", "members = 1.5", "plans.village.members"),
        ("custom_roles = false", 'custom_roles = "no"', "plans.village.custom_roles"),
        ("invitations_per_day = 7", 'invitations_per_day = "unlimited"', "plans.village.invitations_per_day"),
        ('activity_kept = "30 days"', "activity_kept = 30", "plans.village.activity_kept"),
        ('activity_kept = "30 days"', 'activity_kept = "unlimited"', "plans.village.activity_kept"),
        ('invitation_lifetime = "36 hours"', 'invitation_lifetime = "0 hours"', "invitation_lifetime"),
        ('invitation_lifetime = "36 hours"', 'invitation_lifetime = "for good"', "invitation_lifetime"),
        ("transfer_only = false", "transfer_only = 0", "transfer_only"),
        ('title = "Kingdoms"', 'title = ""', "title"),
        ('upgrade_url = "https://', 'upgrade_url = "javascript://', "upgrade_url"),
        ('id = "heir"', 'id = "the heir"', "roles.the heir.id"),
        ('"taxes:collect" = "Collect taxes"', '"taxes:collect" = ""', "permission_titles.taxes:collect"),
        ('"taxes:collect" = "Collect taxes"', '"taxes" = "Collect taxes"', "permission_titles.taxes"),
        ("[permission_titles]", "[titles]", "permission_titles is missing"),
        ('id = "heir"\n', "", "roles.number 3.id"),
        ('invites = ["peasant"]', 'invites = "peasant"', "roles.noble.invites"),
    ],
)
def test_a_value_of_another_kind_is_refused(load_with: Load, old: str, new: str, entry: str) -> None:
    with pytest.raises(PackError) as refused:
        load_with(old, new)

    assert str(refused.value).startswith(f"kingdom.toml: {entry}")


def test_two_roles_with_one_id_are_refused(load_with: Load) -> None:
    with pytest.raises(PackError) as refused:
        load_with(new=ONE_PEASANT)

    assert str(refused.value) == "kingdom.toml: roles: two have the id 'peasant'."


def test_two_plans_of_one_name_are_refused(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: plans: two have the name 'empire'\.$"):
        load_with('name = "village"', 'name = "empire"')


def test_roles_that_are_no_array_of_tables_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kingdom.toml"
    before, roles, after = KINGDOM.read_text().partition("[[roles]]")
    titles = (roles + after).partition("[permission_titles]")[1:]
    path.write_text("".join((before, '[roles]\nmonarch = "x"\n', *titles)))

    with pytest.raises(PackError, match=r"^kingdom\.toml: roles: at least one table is needed, each with its id\.$"):
        load_file(path)


def test_a_protected_role_that_somebody_removes_is_refused(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: roles\.monarch\.removes: noble is protected\.$"):
        load_with('protected = ["monarch"]', 'protected = ["monarch", "noble"]')


def test_ownership_that_is_only_transferred_is_neither_given_nor_capped_otherwise(load_with: Load) -> None:
    with pytest.raises(PackError) as refused:
        load_with("transfer_only = false", "transfer_only = true")

    assert str(refused.value).splitlines() == [
        "kingdom.toml: roles.monarch.invites: monarch is a role that only a transfer gives.",
        "kingdom.toml: roles.monarch.assigns: monarch is a role that only a transfer gives.",
        "kingdom.toml: plans.empire.owners is not 1, though ownership is only transferred.",
    ]


def test_organizations_are_capped_only_where_each_has_one_owner(load_with: Load) -> None:
    with pytest.raises(PackError, match=r"^kingdom\.toml: plans\.village\.organizations is capped, which needs"):
        load_with('organizations = "unlimited"', "organizations = 3")


def test_every_fault_is_named_at_once(load_with: Load) -> None:
    with pytest.raises(PackError) as refused:
        load_with("owners = 1\nmembers = 100\n", "inns = 2\n")

    assert sorted(str(refused.value).splitlines()) == [
        "kingdom.toml: plans.village.inns is not a key of a pack.",
        "kingdom.toml: plans.village.members is missing.",
        "kingdom.toml: plans.village.owners is missing.",
    ]


@pytest.mark.parametrize("text", [b"title = ", b"\xff", b'title = "x"\ntitle = "y"'])
def test_what_is_no_toml_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "kingdom.toml"
    path.write_bytes(text)

    with pytest.raises(PackError, match=r"^kingdom\.toml cannot be read: "):
        load_file(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^empire\.toml cannot be read: "):
        load_file(tmp_path / "empire.toml")
