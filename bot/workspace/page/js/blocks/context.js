/**
 * What a block needs to know of its surroundings, and how its elements act.
 *
 * @import {Block, Container} from "../types.js"
 * @import {Names} from "../text/mrkdwn.js"
 * @import {Form} from "./form.js"
 * @typedef {{id:string, label:string, note?:string}} Choice
 * @typedef {{
 *   surface:"message"|"modal"|"home", container:Container, names:Names, form:Form,
 *   send:(action:any, state:any) => Promise<void>,
 *   upload:(file:File) => Promise<any>, options:(block_id:string, action_id:string, value:string) => Promise<any>,
 *   people:() => Choice[], channels:() => Choice[], hiddenFrom:(users:string[]|undefined) => boolean,
 * }} BlockContext
 */
import { drawText, plainText } from "./text.js";
import { confirmDialog } from "../ui/dialog.js";
import { toast } from "../ui/toast.js";

/**
 * Send an element's action, after its confirmation when it asks for one. The control shows that it is busy meanwhile.
 * @param {BlockContext} ctx
 * @param {Block} block
 * @param {any} element
 * @param {Record<string, any>} value what was chosen
 * @param {HTMLElement} control
 * @returns {Promise<boolean>} false when the person said no or the app didn't take it
 */
export async function act(ctx, block, element, value, control) {
  if (control.getAttribute("aria-busy") === "true") return false;
  const { confirm } = element;
  if (confirm && !(await confirmDialog({
    title: plainText(confirm.title) || "Are you sure?",
    body: drawText(confirm.text, ctx.names),
    confirm: plainText(confirm.confirm) || "Yes",
    deny: plainText(confirm.deny) || "No",
    danger: confirm.style === "danger",
  }))) return false;
  control.setAttribute("aria-busy", "true");
  try {
    const action = { type: element.type, action_id: element.action_id, block_id: block.block_id, action_ts: (Date.now() / 1000).toFixed(6), ...value };
    await ctx.send(action, { values: ctx.form.values() });
    return true;
  } catch (error) {
    toast(error instanceof Error ? error.message : "That didn't work.", "error");
    return false;
  } finally {
    control.removeAttribute("aria-busy");
  }
}
