// Makes one file. The page sends { score, session, format }; back come { progress }, then { name, bytes, leftOut } or { error }.
import init, { make } from "./exporter.js";

self.onmessage = async ({ data: { score, session, format } }) => {
  try {
    await init();
    const [name, bytes, leftOut] = make(score, session, format, (progress) => self.postMessage({ progress }));
    self.postMessage({ name, bytes, leftOut }, [bytes.buffer]);
  } catch (error) {
    self.postMessage({ error: typeof error === "string" ? error : `The file could not be made (${error}).` });
  }
};
