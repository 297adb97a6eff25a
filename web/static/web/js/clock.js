/**
 * Time as the match sees it: an estimate of the server's clock, and the match clock read from it.
 *
 * @typedef {import("./types.js").Clock} Clock
 * @typedef {import("./types.js").PeriodKind} PeriodKind
 */

const SAMPLES = 8;
const MINUTE_MS = 60_000;

/**
 * The server's clock, estimated from time stamps in what it sends.
 *
 * A stamp is older by its way here, never younger, so the largest difference seen is the best one;
 * only the latest count, because the local clock drifts and may be set.
 */
export class ServerTime {
  /** @type {number[]} */
  #offsets = [];

  /** Forget: the device may have slept, or its clock may have been set. */
  restart() {
    this.#offsets = [];
  }

  /** @param {string} stamp  RFC 3339 @param {number} [localMs] */
  sample(stamp, localMs = Date.now()) {
    const offset = Date.parse(stamp) - localMs;
    if (Number.isFinite(offset)) this.#offsets = [...this.#offsets, offset].slice(-SAMPLES);
  }

  /** @param {number} [localMs] @returns {number} milliseconds since 1970 */
  now(localMs = Date.now()) {
    return localMs + (this.#offsets.length ? Math.max(...this.#offsets) : 0);
  }
}

/** Milliseconds played in the clock's period. @param {Clock} clock @param {number} nowMs */
export function elapsedMs(clock, nowMs) {
  if (!clock.running) return clock.elapsed_ms;
  return Math.max(0, clock.elapsed_ms + (nowMs - Date.parse(clock.at)) * clock.rate);
}

/**
 * What a clock on the wall shows: running time, and the minute as "45+2" in stoppage time.
 *
 * @param {Clock | null} clock @param {number} nowMs
 * @returns {{time: string, minute: string, isStoppage: boolean} | null} null when nothing is timed
 */
export function readClock(clock, nowMs) {
  if (!clock || clock.kind === "penalty_shootout") return null;
  const elapsed = elapsedMs(clock, nowMs);
  return {
    time: timeLabel(clock.base_ms + elapsed),
    minute: minuteLabel(clock.base_ms, clock.length_ms, elapsed),
    isStoppage: elapsed >= clock.length_ms,
  };
}

/** @param {number} ms @returns {string} "57:34", "105:02" */
export function timeLabel(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

/**
 * The minute as football counts it: from 1, and "45+1" for the first minute of stoppage time.
 *
 * @param {number} baseMs @param {number} lengthMs @param {number} elapsed
 */
export function minuteLabel(baseMs, lengthMs, elapsed) {
  if (elapsed < lengthMs) return String(Math.floor((baseMs + elapsed) / MINUTE_MS) + 1);
  const beyond = Math.floor((elapsed - lengthMs) / MINUTE_MS) + 1;
  return `${(baseMs + lengthMs) / MINUTE_MS}+${beyond}`;
}

/** How long until the shown second changes, at most ten times a second. @param {Clock} clock @param {number} nowMs */
export function untilNextTick(clock, nowMs) {
  const intoSecond = elapsedMs(clock, nowMs) % 1000;
  return Math.max(100, (1000 - intoSecond) / clock.rate);
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(2, "0");
}
