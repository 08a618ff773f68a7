// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Comfort only: each page does all of this without the script, or says how.
(() => {
  "use strict";
  document.documentElement.classList.add("script");

  // Times in the browser's own zone.
  const local = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
  const brief = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  for (const t of document.querySelectorAll("time[data-local]")) {
    const at = new Date(t.dateTime);
    if (!isNaN(at)) t.textContent = (t.dataset.local === "short" ? brief : local).format(at);
  }

  // Waits that count down. The server's word is counted from when the page came, so that a wrong clock here does no harm.
  const began = performance.now();
  const loaded = Date.now();
  const say = (s) => (s === 1 ? "in 1 second" : s <= 90 ? `in ${s} seconds` : `in ${Math.ceil(s / 60)} minutes`);
  const words = (text) => {
    const m = /in (\d+) (second|minute|hour)/.exec(text);
    return m ? Number(m[1]) * { second: 1, minute: 60, hour: 3600 }[m[2]] : 0;
  };
  const waits = [...document.querySelectorAll("[data-wait]")].map((el) => ({ el, left: words(el.textContent) }));
  const buttons = [...document.querySelectorAll("[data-wait-button]")];
  const first = waits.length ? waits[waits.length - 1].left : 0;
  for (const b of buttons) b.disabled = first > 0;
  const tick = () => {
    const gone = Math.max(Math.floor((performance.now() - began) / 1000), Math.floor((Date.now() - loaded) / 1000));
    let open = false;
    for (const w of waits) {
      const s = w.left - gone;
      if (s > 0) {
        open = true;
        if (w.left <= 5400) w.el.textContent = say(s);
      } else if (w.left > 0) {
        w.el.textContent = "now";
      }
    }
    if (first - gone <= 0) for (const b of buttons) b.disabled = false;
    if (open) setTimeout(tick, 1000);
  };
  if (waits.length) tick();

  // Copy and print.
  for (const b of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    b.hidden = false;
    b.addEventListener("click", async () => {
      const from = document.getElementById(b.dataset.copy);
      const rows = [...from.querySelectorAll("li")].map((li) => li.textContent.trim());
      const text = rows.length ? rows.join("\n") : from.textContent.replace(/\s/g, "");
      const label = b.textContent;
      try {
        await navigator.clipboard.writeText(text);
        b.textContent = "Copied";
      } catch {
        b.textContent = "Not copied";
      }
      setTimeout(() => { b.textContent = label; }, 2000);
    });
  }
  for (const b of document.querySelectorAll("[data-print]")) {
    b.hidden = false;
    b.addEventListener("click", () => window.print());
  }

  // A form is sent once, however often its button is pressed.
  for (const f of document.querySelectorAll("form")) {
    let sent = false;
    f.addEventListener("submit", (e) => {
      if (sent) e.preventDefault();
      sent = true;
    });
  }
  window.addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
})();
