/** A streaming message appears word by word: what has arrived is let out at a reading pace, never far behind. */
import { calm, el, fill } from "../dom.js";
import { drawMarkdown } from "../text/markdown.js";

const TICK = 45;

export class Reveal {
  /**
   * @param {HTMLElement} node where the text is drawn
   * @param {() => import("../text/mrkdwn.js").Names} names
   * @param {() => void} onDraw after each drawing
   */
  constructor(node, names, onDraw) {
    this.node = node;
    this.names = names;
    this.onDraw = onDraw;
    this.target = "";
    this.shown = 0;
    this.timer = 0;
    /** @type {(() => void)|null} */
    this.whenDone = null;
  }

  /** @param {string} text everything that has arrived @param {boolean} [atOnce] */
  update(text, atOnce = false) {
    this.target = text;
    if (this.shown > text.length || atOnce || calm()) this.shown = text.length;
    if (this.shown === text.length) this.draw();
    else if (!this.timer) this.timer = setInterval(() => this.tick(), TICK);
  }

  /** Let the rest out quickly, then call back. @param {string} text @param {() => void} done */
  finish(text, done) {
    this.whenDone = done;
    this.update(text);
    if (this.shown >= this.target.length) this.end();
  }

  tick() {
    const behind = this.target.length - this.shown;
    const step = Math.max(6, Math.ceil(behind / (this.whenDone ? 6 : 14)));
    let next = Math.min(this.target.length, this.shown + step);
    while (next < this.target.length && /\S/.test(this.target[next]) && next - this.shown < step + 24) next += 1;
    this.shown = next;
    this.draw();
    if (this.shown < this.target.length) return;
    clearInterval(this.timer);
    this.timer = 0;
    this.end();
  }

  end() {
    clearInterval(this.timer);
    this.timer = 0;
    const done = this.whenDone;
    this.whenDone = null;
    done?.();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.whenDone = null;
  }

  draw() {
    fill(this.node, drawMarkdown(this.target.slice(0, this.shown), this.names()));
    let last = this.node;
    while (last.lastElementChild && /^(P|UL|OL|LI|BLOCKQUOTE|PRE|CODE|H[1-6]|DIV|TABLE|TBODY|TR|TD)$/.test(last.lastElementChild.tagName)) last = /** @type {HTMLElement} */ (last.lastElementChild);
    last.append(el("span.caret", { "aria-hidden": "true" }));
    this.onDraw();
  }
}
