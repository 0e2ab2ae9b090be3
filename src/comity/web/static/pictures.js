// Pictures: saved as PNG from the SVG that the server gives.

// A brush: drawn over the periods of a series, it lists their sentences.
function startBrush(box) {
  const hits = [...box.querySelectorAll(".hit[data-period]")];
  let from = -1, to = -1;
  const at = (event) => {
    const found = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches(".hit[data-period]"));
    return found ? hits.indexOf(found) : -1;
  };
  const paint = () => hits.forEach((hit, n) => hit.classList.toggle("brushed", from >= 0 && n >= Math.min(from, to) && n <= Math.max(from, to)));
  box.addEventListener("pointerdown", (event) => { if (event.button === 0) { from = to = at(event); paint(); } });
  box.addEventListener("pointermove", (event) => { if (from >= 0) { const now = at(event); if (now >= 0) { to = now; paint(); } } });
  box.addEventListener("dragstart", (event) => event.preventDefault());
  box.addEventListener("click", (event) => { if (from !== to && from >= 0) event.preventDefault(); }, true);
  addEventListener("pointerup", () => {
    if (from >= 0 && from !== to) {
      const url = new URL(location.href);
      const ends = [hits[Math.min(from, to)].dataset.period, hits[Math.max(from, to)].dataset.period];
      url.searchParams.set("brush", ends.join(".."));
      url.hash = "behind";
      location.assign(url);
    }
    from = to = -1;
    paint();
  });
}

export function startPictures() {
  // A slider says its year while it moves, and asks when it is let go.
  for (const slide of document.querySelectorAll("[data-slide]")) {
    slide.addEventListener("input", () => { document.getElementById(slide.dataset.slide).textContent = slide.value; });
    slide.addEventListener("change", () => slide.form.requestSubmit());
  }
  for (const box of document.querySelectorAll("[data-brush]")) startBrush(box);
  for (const link of document.querySelectorAll("a[data-png]")) {
    link.hidden = false;
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const source = await (await fetch(link.getAttribute("href"))).text();
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * 2;
      canvas.height = image.naturalHeight * 2;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(image.src);
      canvas.toBlob((blob) => {
        const save = document.createElement("a");
        save.href = URL.createObjectURL(blob);
        save.download = link.dataset.png;
        save.click();
        setTimeout(() => URL.revokeObjectURL(save.href), 1000);
      }, "image/png");
    });
  }
}
