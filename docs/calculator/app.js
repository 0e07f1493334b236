// The calculator page: the form, what is said while it works, and saving. Python does every computation.

import { Engine, guard, isKept, keep } from "./engine.js";
import { el, results } from "./view.js";

const $ = (id) => document.getElementById(id);
const form = $("form");
let sampling = null; // while the sample is on its way
let assets, engine, chosen = [], loading = null, cancelled = false;

function say(text, share = undefined) {
  $("state").textContent = text;
  $("loading").hidden = share === undefined;
  if (share === null) $("progress").removeAttribute("value");
  else if (share !== undefined) $("progress").value = 100 * share;
}

function complain(error) {
  const named = form.elements[FIELDS[error.field] ?? error.field];
  // Of fields that stand once a row, the first.
  const field = named instanceof RadioNodeList ? named[0] : named;
  $("error").textContent = error.message;
  $("error").hidden = false;
  if (field instanceof HTMLElement) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

// What the package calls a field that has another name, or a place of its own, in the form.
const FIELDS = {
  ad_valorem: "tariff_rate",
  country_of_origin: "tariff_country",
  line_number: "tariff_line",
  number: "tariff_number",
  value: "tariff_value",
  duty: "tariff_duty",
};

function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// Loading happens once; what it says about offline use stands until something else is said.
function load() {
  loading ??= (async () => {
    cancelled = false;
    say("Loading", 0);
    const guarded = await guard(assets);
    if (cancelled) throw new Error("Cancelled.");
    const about = JSON.parse(await engine.start()).value;
    const program = `ieeparefund ${about.version}, law tables ${about.rules}`;
    say(`Ready: ${program}.`);
    if (!guarded) return `Ready: ${program}. This browser keeps nothing, so each visit loads it again.`;
    return keep(assets).then(
      () => `Ready, and works offline from now on: ${program}.`,
      () => `Ready: ${program}. It could not be kept for offline use.`,
    );
  })().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function estimate(event) {
  event.preventDefault();
  $("error").hidden = true;
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  const facts = Object.fromEntries(new FormData(form));
  if (!facts.payee) return complain(Object.assign(new Error("Choose who is refunded: the rate of interest depends on it."), { field: "payee" }));
  if (!facts.as_of) return complain(Object.assign(new Error("Give the day of the question."), { field: "as_of" }));
  const terms = { as_of: facts.as_of, payee: facts.payee, deposit_rule: facts.deposit_rule, column1: facts.column1 };
  const asFile = facts.source === "file";
  if (asFile && sampling) {
    // The sample was asked for a moment ago and is still on its way.
    $("go").disabled = true;
    await sampling;
    $("go").disabled = false;
  }
  if (asFile && !chosen.length) return complain(Object.assign(new Error("Choose a file first, or drop one."), { field: "files" }));
  $("go").disabled = true;
  $("results").hidden = true;
  try {
    await load();
    const started = performance.now();
    say("Working", null);
    const answer = asFile
      ? await engine.ask("estimate_files", { names: names(chosen), terms }, await contents(chosen))
      : await engine.ask("estimate_entry", { facts: { ...facts, rows: tariffRows() }, terms });
    $("results").replaceChildren(...results(answer, (name, args) => engine.ask(name, args), save));
    $("results").hidden = false;
    const count = answer.entries.length;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${count.toLocaleString("en-US")} ${count === 1 ? "entry" : "entries"} estimated in ${seconds} s. ${await loading}`);
    $("results").focus({ preventScroll: true });
    $("results").scrollIntoView({ block: "start" });
  } catch (error) {
    if (!engine.running) loading = null;
    say("Nothing was estimated.");
    complain(error);
  } finally {
    $("go").disabled = false;
  }
}

// The names under which Python sees the files: no folders, and none twice.
function names(files) {
  const seen = new Set();
  return files.map(({ name }) => {
    const plain = name.replace(/[/\0]/g, "_").replace(/^\./, "_");
    let unique = plain;
    for (let count = 2; seen.has(unique); count++) unique = `${count}_${plain}`;
    seen.add(unique);
    return unique;
  });
}

async function contents(files) {
  const called = names(files);
  return Promise.all(files.map(async (file, at) => ({ name: called[at], data: await file.arrayBuffer() })));
}

function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function choose(files) {
  chosen = [...files];
  $("files-help").textContent = chosen.length
    ? `Chosen: ${chosen.map((file) => `${file.name} (${Math.ceil(file.size / 1000).toLocaleString("en-US")} kB)`).join(", ")}.`
    : "Choose one or more files, or drop them here.";
}

// The cells of a tariff number: what Python calls them, the heading, and how they are typed.
const CELLS = [
  ["line", "Line", { inputmode: "numeric", class: "short" }],
  ["number", "Number", { spellcheck: "false" }],
  ["value", "Value, US$", { inputmode: "decimal" }],
  ["duty", "Duty paid, US$", { inputmode: "decimal" }],
  ["country", "Country", { maxlength: "2", spellcheck: "false", class: "short" }],
  ["rate", "Column 1, %", { inputmode: "decimal", class: "short" }],
];

function addRow() {
  const before = tariffCells().at(-1);
  const at = $("rows").tBodies[0].rows.length + 1;
  const remove = el("button", { type: "button", class: "quiet", "aria-label": `Remove number ${at}` }, "×");
  const fields = CELLS.map(([name, label, attributes]) =>
    el("td", { "data-head": label }, el("input", { name: `tariff_${name}`, "aria-label": `${label}, number ${at}`, autocomplete: "off", ...attributes })),
  );
  const row = el("tr", {}, ...fields, el("td", {}, remove));
  row.querySelector("[name=tariff_line]").value = before?.line || "1";
  if (at === 1) {
    row.querySelector("[name=tariff_number]").placeholder = "9903.01.25";
    row.querySelector("[name=tariff_country]").placeholder = "CN";
  }
  remove.addEventListener("click", () => {
    row.remove();
    if (!$("rows").tBodies[0].rows.length) addRow();
  });
  $("rows").tBodies[0].append(row);
  return row;
}

function tariffCells() {
  return [...$("rows").tBodies[0].rows].map((row) =>
    Object.fromEntries(CELLS.map(([name]) => [name, row.querySelector(`[name=tariff_${name}]`).value.trim()])),
  );
}

// Rows in which nothing but the line stands are rows not used.
function tariffRows() {
  return tariffCells().filter(({ line, ...given }) => Object.values(given).some(Boolean));
}

function prepare() {
  $("as_of").value = today();
  for (const flag of form.querySelectorAll("[data-flag]")) {
    flag.append(...[["", "not known"], ["no", "no"], ["yes", "yes"]].map(([value, text]) => el("option", { value }, text)));
  }
  addRow();
  addRow();
  form.addEventListener("submit", estimate);
  form.addEventListener("change", (event) => {
    if (event.target.name !== "source") return;
    $("file-part").hidden = event.target.value !== "file";
    $("entry-part").hidden = event.target.value !== "entry";
  });
  $("files").addEventListener("change", () => choose($("files").files));
  $("add-row").addEventListener("click", () => addRow().querySelector("[name=tariff_number]").focus());
  $("cancel").addEventListener("click", () => {
    cancelled = true;
    engine.end();
  });
  $("sample").addEventListener("click", () => {
    sampling = fetch(assets.runtime + assets.sample)
      .then(async (response) => choose([new File([await response.blob()], assets.sample)]))
      .catch(() => complain(new Error("The sample could not be loaded.")))
      .finally(() => (sampling = null));
  });
  // A file dropped beside the field must not open in place of the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
  $("drop").addEventListener("dragover", () => $("drop").classList.add("over"));
  for (const name of ["dragleave", "drop"]) $("drop").addEventListener(name, () => $("drop").classList.remove("over"));
  $("drop").addEventListener("drop", (event) => choose(event.dataTransfer.files));
  form.hidden = false;
}

async function begin() {
  const response = await fetch("assets.json", { cache: "no-cache" }).catch(() => null);
  if (!response?.ok) {
    say("This build of the documentation does not hold the calculator's program. The command line gives the same answers.");
    return;
  }
  assets = await response.json();
  engine = new Engine(assets, ({ text, share }) => say(text, share));
  prepare();
  if (await isKept(assets)) say(await load());
  else say(`The first estimate loads ${(assets.bytes / 1e6).toFixed(0)} MB from this site. Your file is not sent anywhere.`);
}

begin().catch((error) => {
  say("The calculator is not loaded. The next estimate loads it.");
  complain(error);
});
