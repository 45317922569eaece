"""What the author of a pack is told to write instead: of each kind of entry, and at the edges of what is right."""

from pathlib import Path

import pytest

from roster.policy.pack import PackError, load_file

KINGDOM = Path(__file__).parent / "kingdom.toml"
NUMBER = "write a whole number without quotes"
FLAG = "write true or false, without quotes"
NAME = "write a-z, 0-9 and _ alone, first a letter"
HOME = 'write "none", or text with {name} in it once, such as "{name}\'s team"'


def written(folder: Path, old: str, new: str, name: str = "kingdom") -> Path:
    text = KINGDOM.read_text()
    assert old in text
    path = folder / f"{name}.toml"
    path.write_text(text.replace(old, new, 1))
    return path


def told(path: Path) -> list[str]:
    with pytest.raises(PackError) as refused:
        load_file(path)
    return [line.partition(": ")[2] for line in str(refused.value).splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('title = "Kingdoms"', "title = 3", "title: write text in quotes"),
        ('title = "Kingdoms"', 'title = ""', "title: write at least one character"),
        ("owners = 1", "owners = 0", "plans.village.owners: write a whole number from 1 on"),
        ("owners = 1", "owners = 1.0", f'plans.village.owners: {NUMBER}, or "unlimited"'),
        ("members = 100", "members = 1.5", f'plans.village.members: {NUMBER}, or "unlimited"'),
        ("members = 100", 'members = "100"', f'plans.village.members: {NUMBER}, or "unlimited"'),
        (
            'organizations = "unlimited"',
            'organizations = "many"',
            f'plans.village.organizations: {NUMBER}, or "unlimited"',
        ),
        ("invitations_per_day = 7", 'invitations_per_day = "7"', f"plans.village.invitations_per_day: {NUMBER}"),
        ("invitations_per_day = 7", "invitations_per_day = true", f"plans.village.invitations_per_day: {NUMBER}"),
        ("transfer_only = false", "transfer_only = 0", f"transfer_only: {FLAG}"),
        ('title = "Noble"', 'title = "Noble"\ncustom = 0', f"roles.noble.custom: {FLAG}"),
        (
            'invites = ["peasant"]',
            'invites = "peasant"',
            'roles.noble.invites: write a list in brackets, such as ["admin", "viewer"], or []',
        ),
        ('id = "heir"', 'id = "2nd"', f"roles.2nd.id: {NAME}"),
        ('id = "heir"', f'id = "{"h" * 65}"', f"roles.{'h' * 65}.id: write fewer characters"),
        (
            'name = "village"',
            'name = "Village"',
            f"plans.Village.name: {NAME}; of the pack, it is the name of the file",
        ),
        ('default_organization = "none"', 'default_organization = "Acme"', f"default_organization: {HOME}"),
        ('default_organization = "none"', 'default_organization = "{name}{name}"', f"default_organization: {HOME}"),
        (
            'default_organization = "none"',
            f'default_organization = "{{name}}{"x" * 35}"',
            "default_organization: write fewer characters",
        ),
        ('upgrade_url = "https', 'upgrade_url = "http', 'upgrade_url: write an address that begins with "https://"'),
    ],
)
def test_each_fault_says_what_to_write(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert told(written(tmp_path, old, new)) == [f"{fault}."]


def test_a_table_is_asked_for_where_one_must_be(tmp_path: Path) -> None:
    text = KINGDOM.read_text().partition("[permission_titles]")[0]
    path = tmp_path / "kingdom.toml"
    path.write_text(f"permission_titles = 3\n{text}")

    assert told(path) == ["permission_titles: write a table."]


@pytest.mark.parametrize(
    "roles", ["[]", "3", '["monarch"]', '["monarch", {id = "noble"}]', '{monarch = "x"}', '"monarch"']
)
def test_roles_are_at_least_one_table(tmp_path: Path, roles: str) -> None:
    before, _, after = KINGDOM.read_text().partition("[[roles]]")
    path = tmp_path / "kingdom.toml"
    path.write_text(f"roles = {roles}\n{before}[permission_titles]{after.partition('[permission_titles]')[2]}")

    assert told(path) == ["roles: at least one table is needed, each with its id."]


def test_a_packs_file_is_named_as_a_pack_is(tmp_path: Path) -> None:
    path = written(tmp_path, "Kingdoms", "Kingdoms", "King-dom")

    assert told(path) == [f"name: {NAME}; of the pack, it is the name of the file."]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("members = 100", "members = 1"),
        ("invitations_per_day = 7", "invitations_per_day = 1"),
        ('title = "Noble"', 'title = "N"'),
        ('title = "Noble"', 'title = "Noble"\ncustom = false'),
        ('default_organization = "none"', f'default_organization = "{{name}}{"x" * 34}"'),
        ('invitation_lifetime = "36 hours"', 'invitation_lifetime = "1 days"'),
    ],
)
def test_what_is_just_right_is_taken(tmp_path: Path, old: str, new: str) -> None:
    assert load_file(written(tmp_path, old, new)).name == "kingdom"


def test_a_roles_id_has_up_to_64_characters(tmp_path: Path) -> None:
    longest = "h" * 64
    path = tmp_path / "kingdom.toml"
    path.write_text(KINGDOM.read_text().replace('"heir"', f'"{longest}"'))

    assert longest in load_file(path).roles


@pytest.mark.parametrize(
    "permission",
    [
        *("organization:read", "organization:update", "organization:delete", "organization:notifications"),
        *("members:read", "members:remove", "invitations:manage", "roles:assign", "roles:customize"),
        *("ownership:transfer", "activity:read"),
    ],
)
def test_the_founders_role_has_each_permission_of_rosters_own(tmp_path: Path, permission: str) -> None:
    faults = told(written(tmp_path, f'"{permission}"', '"crowns:polish"'))

    assert f"roles.monarch.permissions: the founder's role lacks {permission}." in faults
