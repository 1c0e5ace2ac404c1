/** Requests to the workspace's server. Every answer is either the reply's data or a sentence for the person. */

/** A request that failed; `message` is a sentence for the person, `errors` belong to a view's inputs. */
export class RequestFailed extends Error {
  /** @param {string} sentence @param {Record<string,string>} [errors] @param {number} [status] of the answer, 0 without one */
  constructor(sentence, errors, status = 0) {
    super(sentence);
    this.status = status;
    this.name = "RequestFailed";
    /** @type {Record<string,string>|undefined} */
    this.errors = errors;
  }
}

const LOST = "The workspace on this machine can't be reached. Is it still running?";

/**
 * @param {string} path
 * @param {Record<string, string|undefined>} query
 * @returns {Promise<any>}
 */
export async function get(path, query) {
  const used = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(/** @type {[string,string][]} */ (used)).toString();
  return request(`${path}${search ? `?${search}` : ""}`, { headers: { Accept: "application/json", "X-Workspace": "1" } });
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @returns {Promise<any>}
 */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Workspace": "1" };
  const reply = await request(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (reply && reply.ok === false) throw new RequestFailed(reply.error || "That didn't work.", reply.errors);
  return reply ?? {};
}

/** @param {string} address @param {RequestInit} init @returns {Promise<any>} */
async function request(address, init) {
  let response;
  try {
    response = await fetch(address, { ...init, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new RequestFailed(LOST);
  }
  let reply = null;
  try {
    reply = await response.json();
  } catch {
    reply = null;
  }
  if (!response.ok) throw new RequestFailed(reply?.error || `The workspace answered with an error (${response.status}).`, reply?.errors, response.status);
  return reply;
}
