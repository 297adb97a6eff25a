from matches.admin.event import MatchEventAdmin
from matches.admin.match import FormatAdmin, MatchAdmin
from matches.admin.roster import PlayerAdmin, SeasonAdmin, TeamAdmin
from matches.admin.sharing import ShareLinkAdmin

__all__ = [
    "FormatAdmin",
    "MatchAdmin",
    "MatchEventAdmin",
    "PlayerAdmin",
    "SeasonAdmin",
    "ShareLinkAdmin",
    "TeamAdmin",
]
