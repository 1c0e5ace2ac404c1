/**
 * Small helpers that build DOM nodes. Nothing here, or anywhere in the page, turns data into HTML:
 * text goes in as text nodes and addresses pass through `safeLink` or `safeImage`.
 */

/** Properties that are set on the node itself rather than as attributes. */
const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "tabIndex", "readOnly", "indeterminate", "required", "multiple", "selected", "open"]);

/**
 * Make an element.
 * @param {string} tag tag name, with optional classes: "div.card.wide"
 * @param {Record<string, any>|null} [props] attributes; `on` holds listeners, `data` a dataset, `style` CSS properties
 * @param {...(Node|string|number|null|undefined|false|Array<any>)} children
 * @returns {any} the element
 */
export function el(tag, props, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    if (key === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, /** @type {any} */ (listener));
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "style") for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, String(setting));
    else if (key === "class") { if (value) node.classList.add(...String(value).split(" ").filter(Boolean)); }
    else if (PROPERTIES.has(key)) /** @type {any} */ (node)[key] = value;
    else if (value === false && !key.startsWith("aria-")) continue;
    else node.setAttribute(key, value === true && !key.startsWith("aria-") ? "" : String(value));
  }
  append(node, children);
  return node;
}

/**
 * Append children, skipping empty ones and flattening lists.
 * @param {Node} node
 * @param {any[]} children
 */
export function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Replace what a node holds.
 * @param {Element} node
 * @param {...any} children
 */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

let lastId = 0;
/** A fresh id for aria references. @param {string} prefix */
export function freshId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/**
 * The address when it is one a person may be sent to (http, https, mailto), else null.
 * @param {unknown} address
 * @returns {string|null}
 */
export function safeLink(address) {
  return checked(address, ["http:", "https:", "mailto:"]);
}

/**
 * The address when an image may come from it, else null: pictures inside the text (data:image) and of this server.
 * A picture from elsewhere would tell its owner who reads; Slack fetches pictures itself, here their words stand in.
 * @param {unknown} address
 * @returns {string|null}
 */
export function safeImage(address) {
  const found = checked(address, ["http:", "https:", "data:"]);
  if (found?.startsWith("data:")) return /^data:image\/(png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i.test(found) ? found : null;
  return found?.startsWith(`${location.origin}/`) ? found : null;
}

/** @param {unknown} address @param {string[]} protocols */
function checked(address, protocols) {
  if (typeof address !== "string" || !/^[a-z][a-z0-9+.-]*:/i.test(address.trim())) return null;
  try {
    const url = new URL(address.trim());
    return protocols.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A link that leaves the page, or plain text when its address isn't allowed.
 * @param {unknown} address
 * @param {any[]} children
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function link(address, children, className = "link") {
  const href = safeLink(address);
  if (!href) return el("span", { class: "link-refused", title: "This address can't be opened" }, children);
  return el("a", { class: className, href, target: "_blank", rel: "noopener noreferrer nofollow" }, children);
}

/**
 * A picture, which gives way to its words when it can't be shown; a small one to their first letter.
 * @param {unknown} address
 * @param {string|undefined} alt
 * @param {string} className
 * @returns {HTMLElement}
 */
export function picture(address, alt, className) {
  const name = alt || "Picture";
  const small = /icon|context/.test(className);
  const words = () => el("span", { class: `${className} picture-missing`, role: "img", "aria-label": name, title: name }, small ? ([...name][0] ?? "").toUpperCase() : name);
  const src = safeImage(address);
  if (!src) return words();
  const image = el("img", { class: className, src, alt: alt ?? "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.replaceWith(words()), { once: true });
  return image;
}

/** True when the person asked for less motion. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Say something to a screen reader without moving focus.
 * @param {string} words
 */
export function announce(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words.slice(0, 400);
}
