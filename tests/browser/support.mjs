// What the tests of the HTML pages have in common.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 400, height: 800 };

export const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"].concat(
  ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
);

export async function checkAccessibility(page, name) {
  // Services out of view are not laid out, which would keep the engine from looking at them.
  await page.evaluate(() => {
    document.styleSheets[0].insertRule(".large .service { content-visibility: visible !important }", 0);
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations"] }),
  );
  const found = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html}: ${node.failureSummary}`),
  );
  assert.deepEqual(found.slice(0, 5), [], `accessibility of ${name}`);
  assert.ok(passes.some((rule) => rule.id === "color-contrast"), "colours were looked at");
}

export async function checkNarrow(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= NARROW.width, `at ${NARROW.width}px the page is ${width}px wide`);
}
