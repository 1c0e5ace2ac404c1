/** Modal dialogs on the platform's own <dialog>, with focus kept inside and given back. */
import { el, fill, freshId } from "../dom.js";
import { icon } from "./icons.js";

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex='-1'])";

/**
 * @param {{label?:string, labelledby?:string, className?:string, onCancel:()=>void}} how
 * @returns {{dialog:HTMLDialogElement, show:()=>void, close:()=>void}}
 */
export function makeDialog(how) {
  const dialog = el("dialog", { class: how.className ?? "dialog", "aria-label": how.label, "aria-labelledby": how.labelledby, "aria-modal": "true" });
  /** @type {Element|null} */
  let opener = null;
  dialog.addEventListener("cancel", (/** @type {Event} */ event) => {
    event.preventDefault();
    how.onCancel();
  });
  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      how.onCancel();
    } else if (event.key === "Tab") keepInside(event, dialog);
  });
  dialog.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.target === dialog) how.onCancel();
  });
  return {
    dialog,
    show() {
      opener = document.activeElement;
      document.body.append(dialog);
      dialog.showModal();
    },
    close() {
      dialog.close();
      dialog.remove();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      else document.querySelector(/** @type {any} */ (".composer textarea"))?.focus();
    },
  };
}

/** @param {KeyboardEvent} event @param {HTMLElement} root */
function keepInside(event, root) {
  const all = [...root.querySelectorAll(FOCUSABLE)].filter((node) => node instanceof HTMLElement && node.offsetParent !== null && node.tabIndex >= 0);
  if (!all.length) return;
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement !== edge && root.contains(document.activeElement)) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (event.shiftKey ? all[all.length - 1] : all[0]).focus();
}

/**
 * Ask before doing something.
 * @param {{title:string, body:Node|string, confirm:string, deny:string, danger?:boolean}} ask
 * @returns {Promise<boolean>}
 */
export function confirmDialog(ask) {
  return new Promise((resolve) => {
    const title = freshId("confirm");
    const made = makeDialog({ labelledby: title, className: "dialog dialog-small", onCancel: () => answer(false) });
    const answer = (/** @type {boolean} */ yes) => {
      made.close();
      resolve(yes);
    };
    const no = el("button.button", { type: "button", on: { click: () => answer(false) } }, ask.deny);
    const yes = el("button.button", { type: "button", class: ask.danger ? "button-danger" : "button-primary", on: { click: () => answer(true) } }, ask.confirm);
    fill(made.dialog, el("div.dialog-panel", null,
      el("header.dialog-head", null, el("h2.dialog-title", { id: title }, ask.title),
        el("button.icon-button", { type: "button", "aria-label": "Close", on: { click: () => answer(false) } }, icon("close"))),
      el("div.dialog-body", null, el("div.text", null, ask.body)),
      el("footer.dialog-foot", null, no, yes)));
    made.show();
    yes.focus();
  });
}
