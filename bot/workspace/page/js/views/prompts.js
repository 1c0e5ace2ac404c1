/** Questions the app suggests, as buttons above a composer. */
import { el, fill } from "../dom.js";

/**
 * @param {HTMLElement} node
 * @param {{title?:string, prompts:import("../types.js").Prompt[]}|undefined} offered
 * @param {(message:string) => void} choose
 */
export function drawPrompts(node, offered, choose) {
  node.hidden = !offered?.prompts.length;
  if (!offered || node.hidden) return fill(node);
  return fill(node, el("p.prompts-title", null, offered.title || "Try asking"),
    el("div.prompts-row", null, offered.prompts.slice(0, 4).map((prompt) => el("button.prompt", { type: "button", title: prompt.message, on: { click: () => choose(prompt.message) } }, prompt.title))));
}
