/**
 * The top of the viewer page: teams, score, shoot-out, where the match stands and its clock.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Side} Side
 * @typedef {import("./clock.js").ServerTime} ServerTime
 */

import { readableOn } from "./colour.js";
import { readClock } from "./clock.js";
import { byId, h, playAnimation, reconcile, setAttribute, setText, spoken } from "./dom.js";
import { icon, shirt } from "./icons.js";
import { eventTitle, kickoffText, minuteText, playerName, standing } from "./labels.js";
import { kicks, scorers } from "./timeline.js";

const SIDES = /** @type {const} */ (["home", "away"]);

export class ScoreboardView {
  /** @type {MatchState | null} */
  #state = null;

  /** @param {ServerTime} time */
  constructor(time) {
    this.time = time;
  }

  /** @param {MatchState} state */
  update(state) {
    this.#state = state;
    this.#head(state);
    for (const side of SIDES) this.#team(state, side);
    this.#standing(state);
    this.#shootout(state);
    this.#mini(state);
    this.tick();
  }

  /** The clock only: called as time passes. */
  tick() {
    const state = this.#state;
    if (!state) return;
    const isTimed = ["live", "break"].includes(standing(state).tone) && !isBetweenPeriods(state);
    const reading = isTimed ? readClock(state.clock, this.time.now()) : null;
    byId("clock").hidden = !reading;
    if (!reading) return;
    setText(byId("clock-time"), reading.time);
    setText(byId("clock-stoppage"), reading.isStoppage ? reading.minute : "");
    setText(byId("mini-clock"), reading.isStoppage ? reading.minute : reading.time);
  }

  /** A goal fell: let the figure stand out for a moment. @param {Side} side */
  celebrate(side) {
    playAnimation(byId(`${side}-score`), "is-fresh");
  }

  /** @param {MatchState} state */
  #head(state) {
    const { competition, round, venue, kickoff_at: kickoff, replay } = state.match;
    setText(byId("competition"), [competition, round].filter(Boolean).join(" · "));
    setText(byId("venue"), venue);
    setText(byId("kickoff"), kickoffText(kickoff));
    setAttribute(byId("kickoff"), "datetime", kickoff);
    byId("replay").hidden = !replay;
  }

  /** @param {MatchState} state @param {Side} side */
  #team(state, side) {
    const team = state.teams[side];
    setText(byId(`${side}-name`), team.name);
    setText(byId(`${side}-score`), isUnderWay(state) ? String(state.score[side]) : "–");
    for (const name of document.querySelectorAll(`[data-team="${side}"]`)) setText(name, team.name);
    paint(side, team.colour);
    reconcile(byId(`${side}-shirt`), [team.colour], { key: (colour) => colour, build: shirt });
    reconcile(byId(`${side}-scorers`), scorerRows(state, side), {
      key: (row) => row.key,
      build: (row) => h("li", {}, `${row.name} `, ...row.minutes.map((minute) => h("span", { class: "minute" }, minute))),
    });
  }

  /** @param {MatchState} state */
  #standing(state) {
    const { text, tone } = standing(state);
    setText(byId("standing"), text);
    setAttribute(byId("standing"), "data-tone", tone);
  }

  /** @param {MatchState} state */
  #shootout(state) {
    const hasKicks = state.shootout !== null;
    byId("shootout").hidden = !hasKicks;
    if (!state.shootout) return;
    setText(byId("shootout-score"), `${state.shootout.home}–${state.shootout.away}`);
    for (const side of SIDES) {
      reconcile(byId(`${side}-kicks`), kicks(state, side), {
        key: (kick) => kick.event_id,
        build: (kick) => kickItem(state, kick),
      });
    }
  }

  /** @param {MatchState} state */
  #mini(state) {
    const { home, away } = state.teams;
    setText(byId("mini-home"), home.short_name || home.name);
    setText(byId("mini-away"), away.short_name || away.name);
    const score = isUnderWay(state) ? `${state.score.home}–${state.score.away}` : "v";
    setText(byId("mini-score"), score);
    setText(byId("mini-clock"), state.shootout ? `${state.shootout.home}–${state.shootout.away} p` : "");
  }
}

/** @param {MatchState} state */
export function isUnderWay(state) {
  return !["scheduled", "postponed", "cancelled"].includes(state.match.status);
}

/** @param {MatchState} state */
function isBetweenPeriods(state) {
  return Boolean(state.periods.at(-1)?.ended_at);
}

/** The team's colour and what can be read on it, for every rule of the style sheets. */
function paint(/** @type {Side} */ side, /** @type {string} */ colour) {
  const root = document.documentElement.style;
  root.setProperty(`--${side}`, colour);
  root.setProperty(`--on-${side}`, readableOn(colour));
}

/** @param {MatchState} state @param {Side} side */
function scorerRows(state, side) {
  return scorers(state, side).map(({ player, goals }) => ({
    key: `${player} ${goals[0].event_id}`,
    name: playerName(state, player) || (goals[0].kind === "own_goal" ? "Own goal" : "Goal"),
    minutes: goals.map(goalMinute).filter(Boolean),
  }));
}

/** @param {MatchEvent} goal */
function goalMinute(goal) {
  const note = { penalty: "pen", own_goal: "og" }[goal.kind];
  return [minuteText(goal), note && `(${note})`].filter(Boolean).join(" ");
}

/** @param {MatchState} state @param {MatchEvent} kick */
function kickItem(state, kick) {
  const isScored = kick.outcome === "scored";
  const who = playerName(state, kick.player);
  const outcome = eventTitle(kick);
  return h(
    "li",
    { class: "kick", "data-outcome": isScored ? "scored" : "failed", title: [who, outcome].filter(Boolean).join(": ") },
    icon(isScored ? "yes" : "no"),
    spoken([who, outcome].filter(Boolean).join(": ")),
  );
}
