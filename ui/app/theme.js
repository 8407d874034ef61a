// The theme that was chosen, before anything is painted: a classic script in the head, so that no other theme flashes first.
try {
  const theme = localStorage.getItem("offbeat-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows the system's theme.
}
