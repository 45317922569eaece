"""roster-activity: the log in the reader's language, filtered by what, whom and days, and kept as a file."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.web import bare
from tests.web.network import Network
from tests.web.people import Person, Shape, System, Team
from tests.web.states import button
from tests.web.watch import Watch

ELEMENT = "<roster-activity></roster-activity>"
MARK = b"\xef\xbb\xbf"

type Show = Callable[..., Page]


@pytest.fixture
def show(host: Callable[..., Page]) -> Show:
    """Opens the log as somebody sees it."""

    def shown(person: Person, **told: Any) -> Page:
        page = host(ELEMENT, person=person, events=["roster-exported"], **told)
        expect(page.get_by_role("table")).to_be_visible()
        return page

    return shown


def rows(page: Page) -> Locator:
    """The events; the head and the days are no events."""
    return page.get_by_role("row").filter(has=page.get_by_role("cell"))


def field(page: Page, name: str) -> Locator:
    """A filter: one of the lists, or one of the days."""
    return page.get_by_role("combobox", name=name, exact=True).or_(page.get_by_label(name, exact=True))


def record(team: Team, **event: Any) -> Shape:
    """Let the product record an event of its own."""
    body = {"type": "badge.designed", "target": {"type": "badge", "id": "b", "name": "Rowing"}, **event}
    recorded: Shape = team.system.machine("POST", team.path("activity"), body, scope="roster/activity")
    return recorded


def query(asked: Any) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}


def saved(download: Download, folder: Path) -> bytes:
    path = folder / "log.csv"
    download.save_as(path)
    return path.read_bytes()


# ---- What is shown ---------------------------------------------------------------------------------------------------


def test_what_happened_stands_there_newest_first_under_its_day(show: Show, team: Team) -> None:
    role = team.roles()[-1]
    member = team.add(role["id"], name="Mary Somerville")
    page = show(team.owner, context={"timezone_id": "Europe/Berlin"})

    expect(rows(page).first).to_contain_text(f"{team.owner.name} signed in.")  # by opening the page
    expect(rows(page).nth(1)).to_contain_text(f"{member.name} joined as {role['title']}.")
    expect(rows(page).nth(2)).to_contain_text(f"{team.owner.name} invited {member.email} as {role['title']}.")
    expect(rows(page).last).to_contain_text(f"{team.owner.name} created Acme.")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    assert "{" not in page.get_by_role("table").inner_text()


def test_it_is_told_in_the_reader_s_language(show: Show, team: Team) -> None:
    record(team)
    page = show(team.owner, session='locale="de"')

    expect(rows(page).last).to_contain_text(f"{team.owner.name} hat Acme")
    # A type that is not known has the API's own sentence, and is said to be English.
    expect(rows(page).nth(1).locator("[lang=en]")).to_contain_text("(Rowing)")


def test_what_a_machine_said_of_somebody_and_when_it_was_is_told(show: Show, team: Team) -> None:
    record(team, user_id=team.owner.id, occurred_at="2020-01-31T12:00:00Z")
    page = show(team.owner, context={"timezone_id": "UTC"})

    expect(rows(page).nth(1)).to_contain_text("tests")  # the machine
    expect(rows(page).nth(1)).to_contain_text("Jan 31, 2020")


def test_who_was_erased_reads_as_a_former_user(show: Show, team: Team) -> None:
    member = team.add(team.invitable()[-1])
    team.system.machine("DELETE", f"/users/{member.id}", scope="roster/users")
    page = show(team.owner)

    expect(rows(page).filter(has_text="A former user joined")).to_have_count(1)
    expect(page.get_by_text(member.name)).to_have_count(0)


def test_who_may_not_read_it_is_told_so(host: Callable[..., Page], team: Team, watch: Watch) -> None:
    watch.expect("403 GET .*/activity")  # asked together with what somebody may do
    page = host(ELEMENT, person=team.add(team.invitable()[-1]))

    expect(page.get_by_text("Your role does not allow this.")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_who_may_read_it_but_no_roles_has_the_sentences_of_the_api(
    show: Show, team: Team, network: Network, watch: Watch
) -> None:
    watch.expect("403 GET .*/roles")  # asked together with what somebody may do
    body = {"title": "Auditor", "permissions": ["organization:read", "activity:read"]}
    role = team.owner.call("POST", team.path("roles"), body)
    page = show(team.add(role["id"]))

    expect(rows(page).nth(1)).to_contain_text("joined as Auditor.")
    field(page, "What").focus()
    field(page, "What").select_option("Members")
    expect(page.get_by_text("Nothing matches these filters.").last).to_be_visible()
    assert not network.calls("GET", "/members\\?")


def test_show_more_leads_to_the_first_event(show: Show, team: Team) -> None:
    for number in range(60):
        record(team, target={"type": "badge", "id": "b", "name": f"Badge {number}"})
    page = show(team.owner)

    expect(rows(page)).to_have_count(50)
    button(page, "Show more").click()
    expect(rows(page).last).to_contain_text("created Acme.")
    expect(rows(page)).to_have_count(len(team.owner.list(team.path("activity"))))
    expect(button(page, "Show more")).to_have_count(0)
    expect(page.get_by_role("table")).to_be_focused()


def test_more_that_cannot_be_read_leaves_what_is_there(show: Show, team: Team, network: Network) -> None:
    for _ in range(60):
        record(team)
    page = show(team.owner)
    network.refuse(500, "GET", "/activity")
    button(page, "Show more").click()

    expect(button(page, "Try again")).to_be_visible()
    expect(rows(page)).to_have_count(50)
    button(page, "Try again").click()
    button(page, "Show more").click()
    expect(rows(page).last).to_contain_text("created Acme.")


# ---- Filters ---------------------------------------------------------------------------------------------------------


def test_what_is_shown_can_be_narrowed_by_kind(show: Show, team: Team) -> None:
    team.invite("new@example.com", team.invitable()[-1])
    record(team)
    page = show(team.owner)

    field(page, "What").select_option("Invitations")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("new@example.com")
    field(page, "What").select_option("Badge")  # of the product's own
    expect(rows(page)).to_contain_text("(Rowing)")
    expect(rows(page)).to_have_count(1)


def test_what_is_shown_can_be_narrowed_to_what_somebody_did(show: Show, team: Team) -> None:
    member = team.add(team.invitable()[-1], name="Mary Somerville")
    quiet = team.move_in(team.invitable()[-1], name="Quinn Quiet")
    page = show(team.owner)

    field(page, "By").select_option(member.name)
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Mary Somerville joined")
    field(page, "By").focus()
    field(page, "By").select_option(quiet.name)  # a member who has done nothing yet
    expect(page.get_by_text("Nothing matches these filters.").last).to_be_visible()
    button(page, "Clear filters").click()
    expect(rows(page).last).to_contain_text("created Acme.")
    expect(field(page, "What")).to_be_focused()
    expect(field(page, "By")).to_have_value("")


@pytest.mark.parametrize(
    ("zone", "since", "until"),
    [
        ("Pacific/Auckland", "2026-03-06T11:00:00.000Z", "2026-03-08T11:00:00.000Z"),
        ("America/New_York", "2026-03-07T05:00:00.000Z", "2026-03-09T04:00:00.000Z"),  # where summer time begins
    ],
)
def test_days_are_those_of_where_the_reader_is(
    show: Show, team: Team, network: Network, zone: str, since: str, until: str
) -> None:
    page = show(team.owner, context={"timezone_id": zone})
    field(page, "From").fill("2026-03-07")
    field(page, "To").fill("2026-03-08")

    expect(page.get_by_text("Nothing matches these filters.").last).to_be_visible()
    assert query(network.calls("GET", "until=")[-1]) == {"limit": "50", "since": since, "until": until}


def test_both_days_count(show: Show, team: Team) -> None:
    at = team.owner.list(team.path("activity"))[0]["at"][:10]
    page = show(team.owner, context={"timezone_id": "UTC"})
    field(page, "From").fill(at)
    field(page, "To").fill(at)

    expect(rows(page).last).to_contain_text("created Acme.")


def test_nothing_is_asked_before_a_year_is_typed_whole(show: Show, team: Team, network: Network) -> None:
    page = show(team.owner)
    field(page, "From").focus()
    page.keyboard.type("0101202", delay=0)
    before = len(network.calls("GET", "since="))
    page.keyboard.type("0", delay=0)

    expect(rows(page).last).to_contain_text("created Acme.")
    page.wait_for_function("document.querySelector('roster-activity').shadowRoot.querySelector('[type=date]').value")
    assert before == 0


# ---- The file --------------------------------------------------------------------------------------------------------


def test_the_log_is_kept_as_a_file_with_the_same_filters(show: Show, team: Team, tmp_path: Path) -> None:
    team.invite("new@example.com", team.invitable()[-1], message="Zeile 1\nZeile „2“")
    page = show(team.owner)
    field(page, "What").select_option("Invitations")
    expect(rows(page)).to_have_count(1)
    with page.expect_download() as download:
        button(page, "Export CSV").click()
    content = saved(download.value, tmp_path)

    assert re.fullmatch(r"Acme Activity \d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    assert content.startswith(MARK)
    (line,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert line["type"] == "invitation.sent"
    expect(page.get_by_role("status").filter(has_text="The export is ready")).to_be_attached()
    assert bare.heard(page) == [("roster-exported", {"organization_id": team.id, "rows": 1})]


def test_parts_become_one_file_with_one_header(show: Show, team: Team, network: Network, tmp_path: Path) -> None:
    """A part ends after 4 MB: a few large events are cheaper than 10,000 small ones."""
    large = {"quotes": '"' * 1_900}
    for _ in range(400):
        record(team, data=large)
    page = show(team.owner)
    with page.expect_download() as download:
        button(page, "Export CSV").click()
    content = saved(download.value, tmp_path)

    assert len(network.calls("GET", "activity.csv")) == 2
    assert content.count(MARK) == 1
    lines = [*csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    assert len({line["id"] for line in lines}) == len(lines) == len(team.owner.list(team.path("activity")))
    assert "id" not in {line["id"] for line in lines}
    assert bare.heard(page)[0][1]["rows"] == len(lines)


def test_an_export_can_be_cancelled(show: Show, team: Team, network: Network) -> None:
    page = show(team.owner)
    with network.held("GET", "activity.csv") as held:
        button(page, "Export CSV").click()
        held.wait()
        expect(page.get_by_text("0 rows so far")).to_be_visible()
        button(page, "Export CSV").focus()
        page.keyboard.press("Enter")  # it goes on, and does not begin twice
        button(page, "Cancel").click()
        expect(button(page, "Cancel")).to_have_count(0)
        expect(button(page, "Export CSV")).to_be_focused()
    assert len(network.calls("GET", "activity.csv")) == 1
    assert bare.heard(page) == []
    with page.expect_download():
        button(page, "Export CSV").click()


def test_an_export_that_fails_says_so_and_can_be_begun_again(
    show: Show, team: Team, network: Network, watch: Watch
) -> None:
    page = show(team.owner)
    network.refuse(500, "GET", "activity.csv")
    button(page, "Export CSV").click()
    expect(page.get_by_role("alert").filter(has_text="answer")).to_be_visible()
    with page.expect_download():
        button(page, "Export CSV").click()
    expect(page.get_by_role("alert").filter(has_text="answer")).to_have_count(0)


# ---- Who reads -------------------------------------------------------------------------------------------------------


def test_another_organization_s_log_is_another_one(show: Show, system: System, team: Team) -> None:
    other = team.owner.call("POST", "/organizations", {"name": "Bureau"})
    page = show(team.owner)
    expect(rows(page).last).to_contain_text("created Acme.")
    field(page, "What").select_option("Organization")
    page.evaluate("id => { document.querySelector('roster-activity').organization = id; }", other["id"])

    expect(rows(page).last).to_contain_text("created Bureau.")
    expect(field(page, "What")).to_have_value("")
    expect(page.get_by_text("Acme")).to_have_count(0)


def test_another_person_sees_nothing_of_it(show: Show, team: Team) -> None:
    stranger = team.system.person()
    page = show(team.owner)
    bare.sign_in(page, stranger)

    expect(page.get_by_role("table")).to_have_count(0)
    expect(page.get_by_text("created Acme.")).to_have_count(0)
