"""What stands in the way of reading: each element tells it truly, keeps what it has, and offers a way on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web import bare
from tests.web.bare import heard, settle
from tests.web.changes import Scene
from tests.web.network import Network
from tests.web.people import System
from tests.web.states import LONG, button
from tests.web.watch import Watch

type Host = Callable[..., Page]

OF_ORGANIZATION = ("members", "invitations", "roles", "activity", "settings")
TEAM = "<roster-team></roster-team>"
EVENTS = ["roster-gone", "roster-problem", "roster-change"]
# Where nothing is to be waited for, the client tries again at once.
AT_ONCE = "Math.random = () => 0"
ROW = 56  # pixels
ARABIC = "محمد بن موسى الخوارزمي"


def elements(*names: str, organization: str = "") -> str:
    named = f'organization="{organization}"' if organization else ""
    return "".join(f"<roster-{name} {named}></roster-{name}>" for name in names)


def refresh(page: Page) -> None:
    """Change something of one's own: afterwards, all that is shown is read anew."""
    own = page.locator("roster-settings form:has([name=mail_others])")
    own.get_by_role("checkbox").set_checked(not own.get_by_role("checkbox").is_checked())
    own.get_by_role("button").click()
    settle(page)


def element(page: Page, name: str) -> Locator:
    return page.locator(f"roster-{name}")


@pytest.fixture
def scene(system: System) -> Scene:
    return Scene(system)


# ---- The API is down, or slow ----------------------------------------------------------------------------------------


def test_down_from_the_start_all_say_so_and_one_press_brings_all_back(
    open_page: Callable[..., Page], network: Network, scene: Scene
) -> None:
    names = ("my-invitations", "switcher", *OF_ORGANIZATION)
    page = open_page()
    page.add_init_script(AT_ONCE)
    with network.down():
        bare.show(page, network, elements(*names), person=scene.owner, events=EVENTS)
        for name in names:
            expect(element(page, name).get_by_text("There was no answer.")).to_be_visible()
            expect(button(element(page, name), "Try again")).to_be_visible()
        assert [name for name, _ in heard(page)] == ["roster-problem"]

    button(page, "Try again").first.click()

    expect(page.get_by_role("row").filter(has_text=scene.member.email)).to_be_visible()
    settle(page)
    expect(button(page, "Try again")).to_have_count(0)


def test_offline_midway_what_was_shown_stays_with_a_way_on(host: Host, network: Network, scene: Scene) -> None:
    page = host(elements("switcher", *OF_ORGANIZATION), person=scene.owner)
    page.evaluate(AT_ONCE)
    settle(page)
    shown = {name: element(page, name).inner_text() for name in OF_ORGANIZATION}

    with network.down("GET"):
        refresh(page)
        for name in OF_ORGANIZATION:
            for line in shown[name].splitlines():
                assert line in element(page, name).inner_text(), name
        for name in ("members", "invitations", "roles", "activity"):
            expect(element(page, name).get_by_text("There was no answer.")).to_be_visible()
            expect(button(element(page, name), "Try again")).to_be_visible()

    button(page, "Try again").first.click()
    settle(page)
    expect(button(page, "Try again")).to_have_count(0)


BOXES = """(places) => {
  const roots = [document];
  for (const root of roots) {
    for (const node of root.querySelectorAll('*')) if (node.shadowRoot) roots.push(node.shadowRoot);
  }
  return places.map((place) => {
    const found = roots.map((root) => root.querySelector(place)).find(Boolean);
    const { x, y, width, height } = found.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  });
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_slow_nothing_jumps_when_it_comes(host: Host, network: Network, scene: Scene, width: int) -> None:
    places = [".head", ".tabs", ".toolbar", "tbody tr"]
    with network.held("GET", "/organizations/") as held:
        page = host(TEAM, person=scene.owner, width=width)
        held.wait()
        expect(element(page, "members").locator("tr .bone").first).to_be_visible()
        *before, bones = page.evaluate(BOXES, places)
    settle(page)
    expect(page.get_by_role("row").filter(has_text=scene.member.email)).to_be_visible()
    *after, first = page.evaluate(BOXES, places)

    assert after == before
    assert first[:3] == bones[:3]  # how high it is, depends on what is in it


@pytest.mark.parametrize("tab", ["invitations", "roles", "activity", "settings"])
def test_slow_skeletons_stand_where_rows_will(host: Host, network: Network, scene: Scene, tab: str) -> None:
    row = "section" if tab == "settings" else "li" if tab == "roles" else "tbody tr"
    with network.held("GET", "/organizations/") as held:
        page = host(f'<roster-team tab="{tab}"></roster-team>', person=scene.owner)
        held.wait()
        expect(element(page, tab).locator(".skeletons i").first).to_be_visible()
        (panel, bone) = page.evaluate(BOXES, ["#panel > *", ".skeletons i"])
    settle(page)
    (filled, first) = page.evaluate(BOXES, ["#panel > *", row])

    assert filled[:3] == panel[:3]
    assert abs(bone[1] - first[1]) <= ROW
    expect(page.locator(".skeletons")).to_have_count(0)


# ---- What is gone by now ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["the person", "the organization"])
def test_who_is_no_longer_in_it_is_told_so_once(host: Host, watch: Watch, scene: Scene, what: str) -> None:
    page = host(elements(*OF_ORGANIZATION, organization=scene.team.id), person=scene.member, events=EVENTS)
    settle(page)
    watch.expect("40[34] GET")  # what may not be seen is asked for together with what may
    path = ("members", scene.member.id) if what == "the person" else ()
    scene.owner.call("DELETE", scene.team.path(*path))

    refresh(page)

    for name in OF_ORGANIZATION:
        expect(element(page, name).get_by_text("You no longer belong to this organization")).to_be_visible()
        expect(element(page, name).get_by_role("button")).to_have_count(0)
    expect(page.get_by_text(scene.owner.name)).to_have_count(0)
    assert heard(page)[1:] == [("roster-gone", {"organization_id": scene.team.id})]


def test_another_organization_set_by_the_page_is_all_that_is_shown(host: Host, system: System, scene: Scene) -> None:
    other = system.team(name="Elsewhere")
    body = {"email": scene.owner.email, "name": scene.owner.name, "roles": [scene.invitable[1]]}
    system.machine("PUT", other.path("members", scene.owner.id), body, scope="roster/provision")
    other.invite("new@example.com", scene.least)
    page = host(elements(*OF_ORGANIZATION, organization=scene.team.id), person=scene.owner)
    to = "(id) => { for (const one of document.querySelectorAll('[organization]')) one.organization = id; }"

    def switched(to_id: str) -> None:
        page.evaluate(to, to_id)
        settle(page)

    switched(other.id)
    switched(scene.team.id)
    page.get_by_label("Organization name").fill("Typed for Acme")
    scene.page = page
    scene.more(scene.member.name, "Change role")
    switched(other.id)

    expect(page.get_by_label("Organization name")).to_have_value("Elsewhere")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text=other.owner.email)).to_be_visible()
    expect(element(page, "invitations").get_by_role("row").filter(has_text="new@example.com")).to_be_visible()
    for gone in (scene.member.name, scene.zoe.email, "Reader", "Acme"):
        expect(page.get_by_text(gone)).to_have_count(0)


def test_with_somebody_else_s_token_everything_of_the_first_person_is_gone(
    host: Host, system: System, scene: Scene
) -> None:
    other = system.team(name="Elsewhere")
    page = host(elements("switcher", *OF_ORGANIZATION), person=scene.owner)
    settle(page)
    scene.page = page
    scene.more(scene.zoe.email, "Resend")
    page.get_by_label("Message").fill("Typed by the first")
    page.evaluate("(token) => { host.token = token; host.fresh = token; }", other.owner.token)

    page.keyboard.press("Escape")
    refresh(page)

    expect(page.locator("roster-switcher [popovertarget]")).to_have_accessible_name("Elsewhere")
    expect(page.get_by_role("row").filter(has_text=other.owner.email)).to_be_visible()
    for gone in (scene.owner.name, scene.member.name, scene.zoe.email, "Reader", "Acme"):
        expect(page.get_by_text(gone)).to_have_count(0)


# ---- Names -----------------------------------------------------------------------------------------------------------

# Through all shadow roots: what ends outside of the page, and can be seen.
OUTSIDE = """() => {
  const found = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll('*')) {
      const { left, right, width, height } = node.getBoundingClientRect();
      if (width > 1 && height > 1 && (left < 0 || right > innerWidth + 0.5) && !node.closest('.tabs')) {
        found.push(`${node.localName}.${node.className} ${left} ${right}`);
      }
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  return found;
}"""


@pytest.mark.parametrize("name", [LONG, ARABIC])
@pytest.mark.parametrize("html", ['lang="en"', 'lang="ar" dir="rtl"'])
def test_any_name_stays_within_a_narrow_page(host: Host, system: System, name: str, html: str) -> None:
    team = system.team(name=name)
    least = team.invitable()[-1]
    team.move_in(least, name=name, sub=f"n-{team.id}", email=f"n-{team.id}@example.com")
    team.owner.call("POST", team.path("roles"), {"title": name, "permissions": ["organization:read"]})
    team.invite(f"{'x' * 40}@{'y' * 60}.{'z' * 60}.example.com", least, message=name)
    other = system.team(name=f"{name[:90]} 2")
    other.invite(team.owner.email, least, message=name)
    page = host(
        elements("switcher", "my-invitations", "team", *OF_ORGANIZATION), person=team.owner, width=320, html=html
    )
    settle(page)
    page.locator("roster-switcher [popovertarget]").click()
    settle(page)

    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
