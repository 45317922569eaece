from tests.web.states import *
from tests.web.test_states import stage, TURN
from tests.web.each import inviting, landing
def test_t(stage):
    page = landing.landing_of_somebody_else(stage)
    page.evaluate(TURN, ["ar","rtl"]); page.set_viewport_size({"width":320,"height":800})
    expect(page.locator("roster-session > *").first).to_have_attribute("dir", "rtl")
    page.screenshot(path="/tmp/wt/h_a.png")
    print(page.evaluate("""() => { const out=[]; const w=(r)=>{for(const e of r.querySelectorAll('*')){const b=e.getBoundingClientRect(); if(b.left<0||b.right>320) out.push([e.localName,e.className,b.left,b.right,(e.textContent||'').slice(0,60)]); if(e.shadowRoot) w(e.shadowRoot)}}; w(document); return out}"""))
    p = inviting._dialog(stage, stage.team.owner)
    member = stage.team.add(stage.team.invitable()[-1])
    inviting._paste(p, f"ben@example.com {member.email} nobody@host.test")
    button(p, "Send invitations").click()
    settle(p)
    p.screenshot(path="/tmp/wt/h_b.png")
    print(p.get_by_role("dialog").aria_snapshot())
