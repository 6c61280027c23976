// What the server wrote into the page: words in the reader's language, the moment, the account, the CSRF token.
const root = document.documentElement;
const store = document.getElementById("gx-words");
const words = store ? JSON.parse(store.textContent) : {};

/** A translated sentence; `{name}` is replaced from `values`. */
export function say(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/{(\w+)}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// The server's clock is the law's clock. A page kept on the device carries its age in `data-age`.
const served = Date.parse(root.dataset.now ?? "");
const drift = Number.isNaN(served) ? 0 : served + Number(root.dataset.age ?? 0) - Date.now();

/** The server's now, in milliseconds. */
export const serverNow = () => Date.now() + drift;

/** Who is signed in; queued work is sent only for its own author. */
export const account = root.dataset.account ?? "";

export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? decodeURIComponent(cookie[1]) : (root.dataset.csrf ?? "");
}

/** Where the icon sprite lives (hashed in production). */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "gx-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${root.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** A small element maker: `make("b", {class: "x"}, "text", child)`. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
