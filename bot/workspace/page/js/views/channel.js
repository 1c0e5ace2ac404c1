/** A channel or direct message: its head, its messages, its composer. */
import { el, fill } from "../dom.js";
import { channelHash, go, homeHash } from "../router.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { Composer } from "./composer.js";
import { MessageList } from "./list.js";
import { drawPrompts } from "./prompts.js";
import { attempt, messageTools } from "./tools.js";

/**
 * @import {Session} from "../session.js"
 * @import {App, Channel} from "../types.js"
 */

export class ChannelView {
  /** @param {Session} session @param {string} id @param {{openDrawer:()=>void}} shell */
  constructor(session, id, shell) {
    this.session = session;
    this.id = id;
    this.shell = shell;
    const { store } = session;
    const channel = this.channel;
    const app = store.appOf(channel);
    this.head = el("header.pane-head");
    this.offline = el("p.offline", { role: "status", hidden: true });
    this.prompts = el("div.prompts", { hidden: true });
    this.list = new MessageList(session, {
      channel: id, thread: null, label: `Messages in ${this.title}`, tools: messageTools(session, id),
      onEarlier: () => session.readEarlier(id), onEnd: () => this.markRead(),
    });
    this.list.lineAfter = channel?.unread ? channel.last_read ?? null : null;
    this.composer = new Composer(session, { channel: id, thread: null, placeholder: `Message ${app ? app.name : this.title}`, onSent: (ts) => { if (app) go(channelHash(id, ts)); } });
    this.node = el("div.pane", null, this.head, this.offline, this.list.node, this.prompts, this.composer.node);
    this.reading = "";
    this.unsubscribe = [
      store.on(`messages:${id}`, () => this.draw()),
      store.on(`status:${id}`, () => this.draw()),
      store.on(`prompts:${id}`, () => this.drawPrompts()),
      store.on("channels", () => this.drawHead()),
      store.on("apps", () => this.drawHead()),
      store.on("caught-up", () => void attempt(() => session.readChannel(id))),
    ];
    this.onVisible = () => this.markRead();
    document.addEventListener("visibilitychange", this.onVisible);
    this.drawHead();
    this.drawPrompts();
  }

  get channel() {
    return this.session.store.channels.get(this.id);
  }

  get title() {
    const channel = this.channel;
    if (!channel) return "this conversation";
    return channel.is_im ? this.session.store.userName(channel.user) ?? "direct message" : `#${channel.name}`;
  }

  stop() {
    for (const off of this.unsubscribe) off();
    document.removeEventListener("visibilitychange", this.onVisible);
    this.list.stop();
    this.composer.stop();
  }

  /** @param {string|null} message a message to show */
  async open(message) {
    const timeline = this.session.store.timeline(this.id);
    if (timeline.loaded) this.draw();
    else fill(this.list.intro, el("p.boot", { role: "status" }, "Reading messages…"));
    const app = this.session.store.appOf(this.channel);
    if (app) void attempt(() => this.session.ask("/page/open_messages", { app_id: app.app_id }));
    await attempt(() => this.session.readChannel(this.id));
    if (message) await this.point(message);
  }

  /** Show a message, reading back until it is found. @param {string} ts */
  async point(ts) {
    for (let pages = 0; pages < 20; pages += 1) {
      if (this.list.point(ts)) return;
      if (!this.session.store.timeline(this.id).hasMore) return;
      await this.session.readEarlier(this.id);
    }
  }

  draw() {
    const timeline = this.session.store.timeline(this.id);
    if (!timeline.loaded && !timeline.list.length) return;
    this.drawIntro(!timeline.list.length);
    this.list.show(timeline.list, { hasMore: timeline.hasMore });
  }

  drawHead() {
    const channel = this.channel;
    const { store } = this.session;
    const app = store.appOf(channel);
    const menu = el("button.icon-button.drawer-button", { type: "button", "aria-label": "Show the sidebar", on: { click: this.shell.openDrawer } }, icon("menu"));
    const title = channel?.is_im ? [avatar(store.users.get(channel.user ?? ""), "small"), store.userName(channel.user) ?? "Direct message"] : [icon(channel?.is_private ? "lock" : "hash"), channel?.name ?? ""];
    fill(this.head, menu, el("div.pane-titles", null, el("h1.pane-title", null, title), !app && channel?.topic ? el("p.pane-topic", { title: channel.topic }, channel.topic) : null),
      app ? appTabs(app, "messages") : el("span.pane-members", { title: "People in this channel" }, channel?.members ? `${channel.members.length} ${channel.members.length === 1 ? "member" : "members"}` : ""));
    const gone = channel?.is_archived ? "This channel is archived." : app && app.connected === false ? `${app.name} isn't connected. What you send is kept, and nobody answers until it is back.` : "";
    this.offline.hidden = !gone;
    fill(this.offline, gone ? [icon("warning"), gone] : null);
  }

  drawPrompts() {
    const { store } = this.session;
    drawPrompts(this.prompts, store.prompts.get(`${this.id}:`), (message) => void this.composer.send(message));
  }

  /** @param {boolean} empty */
  drawIntro(empty) {
    const channel = this.channel;
    const { store } = this.session;
    const app = store.appOf(channel);
    if (app) {
      fill(this.list.intro, avatar(store.users.get(app.bot_user_id), "large"), el("h2.intro-title", null, app.name),
        el("p.intro-text", null, `This is your conversation with ${app.name}. Each message you send starts a thread, and the answer comes there.`));
    } else {
      fill(this.list.intro, el("span.intro-mark", null, icon(channel?.is_private ? "lock" : "hash")), el("h2.intro-title", null, `The beginning of ${channel?.is_private ? channel.name : this.title}`),
        el("p.intro-text", null, empty ? "Nothing here yet. Write the first message, or type / to see what the apps can do." : channel?.topic || "What was said here, from the start."));
    }
  }

  markRead() {
    const last = this.session.store.timeline(this.id).list.findLast((m) => !m.ephemeral)?.ts;
    const channel = this.channel;
    if (!last || document.hidden || this.reading === last || (!channel?.unread && !channel?.mentions && channel?.last_read === last)) return;
    this.reading = last;
    this.session.ask("/page/read", { channel: this.id, ts: last }).catch(() => { this.reading = ""; });
  }
}

/**
 * The tabs of an app: Home and Messages.
 * @param {App} app
 * @param {"home"|"messages"} open
 * @param {string} [dm]
 */
export function appTabs(app, open, dm) {
  const tab = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ href) => el("a.tab", { href, "aria-current": name === open ? "page" : null }, label);
  const here = location.hash;
  return el("nav.tabs", { "aria-label": app.name }, app.home_enabled === false ? null : tab("home", "Home", homeHash(app.app_id)),
    app.messages_enabled === false ? null : tab("messages", "Messages", open === "messages" ? here : dm ? channelHash(dm) : here));
}
