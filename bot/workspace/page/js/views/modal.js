/** The modals an app opens: a stack of views, the top one shown. */
import { el, fill, freshId } from "../dom.js";
import { RequestFailed } from "../api.js";
import { drawBlocks } from "../blocks/index.js";
import { Form } from "../blocks/form.js";
import { plainText } from "../blocks/text.js";
import { makeDialog } from "../ui/dialog.js";
import { icon } from "../ui/icons.js";
import { markFocusKeys } from "./home.js";
import { attempt } from "./tools.js";

/**
 * @import {Session} from "../session.js"
 * @import {View} from "../types.js"
 */

export class ModalStack {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {ReturnType<typeof makeDialog>|null} */ this.made = null;
    /** @type {View|null} */ this.view = null;
    /** @type {Map<string, Form>} */ this.forms = new Map();
    this.busy = false;
    session.store.on("views", () => this.draw());
  }

  get top() {
    return this.session.store.views.at(-1) ?? null;
  }

  draw() {
    const view = this.top;
    for (const id of this.forms.keys()) if (!this.session.store.views.some((v) => v.id === id)) this.forms.delete(id);
    if (!view) {
      this.view = null;
      this.made?.close();
      this.made = null;
      return;
    }
    if (this.view === view) return;
    const same = this.view?.id === view.id;
    const active = same && document.activeElement instanceof HTMLElement ? document.activeElement.dataset.focusKey : undefined;
    this.view = view;
    this.busy = false;
    const fresh = !this.made;
    const titleId = freshId("modal-title");
    this.made ??= makeDialog({ className: "dialog modal", onCancel: () => this.cancel() });
    this.made.dialog.setAttribute("aria-labelledby", titleId);
    const scroll = same ? this.made.dialog.querySelector(".dialog-body")?.scrollTop ?? 0 : 0;
    this.drawInto(this.made.dialog, view, titleId);
    if (fresh) this.made.show();
    const body = this.made.dialog.querySelector(".dialog-body");
    if (body && scroll) body.scrollTop = scroll;
    this.focusFirst(this.made.dialog, active);
  }

  /** @param {HTMLElement} dialog @param {View} view @param {string} titleId */
  drawInto(dialog, view, titleId) {
    const form = new Form(this.forms.get(view.id)?.values());
    this.forms.set(view.id, form);
    const stacked = this.session.store.views.length > 1;
    const inputs = (view.blocks ?? []).some((block) => block.type === "input");
    const submit = view.submit || inputs ? el("button.button.button-primary", { type: "submit" }, plainText(view.submit) || "Submit") : null;
    const error = el("p.modal-error", { role: "alert" });
    const body = el("div.dialog-body", { tabIndex: -1 }, drawBlocks(view.blocks, this.session.blockContext("modal", { type: "view", view_id: view.id }, form)), error);
    const panel = el("form.dialog-panel", { novalidate: true, on: { submit: (/** @type {Event} */ e) => { e.preventDefault(); void this.submit(view, form, panel, error); } } },
      el("header.dialog-head", null,
        stacked ? el("button.icon-button", { type: "button", "aria-label": "Back", on: { click: () => this.cancel() } }, icon("back")) : null,
        el("h2.dialog-title", { id: titleId }, plainText(view.title) || "Dialog"),
        el("button.icon-button", { type: "button", "aria-label": "Close", on: { click: () => (stacked ? this.closeAll() : this.cancel()) } }, icon("close"))),
      body,
      el("footer.dialog-foot", null, el("button.button", { type: "button", on: { click: () => this.cancel() } }, plainText(view.close) || (submit ? "Cancel" : "Close")), submit));
    fill(dialog, panel);
    markFocusKeys(dialog);
  }

  /** @param {HTMLElement} dialog @param {string|undefined} key */
  focusFirst(dialog, key) {
    const again = key && [...dialog.querySelectorAll("[data-focus-key]")].find((node) => /** @type {HTMLElement} */ (node).dataset.focusKey === key);
    const wanted = again || dialog.querySelector("[data-autofocus]") || dialog.querySelector(".dialog-body input:not([disabled]), .dialog-body textarea, .dialog-body .select") || dialog.querySelector(".dialog-foot .button-primary") || dialog.querySelector(".dialog-foot .button");
    if (wanted instanceof HTMLElement) wanted.focus({ preventScroll: true });
  }

  /** @param {View} view @param {Form} form @param {HTMLElement} panel @param {HTMLElement} error */
  async submit(view, form, panel, error) {
    if (this.busy) return;
    const missing = this.missing(view, form);
    fill(error);
    if (Object.keys(missing).length) {
      form.showErrors(missing);
      return;
    }
    form.clearErrors();
    this.wait(panel, true);
    try {
      const reply = await this.session.ask("/page/submit", { view_id: view.id, state: { values: form.values() } });
      if (reply.view) this.session.store.apply({ type: reply.response_action === "push" ? "view_push" : "view_update", view: reply.view });
      else if (reply.response_action === "clear") this.session.store.apply({ type: "view_close", view_id: view.id, clear: true });
      else if (!reply.response_action) this.session.store.apply({ type: "view_close", view_id: view.id, clear: false });
    } catch (failure) {
      const errors = failure instanceof RequestFailed ? failure.errors : undefined;
      const left = errors ? form.showErrors(errors) : [failure instanceof Error ? failure.message : "That didn't work."];
      if (left.length) fill(error, icon("error"), el("span", null, left.join(" ")));
    } finally {
      this.wait(panel, false);
    }
  }

  /** Inputs that must be filled and aren't. @param {View} view @param {Form} form @returns {Record<string, string>} */
  missing(view, form) {
    /** @type {Record<string, string>} */ const found = {};
    for (const block of view.blocks ?? []) {
      if (block.type !== "input" || !block.block_id || !block.element) continue;
      const value = form.fields.get(block.block_id)?.get(block.element.action_id)?.get();
      if (!value) continue;
      const held = Object.entries(value).find(([key]) => key !== "type")?.[1];
      const empty = held === null || held === undefined || (typeof held === "string" && !held.trim()) || (Array.isArray(held) && !held.length);
      if (empty && block.optional !== true && block.element.type !== "file_input") found[block.block_id] = "Please fill in this field.";
      else if (!empty) {
        const wrong = wrongNumber(block.element, held) || tooShort(block.element, held) || wrongForm(block.element, held);
        if (wrong) found[block.block_id] = wrong;
      }
    }
    return found;
  }

  /** @param {HTMLElement} panel @param {boolean} on */
  wait(panel, on) {
    this.busy = on;
    panel.setAttribute("aria-busy", String(on));
    const submit = panel.querySelector("[type=submit]");
    submit?.setAttribute("aria-disabled", String(on));
    submit?.classList.toggle("is-waiting", on);
  }

  cancel() {
    const view = this.top;
    if (!view || this.busy) return;
    this.session.store.apply({ type: "view_close", view_id: view.id, clear: false });
    void attempt(() => this.session.ask("/page/close", { view_id: view.id }));
  }

  closeAll() {
    const root = this.session.store.views[0];
    this.session.store.apply({ type: "view_close", view_id: "", clear: true });
    if (root) void attempt(() => this.session.ask("/page/close", { view_id: root.id }));
  }
}

/** @param {any} element @param {any} held */
function wrongNumber(element, held) {
  if (element.type !== "number_input") return "";
  const number = Number(held);
  if (!Number.isFinite(number)) return "Please write a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please write a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `The smallest number here is ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `The largest number here is ${element.max_value}.`;
  return "";
}

/** @param {any} element @param {any} held */
function tooShort(element, held) {
  return element.min_length && typeof held === "string" && held.length < element.min_length ? `Please write at least ${element.min_length} characters.` : "";
}

/** @param {any} element @param {any} held */
function wrongForm(element, held) {
  if (element.type === "url_text_input" && !/^https?:\/\/[^\s]+$/i.test(held)) return "Please write a whole address, starting with https:// or http://.";
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+$/.test(held)) return "Please write an e-mail address.";
  return "";
}
