/**
 * What the person can do: each method is one request to the server, with what the page does around it.
 * @import {Block, Container, Message} from "./types.js"
 * @import {BlockContext} from "./blocks/context.js"
 */
import { get, post } from "./api.js";
import { Form } from "./blocks/form.js";
import { actingAs, setActingAs } from "./prefs.js";
import { Socket } from "./socket.js";
import { Store } from "./store.js";

const PAGE = 50;

export class Session {
  constructor() {
    this.store = new Store();
    /** @type {Set<any[]>} what happened during each read that is under way */
    this.reads = new Set();
    this.socket = new Socket(() => this.socketAddress(), (event) => this.happened(event), (connection, again) => this.connected(connection, again));
  }

  /** @param {any} event */
  happened(event) {
    for (const seen of this.reads) seen.push(event);
    this.store.apply(event);
  }

  /**
   * Read something and take it in. What the socket told meanwhile may be newer than the answer, so it is applied once more.
   * @template T
   * @param {() => Promise<T>} read
   * @param {(answer:T) => void} take
   */
  async reading(read, take) {
    /** @type {any[]} */ const seen = [];
    this.reads.add(seen);
    try {
      take(await read());
    } finally {
      this.reads.delete(seen);
    }
    for (const event of seen) this.store.replay(event);
  }

  socketAddress() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return `${scheme}://${location.host}/page/socket?user=${encodeURIComponent(this.store.me)}`;
  }

  /** Load the state and start listening. */
  async start() {
    await this.reload();
    this.socket.connect();
  }

  async reload() {
    const kept = this.store.me || actingAs() || "";
    await this.reading(() => get("/page/state", { user: kept }), (state) => this.store.load(state));
    setActingAs(this.store.me);
  }

  /** @param {import("./socket.js").Connection} connection @param {boolean} again */
  connected(connection, again) {
    this.store.connection = connection;
    this.store.emit("connection");
    if (connection.state === "open" && again) void this.catchUp();
  }

  /** After a lost connection: take the state again, then let each view read what it shows. */
  async catchUp() {
    try {
      await this.reload();
      for (const timeline of [...this.store.timelines.values(), ...this.store.threads.values()]) timeline.loaded = false;
      this.store.statuses.clear();
      this.store.emit("caught-up");
    } catch (error) {
      this.store.emit("error", error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} user */
  async actAs(user) {
    setActingAs(user);
    this.store.me = user;
    this.store.forget();
    await this.reload();
    this.socket.restart();
    this.store.emit("person");
  }

  /** @param {string} path @param {Record<string, unknown>} body */
  ask(path, body) {
    return post(path, { user: this.store.me, ...body });
  }

  /** Read the newest page of a channel. @param {string} channel */
  async readChannel(channel) {
    const timeline = this.store.timeline(channel);
    await this.reading(() => get("/page/messages", { user: this.store.me, channel, limit: String(PAGE) }), (page) => {
      this.store.merge(timeline, page.messages ?? [], { hasMore: Boolean(page.has_more), fresh: true });
      if (page.prompts) this.store.apply({ ...page.prompts, type: "prompts", channel });
    });
    this.store.emit(`messages:${channel}`);
  }

  /** Read the page before what is known. @param {string} channel */
  async readEarlier(channel) {
    const timeline = this.store.timeline(channel);
    const before = timeline.list.find((m) => !m.ephemeral)?.ts;
    if (!before || !timeline.hasMore) return;
    const query = { user: this.store.me, channel, before, limit: String(PAGE) };
    await this.reading(() => get("/page/messages", query), (page) => this.store.merge(timeline, page.messages ?? [], { hasMore: Boolean(page.has_more) }));
    this.store.emit(`messages:${channel}`);
  }

  /** @param {string} channel @param {string} ts */
  async readThread(channel, ts) {
    const thread = this.store.thread(channel, ts);
    await this.reading(() => get("/page/thread", { user: this.store.me, channel, ts }), (page) => {
      this.store.merge(thread, page.messages ?? [], { hasMore: false, fresh: true });
      if (page.status) this.store.apply({ type: "status", channel, thread_ts: ts, status: page.status });
    });
    this.store.emit(`thread:${channel}:${ts}`);
  }

  /** @param {string} app */
  async readHome(app) {
    await this.reading(() => get("/page/home", { user: this.store.me, app }), (reply) => this.store.homes.set(app, reply.view ?? null));
    this.store.emit(`home:${app}`);
  }

  /** @param {string} channel @param {string} text @param {string|null} thread @param {string[]} [files] their ids @returns {Promise<string>} its ts */
  async send(channel, text, thread, files = []) {
    const reply = await this.ask("/page/send", { channel, text, files, ...(thread ? { thread_ts: thread } : {}) });
    return reply.ts;
  }

  /** Hand a file over. @param {File} file @returns {Promise<any>} Slack's file object */
  async upload(file) {
    const reply = await this.ask("/page/upload", { name: file.name, content: await base64(file) });
    return reply.file;
  }

  /** @param {string} channel @param {string} text */
  command(channel, text) {
    return this.ask("/page/command", { channel, text });
  }

  /** @param {string} channel @param {Message} message @param {string} name */
  react(channel, message, name) {
    const mine = message.reactions?.find((r) => r.name === name)?.users.includes(this.store.me);
    return this.ask("/page/react", { channel, ts: message.ts, name, add: !mine });
  }

  /**
   * The surroundings of blocks.
   * @param {"message"|"modal"|"home"} surface
   * @param {Container} container
   * @param {Form} [form]
   * @returns {BlockContext}
   */
  blockContext(surface, container, form = new Form()) {
    const { store } = this;
    return {
      surface, container, form, names: store.names,
      send: async (action, state) => { await this.ask("/page/action", { container, action, state }); },
      upload: (file) => this.upload(file),
      options: (block_id, action_id, value) => this.ask("/page/options", { container, action_id, block_id, value }),
      people: () => [...store.users.values()].map((user) => ({ id: user.id, label: user.real_name || user.name, note: `@${user.name}` })),
      channels: () => [...store.channels.values()].filter((c) => !c.is_im && !c.is_archived).map((c) => ({ id: c.id, label: `${c.is_private ? "🔒 " : "#"}${c.name ?? c.id}` })),
      hiddenFrom: (users) => Boolean(users?.length && !users.includes(store.me)),
    };
  }
}

/** @param {File} file @returns {Promise<string>} */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(new Error("This file could not be read."));
    reader.readAsDataURL(file);
  });
}
