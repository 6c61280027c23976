// Small conveniences of the frame.
export function startMenus() {
  document.documentElement.classList.add("gx-js");

  // One open menu or clause at a time; Escape closes it and gives the focus back.
  const open = () => document.querySelectorAll("details.gx-menu[open], details.gx-clause[open]");
  document.addEventListener("click", (event) => {
    for (const details of open()) {
      if (details.matches(".gx-menu") && !details.contains(event.target)) details.open = false;
    }
    event.target.closest?.("[data-gx-dismiss]")?.closest(".gx-note")?.remove();
    if (event.target.closest?.("[data-gx-print]")) window.print();
    if (event.target.closest?.("[data-gx-back]") && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const details of open()) {
        details.open = false;
        details.querySelector("summary")?.focus();
      }
    }
    // "/" goes to the search box, as offices expect.
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const box = document.querySelector("[data-gx-search]");
      if (box) { event.preventDefault(); box.focus(); }
    }
  });

  // A filter that applies itself.
  document.addEventListener("change", (event) => event.target.closest?.("[data-gx-autosubmit]")?.form?.requestSubmit());

  // <button data-gx-copy="text">
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-gx-copy]");
    if (button) navigator.clipboard?.writeText(button.dataset.gxCopy);
  });

  document.querySelector("[data-gx-errors]")?.focus();

  sideways(document);
  document.addEventListener("htmx:afterSettle", (event) => sideways(event.target));
}

/** What scrolls sideways can be reached from the keyboard; days and stages open at the present. */
function sideways(part) {
  for (const box of part.querySelectorAll(".gx-days, .gx-line, .gx-table-box")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    box.tabIndex = 0;
    const present = box.matches(".gx-table-box") ? null : (box.querySelector(".gx-now") ?? box.lastElementChild);
    if (present) box.scrollLeft = present.offsetLeft + present.offsetWidth - box.clientWidth;
  }
}
