// <form data-confirm="What will happen"> or the same on a submit button or link: asks in a native dialog first.
import { make, say } from "./page.js";

/** Ask; resolves true when the person agrees. */
export function ask({ title, text, yes, danger = true }) {
  const no = make("button", { type: "button", class: "gx-btn", autofocus: true }, say("cancel"));
  const go = make("button", { type: "button", class: `gx-btn ${danger ? "gx-btn-danger" : "gx-btn-solid"}` }, yes);
  const dialog = make(
    "dialog", { class: "gx-dialog", "aria-labelledby": "gx-dialog-title" },
    make("h2", { id: "gx-dialog-title" }, title), make("p", {}, text), make("div", { class: "gx-actions" }, no, go),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const end = (answer) => { resolve(answer); dialog.close(); dialog.remove(); };
    no.addEventListener("click", () => end(false));
    go.addEventListener("click", () => end(true));
    dialog.addEventListener("cancel", () => end(false));
  });
}

function askFor(element) {
  const { confirm: text, confirmTitle, confirmYes, confirmCalm } = element.dataset;
  return ask({
    title: confirmTitle ?? say("sure"), text, yes: confirmYes ?? say("go_on"), danger: confirmCalm === undefined,
  });
}

export function startConfirm() {
  const agreed = new WeakSet();
  document.addEventListener("submit", async (event) => {
    const asks = event.submitter?.dataset.confirm ? event.submitter : event.target;
    if (!asks.dataset.confirm || agreed.delete(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await askFor(asks)) {
      agreed.add(event.target);
      event.target.requestSubmit(event.submitter);
    }
  }, true);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-confirm]");
    if (!link) return;
    event.preventDefault();
    if (await askFor(link)) location.assign(link.href);
  });
}
