"""Shares of addresses in the painter's time."""

from gan.studio.fair_shares import ABOUT, About, FairShares


def test_who_has_had_more_begins_later_and_who_comes_back_has_saved_nothing():
    shares = FairShares()
    shares.serve("eve")
    shares.count("eve", 16)
    assert (shares.begin("eve"), shares.begin("ann")) == (16, 0)
    for _ in range(20):  # alone, ann has what she asks for
        shares.serve("ann")
        shares.count("ann", 1)
    assert shares.begin("ann") == 20 and shares.begin("eve") == 19  # the line is at 19 by now, and so is eve
    assert shares.begin("bob") == 19


def test_who_is_about():
    now = [0.0]
    about = About(lambda: now[0])
    about.see("eve")
    assert about.is_alone("eve") and not about.is_alone("ann")
    now[0] = ABOUT / 2
    about.see("ann")
    about.see("eve")
    now[0] = ABOUT + 0.1
    assert not about.is_alone("eve") and not about.is_alone("ann")
    now[0] = 2 * ABOUT
    assert about.is_alone("ann") and about.is_alone("bob")
    shares = FairShares()
    shares.see("eve")
    assert shares.is_alone("eve") and not shares.is_alone("ann")
