/** Where one writes: grows with its text, completes names and commands, keeps the text when sending fails. */
import { el, fill, freshId } from "../dom.js";
import { draft, setDraft } from "../prefs.js";
import { outgoing } from "../text/outgoing.js";
import { icon } from "../ui/icons.js";
import { completing, offers } from "./completion.js";

/**
 * @import {Session} from "../session.js"
 * @import {Offer} from "./completion.js"
 */

export class Composer {
  /**
   * @param {Session} session
   * @param {{channel:string, thread:string|null, placeholder:string, onSent:(ts:string)=>void}} how
   */
  constructor(session, how) {
    this.session = session;
    this.how = how;
    this.draftKey = `${session.store.me}.${how.channel}.${how.thread ?? ""}`;
    this.pending = false;
    /** @type {Offer[]} */ this.offers = [];
    this.active = 0;
    this.start = 0;
    this.dismissed = "";
    const errorId = freshId("composer-error");
    const listId = freshId("completion");
    this.input = el("textarea.composer-input", { rows: 1, "aria-label": how.placeholder, placeholder: how.placeholder, value: draft(this.draftKey), "aria-describedby": errorId,
      "aria-autocomplete": "list", "aria-controls": listId, autocomplete: "off", enterkeyhint: "send" });
    this.list = el("ul.completion", { id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.hint = el("div.usage-hint", { hidden: true });
    this.error = el("p.composer-error", { id: errorId, role: "alert" });
    this.button = el("button.send", { type: "button", "aria-label": how.thread ? "Send the reply" : "Send the message", title: "Send (Enter)", on: { click: () => this.send() } }, icon("send"));
    const insert = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {string} */ name) => el("button.tool", { type: "button", "aria-label": label, title: label, on: { click: () => this.insertSign(sign) } }, icon(name));
    /** @type {any[]} */ this.files = [];
    this.chosen = el("ul.composer-files", { "aria-label": "Files to send", hidden: true });
    this.chooser = el("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to attach", on: { change: () => this.attach() } });
    const attach = el("button.tool", { type: "button", "aria-label": "Attach a file", title: "Attach a file", on: { click: () => this.chooser.click() } }, icon("file"));
    this.box = el("div.composer-box", null, this.list, this.hint, this.chosen, this.input, this.chooser,
      el("div.composer-tools", null, insert("@", "Mention someone", "at"), insert("#", "Name a channel", "hash"), how.thread ? null : insert("/", "Run a command", "slash"), attach,
        el("span.composer-keys", { "aria-hidden": "true" }, el("kbd", null, "Enter"), " sends, ", el("kbd", null, "Shift"), " ", el("kbd", null, "Enter"), " starts a new line"), this.button));
    this.node = el("form.composer", { on: { submit: (/** @type {Event} */ e) => e.preventDefault() } }, this.box, this.error);
    this.input.addEventListener("input", () => this.changed());
    this.input.addEventListener("click", () => this.complete());
    this.input.addEventListener("blur", () => setTimeout(() => this.closeList(), 120));
    this.input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.box.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.target === this.box) { event.preventDefault(); this.input.focus(); }
    });
    this.watcher = new ResizeObserver(() => this.grow());
    this.watcher.observe(this.box);
    this.drawButton();
  }

  stop() {
    this.watcher.disconnect();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Put a text in, ready to send. @param {string} text */
  write(text) {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
    this.focus();
    this.changed();
  }

  /** @param {string} sign */
  insertSign(sign) {
    const { value, selectionStart } = this.input;
    if (sign === "/") this.write(value.startsWith("/") ? value : `/${value}`);
    else {
      const gap = selectionStart && !/\s/.test(value[selectionStart - 1]) ? " " : "";
      this.input.setRangeText(`${gap}${sign}`, selectionStart, this.input.selectionEnd, "end");
      this.focus();
      this.changed();
    }
    this.complete();
  }

  changed() {
    setDraft(this.draftKey, this.input.value);
    fill(this.error);
    this.box.classList.remove("has-error");
    this.grow();
    this.drawButton();
    this.complete();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, Math.max(120, innerHeight * 0.4))}px`;
  }

  drawButton() {
    const empty = !this.input.value.trim() && !this.files.length;
    this.button.disabled = empty || this.pending;
    this.button.classList.toggle("is-ready", !empty);
  }

  /** Hand over the files that were chosen; they are sent with the next message. */
  async attach() {
    const files = [...(this.chooser.files ?? [])];
    this.chooser.value = "";
    this.pend(true);
    try {
      this.files.push(...await Promise.all(files.map((/** @type {File} */ file) => this.session.upload(file))));
      fill(this.error);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : "The file could not be attached.");
    } finally {
      this.pend(false);
    }
    this.drawFiles();
    this.focus();
  }

  drawFiles() {
    this.chosen.hidden = !this.files.length;
    fill(this.chosen, this.files.map((file) => el("li.composer-file", null, icon("file"), el("span", null, file.name),
      el("button.tool", { type: "button", "aria-label": `Leave out ${file.name}`, on: { click: () => { this.files = this.files.filter((other) => other !== file); this.drawFiles(); } } }, icon("close")))));
    this.drawButton();
  }

  /** Offer what fits the word at the caret. */
  complete() {
    const found = completing(this.input.value, this.input.selectionStart);
    const usage = this.usage();
    this.hint.hidden = Boolean(found) || !usage;
    if (usage) fill(this.hint, el("code", null, `${usage.command} ${usage.usage_hint ?? ""}`.trim()), usage.description ? ` — ${usage.description}` : null);
    if (!found || `${found.kind}${found.word}` === this.dismissed || (found.kind === "/" && this.how.thread)) return this.closeList();
    this.dismissed = "";
    this.offers = offers(this.session, found.kind, found.word);
    this.start = found.start;
    this.active = 0;
    if (!this.offers.length) return this.closeList();
    fill(this.list, this.offers.map((offer, at) => el("li.completion-row", {
      role: "option", id: `${this.list.id}-${at}`,
      on: { pointerdown: (/** @type {Event} */ e) => { e.preventDefault(); this.take(at); }, pointermove: () => { this.active = at; this.mark(); } },
    }, el("span.completion-face", null, offer.face ?? null), el("span.completion-label", null, offer.label, offer.hint ? el("span.completion-hint", null, offer.hint) : null), offer.note ? el("span.completion-note", null, offer.note) : null)));
    this.list.hidden = false;
    this.mark();
  }

  /** The command being typed, past its name. */
  usage() {
    const name = /^(\/\S+)\s/.exec(this.input.value)?.[1];
    return name ? [...this.session.store.apps.values()].flatMap((app) => app.commands ?? []).find((command) => command.command === name) : undefined;
  }

  mark() {
    [...this.list.children].forEach((row, at) => {
      row.classList.toggle("is-active", at === this.active);
      row.setAttribute("aria-selected", String(at === this.active));
    });
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  closeList() {
    this.list.hidden = true;
    this.offers = [];
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} at */
  take(at) {
    this.input.setRangeText(this.offers[at].insert, this.start, this.input.selectionStart, "end");
    this.closeList();
    this.focus();
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + this.offers.length) % this.offers.length;
      this.mark();
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) && !this.wholeCommand()) this.take(this.active);
    else if (open && event.key === "Escape") {
      const found = completing(this.input.value, this.input.selectionStart);
      this.dismissed = found ? `${found.kind}${found.word}` : "";
      this.closeList();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) void this.send();
    else return;
    event.preventDefault();
  }

  /** A command typed to its end is sent by Enter rather than completed. */
  wholeCommand() {
    return this.offers[this.active]?.label === this.input.value;
  }

  /** @param {string} [words] sent instead of what is typed */
  async send(words) {
    const text = (words ?? this.input.value).trim();
    const files = words === undefined ? this.files : [];
    if ((!text && !files.length) || this.pending) return;
    const { store } = this.session;
    const command = /^\/[a-z]/i.test(text) && words === undefined;
    if (command && this.how.thread) return this.fail(`Commands don't work in threads. Run ${text.split(/\s/)[0]} in the channel.`);
    this.pend(true);
    try {
      if (command) await this.session.command(this.how.channel, text);
      const sent = command ? null : await this.session.send(this.how.channel, outgoing(text, [...store.users.values()], [...store.channels.values()].filter((c) => !c.is_im)), this.how.thread, files.map((file) => file.id));
      if (words === undefined) {
        this.input.value = "";
        if (!command) this.files = [];
        this.drawFiles();
        this.changed();
      }
      if (sent) this.how.onSent(sent);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : "The message could not be sent.");
    } finally {
      this.pend(false);
    }
  }

  /** @param {boolean} on */
  pend(on) {
    this.pending = on;
    this.input.readOnly = on;
    this.box.classList.toggle("is-pending", on);
    this.box.setAttribute("aria-busy", String(on));
    this.drawButton();
  }

  /** @param {string} sentence */
  fail(sentence) {
    this.box.classList.add("has-error");
    fill(this.error, icon("error"), el("span", null, sentence));
  }
}
