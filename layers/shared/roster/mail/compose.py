"""A template's words as MIME, in text and HTML. What people wrote never becomes markup or a link."""

import hashlib
import math
import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from roster import clock

TEMPLATES = Path(__file__).with_name("templates")

# Mail programs make links of whatever looks like an address, and open \\host\share at a touch. So behind each character
# that no address can do without, or that counts as one (UTS 46), goes a zero-width non-joiner, and another one into the
# start of an encoded header. Nobody sees it, what is copied reads the same, and as no part of a domain name may begin
# with one (RFC 5892, A.1), even a program that made a link all the same would lead nowhere.
_JOINT = re.compile(
    r"([.:@\\\u2024\u3002\ufe12\ufe13\ufe52\ufe55\ufe68\ufe6b\uff0e\uff1a\uff20\uff3c\uff61]|=(?=\?))(?=\S)"
)
_NON_JOINER = "\u200c"
# Marks that turn the direction of what follows them, and that may be words of somebody else's.
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
# Black letters have more contrast on anything brighter than this, and white ones on all else (WCAG 2, 1.4.3).
_BRIGHT = 0.179


def plain(text: str) -> str:
    """Return what somebody wrote as one line that makes no link and no header, and turns no direction."""
    line = " ".join(text.split())
    kept = (one for one in line if unicodedata.category(one) != "Cc" and unicodedata.bidirectional(one) not in _TURNS)
    return _JOINT.sub(rf"\1{_NON_JOINER}", "".join(kept))


def readable(moment: datetime) -> str:
    """Write a moment for people."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M} UTC"


def compose(template: str, words: Mapping[str, Any], *, to: str, event_id: str) -> bytes:
    """Make the mail that tells one address (ASCII) of an event, of a template, the words that it names and the brand.

    Whatever people wrote, addresses too, must have gone through `plain`; the HTML is escaped here.
    """
    brand = _brand()
    sender, support = os.environ["MAIL_FROM"], brand["support"]
    words = {**words, **brand}
    text = _templates("txt").get_template(f"{template}.jinja").make_module(words)
    html = _templates("html").get_template(f"{template}.jinja").render(words)
    recipient = hashlib.sha256(to.encode()).hexdigest()[:16]
    message = EmailMessage(SMTP)
    message["From"] = Address(brand["product"], addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    if support:
        message["Reply-To"] = Address(addr_spec=support)
    message["Subject"] = str(vars(text)["subject"])
    message["Date"] = clock.now()
    message["Message-ID"] = f"<{event_id}.{recipient}@{sender.partition('@')[2]}>"
    message["X-Entity-Ref-ID"] = event_id  # mails with one subject are one thread, unless they differ in this
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # No line is longer than mail allows, whatever is in it.
    message.set_content(re.sub(r"\n{3,}", "\n\n", str(text).strip()) + "\n", cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _brand() -> dict[str, str]:
    """Return how the deployment looks and where its app is: template.yaml's parameters."""
    color = os.environ["BRAND_COLOR"]
    return {
        "product": os.environ["PRODUCT_NAME"],
        "app": os.environ["APP_URL"],
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
    )
    environment.globals["form"] = form
    return environment
