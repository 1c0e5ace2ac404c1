/** Pictures, and link cards for what the page doesn't play: videos, files, calls. */
import { el, link, picture, safeLink } from "../dom.js";
import { icon } from "../ui/icons.js";
import { plainText } from "./text.js";

/**
 * @import {Block} from "../types.js"
 * @import {BlockContext} from "./context.js"
 */

/** @param {Block} block @param {BlockContext} _ctx */
export function drawImageBlock(block, _ctx) {
  const file = block.slack_file?.id;
  const address = block.image_url ?? block.slack_file?.url ?? (file ? `${location.origin}/files/${encodeURIComponent(file)}` : undefined);
  const image = picture(address, block.alt_text, "image");
  const title = plainText(block.title);
  return el("figure.figure", null, title ? el("figcaption", null, title) : null, safeLink(address) ? link(address, [image], "image-link") : image);
}

/** @param {Block} block */
export function drawVideo(block) {
  const by = [plainText(block.provider_name), plainText(block.author_name)].filter(Boolean).join(" · ");
  return el("div.link-card", null,
    block.thumbnail_url ? el("div.link-card-thumb", null, picture(block.thumbnail_url, block.alt_text, "link-card-image"), el("span.play", null, icon("play"))) : el("span.link-card-icon", null, icon("play")),
    el("div.link-card-body", null,
      by ? el("div.link-card-note", null, by) : null,
      el("div.link-card-title", null, link(block.title_url ?? block.video_url, [plainText(block.title) || "Video"])),
      block.description ? el("div.link-card-text", null, plainText(block.description)) : null));
}

/** @param {Block} block */
export function drawFile(block) {
  const name = plainText(block.title) || block.file?.title || block.file?.name || block.external_id || "File";
  const address = block.file?.permalink ?? block.file?.url_private ?? block.url;
  return el("div.link-card", null, el("span.link-card-icon", null, icon("file")),
    el("div.link-card-body", null, el("div.link-card-title", null, safeLink(address) ? link(address, [name]) : String(name)),
      el("div.link-card-note", null, block.source === "remote" ? "File kept elsewhere" : "File")));
}

/** @param {Block} block */
export function drawCall(block) {
  const call = block.call?.v1 ?? block.call ?? {};
  return el("div.link-card", null, el("span.link-card-icon", null, icon("phone")),
    el("div.link-card-body", null,
      el("div.link-card-title", null, safeLink(call.join_url) ? link(call.join_url, [call.name || "Join the call"]) : call.name || "Call"),
      el("div.link-card-note", null, "Call")));
}
