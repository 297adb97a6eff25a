from datetime import timedelta

import pytest
from django.utils import timezone

from matches.operations.sharing import create_share_link, revoke_share_link
from matches.queries.links import MOST_LISTED, listed_links
from matches.rules.kinds import MatchStatus
from tests import factories
from tests.matches.builders import KICK_OFF, build_manager

pytestmark = pytest.mark.django_db


def publish(match, **fields):
    return create_share_link(match=match, actor=build_manager(match), listed=True, **fields)


def listed():
    return [shown.match for shown in listed_links(timezone.now())]


def test_live_matches_come_first_then_the_latest():
    def build(status, days):
        match = factories.build_match(status=status, kickoff_at=KICK_OFF + timedelta(days=days))
        publish(match)
        return match

    old = build(MatchStatus.COMPLETED, -7)
    paused = build(MatchStatus.PAUSED, -1)
    coming = build(MatchStatus.SCHEDULED, 7)
    live = build(MatchStatus.LIVE, 0)

    assert listed() == [live, paused, coming, old]


def test_only_links_that_are_listed_and_alive():
    shown, private, expired, revoked = (factories.build_match() for _ in range(4))
    manager = build_manager(private)
    token = publish(shown).token
    create_share_link(match=private, actor=manager)
    publish(expired, expires_in_hours=1)
    revoke_share_link(link=publish(revoked).link, actor=build_manager(revoked))

    later = listed_links(timezone.now() + timedelta(hours=2))

    assert [(found.match, found.token) for found in later] == [(shown, token)]


@pytest.mark.parametrize("count", [1, 10])
def test_landing_page_costs_one_query(count, django_assert_num_queries):
    for _ in range(count):
        publish(factories.build_match())

    with django_assert_num_queries(1):
        shown = [
            (str(found.match), found.match.format.name, found.match.home_goals)
            for found in listed_links(timezone.now())
        ]

    assert len(shown) == count


def test_list_has_an_end():
    match = factories.build_match()
    manager = build_manager(match)
    for _ in range(MOST_LISTED + 1):
        create_share_link(match=match, actor=manager, listed=True)

    assert len(listed()) == MOST_LISTED
