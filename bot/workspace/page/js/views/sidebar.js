/** The sidebar: channels, direct messages, apps, who one acts as, and the theme. */
import { el, fill } from "../dom.js";
import { setTheme, theme } from "../prefs.js";
import { channelHash, homeHash } from "../router.js";
import { avatar } from "../ui/avatar.js";
import { makeDialog } from "../ui/dialog.js";
import { icon, mark } from "../ui/icons.js";
import { openMenu } from "../ui/menu.js";
import { attempt } from "./tools.js";

/**
 * @import {Session} from "../session.js"
 * @import {App, Channel, Route} from "../types.js"
 */

const THEMES = /** @type {const} */ ([["auto", "Like this device", "auto"], ["light", "Light", "sun"], ["dark", "Dark", "moon"]]);

export class Sidebar {
  /** @param {Session} session @param {{closeDrawer:()=>void}} shell */
  constructor(session, shell) {
    this.session = session;
    this.shell = shell;
    /** @type {Route} */ this.route = { name: "none" };
    this.team = el("div.team");
    this.nav = el("nav.places", { "aria-label": "Conversations" });
    this.foot = el("div.sidebar-foot");
    this.node = el("div.sidebar-inner", null, this.team, this.nav, this.foot);
    this.nav.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.nav.addEventListener("click", (/** @type {Event} */ event) => { if (/** @type {HTMLElement} */ (event.target).closest("a")) this.shell.closeDrawer(); });
    for (const topic of ["channels", "apps", "users", "connection"]) session.store.on(topic, () => this.draw());
  }

  /** @param {Route} route */
  show(route) {
    this.route = route;
    this.draw();
  }

  draw() {
    const { store } = this.session;
    fill(this.team, mark(), el("div.team-words", null, el("p.team-name", null, store.team.name), el("p.team-note", null, store.team.name === "Local workspace" ? "A stand\u2011in for Slack on this machine" : "Local workspace — a stand\u2011in for Slack on this machine")),
      el("button.icon-button.drawer-close", { type: "button", "aria-label": "Close the sidebar", on: { click: this.shell.closeDrawer } }, icon("close")));
    const had = document.activeElement instanceof HTMLElement && this.nav.contains(document.activeElement) ? document.activeElement.dataset.place : undefined;
    const channels = [...store.channels.values()];
    const named = channels.filter((c) => !c.is_im && !c.is_archived).sort((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
    const direct = channels.filter((c) => c.is_im);
    fill(this.nav,
      section("Channels", named.map((c) => this.channelRow(c)), el("button.icon-button", { type: "button", "aria-label": "Make a channel", title: "Make a channel", on: { click: () => this.makeChannel() } }, icon("plus"))),
      direct.length ? section("Direct messages", direct.map((c) => this.channelRow(c))) : null,
      store.apps.size ? section("Apps", [...store.apps.values()].map((app) => this.appRow(app)), this.shortcutsButton()) : null);
    const rows = this.rows();
    const current = rows.find((row) => row.getAttribute("aria-current")) ?? rows[0];
    for (const row of rows) row.tabIndex = row === current ? 0 : -1;
    if (had) rows.find((row) => row.dataset.place === had)?.focus({ preventScroll: true });
    this.drawFoot();
  }

  /** @returns {HTMLElement[]} */
  rows() {
    return [...this.nav.querySelectorAll("a.place")].map((node) => /** @type {HTMLElement} */ (node));
  }

  /** @param {Channel} channel */
  channelRow(channel) {
    const { store } = this.session;
    const here = this.route.name === "channel" && this.route.channel === channel.id;
    const name = channel.is_im ? store.userName(channel.user) ?? "direct message" : channel.name ?? "";
    const unread = Boolean(channel.unread) && !here;
    const count = channel.is_im ? channel.unread : channel.mentions;
    const said = [name, unread ? `${channel.unread} unread` : "", channel.mentions ? `${channel.mentions} mentions` : ""].filter(Boolean).join(", ");
    return el("a.place", { href: channelHash(channel.id), "aria-current": here ? "page" : null, "aria-label": said, class: unread ? "is-unread" : "", data: { place: channel.id } },
      channel.is_im ? avatar(store.users.get(channel.user ?? ""), "tiny") : icon(channel.is_private ? "lock" : "hash"), el("span.place-name", null, name), count && !here ? el("span.count", null, String(count)) : null);
  }

  /** @param {App} app */
  appRow(app) {
    const here = this.route.name === "home" && this.route.app === app.app_id;
    const state = app.connected === false ? "not connected" : "connected";
    return el("a.place", { href: homeHash(app.app_id), "aria-current": here ? "page" : null, "aria-label": `${app.name}, app, ${state}`, title: `${app.name} is ${state}`, data: { place: app.app_id } },
      avatar(this.session.store.users.get(app.bot_user_id), "tiny"), el("span.place-name", null, app.name), el("span.link-state", { class: app.connected === false ? "" : "is-on" }));
  }

  /** Global shortcuts of the apps, when there are any. */
  shortcutsButton() {
    const all = [...this.session.store.apps.values()].flatMap((app) => (app.shortcuts ?? []).filter((s) => s.type === "global").map((shortcut) => ({ shortcut, app })));
    if (!all.length) return null;
    const button = el("button.icon-button", { type: "button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("bolt"));
    button.addEventListener("click", () => openMenu(button, all.map(({ shortcut, app }) => ({
      label: shortcut.name, note: shortcut.description || app.name, icon: "bolt",
      run: () => void attempt(() => this.session.ask("/page/shortcut", { callback_id: shortcut.callback_id, type: "global" })),
    })), { label: "Shortcuts" }));
    return button;
  }

  drawFoot() {
    const { store } = this.session;
    const me = store.users.get(store.me);
    const had = this.foot.contains(document.activeElement) ? document.activeElement?.getAttribute("data-foot") : null;
    const who = el("button.me", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Acting as ${me?.real_name || me?.name || "someone"}. Change`, data: { foot: "me" } },
      avatar(me, "small"), el("span.me-words", null, el("span.me-note", null, "Acting as"), el("span.me-name", null, me?.real_name || me?.name || "…")), icon("down"));
    who.addEventListener("click", () => openMenu(who, [{ heading: "Act as" }, ...[...store.users.values()].filter((user) => !user.is_bot).map((user) => ({
      label: user.real_name || user.name, note: `@${user.name}${user.is_admin ? " · admin" : ""}`, checked: user.id === store.me, run: () => void attempt(() => this.session.actAs(user.id)),
    }))], { label: "Act as", prefer: "above" }));
    const current = THEMES.find(([name]) => name === theme()) ?? THEMES[0];
    const look = el("button.icon-button", { type: "button", "aria-label": `Theme: ${current[1]}`, title: "Theme", "aria-haspopup": "menu", "aria-expanded": "false", data: { foot: "theme" } }, icon(current[2]));
    look.addEventListener("click", () => openMenu(look, THEMES.map(([name, label]) => ({ label, checked: name === theme(), run: () => { setTheme(name); this.drawFoot(); } })), { label: "Theme", prefer: "above", align: "end" }));
    fill(this.foot, who, look);
    if (had) /** @type {HTMLElement|null} */ (this.foot.querySelector(`[data-foot="${had}"]`))?.focus();
  }

  makeChannel() {
    const made = makeDialog({ label: "Make a channel", className: "dialog dialog-small", onCancel: () => made.close() });
    const name = el("input.field-input", { id: "new-channel", type: "text", maxlength: 80, placeholder: "e.g. power-and-grid", autocomplete: "off" });
    const hidden = el("input", { type: "checkbox", id: "new-channel-private" });
    const error = el("p.input-error", { role: "alert", hidden: true });
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const wanted = name.value.trim().toLowerCase().replace(/^#/, "").replace(/\s+/g, "-");
      if (!wanted) return name.focus();
      try {
        const reply = await this.session.ask("/page/create_channel", { name: wanted, is_private: hidden.checked });
        made.close();
        const id = reply.channel?.id ?? reply.channel;
        if (typeof id === "string") location.hash = channelHash(id);
      } catch (failure) {
        error.hidden = false;
        fill(error, icon("error"), failure instanceof Error ? failure.message : "The channel could not be made.");
        name.setAttribute("aria-invalid", "true");
        name.focus();
      }
      return undefined;
    };
    made.dialog.append(el("form.dialog-panel", { novalidate: true, on: { submit } },
      el("header.dialog-head", null, el("h2.dialog-title", null, "Make a channel"), el("button.icon-button", { type: "button", "aria-label": "Close", on: { click: () => made.close() } }, icon("close"))),
      el("div.dialog-body", null, el("div.input", null, el("label.input-label", { for: "new-channel" }, "Name"), name, error), el("label.tick", { for: "new-channel-private" }, hidden, el("span", null, "Private: only its members see it"))),
      el("footer.dialog-foot", null, el("button.button", { type: "button", on: { click: () => made.close() } }, "Cancel"), el("button.button.button-primary", { type: "submit" }, "Make it"))));
    made.show();
    name.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const rows = this.rows();
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = rows[(to + rows.length) % rows.length];
    for (const row of rows) row.tabIndex = row === next ? 0 : -1;
    next.focus();
  }
}

/** @param {string} title @param {Node[]} rows @param {Node|null} [extra] */
function section(title, rows, extra) {
  return el("section.place-group", null, el("div.place-head", null, el("h2", null, title), extra ?? null), el("ul", { role: "list" }, rows.map((row) => el("li", null, row))));
}
