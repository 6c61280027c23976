// htmx: our CSRF token, a thin thread of progress, and a calm word when the network or the server fails.
import { csrfToken, say } from "./page.js";
import { toast } from "./toast.js";

export function startHtmx() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  startDialog();
  const thread = document.querySelector(".gx-thread");
  document.body.addEventListener("htmx:beforeRequest", () => thread?.classList.add("gx-on"));
  document.body.addEventListener("htmx:afterRequest", () => thread?.classList.remove("gx-on"));
  document.body.addEventListener("htmx:sendError", () => toast(say("no_network"), "warning"));
  document.body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    toast(say(status === 403 || status === 404 ? "sign_in_again" : "server_trouble"), "error");
  });
}

/** What an `hx-target="#gx-dialog"` brings is shown in the page's one dialog. */
function startDialog() {
  const dialog = document.getElementById("gx-dialog");
  if (!dialog) return;
  dialog.addEventListener("htmx:afterSwap", () => {
    if (!dialog.childElementCount) dialog.close();
    else if (!dialog.open) dialog.showModal();
  });
  dialog.addEventListener("click", (event) => event.target.closest("[data-gx-close]") && dialog.close());
  dialog.addEventListener("close", () => dialog.replaceChildren());
}
