/** The input block: a label, a field, a hint, and a place for its error. */
import { el, freshId } from "../dom.js";
import { drawField } from "./fields.js";
import { plainText } from "./text.js";

/**
 * @param {import("../types.js").Block} block
 * @param {import("./context.js").BlockContext} ctx
 * @returns {HTMLElement}
 */
export function drawInput(block, ctx) {
  const label = freshId("label");
  const hint = freshId("hint");
  const group = el("div.input");
  const field = drawField(block.element ?? {}, block, ctx, {
    labelId: label, hintId: block.hint ? hint : undefined, group, dispatches: block.dispatch_action === true, required: block.optional !== true,
  });
  const words = [plainText(block.label), block.optional ? el("span.input-optional", null, " (optional)") : null];
  group.append(field.labelled ? el("label.input-label", { id: label, for: field.labelled }, words) : el("div.input-label", { id: label }, words), field.node);
  if (block.hint) group.append(el("p.input-hint", { id: hint }, plainText(block.hint)));
  return group;
}
