/**
 * Where the page is, kept in the address so that links and reloads keep the place.
 *   #/channel/C1   #/channel/C1/message/17.1   #/channel/C1/thread/17.1[/message/17.2]   #/app/A1/home
 * @import {Route} from "./types.js"
 */

/** @param {string} hash @returns {Route} */
export function parseRoute(hash) {
  const parts = hash.replace(/^#\/?/, "").split("/").map(unescapePart);
  if (parts[0] === "app" && parts[1]) return { name: "home", app: parts[1] };
  if (parts[0] !== "channel" || !parts[1]) return { name: "none" };
  const after = (/** @type {string} */ word) => {
    const at = parts.indexOf(word, 2);
    return at > 0 && /^\d+\.\d+$/.test(parts[at + 1] ?? "") ? parts[at + 1] : null;
  };
  return { name: "channel", channel: parts[1], thread: after("thread"), message: after("message") };
}

/**
 * The place that a permalink leads to: /archives/C1/p1700000000000100?thread_ts=1700000000.000100
 * @param {Location} address
 * @returns {string|null}
 */
export function permalinkHash(address) {
  const found = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})\/?$/.exec(address.pathname);
  if (!found) return null;
  const ts = `${found[2]}.${found[3]}`;
  const root = new URLSearchParams(address.search).get("thread_ts");
  return channelHash(found[1], root && root !== ts && /^\d+\.\d+$/.test(root) ? root : null, ts);
}

/** @param {string} part */
function unescapePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** @param {string} id @param {string|null} [thread] @param {string|null} [message] */
export function channelHash(id, thread, message) {
  return `#/channel/${encodeURIComponent(id)}${thread ? `/thread/${thread}` : ""}${message ? `/message/${message}` : ""}`;
}

/** @param {string} app */
export function homeHash(app) {
  return `#/app/${encodeURIComponent(app)}/home`;
}

/** @param {string} hash @param {boolean} [replace] */
export function go(hash, replace = false) {
  if (location.hash === hash) return;
  if (!replace) location.hash = hash;
  else {
    history.replaceState(null, "", hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
  }
}
