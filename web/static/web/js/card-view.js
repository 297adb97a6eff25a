/**
 * One match card of the landing page, first written by the server, from then on by its feed.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").Side} Side
 * @typedef {import("./clock.js").ServerTime} ServerTime
 */

import { readClock } from "./clock.js";
import { playAnimation, setAttribute, setText } from "./dom.js";
import { eventSentence, standing } from "./labels.js";
import { latestRow } from "./timeline.js";

/** @param {Element} card @param {MatchState} state */
export function updateCard(card, state) {
  const { text, tone } = standing(state);
  setText(part(card, "standing"), text);
  setAttribute(part(card, "standing"), "data-tone", tone);
  for (const side of /** @type {const} */ (["home", "away"])) updateSide(card, state, side);
  const latest = latestRow(state);
  const isOn = tone === "live" || tone === "break";
  setText(part(card, "latest"), latest && isOn ? eventSentence(state, latest.event) : "");
}

/** @param {Element} card @param {MatchState} state @param {ServerTime} time */
export function updateClock(card, state, time) {
  const isOn = ["live", "paused"].includes(state.match.status) && !state.periods.at(-1)?.ended_at;
  const reading = isOn ? readClock(state.clock, time.now()) : null;
  setText(part(card, "clock"), reading ? (reading.isStoppage ? reading.minute : reading.time) : "");
}

/** A goal fell while somebody was looking. @param {Element} card @param {Side} side */
export function celebrate(card, side) {
  playAnimation(/** @type {HTMLElement} */ (part(card, `${side}-goals`)), "is-fresh");
}

/** @param {Element} card @param {MatchState} state @param {Side} side */
function updateSide(card, state, side) {
  const isUpcoming = state.match.status === "scheduled";
  setText(part(card, `${side}-goals`), isUpcoming ? "–" : String(state.score[side]));
  setText(part(card, `${side}-shootout`), state.shootout ? `(${state.shootout[side]})` : "");
}

/** @param {Element} card @param {string} name @returns {Element} */
function part(card, name) {
  const found = card.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`The card has no part ${name}`);
  return found;
}
