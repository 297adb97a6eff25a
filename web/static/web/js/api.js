/** The two HTTP calls of a viewer. No cookie travels and no secret stands in an address. */

const API = "/api/v1";

/** A refusal. A final one is not mended by trying again; `reason` is what the page explains. */
export class RefusedError extends Error {
  /** @param {string} reason @param {boolean} isFinal @param {number | null} retryMs */
  constructor(reason, isFinal, retryMs = null) {
    super(reason);
    this.name = "RefusedError";
    this.reason = reason;
    this.isFinal = isFinal;
    this.retryMs = retryMs;
  }
}

/**
 * @param {string} shareToken
 * @returns {Promise<{viewer_token: string, expires_in: number, match_id: string}>}
 */
export function exchange(shareToken) {
  return call(`${API}/share/exchange`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token: shareToken }),
  });
}

/** @param {string} matchId @param {string} viewerToken @returns {Promise<any>} the live document */
export function liveDocument(matchId, viewerToken) {
  return call(`${API}/matches/${encodeURIComponent(matchId)}/live`, {
    headers: { Authorization: `Bearer ${viewerToken}` },
  });
}

/** @param {string} address @param {RequestInit} options */
async function call(address, options) {
  const response = await fetch(address, {
    ...options,
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw refusal(response);
  return response.json();
}

/** @param {Response} response */
function refusal(response) {
  if (response.status === 404 || response.status === 400) return new RefusedError("unknown", true);
  if (response.status === 410) return new RefusedError("gone", true);
  const seconds = Number(response.headers.get("Retry-After"));
  return new RefusedError(`http_${response.status}`, false, seconds > 0 ? seconds * 1000 : null);
}
