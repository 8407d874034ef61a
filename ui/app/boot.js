// The page's first words: the theme that was chosen, then the interface.
import init from "./app.js";

try {
  const theme = localStorage.getItem("offbeat-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows the system's theme.
}

init().catch((error) => {
  const line = document.createElement("p");
  line.className = "broken";
  line.setAttribute("role", "alert");
  line.textContent = `Offbeat cannot start in this browser: ${error.message ?? error}. Try a current version of Chromium, Firefox or Safari.`;
  document.body.append(line);
});
