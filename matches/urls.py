"""The API of matches, below /api/v1 and its alias."""

from django.urls import path

from core.api import converters  # noqa: F401  makes `<id:...>` known
from matches.views import (
    events,
    formats,
    lifecycle,
    lineups,
    live,
    matches,
    players,
    replays,
    scorers,
    seasons,
    sharing,
    squads,
    teams,
)

urlpatterns = [
    path("seasons", seasons.SeasonsView.as_view(), name="seasons"),
    path("seasons/<id:season_id>", seasons.SeasonView.as_view(), name="season"),
    path("teams", teams.TeamsView.as_view(), name="teams"),
    path("teams/<id:team_id>", teams.TeamView.as_view(), name="team"),
    path("teams/<id:team_id>/players", squads.SquadView.as_view(), name="squad"),
    path(
        "teams/<id:team_id>/players/<id:membership_id>",
        squads.SquadMembershipView.as_view(),
        name="squad-membership",
    ),
    path("players", players.PlayersView.as_view(), name="players"),
    path("players/<id:player_id>", players.PlayerView.as_view(), name="player"),
    path("formats", formats.FormatsView.as_view(), name="formats"),
    path("matches", matches.MatchesView.as_view(), name="matches"),
    path("matches/<id:match_id>", matches.MatchView.as_view(), name="match"),
    path("matches/<id:match_id>/live", live.LiveDocumentView.as_view(), name="match-live"),
    path("matches/<id:match_id>/score", live.ScoreView.as_view(), name="match-score"),
    path("matches/<id:match_id>/timeline", live.TimelineView.as_view(), name="match-timeline"),
    path("matches/<id:match_id>/feed", live.FeedView.as_view(), name="match-feed"),
    path("matches/<id:match_id>/events", events.MatchEventsView.as_view(), name="match-events"),
    path("events/<id:event_id>", events.EventView.as_view(), name="event"),
    path(
        "events/<id:event_id>/revisions",
        events.EventRevisionsView.as_view(),
        name="event-revisions",
    ),
    path("matches/<id:match_id>/start", lifecycle.StartView.as_view(), name="match-start"),
    path("matches/<id:match_id>/pause", lifecycle.PauseView.as_view(), name="match-pause"),
    path("matches/<id:match_id>/resume", lifecycle.ResumeView.as_view(), name="match-resume"),
    path(
        "matches/<id:match_id>/periods/start",
        lifecycle.StartPeriodView.as_view(),
        name="match-periods-start",
    ),
    path(
        "matches/<id:match_id>/periods/end",
        lifecycle.EndPeriodView.as_view(),
        name="match-periods-end",
    ),
    path("matches/<id:match_id>/complete", lifecycle.CompleteView.as_view(), name="match-complete"),
    path("matches/<id:match_id>/abandon", lifecycle.AbandonView.as_view(), name="match-abandon"),
    path("matches/<id:match_id>/postpone", lifecycle.PostponeView.as_view(), name="match-postpone"),
    path("matches/<id:match_id>/cancel", lifecycle.CancelView.as_view(), name="match-cancel"),
    path(
        "matches/<id:match_id>/reschedule",
        lifecycle.RescheduleView.as_view(),
        name="match-reschedule",
    ),
    path("matches/<id:match_id>/reopen", lifecycle.ReopenView.as_view(), name="match-reopen"),
    path("matches/<id:match_id>/replay", replays.ReplayView.as_view(), name="match-replay"),
    path("matches/<id:match_id>/lineup", lineups.LineupView.as_view(), name="match-lineup"),
    path(
        "matches/<id:match_id>/scorers",
        scorers.MatchScorersView.as_view(),
        name="match-scorers",
    ),
    path(
        "matches/<id:match_id>/scorers/<id:user_id>",
        scorers.MatchScorerView.as_view(),
        name="match-scorer",
    ),
    path("matches/<id:match_id>/share", sharing.ShareLinksView.as_view(), name="match-share"),
    path(
        "matches/<id:match_id>/share/<id:share_id>",
        sharing.ShareLinkView.as_view(),
        name="share-link",
    ),
    path(
        "matches/<id:match_id>/share/<id:share_id>/qr.svg",
        sharing.ShareQRView.as_view(),
        name="share-link-qr",
    ),
    path("share/exchange", sharing.ExchangeView.as_view(), name="share-exchange"),
]
