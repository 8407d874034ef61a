// Starts the interface.
import init from "./app.js";

init().catch((error) => {
  const line = document.createElement("p");
  line.className = "broken";
  line.setAttribute("role", "alert");
  line.textContent = `Offbeat cannot start in this browser: ${error.message ?? error}. Try a current version of Chromium, Firefox or Safari.`;
  document.body.append(line);
});
