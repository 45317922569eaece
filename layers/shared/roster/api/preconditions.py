"""The request headers that guard a change: If-Match and Idempotency-Key."""

import hashlib
import json
import re
from functools import partial
from http import HTTPStatus
from typing import Any

from roster.api.answers import Answer, etag_of
from roster.api.problems import IdempotencyKeyReused, PreconditionFailed
from roster.clock import now
from roster.table.base import Item
from roster.table.commit import Transaction
from roster.table.items import IDEMPOTENCY_KEPT, IdempotencyRecord

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_ENTITY_TAGS = re.compile(rf"\s*(?:{_ENTITY_TAG.pattern})(?:\s*,\s*(?:{_ENTITY_TAG.pattern}))*\s*")
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")


class IfMatch:
    """The If-Match header of RFC 9110: `*`, or a list of entity tags, of which weak ones never match.

    Raises ValueError with a sentence if the header is neither.
    """

    def __init__(self, header: str | None) -> None:
        if header is not None and header.strip() != "*" and not _ENTITY_TAGS.fullmatch(header):
            message = 'Send * or a list of entity tags, each as an ETag header gave it: "01J…".'
            raise ValueError(message)
        self._header = header

    def require(self, item: Item | None) -> None:
        """Raise PreconditionFailed if the item is not as the caller last saw it, or is None."""
        if self._header is None:
            return
        if item is None or (self._header.strip() != "*" and etag_of(item) not in _ENTITY_TAG.findall(self._header)):
            raise PreconditionFailed


class Idempotency:
    """The Idempotency-Key of one request: it finds the first success again, and keeps this one.

    Raises ValueError with a sentence if the header is no key.
    """

    def __init__(self, header: str | None, *, user_id: str, method: str, path: str, body: object) -> None:
        if header is not None and not _VISIBLE_ASCII.fullmatch(header):
            message = "Send 1 to 255 visible ASCII characters."
            raise ValueError(message)
        self._of = partial(Idempotency, header, user_id=user_id, method=method)
        self._path = path
        self.key = None if header is None else IdempotencyRecord.key(user_id, method, path, header)
        self._request = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        self._old: IdempotencyRecord | None = None

    def find(self, record: IdempotencyRecord | None) -> Answer[Any] | None:
        """Return the first success, if its record was found and is not older than a day.

        Raises IdempotencyKeyReused if that came with another body.
        """
        self._old = record
        if record is None or now() >= record.expires_at:
            return None
        if record.request != self._request:
            raise IdempotencyKeyReused
        return Answer(HTTPStatus(record.status), record.body, record.headers)

    def part(self, number: int, body: object) -> "Idempotency":
        """Return the key of one part of the request, which succeeds or fails by itself."""
        return self._of(path=f"{self._path}#{number}", body=body)

    def keep(self, answer: Answer[Any], transaction: Transaction) -> None:
        """Write the record in the transaction that the answer is about."""
        if self.key is None:
            return
        ends = transaction.at + IDEMPOTENCY_KEPT
        record = IdempotencyRecord(
            *self.key,
            request=self._request,
            status=int(answer.status),
            body=answer.body,
            headers=answer.headers,
            expires_at=ends,
            ttl=int(ends.timestamp()),
        )
        if self._old is None:
            transaction.create(record)
        else:
            transaction.replace(self._old, record)
