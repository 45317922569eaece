"""States of roster-roles and roster-activity."""

from playwright.sync_api import Page

from tests.web.states import LONG, Stage, act, button, dialog, settled, shown, state

ROLES = "<roster-roles></roster-roles>"
ACTIVITY = "<roster-activity></roster-activity>"


def _custom(stage: Stage) -> None:
    body = {"title": "Auditor", "description": LONG, "permissions": ["organization:read", "members:read"]}
    stage.team.owner.call("POST", stage.team.path("roles"), body)


@state
def roles(stage: Stage) -> Page:
    _custom(stage)
    return settled(stage.show(ROLES, stage.team.owner))


@state
def roles_open(stage: Stage) -> Page:
    page = settled(stage.show(ROLES, stage.team.owner))
    page.locator("summary").first.click()
    return page


@state
def roles_creating(stage: Stage) -> Page:
    page = settled(stage.show(ROLES, stage.team.owner))
    button(page, "Create role").click()
    dialog(page)
    return page


@state
def roles_asking_to_delete(stage: Stage) -> Page:
    _custom(stage)
    page = settled(stage.show(ROLES, stage.team.owner))
    act(page, "Auditor", "Delete role")
    dialog(page)
    return page


@state
def roles_on_the_first_plan(stage: Stage) -> Page:
    stage.team.plan(next(iter(stage.system.pack.plans)))
    return settled(stage.show(ROLES, stage.team.owner))


@state
def activity(stage: Stage) -> Page:
    return settled(stage.show(ACTIVITY, stage.system.seeded().team.owner))


@state
def activity_nothing_found(stage: Stage) -> Page:
    page = settled(stage.show(ACTIVITY, stage.team.owner))
    page.get_by_label("To", exact=True).fill("2020-01-01")
    return shown(page, "Nothing matches these filters.")
