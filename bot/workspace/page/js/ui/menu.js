/** A menu of actions: arrow keys move, Home and End jump, letters find, Enter chooses, Escape closes. */
import { el } from "../dom.js";
import { icon } from "./icons.js";
import { openPopover } from "./popover.js";

/**
 * @typedef {{label:string, note?:string, icon?:string, danger?:boolean, checked?:boolean, run:()=>void} | "divider" | {heading:string}} MenuItem
 */

/**
 * @param {HTMLElement} anchor
 * @param {MenuItem[]} items
 * @param {{label:string, align?:"start"|"end", prefer?:"below"|"above"}} how
 */
export function openMenu(anchor, items, how) {
  const menu = el("div.menu", { role: "menu", "aria-label": how.label, tabIndex: -1 });
  /** @type {HTMLElement[]} */
  const rows = [];
  for (const item of items) {
    if (item === "divider") menu.append(el("div.menu-divider", { role: "separator" }));
    else if ("heading" in item) menu.append(el("div.menu-heading", { role: "presentation" }, item.heading));
    else rows.push(menu.appendChild(drawItem(item, () => close)));
  }
  const close = openPopover(anchor, menu, how);
  const focus = (/** @type {number} */ index) => rows[(index + rows.length) % rows.length]?.focus();
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === "ArrowDown") focus(at + 1);
    else if (event.key === "ArrowUp") focus(at < 0 ? -1 : at - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(-1);
    else if (event.key.length === 1 && /\S/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const key = event.key.toLowerCase();
      const found = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find((row) => row.dataset.first === key);
      found?.focus();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  rows[0]?.focus();
}

/** @param {Exclude<MenuItem, "divider"|{heading:string}>} item @param {() => ((refocus?:boolean)=>void)} closer */
function drawItem(item, closer) {
  const radio = item.checked !== undefined;
  return el("button.menu-item", {
    type: "button", role: radio ? "menuitemradio" : "menuitem", tabIndex: -1, class: item.danger ? "is-danger" : "",
    "aria-checked": radio ? String(item.checked) : null, data: { first: item.label[0]?.toLowerCase() ?? "" },
    on: { click: () => { closer()(true); item.run(); } },
  },
  item.icon ? icon(item.icon) : radio ? el("span.menu-tick", null, item.checked ? icon("check") : null) : null,
  el("span.menu-label", null, item.label, item.note ? el("span.menu-note", null, item.note) : null));
}
