/** Short notices at the foot of the page. */
import { el } from "../dom.js";
import { icon } from "./icons.js";

/**
 * @param {string} words
 * @param {"info"|"error"} [kind]
 */
export function toast(words, kind = "info") {
  const shelf = document.getElementById("toasts");
  if (!shelf) return;
  const close = () => note.remove();
  const note = el("div.toast", { class: `toast-${kind}`, role: kind === "error" ? "alert" : "status" }, icon(kind === "error" ? "error" : "check"),
    el("span", null, words), el("button.icon-button", { type: "button", "aria-label": "Dismiss", on: { click: close } }, icon("close")));
  shelf.append(note);
  while (shelf.children.length > 3) shelf.firstElementChild?.remove();
  setTimeout(close, kind === "error" ? 9000 : 3500);
}
