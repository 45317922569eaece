"""The demo's app, opened as somebody."""

import json

from playwright.sync_api import Page

from tests.web.people import Person

KEY = "roster-demo"  # where the app keeps who is signed in


def visit(page: Page, app: str, path: str, person: Person | None, organization: str = "") -> Page:
    """Open a page of the app. Who is signed in stays so until the page itself changes it."""
    if person:
        kept = json.dumps(person.claims)
        page.add_init_script(f"localStorage.getItem('{KEY}') ?? localStorage.setItem('{KEY}', {json.dumps(kept)});")
        if organization:
            person.call("PUT", "/me/active-organization", {"organization_id": organization})
    page.goto(f"{app}{path}")
    return page
