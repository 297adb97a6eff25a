"""One eventful match, step by step, that together makes every kind of feed entry.

Each step is an operation of the application; proofs run them one by one and look in between.
Everything that a person wrote or that is about a person carries the word given as `canary`.
"""

from datetime import date, timedelta

from accounts.models import Role
from matches.operations import lifecycle
from matches.operations.events import edit_event, void_event
from matches.operations.lineups import LineupDraft, set_lineup
from matches.operations.matches import update_match
from matches.operations.roster import update_player, update_team
from matches.operations.sharing import create_share_link
from matches.rules.kinds import EventKind, LineupRole, Outcome
from tests import factories
from tests.matches.builders import log, minutes


class EventfulMatch:
    def __init__(self, canary="Robin"):
        self.canary = canary
        self.organisation = factories.build_organisation()
        self.match = factories.build_match(organisation=self.organisation)
        self.actor = factories.build_member(
            self.organisation,
            Role.OWNER,
            username=f"{canary}owner",
            email=f"{canary}@example.org",
        )
        self.home = [self._player(self.match.home_team, index) for index in range(5)]
        self.away = [self._player(self.match.away_team, index) for index in range(5)]

    def _player(self, team, index):
        return factories.build_player(
            team,
            number=index + 1,
            name=f"{self.canary} Player{index}",
            birth_date=date(2015, 3, 14),
            notes=f"{self.canary} allergy",
        )

    def steps(self):
        """Callables, in order. The match is over after the last."""
        yield from [self._arrange, self._line_up_home, self._line_up_away, self._share]
        yield from [self._swap_sides, self._swap_sides]
        yield self._step(lifecycle.postpone_match, reason=f"{self.canary} fog")
        yield self._step(lifecycle.start_match, at=minutes(0))
        yield from self._first_half()
        yield self._step(lifecycle.end_period, at=minutes(50))
        yield from [self._rename_team, self._rename_player]
        yield self._step(lifecycle.start_period, at=minutes(60))
        yield from self._corrections()
        yield self._step(lifecycle.end_period, at=minutes(106))
        yield self._step(lifecycle.start_period, at=minutes(110))
        yield self._step(lifecycle.end_period, at=minutes(126))
        yield self._step(lifecycle.start_period, at=minutes(127))
        yield self._step(lifecycle.end_period, at=minutes(142))
        yield self._step(lifecycle.start_period, at=minutes(145))
        yield from self._shootout()
        yield self._step(lifecycle.pause_match, at=minutes(150))
        yield self._step(lifecycle.complete_match, at=minutes(151))
        yield self._step(lifecycle.reopen_match, reason=f"{self.canary} too early")
        yield from [self._correct_after_reopening, self._line_up_home_again]
        yield self._step(lifecycle.abandon_match, reason=f"{self.canary} lightning")
        yield self._void_after_the_end

    def _step(self, operation, **arguments):
        return lambda: operation(match=self.match, actor=self.actor, **arguments)

    def _log(self, kind, **fields):
        return log(self.match, self.actor, kind, **fields)

    def _arrange(self):
        later = self.match.kickoff_at + timedelta(hours=1)
        changes = {"kickoff_at": later, "venue": "Pitch 2", "round": "Final"}
        self.match = update_match(match=self.match, actor=self.actor, changes=changes)

    def _swap_sides(self):
        changes = {"home_team": self.match.away_team, "away_team": self.match.home_team}
        self.match = update_match(match=self.match, actor=self.actor, changes=changes)

    def _share(self):
        label = f"{self.canary} family"
        create_share_link(match=self.match, actor=self.actor, label=label, listed=True)

    def _line_up_home(self):
        self._line_up(self.match.home_team, self.home)

    def _line_up_away(self):
        self._line_up(self.match.away_team, self.away)

    def _line_up_home_again(self):
        self._line_up(self.match.home_team, self.home[::-1])

    def _line_up(self, team, players):
        rows = [
            LineupDraft(
                player_id=player.pk,
                number=index + 10,
                role=LineupRole.STARTER if index < 3 else LineupRole.BENCH,
                position="FW",
                x=50.0,
                y=12.5 * index,
                is_captain=index == 0,
            )
            for index, player in enumerate(players)
        ]
        set_lineup(match=self.match, actor=self.actor, team=team, players=rows)

    def _first_half(self):
        yield self._goal_with_assist
        yield lambda: self._log(
            EventKind.SUBSTITUTION,
            player_on_id=self.home[3].pk,
            player_off_id=self.home[0].pk,
            clock_ms=2_710_000,
        )
        yield self._step(lifecycle.pause_match, at=minutes(20))
        yield self._injury_and_card
        yield self._step(lifecycle.resume_match, at=minutes(23))
        yield lambda: self._log(
            EventKind.OWN_GOAL, player_id=self.home[1].pk, clock_ms=None, sentiment=-3
        )
        yield lambda: self._log(EventKind.BALL_OUT, team=None)
        yield lambda: self._log(EventKind.NOTE, team=None, notes=f"{self.canary} was late")

    def _goal_with_assist(self):
        self.goal = self._log(EventKind.GOAL, player_id=self.home[1].pk, notes=self.canary)
        self.assist = self._log(
            EventKind.ASSIST, player_id=self.home[2].pk, linked_event_id=self.goal.pk
        )

    def _injury_and_card(self):
        self.injury = self._log(
            EventKind.INJURY,
            player_id=self.home[2].pk,
            notes=f"{self.canary} ankle",
            clock_ms=1_200_000,
        )
        # Viewers see the card, but not what it was for.
        self.card = self._log(
            EventKind.YELLOW_CARD,
            team=self.match.away_team,
            player_id=self.away[0].pk,
            linked_event_id=self.injury.pk,
            clock_ms=1_200_000,
        )

    def _corrections(self):
        yield self._edit(lambda: self.goal, clock_ms=2_760_000, player_id=self.home[2].pk)
        yield self._edit(lambda: self.injury, notes=f"{self.canary} knee", sentiment=-1)
        yield self._edit(lambda: self.card, period=2, clock_ms=1)
        yield self._void(lambda: self.injury)
        yield self._edit(lambda: self.card, clock_ms=2)
        yield self._penalty
        yield self._edit(lambda: self.penalty, outcome="scored")
        yield self._void(lambda: self.goal)
        # 0-1 and 1-0 make it level again for extra time.

    def _penalty(self):
        self.penalty = self._log(
            EventKind.PENALTY, player_id=self.home[1].pk, outcome=Outcome.AWARDED, period=2
        )

    def _shootout(self):
        kick = {"kind": EventKind.SHOOTOUT_KICK, "period": 5, "clock_ms": None}
        yield lambda: self._log(player_id=self.home[1].pk, outcome=Outcome.SCORED, **kick)
        yield lambda: self._log(
            team=self.match.away_team, player_id=self.away[1].pk, outcome=Outcome.SAVED, **kick
        )

    def _rename_team(self):
        changes = {"name": "Renamed Rovers", "colour": "#ff0000"}
        update_team(team=self.match.home_team, actor=self.actor, changes=changes)

    def _rename_player(self):
        changes = {"name": f"{self.canary} Newname"}
        update_player(player=self.home[1], actor=self.actor, changes=changes)

    def _correct_after_reopening(self):
        self._edit(lambda: self.penalty, clock_ms=7, notes=self.canary)()

    def _void_after_the_end(self):
        self._void(lambda: self.penalty)()

    def _edit(self, event, **changes):
        return lambda: edit_event(
            event=event(),
            actor=self.actor,
            changes=changes,
            base_version=None,
            reason=f"{self.canary} said so",
        )

    def _void(self, event):
        return lambda: void_event(
            event=event(), actor=self.actor, base_version=None, reason=f"{self.canary} said so"
        )
