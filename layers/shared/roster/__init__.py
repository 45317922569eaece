"""Roster: organizations, invitations, roles and the record of who did what."""

import gc
import os

_IN_LAMBDA = "AWS_LAMBDA_RUNTIME_API" in os.environ

# What a function imports and makes at its start is no garbage: looking for some takes a twentieth of a cold start.
if _IN_LAMBDA:
    gc.disable()


def started() -> None:
    """Say that a start has made all that it makes. From here on garbage is looked for, but not in that."""
    if _IN_LAMBDA:
        gc.freeze()
        gc.enable()
