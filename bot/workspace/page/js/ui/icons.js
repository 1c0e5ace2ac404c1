/** Line icons, drawn for this page on a 20 × 20 grid. */

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string[]>} path data by name */
const PATHS = {
  hash: ["M7.500 3.500 6 16.500", "M14 3.500l-1.500 13", "M3.500 7.500h13", "M3 12.500h13"],
  lock: ["M5 9h10v7.500H5z", "M7 9V6.500a3 3 0 0 1 6 0V9"],
  menu: ["M3 5.500h14", "M3 10h14", "M3 14.500h14"],
  close: ["M5 5l10 10", "M15 5 5 15"],
  back: ["M12 4.500 6.500 10l5.500 5.500"],
  next: ["M8 4.500 13.500 10 8 15.500"],
  down: ["M5 7.500 10 12.500l5-5"],
  arrowDown: ["M10 4v12", "M5 11l5 5 5-5"],
  thread: ["M4 4.500h12v8.500H9.500L6 16v-3H4z"],
  smile: ["M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "M7.500 8.200v.1", "M12.500 8.200v.1", "M7 11.500c1.500 2.200 4.500 2.200 6 0"],
  more: ["M4.500 10h.01", "M10 10h.01", "M15.500 10h.01"],
  send: ["M4 10 3.500 4l13.500 6-13.500 6z", "M4 10h6"],
  stop: ["M6 6h8v8H6z"],
  sun: ["M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z", "M10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100"],
  moon: ["M16 11.800A6.500 6.500 0 0 1 8.200 4a6.500 6.500 0 1 0 7.800 7.800z"],
  auto: ["M3 4.500h14v9H3z", "M7.500 16.500h5", "M10 13.500v3"],
  link: ["M8.500 11.500l3-3", "M9.500 6.500l1.700-1.700a2.900 2.900 0 0 1 4 4L13.500 10.500", "M10.500 13.500l-1.700 1.700a2.900 2.900 0 0 1-4-4L6.500 9.500"],
  plus: ["M10 4.500v11", "M4.500 10h11"],
  check: ["M4.500 10.500l3.500 3.500 7.500-8"],
  edit: ["M4 16l.7-3.300L13 4.400l2.600 2.600-8.300 8.300z"],
  trash: ["M4 6h12", "M8 6V4h4v2", "M5.500 6l.7 10.500h7.600L14.500 6"],
  copy: ["M7.500 7.500h8.500v9H7.500z", "M12.500 7.500v-4H4v9h3.500"],
  bolt: ["M11 3 5 11h4.500L9 17l6-8h-4.500z"],
  at: ["M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6z", "M13 7v4.200c0 2.600 4 2.300 4-1.200a7 7 0 1 0-3 5.700"],
  slash: ["M12.500 4l-5 12"],
  home: ["M3.500 9.500 10 4l6.500 5.500", "M5.500 8.500V16h9V8.500"],
  info: ["M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "M10 9.200V13.500", "M10 6.600v.1"],
  warning: ["M10 3.500 17.500 16h-15z", "M10 8.500v3.500", "M10 13.900v.1"],
  error: ["M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "M10 6.500v4.500", "M10 13.400v.1"],
  success: ["M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "M6.800 10.200l2.300 2.300 4.200-4.600"],
  pending: ["M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z"],
  thumbUp: ["M3.500 9.500h3v7h-3z", "M6.500 10l3-6.500c1.700 0 2.200 1.200 1.800 2.700L10.800 8.500h4.400c1 0 1.600.9 1.300 1.800l-1.500 5c-.2.700-.8 1.200-1.500 1.200h-7"],
  thumbDown: ["M3.500 3.500h3v7h-3z", "M6.500 10l3 6.500c1.700 0 2.200-1.200 1.800-2.700l-.5-2.300h4.400c1 0 1.600-.9 1.300-1.800l-1.500-5c-.2-.7-.8-1.200-1.500-1.200h-7"],
  file: ["M5 3h6.500L15 6.500V17H5z", "M11.500 3v3.500H15"],
  play: ["M7 5l8 5-8 5z"],
  phone: ["M5 3.500h3l1 3.500-1.700 1.200a9 9 0 0 0 4.500 4.500L13 11l3.500 1v3c0 1-.8 1.600-1.700 1.500C9 16 4 11 3.500 5.200 3.400 4.300 4 3.500 5 3.500z"],
  eye: ["M2.500 10c3.700-6 11.300-6 15 0-3.700 6-11.300 6-15 0z", "M10 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z"],
  refresh: ["M16 6v3.500h-3.500", "M15.600 9.500A6 6 0 1 0 16 11.500"],
};

/** Slack's icon_button names that we have a picture for. @type {Record<string, string>} */
export const BUTTON_ICONS = { trash: "trash", edit: "edit", pencil: "edit", copy: "copy", link: "link", refresh: "refresh", thumbs_up: "thumbUp",
  thumbs_down: "thumbDown", bookmark: "plus", star: "success", eye: "eye", flag: "warning", info: "info" };

/**
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name] ?? PATHS.pending) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/**
 * The mark of the page: a small die with its pins.
 * @returns {SVGElement}
 */
export function mark() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  for (const [className, d] of [["mark-pins", "M11 2v28M16 2v28M21 2v28M2 11h28M2 16h28M2 21h28"], ["mark-die", "M11 6h10a5 5 0 0 1 5 5v10a5 5 0 0 1-5 5H11a5 5 0 0 1-5-5V11a5 5 0 0 1 5-5z"], ["mark-t", "M11.500 12.500h9M16 12.500v8"]]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", className);
    svg.append(path);
  }
  return svg;
}
