/**
 * The list of messages of a channel or a thread: day dividers, the "new" line, grouping by author, and a scroll that keeps
 * its place. A message is drawn again only when it, or what surrounds it, changed.
 * @import {Message} from "../types.js"
 * @import {Session} from "../session.js"
 * @import {MessageTools} from "./message.js"
 * @typedef {{message:Message, key:string, node:HTMLElement}} Row
 */
import { calm, el, fill } from "../dom.js";
import { later } from "../store.js";
import { dayKey, dayName } from "../time.js";
import { icon } from "../ui/icons.js";
import { drawMessage } from "./message.js";
import { Reveal } from "./reveal.js";

/** Two messages of one author within this many seconds stand together. */
const TOGETHER = 300;
const NEAR_END = 60;

export class MessageList {
  /**
   * @param {Session} session
   * @param {{channel:string, thread:string|null, label:string, tools:MessageTools, onEarlier?:()=>Promise<void>, onEnd?:()=>void}} how
   */
  constructor(session, how) {
    this.session = session;
    this.how = how;
    /** @type {Map<string, Row>} */ this.rows = new Map();
    /** @type {Map<string, Reveal>} */ this.reveals = new Map();
    /** @type {string|null} messages after this ts are new */ this.lineAfter = null;
    this.stuck = true;
    this.missed = 0;
    this.loading = false;
    this.intro = el("div.intro");
    this.items = el("div.message-items", { role: "list", "aria-label": how.label });
    this.earlier = el("div.earlier", { role: "status" });
    this.inner = el("div.messages-inner", null, this.earlier, this.intro, this.items);
    this.scroller = el("div.messages", { tabIndex: -1 }, this.inner);
    this.jump = el("button.jump", { type: "button", hidden: true, on: { click: () => this.toEnd(true) } });
    this.node = el("div.messages-frame", null, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.items.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.watcher = new ResizeObserver(() => { if (this.stuck) this.toEnd(); });
    this.watcher.observe(this.inner);
    this.watcher.observe(this.scroller);
  }

  /** Let go of timers and observers. */
  stop() {
    this.watcher.disconnect();
    for (const reveal of this.reveals.values()) reveal.stop();
  }

  /** @param {Message[]} messages oldest first @param {{hasMore:boolean}} how */
  show(messages, { hasMore }) {
    const first = !this.rows.size;
    const newest = messages.at(-1);
    const grew = newest && !this.rows.has(newest.ts) && this.rows.size > 0;
    this.keepPlace(() => {
      this.intro.hidden = hasMore;
      this.earlier.hidden = !hasMore;
      this.layOut(messages);
    });
    if (grew && newest.user === this.session.store.me && !newest.ephemeral) this.toEnd();
    else if (grew && !this.stuck) this.missed += 1;
    if (first) this.toEnd();
    this.drawJump();
    if (this.stuck && messages.length) this.how.onEnd?.();
    if (hasMore && this.scroller.scrollHeight <= this.scroller.clientHeight + 40) void this.readEarlier();
  }

  /** @param {Message[]} messages */
  layOut(messages) {
    /** @type {Map<string, Row>} */ const rows = new Map();
    /** @type {Node[]} */ const nodes = [];
    /** @type {Message|undefined} */ let before;
    let lined = this.lineAfter === null;
    messages.forEach((message, at) => {
      const newDay = !before || dayKey(before.ts) !== dayKey(message.ts);
      const line = !lined && later(message.ts, this.lineAfter ?? "0") && message.user !== this.session.store.me;
      if (line) lined = true;
      if (newDay && !(this.how.thread && at === 0)) nodes.push(this.divider(dayName(message.ts), line));
      else if (line) nodes.push(this.divider("", true));
      const grouped = Boolean(!newDay && !line && before && before.user === message.user && !message.ephemeral && !before.ephemeral && Number(message.ts) - Number(before.ts) < TOGETHER && !before.reply_count && !(this.how.thread && at === 1));
      const row = this.row(message, grouped);
      rows.set(message.ts, row);
      nodes.push(row.node);
      if (this.how.thread && at === 0 && messages.length > 1) nodes.push(el("div.replies-line", { role: "separator" }, el("span", null, `${messages.length - 1} ${messages.length === 2 ? "reply" : "replies"}`)));
      before = message;
    });
    for (const [ts, reveal] of this.reveals) {
      if (rows.has(ts)) continue;
      reveal.stop();
      this.reveals.delete(ts);
    }
    this.rows = rows;
    this.place(nodes);
    this.oneTabStop();
  }

  /** Put the nodes in order, moving only those out of place. @param {Node[]} nodes */
  place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.items.childNodes]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => {
      const there = this.items.childNodes[at];
      if (there !== node) this.items.insertBefore(node, there ?? null);
    });
  }

  /** @param {Message} message @param {boolean} grouped @returns {Row} */
  row(message, grouped) {
    const old = this.rows.get(message.ts);
    const status = this.how.thread ? "" : this.how.tools.status(message.ts);
    const key = `${grouped}|${status}`;
    if (old && old.message === message && old.key === key) return old;
    const reveal = this.reveals.get(message.ts);
    if (old && reveal && message.streaming) {
      if (old.message.blocks !== message.blocks) this.redrawAround(old, message, reveal);
      reveal.update(message.text ?? "");
      return { message, key: old.key, node: old.node };
    }
    if (old && reveal && old.message.streaming && !message.streaming && !reveal.whenDone) {
      reveal.finish(message.text ?? "", () => {
        this.reveals.delete(message.ts);
        const row = this.rows.get(message.ts);
        if (row) this.keepPlace(() => this.redraw(row));
      });
      if (this.reveals.has(message.ts)) return { message, key, node: old.node };
    } else if (old && reveal?.whenDone) return { message, key, node: old.node };
    const node = this.draw(message, grouped);
    if (old?.node.contains(document.activeElement)) this.handFocus(old.node, node);
    if (message.streaming) {
      const text = /** @type {HTMLElement|null} */ (node.querySelector("[data-text]"));
      if (text) {
        const made = new Reveal(text, () => this.session.store.names, () => { if (this.stuck) this.toEnd(); });
        this.reveals.set(message.ts, made);
        made.update(message.text ?? "", !old && this.rows.size === 0);
      }
    }
    if (!old && this.rows.size && !calm()) node.classList.add("is-arriving");
    return { message, key, node };
  }

  /** Draw a streaming message's blocks again around the text that is still being let out. @param {Row} row @param {Message} message @param {Reveal} reveal */
  redrawAround(row, message, reveal) {
    const node = this.draw({ ...message, text: "" }, row.key.startsWith("true"));
    node.querySelector("[data-text]")?.replaceWith(reveal.node);
    row.node.replaceWith(node);
    row.node = node;
  }

  /** @param {Row} row */
  redraw(row) {
    const node = this.draw(row.message, row.key.startsWith("true"));
    row.node.replaceWith(node);
    row.node = node;
    this.oneTabStop();
  }

  /** @param {Message} message @param {boolean} grouped */
  draw(message, grouped) {
    const node = drawMessage(message, this.session, { channel: this.how.channel, thread: this.how.thread, grouped, summary: !this.how.thread, tools: this.how.tools });
    node.setAttribute("role", "listitem");
    return node;
  }

  /** A redrawn message keeps the focus that was inside it, at the same control when it is still there. @param {HTMLElement} old @param {HTMLElement} node */
  handFocus(old, node) {
    const controls = (/** @type {HTMLElement} */ root) => [...root.querySelectorAll("button, a, input, textarea, [role=combobox]")];
    const at = document.activeElement ? controls(old).indexOf(document.activeElement) : -1;
    queueMicrotask(() => {
      const same = controls(node)[at];
      if (same instanceof HTMLElement) same.focus({ preventScroll: true });
      else node.focus({ preventScroll: true });
    });
  }

  /** @param {string} name @param {boolean} isNew */
  divider(name, isNew) {
    return el("div.divider-line", { role: "separator", class: isNew ? "is-new" : "", "aria-label": [name, isNew ? "new messages" : ""].filter(Boolean).join(", ") },
      name ? el("span.divider-day", null, name) : null, isNew ? el("span.divider-new", null, "New") : null);
  }

  /** Do something to the list without what is being read moving. @param {() => void} change */
  keepPlace(change) {
    if (this.stuck) {
      change();
      this.toEnd();
      return;
    }
    const top = this.scroller.getBoundingClientRect().top;
    const kept = [...this.rows.values()].find((row) => row.node.getBoundingClientRect().bottom > top);
    const was = kept?.node.getBoundingClientRect().top ?? 0;
    change();
    const now = kept && this.rows.get(kept.message.ts)?.node;
    if (now?.isConnected) this.scroller.scrollTop += now.getBoundingClientRect().top - was;
  }

  scrolled() {
    const left = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    this.stuck = left < NEAR_END;
    if (this.stuck) {
      if (this.missed) this.how.onEnd?.();
      this.missed = 0;
    }
    this.drawJump();
    if (this.scroller.scrollTop < 240 && !this.earlier.hidden) void this.readEarlier();
  }

  async readEarlier() {
    if (this.loading || !this.how.onEarlier) return;
    this.loading = true;
    fill(this.earlier, el("span.spinner", { "aria-hidden": "true" }), "Reading earlier messages…");
    try {
      await this.how.onEarlier();
      fill(this.earlier);
    } catch {
      fill(this.earlier, el("button.text-button", { type: "button", on: { click: () => this.readEarlier() } }, "Earlier messages could not be read. Try again"));
    } finally {
      this.loading = false;
    }
  }

  /** @param {boolean} [smooth] */
  toEnd(smooth = false) {
    this.stuck = true;
    this.missed = 0;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm() ? "smooth" : "instant" });
    this.drawJump();
  }

  drawJump() {
    this.jump.hidden = this.stuck;
    if (!this.stuck) fill(this.jump, icon("arrowDown"), this.missed ? `${this.missed} new ${this.missed === 1 ? "message" : "messages"}` : "Jump to the newest");
  }

  /** Show one message, and mark it for a moment. @param {string} ts @returns {boolean} false when it isn't here */
  point(ts) {
    const row = this.rows.get(ts);
    if (!row) return false;
    this.stuck = false;
    row.node.scrollIntoView({ block: "center" });
    row.node.classList.add("is-pointed");
    row.node.focus({ preventScroll: true });
    setTimeout(() => row.node.classList.remove("is-pointed"), 2600);
    return true;
  }

  /** The list is one stop for Tab; arrow keys move inside. */
  oneTabStop() {
    const nodes = [...this.rows.values()].map((row) => row.node);
    const focused = nodes.find((node) => node.contains(document.activeElement));
    const stop = focused ?? nodes.at(-1);
    for (const node of nodes) node.tabIndex = node === stop ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const nodes = [...this.rows.values()].map((row) => row.node);
    const at = nodes.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: nodes.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = nodes[Math.max(0, Math.min(nodes.length - 1, to))];
      for (const node of nodes) node.tabIndex = node === next ? 0 : -1;
      next.focus();
    } else if (event.key === "Enter" && !this.how.thread) {
      event.preventDefault();
      const row = [...this.rows.values()][at];
      if (!row.message.ephemeral) this.how.tools.openThread(row.message.thread_ts ?? row.message.ts);
    }
  }
}
