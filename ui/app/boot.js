// Starts the interface.
import init from "./app.js";
import { join } from "./later.js";

init().then(join).then(keep).catch((error) => {
  const line = document.createElement("p");
  line.className = "broken";
  line.setAttribute("role", "alert");
  line.textContent = `Offbeat cannot start in this browser: ${error.message ?? error}. Try a current version of Chromium, Firefox or Safari.`;
  document.body.append(line);
});

// Once all else has loaded, so that nothing waits for it: the interface is kept on this machine (service-worker.js). A desktop's
// window has it anyway, and a page without a secure address may keep nothing.
function keep() {
  const address = document.querySelector("meta[name=offbeat-service-worker]")?.content;
  if (address && navigator.serviceWorker) {
    setTimeout(() => navigator.serviceWorker.register(address, { updateViaCache: "none" }).catch(() => {}), 3000);
  }
}
