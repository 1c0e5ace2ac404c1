/** The Home tab of an app. */
import { el, fill } from "../dom.js";
import { drawBlocks } from "../blocks/index.js";
import { Form } from "../blocks/form.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { appTabs } from "./channel.js";
import { attempt } from "./tools.js";

/** @import {Session} from "../session.js" */

export class HomeView {
  /** @param {Session} session @param {string} id @param {{openDrawer:()=>void}} shell */
  constructor(session, id, shell) {
    this.session = session;
    this.id = id;
    this.shell = shell;
    this.form = new Form();
    this.head = el("header.pane-head");
    this.offline = el("p.offline", { role: "status", hidden: true });
    this.body = el("div.home-body");
    this.node = el("div.pane.home", null, this.head, this.offline, el("div.home-scroll", { tabIndex: -1 }, this.body));
    const { store } = session;
    this.unsubscribe = [store.on(`home:${id}`, () => this.draw()), store.on("apps", () => this.drawHead()), store.on("caught-up", () => void this.open())];
    this.drawHead();
    this.draw();
  }

  get app() {
    return this.session.store.apps.get(this.id);
  }

  get title() {
    return this.app?.name ?? "App";
  }

  stop() {
    for (const off of this.unsubscribe) off();
  }

  async open() {
    await attempt(() => this.session.ask("/page/open_home", { app_id: this.id }));
    await attempt(() => this.session.readHome(this.id));
  }

  drawHead() {
    const { app } = this;
    const { store } = this.session;
    if (!app) return;
    const dm = [...store.channels.values()].find((channel) => channel.is_im && channel.user === app.bot_user_id)?.id;
    fill(this.head, el("button.icon-button.drawer-button", { type: "button", "aria-label": "Show the sidebar", on: { click: this.shell.openDrawer } }, icon("menu")),
      el("div.pane-titles", null, el("h1.pane-title", null, avatar(store.users.get(app.bot_user_id), "small"), app.name)), appTabs(app, "home", dm));
    this.offline.hidden = app.connected !== false;
    fill(this.offline, icon("warning"), `${app.name} isn't connected. Its Home may be out of date.`);
  }

  draw() {
    const { store } = this.session;
    const view = store.homes.get(this.id);
    if (!view) {
      fill(this.body, el("div.empty", null, avatar(store.users.get(this.app?.bot_user_id ?? ""), "large"), el("h2.intro-title", null, store.homes.has(this.id) ? `${this.title} has put nothing here yet` : "Opening Home…"),
        el("p.intro-text", null, store.homes.has(this.id) ? "Its Home appears here as soon as the app publishes it." : "")));
      return;
    }
    const active = document.activeElement instanceof HTMLElement && this.body.contains(document.activeElement) ? document.activeElement.dataset.focusKey : undefined;
    this.form = new Form(this.form.values());
    fill(this.body, drawBlocks(view.blocks, this.session.blockContext("home", { type: "home", view_id: view.id }, this.form)));
    markFocusKeys(this.body);
    const again = active && [...this.body.querySelectorAll("[data-focus-key]")].find((node) => /** @type {HTMLElement} */ (node).dataset.focusKey === active);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }
}

/** Number the controls, so that focus can return to the same one after a redraw. @param {HTMLElement} root */
export function markFocusKeys(root) {
  root.querySelectorAll("button, a, input, textarea").forEach((node, at) => { /** @type {HTMLElement} */ (node).dataset.focusKey = String(at); });
}
