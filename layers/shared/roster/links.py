"""An invitation's link, mailed or copied: only KMS can tell whether it is genuine, and current.

Its token is `<organization>.<invitation>.<link>.<mac>`: the MAC is an HMAC key's over all that the link stands for, and
over its purpose, which the third part says too. Nothing secret is stored. Only the mailer makes mailed ones, only
invite/link copied ones, and only accept, decline and preview may check one.
"""

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from botocore.config import Config
from botocore.exceptions import ClientError

from roster import aws

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

_COPIED = "copied-"  # stands before the link in the token of a copied one
_TOKEN = re.compile(
    r"(?P<organization_id>[\w-]{1,64})\.(?P<invitation_id>[\w-]{1,64})\."
    rf"(?P<mark>{_COPIED})?(?P<link>[\w-]{{1,64}})\.(?P<mac>[\w-]{{43}})",
    re.ASCII,
)


class Purpose(Enum):
    """What a link is for, in the words that its MAC is over."""

    MAILED = "roster invitation link v1"  # who has it can read the mail of the address invited
    COPIED = "roster copied invitation link v1"  # it was handed over, and proves nothing of any address


class Link(NamedTuple):
    """What a token says; nothing of it is proven before `verified`."""

    purpose: Purpose
    organization_id: str
    invitation_id: str
    link: str
    mac: str


def parse(token: str) -> Link | None:
    """Take a token apart; None if it cannot be one."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    parts = found.groupdict()
    return Link(Purpose.COPIED if parts.pop("mark") else Purpose.MAILED, **parts)


def make(purpose: Purpose, organization_id: str, invitation_id: str, address: str, link: str) -> str:
    """Return the token for one sending of one invitation to one address."""
    message = _message(purpose, organization_id, invitation_id, address, link)
    mac = _kms().generate_mac(KeyId=os.environ["LINK_KEY"], MacAlgorithm="HMAC_SHA_256", Message=message)["Mac"]
    mark = _COPIED if purpose is Purpose.COPIED else ""
    return ".".join((organization_id, invitation_id, mark + link, urlsafe_b64encode(mac).decode().rstrip("=")))


def url(token: str) -> str:
    """Return where a token leads: to the product's app, which finds it in the fragment, that no server is told."""
    return f"{os.environ['APP_URL']}/invitation#{token}"


def verified(link: Link, address: str | None) -> bool:
    """Tell whether a link was made by this deployment, for this invitation and this address.

    None is that of no invitation: no link is right then, and finding that out takes as long.
    """
    message = _message(link.purpose, link.organization_id, link.invitation_id, address or "", link.link)
    mac = urlsafe_b64decode(link.mac + "=")
    try:
        _kms().verify_mac(KeyId=os.environ["LINK_KEY"], MacAlgorithm="HMAC_SHA_256", Message=message, Mac=mac)
    except ClientError as error:
        if error.response["Error"].get("Code") == "KMSInvalidMacException":
            return False
        raise
    return True


def _message(purpose: Purpose, *parts: str) -> bytes:
    """Join parts with their lengths before them, so that no two lists of parts read alike."""
    encoded = [part.encode() for part in (purpose.value, *parts)]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


@cache
def _kms() -> "KMSClient":
    made: KMSClient = aws.client("kms", Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2}))
    return made


def prepare() -> None:
    """Make KMS's client now: Lambda starts a function with more power than it answers requests with."""
    _kms()
