/**
 * The values of the inputs of one surface (a message, a modal, a Home), in the form of Slack's `state.values`.
 *
 * @typedef {{get:() => any, focus:HTMLElement, group:HTMLElement|null}} Field
 */
import { el, freshId } from "../dom.js";
import { icon } from "../ui/icons.js";

export class Form {
  /** @param {Record<string, Record<string, any>>} [kept] values that outlive a redraw, by block_id and action_id */
  constructor(kept = {}) {
    this.kept = kept;
    /** @type {Map<string, Map<string, Field>>} */
    this.fields = new Map();
  }

  /**
   * @param {string} block
   * @param {string} action
   * @param {Field} field
   */
  add(block, action, field) {
    const fields = this.fields.get(block) ?? new Map();
    this.fields.set(block, fields.set(action, field));
  }

  /** @param {string} block @param {string} action @returns {any} */
  keptValue(block, action) {
    return this.kept[block]?.[action];
  }

  /** @returns {Record<string, Record<string, any>>} */
  values() {
    return Object.fromEntries([...this.fields].map(([block, fields]) => [block, Object.fromEntries([...fields].map(([action, field]) => [action, field.get()]))]));
  }

  /** Take all errors away. */
  clearErrors() {
    for (const fields of this.fields.values()) for (const field of fields.values()) clearError(field);
  }

  /**
   * Show each sentence at its input and move to the first.
   * @param {Record<string, string>} errors by block_id
   * @returns {string[]} sentences that have no input to stand at
   */
  showErrors(errors) {
    this.clearErrors();
    const left = [];
    /** @type {HTMLElement|null} */
    let first = null;
    for (const [block, fields] of this.fields) {
      const field = [...fields.values()][0];
      if (!(block in errors) || !field) continue;
      showError(field, errors[block]);
      first ??= field.focus;
    }
    for (const [block, sentence] of Object.entries(errors)) if (!this.fields.has(block)) left.push(sentence);
    first?.focus();
    return left;
  }
}

/** @param {Field} field @param {string} sentence */
function showError(field, sentence) {
  const id = freshId("error");
  const note = el("p.input-error", { id, data: { error: "" } }, icon("error"), sentence);
  (field.group ?? field.focus.parentElement)?.append(note);
  field.focus.setAttribute("aria-invalid", "true");
  field.focus.dataset.describedBefore ??= field.focus.getAttribute("aria-describedby") ?? "";
  field.focus.setAttribute("aria-describedby", `${field.focus.dataset.describedBefore} ${id}`.trim());
}

/** @param {Field} field */
function clearError(field) {
  (field.group ?? field.focus.parentElement)?.querySelector("[data-error]")?.remove();
  field.focus.removeAttribute("aria-invalid");
  if (field.focus.dataset.describedBefore === undefined) return;
  if (field.focus.dataset.describedBefore) field.focus.setAttribute("aria-describedby", field.focus.dataset.describedBefore);
  else field.focus.removeAttribute("aria-describedby");
  delete field.focus.dataset.describedBefore;
}
