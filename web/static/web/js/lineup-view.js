/**
 * Line-ups by number: who is on the pitch now, the bench, and a drawing of both where positions
 * are known.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Side} Side
 * @typedef {import("./lineup.js").SquadPlayer} SquadPlayer
 * @typedef {import("./lineup.js").Squad} Squad
 */

import { byId, h, reconcile, setText, spoken } from "./dom.js";
import { eventIcon, icon } from "./icons.js";
import { minuteText, playerName, shortName } from "./labels.js";
import { squad } from "./lineup.js";

const SIDES = /** @type {const} */ (["home", "away"]);
const POSITIONS = { GK: "Goalkeeper", DF: "Defender", MF: "Midfielder", FW: "Forward" };

export class LineupView {
  /** @param {MatchState} state */
  update(state) {
    const squads = { home: squad(state, "home"), away: squad(state, "away") };
    const isKnown = squads.home.isKnown || squads.away.isKnown;
    byId("lineups").hidden = !isKnown;
    byId("lineups-empty").hidden = isKnown;
    for (const side of SIDES) this.#team(state, side, squads[side]);
    this.#pitch(state, squads);
  }

  /** @param {MatchState} state @param {Side} side @param {Squad} players */
  #team(state, side, players) {
    setText(byId(`${side}-pitch-title`), pitchTitle(state));
    this.#list(byId(`${side}-on-pitch`), players.pitch, state);
    this.#list(byId(`${side}-bench`), players.bench, state);
    byId(`${side}-bench-title`).hidden = players.bench.length === 0;
    byId(`${side}-unknown`).hidden = players.isKnown;
    byId(`${side}-known`).hidden = !players.isKnown;
  }

  /** @param {Element} list @param {SquadPlayer[]} players @param {MatchState} state */
  #list(list, players, state) {
    reconcile(list, players.map((player) => ({ ...player, name: nameOf(player, state) })), {
      key: (player) => player.player,
      build: playerItem,
    });
  }

  /** @param {MatchState} state @param {{home: Squad, away: Squad}} squads */
  #pitch(state, squads) {
    const markers = SIDES.flatMap((side) =>
      squads[side].pitch
        .filter((player) => player.spot)
        .map((player) => ({ ...player, side, name: nameOf(player, state) })),
    );
    byId("pitch").hidden = markers.length === 0;
    reconcile(byId("pitch-players"), markers, { key: (marker) => marker.player, build: markerItem });
  }
}

/** @param {MatchState} state */
function pitchTitle(state) {
  if (state.match.status === "scheduled") return "Starting";
  return state.match.status === "completed" ? "On the pitch at the end" : "On the pitch";
}

/** @param {SquadPlayer} player @param {MatchState} state */
function nameOf(player, state) {
  const name = playerName(state, player.player);
  // The number stands in a column of its own.
  return name.startsWith("No. ") ? "" : name;
}

/** @typedef {SquadPlayer & {name: string}} NamedPlayer */

/** @param {NamedPlayer} player */
function playerItem(player) {
  const position = POSITIONS[player.position];
  return h(
    "li",
    { class: "player", ...(player.sentOff ? { "data-sent-off": "" } : {}) },
    h("span", { class: "player__number" }, player.number === null ? "–" : String(player.number)),
    h(
      "span",
      { class: "player__who" },
      h("span", { class: "player__name" }, player.name || position || "Player"),
      player.isCaptain && h("abbr", { class: "captain", title: "Captain" }, "C"),
      player.name && position && spoken(`, ${position}`),
      h("span", { class: "player__marks" }, ...marks(player)),
    ),
  );
}

/** @param {SquadPlayer} player @returns {Node[]} */
function marks(player) {
  const came = [player.cameOn && mark("on", "On", player.cameOn), player.wentOff && mark("off", "Off", player.wentOff)];
  const swaps = /** @type {Node[]} */ (came.filter(Boolean));
  const goals = player.goals.map((goal) => eventMark(goal, goal.kind === "own_goal" ? "Own goal" : "Goal"));
  const cautions = player.cautions.map((event) => eventMark(event, event.kind.replaceAll("_", " ")));
  const dismissal = player.sentOff?.kind === "red_card" ? [eventMark(player.sentOff, "red card")] : [];
  return [...goals, ...cautions, ...dismissal, ...swaps];
}

/** @param {string} way @param {string} word @param {MatchEvent} event */
function mark(way, word, event) {
  return h("span", { class: "mark" }, icon(way), spoken(`${word} `), minuteText(event));
}

/** @param {MatchEvent} event @param {string} word */
function eventMark(event, word) {
  return h("span", { class: "mark" }, eventIcon(event), spoken(`${word} `), minuteText(event));
}

/** @param {NamedPlayer & {side: Side}} marker */
function markerItem(marker) {
  const { spot, side } = marker;
  const item = h(
    "li",
    { class: "marker", "data-side": side },
    h("span", { class: "marker__number" }, marker.number === null ? "" : String(marker.number)),
    h("span", { class: "marker__name" }, shortName(marker.name)),
    h("span", { class: "marker__signs" }, ...marker.goals.map(() => icon("ball")), marker.cautions.length > 0 && icon("yellow")),
  );
  const place = onHalf(/** @type {{x: number, y: number}} */ (spot), side);
  item.style.setProperty("--x", `${place.x}%`);
  item.style.setProperty("--y", `${place.y}%`);
  return item;
}

/**
 * A team's own view of the pitch, drawn into its half: the home team defends the top.
 *
 * @param {{x: number, y: number}} spot @param {Side} side
 */
export function onHalf(spot, side) {
  const depth = 4 + spot.y * 0.42;
  return side === "home" ? { x: 100 - spot.x, y: depth } : { x: spot.x, y: 100 - depth };
}
