"""A template's words in one language as MIME, in text and HTML. What people wrote never becomes markup or a link."""

import hashlib
import math
import os
import re
from collections.abc import Mapping
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from roster import clock
from roster.mail.language import Language
from roster.mail.places import place, quiet

TEMPLATES = Path(__file__).with_name("templates")

# Black letters have more contrast on anything brighter than this, and white ones on all else (WCAG 2, 1.4.3).
_BRIGHT = 0.179


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that is one line: a long URL would be folded into encoded words, which nobody reads there."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def compose(
    template: str,
    words: Mapping[str, object],
    language: Language,
    *,
    to: str,
    event_id: str,
    reply_to: str | None = None,
    optional: bool = False,
) -> bytes:
    """Make the mail that tells one address (ASCII) of an event, of a template, the words that it names and the brand.

    Whatever people wrote, addresses too, must have gone through `plain`; the HTML is escaped here. `reply_to` is who is
    answered instead of the brand's support, an address (ASCII); `optional` is a mail that its reader may switch off.
    """
    brand = _brand()
    sender = os.environ["MAIL_FROM"]
    places: dict[str, object] = {name: place(value, language) for name, value in words.items()}
    places |= {**brand, "product": quiet(brand["name"], language), "language": language}
    text = _templates("txt").get_template(f"{template}.jinja").make_module(places)
    subject, preview = (str(vars(text)[name]).strip() for name in ("subject", "preheader"))
    html = _templates("html").get_template(f"{template}.jinja").render({**places, "title": subject, "preview": preview})
    recipient = hashlib.sha256(to.encode()).hexdigest()[:16]
    message = EmailMessage(_POLICY)
    message["From"] = Address(brand["name"], addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    if answered := reply_to or brand["support"]:
        message["Reply-To"] = Address(addr_spec=answered)
    message["Subject"] = subject
    message["Date"] = clock.now()
    message["Message-ID"] = f"<{event_id}.{recipient}@{sender.partition('@')[2]}>"
    message["X-Entity-Ref-ID"] = event_id  # mails with one subject are one thread, unless they differ in this
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if optional and brand["settings"]:
        message["List-Unsubscribe"] = f"<{brand['settings']}>"  # a page: nothing here signs its reader in for one click
    # No line is longer than mail allows, whatever is in it.
    message.set_content(re.sub(r"\n{3,}", "\n\n", str(text).strip()) + "\n", cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language.tag
    return message.as_bytes()


def _brand() -> dict[str, str]:
    """Return how the deployment looks and where its app is: template.yaml's parameters."""
    color, app, settings = os.environ["BRAND_COLOR"], os.environ["APP_URL"], os.environ["SETTINGS_PATH"]
    return {
        "name": os.environ["PRODUCT_NAME"],
        "app": app,
        "settings": app + settings if settings else "",
        "support": os.environ["SUPPORT_ADDRESS"],
        "logo": os.environ["LOGO_URL"],
        "color": color,
        "on_color": "#1f2328" if _luminance(color) > _BRIGHT else "#ffffff",
    }


def _luminance(color: str) -> float:
    """Return how bright a colour like #1f5fd6 is, from 0 to 1, closely enough (WCAG 2)."""
    red, green, blue = (math.pow(int(color[at : at + 2], 16) / 255, 2.2) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def _templates(form: Literal["txt", "html"]) -> Environment:
    """Return the templates as they speak text or HTML. Each extends base.txt or base.html, and has its words once."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=form == "html",  # noqa: S701 (text has nothing to escape)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals["form"] = form
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


# One environment speaks all languages, so that each template is compiled once: the mail's words say which it is.
@pass_context
def _gettext(context: Context, message: str) -> str:
    language: Language = context["language"]
    return language.words.gettext(message)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, number: int) -> str:
    language: Language = context["language"]
    return language.words.ngettext(singular, plural, number)
