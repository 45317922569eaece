"""One request: who asks for what, what was read for it, and the commit of what was decided."""

import os
from dataclasses import dataclass, replace
from typing import Any

from roster.api.answers import Answer
from roster.api.caller import Caller
from roster.api.preconditions import Idempotency, IfMatch
from roster.api.problems import NotFound
from roster.api.standing import MachineView, Standing, View
from roster.metrics import count
from roster.policy.decisions import Policy
from roster.policy.pack import Pack, Role, load
from roster.table.commit import Change, Transaction
from roster.table.items import CustomRoles, Event, Member, Organization, ProductEvent
from roster.table.keys import Key
from roster.table.read import Batch, read


class Replay(Exception):
    """The request's Idempotency-Key has had its success: that is the answer again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("replayed")
        self.answer = answer


def deployed_pack() -> Pack:
    """Return the pack that this deployment runs."""
    return load(os.environ["PACK"])


@dataclass(frozen=True)
class Request:
    """A request whose shape is right."""

    id: str
    caller: Caller
    if_match: IfMatch
    idempotency: Idempotency
    accept: str = ""  # the header

    @property
    def pack(self) -> Pack:
        """The pack that this deployment runs."""
        return deployed_pack()

    def read(self, *keys: Key[Any]) -> Batch:
        """Read what the decision needs, in one round trip with the record of the Idempotency-Key.

        Raises Replay if the request has been answered before.
        """
        record = self.idempotency.key
        batch = read(keys if record is None else (*keys, record))
        answer = None if record is None else self.idempotency.find(batch[record])
        if answer is not None:
            raise Replay(answer)
        return batch

    def part(self, number: int, body: object) -> "Request":
        """Return one part of the request as a request by itself, under the same Idempotency-Key."""
        return replace(self, idempotency=self.idempotency.part(number, body))

    def standing(self, organization_id: str, *keys: Key[Any]) -> Standing:
        """Read the caller's standing, and what stands under more keys, in one round trip.

        Raises NotFound if there is no such organization, or the caller has no part in it.
        """
        actor = Member.key(organization_id, self.caller.user_id)
        view = see(self.read(*visible(organization_id), actor, *keys), organization_id)
        member = view.batch[actor]
        if member is None:
            raise NotFound
        return Standing(view.organization, view.policy, view.batch, member)

    def view(self, organization_id: str, *keys: Key[Any]) -> Standing | MachineView:
        """Read what the caller sees: a machine, the organization; a person, their standing. As `standing`."""
        if self.caller.is_machine:
            view = see(self.read(*visible(organization_id), *keys), organization_id)
            return MachineView(view.organization, view.policy, view.batch)
        return self.standing(organization_id, *keys)

    def change(self, organization: Organization, event_type: str, target: tuple[str, str], **data: object) -> Change:
        """Begin a change of an organization: its event tells what the caller did, to which (type, id)."""
        plan = self.pack.plans[organization.plan]
        return Change(
            Event(
                f"LOG#{organization.id}",
                type=event_type,
                actor_type="machine" if self.caller.is_machine else "user",
                actor_id=self.caller.user_id,
                target_type=target[0],
                target_id=target[1],
                data=data,
                request_id=self.id,
                gsi1pk=Event.actor_partition(organization.id, self.caller.user_id),
            ),
            kept=plan.activity_kept,
        )

    def commit(self, change: Change, answer: Answer) -> Answer:
        """Commit a change together with the record of its answer, and return that."""
        self.idempotency.keep(answer, change)
        self.commit_step(change)
        return answer

    def commit_step(self, change: Change) -> None:
        """Commit a change that is one of several in this request, of which the last one has the record."""
        change.commit()
        # The product names its types as it likes: they would be metrics without end.
        count("Changes", type="product" if isinstance(change.event, ProductEvent) else change.event.type)

    def nothing_to_do(self, answer: Answer) -> Answer:
        """Answer a change that is none: no event, and only the record of the Idempotency-Key, if there is one."""
        return answer if self.idempotency.key is None else self.keep(Transaction(), answer)

    def keep(self, transaction: Transaction, answer: Answer) -> Answer:
        """Commit what changes no organization, and so has no event, with the record of its answer; return that."""
        self.idempotency.keep(answer, transaction)
        transaction.commit()
        return answer


def visible(organization_id: str) -> tuple[Key[Organization], Key[CustomRoles]]:
    """Return the keys that tell what an organization is and what holds in it."""
    return Organization.key(organization_id), CustomRoles.key(organization_id)


def living(batch: Batch, organization_id: str) -> View | None:
    """Return an organization that was read, and what holds in it; None if it is not there, or deleted."""
    organization = batch[Organization.key(organization_id)]
    if organization is None or organization.deleted_at is not None:
        return None
    custom = batch[CustomRoles.key(organization_id)]
    return View(organization, Policy(deployed_pack(), {} if custom is None else _roles(custom)), batch)


def see(batch: Batch, organization_id: str) -> View:
    """Return an organization that was read, and what holds in it. Raises NotFound if it is not there, or deleted."""
    view = living(batch, organization_id)
    if view is None:
        raise NotFound
    return view


def _roles(custom: CustomRoles) -> dict[str, Role]:
    rights = ("permissions", "invites", "removes", "assigns")
    return {
        name: Role(
            id=name,
            title=role["title"],
            description=role["description"],
            custom=True,
            **{right: frozenset(role[right]) for right in rights},
        )
        for name, role in custom.roles.items()
    }
