// Asks again whenever the document changes, and at times for what no change tells, until there is an answer.

const [patience, ...given] = [...arguments].slice(0, -1);
const done = arguments[arguments.length - 1];
let due = null;

const finish = result => {
  observer.disconnect();
  clearInterval(clock);
  clearTimeout(end);
  clearTimeout(due);
  done(result);
};
const attempt = () => {
  due = null;
  try {
    const answer = ask(...given);
    if (answer !== null && answer !== undefined && answer !== false) finish({ answer });
  } catch (error) {
    finish({ error: String(error) });
  }
};
const observer = new MutationObserver(() => {
  due ??= setTimeout(attempt, 10);
});
const clock = setInterval(attempt, 500);
const end = setTimeout(() => finish({ everything: everything() }), patience);
observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
attempt();
