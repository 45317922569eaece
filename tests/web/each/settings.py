"""States of roster-settings."""

from playwright.sync_api import Page, expect

from tests.web.states import Stage, button, offering, shown, state, waiting

SETTINGS = "<roster-settings></roster-settings>"


@state
def settings_of_an_owner(stage: Stage) -> Page:
    stage.team.add(stage.team.invitable()[0])
    page = stage.show(SETTINGS, stage.team.owner)
    return offering(page, "Delete organization")


@state
def settings_of_a_member(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.add(stage.team.invitable()[-1]))
    return offering(page, "Leave organization")


@state
def settings_saved(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.owner)
    page.get_by_label("Organization name").fill("Brightwater & Sons")
    button(page, "Save").first.click()
    return shown(page, "Saved")


@state
def settings_refused(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.owner)
    page.get_by_label("Organization name").fill("www.example.com")
    button(page, "Save").first.click()
    stage.watch.expect("422 PATCH")
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@state
def settings_asking_to_delete(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.owner)
    button(page, "Delete organization").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@state
def settings_asking_to_leave(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.add(stage.team.invitable()[-1]))
    button(page, "Leave organization").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@state
def settings_asking_to_transfer(stage: Stage) -> Page:
    person = stage.team.add(stage.team.invitable()[-1])
    page = stage.show(SETTINGS, stage.team.owner)
    button(page, "Transfer ownership").click()
    page.get_by_role("dialog").get_by_role("combobox").select_option(label=f"{person.name} · {person.email}")
    return page


@state
def settings_of_nobody(stage: Stage) -> Page:
    return shown(stage.show(SETTINGS, stage.system.person()), "You belong to no organization yet.")


@state
def settings_loading(stage: Stage) -> Page:
    return waiting(stage, SETTINGS, "roster-settings .skeletons", "/organizations/", person=stage.team.owner)
