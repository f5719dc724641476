// Theme and filter of a plan's HTML page; without it the page shows everything, in the system's
// theme. html_changes.h names the elements that this relies on.
"use strict";
(() => {
  function setUpTheme() {
    const root = document.documentElement;
    const button = document.getElementById("theme");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const show = () => button.setAttribute("aria-pressed", String(isDark()));

    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      show();
    });
    system.addEventListener("change", show);
    show();
    button.hidden = false;
  }

  const fold = (text) => text.toLowerCase().replace(/\s+/g, " ");

  // The services and their changes; what they say is read when it is first looked for.
  function readServices() {
    return Array.from(document.querySelectorAll(".service"), (section) => ({
      section,
      text: fold(section.querySelector("h3").textContent),
      changes: Array.from(section.querySelectorAll(".change"), (item) => ({
        item,
        kind: item.dataset.kind,
        text: null,
      })),
    }));
  }

  // Whether each word stands in the change, or in the name of its service.
  function matches(service, change, words) {
    if (words.length === 0) return true;
    change.text ??= fold(change.item.textContent);
    return words.every((word) => change.text.includes(word) || service.text.includes(word));
  }

  // What listens beyond the form, and has to go when another form takes its place.
  let beyond = new AbortController();

  function setUpFilter() {
    const form = document.getElementById("filter");
    beyond.abort();
    beyond = new AbortController();
    if (!form) return;
    const field = document.getElementById("filter-text");
    const toggles = Array.from(form.querySelectorAll("input[name=kind]"));
    const shown = document.getElementById("shown");
    const services = readServices();
    const total = services.reduce((sum, service) => sum + service.changes.length, 0);
    let waiting = 0;

    function announce(count) {
      let text = `Showing ${count} of ${total} change${total === 1 ? "" : "s"}`;
      if (count === total) text = total === 1 ? "1 change" : `All ${total} changes`;
      if (count === 0) text = "No change matches the filter";
      if (shown.textContent !== text) shown.textContent = text;
    }

    function apply() {
      const words = fold(field.value).split(" ").filter((word) => word !== "");
      const kinds = new Set(toggles.filter((toggle) => toggle.checked).map((toggle) => toggle.value));
      let count = 0;

      clearTimeout(waiting);
      for (const service of services) {
        let visible = 0;
        for (const change of service.changes) {
          const match = kinds.has(change.kind) && matches(service, change, words);
          change.item.hidden = !match;
          if (match) visible++;
        }
        service.section.hidden = visible === 0;
        count += visible;
      }
      announce(count);
    }

    function clear() {
      field.value = "";
      apply();
    }

    // A moment later, so that a reader of the screen is not told of every letter.
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 150);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      clear();
    });
    for (const toggle of toggles) toggle.addEventListener("change", apply);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      apply();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target === field) return;
      event.preventDefault();
      field.focus();
      field.select();
    }, { signal: beyond.signal });
    // A link leads to its service even when the filter hides it.
    addEventListener("hashchange", () => {
      const target = document.getElementById(location.hash.slice(1));
      if (!target || !target.hidden) return;
      for (const toggle of toggles) toggle.checked = true;
      clear();
      target.scrollIntoView();
    }, { signal: beyond.signal });
    form.hidden = false;
    apply();
  }

  setUpTheme();
  setUpFilter();
  // A page that shows one plan after the other says so.
  document.addEventListener("planreplaced", setUpFilter);
})();
