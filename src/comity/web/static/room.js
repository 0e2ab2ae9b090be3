// What the pages do beyond reading. Everything here has a way without it: links, forms, checkboxes.
import { startReview } from "./review.js";
import { startPictures } from "./pictures.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q")?.focus();
  }
});

// Which layers of a report are shown is kept for the next one.
for (const box of document.querySelectorAll(".layers input")) {
  const kept = localStorage.getItem(box.id);
  if (kept !== null) box.checked = kept === "yes";
  box.addEventListener("change", () => localStorage.setItem(box.id, box.checked ? "yes" : "no"));
}

// Empty fields of a question have no business in its address.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => { for (const field of form.elements) field.disabled = false; });
  });
}

// A file may be dropped anywhere on the page that reads one.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const field = drop.querySelector("input[type=file]");
  document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("dropping"); });
  document.addEventListener("dragleave", () => drop.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("dropping");
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; drop.requestSubmit(); }
  });
  drop.addEventListener("submit", () => { document.getElementById("said").textContent = "Reading …"; });
}

document.querySelector("[data-sql]")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.target.form.requestSubmit(); }
});

const cookie = document.cookie.split("; ").find((one) => one.startsWith("comity_author="));
for (const field of document.querySelectorAll("[data-author]")) {
  if (cookie) field.value = decodeURIComponent(cookie.split("=")[1].replace(/^"|"$/g, ""));
}

startReview();
startPictures();
