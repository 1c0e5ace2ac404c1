/**
 * What the page knows, and how each event of the server changes it. Views subscribe to topics:
 * "channels", "apps", "users", "messages:C", "thread:C:ts", "home:A", "status:C", "prompts:C", "views", "connection".
 * Messages are replaced, never changed in place, so a view can tell what to draw again.
 *
 * @import {App, Channel, Message, Prompt, User, View} from "./types.js"
 * @import {Connection} from "./socket.js"
 * @typedef {{list:Message[], hasMore:boolean, loaded:boolean}} Timeline
 */

/** @param {Message} message */
export const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

export class Store {
  constructor() {
    this.me = "";
    this.team = { id: "", name: "Local workspace" };
    /** @type {Map<string, User>} */ this.users = new Map();
    /** @type {Map<string, Channel>} */ this.channels = new Map();
    /** @type {Map<string, App>} */ this.apps = new Map();
    /** @type {Map<string, Timeline>} channel → top level */ this.timelines = new Map();
    /** @type {Map<string, Timeline>} "C:ts" → root and replies */ this.threads = new Map();
    /** @type {Map<string, View|null>} */ this.homes = new Map();
    /** @type {Map<string, string>} "C:ts" → words */ this.statuses = new Map();
    /** @type {Map<string, {title?:string, prompts:Prompt[]}>} "C:ts" or "C:" */ this.prompts = new Map();
    /** @type {View[]} the stack of open modals, topmost last */ this.views = [];
    /** @type {Connection} */ this.connection = { state: "open" };
    this.replaying = false;
    /** @type {Map<string, Set<(detail?:any)=>void>>} */ this.listeners = new Map();
    /** @type {Array<[string, any]>|null} what is to be told once nothing is pressed; null while all is told at once */ this.held = null;
  }

  /**
   * @param {string} topic
   * @param {(detail?:any) => void} listener
   * @returns {() => void} stops listening
   */
  on(topic, listener) {
    const set = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, set.add(listener));
    return () => set.delete(listener);
  }

  /** @param {string} topic @param {any} [detail] */
  emit(topic, detail) {
    if (this.held) {
      if (detail !== undefined || !this.held.some(([other]) => other === topic)) this.held.push([topic, detail]);
      return;
    }
    for (const listener of [...(this.listeners.get(topic) ?? [])]) listener(detail);
  }

  /** Tell nobody of changes until `release`. */
  hold() {
    this.held ??= [];
  }

  /** Tell what was held, in its order. */
  release() {
    const { held } = this;
    this.held = null;
    for (const [topic, detail] of held ?? []) this.emit(topic, detail);
  }

  /** Take the server's whole state. @param {any} state */
  load(state) {
    this.me = state.me;
    this.team = state.team ?? this.team;
    const byId = (/** @type {any[]} */ list, /** @type {string} */ key) => new Map((list ?? []).map((item) => [item[key], item]));
    this.users = byId(state.users, "id");
    this.channels = byId(state.channels, "id");
    this.apps = byId(state.apps, "app_id");
    this.emit("users");
    this.emit("channels");
    this.emit("apps");
  }

  /** Forget everything that belongs to one person, before acting as another. */
  forget() {
    this.timelines.clear();
    this.threads.clear();
    this.homes.clear();
    this.statuses.clear();
    this.prompts.clear();
    this.views = [];
    this.emit("views");
  }

  /** @param {string|undefined} id */
  userName(id) {
    const user = id ? this.users.get(id) : undefined;
    return user ? user.real_name || user.name : null;
  }

  /** How ids are said in a text. @returns {import("./text/mrkdwn.js").Names} */
  get names() {
    return {
      me: this.me,
      user: (id) => this.userName(id),
      channel: (id) => {
        const found = this.channels.get(id);
        return found && !found.is_im ? found.name ?? null : null;
      },
    };
  }

  /** The app whose bot a direct message is with. @param {Channel|undefined} channel */
  appOf(channel) {
    if (!channel?.is_im) return undefined;
    return [...this.apps.values()].find((app) => app.bot_user_id === channel.user);
  }

  /** @param {string} channel @returns {Timeline} */
  timeline(channel) {
    return remember(this.timelines, channel, () => ({ list: [], hasMore: false, loaded: false }));
  }

  /** @param {string} channel @param {string} ts @returns {Timeline} */
  thread(channel, ts) {
    return remember(this.threads, `${channel}:${ts}`, () => ({ list: [], hasMore: false, loaded: false }));
  }

  /**
   * Merge a page of history. A fresh page replaces what it covers, so deletions are noticed after a lost connection.
   * @param {Timeline} timeline
   * @param {Message[]} messages oldest first
   * @param {{hasMore?:boolean, fresh?:boolean}} how
   */
  merge(timeline, messages, { hasMore, fresh }) {
    const oldest = messages[0]?.ts;
    const kept = fresh ? timeline.list.filter((m) => m.ephemeral || (hasMore && oldest && later(oldest, m.ts))) : timeline.list;
    const byTs = new Map([...kept, ...messages].map((m) => [m.ts, m]));
    timeline.list = [...byTs.values()].sort(order);
    if (hasMore !== undefined && !(fresh && kept.some((m) => !m.ephemeral))) timeline.hasMore = hasMore;
    timeline.loaded = true;
  }

  /** Every list that holds (or should hold) a message. @param {string} channel @param {Message} message */
  places(channel, message) {
    /** @type {[string, Timeline][]} */
    const found = [];
    const root = message.thread_ts ?? message.ts;
    if (!isReply(message) || message.subtype === "thread_broadcast") found.push([`messages:${channel}`, this.timeline(channel)]);
    const thread = this.threads.get(`${channel}:${root}`);
    if (thread) found.push([`thread:${channel}:${root}`, thread]);
    return found;
  }

  /** @param {string} channel @param {Message} message */
  put(channel, message) {
    for (const [topic, timeline] of this.places(channel, message)) {
      const at = timeline.list.findIndex((m) => m.ts === message.ts);
      if (at >= 0) timeline.list = timeline.list.with(at, { ...keepCounts(timeline.list[at]), ...message });
      else timeline.list = [...timeline.list, message].sort(order);
      this.emit(topic);
    }
  }

  /**
   * Change one message wherever it is shown.
   * @param {string} channel
   * @param {string} ts
   * @param {(message:Message) => Message|null} change null removes it
   */
  change(channel, ts, change) {
    const places = [[`messages:${channel}`, this.timelines.get(channel)], ...[...this.threads].filter(([key]) => key.startsWith(`${channel}:`))
      .map(([key, thread]) => [`thread:${key}`, thread])];
    for (const [topic, timeline] of /** @type {[string, Timeline|undefined][]} */ (places)) {
      const at = timeline?.list.findIndex((m) => m.ts === ts) ?? -1;
      if (!timeline || at < 0) continue;
      const next = change(timeline.list[at]);
      timeline.list = next ? timeline.list.with(at, next) : timeline.list.toSpliced(at, 1);
      this.emit(topic);
    }
  }

  /** Apply an event again, over an answer that may be older. Modals aren't read, so theirs are left alone. @param {any} event */
  replay(event) {
    if (event.type.startsWith("view_") || event.type === "error" || (event.type === "stream" && event.text === undefined)) return;
    this.replaying = true;
    try {
      this.apply(event);
    } finally {
      this.replaying = false;
    }
  }

  /** Tell that a message has arrived, once. @param {string} channel @param {Message} message */
  arrived(channel, message) {
    if (!this.replaying) this.emit("arrived", { channel, message });
  }

  /** Apply one event of the server. @param {any} event */
  apply(event) {
    const handler = HANDLERS[event.type];
    if (handler) handler(this, event);
  }
}

/** @type {Record<string, (store:Store, event:any) => void>} */
const HANDLERS = {
  message(store, { channel, message }) {
    store.put(channel, message);
    const author = store.users.get(message.user);
    if ((message.bot_id || author?.is_bot) && message.thread_ts && !message.streaming) setStatus(store, channel, message.thread_ts, "");
    store.arrived(channel, message);
  },
  ephemeral(store, { channel, thread_ts, message }) {
    store.put(channel, { ...message, thread_ts: thread_ts ?? message.thread_ts, ephemeral: true });
    store.arrived(channel, { ...message, ephemeral: true });
  },
  message_changed(store, { channel, message }) {
    let ended = false;
    store.change(channel, message.ts, (old) => {
      ended = Boolean(old.streaming) && !message.streaming;
      return { ...keepCounts(old), ...message, ...(old.ephemeral ? { ephemeral: true, thread_ts: old.thread_ts } : {}) };
    });
    if (ended) store.arrived(channel, message);
  },
  message_deleted(store, { channel, ts }) {
    store.change(channel, ts, () => null);
  },
  stream(store, { channel, ts, thread_ts, text, delta }) {
    setStatus(store, channel, thread_ts, "");
    store.change(channel, ts, (old) => ({ ...old, streaming: true, text: text ?? `${old.text ?? ""}${delta ?? ""}` }));
  },
  thread_changed(store, { channel, ts, reply_count, reply_users, latest_reply }) {
    store.change(channel, ts, (old) => ({ ...old, reply_count, reply_users, latest_reply }));
  },
  reaction(store, { channel, ts, reactions }) {
    store.change(channel, ts, (old) => ({ ...old, reactions }));
  },
  view_open(store, { view }) {
    store.views = [view];
    store.emit("views");
  },
  view_push(store, { view }) {
    if (store.views.some((v) => v.id === view.id)) HANDLERS.view_update(store, { view });
    else {
      store.views = [...store.views, view];
      store.emit("views");
    }
  },
  view_update(store, { view }) {
    if (view.type === "home") return;
    const at = store.views.findIndex((v) => v.id === view.id);
    if (at < 0) return;
    store.views = store.views.with(at, view);
    store.emit("views");
  },
  view_close(store, { view_id, clear }) {
    const next = clear ? [] : store.views.filter((v) => v.id !== view_id);
    if (next.length === store.views.length) return;
    store.views = next;
    store.emit("views");
  },
  home(store, { app_id, view }) {
    store.homes.set(app_id, view);
    store.emit(`home:${app_id}`);
  },
  channel(store, { channel }) {
    if (channel.is_private && channel.members && !channel.members.includes(store.me)) store.channels.delete(channel.id);
    else store.channels.set(channel.id, { ...store.channels.get(channel.id), ...channel });
    store.emit("channels");
  },
  unread(store, { channel, unread, mentions, last_read }) {
    const old = store.channels.get(channel);
    if (!old) return;
    store.channels.set(channel, { ...old, unread, mentions, last_read: last_read ?? old.last_read });
    store.emit("channels");
  },
  status(store, { channel, thread_ts, status }) {
    setStatus(store, channel, thread_ts, status);
  },
  prompts(store, { channel, thread_ts, title, prompts }) {
    store.prompts.set(`${channel}:${thread_ts ?? ""}`, { title, prompts: prompts ?? [] });
    store.emit(`prompts:${channel}`);
  },
  app(store, { app }) {
    store.apps.set(app.app_id, { ...store.apps.get(app.app_id), ...app });
    store.emit("apps");
  },
  error(store, { message }) {
    store.emit("error", message);
  },
};

/** @param {Store} store @param {string} channel @param {string} ts @param {string} status */
function setStatus(store, channel, ts, status) {
  const key = `${channel}:${ts}`;
  const quiet = !status || ["active", "suspended", "closed"].includes(status);
  if (quiet && !store.statuses.has(key)) return;
  if (quiet) store.statuses.delete(key);
  else store.statuses.set(key, status);
  store.emit(`status:${channel}`);
}

/** A changed message may come without what others added to it. @param {Message} old */
function keepCounts(old) {
  const { reply_count, reply_users, latest_reply, reactions } = old;
  return Object.fromEntries(Object.entries({ reply_count, reply_users, latest_reply, reactions }).filter(([, value]) => value !== undefined));
}

/** @param {Message} a @param {Message} b */
function order(a, b) {
  return later(b.ts, a.ts) ? -1 : later(a.ts, b.ts) ? 1 : 0;
}

/** True when ts `a` is after ts `b`; compared as text, since a float loses the serial. @param {string} a @param {string} b */
export function later(a, b) {
  const [aSeconds, aSerial = ""] = a.split(".");
  const [bSeconds, bSerial = ""] = b.split(".");
  return Number(aSeconds) !== Number(bSeconds) ? Number(aSeconds) > Number(bSeconds) : aSerial > bSerial;
}

/** @template V @param {Map<string, V>} map @param {string} key @param {() => V} make @returns {V} */
function remember(map, key, make) {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
