/** The line above a thread's composer: what the app is doing, and a button to stop it. */
import { el, fill } from "../dom.js";
import { icon } from "../ui/icons.js";
import { attempt } from "./tools.js";

/**
 * @param {import("../session.js").Session} session
 * @param {string} channel
 * @param {string} thread
 * @param {{words:string, streaming:boolean}} what
 * @param {HTMLElement} node
 */
export function drawStatus(session, channel, thread, what, node) {
  const busy = Boolean(what.words) || what.streaming;
  node.hidden = !busy;
  if (!busy) return fill(node);
  const words = what.words || "Writing…";
  if (node.dataset.words === words && node.childElementCount) return undefined;
  node.dataset.words = words;
  return fill(node, el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), el("span.status-words", { role: "status" }, words),
    el("button.button.button-small", { type: "button", on: { click: () => void attempt(() => session.ask("/page/stop", { channel, thread_ts: thread })) } }, icon("stop"), "Stop"));
}
