"""The demo's app, opened as somebody."""

import json

from playwright.sync_api import Page

from tests.web.people import Person

KEY = "roster-demo"  # where the app keeps who is signed in


def visit(page: Page, app: str, path: str, person: Person | None, organization: str = "") -> Page:
    """Open a page of the app as somebody, or as nobody. They stay signed in until the page itself changes it."""
    kept = json.dumps(json.dumps(person and person.claims))
    page.add_init_script(f"localStorage.getItem('{KEY}') ?? localStorage.setItem('{KEY}', {kept});")
    if person and organization:
        person.call("PUT", "/me/active-organization", {"organization_id": organization})
    page.goto(f"{app}{path}")
    return page
