// Python in a worker of its own, so that the page stays responsive. Everything comes from this site.

let python, session;

self.onmessage = async ({ data: { id, load, name, args, files } }) => {
  try {
    const value = load ? await start(load) : ask(name, args, files);
    self.postMessage({ id, value });
  } catch (error) {
    // Python's message ends with the line that names the error.
    const what = String(error.message ?? error).trim().split("\n").at(-1);
    self.postMessage({ id, failure: `The calculator stopped: ${what} The next estimate starts it again.` });
  }
};

const tell = (text, share = null) => self.postMessage({ tell: { text, share } });

async function start({ runtime, bytes, files }) {
  countBytes(bytes);
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
  python = await loadPyodide({ indexURL: runtime });
  const wheels = files.map((file) => file.name).filter((file) => file.endsWith(".whl"));
  const loaded = await Promise.all(wheels.map((file) => read(runtime + file)));
  const glue = await read(`${runtime}glue.py`);
  tell("Starting Python");
  const home = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  for (const wheel of loaded) python.unpackArchive(wheel, "wheel", { extractDir: home });
  python.FS.writeFile(`${home}/calculator_glue.py`, new Uint8Array(glue));
  python.FS.mkdirTree("/input");
  closeDoors();
  python.runPython("import os; os.chdir('/input')");
  session = python.pyimport("calculator_glue").Session((done, all) =>
    tell(`Estimating: ${done.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} entries`, done / all),
  );
  return session.call("about", "{}");
}

async function read(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be loaded (${response.status}).`);
  return response.arrayBuffer();
}

// Every response goes through a counter, so that the page can show how much is there.
function countBytes(total) {
  const plain = self.fetch.bind(self);
  let loaded = 0;
  self.fetch = async (...request) => {
    const response = await plain(...request);
    if (!response.ok || !response.body) return response;
    const counter = new TransformStream({
      transform(chunk, out) {
        loaded += chunk.byteLength;
        tell(`Loading ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`, Math.min(1, loaded / total));
        out.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(counter), { headers: response.headers });
  };
}

// All that Python needs is here: from now on this worker can reach no network, not even this site.
function closeDoors() {
  for (const door of ["fetch", "XMLHttpRequest", "WebSocket", "WebTransport", "EventSource", "Worker", "importScripts"]) {
    Object.defineProperty(self, door, { value: undefined });
  }
}

function ask(name, args, files) {
  if (files) {
    for (const old of python.FS.readdir("/input")) if (!old.startsWith(".")) python.FS.unlink(`/input/${old}`);
    for (const { name: file, data } of files) python.FS.writeFile(`/input/${file}`, new Uint8Array(data));
    tell(`Reading ${files.map((file) => file.name).join(", ")}`);
  }
  return session.call(name, args);
}
