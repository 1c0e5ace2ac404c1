/**
 * What a field is told of the block it stands in.
 *
 * @import {Block} from "../types.js"
 * @typedef {{label?:string, labelId?:string, hintId?:string, group?:HTMLElement, dispatches?:boolean, required?:boolean}} FieldLook
 * @typedef {{node:HTMLElement, labelled?:string}} DrawnField `labelled` is the id a <label for> points at
 */

/**
 * Fields outside an input block act at once; inside one only when the block says so.
 * @param {Block} block
 * @param {FieldLook} look
 */
export function actsAtOnce(block, look) {
  return block.type !== "input" || look.dispatches === true;
}

/** @param {FieldLook} look */
export function ariaOf(look) {
  return { "aria-label": look.labelId ? null : look.label, "aria-describedby": look.hintId ?? null, "aria-required": look.required ? "true" : null };
}
