/** The table block: raw_text, raw_number and rich_text cells; the first row is the head. */
import { el } from "../dom.js";
import { drawRichText } from "./rich.js";

/**
 * @param {any} block
 * @param {import("../text/mrkdwn.js").Names} names
 * @returns {HTMLElement}
 */
export function drawTable(block, names) {
  const [head = [], ...rows] = Array.isArray(block.rows) ? block.rows : [];
  const settings = block.column_settings ?? [];
  const cell = (/** @type {string} */ tag) => (/** @type {any} */ value, /** @type {number} */ at) => {
    const align = settings[at]?.align ?? (value?.type === "raw_number" ? "right" : "left");
    return el(tag, { class: `align-${["left", "center", "right"].includes(align) ? align : "left"} ${settings[at]?.is_wrapped ? "is-wrapped" : ""}`, scope: tag === "th" ? "col" : null },
      value?.type === "rich_text" ? drawRichText(value, names) : String(value?.text ?? value?.value ?? ""));
  };
  return el("div.table-scroll", { tabIndex: 0, role: "region", "aria-label": "Table" },
    el("table.table", null, el("thead", null, el("tr", null, head.map(cell("th")))), el("tbody", null, rows.map((row) => el("tr", null, row.map(cell("td")))))));
}
