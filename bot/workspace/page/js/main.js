/** Starts the page: draws the shell, follows the address, and keeps the title and the announcements. */
import { announce, el, fill } from "./dom.js";
import { applyTheme } from "./prefs.js";
import { channelHash, go, parseRoute, permalinkHash } from "./router.js";
import { Session } from "./session.js";
import { lastAgo } from "./time.js";
import { closePopover } from "./ui/popover.js";
import { toast } from "./ui/toast.js";
import { connectionBanner } from "./views/banner.js";
import { ChannelView } from "./views/channel.js";
import { HomeView } from "./views/home.js";
import { authorName } from "./views/message.js";
import { ModalStack } from "./views/modal.js";
import { Sidebar } from "./views/sidebar.js";
import { ThreadView } from "./views/thread.js";

/** @import {Route} from "./types.js" */

/** A press whose end is never told, as over a system menu, holds the page no longer than this. */
const LONGEST_PRESS_MS = 5_000;

class Page {
  constructor() {
    this.session = new Session();
    /** @type {ChannelView|HomeView|null} */ this.view = null;
    this.viewKey = "";
    /** @type {ThreadView|null} */ this.thread = null;
    this.root = /** @type {HTMLElement} */ (document.getElementById("app"));
    const shell = { openDrawer: () => this.drawer(true), closeDrawer: () => this.drawer(false) };
    this.shell = shell;
    this.sidebar = new Sidebar(this.session, shell);
    this.aside = el("aside.sidebar", { id: "sidebar", "aria-label": "Workspace" }, this.sidebar.node);
    this.veil = el("div.veil", { on: { click: shell.closeDrawer } });
    this.main = el("main.main", { id: "main", tabIndex: -1 });
    this.side = el("aside.thread", { "aria-label": "Thread", hidden: true });
    this.modals = new ModalStack(this.session);
  }

  async start() {
    const place = permalinkHash(location);
    if (place) history.replaceState(null, "", `/${place}`);
    applyTheme();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
    matchMedia("(min-width: 761px)").addEventListener("change", this.shell.closeDrawer);
    const { store } = this.session;
    try {
      await this.session.start();
    } catch (error) {
      this.refused(error instanceof Error ? error.message : "The workspace can't be opened.");
      return;
    }
    fill(this.root, connectionBanner(this.session), this.aside, this.veil, this.main, this.side);
    this.root.setAttribute("aria-busy", "false");
    addEventListener("hashchange", () => this.follow());
    addEventListener("keydown", (event) => this.key(event));
    holdWhilePressed(store);
    store.on("channels", () => this.retitle());
    store.on("arrived", (detail) => this.say(detail));
    store.on("error", (message) => toast(String(message), "error"));
    store.on("person", () => this.again());
    store.on("caught-up", () => { if (parseRoute(location.hash).name === "channel") this.follow(); });
    setInterval(refreshAges, 30_000);
    this.follow();
  }

  /** @param {string} sentence */
  refused(sentence) {
    this.root.setAttribute("aria-busy", "false");
    const retry = el("button.button.button-primary", { type: "button", on: { click: () => location.reload() } }, "Try again");
    fill(this.root, el("div.refused", { role: "alert" }, el("h1.intro-title", null, "The workspace didn't open"), el("p.intro-text", null, sentence), retry));
  }

  /** Show what the address says. */
  follow() {
    const { store } = this.session;
    const route = parseRoute(location.hash);
    if (route.name === "channel" && store.channels.has(route.channel)) {
      this.openMain(`channel:${route.channel}`, () => new ChannelView(this.session, route.channel, this.shell), route.thread ? null : route.message);
      this.openThread(route.channel, route.thread, route.message);
    } else if (route.name === "home" && store.apps.has(route.app)) {
      this.openMain(`home:${route.app}`, () => new HomeView(this.session, route.app, this.shell), null);
      this.openThread("", null, null);
    } else {
      const first = this.firstPlace();
      if (first) {
        go(channelHash(first), true);
        return;
      }
      fill(this.main, el("div.empty", null, el("h1.intro-title", null, "No conversations yet"), el("p.intro-text", null, "Make a channel from the sidebar to begin.")));
    }
    this.sidebar.show(route);
    this.retitle();
  }

  /** Where to begin: the channel with the newest message; while there is none, the one made last, for #general comes first. */
  firstPlace() {
    const open = [...this.session.store.channels.values()].filter((c) => !c.is_archived).reverse();
    const named = open.filter((c) => !c.is_im);
    const newest = [...named].sort((a, b) => Number(b.last_ts ?? 0) - Number(a.last_ts ?? 0))[0];
    return (newest ?? open[0])?.id;
  }

  /** @param {string} key @param {() => ChannelView|HomeView} make @param {string|null} message */
  openMain(key, make, message) {
    if (this.viewKey === key && this.view) {
      if (message && this.view instanceof ChannelView) void this.view.point(message);
      return;
    }
    closePopover();
    this.view?.stop();
    this.view = make();
    this.viewKey = key;
    fill(this.main, this.view.node);
    void this.view.open(message);
    if (this.view instanceof ChannelView && !parseRoute(location.hash)["thread"] && wide()) this.view.composer.focus();
  }

  /** @param {string} channel @param {string|null} root @param {string|null} message */
  openThread(channel, root, message) {
    if (this.thread && this.thread.channel === channel && this.thread.root === root) {
      if (message) this.thread.list.point(message);
      return;
    }
    this.thread?.stop();
    this.thread = null;
    this.root.classList.toggle("has-thread", Boolean(root));
    this.side.hidden = !root;
    if (!root) {
      fill(this.side);
      return;
    }
    this.thread = new ThreadView(this.session, channel, root);
    fill(this.side, this.thread.node);
    void this.thread.open(message);
    this.thread.composer.focus();
  }

  /** Draw everything again, for another person. */
  again() {
    this.view?.stop();
    this.view = null;
    this.viewKey = "";
    this.thread?.stop();
    this.thread = null;
    this.follow();
  }

  /** @param {boolean} open */
  drawer(open) {
    if (this.root.classList.contains("is-drawer-open") === open) return;
    this.root.classList.toggle("is-drawer-open", open);
    this.main.inert = open;
    this.side.inert = open;
    if (open) /** @type {HTMLElement|null} */ (this.aside.querySelector("a.place[tabindex='0'], a.place"))?.focus();
    else /** @type {HTMLElement|null} */ (this.main.querySelector(".drawer-button"))?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && this.root.classList.contains("is-drawer-open")) this.drawer(false);
    else if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (wide()) /** @type {HTMLElement|null} */ (this.aside.querySelector("a.place[tabindex='0']"))?.focus();
      else this.drawer(true);
    }
  }

  retitle() {
    const { store } = this.session;
    const channels = [...store.channels.values()];
    const counted = channels.reduce((sum, c) => sum + (c.is_im ? c.unread ?? 0 : c.mentions ?? 0), 0);
    const unread = channels.some((c) => c.unread);
    document.title = `${counted ? `(${counted}) ` : unread ? "• " : ""}${this.view?.title ?? "Local workspace"} · ${store.team.name}`;
  }

  /** Tell a screen reader of a new message that is on the screen. @param {{channel:string, message:import("./types.js").Message}} detail */
  say({ channel, message }) {
    const shown = this.view instanceof ChannelView && this.view.id === channel;
    if (!shown || message.user === this.session.store.me || message.streaming) return;
    announce(`${authorName(message, this.session)}: ${(message.text ?? "").replace(/<[^>|]*\|([^>]*)>/g, "$1").replace(/[*_~`]/g, "")}`);
  }
}

/**
 * Draw nothing again between a press and its release: a button that is replaced in between would never hear of its click.
 * @param {import("./store.js").Store} store
 */
function holdWhilePressed(store) {
  let patience = 0;
  addEventListener("pointerdown", (event) => {
    if (event.button) return;
    store.hold();
    clearTimeout(patience);
    patience = setTimeout(() => store.release(), LONGEST_PRESS_MS);
  }, true);
  // The click comes right after the release, before the timer.
  for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => setTimeout(() => store.release()), true);
}

function wide() {
  return matchMedia("(min-width: 761px)").matches;
}

function refreshAges() {
  for (const node of document.querySelectorAll("[data-ago]")) node.textContent = lastAgo(/** @type {HTMLElement} */ (node).dataset.ago ?? "0");
}

void new Page().start();
