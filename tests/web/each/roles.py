"""States of roster-roles and roster-activity."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.states import LONG, Stage, act, button, confirming, dialog, offering, shown, state, waiting

ROLES = "<roster-roles></roster-roles>"
ALL = ("organization:read", "members:read", "invitations:manage", "members:remove", "roles:assign")


def _roles(stage: Stage, title: str = "Reader", **more: Any) -> Page:
    """Show the roles to the owner, among them a custom one."""
    body = {"title": title, "description": "Looks around.", "permissions": [*ALL], **more}
    stage.team.owner.call("POST", stage.team.path("roles"), body)
    page = stage.show(ROLES, stage.team.owner)
    return offering(page, f"More for {title}")


def _act_on_role(page: Page, name: str) -> Page:
    act(page, "Reader", name)
    dialog(page)
    return page


@state
def roles_all(stage: Stage) -> Page:
    return _roles(stage)


@state
def roles_opened(stage: Stage) -> Page:
    page = _roles(stage, LONG, description="صلاحيات كثيرة " * 20, invites=stage.team.invitable()[-2:])
    for summary in page.locator("summary").all():
        summary.click()
    return page


@state
def roles_of_a_member(stage: Stage) -> Page:
    page = stage.show(ROLES, stage.team.add(stage.team.invitable()[-1]))
    expect(page.locator("summary").first).to_be_visible()
    return page


@state
def roles_menu(stage: Stage) -> Page:
    page = _roles(stage)
    button(page, "More for Reader").click()
    return offering(page, "Delete role")


@state
def roles_creating(stage: Stage) -> Page:
    page = _roles(stage)
    button(page, "Create role").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    return page


@state
def roles_editing(stage: Stage) -> Page:
    return _act_on_role(_roles(stage, removes=stage.team.invitable()[-1:]), "Edit role")


@state
def roles_name_taken(stage: Stage) -> Page:
    page = _act_on_role(_roles(stage), "Edit role")
    stage.watch.expect("409 PUT")
    page.get_by_role("textbox", name="Name", exact=True).fill(stage.team.roles()[0]["title"])
    confirming(page).click()
    return shown(page, "There is a role of this name already.")


@state
def roles_nothing_chosen(stage: Stage) -> Page:
    page = _act_on_role(_roles(stage), "Edit role")
    while (checked := page.get_by_role("checkbox", checked=True)).count():
        checked.first.uncheck()
    confirming(page).click()
    return shown(page, "Choose at least one permission.")


@state
def roles_outcome_unknown(stage: Stage) -> Page:
    page = _act_on_role(_roles(stage), "Edit role")
    stage.network.lose_answer("PUT", "/roles/", times=4)
    confirming(page).click()
    return offering(page, "Try again")


@state
def roles_asking_to_delete(stage: Stage) -> Page:
    return _act_on_role(_roles(stage), "Delete role")


@state
def roles_after_a_downgrade(stage: Stage) -> Page:
    page = _roles(stage)
    stage.team.plan(next(iter(stage.system.pack.plans)))
    page.reload()
    return shown(page, "The plan has no room for another role.")


@state
def roles_loading(stage: Stage) -> Page:
    return waiting(stage, ROLES, "roster-roles .skeletons", "/roles", person=stage.team.owner)


@state
def roles_down(stage: Stage) -> Page:
    stage.network.refuse(500, "GET", "/roles", times=-1)
    page = stage.show(ROLES, stage.team.owner)
    return offering(page, "Try again")


# ---- roster-activity -------------------------------------------------------------------------------------------------

ACTIVITY = "<roster-activity></roster-activity>"


def _activity(stage: Stage) -> Page:
    """Show the log of an organization in which much has happened: an erased member, an event that is no one's words."""
    team = stage.team
    erased = team.add(team.invitable()[-1])
    stage.system.machine("DELETE", f"/users/{erased.id}", scope="roster/users")
    team.invite(f"{'x' * 60}@example.com", team.invitable()[-1])
    team.add(
        team.invitable()[0], name="محمد الفاتح", sub=f"mohammed-{team.id}", email=f"mohammed@{team.id}.example.com"
    )
    event = {"type": "badge.designed", "target": {"type": "badge", "id": "b", "name": LONG}}
    said = {"user_id": team.owner.id, "occurred_at": "2020-01-31T12:00:00Z"}
    for more in ({}, said):
        stage.system.machine("POST", team.path("activity"), {**event, **more}, scope="roster/activity")
    page = stage.show(ACTIVITY, team.owner)
    expect(page.get_by_role("table")).to_be_visible()
    return page


@state
def activity_all(stage: Stage) -> Page:
    return _activity(stage)


@state
def activity_nothing_found(stage: Stage) -> Page:
    page = _activity(stage)
    page.get_by_label("To").fill("2019-12-31")
    return shown(page, "Nothing matches these filters.")


@state
def activity_exporting(stage: Stage) -> Page:
    page = _activity(stage)
    stage.at_the_end.enter_context(stage.network.held("GET", "activity.csv"))
    button(page, "Export CSV").click()
    return shown(page, "0 rows so far")


@state
def activity_export_failed(stage: Stage) -> Page:
    page = _activity(stage)
    stage.network.refuse(500, "GET", "activity.csv")
    button(page, "Export CSV").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@state
def activity_more_failed(stage: Stage) -> Page:
    event = {"type": "badge.designed", "target": {"type": "badge", "id": "b", "name": "Rowing"}}
    for _ in range(60):
        stage.system.machine("POST", stage.team.path("activity"), event, scope="roster/activity")
    page = stage.show(ACTIVITY, stage.team.owner)
    expect(button(page, "Show more")).to_be_visible()
    stage.network.refuse(500, "GET", "/activity")
    button(page, "Show more").click()
    return offering(page, "Try again")


@state
def activity_not_permitted(stage: Stage) -> Page:
    stage.watch.expect("403 GET .*/activity")
    page = stage.show(ACTIVITY, stage.team.add(stage.team.invitable()[-1]))
    return shown(page, "Your role does not allow this.")


@state
def activity_loading(stage: Stage) -> Page:
    return waiting(stage, ACTIVITY, "roster-activity .skeletons", "/activity", person=stage.team.owner)


@state
def activity_down(stage: Stage) -> Page:
    stage.network.refuse(500, "GET", "/activity", times=-1)
    page = stage.show(ACTIVITY, stage.team.owner)
    return offering(page, "Try again")
