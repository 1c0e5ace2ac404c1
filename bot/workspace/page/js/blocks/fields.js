/** Fields that hold a value: texts, numbers, dates, ticks, files; choices come from select.js. */
import { el, freshId } from "../dom.js";
import { drawLine, plainText } from "./text.js";
import { act } from "./context.js";
import { actsAtOnce, ariaOf } from "./look.js";
import { drawSelect, SELECTS } from "./select.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 * @import {DrawnField, FieldLook} from "./look.js"
 */

/** @type {Record<string, (element:any, block:Block, ctx:BlockContext, look:FieldLook) => DrawnField>} */
const FIELDS = {
  plain_text_input: drawTextInput,
  email_text_input: (e, b, c, l) => drawTextInput(e, b, c, l, { type: "email", autocomplete: "off", inputmode: "email" }),
  url_text_input: (e, b, c, l) => drawTextInput(e, b, c, l, { type: "url", autocomplete: "off", inputmode: "url" }),
  number_input: (e, b, c, l) => drawTextInput(e, b, c, l, { type: "text", inputmode: e.is_decimal_allowed ? "decimal" : "numeric", "data-min": e.min_value, "data-max": e.max_value }),
  rich_text_input: drawRichInput,
  datepicker: (e, b, c, l) => drawDateInput(e, b, c, l, "date", "selected_date", e.initial_date ?? ""),
  timepicker: (e, b, c, l) => drawDateInput(e, b, c, l, "time", "selected_time", e.initial_time ?? ""),
  datetimepicker: (e, b, c, l) => drawDateInput(e, b, c, l, "datetime-local", "selected_date_time", e.initial_date_time ? localMinute(e.initial_date_time) : ""),
  checkboxes: drawTicks,
  radio_buttons: drawTicks,
  file_input: drawFileInput,
};

/** @param {unknown} type */
export function isField(type) {
  return typeof type === "string" && (type in FIELDS || type in SELECTS);
}

/**
 * @param {any} element
 * @param {Block} block
 * @param {BlockContext} ctx
 * @param {FieldLook} look
 * @returns {DrawnField}
 */
export function drawField(element, block, ctx, look) {
  const draw = FIELDS[element.type] ?? (element.type in SELECTS ? drawSelect : null);
  if (!draw) return { node: el("span.unknown", null, `A field of type “${String(element.type ?? "?").slice(0, 40)}” can't be shown here.`) };
  return draw(element, block, ctx, look);
}

/**
 * @param {any} element @param {Block} block @param {BlockContext} ctx @param {FieldLook} look
 * @param {Record<string, any>} [attributes]
 * @returns {DrawnField}
 */
function drawTextInput(element, block, ctx, look, attributes = {}) {
  const id = freshId("field");
  const kept = ctx.form.keptValue(block.block_id ?? "", element.action_id);
  const tag = element.multiline ? "textarea.field-input" : "input.field-input";
  const input = el(tag, {
    id, placeholder: plainText(element.placeholder) || null, maxlength: element.max_length ?? null, minlength: element.min_length ?? null,
    rows: element.multiline ? 4 : null, value: kept ? kept.value ?? "" : String(element.initial_value ?? ""), data: element.focus_on_load ? { autofocus: "" } : {},
    type: element.multiline ? null : "text", ...attributes, ...ariaOf(look),
  });
  ctx.form.add(block.block_id ?? "", element.action_id, { get: () => ({ type: element.type, value: input.value === "" ? null : input.value }), focus: input, group: look.group ?? null });
  if (actsAtOnce(block, look)) {
    const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const send = () => act(ctx, block, element, { value: input.value }, input);
    if (when.includes("on_enter_pressed")) {
      input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || event.isComposing || (element.multiline && event.shiftKey)) return;
        event.preventDefault();
        void send();
      });
    }
    if (when.includes("on_character_entered")) {
      let timer = 0;
      input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(send, 350);
      });
    }
  }
  return { node: input, labelled: id };
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx @param {FieldLook} look @returns {DrawnField} */
function drawRichInput(element, block, ctx, look) {
  const id = freshId("field");
  const words = (/** @type {any} */ rich) => (rich?.elements ?? []).map((/** @type {any} */ part) => (part.elements ?? []).map((/** @type {any} */ run) => run.text ?? "").join("")).join("\n");
  const kept = ctx.form.keptValue(block.block_id ?? "", element.action_id);
  const input = el("textarea.field-input", { id, rows: 4, placeholder: plainText(element.placeholder) || null, value: words(kept ? kept.rich_text_value : element.initial_value), ...ariaOf(look) });
  const get = () => ({ type: element.type, rich_text_value: input.value ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: input.value }] }] } : null });
  ctx.form.add(block.block_id ?? "", element.action_id, { get, focus: input, group: look.group ?? null });
  return { node: input, labelled: id };
}

/**
 * @param {any} element @param {Block} block @param {BlockContext} ctx @param {FieldLook} look
 * @param {string} type @param {string} key @param {string} initial
 * @returns {DrawnField}
 */
function drawDateInput(element, block, ctx, look, type, key, initial) {
  const id = freshId("field");
  const kept = ctx.form.keptValue(block.block_id ?? "", element.action_id);
  const shown = (/** @type {any} */ value) => (value && type === "datetime-local" ? localMinute(value) : value ?? "");
  const input = el("input.field-input.field-date", { id, type, value: kept ? shown(kept[key]) : initial, ...ariaOf(look) });
  const chosen = () => (!input.value ? null : type === "datetime-local" ? Math.floor(new Date(input.value).getTime() / 1000) : input.value);
  ctx.form.add(block.block_id ?? "", element.action_id, { get: () => ({ type: element.type, [key]: chosen() }), focus: input, group: look.group ?? null });
  if (actsAtOnce(block, look)) input.addEventListener("change", () => act(ctx, block, element, { [key]: chosen() }, input));
  return { node: input, labelled: id };
}

/** @param {number} seconds @returns {string} "2026-11-22T14:05" on the person's clock */
function localMinute(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx @param {FieldLook} look @returns {DrawnField} */
function drawTicks(element, block, ctx, look) {
  const many = element.type === "checkboxes";
  const name = freshId("ticks");
  const kept = ctx.form.keptValue(block.block_id ?? "", element.action_id);
  const initial = kept ? kept.selected_options ?? [kept.selected_option] : many ? element.initial_options ?? [] : [element.initial_option];
  const values = new Set(initial.filter(Boolean).map((/** @type {any} */ option) => option.value));
  const options = element.options ?? [];
  const inputs = options.map((/** @type {any} */ option, /** @type {number} */ at) =>
    el("input", { type: many ? "checkbox" : "radio", name, id: `${name}-${at}`, value: option.value, checked: values.has(option.value) }));
  const chosen = () => options.filter((/** @type {any} */ _, /** @type {number} */ at) => inputs[at].checked);
  const value = () => (many ? { selected_options: chosen() } : { selected_option: chosen()[0] ?? null });
  const group = el("div.ticks", { role: many ? "group" : "radiogroup", "aria-labelledby": look.labelId ?? null, ...ariaOf(look) }, options.map((/** @type {any} */ option, /** @type {number} */ at) =>
    el("label.tick", { for: `${name}-${at}` }, inputs[at], el("span", null, drawLine(option.text, ctx.names), option.description ? el("span.tick-note", null, drawLine(option.description, ctx.names)) : null))));
  if (many) group.removeAttribute("aria-required");
  ctx.form.add(block.block_id ?? "", element.action_id, { get: () => ({ type: element.type, ...value() }), focus: inputs[0] ?? group, group: look.group ?? null });
  if (actsAtOnce(block, look)) group.addEventListener("change", () => act(ctx, block, element, value(), group));
  return { node: group };
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx @param {FieldLook} look @returns {DrawnField} */
function drawFileInput(element, block, ctx, look) {
  const id = freshId("field");
  const note = el("p.input-hint", { role: "status" });
  /** @type {any[]} */
  let files = ctx.form.keptValue(block.block_id ?? "", element.action_id)?.files ?? [];
  const tell = () => { note.textContent = files.map((file) => file.name).join(", "); };
  const input = el("input.field-input.field-file", { id, type: "file", multiple: (element.max_files ?? 10) > 1, accept: (element.filetypes ?? []).map((/** @type {string} */ t) => `.${t}`).join(",") || null, ...ariaOf(look) });
  input.addEventListener("change", async () => {
    files = [];
    note.textContent = "Handing it over …";
    try {
      files = await Promise.all([...input.files].map((file) => ctx.upload(file)));
      tell();
    } catch (error) {
      note.textContent = error instanceof Error ? error.message : "This file could not be handed over.";
    }
  });
  tell();
  ctx.form.add(block.block_id ?? "", element.action_id, { get: () => ({ type: element.type, files }), focus: input, group: look.group ?? null });
  return { node: el("div", null, input, note), labelled: id };
}
