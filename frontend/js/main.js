// Everything the pages need beyond plain HTML. Each part looks for its own markup and does nothing without it.
import { startBusy } from "./busy.js";
import { startConfirm } from "./confirm.js";
import { startDelivery } from "./delivery.js";
import { startDrafts } from "./drafts.js";
import { startHtmx } from "./htmx.js";
import { startMenus } from "./menus.js";
import { startRollCall } from "./rollcall/index.js";
import { startTimes } from "./timeleft.js";
import { startVisitDrafts } from "./visits.js";
import { startWorker } from "./worker.js";

startHtmx();
startConfirm();
startBusy();
startMenus();
startTimes();
startWorker();
startDrafts();
startRollCall();
startDelivery();
startVisitDrafts();
