/** Calls about accounts. No cookie travels, and a token from a mailed link stands in no address. */

const API = "/api/v1";

/** What the server, or the way to it, refuses. `fields` is what is wrong by field. */
export class AccountError extends Error {
  /** @param {number} status  0 when nobody answered @param {string} code @param {string} message @param {Record<string, any>} [fields] */
  constructor(status, code, message, fields = {}) {
    super(message);
    this.name = "AccountError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/**
 * @param {string} path  below /api/v1, without the slash @param {object} [body] @param {string} [accessToken]
 * @returns {Promise<any>} the answer's body
 */
export async function post(path, body = {}, accessToken = "") {
  const response = await send(path, body, accessToken);
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = answer.error ?? {};
  throw new AccountError(
    response.status, error.code ?? "", sentence(response, error.message), error.details ?? {},
  );
}

/** @param {string} path @param {object} body @param {string} accessToken */
async function send(path, body, accessToken) {
  const headers = { "Content-Type": "application/json" };
  if (accessToken) headers.Authorization = `Bearer ${accessToken}`;
  try {
    return await fetch(`${API}/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw new AccountError(0, "unreachable", "The server does not answer. Check your connection and try again.");
  }
}

/** @param {Response} response @param {string} [message] */
function sentence(response, message) {
  if (response.status !== 429) return message || "Something went wrong. Try again in a moment.";
  const minutes = Math.ceil(Number(response.headers.get("Retry-After")) / 60);
  const wait = minutes > 1 ? `in ${minutes} minutes` : "in a minute";
  return `Too many tries. Try again ${wait}.`;
}
