/** A small floating panel beside its anchor: closes on Escape, on a click elsewhere, and gives focus back. */
import { el } from "../dom.js";

/** @type {(() => void)|null} */
let closeOpen = null;

/**
 * @param {HTMLElement} anchor
 * @param {HTMLElement} content
 * @param {{onClose?:()=>void, matchWidth?:boolean, align?:"start"|"end", prefer?:"below"|"above"}} [how]
 * @returns {(refocus?:boolean) => void} closes it
 */
export function openPopover(anchor, content, how = {}) {
  closeOpen?.();
  const panel = el("div.popover", null, content);
  (anchor.closest("dialog") ?? document.body).append(panel);
  if (how.matchWidth) panel.style.minWidth = `${Math.max(220, anchor.offsetWidth)}px`;
  const place = () => position(panel, anchor, how);
  const onPointer = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!panel.contains(target) && !anchor.contains(target)) close(false);
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") close(true);
  };
  /** @param {boolean} [refocus] */
  function close(refocus = true) {
    if (closeOpen !== close) return;
    closeOpen = null;
    observer.disconnect();
    panel.remove();
    document.removeEventListener("pointerdown", onPointer, true);
    removeEventListener("resize", place);
    document.removeEventListener("scroll", onScroll, true);
    anchor.setAttribute("aria-expanded", "false");
    if (refocus && anchor.isConnected) anchor.focus();
    how.onClose?.();
  }
  const onScroll = (/** @type {Event} */ event) => {
    if (!panel.contains(/** @type {Node} */ (event.target))) place();
  };
  const observer = new ResizeObserver(place);
  observer.observe(panel);
  panel.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer, true);
  document.addEventListener("scroll", onScroll, true);
  addEventListener("resize", place);
  anchor.setAttribute("aria-expanded", "true");
  closeOpen = close;
  place();
  return close;
}

/** Close whatever floats. */
export function closePopover() {
  closeOpen?.();
}

/** @param {HTMLElement} panel @param {HTMLElement} anchor @param {{align?:"start"|"end", prefer?:"below"|"above"}} how */
function position(panel, anchor, how) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = box.bottom + 6 + height <= innerHeight - 8;
  const above = box.top - 6 - height >= 8;
  const top = (how.prefer === "above" && above) || !below ? Math.max(8, box.top - 6 - height) : box.bottom + 6;
  const left = how.align === "end" ? box.right - width : box.left;
  panel.style.top = `${Math.min(top, Math.max(8, innerHeight - height - 8))}px`;
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}
