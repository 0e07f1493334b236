// Keeps the calculator for use without a connection, and refuses everything that would leave this site.

const PREFIX = "ieeparefund-calculator-";
const CACHE = PREFIX + new URL(self.location).searchParams.get("v");

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== "GET") {
    event.respondWith(Response.error());
  } else {
    // The program's address holds its checksum, so what is kept of it is never stale.
    event.respondWith(url.pathname.includes("/calculator/runtime/") ? keptFirst(event) : networkFirst(event));
  }
});

async function keptFirst(event) {
  return (await kept(event.request)) ?? fetchAndKeep(event);
}

async function networkFirst(event) {
  try {
    return await fetchAndKeep(event);
  } catch (error) {
    const found = await kept(event.request);
    if (found) return found;
    throw error;
  }
}

async function kept(request) {
  return (await caches.open(CACHE)).match(request, { ignoreSearch: true });
}

async function fetchAndKeep(event) {
  const response = await fetch(event.request);
  if (response.ok) {
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(event.request, copy)));
  }
  return response;
}
