// The Python worker as seen from the page: start it, ask it, end it; and what is kept for offline use.

export class Engine {
  #worker = null;
  #ready = null;
  #calls = new Map();
  #last = 0;

  constructor(assets, tell) {
    this.assets = assets;
    this.tell = tell; // called with {text, share}; share is 0 to 1, or null where no end is known
  }

  get running() {
    return this.#ready !== null;
  }

  start() {
    if (this.#ready === null) {
      this.#worker = new Worker("worker.js", { type: "module" });
      this.#worker.onmessage = (event) => this.#receive(event.data);
      this.#worker.onerror = (event) => this.#fail(event.message || "The worker could not be started.");
      const runtime = new URL(this.assets.runtime, location.href).href;
      this.#ready = this.#post({ load: { ...this.assets, runtime } }).catch((error) => {
        this.end();
        throw error;
      });
    }
    return this.#ready;
  }

  // Ask glue.py; `files` are {name, data} with data an ArrayBuffer.
  async ask(name, args = {}, files = null) {
    await this.start();
    const answer = await this.#post({ name, args: JSON.stringify(args), files }).catch((failure) => {
      this.end(); // what Python did not foresee, such as too little memory, may have left it broken
      throw failure;
    });
    const { value, error } = JSON.parse(answer);
    if (error) throw Object.assign(new Error(error.text), { field: error.field });
    return value;
  }

  end(reason = "Cancelled.") {
    this.#worker?.terminate();
    this.#worker = this.#ready = null;
    this.#fail(reason);
  }

  #post(message) {
    const id = ++this.#last;
    const transfer = (message.files ?? []).map((file) => file.data);
    return new Promise((done, fail) => {
      this.#calls.set(id, { done, fail });
      this.#worker.postMessage({ id, ...message }, transfer);
    });
  }

  #receive(message) {
    if (message.tell) return this.tell(message.tell);
    const { done, fail } = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if ("failure" in message) fail(new Error(message.failure));
    else done(message.value);
  }

  #fail(reason) {
    for (const { fail } of this.#calls.values()) fail(new Error(reason));
    this.#calls.clear();
  }
}

const cacheOf = (assets) => `ieeparefund-calculator-${assets.version}`;
const doneMark = (assets) => new URL(`${assets.runtime}complete`, location.href).href;

// Whether this version is already kept in this browser.
export async function isKept(assets) {
  return "caches" in window && Boolean(await caches.match(doneMark(assets), { cacheName: cacheOf(assets) }));
}

// Put the service worker before the page, so that what is loaded from now on is kept. Says whether it stands.
export async function guard(assets) {
  if (!("serviceWorker" in navigator)) return false;
  try {
    const script = `service-worker.js?v=${assets.version}`;
    const registration = await navigator.serviceWorker.register(script, { updateViaCache: "none" });
    const newest = registration.installing ?? registration.waiting ?? registration.active;
    await until(newest, "statechange", () => newest.state === "activated");
    const container = navigator.serviceWorker;
    await until(container, "controllerchange", () => container.controller?.scriptURL === newest.scriptURL);
    return true;
  } catch {
    return false; // a private window, or storage that is full or refused
  }
}

function until(target, event, holds, seconds = 10) {
  return new Promise((done, fail) => {
    const look = () => holds() && done();
    target.addEventListener(event, look);
    setTimeout(() => fail(new Error(`no ${event} in ${seconds} s`)), seconds * 1000);
    look();
  });
}

// Keep the page itself and whatever of the program is not kept yet; then set the mark.
export async function keep(assets) {
  const cache = await caches.open(cacheOf(assets));
  const page = performance.getEntriesByType("resource").map((entry) => entry.name);
  const program = assets.files.map((file) => new URL(assets.runtime + file.name, location.href).href);
  const wanted = [location.href.split("#")[0], ...page, ...program].filter((url) => url.startsWith(location.origin));
  for (const url of new Set(wanted)) if (!(await cache.match(url))) await cache.add(url);
  await cache.put(doneMark(assets), new Response("kept"));
}
