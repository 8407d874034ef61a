// What a person makes out on a page: elements by role and name, as assistive technology is told them.

const TAGS = {
  A: "link", BUTTON: "button", SELECT: "combobox", TEXTAREA: "textbox", OUTPUT: "status", DIALOG: "dialog", MAIN: "main",
  NAV: "navigation", H1: "heading", H2: "heading", H3: "heading", IMG: "img", LI: "listitem", OPTION: "option",
};
const INPUTS = {
  range: "slider", number: "spinbutton", checkbox: "checkbox", radio: "radio", button: "button", submit: "button", search: "searchbox",
};
const CANDIDATES = "[role],input," + Object.keys(TAGS).join();

const plain = text => (text ?? "").replace(/\s+/g, " ").trim();

const roleOf = element =>
  element.getAttribute("role") ?? (element.tagName === "INPUT" ? INPUTS[element.type] ?? "textbox" : TAGS[element.tagName]);

const nameOf = element => {
  const labels = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const names = [
    labels.map(id => document.getElementById(id)?.textContent).join(" "),
    element.getAttribute("aria-label"),
    [...element.labels ?? []].map(label => label.textContent).join(" "),
    element.textContent,
    element.getAttribute("title"),
    element.getAttribute("placeholder"),
    element.getAttribute("alt"),
  ];
  return names.map(plain).find(Boolean) ?? "";
};

const isShown = element =>
  element.getClientRects().length > 0
  && getComputedStyle(element).visibility !== "hidden"
  && !element.closest("[aria-hidden=true],[inert]");

// `role` may name several, with a bar between them.
const seen = (role, pattern) => {
  const [roles, name] = [role.split("|"), new RegExp(pattern, "i")];
  return [...document.querySelectorAll(CANDIDATES)].filter(
    element => roles.includes(roleOf(element)) && name.test(nameOf(element)) && isShown(element),
  );
};

// Where a pointer reaches the element; nothing while something else lies over it.
const reach = element => {
  const place = () => {
    const box = element.getBoundingClientRect();
    const [x, y] = [Math.floor(box.x + box.width / 2), Math.floor(box.y + box.height / 2)];
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) && top.tagName === "LABEL") ? { x, y } : null;
  };
  // Nobody scrolls to what is there already, and a page that is scrolled may move back before the click.
  const here = place();
  if (!here) element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  return here ?? place();
};

// All that has a name, for the report of a test that looked for something else.
const everything = () =>
  [...document.querySelectorAll(CANDIDATES)]
    .filter(isShown)
    .map(element => `${roleOf(element)} "${nameOf(element).slice(0, 80)}"`)
    // What is off says less than it takes to read.
    .filter(line => !line.endsWith(', off"'));
