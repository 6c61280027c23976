// A form whose work takes longer than a moment says so on its button, and is not sent a second time.
export function startBusy() {
  document.addEventListener("submit", (event) => {
    const text = event.target.dataset.gxBusy;
    if (!text || event.defaultPrevented) return;
    const button = event.submitter || event.target.querySelector("button[type=submit]");
    if (button.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-busy", "true");
    button.textContent = text;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-gx-busy] [aria-busy=true]")) location.reload();
  });
}
