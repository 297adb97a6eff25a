/** Pictures of what happened, drawn here; each stands beside words and is hidden from screen readers. */

import { svg } from "./dom.js";

/** @typedef {{name: string, attributes: Record<string, string>}} Shape */

const BALL_PANEL = "M12 8.4l3.4 2.5-1.3 4h-4.2l-1.3-4z";
const BALL_SEAMS = "M12 3v5.4M20.6 9.2l-5.2 1.7M17.3 19.3l-3.2-4.4M6.7 19.3l3.2-4.4M3.4 9.2l5.2 1.7";

const BALL = [
  shape("circle", { cx: "12", cy: "12", r: "9", class: "icon__line icon__fill" }),
  shape("path", { d: BALL_PANEL, class: "icon__solid" }),
  shape("path", { d: BALL_SEAMS, class: "icon__line" }),
];
const SPOT = [
  shape("path", { d: "M3 20V6h18v14", class: "icon__line" }),
  shape("circle", { cx: "12", cy: "15", r: "3.4", class: "icon__solid" }),
];
const CROSS = shape("path", { d: "M5 5l14 14M19 5L5 19", class: "icon__line icon__line--no" });
const DOT = [shape("circle", { cx: "12", cy: "12", r: "4", class: "icon__solid" })];

/** @type {Record<string, Shape[]>} */
const DRAWINGS = {
  ball: BALL,
  "own-goal": [...BALL, shape("path", { d: "M4 20L20 4", class: "icon__line icon__line--no" })],
  penalty: SPOT,
  "penalty-no": [...SPOT, CROSS],
  yellow: [card("icon__yellow", 7)],
  red: [card("icon__red", 7)],
  second: [card("icon__yellow", 4), card("icon__red", 10)],
  on: [shape("path", { d: "M12 20V5M5.5 11.5L12 5l6.5 6.5", class: "icon__line icon__line--yes" })],
  off: [shape("path", { d: "M12 4v15M5.5 12.5L12 19l6.5-6.5", class: "icon__line icon__line--no" })],
  swap: [
    shape("path", { d: "M8 20V5M3.5 9.5L8 5l4.5 4.5", class: "icon__line icon__line--yes" }),
    shape("path", { d: "M16 4v15M11.5 14.5L16 19l4.5-4.5", class: "icon__line icon__line--no" }),
  ],
  corner: [shape("path", { d: "M6 21V3l11 4-11 4", class: "icon__line" })],
  clock: [
    shape("circle", { cx: "12", cy: "12", r: "8.5", class: "icon__line" }),
    shape("path", { d: "M12 7v5l3.5 2.5", class: "icon__line" }),
  ],
  yes: [shape("path", { d: "M5 12.5l5 5L19.5 7", class: "icon__line icon__line--yes" })],
  no: [CROSS],
  dot: DOT,
};

const NAMES = {
  goal: "ball",
  own_goal: "own-goal",
  yellow_card: "yellow",
  second_yellow: "second",
  red_card: "red",
  sin_bin: "clock",
  substitution: "swap",
  penalty_missed: "penalty-no",
  corner: "corner",
};

/** @param {string} name */
export function icon(name) {
  const shapes = DRAWINGS[name] ?? DOT;
  return svg(
    "svg",
    { class: `icon icon--${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    ...shapes.map((one) => svg(one.name, one.attributes)),
  );
}

/** @param {import("./types.js").MatchEvent} event */
export function eventIcon(event) {
  if (event.kind === "penalty") return icon(PENALTIES[event.outcome] ?? "penalty");
  if (event.kind === "shootout_kick") return icon(event.outcome === "scored" ? "yes" : "no");
  return icon(NAMES[event.kind] ?? "dot");
}

const PENALTIES = { scored: "ball", saved: "penalty-no", missed: "penalty-no" };

/** A shirt in the team's colour. @param {string} colour */
export function shirt(colour) {
  const outline = "M8.5 3L3 6l1.8 5L7 10.2V21h10V10.2l2.2.8L21 6l-5.5-3c-.6 1.5-1.9 2.3-3.5 2.3S9.1 4.5 8.500 3z";
  const drawing = svg("path", { d: outline, fill: colour, class: "shirt__outline" });
  return svg("svg", { class: "shirt", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, drawing);
}

/** @param {string} name @param {Record<string, string>} attributes @returns {Shape} */
function shape(name, attributes) {
  return { name, attributes };
}

/** @param {string} colour  a class @param {number} x */
function card(colour, x) {
  return shape("rect", { x: String(x), y: "4", width: "10", height: "15.5", rx: "1.8", class: `icon__card ${colour}` });
}
