/** Draws Block Kit: every block type of slack_sdk, and a quiet placeholder for what it doesn't know. */
import { el, fill, picture } from "../dom.js";
import { drawMarkdown } from "../text/markdown.js";
import { drawElement } from "./elements.js";
import { drawAuthProvider, drawCard, drawCarousel, drawContainer } from "./cards.js";
import { drawInput } from "./inputs.js";
import { drawCall, drawFile, drawImageBlock, drawVideo } from "./media.js";
import { drawRichText } from "./rich.js";
import { drawTable } from "./table.js";
import { drawPlan, drawTaskCard } from "./tasks.js";
import { drawLine, drawText } from "./text.js";
import { icon } from "../ui/icons.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 */

/**
 * @param {Block[]} blocks
 * @param {BlockContext} ctx
 * @returns {HTMLElement}
 */
export function drawBlocks(blocks, ctx) {
  return el("div.blocks", null, (Array.isArray(blocks) ? blocks : []).map((block, at) => drawBlock(block, ctx, at)));
}

/**
 * @param {Block} block
 * @param {BlockContext} ctx
 * @param {number} at its place, used as its id when it has none
 * @returns {HTMLElement}
 */
export function drawBlock(block, ctx, at) {
  const known = { ...block, block_id: block?.block_id ?? `block-${at}` };
  let drawn;
  try {
    drawn = DRAW[known.type]?.(known, ctx) ?? unknown(known);
  } catch (error) {
    console.warn("A block could not be drawn", known.type, error);
    drawn = unknown(known);
  }
  drawn.classList.add("block", `block-${String(known.type).replace(/[^a-z_]/gi, "")}`);
  return drawn;
}

/** @param {Block} block */
function unknown(block) {
  return el("p.unknown", null, icon("info"), `A block of type “${String(block.type ?? "?").slice(0, 40)}” can't be shown here.`);
}

/** @type {Record<string, (block:Block, ctx:BlockContext) => HTMLElement>} */
const DRAW = {
  header: (block, ctx) => el("h3.header", { "aria-level": String(block.level ?? 3) }, drawLine(block.text, ctx.names)),
  section: drawSection,
  context: (block, ctx) => el("div.context", null, (block.elements ?? []).map((/** @type {any} */ item) =>
    (item?.type === "image" ? picture(item.image_url ?? item.slack_file?.url, item.alt_text, "context-image") : el("span.context-text", null, drawLine(item, ctx.names))))),
  context_actions: (block, ctx) => el("div.context-actions", null, (block.elements ?? []).map((/** @type {any} */ item) => drawElement(item, block, ctx))),
  actions: (block, ctx) => el("div.actions", null, (block.elements ?? []).map((/** @type {any} */ item) => drawElement(item, block, ctx))),
  divider: () => el("hr.divider"),
  markdown: (block, ctx) => el("div.text.markdown", null, drawMarkdown(String(block.text ?? ""), ctx.names)),
  rich_text: (block, ctx) => drawRichText(block, ctx.names),
  image: (block, ctx) => drawImageBlock(block, ctx),
  video: drawVideo,
  file: drawFile,
  call: drawCall,
  table: (block, ctx) => drawTable(block, ctx.names),
  card: drawCard,
  carousel: drawCarousel,
  container: (block, ctx) => drawContainer(block, ctx, drawBlock),
  auth_provider: (block, ctx) => drawAuthProvider(block, ctx),
  plan: (block, ctx) => drawPlan(block, ctx),
  task_card: (block, ctx) => drawTaskCard(block, ctx),
  alert: drawAlert,
  input: drawInput,
};

/** @param {Block} block @param {BlockContext} ctx */
function drawSection(block, ctx) {
  const body = el("div.section-body");
  if (block.text) body.append(expandable(el("div.text", null, drawText(block.text, ctx.names)), block.expand === true));
  if (block.fields?.length) body.append(el("div.fields", null, block.fields.map((/** @type {any} */ field) => el("div.field.text", null, drawText(field, ctx.names)))));
  if (!block.accessory) return el("div.section", null, body);
  const image = block.accessory.type === "image";
  const accessory = image ? picture(block.accessory.image_url ?? block.accessory.slack_file?.url, block.accessory.alt_text, "section-image") : drawElement(block.accessory, block, ctx);
  return el("div.section", { class: "has-accessory" }, body, el("div.accessory", null, accessory));
}

/** Fold a very long text, as Slack does, unless it says to expand. @param {HTMLElement} text @param {boolean} expand */
function expandable(text, expand) {
  if (expand || (text.textContent ?? "").length < 1400) return text;
  const button = el("button.text-button", { type: "button", "aria-expanded": "false" }, "See more");
  const wrap = el("div.folded", null, text, button);
  button.addEventListener("click", () => {
    const open = wrap.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
    fill(button, open ? "See less" : "See more");
  });
  return wrap;
}

/** @param {Block} block @param {BlockContext} ctx */
function drawAlert(block, ctx) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  return el("div.alert", { class: `alert-${level}`, role: level === "error" || level === "warning" ? "alert" : "note" },
    icon(level === "default" ? "info" : level), el("div.text", null, drawText(block.text, ctx.names)));
}
