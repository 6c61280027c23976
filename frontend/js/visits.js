// 我的家访: what was written on this device and has not been handed in yet.
import { draftKeys } from "./outbox.js";

export async function startVisitDrafts() {
  const box = document.querySelector("[data-gx-visit-drafts]");
  if (!box) return;
  const list = box.querySelector("ul");
  for (const key of await draftKeys("visit-")) {
    const [, pk, name] = key.match(/^visit-(\d+)\|(.*)$/) ?? [];
    if (!pk) continue;
    const row = box.querySelector("template").content.cloneNode(true);
    const link = row.querySelector("a");
    link.href = link.getAttribute("href").replace(/\/0\/$/, `/${pk}/`);
    row.querySelector(".gx-item-text").textContent = name;
    list.append(row);
  }
  box.hidden = !list.children.length;
}
