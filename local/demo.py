"""The demo: people and organizations to try things with, made by calls to the API, each at its moment of the past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from local import Json
from local.calls import CallError, Calls, Person
from local.mailbox import Mailbox
from local.streams import Pump
from local.template import Function
from local.workers import Workers
from roster.policy.pack import Pack

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ANN = Person("Ann Archer")
# One for each other role, and one for several roles at once where that may be.
BOB, CAROL, *_ = COLLEAGUES = [
    *map(Person, ("Bob Baker", "Carol Cooper", "Dan Dyer", "Eve Ellis", "Finn Fisher", "Gina Gray", "Hugo Hill"))
]
# Whom Ann invites, and what becomes of it.
PENDING, DECLINED, CANCELED, EXPIRED = map(Person, ("Iris Irwin", "Jack Jones", "Kate King", "Leo Lane"))
BOUNCED, COMPLAINED, SUPPRESSED = map(Person, ("Mia Moss", "Nina Nash", "Oscar Otis"))
# Who invites somebody and then leaves, so that the invitation is void.
LEAVER, VOID = map(Person, ("Paula Price", "Quinn Quist"))
THREE = 3
MACHINE: Json = {"client_id": "demo", "scope": "roster/billing"}
AUDITOR: Json = {
    "title": "Auditor",
    "description": "Sees who is here, and what they did.",
    "permissions": ["organization:read", "members:read", "activity:read"],
}


@dataclass(frozen=True)
class Place:
    """An organization: its path, and the roles that its founder can invite to."""

    path: str
    roles: Sequence[dict[str, Json]]

    @property
    def role(self) -> str:
        """The built-in role that the pack names last."""
        return str([role["id"] for role in self.roles if not role["custom"]][-1])


class Demo:
    """Makes the demo in an empty table. Which roles and plans there are, it learns from the pack and the API."""

    def __init__(
        self,
        pack: Pack,
        calls: Calls,
        workers: Workers,
        *,
        pump: Pump,
        mailbox: Mailbox,
        functions: Mapping[str, Function],
    ) -> None:
        self.pack = pack
        self._calls, self._workers = calls, workers
        self._pump, self._mailbox, self._functions = pump, mailbox, functions
        self.forget()

    def forget(self) -> None:
        """Take note that the table was emptied."""
        self.made: dict[str, Json] = {"people": [], "organizations": [], "invitations": []}

    async def make(self) -> None:
        """Make it, for who holds the pump's lock; `made` tells who and what there is then.

        Raises CallError if a call is refused.

        The clock is set back for each step, and for nobody else.
        """
        lifetime, ago = self.pack.invitation_lifetime, self._workers.ago
        with ago(lifetime + 3 * DAY):
            large = await self._large()
            members = await self._hire(large)
        with ago(lifetime + DAY):
            await self._mail(ANN, large, EXPIRED)
        with ago(DAY):
            await self._answered(large)
            await self._void(large)
            await self._suppressed(large)
        with ago(HOUR):
            await self._workers.invoke(self._functions["cleanup/expire"], {})
            small = await self._small()
            for person in members:
                signed_in = int(self._workers.now().timestamp())
                await self._calls(person.claims(auth_time=signed_in), "PUT", "/me")
        self.made = await self._told([*members, PENDING, DECLINED, LEAVER], [(ANN, large), *small])

    # ---- What happens, one after the other ---------------------------------------------------------------------------

    async def _large(self) -> Place:
        """Let Ann create an organization on the largest plan, with a role of its own if there can be one."""
        path = await self._create(ANN, "Brightwater", [*self.pack.plans][-1])
        if (await self._by(ANN, "GET", f"{path}/roles"))["can_create"]:
            await self._by(ANN, "POST", f"{path}/roles", AUDITOR)
        return await self._place(ANN, path)

    async def _hire(self, at: Place) -> list[Person]:
        """Let in somebody for each other role, and return all members."""
        organization = await self._by(ANN, "GET", at.path)
        parts = [[role["id"]] for role in at.roles if role["id"] != self.pack.founder]
        if organization["several_roles"]:
            parts.append([role["id"] for role in at.roles if not role["alone"]][-2:])
        hired = list(zip(COLLEAGUES, parts, strict=False))
        for person, roles in hired:
            await self._join(ANN, at, person, roles)
        return [ANN, *(person for person, _ in hired)]

    async def _answered(self, at: Place) -> None:
        """Let Ann invite, and what can become of an invitation become of it."""
        await self._mail(ANN, at, PENDING, message="Welcome aboard! Have a look around.")
        path = await self._mail(ANN, at, DECLINED)
        await self._by(DECLINED, "POST", f"{path}/decline")
        path = await self._mail(ANN, at, CANCELED, "Email Sent")
        await self._by(ANN, "DELETE", path)
        await self._mail(ANN, at, BOUNCED, "Email Bounced", bounce={"bounceType": "Permanent"})
        await self._mail(ANN, at, COMPLAINED, "Email Complaint Received", complaint={})

    async def _void(self, at: Place) -> None:
        """Let somebody invite who may, and then leave."""
        inviting = [role["id"] for role in at.roles if role["invites"]]
        if inviting:
            await self._join(ANN, at, LEAVER, inviting[-1:])
            await self._mail(LEAVER, at, VOID)
            await self._by(LEAVER, "POST", f"{at.path}/leave")
            await self._pump.deliver()

    async def _suppressed(self, at: Place) -> None:
        """Let Ann invite while her organization's mail is off."""
        await self._by(ANN, "PATCH", at.path, {"email_notifications": False})
        await self._invite(ANN, at, SUPPRESSED, [at.role])
        await self._pump.deliver()
        await self._by(ANN, "PATCH", at.path, {"email_notifications": True})
        await self._pump.deliver()

    async def _small(self) -> list[tuple[Person, Place]]:
        """Let Bob create another one, on the first plan that has room for three, and invite Ann to it."""
        plans = [plan.name for plan in self.pack.plans.values() if plan.members is None or plan.members >= THREE]
        if not plans:
            return []
        path = await self._create(BOB, "Oakfield", plans[0])
        at = await self._place(BOB, path)
        await self._join(BOB, at, CAROL, [at.role])
        await self._mail(BOB, at, ANN)
        return [(BOB, at)]

    # ---- The calls that it takes -------------------------------------------------------------------------------------

    async def _by(self, person: Person, method: str, path: str, body: Json = None) -> Json:
        return await self._calls(person.claims(), method, path, body)

    async def _create(self, founder: Person, name: str, plan: str) -> str:
        organization = await self._by(founder, "POST", "/organizations", {"name": name})
        path = f"/organizations/{organization['id']}"
        await self._calls(MACHINE, "PUT", f"{path}/plan", {"plan": plan})
        return path

    async def _place(self, founder: Person, path: str) -> Place:
        invitable = (await self._by(founder, "GET", f"{path}/members/me"))["invitable_roles"]
        roles = (await self._by(founder, "GET", f"{path}/roles"))["items"]
        if all(role["custom"] for role in roles if role["id"] in invitable):
            raise CallError(f"{founder.name} can invite nobody, whatever the plan.")
        return Place(path, [role for role in roles if role["id"] in invitable])

    async def _invite(self, inviter: Person, at: Place, invited: Person, roles: list[str], **more: Json) -> str:
        body = {"email": invited.email, "roles": roles, **more}
        invitation = await self._by(inviter, "POST", f"{at.path}/invitations", body)
        return f"{at.path}/invitations/{invitation['id']}"

    async def _join(self, inviter: Person, at: Place, person: Person, roles: list[str]) -> None:
        await self._by(person, "POST", f"{await self._invite(inviter, at, person, roles)}/accept")

    async def _mail(
        self, inviter: Person, at: Place, invited: Person, reported: str = "Email Delivered", **detail: Json
    ) -> str:
        """Invite, deliver the mail, and report what SES would report of it; return the invitation's path."""
        message = {"message": detail.pop("message")} if "message" in detail else {}
        path = await self._invite(inviter, at, invited, [at.role], **message)
        await self._pump.deliver()
        mails = self._mailbox.items(invited.email)
        if not mails:
            raise CallError(f"No mail came to {invited.name}.")
        mail = {"messageId": mails[-1]["message_id"]}
        event = {"source": "aws.ses", "detail-type": reported, "detail": {**detail, "mail": mail}}
        await self._workers.invoke(self._functions["notify/feedback"], self._mailbox.tagged(event))
        return path

    async def _told(self, people: Sequence[Person], places: Sequence[tuple[Person, Place]]) -> dict[str, Json]:
        """Return who and what there is now, as the API shows it."""
        organizations: dict[str, Json] = {}
        told = []
        for person in people:
            memberships = (await self._by(person, "GET", "/me/organizations"))["items"]
            organizations |= {one["organization"]["id"]: one["organization"] for one in memberships}
            roles = {one["organization"]["id"]: one["roles"] for one in memberships}
            told.append({"user_id": person.user_id, "name": person.name, "email": person.email, "roles": roles})
        invitations = [
            invitation
            for founder, place in places
            for invitation in (await self._by(founder, "GET", f"{place.path}/invitations?limit=100"))["items"]
        ]
        return {"people": told, "organizations": [*organizations.values()], "invitations": invitations}
