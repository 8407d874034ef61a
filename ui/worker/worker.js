// The worker's first words. The page starts it as a module and sends { start: "<the server's origin>" }; from then on both
// ends speak in Uint8Arrays: postcard of view::Ask to the worker, of view::Tell to the page.
import init, { receive, start } from "./jam.js";

const early = [];
let take = (message) => early.push(message);
self.onmessage = ({ data }) => take(data);

function deliver(message) {
  if (message instanceof Uint8Array) receive(message);
  else if (typeof message?.start === "string") start(message.start);
}

await init();
take = deliver;
early.forEach(deliver);
