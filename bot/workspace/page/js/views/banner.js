/** Says when the connection to the server is lost, counts down to the next try, and says when it is back. */
import { el, fill } from "../dom.js";
import { icon } from "../ui/icons.js";

/** A drop shorter than this isn't worth a word. */
const GRACE = 700;

/**
 * @param {import("../session.js").Session} session
 * @returns {HTMLElement}
 */
export function connectionBanner(session) {
  const words = el("span", { role: "status" });
  const count = el("span.banner-count", { "aria-hidden": "true" });
  const node = el("div.banner", { hidden: true }, icon("warning"), words, count, el("button.button.button-small", { type: "button", on: { click: () => session.socket.retry() } }, "Try now"));
  let since = 0;
  const draw = () => {
    const { connection } = session.store;
    if (connection.state === "open") {
      since = 0;
      node.hidden = true;
      fill(words);
      return;
    }
    since ||= Date.now();
    node.hidden = Date.now() - since < GRACE;
    if (!node.hidden && !words.textContent) fill(words, "The connection to the workspace is lost.");
    const left = Math.ceil((connection.retryAt - Date.now()) / 1000);
    fill(count, left > 0 ? `Trying again in ${left} s` : "Trying again…");
  };
  session.store.on("connection", draw);
  setInterval(draw, 500);
  return node;
}
