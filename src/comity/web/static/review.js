// Review by keys: j k next and previous, a accept, x reject, e edit, u undo; from marked words n a new event, q a new
// statement, and while that one is being made w who said it, v its verb.

const LISTS = new Set(["type", "status", "scope", "account_party", "contexts", "kind", "polarity", "modality", "background", "mutual", "continued", "mode"]);
let undone = [];
const sending = new Set(); // ids of records that a form is under way for: what is pressed meanwhile is not meant for what comes

export function startReview() {
  const area = document.querySelector("[data-review]");
  if (!area) return;
  const cards = () => [...area.querySelectorAll(".card")];
  const here = () => area.querySelector(".card.here");

  const choose = (card, scroll = true) => {
    for (const other of document.querySelectorAll(".here")) other.classList.remove("here");
    if (!card) return;
    card.classList.add("here");
    const link = document.querySelector(`.text a.m[href="#${CSS.escape(card.id)}"]`);
    link?.classList.add("here");
    card.focus({ preventScroll: true });
    if (scroll) { // at once: a slow glide would lag behind the keys
      if (matchMedia("(min-width: 62rem)").matches) link?.scrollIntoView({ block: "nearest", behavior: "instant" });
      card.scrollIntoView({ block: card.offsetHeight > innerHeight ? "start" : "nearest", behavior: "instant" });
    }
  };

  const step = (by) => {
    const all = cards();
    const at = all.indexOf(here());
    choose(all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))]);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const form = document.activeElement?.closest("details.edit, details.adding");
      form?.removeAttribute("open");
      (form?.matches(".adding") ? form.querySelector("summary") : form?.closest(".card") ?? here())?.focus();
      return;
    }
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "j") { event.preventDefault(); step(1); return; }
    if (event.key === "k") { event.preventDefault(); step(-1); return; }
    const taking = takes.find((one) => one.key === event.key && one.may());
    if (taking) { event.preventDefault(); take(taking); return; }
    if (!["a", "x", "e", "u"].includes(event.key)) return;
    const card = here() ?? event.target.closest(".card");
    if (!card) return;
    if (sending.has(card.dataset.record)) { event.preventDefault(); say("One moment: the last key is still being stored"); return; }
    const control = card.querySelector(`[data-key=${event.key}]`);
    if (control) {
      event.preventDefault();
      if (event.key === "e") { control.parentElement.open = true; control.parentElement.querySelector("select").focus(); fill(control.parentElement.querySelector("form")); }
      else control.form.requestSubmit(control);
    } else if (event.key === "u" && undone.length) {
      event.preventDefault();
      undone.pop()();
    }
  });

  // What can be made of marked words: the field that they go into, and the one to go on with.
  const form = (id) => document.querySelector(`#${id} form`);
  const saying = () => document.getElementById("say")?.open && form("say").elements.words.value !== "";
  const takes = [
    { key: "n", words: "New event", home: "add", field: "words", next: "type", may: () => form("add") },
    { key: "q", words: "New statement", home: "say", field: "words", next: "speakers", may: () => form("say") },
    { key: "w", words: "Who said it", home: "say", field: "speakers", next: "cue", may: saying },
    { key: "v", words: "Verb", home: "say", field: "cue", next: "reason", may: saying },
  ];
  const box = document.createElement("div");
  if (form("add")) {
    box.className = "marking";
    box.hidden = true;
    document.body.append(box);
    box.addEventListener("pointerdown", (event) => event.preventDefault()); // the words stay marked
    document.addEventListener("selectionchange", () => {
      const found = marked();
      box.hidden = !found;
      if (!found) return;
      box.replaceChildren(...takes.filter((one) => one.may()).map((one) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(`${one.words} `, Object.assign(document.createElement("kbd"), { textContent: one.key }));
        button.addEventListener("click", () => take(one));
        return button;
      }));
      const place = getSelection().getRangeAt(0).getBoundingClientRect();
      box.style.left = `${Math.max(4, Math.min(place.left, innerWidth - box.offsetWidth - 4)) + scrollX}px`;
      box.style.top = `${place.bottom + scrollY + 4}px`;
    });
    for (const field of document.querySelectorAll(".adding input")) {
      const at = field.form.elements[`${field.name}_at`];
      if (at) field.addEventListener("input", () => { at.value = ""; }); // typed words are looked up
    }
  }

  function take(one) {
    const found = marked();
    const fields = form(one.home).elements;
    document.getElementById(one.home).open = true;
    if (found) {
      fields[one.field].value = found.words;
      fields[`${one.field}_at`].value = `${found.start}-${found.end}`;
    }
    box.hidden = true;
    const next = fields[found ? one.next : one.field];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  // The marked words as characters of the report's text: what is only said to screen readers is not part of it.
  function marked() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const at = (node, offset) => {
      const line = (node.nodeType === 1 ? node : node.parentElement)?.closest("p[data-start]");
      if (!line) return null;
      const before = document.createRange();
      before.setStart(line, 0);
      before.setEnd(node, offset);
      const copy = before.cloneContents();
      for (const said of copy.querySelectorAll(".sr, .word")) said.remove();
      return Number(line.dataset.start) + [...copy.textContent].length;
    };
    const start = at(range.startContainer, range.startOffset);
    const end = at(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return null;
    const copy = range.cloneContents();
    for (const said of copy.querySelectorAll(".sr, .word, .tellers")) said.remove();
    const words = copy.textContent;
    const trimmed = words.trim();
    if (!trimmed) return null;
    const lead = [...words].length - [...words.trimStart()].length;
    const tail = [...words].length - [...words.trimEnd()].length;
    return { start: start + lead, end: end - tail, words: trimmed };
  }

  area.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (card && !event.target.closest("a, button, input, select, summary, label")) choose(card, false);
  });
  document.querySelector(".text")?.addEventListener("click", (event) => {
    const link = event.target.closest("a.m");
    if (!link) return;
    const card = document.getElementById(link.hash.slice(1));
    if (card) { event.preventDefault(); history.replaceState(null, "", link.hash); choose(card); }
  });

  // The field decides which values are offered, and which one stands there now.
  area.addEventListener("change", (event) => {
    if (event.target.name === "field") fill(event.target.form);
  });
  area.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.edit[open]")) fill(event.target.querySelector("form"));
  }, true);
  function fill(form) {
    const { field, value } = form.elements;
    if (form.dataset.filled === field.value) return;
    form.dataset.filled = field.value;
    value.value = JSON.parse(form.dataset.values)[field.value] ?? "";
    if (LISTS.has(field.value)) value.setAttribute("list", `values-${field.value}`);
    else value.removeAttribute("list");
  }

  for (const one of document.querySelectorAll(".adding form")) {
    one.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = await send(one);
      if (!told) return;
      history.replaceState(null, "", told.at);
      location.reload();
    });
  }

  area.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.action.includes("/records/") && !form.action.includes("/corrections/")) return;
    event.preventDefault();
    const card = form.closest(".card");
    const id = card.dataset.record;
    if (sending.has(id)) return;
    const what = form.action.split("/").pop();
    const chosen = here() === card;
    const all = cards();
    const next = what === "accept" && chosen ? all[all.indexOf(card) + 1] : null;
    if (next) choose(next); // who accepts reads on at once
    sending.add(id);
    const told = await send(form);
    if (told) await renew(card);
    sending.delete(id);
    if (!told) { if (next) choose(card); return; }
    say({ accept: "Accepted", reject: "Taken out; u brings it back", correct: "Corrected", undo: "Taken back" }[what]);
  });

  // The card as it stands now: from its report's page, else from its own (a reviewed record is no longer in the queue).
  async function renew(card) {
    const page = document.createElement("template");
    const home = document.querySelector(".text") ? location.pathname + location.search : `/records/${encodeURIComponent(card.dataset.record)}`;
    const answer = await fetch(home, { headers: { accept: "text/html" } });
    page.innerHTML = await answer.text();
    const fresh = page.content.getElementById(card.id);
    if (!fresh) { // an addition that was taken back
      const all = cards();
      const beside = all[all.indexOf(card) + 1] ?? all[all.indexOf(card) - 1];
      const old = here() === card;
      card.remove();
      if (old) choose(beside);
      return;
    }
    const old = here() === card;
    fresh.querySelector(".n").textContent = card.querySelector(".n").textContent;
    const link = card.querySelector(".why a[href*='/reports/']");
    if (link) fresh.querySelector(".why .quiet").append(" · ", link);
    card.replaceWith(document.adoptNode(fresh));
    if (old) choose(document.getElementById(card.id), false);
    const text = document.querySelector(".text");
    const marked = page.content.querySelector(".text");
    if (text && marked) text.replaceChildren(...document.adoptNode(marked).childNodes);
    const undo = document.getElementById(card.id)?.querySelector("[data-key=u]");
    if (undo) undone.push(() => { const now = document.getElementById(card.id); choose(now); now?.querySelector("[data-key=u]")?.form.requestSubmit(); });
  }

  if (location.hash.length > 2) {
    const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (card?.classList.contains("card")) choose(card);
  }
}

// Sends a form in the background; null, and the reason said, where it is refused.
async function send(form) {
  say("…");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } });
    const told = await answer.json().catch(() => ({ error: answer.statusText }));
    if (answer.ok) return told;
    say(told.error, true);
  } catch {
    say("The server does not answer; is it still running?", true);
  }
  return null;
}

let silence = 0;
export function say(words, bad = false) {
  const box = document.getElementById("said");
  box.textContent = words;
  box.classList.add("shown");
  clearTimeout(silence);
  silence = setTimeout(() => box.classList.remove("shown"), bad ? 8000 : 2500);
}
