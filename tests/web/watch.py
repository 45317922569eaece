"""What a page must not do, whatever it shows: complain, break its policy, ask for what fails, ask strangers."""

import re
from dataclasses import dataclass, field
from http import HTTPStatus

from playwright.sync_api import ConsoleMessage, Page, Request

from tests.web.network import Asked, Network

# The console tells of violations, too, but not always in which directive. The event comes out of shadow roots.
LISTENER = """
addEventListener('securitypolicyviolation', (event) => {
  const { effectiveDirective, blockedURI, sample, sourceFile, lineNumber } = event;
  console.error(`violation of ${effectiveDirective}: ${blockedURI} ${sample} at ${sourceFile}:${lineNumber}`);
}, true);
"""
FAILED_TO_LOAD = "Failed to load resource"
# By which somebody ends their part in an organization, or it.
ENDING = re.compile(r"(?:DELETE|POST) (/organizations/\w+)(?:/leave)?$")
ABORTED = "net::ERR_ABORTED"  # by the page itself, which went elsewhere or wants no answer any more


@dataclass
class Watch:
    """Notes of a test's pages."""

    network: Network
    complaints: list[tuple[str, str]] = field(default_factory=list)  # words, and the URL that they are about
    _expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Allow complaints that a pattern is found in: of a request, it is `410 POST /invitations/preview`."""
        self._expected.append(pattern)

    def over(self, page: Page) -> None:
        """Take notes of a page."""
        page.add_init_script(LISTENER)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append((f"page error: {error}", "")))
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)

    def unexpected(self) -> list[str]:
        """What was not expected. Faults that a test makes are, and readings that a page's own change overtook."""
        faulty = {one.url for one in self.network.asked if one.faulty}
        said = [words for words, url in self.complaints if url not in faulty]
        said += [
            f"{one.status} {one.method} {one.path}"
            for one in self.network.asked
            if one.status >= HTTPStatus.BAD_REQUEST and not one.faulty and not self._overtaken(one)
        ]
        return [one for one in said if not any(re.search(pattern, one) for pattern in self._expected)]

    def _overtaken(self, asked: Asked) -> bool:
        """Whether somebody may read no more what they read when they asked: they left meanwhile, or deleted it."""
        return (
            asked.method == "GET"
            and asked.status == HTTPStatus.NOT_FOUND
            and any(
                HTTPStatus.OK <= one.status < HTTPStatus.MULTIPLE_CHOICES
                and one.overlaps(asked)
                and (end := ENDING.match(f"{one.method} {one.path}")) is not None
                and asked.path.startswith(end[1])
                for one in self.network.asked
            )
        )

    def _console(self, message: ConsoleMessage) -> None:
        # What was answered with a refusal, the network knows better: with its method.
        if message.type in {"error", "warning"} and not message.text.startswith(FAILED_TO_LOAD):
            self.complaints.append((f"{message.type}: {message.text}", str(message.location.get("url", ""))))

    def _is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.network.app}/", f"{self.network.api}/", "data:", "blob:", "about:"))

    def _asked(self, request: Request) -> None:
        if not self._is_ours(request.url):  # what the browser asks for itself is no page's
            self.complaints.append((f"foreign: {request.url}", request.url))

    def _failed(self, request: Request) -> None:
        if request.failure != ABORTED and self._is_ours(request.url):
            self.complaints.append((f"{request.failure}: {request.method} {request.url}", request.url))
