// Keeps the interface on this machine, so that it opens without a network, with every session that was opened here (those are the
// session's worker's, in IndexedDB) and every beat that was listened to.
//
// A page is asked of the server first, and its names say their contents: whoever has a network never gets an old version. What is
// kept belongs to one build; another build's worker waits until the pages of this one are closed, and then clears it away.

const BUILD = "offbeat-build"; // The bundle writes in which.
const PAGES = "offbeat pages";
const MAX_PAGES = 40;
const SHELL = "/";
const PARTS = [
  SHELL,
  "/assets/theme.js",
  "/assets/boot.js",
  "/assets/later.js",
  "/assets/app.js",
  "/assets/app_bg.wasm",
  "/assets/app_later.wasm",
  "/assets/style.css",
  "/assets/icon.svg",
  "/assets/icon-192.png",
  "/assets/manifest.webmanifest",
  "/assets/worker.js",
  "/assets/jam.js",
  "/assets/jam_bg.wasm",
  "/assets/export.js",
  "/assets/exporter.js",
  "/assets/exporter_bg.wasm",
  "/assets/worklet.js",
  "/assets/engine.wasm",
];

const isBeat = (path) => path.startsWith("/b/");

self.addEventListener("install", (event) => event.waitUntil(keepParts()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") event.respondWith(page(event.request, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(part(event.request));
});

async function keepParts() {
  const parts = await caches.open(BUILD);
  await parts.addAll(PARTS);
}

// The page that brought this worker came before it: if it is a beat, it is kept now.
async function takeOver() {
  for (const name of await caches.keys()) {
    if (name !== BUILD && name !== PAGES) await caches.delete(name);
  }
  await self.clients.claim();
  for (const { url } of await self.clients.matchAll({ type: "window" })) {
    if (isBeat(new URL(url).pathname)) await fetch(url).then((answer) => keepBeat(url, answer), () => {});
  }
}

async function page(request, path) {
  try {
    const answer = await fetch(request);
    if (isBeat(path)) await keepBeat(request.url, answer.clone());
    return answer;
  } catch {
    // The shell finds by the address what it is about.
    return (await caches.match(request, { cacheName: PAGES })) ?? (await caches.match(SHELL, { cacheName: BUILD })) ?? Response.error();
  }
}

async function part(request) {
  return (await caches.match(request, { cacheName: BUILD })) ?? fetch(request);
}

// A beat never changes; the oldest make room.
async function keepBeat(url, answer) {
  if (!answer.ok) return;
  const pages = await caches.open(PAGES);
  await pages.put(url, answer);
  const kept = await pages.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MAX_PAGES))) await pages.delete(old);
}
