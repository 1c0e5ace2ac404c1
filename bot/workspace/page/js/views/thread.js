/** A thread, beside its channel; the whole screen on a phone. */
import { el, fill } from "../dom.js";
import { channelHash, go } from "../router.js";
import { icon } from "../ui/icons.js";
import { Composer } from "./composer.js";
import { MessageList } from "./list.js";
import { drawPrompts } from "./prompts.js";
import { drawStatus } from "./status.js";
import { attempt, messageTools, statusWords } from "./tools.js";

/** @import {Session} from "../session.js" */

export class ThreadView {
  /** @param {Session} session @param {string} channel @param {string} root */
  constructor(session, channel, root) {
    this.session = session;
    this.channel = channel;
    this.root = root;
    const { store } = session;
    const found = store.channels.get(channel);
    const where = found?.is_im ? store.userName(found.user) ?? "" : `#${found?.name ?? ""}`;
    this.list = new MessageList(session, { channel, thread: root, label: "Messages in the thread", tools: messageTools(session, channel) });
    this.status = el("div.status-line", { hidden: true });
    this.prompts = el("div.prompts", { hidden: true });
    this.composer = new Composer(session, { channel, thread: root, placeholder: "Reply…", onSent: () => this.list.toEnd() });
    const close = el("button.icon-button", { type: "button", "aria-label": "Close the thread", title: "Close (Esc)", on: { click: () => this.close() } }, icon("close"));
    const back = el("button.icon-button.back-button", { type: "button", "aria-label": `Back to ${where}`, on: { click: () => this.close() } }, icon("back"));
    this.node = el("div.pane", null, el("header.pane-head", null, back, el("div.pane-titles", null, el("h2.pane-title", null, "Thread"), el("p.pane-topic", null, where)), close),
      this.list.node, this.prompts, this.status, this.composer.node);
    this.node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.close();
    });
    this.unsubscribe = [
      store.on(`thread:${channel}:${root}`, () => this.draw()),
      store.on(`status:${channel}`, () => this.drawStatus()),
      store.on(`prompts:${channel}`, () => this.drawPrompts()),
      store.on("caught-up", () => void attempt(() => session.readThread(channel, root))),
    ];
    this.drawStatus();
    this.drawPrompts();
  }

  stop() {
    for (const off of this.unsubscribe) off();
    this.list.stop();
    this.composer.stop();
  }

  close() {
    const root = this.root;
    go(channelHash(this.channel));
    const message = document.querySelector(/** @type {any} */ (`#main [data-ts="${root}"]`));
    if (message instanceof HTMLElement) message.focus({ preventScroll: true });
  }

  /** @param {string|null} message */
  async open(message) {
    const thread = this.session.store.thread(this.channel, this.root);
    const root = this.session.store.timeline(this.channel).list.find((m) => m.ts === this.root);
    if (!thread.loaded && root) thread.list = [root];
    this.draw();
    await attempt(() => this.session.readThread(this.channel, this.root));
    if (message) this.list.point(message);
  }

  draw() {
    const thread = this.session.store.thread(this.channel, this.root);
    if (!thread.list.length && thread.loaded) fill(this.list.intro, el("p.intro-text", null, "This message is no longer here."));
    this.list.show(thread.list, { hasMore: false });
    this.drawStatus();
  }

  drawStatus() {
    const { store } = this.session;
    const thread = store.thread(this.channel, this.root);
    const app = store.appOf(store.channels.get(this.channel)) ?? [...store.apps.values()][0];
    const words = statusWords(app?.name ?? "The app", store.statuses.get(`${this.channel}:${this.root}`) ?? "");
    drawStatus(this.session, this.channel, this.root, { words, streaming: thread.list.some((m) => m.streaming) }, this.status);
  }

  drawPrompts() {
    drawPrompts(this.prompts, this.session.store.prompts.get(`${this.channel}:${this.root}`), (message) => void this.composer.send(message));
  }
}
