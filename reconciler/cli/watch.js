// Keeps the status page of roster watch up to date: asks for /status.json, and when something has
// changed, for the page again, of which it takes the parts that differ (data-live).
"use strict";
(() => {
  const PERIOD_MS = 2000;
  const root = document.documentElement;
  const lost = document.getElementById("lost");
  const parts = () => Array.from(document.querySelectorAll("[data-live]"));
  // As they were sent: what a script or a reader did to them does not count.
  const sent = new Map(parts().map((part) => [part.dataset.live, part.outerHTML]));
  let sequence = root.dataset.sequence;
  let ahead = Number(root.dataset.now) - Date.now();

  function describe(ms) {
    const seconds = Math.round(Math.abs(ms) / 1000);
    const [amount, unit] =
      seconds < 100 ? [seconds, "s"]
      : seconds < 6000 ? [Math.round(seconds / 60), "min"]
      : seconds < 180000 ? [Math.round(seconds / 3600), "h"]
      : [Math.round(seconds / 86400), "d"];
    return ms > 0 ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
  }

  // How long ago, or how far off, beside each time that is a fact.
  function showDistances() {
    for (const place of document.querySelectorAll(".when")) {
      const time = place.querySelector("time");
      const distance = place.querySelector("span") ?? place.appendChild(document.createElement("span"));
      const text = ` (${describe(Date.parse(time.dateTime) - Date.now() - ahead)})`;
      if (distance.textContent !== text) distance.textContent = text;
    }
  }

  // What a reader opened or typed in a part that is replaced.
  function keepState(part) {
    const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
    const field = part.querySelector("#filter-text");
    const open = part.querySelector("details")?.open;
    return (fresh) => {
      const details = fresh.querySelector("details");
      const freshField = fresh.querySelector("#filter-text");
      if (details && open) details.open = true;
      if (field && freshField) freshField.value = field.value;
      return () => {
        if (focus) document.getElementById(focus)?.focus();
      };
    };
  }

  // A live region stays where it is, or what is new in it would not be read out.
  function put(part, fresh) {
    if (part.getAttribute("role") === "status") {
      part.className = fresh.className;
      part.replaceChildren(...fresh.childNodes);
      return;
    }
    const restore = keepState(part)(fresh);
    part.replaceWith(fresh);
    if (fresh.dataset.live === "plan") document.dispatchEvent(new Event("planreplaced"));
    restore();
  }

  function take(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    sequence = page.documentElement.dataset.sequence;
    ahead = Number(page.documentElement.dataset.now) - Date.now();
    for (const part of parts()) {
      const name = part.dataset.live;
      const fresh = page.querySelector(`[data-live="${name}"]`);
      if (!fresh || sent.get(name) === fresh.outerHTML) continue;
      sent.set(name, fresh.outerHTML);
      put(part, document.adoptNode(fresh));
    }
    showDistances();
  }

  async function get(path) {
    const answer = await fetch(path, { cache: "no-store" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }

  async function look() {
    try {
      const status = await (await get("status.json")).json();
      if (String(status.sequence) !== sequence) take(await (await get("./")).text());
      lost.hidden = true;
    } catch {
      const text = "No answer from roster watch: what is shown may be out of date.";
      if (lost.textContent !== text) lost.textContent = text;
      lost.hidden = false;
    }
    setTimeout(look, PERIOD_MS);
  }

  showDistances();
  setInterval(showDistances, 1000);
  setTimeout(look, PERIOD_MS);
})();
