/**
 * Who is on the pitch, where, and who is on the bench: the line-up with every substitution and
 * dismissal applied in order. Pure.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").LineupEntry} LineupEntry
 * @typedef {import("./types.js").Side} Side
 * @typedef {{x: number, y: number}} Spot  percent, seen in the direction of attack
 *
 * @typedef {object} SquadPlayer
 * @property {string} player
 * @property {number | null} number
 * @property {string} position
 * @property {boolean} isCaptain
 * @property {Spot | null} spot
 * @property {MatchEvent | null} cameOn  the latest time
 * @property {MatchEvent | null} wentOff
 * @property {MatchEvent | null} sentOff
 * @property {MatchEvent[]} goals
 * @property {MatchEvent[]} cautions
 *
 * @typedef {{isKnown: boolean, pitch: SquadPlayer[], bench: SquadPlayer[]}} Squad  the bench has those who went off, too
 */

import { isGoal } from "./timeline.js";

/** Where the lines stand when nobody said where the players do. */
const LINES = { GK: 7, DF: 28, MF: 55, FW: 82 };
const DISMISSALS = new Set(["red_card", "second_yellow"]);
const CAUTIONS = new Set(["yellow_card", "second_yellow", "sin_bin"]);

/** @param {MatchState} state @param {Side} side @returns {Squad} */
export function squad(state, side) {
  const entries = state.lineups[side];
  const spots = spotsOf(entries.filter((entry) => entry.role === "starter"));
  const players = new Map(entries.map((entry) => [entry.player, memberOf(entry, spots)]));
  const pitch = new Set(
    entries.filter((entry) => entry.role === "starter").map((entry) => entry.player),
  );
  for (const event of state.events) {
    if (event.side === side) applyEvent({ event, players, pitch, state });
  }
  const onPitch = [...pitch].map((player) => /** @type {SquadPlayer} */ (players.get(player)));
  const bench = [...players.values()].filter((member) => !pitch.has(member.player));
  return { isKnown: entries.length > 0, pitch: byLine(onPitch), bench: byNumber(bench) };
}

/** @param {LineupEntry} entry @param {Map<string, Spot>} spots @returns {SquadPlayer} */
function memberOf(entry, spots) {
  return {
    player: entry.player,
    number: entry.number,
    position: entry.position,
    isCaptain: entry.is_captain,
    spot: spots.get(entry.player) ?? null,
    cameOn: null,
    wentOff: null,
    sentOff: null,
    goals: [],
    cautions: [],
  };
}

/**
 * @param {{event: MatchEvent, players: Map<string, SquadPlayer>, pitch: Set<string>, state: MatchState}} scene
 */
function applyEvent({ event, players, pitch, state }) {
  if (event.kind === "substitution") {
    swap({ event, players, pitch, state });
    return;
  }
  const member = event.player === null ? undefined : players.get(event.player);
  if (!member) return;
  if (isGoal(event)) member.goals = [...member.goals, event];
  if (CAUTIONS.has(event.kind)) member.cautions = [...member.cautions, event];
  if (DISMISSALS.has(event.kind)) {
    member.sentOff = event;
    pitch.delete(member.player);
  }
}

/**
 * Whoever comes on takes the spot of whoever goes off. A player missing from the line-up who comes
 * on is on the pitch all the same.
 *
 * @param {{event: MatchEvent, players: Map<string, SquadPlayer>, pitch: Set<string>, state: MatchState}} scene
 */
function swap({ event, players, pitch, state }) {
  const off = event.player_off === null ? undefined : players.get(event.player_off);
  if (off) {
    off.wentOff = event;
    pitch.delete(off.player);
  }
  if (event.player_on === null) return;
  const on = players.get(event.player_on) ?? latecomer(event.player_on, state);
  players.set(on.player, on);
  on.cameOn = event;
  on.spot = off?.spot ?? null;
  on.position = on.position || (off?.position ?? "");
  if (!on.sentOff) pitch.add(on.player);
}

/** @param {string} player @param {MatchState} state @returns {SquadPlayer} */
function latecomer(player, state) {
  const number = state.people[player]?.number ?? null;
  const entry = { player, number, role: "bench", position: "", x: null, y: null, is_captain: false };
  return memberOf(/** @type {LineupEntry} */ (entry), new Map());
}

/**
 * The spots of the starters: as given, else spread along their lines. A team of which neither is
 * known gets none, because a drawn formation would be invented.
 *
 * @param {LineupEntry[]} starters @returns {Map<string, Spot>}
 */
function spotsOf(starters) {
  const spots = new Map();
  for (const [line, y] of Object.entries(LINES)) {
    const players = starters.filter((entry) => entry.position === line);
    players.forEach((entry, index) => {
      spots.set(entry.player, { x: ((index + 1) * 100) / (players.length + 1), y });
    });
  }
  for (const { player, x, y } of starters) {
    if (x !== null && y !== null) spots.set(player, { x, y });
  }
  return spots;
}

/** @param {SquadPlayer[]} players */
function byLine(players) {
  const order = Object.keys(LINES);
  const rank = (/** @type {SquadPlayer} */ member) => (order.indexOf(member.position) + 5) % 5;
  return [...players].sort((one, other) => rank(one) - rank(other) || numberOf(one) - numberOf(other));
}

/** @param {SquadPlayer[]} players */
function byNumber(players) {
  return [...players].sort((one, other) => numberOf(one) - numberOf(other));
}

/** @param {SquadPlayer} member */
function numberOf(member) {
  return member.number ?? Number.MAX_SAFE_INTEGER;
}
