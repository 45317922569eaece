"""Take the pictures in docs/pictures/: the demo as `make run` serves it, drawn by Chromium."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.local.test_server import demo_origin, started
from tools.browser import launched

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PHONE = 600  # pixels: what is narrower is one
ADDRESSES = "mary@example.com, annie@example.com\nhenrietta@\nKatherine Johnson <katherine@example.com>"


@contextmanager
def _app() -> Iterator[str]:
    with started("--seed", "--port", "0") as (process, api):
        yield demo_origin(api)
        process.send_signal(signal.SIGINT)
        process.wait()


@contextmanager
def _page(browser: Browser, width: int, height: int, theme: str, url: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if width < PHONE else 1.5,
        color_scheme=theme,  # type: ignore[arg-type]
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    mailbox = page.get_by_role("button", name="Close", exact=True)
    page.get_by_text("Brightwater").or_(page.get_by_text("Oakfield")).first.wait_for()
    if mailbox.is_visible():
        mailbox.click()
    yield page
    context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    path = FOLDER / f"{name}.png"
    if page.viewport_size and page.viewport_size["width"] < PHONE:  # without the demo's own tools
        page.locator("roster-team").evaluate("element => element.scrollIntoView()")
    page.screenshot(path=path, animations="disabled", caret="hide")
    print(f"docs/pictures/{name}.png")


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _app() as app, launched() as browser:
        with _page(browser, 1180, 700, "light", f"{app}/team") as page:
            page.get_by_role("row", name="Eve Ellis").wait_for()
            _keep(page, "team")
        with _page(browser, 1180, 760, "light", f"{app}/team") as page:
            page.get_by_role("button", name="Invite", exact=True).click()
            page.get_by_label("Email addresses").fill(ADDRESSES)
            page.get_by_text("henrietta@", exact=True).wait_for()
            _keep(page, "invite")
        with _page(browser, 390, 760, "dark", f"{app}/team#invitations") as page:
            page.get_by_role("row", name="iris@example.com").wait_for()
            _keep(page, "invitations-dark")
        with _page(browser, 390, 760, "light", f"{app}/team#activity") as page:
            page.get_by_role("button", name="Export CSV").wait_for()
            _keep(page, "activity")


if __name__ == "__main__":
    main()
