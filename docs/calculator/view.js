// The results as elements. Text goes in as text, so that nothing in a file can become part of the page.

const SOON = 14;
// Fewer at first where each entry is a card of its own.
const PAGE = matchMedia("(max-width: 44em)").matches ? 20 : 100;

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// A table; each column is [heading, class]. Narrow screens show rows as cards, with the heading before each cell.
function table(caption, columns, rows, attributes = {}) {
  return el(
    "table",
    { class: "calc", ...attributes },
    caption ? el("caption", {}, caption) : "",
    el("thead", {}, el("tr", {}, ...columns.map(([head, kind]) => el("th", { scope: "col", class: kind }, head)))),
    el("tbody", {}, ...rows.map((cells) => row(columns, cells))),
  );
}

function row(columns, cells, attributes = {}) {
  const made = cells.map((cell, at) => {
    const [head, kind] = columns[at];
    return el(at ? "td" : "th", { scope: at ? null : "row", class: kind ?? "", "data-head": head }, cell);
  });
  return el("tr", attributes, ...made);
}

function more(summary, ...content) {
  return el("details", {}, el("summary", {}, summary), ...content);
}

const MONEY = ["Refundable", "Interest", "Refund"].map((head) => [head, "number"]);

export function results(answer, ask, save) {
  const only = answer.entries.length === 1 ? answer.entries[0] : null;
  return [
    el("h2", { id: "answer" }, `Refunds as of ${answer.as_of}`),
    el(
      "p",
      {},
      "Coming back: ",
      el("strong", {}, `$${answer.coming[2]}`),
      `, of it duty ${answer.coming[0]} and interest ${answer.coming[1]}. Payee class: ${answer.payee}. `,
      "No legal advice, no CBP product.",
    ),
    deadlines(answer),
    el("h3", {}, "By outcome"),
    outcomes(answer),
    el("p", {}, `IEEPA duty paid: ${answer.ieepa_duty}. ${answer.rows}`),
    problems(answer),
    el("h3", {}, only ? "Entry" : "Entries"),
    entries(answer, ask),
    only ? explanation(0, ask) : "",
    sentences("Assumed", answer.assumed),
    sentences("Missing", answer.missing),
    answer.notes.length
      ? more(`Notes on the file (${answer.notes.length})`, el("ul", {}, ...answer.notes.map((text) => el("li", {}, text))))
      : "",
    el("h3", {}, "Save"),
    downloads(answer, ask, save),
  ].filter((part) => part !== "");
}

function deadlines({ deadlines: all }) {
  const columns = [["Days left", "number"], ["Last day", "number"], ["Entry", "code"], ["At stake", "number"], ["What to do"]];
  const cells = (one) => [String(one.days), one.day, one.entry, one.at_stake, one.text];
  const soon = all.filter((one) => one.days <= SOON);
  const later = all.filter((one) => one.days > SOON).slice(0, PAGE);
  const parts = [el("h3", {}, "Deadlines")];
  if (soon.length) parts.push(table(`Within ${SOON} days`, columns, soon.map(cells), { class: "calc urgent" }));
  else parts.push(el("p", {}, `No deadline within ${SOON} days.`));
  if (later.length) parts.push(more(`Later (${all.length - soon.length})`, table("", columns, later.map(cells))));
  return el("div", { id: "deadlines" }, ...parts);
}

function outcomes(answer) {
  const columns = [["Outcome"], ["Entries", "number"], ...MONEY];
  const rows = [...answer.outcomes, ["coming back", "", ...answer.coming]];
  const made = table("For rejected and undetermined entries: what is at stake", columns, rows, { id: "outcomes" });
  made.querySelector("tbody tr:last-child").classList.add("total");
  return made;
}

function problems({ problems: all }) {
  if (!all.length) return "";
  const columns = [["File", "code"], ["Row", "number"], ["Column"], ["Value", "code"], ["Problem and what to do"]];
  return el(
    "div",
    { id: "problems", class: "error" },
    el("h3", {}, `Problems in the input (${all.length})`),
    el("p", {}, "These rows, and the entries they belong to, are left out."),
    table("", columns, all.slice(0, PAGE)),
    all.length > PAGE ? el("p", {}, `${all.length - PAGE} more are in the JSON.`) : "",
  );
}

function sentences(title, all) {
  if (!all.length) return "";
  const rows = all.map(([count, text]) => [count.toLocaleString("en-US"), text]);
  return more(`${title} (${all.length})`, table("", [["Entries", "number"], ["Sentence"]], rows));
}

function entries(answer, ask) {
  const columns = [["Entry", "code"], ["Outcome"], ...MONEY, ["CAPE until", "number"], ["Why not"]];
  const caption = "Interest marked + runs on until a (re)liquidation. Press an entry for its reasoning, step by step.";
  const made = table(caption, columns, [], { id: "entries" });
  const body = made.querySelector("tbody");
  const status = el("p", { role: "status" });
  const outcome = el("select", { id: "show-outcome", onchange: () => show(PAGE) }, el("option", { value: "" }, "all"));
  const found = el("input", { id: "show-number", type: "search", autocomplete: "off", oninput: () => show(PAGE) });
  const next = el("button", { type: "button", class: "quiet", onclick: () => show(shown + 5 * PAGE) }, "Show more");
  let shown = 0;
  const kinds = new Map(answer.entries.map((one) => [one.outcome, one.outcome_text]));
  outcome.append(...[...kinds].map(([value, text]) => el("option", { value }, text)));

  function show(most) {
    const wanted = found.value.replaceAll("-", "").trim().toUpperCase();
    const chosen = [...answer.entries.entries()].filter(
      ([, one]) =>
        (!outcome.value || one.outcome === outcome.value) && one.number.replaceAll("-", "").includes(wanted),
    );
    body.replaceChildren(...chosen.slice(0, most).map(([place, one]) => entryRow(columns, place, one, ask)));
    shown = Math.min(most, chosen.length);
    next.hidden = shown === chosen.length;
    status.textContent = `${shown.toLocaleString("en-US")} of ${answer.entries.length.toLocaleString("en-US")} entries shown.`;
  }

  show(PAGE);
  if (answer.entries.length < 2) return made;
  const filter = el(
    "div",
    { class: "fields" },
    el("p", {}, el("label", { for: "show-outcome" }, "Outcome"), outcome),
    el("p", {}, el("label", { for: "show-number" }, "Entry number contains"), found),
  );
  return el("div", {}, filter, made, status, next);
}

function entryRow(columns, place, one, ask) {
  const id = `explain-${place}`;
  const button = el("button", { type: "button", class: "entry", "aria-expanded": "false", "aria-controls": id }, one.number);
  const cells = [button, one.outcome_text, one.refundable, one.interest, one.refund, one.cape, one.why];
  const made = row(columns, cells, { class: one.outcome });
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) made.nextElementSibling.remove();
    else made.after(el("tr", { class: "more", id }, el("td", { colspan: columns.length }, explanation(place, ask))));
  });
  return made;
}

function explanation(place, ask) {
  const text = el("pre", { class: "explanation", tabindex: "0" }, "…");
  ask("explain", { place }).then(
    (value) => (text.textContent = value),
    (error) => (text.textContent = error.message),
  );
  return text;
}

function downloads(answer, ask, save) {
  const button = (text, name, call, args, type) =>
    el("button", { type: "button", "data-file": name, onclick: async () => save(name, await ask(call, args), type) }, text);
  const declarations = answer.declarations.map((one, place) =>
    el(
      "p",
      {},
      button(`CAPE upload file ${one.name}`, one.name, "declaration", { place }, "text/csv"),
      ` ${one.entries} ${one.entries === 1 ? "entry" : "entries"}, most urgent first: duty ${one.principal}, interest ${one.interest}.`,
    ),
  );
  const stem = `ieeparefund_${answer.as_of}`;
  return el(
    "div",
    { id: "downloads" },
    ...(declarations.length ? declarations : [el("p", {}, "There is no entry to declare, so there is no CAPE upload file.")]),
    answer.excluded.length
      ? more(`Not in the upload file (${answer.excluded.length})`, table("", [["Entry", "code"], ["Reason and what to do"]], answer.excluded.slice(0, 5 * PAGE)))
      : "",
    el(
      "p",
      {},
      button("Results as CSV", `${stem}.csv`, "results_csv", {}, "text/csv"),
      " ",
      button("Results as JSON", `${stem}.json`, "results_json", {}, "application/json"),
    ),
  );
}
