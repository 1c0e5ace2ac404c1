/** Interactive elements: buttons and menus here, fields in inputs.js, choices in select.js. */
import { el, safeLink, picture } from "../dom.js";
import { BUTTON_ICONS, icon } from "../ui/icons.js";
import { openMenu } from "../ui/menu.js";
import { act } from "./context.js";
import { drawField, isField } from "./fields.js";
import { plainText } from "./text.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 */

/**
 * An element outside an input block.
 * @param {any} element
 * @param {Block} block
 * @param {BlockContext} ctx
 * @returns {Node|null}
 */
export function drawElement(element, block, ctx) {
  switch (element?.type) {
    case "button":
    case "workflow_button": return drawButton(element, block, ctx);
    case "overflow": return drawOverflow(element, block, ctx);
    case "feedback_buttons": return drawFeedback(element, block, ctx);
    case "icon_button": return drawIconButton(element, block, ctx);
    case "image": return picture(element.image_url ?? element.slack_file?.url, element.alt_text, "section-image");
    default:
      if (isField(element?.type)) return drawField(element, block, ctx, { label: plainText(element.placeholder) || element.action_id || "Choose" }).node;
      return el("span.unknown", null, icon("info"), `An element of type “${String(element?.type ?? "?").slice(0, 40)}” can't be shown here.`);
  }
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx */
function drawButton(element, block, ctx) {
  const style = element.style === "primary" ? "button-primary" : element.style === "danger" ? "button-danger" : "";
  const props = { class: style, "aria-label": element.accessibility_label };
  const send = (/** @type {Event} */ event) => act(ctx, block, element, { value: element.value, text: element.text }, /** @type {HTMLElement} */ (event.currentTarget));
  if (element.url) {
    const href = safeLink(element.url);
    if (!href) return el("button.button", { ...props, type: "button", disabled: true, title: "This address can't be opened" }, plainText(element.text));
    return el("a.button", { ...props, href, target: "_blank", rel: "noopener noreferrer nofollow", on: { click: send } }, plainText(element.text));
  }
  return el("button.button", { ...props, type: "button", on: { click: send } }, plainText(element.text));
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx */
function drawOverflow(element, block, ctx) {
  const button = el("button.icon-button.overflow", { type: "button", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  const choose = (/** @type {any} */ option) => {
    const href = safeLink(option.url);
    if (href) open(href, "_blank", "noopener,noreferrer");
    void act(ctx, block, element, { selected_option: option }, button);
  };
  button.addEventListener("click", () => openMenu(button, (element.options ?? []).map((/** @type {any} */ option) =>
    ({ label: plainText(option.text), note: plainText(option.description), run: () => choose(option) })), { label: "More actions", align: "end" }));
  return button;
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx */
function drawFeedback(element, block, ctx) {
  const draw = (/** @type {any} */ side, /** @type {string} */ picture_) => {
    const label = side.accessibility_label || plainText(side.text);
    const button = el("button.feedback", { type: "button", "aria-label": label, title: plainText(side.text), "aria-pressed": "false" }, icon(picture_));
    button.addEventListener("click", async () => {
      if (!(await act(ctx, block, element, { value: side.value, text: side.text }, button))) return;
      for (const other of group.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    });
    return button;
  };
  const group = el("span.feedback-group", { role: "group", "aria-label": "Was this useful?" },
    element.positive_button ? draw(element.positive_button, "thumbUp") : null, element.negative_button ? draw(element.negative_button, "thumbDown") : null);
  return group;
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx */
function drawIconButton(element, block, ctx) {
  if (ctx.hiddenFrom(element.visible_to_user_ids)) return null;
  const label = element.accessibility_label || plainText(element.text);
  const button = el("button.feedback", { type: "button", "aria-label": label, title: plainText(element.text) }, icon(BUTTON_ICONS[element.icon] ?? "more"));
  button.addEventListener("click", () => act(ctx, block, element, { value: element.value, text: element.text }, button));
  return button;
}
