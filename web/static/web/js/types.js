/**
 * The shapes that the server sends and the pages keep. Types only; nothing runs here.
 *
 * @typedef {"home" | "away"} Side
 * @typedef {"regular" | "extra_time" | "penalty_shootout"} PeriodKind
 * @typedef {{home: number, away: number}} Tally
 *
 * @typedef {object} Team
 * @property {string} team_id
 * @property {string} name
 * @property {string} short_name
 * @property {string} colour  like "#1d4ed8"
 *
 * @typedef {object} MatchHeader
 * @property {string} id
 * @property {string} status  scheduled, live, paused, completed, postponed, cancelled, abandoned, awarded
 * @property {string} competition
 * @property {string} round
 * @property {string} venue
 * @property {string} kickoff_at
 * @property {number} clock_rate
 * @property {boolean} replay
 * @property {{name: string, regular_periods: number, regular_minutes: number, extra_time_periods: number,
 *   extra_time_minutes: number, has_shootout: boolean, players_on_pitch: number}} format
 *
 * @typedef {object} Clock
 * @property {number} period
 * @property {PeriodKind} kind
 * @property {boolean} running
 * @property {number} elapsed_ms  since the period began, true at `at`
 * @property {string} at
 * @property {number} rate  match milliseconds per real millisecond
 * @property {number} length_ms
 * @property {number} base_ms  regular playing time before this period
 *
 * @typedef {object} Period
 * @property {number} number
 * @property {PeriodKind} kind
 * @property {number} length_ms
 * @property {number} base_ms
 * @property {string} started_at
 * @property {string | null} ended_at
 *
 * @typedef {object} MatchEvent
 * @property {string} event_id
 * @property {string} kind
 * @property {string | null} team
 * @property {Side | null} side
 * @property {string | null} player
 * @property {string | null} player_on
 * @property {string | null} player_off
 * @property {number} period
 * @property {number | null} clock_ms
 * @property {string} timestamp
 * @property {string} minute
 * @property {number} sequence
 * @property {string} outcome
 * @property {string | null} linked_event
 * @property {number} version
 *
 * @typedef {object} LineupEntry
 * @property {string} player
 * @property {number | null} number
 * @property {"starter" | "bench"} role
 * @property {string} position  GK, DF, MF, FW or empty
 * @property {number | null} x  percent from the left touchline, seen in the direction of attack
 * @property {number | null} y  percent from the own goal line
 * @property {boolean} is_captain
 *
 * @typedef {{number: number | null, name: string | null}} Person
 *
 * @typedef {object} MatchState  the live document at `seq` of `epoch`
 * @property {MatchHeader} match
 * @property {{home: Team, away: Team}} teams
 * @property {Tally} score
 * @property {Tally | null} shootout
 * @property {Clock | null} clock
 * @property {Period[]} periods
 * @property {MatchEvent[]} events
 * @property {{home: LineupEntry[], away: LineupEntry[]}} lineups
 * @property {Record<string, Person>} people
 * @property {string} epoch
 * @property {number} seq
 *
 * @typedef {{type: string, topic: string, seq: number, at?: string, data: any}} Entry
 * @typedef {{epoch: string, seq: number}} Cursor
 */
export {};
