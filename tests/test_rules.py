"""docs/rules.md: all that is tested as a rule and nothing else, and no role, plan or permission without a word."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from roster.policy.pack import Pack, Plan, Role, load
from roster.policy.permissions import ROSTER_PERMISSIONS
from tests.deployment import PACKS
from tests.rules.products import PRODUCTS, USES, Product

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "rules.md").read_text()
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
EVERYWHERE = "What holds in every product"
FILES = sorted((ROOT / "tests" / "rules").glob("test_*.py"))
LINK = re.compile(r"\[(?P<name>\w+)\]\(\.\./tests/rules/(?P<file>\w+)\.py#L(?P<line>\d+)\)")
each_pack = pytest.mark.parametrize("name", PACKS)
each_product = pytest.mark.parametrize("product", PRODUCTS, ids=str)

# What each entry of a pack decides, in words of the test that is its rule. A new entry needs a rule, too.
DECIDES = {
    "roles": "its_roles_are",
    "permissions": "may_do_what_the_table_says",
    "invites": "owners_invite_to_any_role",
    "removes": "admins_remove_issuers_and_viewers_and_no_admin",
    "assigns": "only_owners_change_roles",
    "custom": "nobody_makes_a_custom_role",
    "plans": "its_plans_are",
    "owners": "free_has_one_owner",
    "members": "basic_has_five_members",
    "organizations": "a_user_owns_three_teams",
    "custom_roles": "custom_roles_come_with_enterprise",
    "invitations_per_day": "invitations_go_out_in_a_day",
    "activity_kept": "activity_is_kept",
    "founder": "who_creates_an_organization",
    "owner": "admins_are_the_owners",
    "protected": "nobody_removes_an_owner",
    "transfer_only": "ownership_moves_only_by_a_transfer",
    "after_transfer": "who_transfers_the_ownership_becomes",
    "several_roles": "a_member_may_hold_several_roles",
    "owner_alone": "an_owner_stands_alone",
    "invitation_lifetime": "an_invitation_lives_for",
    "copy_links": "a_link_to_an_open_invitation_can_be_copied",
    "default_organization": "a_new_user_gets",
    "upgrade_url": "says_where_to_upgrade",
    "invitations_per_address": "an_address_is_sent_five_invitations",
    "organizations_per_day": "one_person_creates_ten_organizations",
}
WORDS = {"id", "name", "title", "description", "permission_titles"}  # they decide nothing

type Rule = tuple[str, str, int]


def rules(pack: str | None = None) -> Iterator[Rule]:
    """What is tested as a rule, of one pack or at all: file, name, line."""
    for path in FILES:
        if pack is None or path.stem in {f"test_{pack}", f"test_{pack}_plans"}:
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    yield path.stem, node.name, node.lineno


def listed(text: str) -> list[Rule]:
    """What a text links to: file, name, line."""
    return [(link["file"], link["name"], int(link["line"])) for link in LINK.finditer(text)]


def section(pack: str) -> str:
    """What the page says of one pack."""
    return SECTIONS[f"{load(pack).title} (`{pack}`)"]


def table(pack: str, about: str) -> list[list[str]]:
    """Read the table of a pack's section whose header begins with a word, without rulers and backticks."""
    for lines in re.findall(r"(?:^\|.*\|\n)+", section(pack), re.MULTILINE):
        header, _, *rows = ([cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines.splitlines())
        if header[0] == about:
            return [header, *rows]
    raise LookupError(f"{pack} has no table of {about}")


def test_every_rule_stands_on_the_page_once_and_every_link_leads_to_its_test() -> None:
    assert Counter(listed(PAGE)) == Counter(rules())


def test_every_point_of_the_page_is_a_sentence_with_the_one_test_that_proves_it() -> None:
    for text in SECTIONS.values():
        points = [" ".join(point.split()) for point in re.findall(r"^- (.+(?:\n  .+)*)", text, re.MULTILINE)]
        assert all(re.fullmatch(rf"[A-Z][^\[\]]+\. {LINK.pattern}", point) for point in points)
        assert len(points) == len(listed(text)) == len({point.partition("[")[0] for point in points})


def test_every_pack_has_a_section_with_its_own_rules_and_no_others() -> None:
    assert list(SECTIONS) == [EVERYWHERE, *(f"{load(one.pack).title} (`{one.pack}`)" for one in PRODUCTS)]
    assert {one.pack for one in PRODUCTS} == set(PACKS)
    for name in PACKS:
        assert set(listed(section(name))) == set(rules(name))


def test_no_rule_is_skipped() -> None:
    for path in FILES:
        assert not re.search(r"skip|xfail", path.read_text()), path.name


@each_pack
def test_the_page_names_every_role_and_permission_of_a_pack_and_which_role_holds_which(name: str) -> None:
    pack = load(name)
    header, *rows = table(name, "permission")

    assert header[1:] == list(pack.roles)
    assert {row[0] for row in rows} == pack.permissions
    assert len(rows) == len(pack.permissions)
    for permission, *cells in rows:
        assert cells == ["yes" if permission in role.permissions else "" for role in pack.roles.values()], permission


@each_pack
def test_the_page_names_every_plan_of_a_pack_and_what_it_brings(name: str) -> None:
    def written(value: object, none: str = "unlimited") -> str:
        match value:
            case None:
                return none
            case bool():
                return "yes" if value else "no"
            case timedelta():
                return f"{value.days} days"
            case _:
                return str(value)

    _, *rows = table(name, "plan")

    assert rows == [
        [
            plan.name,
            *map(written, (plan.owners, plan.members, plan.organizations, plan.custom_roles)),
            written(plan.invitations_per_day),
            written(plan.activity_kept, none="for good"),
        ]
        for plan in load(name).plans.values()
    ]


@each_product
def test_every_role_and_plan_of_a_pack_is_one_that_the_rules_speak_of(product: Product) -> None:
    pack = load(product.pack)
    names = {name for _, name, _ in rules(product.pack)}

    assert (product.roles, product.plans) == (tuple(pack.roles), tuple(pack.plans))
    for kind, found in (("roles", product.roles), ("plans", product.plans)):
        assert f"test_its_{kind}_are_{'_'.join(found[:-1])}_and_{found[-1]}" in names


def test_every_entry_that_a_pack_may_have_decides_what_some_rule_says() -> None:
    entries = {entry.name for of in (Pack, Plan, Role) for entry in fields(of)}

    assert DECIDES.keys() == entries - WORDS
    for entry, words in DECIDES.items():
        assert any(words in name for _, name, _ in rules()), entry


def test_every_permission_of_rosters_own_is_tried_at_its_routes() -> None:
    assert {use.permission for use in USES} == ROSTER_PERMISSIONS
