// Shorter ways for people who like keys. Every page works without this file.
"use strict";

const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));

const rows = () => [...document.querySelectorAll("[data-row] a, a[data-row]")]
  .filter((link, place, all) => link.matches("a[data-row]") ||
    all.findIndex((other) => other.closest("[data-row]") === link.closest("[data-row]")) === place);

function step(by) {
  const all = rows();
  if (all.length === 0) return;
  const active = document.activeElement;
  const row = active && active.closest("[data-row]");
  const here = all.findIndex((link) => link === active || (row && link.closest("[data-row]") === row));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function openRow() {
  const active = document.activeElement;
  const row = active && active.closest("[data-row]");
  const link = row && (row.matches("a") ? row : row.querySelector("a"));
  if (link) link.click();
}

function firstField() {
  const marked = document.querySelector("[data-key='e']");
  const found = marked || document.querySelector(
    "main form:not(.filters) input:not([type=hidden]), main form:not(.filters) select, main form:not(.filters) textarea");
  if (found) { found.focus(); found.scrollIntoView({ block: "center" }); }
}

function toSearch() {
  const box = document.querySelector("input[type=search]");
  if (box) box.focus();
}

function showKeys() {
  const dialog = document.getElementById("shortcuts");
  if (dialog && !dialog.open) dialog.showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: openRow,
  e: firstField,
  "/": toSearch,
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys !== "on" || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});

// A box that ticks all others of its table.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.dataset.all) return;
  for (const other of document.querySelectorAll(`input[name="${CSS.escape(box.dataset.all)}"]`)) {
    other.checked = box.checked;
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.dataset.sent === "yes") { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { form.dataset.sent = "no"; }, 4000);
});

// The menu at the top closes when one goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Faults of a form are read out first.
document.getElementById("faults")?.focus();
