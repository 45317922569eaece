import pytest
from playwright.sync_api import expect
from tests.web.test_invitation import LANDING, EVENTS, token_of, invited, cancel, least, zoe
from tests.web.bare import settle

STYLE = "body{background:light-dark(#f6f7f9,#0e1014);padding:16px;margin:0} roster-session>*:not(roster-switcher){max-width:520px;margin:24px auto;background:light-dark(#fff,#15171c);border:1px solid light-dark(#e3e6ea,#2a2e37);border-radius:12px;overflow:clip}"


@pytest.mark.parametrize(
    ("width", "scheme", "html"),
    [(900, "light", 'lang="en"'), (320, "dark", 'lang="en"'), (390, "light", 'lang="ar" dir="rtl"')],
)
def test_pics(host, system, team, zoe, watch, width, scheme, html):
    watch.expect("")
    ctx = {"color_scheme": scheme}

    def pic(page, name):
        settle(page)
        page.wait_for_timeout(200)
        page.screenshot(path=f"/tmp/scratch/{name}-{width}.png")

    t = system.team(name="Analytical Engines", plan="")
    inv, link = invited(t, zoe, message="Welcome aboard!\nHave a look around, and tell me what you think.")

    def show(name, body=LANDING, person=None, l=link):
        page = host(
            body,
            person=person,
            path=f"/bare#{token_of(l)}" if l else "/bare",
            events=EVENTS,
            style=STYLE,
            width=width,
            html=html,
            context=ctx,
        )
        page.set_viewport_size({"width": width, "height": 560})
        pic(page, name)
        return page

    show("own", person=zoe)
    show("other", person=system.person("Grace Hopper"))
    show("out")
    p = system.person(email_verified=False)
    i, l = invited(t, p)
    show("unverified", person=p, l=l)
    show("member", person=t.owner)
    i2, l2 = invited(t, system.person())
    cancel(t, i2, zoe)
    show("canceled", l=l2)
    show("none", person=system.person(), l="")
    t2 = system.team(name="Brightwater")
    invited(t2, zoe)
    show("cards", person=zoe, l="", body="<roster-my-invitations></roster-my-invitations>")
    # switcher
    a = system.person("Ada Lovelace")
    for n in ("Analytical Engines", "Cartographers’ Bureau", "A very long name of an organization that does not fit"):
        a.call("POST", "/organizations", {"name": n})
    t.invite(a.email, least(t))
    t2.invite(a.email, least(t2))
    page = host("<roster-switcher></roster-switcher>", person=a, style=STYLE, width=width, html=html, context=ctx)
    page.set_viewport_size({"width": width, "height": 640})
    pic(page, "switcher-closed")
    page.get_by_role("button").first.click()
    pic(page, "switcher-open")
    page.locator("roster-switcher .menu button").last.click()
    pic(page, "switcher-create")
