/** An agent's plan and its tasks. */
import { el, link } from "../dom.js";
import { icon } from "../ui/icons.js";
import { drawRichText } from "./rich.js";
import { plainText } from "./text.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 */

/** @type {Record<string, {icon:string, label:string}>} */
const STATES = {
  pending: { icon: "pending", label: "to do" },
  in_progress: { icon: "refresh", label: "in progress" },
  complete: { icon: "success", label: "done" },
  error: { icon: "error", label: "failed" },
};

/** @param {Block} block @param {BlockContext} ctx @returns {HTMLElement} */
export function drawTaskCard(block, ctx) {
  const name = STATES[block.status] ? block.status : "pending";
  const state = STATES[name];
  const title = el("span.task-title", null, plainText(block.title), el("span.visually-hidden", null, ` (${state.label})`));
  const head = [el("span.task-state", null, icon(state.icon)), title];
  const inner = [
    block.details ? el("div.task-details", null, drawRichText(block.details, ctx.names)) : null,
    block.output ? el("div.task-output", null, drawRichText(block.output, ctx.names)) : null,
    block.sources?.length ? el("ul.sources", { "aria-label": "Sources" }, block.sources.map((/** @type {any} */ source) => el("li", null, link(source.url, [plainText(source.text) || source.url], "source")))) : null,
  ].filter(Boolean);
  if (!inner.length) return el("div.task", { class: `task-${name}` }, el("div.task-head", null, head));
  return el("details.task", { class: `task-${name}`, open: name !== "complete" || Boolean(block.sources?.length) }, el("summary.task-head", null, head, icon("down")), el("div.task-body", null, inner));
}

/** @param {Block} block @param {BlockContext} ctx @returns {HTMLElement} */
export function drawPlan(block, ctx) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((/** @type {any} */ task) => task.status === "complete").length;
  return el("section.plan", { "aria-label": `Plan: ${plainText(block.title)}` },
    el("div.plan-head", null, el("span.plan-title", null, plainText(block.title)), el("span.plan-count", null, `${done} of ${tasks.length} done`)),
    el("ol.plan-tasks", null, tasks.map((/** @type {any} */ task) => el("li", null, drawTaskCard(task, ctx)))));
}
