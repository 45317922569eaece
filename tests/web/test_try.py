import time

from tests.web.bare import settle
from tests.web.offers import offers
from tests.web.pressing import Presser


def test_t(host, team, network):
    p = team.add(team.invitable()[0])
    page = host("<roster-settings></roster-settings>", person=team.owner)
    settle(page)
    t = time.time()
    pr = Presser(page, network, "Acme", (p.email,))
    pr.all(but=("Delete organization", "Transfer ownership"))
    print(pr.pressed, time.time() - t)
    for o in offers(page):
        print(o)
