/** Searchable choices: static, external, people, conversations and channels; one or many. */
import { el, fill, freshId } from "../dom.js";
import { icon } from "../ui/icons.js";
import { openPopover } from "../ui/popover.js";
import { act } from "./context.js";
import { actsAtOnce, ariaOf } from "./look.js";
import { plainText } from "./text.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 * @import {DrawnField, FieldLook} from "./look.js"
 * @typedef {{id:string, label:string, note?:string, group?:string, raw:any}} Item  `raw` is what Slack's payload carries
 */

/** How each select says what was chosen. @type {Record<string, {one:string, initial:string, source:"static"|"external"|"people"|"channels", many?:boolean}>} */
export const SELECTS = {
  static_select: { one: "selected_option", initial: "initial_option", source: "static" },
  external_select: { one: "selected_option", initial: "initial_option", source: "external" },
  users_select: { one: "selected_user", initial: "initial_user", source: "people" },
  conversations_select: { one: "selected_conversation", initial: "initial_conversation", source: "channels" },
  channels_select: { one: "selected_channel", initial: "initial_channel", source: "channels" },
  multi_static_select: { one: "selected_options", initial: "initial_options", source: "static", many: true },
  multi_external_select: { one: "selected_options", initial: "initial_options", source: "external", many: true },
  multi_users_select: { one: "selected_users", initial: "initial_users", source: "people", many: true },
  multi_conversations_select: { one: "selected_conversations", initial: "initial_conversations", source: "channels", many: true },
  multi_channels_select: { one: "selected_channels", initial: "initial_channels", source: "channels", many: true },
};

/** @param {any} option @param {string} [group] @returns {Item} */
function itemOf(option, group) {
  return { id: String(option?.value ?? ""), label: plainText(option?.text), note: plainText(option?.description), group, raw: option };
}

/** @param {any} reply with options or option_groups @returns {Item[]} */
function itemsOf(reply) {
  if (reply?.option_groups) return reply.option_groups.flatMap((/** @type {any} */ g) => (g.options ?? []).map((/** @type {any} */ o) => itemOf(o, plainText(g.label))));
  return (reply?.options ?? []).map((/** @type {any} */ o) => itemOf(o));
}

/** @param {any} element @param {Block} block @param {BlockContext} ctx @param {FieldLook} look @returns {DrawnField} */
export function drawSelect(element, block, ctx, look) {
  const kind = SELECTS[element.type];
  const blockId = block.block_id ?? "";
  const local = () => (kind.source === "people" ? ctx.people() : ctx.channels()).map((choice) => ({ ...choice, raw: choice.id }));
  /** @param {any} raw @returns {Item} */
  const fromRaw = (raw) => (typeof raw === "string" ? local().find((item) => item.id === raw) ?? { id: raw, label: raw, raw } : itemOf(raw));
  const kept = ctx.form.keptValue(blockId, element.action_id);
  const initial = kept ? kept[kind.one] : element[kind.initial];
  /** @type {Item[]} */
  let chosen = (Array.isArray(initial) ? initial : [initial]).filter(Boolean).map(fromRaw);

  const id = freshId("select");
  const words = el("span.select-words");
  const trigger = el("button.select", { id, type: "button", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", ...ariaOf(look),
    "aria-labelledby": look.labelId ? `${look.labelId} ${id}` : null, "aria-label": null, data: element.focus_on_load ? { autofocus: "" } : {} }, words, icon("down"));
  const placeholder = plainText(element.placeholder) || look.label || (kind.many ? "Choose some" : "Choose one");
  const redraw = () => {
    if (!chosen.length) fill(words, el("span.select-placeholder", null, placeholder));
    else if (kind.many) fill(words, chosen.map((item) => el("span.chip", null, item.label)));
    else fill(words, chosen[0].label);
  };
  redraw();
  const value = () => ({ [kind.one]: kind.many ? chosen.map((item) => item.raw) : chosen[0]?.raw ?? null });
  const load = async (/** @type {string} */ query) => {
    if (kind.source === "external") return itemsOf(await ctx.options(blockId, element.action_id, query));
    const items = kind.source === "static" ? itemsOf(element) : local();
    const wanted = query.trim().toLowerCase();
    return wanted ? items.filter((item) => `${item.label} ${item.note ?? ""}`.toLowerCase().includes(wanted)) : items;
  };
  const take = (/** @type {Item} */ item) => {
    const had = chosen.some((c) => c.id === item.id);
    if (!kind.many) chosen = [item];
    else if (had) chosen = chosen.filter((c) => c.id !== item.id);
    else if (chosen.length < (element.max_selected_items ?? Infinity)) chosen = [...chosen, item];
    redraw();
    if (actsAtOnce(block, look)) void act(ctx, block, element, value(), trigger);
  };
  const clear = !kind.many && block.type === "input" && look.required === false ? () => { chosen = []; redraw(); } : undefined;
  const open = () => openPicker(trigger, {
    label: look.label ?? placeholder, many: kind.many === true, load, take, clear, has: (item) => chosen.some((c) => c.id === item.id),
    slow: kind.source === "external", least: kind.source === "external" ? element.min_query_length ?? 3 : 0,
  });
  trigger.addEventListener("click", open);
  trigger.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  });
  ctx.form.add(blockId, element.action_id, { get: () => ({ type: element.type, ...value() }), focus: trigger, group: look.group ?? null });
  return { node: trigger, labelled: id };
}

/**
 * @typedef {{label:string, many:boolean, slow:boolean, least:number, load:(query:string)=>Promise<Item[]>,
 *   take:(item:Item)=>void, has:(item:Item)=>boolean, clear?:()=>void}} PickerHow
 */

/** @param {HTMLElement} trigger @param {PickerHow} how */
function openPicker(trigger, how) {
  const listId = freshId("listbox");
  const input = el("input.picker-search", { type: "text", role: "combobox", "aria-label": `Search ${how.label}`, "aria-controls": listId, "aria-expanded": "true", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search" });
  const list = el("ul.picker-list", { id: listId, role: "listbox", "aria-label": how.label, "aria-multiselectable": how.many ? "true" : null });
  const none = how.clear && el("button.picker-none", { type: "button", tabIndex: -1, on: { click: () => { how.clear?.(); close(true); } } }, "Clear the choice");
  const close = openPopover(trigger, el("div.picker", null, input, list, none), { matchWidth: true });
  /** @type {Item[]} */ let items = [];
  let active = 0;
  let asked = 0;
  const note = (/** @type {string} */ text) => fill(list, el("li.picker-note", { role: "presentation" }, text));
  const choose = (/** @type {Item} */ item) => {
    how.take(item);
    if (how.many) draw();
    else close(true);
  };
  const draw = () => {
    fill(list);
    if (!items.length) note("Nothing found");
    let group = "";
    items.forEach((item, at) => {
      if (item.group && item.group !== group) list.append(el("li.picker-group", { role: "presentation" }, item.group));
      group = item.group ?? "";
      const row = el("li.picker-option", { role: "option", id: `${listId}-${at}`, "aria-selected": String(how.has(item)), class: at === active ? "is-active" : "",
        on: { click: () => choose(item), pointermove: () => { if (active !== at) { active = at; mark(); } } } },
      el("span.picker-tick", null, how.has(item) ? icon("check") : null), el("span", null, item.label, item.note ? el("span.picker-option-note", null, item.note) : null));
      list.append(row);
    });
    mark();
  };
  const mark = () => {
    list.querySelectorAll("[role=option]").forEach((row, at) => row.classList.toggle("is-active", at === active));
    const row = document.getElementById(`${listId}-${active}`);
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  };
  const search = async () => {
    const mine = (asked += 1);
    if (input.value.trim().length < how.least) return note(how.least === 1 ? "Type to search" : `Type ${how.least} letters to search`);
    if (how.slow) note("Searching…");
    try {
      const found = await how.load(input.value);
      if (mine !== asked || !list.isConnected) return;
      items = found.slice(0, 200);
      active = Math.max(0, items.findIndex((item) => how.has(item)));
      draw();
    } catch (error) {
      if (mine === asked) note(error instanceof Error ? error.message : "The choices could not be loaded.");
    }
  };
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, how.slow ? 250 : 0);
  });
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") active = (active + (event.key === "ArrowDown" ? 1 : -1) + items.length) % Math.max(1, items.length);
    else if (event.key === "Home" || event.key === "End") active = event.key === "Home" ? 0 : items.length - 1;
    else if (event.key === "Enter" && !event.isComposing) { if (items[active]) choose(items[active]); }
    else if (event.key === "Backspace" && !input.value && how.clear) { how.clear(); close(true); }
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (list.isConnected) mark();
  });
  void search();
  input.focus();
}
