"""Mails: a template's words as MIME, in text and HTML. What people wrote in it stays mere words."""

import hashlib
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


def plain(text: str) -> str:
    """Return what somebody wrote as one line that makes no link and no header, and turns no direction."""
    line = " ".join(text.split())
    kept = (one for one in line if unicodedata.category(one) != "Cc" and unicodedata.bidirectional(one) not in _TURNS)
    return _JOINT.sub(rf"\1{_NON_JOINER}", "".join(kept))


def readable(moment: datetime) -> str:
    """Write a moment for people."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M} UTC"


def compose(folder: Path, template: str, words: Mapping[str, Any], *, to: str, event_id: str) -> bytes:
    """Make the mail that tells one address (ASCII) of an event, of a template and the words that it names.

    Whatever people wrote must have gone through `plain`; the HTML is escaped here.
    """
    product, sender = os.environ["PRODUCT_NAME"], os.environ["MAIL_FROM"]
    words = {**words, "product": product}
    text = _templates(folder, "txt").get_template(f"{template}.jinja").make_module(words)
    html = _templates(folder, "html").get_template(f"{template}.jinja").render(words)
    recipient = hashlib.sha256(to.encode()).hexdigest()[:16]
    message = EmailMessage(SMTP)
    message["From"] = Address(product, addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = str(vars(text)["subject"])
    message["Date"] = clock.now()
    message["Message-ID"] = f"<{event_id}.{recipient}@{sender.partition('@')[2]}>"
    message["X-Entity-Ref-ID"] = event_id  # mails with one subject are one thread, unless they differ in this
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # No line is longer than mail allows, whatever is in it.
    message.set_content(str(text).strip() + "\n", cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


@cache
def _templates(folder: Path, form: Literal["txt", "html"]) -> Environment:
    """Return the templates as they speak text or HTML. Each extends base.txt or base.html, and has its words once."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=form == "html",  # noqa: S701 (text has nothing to escape)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["form"] = form
    return environment
