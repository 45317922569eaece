"""Drawing: which act is next, out of all that can be asked in a scene. What may do harm, is drawn more often."""

from prove.control.faults import Fault
from prove.histories import managing
from prove.histories.acts import UNVERIFIED, Act, address_of
from prove.histories.post import REPORTS
from prove.histories.scene import PEOPLE, STRANGERS, Draw, Drawn, Scene

FAULTY = 0.1  # of all acts: what share meets a fault
FAULTS = [fault for fault in Fault if fault is not Fault.KILLED_LATE]  # which is left to the schedules
CALLS = 8  # a function makes fewer
MINUTES = (1, 10, 45, 180, 6 * 60, 12 * 60, 24 * 60, 3 * 24 * 60, 8 * 24 * 60)


def draw(scene: Scene, number: int) -> Act:
    """Draw the next act."""
    while True:
        (chosen,) = scene.chance.choices(list(DRAWS), list(DRAWS.values()))
        if (drawn := (chosen if scene.organizations else managing.found)(scene)) is not None:
            who, call, body = drawn
            fault = (scene.chance.randrange(CALLS), scene.choice(FAULTS).name)
            is_whole = call in {"wait", "collect"} or scene.chance.random() >= FAULTY
            return Act(number, who, call, body, None if is_whole else fault)


# ---- Invitations -----------------------------------------------------------------------------------------------------


def invite(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    who = scene.actor(one, "invitations:manage")
    body = {"email": scene.address(one), "roles": scene.roles(one)}
    return (f"{who}, {UNVERIFIED}" if scene.seldom() else who), f"POST {scene.path(one)}/invitations", body


def invite_many(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None:
        return None
    guests = scene.some(STRANGERS, 20) if scene.seldom() else scene.some(PEOPLE, 4)
    rows = [{"email": address_of(guest), "roles": scene.roles(one)} for guest in guests]
    body = {"invitations": rows}
    return scene.actor(one, "invitations:manage"), f"POST {scene.path(one)}/invitations/batch", body


def _of_invitation(scene: Scene, *statuses: str) -> tuple[str, str, str] | None:
    """Draw an invitation: return its path, its address, and who is likely to manage it."""
    if (one := scene.organization()) is None or (invitation := scene.invitation(one, *statuses)) is None:
        return None
    path = scene.path(one, "invitations", scene.symbol(invitation.id))
    return path, invitation.email, scene.actor(one, "invitations:manage")


def resend(scene: Scene) -> Drawn | None:
    if (one := scene.organization()) is None or (drawn := _of_invitation(scene, "pending", "expired")) is None:
        return None
    path, _, who = drawn
    return who, f"POST {path}/resend", {"roles": scene.roles(one)} if scene.chance.random() < 0.5 else None  # noqa: PLR2004


def copy_link(scene: Scene) -> Drawn | None:
    if (drawn := _of_invitation(scene, "pending")) is None:
        return None
    return drawn[2], f"POST {drawn[0]}/link", None


def cancel(scene: Scene) -> Drawn | None:
    if (drawn := _of_invitation(scene, "pending", "expired")) is None:
        return None
    return drawn[2], f"DELETE {drawn[0]}", None


def accept(scene: Scene) -> Drawn | None:
    if (drawn := _of_invitation(scene, "pending")) is None:
        return None
    who = scene.id_of(drawn[1].partition("@")[0])
    who = f"{who}-2" if scene.seldom() else who
    return (f"{who}, {UNVERIFIED}" if scene.seldom() else who), f"POST {drawn[0]}/accept", None


def accept_by_link(scene: Scene) -> Drawn | None:
    if (drawn := _of_invitation(scene, "pending")) is None or not (tokens := scene.tokens(drawn[1])):
        return None
    token = scene.choice(scene.tokens() if scene.seldom() else tokens[-3:])
    return scene.person(), f"POST {drawn[0]}/accept", {"token": f"{{{token}}}"}


def decline(scene: Scene) -> Drawn | None:
    if (drawn := _of_invitation(scene, "pending")) is None:
        return None
    return scene.id_of(drawn[1].partition("@")[0]), f"POST {drawn[0]}/decline", None


def preview(scene: Scene) -> Drawn | None:
    tokens = scene.tokens()
    return (scene.person(), "POST /invitations/preview", {"token": f"{{{scene.choice(tokens)}}}"}) if tokens else None


# ---- What is invoked, and what happens -------------------------------------------------------------------------------


def mail(scene: Scene) -> Drawn:
    return "", "notify/send", {"again": True} if scene.seldom() else None


def publish(_scene: Scene) -> Drawn:
    return "", "notify/publish", None


def sweep(_scene: Scene) -> Drawn:
    return "", "cleanup/expire", None


def report(scene: Scene) -> Drawn | None:
    known = scene.play.post.reported()
    if not known:
        return None
    number, address = scene.choice(known)
    kind = scene.choice(list(REPORTS)) if scene.seldom() else "delivered"
    return "", "notify/feedback", {"of": number, "to": address, "is": kind}


def wait(scene: Scene) -> Drawn:
    return "", "wait", {"minutes": scene.choice(MINUTES)}


def collect(_scene: Scene) -> Drawn:
    return "", "collect", None


# What is drawn, and how often beside the others.
DRAWS: dict[Draw, int] = managing.DRAWS | {
    invite: 14,
    invite_many: 1,
    resend: 3,
    copy_link: 2,
    cancel: 2,
    accept: 14,
    accept_by_link: 4,
    decline: 1,
    preview: 1,
    mail: 10,
    publish: 1,
    sweep: 2,
    report: 1,
    wait: 5,
    collect: 1,
}
