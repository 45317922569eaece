"""The link in an invitation's mail: only KMS can tell whether it is genuine, and current.

`<organization>.<invitation>.<link>.<mac>`: the MAC is an HMAC key's over all that the link stands for. Nothing secret
is stored; only the mailer may make one, and only accept, decline and preview may check one.
"""

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

_PURPOSE = "roster invitation link v1"
_TOKEN = re.compile(
    r"(?P<organization_id>[\w-]{1,64})\.(?P<invitation_id>[\w-]{1,64})\.(?P<link>[\w-]{1,64})\.(?P<mac>[\w-]{43})",
    re.ASCII,
)


class Link(NamedTuple):
    """What a token says; nothing of it is proven before `verified`."""

    organization_id: str
    invitation_id: str
    link: str
    mac: str


def parse(token: str) -> Link | None:
    """Take a token apart; None if it cannot be one."""
    found = _TOKEN.fullmatch(token)
    return None if found is None else Link(**found.groupdict())


def make(organization_id: str, invitation_id: str, address: str, link: str) -> str:
    """Return the token for one sending of one invitation to one address."""
    message = _message(organization_id, invitation_id, address, link)
    mac = _kms().generate_mac(KeyId=os.environ["LINK_KEY"], MacAlgorithm="HMAC_SHA_256", Message=message)["Mac"]
    return ".".join((organization_id, invitation_id, link, urlsafe_b64encode(mac).decode().rstrip("=")))


def verified(link: Link, address: str | None) -> bool:
    """Tell whether a link was made by this deployment, for this invitation and this address.

    None is that of no invitation: no link is right then, and finding that out takes as long.
    """
    message = _message(link.organization_id, link.invitation_id, address or "", link.link)
    mac = urlsafe_b64decode(link.mac + "=")
    try:
        _kms().verify_mac(KeyId=os.environ["LINK_KEY"], MacAlgorithm="HMAC_SHA_256", Message=message, Mac=mac)
    except ClientError as error:
        if error.response["Error"].get("Code") == "KMSInvalidMacException":
            return False
        raise
    return True


def _message(*parts: str) -> bytes:
    """Join parts with their lengths before them, so that no two lists of parts read alike."""
    encoded = [part.encode() for part in (_PURPOSE, *parts)]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


@cache
def _kms() -> "KMSClient":
    return boto3.client("kms", config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2}))
