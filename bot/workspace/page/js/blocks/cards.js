/** Cards, carousels of cards, containers of blocks and the connection card of an account. */
import { calm, el, link, picture, safeImage, safeLink, freshId } from "../dom.js";
import { icon } from "../ui/icons.js";
import { drawElement } from "./elements.js";
import { drawRichText } from "./rich.js";
import { drawLine, drawText, plainText } from "./text.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 */

/** @param {Block} block @param {BlockContext} ctx @returns {HTMLElement} */
export function drawCard(block, ctx) {
  const address = (/** @type {any} */ image) => image?.image_url ?? image?.slack_file?.url;
  const titled = block.icon || block.title || block.subtitle;
  return el("article.card", null,
    block.hero_image ? picture(address(block.hero_image), block.hero_image.alt_text, "card-hero") : null,
    el("div.card-body", null,
      titled ? el("div.card-head", null, block.icon ? picture(address(block.icon), block.icon.alt_text, "card-icon") : null,
        el("div.card-titles", null, block.title ? el("div.card-title", null, drawLine(block.title, ctx.names)) : null,
          block.subtitle ? el("div.card-subtitle", null, drawLine(block.subtitle, ctx.names)) : null)) : null,
      block.body ? el("div.text.card-text", null, drawText(block.body, ctx.names)) : null,
      block.actions?.length ? el("div.actions", null, block.actions.map((/** @type {any} */ item) => drawElement(item, block, ctx))) : null));
}

/** @param {Block} block @param {BlockContext} ctx @returns {HTMLElement} */
export function drawCarousel(block, ctx) {
  const cards = (block.elements ?? []).map((/** @type {any} */ card, /** @type {number} */ at) => {
    const drawn = drawCard({ ...card, block_id: card.block_id ?? `${block.block_id}-${at}` }, ctx);
    return el("li.carousel-item", null, drawn);
  });
  const track = el("ul.carousel-track", { tabIndex: 0, role: "list", "aria-label": `${cards.length} cards; scroll sideways` }, cards);
  const step = (/** @type {number} */ way) => track.scrollBy({ left: way * Math.max(240, track.clientWidth * 0.8), behavior: calm() ? "auto" : "smooth" });
  const back = el("button.carousel-step", { type: "button", "aria-label": "Earlier cards", on: { click: () => step(-1) } }, icon("back"));
  const next = el("button.carousel-step", { type: "button", "aria-label": "More cards", on: { click: () => step(1) } }, icon("next"));
  const edges = () => {
    back.hidden = track.scrollLeft < 4;
    next.hidden = track.scrollLeft + track.clientWidth > track.scrollWidth - 4;
  };
  track.addEventListener("scroll", edges, { passive: true });
  new ResizeObserver(edges).observe(track);
  return el("div.carousel", null, track, back, next);
}

/**
 * @param {Block} block
 * @param {BlockContext} ctx
 * @param {(block:Block, ctx:BlockContext, at:number) => HTMLElement} drawBlock
 * @returns {HTMLElement}
 */
export function drawContainer(block, ctx, drawBlock) {
  const id = freshId("container");
  const inner = (block.child_blocks ?? []).map((/** @type {Block} */ child, /** @type {number} */ at) =>
    drawBlock({ ...child, block_id: child?.block_id ?? `${block.block_id}-${at}` }, ctx, at));
  const body = el("div.container-body", { id }, inner);
  const title = block.rich_text_title ? drawRichText(block.rich_text_title, ctx.names) : plainText(block.title);
  const head = [
    block.icon ? picture(block.icon.image_url ?? block.icon.slack_file?.url, block.icon.alt_text, "container-icon") : null,
    el("span.container-titles", null, el("span.container-title", null, title), block.subtitle ? el("span.container-subtitle", null, drawLine(block.subtitle, ctx.names)) : null),
  ];
  const width = ["narrow", "standard", "wide", "full"].includes(block.width) ? block.width : "standard";
  const root = el("section.container", { class: `container-${width} ${block.has_header_divider ? "has-divider" : ""}` });
  if (!block.is_collapsible) root.append(el("div.container-head", null, head), body);
  else {
    const button = el("button.container-head", { type: "button", "aria-expanded": String(!block.default_collapsed), "aria-controls": id }, head, icon("down"));
    body.hidden = block.default_collapsed === true;
    button.addEventListener("click", () => {
      body.hidden = !body.hidden;
      button.setAttribute("aria-expanded", String(!body.hidden));
    });
    root.append(button, body);
  }
  return root;
}

/** @param {Block} block @param {BlockContext} ctx @returns {HTMLElement} */
export function drawAuthProvider(block, ctx) {
  const connected = block.is_connected === true;
  const about = connected ? [plainText(block.connected_identity), plainText(block.connected_context)].filter(Boolean).join(" · ") || "Connected" : plainText(block.description);
  const address = connected ? block.disconnect_url : block.auth_url;
  return el("div.link-card", null,
    safeImage(block.icon_url) ? picture(block.icon_url, "", "card-icon") : el("span.link-card-icon", null, icon("lock")),
    el("div.link-card-body", null, el("div.link-card-title", null, plainText(block.name)), el("div.link-card-note", null, about)),
    safeLink(address) ? link(address, [connected ? "Disconnect" : "Connect"], connected ? "button" : "button button-primary") : null,
    connected && block.accessory ? drawElement(block.accessory, block, ctx) : null);
}
