// Holds what the HTML plan promises, in a headless Chromium:
//
//     CHROMIUM=/usr/bin/chromium node check.mjs SCREENSHOTS PAGE.html…
//
// Each PAGE.html has the plan's JSON document beside it, PAGE.json. Pictures of the pages go to the
// folder SCREENSHOTS, for people to look at.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { checkAccessibility, checkNarrow, flags, NARROW, WIDE } from "./support.mjs";

// Pages with more changes are looked at by the accessibility engine once only.
const LARGE = 1000;

// Opens a page that fails the test on any error, message or request but for the page itself.
async function open(browser, url, options, look) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const complaints = [];

  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error}`));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await look(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

// The changes that are in view: {kind, text} with the service's name in the text.
function readShown(page) {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll(".change"))
      .filter((item) => !item.hidden && !item.closest(".service").hidden)
      .map((item) => ({
        kind: item.dataset.kind,
        text: `${item.closest(".service").querySelector("h3").textContent} ${item.textContent}`,
      })),
  );
}

async function waitForStatus(page, pattern) {
  await page.waitForFunction(
    (source) => new RegExp(source).test(document.getElementById("shown").textContent),
    pattern,
  );
}

function countKinds(changes) {
  const counts = {};
  for (const change of changes) counts[change.kind] = (counts[change.kind] ?? 0) + 1;
  return counts;
}

async function checkFigures(page, plan) {
  const figures = await page.$$eval("[data-figure]", (elements) =>
    Object.fromEntries(elements.map((element) => [element.dataset.figure, Number(element.textContent)])),
  );
  assert.deepEqual(figures, plan.summary, "the figures equal the JSON summary");

  const shown = await readShown(page);
  assert.equal(shown.length, plan.changes.length);
  assert.deepEqual(countKinds(shown), countKinds(plan.changes));

  const text = await page.evaluate(() => document.body.textContent);
  const facts = [plan.account_sid, plan.source.location, plan.source.sha256];
  const sentences = plan.refusals.flatMap((refusal) => [refusal.guard, refusal.message, refusal.allow]);
  const notes = plan.changes.flatMap((change) => change.notes);
  for (const part of [...facts, ...sentences, ...notes])
    assert.ok(text.includes(visible(part)), `the page says ${part}`);
  assert.equal(await page.locator(".refusal").count(), plan.refusals.length);
}

// As str_add_visible() shows what a reader could not see.
function visible(text) {
  return text
    .replace(/\n/g, "\\n")
    .replace(/[\u0000-\u001f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);
}

// Nothing in the page comes from the texts that it shows, and none of it is secret.
async function checkInjection(page, plan) {
  const found = await page.evaluate(() => {
    const allowed = new Set(["script", "style", "meta"]);
    const elements = Array.from(document.querySelectorAll("*"));
    return {
      injected: String(window.injected),
      scripts: document.scripts.length,
      styles: document.querySelectorAll("style").length,
      foreign: document.querySelectorAll("img, iframe, object, embed, link, base, video, audio, image, use")
        .length,
      attributes: elements
        .filter((element) => !allowed.has(element.localName))
        .flatMap((element) => element.getAttributeNames())
        .filter((name) => name.startsWith("on") || name === "style" || name === "src"),
      links: elements
        .filter((element) => element.hasAttribute("href"))
        .map((element) => element.getAttribute("href"))
        .filter((href) => !/^#[a-z0-9-]+$/.test(href)),
      text: document.documentElement.outerHTML,
      names: Array.from(document.querySelectorAll(".service h3 bdi"), (name) => name.textContent),
    };
  });
  assert.equal(found.injected, "undefined");
  assert.equal(found.scripts, 1);
  assert.equal(found.styles, 1);
  assert.equal(found.foreign, 0);
  assert.deepEqual(found.attributes, []);
  assert.deepEqual(found.links, []);
  assert.doesNotMatch(found.text, /[\u0000-\u0008\u000b-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  for (const secret of ["s3cret", "hunter2", "<i>", process.env.HOTLINE])
    assert.ok(!found.text.includes(secret), `${secret} is not in the page`);
  const changed = plan.services.filter((_, index) => plan.changes.some((change) => change.service === index));
  for (const service of changed)
    if (typeof service.name === "string")
      assert.ok(found.names.includes(visible(service.name)), `${service.name} is shown`);
}

async function checkFilter(page, plan) {
  const all = await readShown(page);
  const words = [all[0].text.split(" ")[0], all.at(-1).kind === "delete_service" ? "delete" : "number"];
  const total = plan.summary.changes;

  for (const word of [...words, "sticky_sender", "RosTer.Yaml"]) {
    await page.fill("#filter-text", word);
    const expected = all.filter((change) => change.text.toLowerCase().includes(word.toLowerCase()));
    await waitForStatus(
      page,
      expected.length === total ? "^All " : expected.length === 0 ? "^No " : `^Showing ${expected.length} of ${total} `,
    );
    assert.deepEqual(await readShown(page), expected, `the filter finds ${word}`);
  }
  await page.fill("#filter-text", "no such thing");
  await waitForStatus(page, "^No change matches");
  assert.equal(await page.locator(".service:visible").count(), 0);
  assert.equal(await page.getAttribute("#shown", "role"), "status");

  await page.focus("#filter-text");
  await page.keyboard.press("Escape");
  await waitForStatus(page, total === 1 ? "^1 change$" : "^All ");
  assert.equal(await page.inputValue("#filter-text"), "");

  for (const toggle of await page.locator("#filter input[name=kind]").all()) {
    const kind = await toggle.getAttribute("value");
    await toggle.uncheck();
    assert.deepEqual(await readShown(page), all.filter((change) => change.kind !== kind));
    await toggle.check();
  }
  assert.deepEqual(await readShown(page), all);
}

// From the top of the page without a mouse: skip link, theme, filter, toggles.
async function checkKeyboard(page) {
  const focused = () =>
    page.evaluate(() => ({
      id: document.activeElement.id || document.activeElement.className || document.activeElement.localName,
      outline: getComputedStyle(document.activeElement).outlineStyle,
    }));
  const all = (await readShown(page)).length;

  await page.goto(page.url());
  await page.keyboard.press("Tab");
  assert.equal((await focused()).id, "skip");
  await page.keyboard.press("Tab");
  assert.deepEqual(await focused(), { id: "theme", outline: "solid" });
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.deepEqual(await focused(), { id: "filter-text", outline: "solid" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.ok((await readShown(page)).length < all, "a toggle works by keyboard");
  await page.keyboard.press("Space");
  assert.equal((await readShown(page)).length, all);
  await page.keyboard.press("/");
  assert.equal((await focused()).id, "filter-text");
  assert.equal(await page.inputValue("#filter-text"), "", "the slash only leads to the field");
  await page.keyboard.type("a/b");
  assert.equal(await page.inputValue("#filter-text"), "a/b");
  await page.keyboard.press("Escape");
  for (const region of await page.locator(".scroll:visible").all()) {
    await region.focus();
    assert.equal((await focused()).outline, "solid", "the picture's region can have the focus");
  }
}

async function checkTheme(page, scheme) {
  const look = () =>
    page.evaluate(() => ({
      ground: getComputedStyle(document.body).backgroundColor,
      pressed: document.getElementById("theme").getAttribute("aria-pressed"),
    }));
  const before = await look();

  assert.equal(before.pressed, String(scheme === "dark"));
  await page.focus("#theme");
  await page.keyboard.press("Enter");
  const after = await look();
  assert.notEqual(after.ground, before.ground);
  assert.equal(after.pressed, String(scheme !== "dark"));
  await page.click("#theme");
  assert.deepEqual(await look(), before);
}

async function checkWithoutScript(page, plan) {
  assert.equal(await page.locator("#theme:visible, #filter:visible").count(), 0);
  assert.equal(await page.locator(".change:visible").count(), plan.changes.length);
}

async function checkMedia(page) {
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), "smooth");
  await page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), "auto");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#theme:visible, #filter:visible, .skip:visible").count(), 0);
}

async function checkPage(browser, file, screenshots) {
  const plan = JSON.parse(readFileSync(file.replace(/html$/, "json"), "utf8"));
  const name = basename(file, ".html");
  const url = pathToFileURL(file).href;
  const large = plan.changes.length > LARGE;
  const shoot = (page, look) => page.screenshot({ path: join(screenshots, `${name}-${look}.png`), fullPage: !large });

  await open(browser, url, { colorScheme: "light" }, async (page) => {
    await checkFigures(page, plan);
    await checkInjection(page, plan);
    await shoot(page, "light");
    await checkTheme(page, "light");
    if (plan.changes.length !== 0) {
      await checkFilter(page, plan);
      await checkKeyboard(page);
    }
    await checkAccessibility(page, `${name}, light`);
    await checkMedia(page);
  });
  await open(browser, url, { colorScheme: "dark" }, async (page) => {
    await shoot(page, "dark");
    await checkTheme(page, "dark");
    if (!large) await checkAccessibility(page, `${name}, dark`);
  });
  await open(browser, url, { colorScheme: "light", viewport: NARROW }, async (page) => {
    await checkNarrow(page);
    await shoot(page, "narrow");
    if (!large) await checkAccessibility(page, `${name}, narrow`);
    await checkNarrow(page);
  });
  await open(browser, url, { javaScriptEnabled: false }, (page) => checkWithoutScript(page, plan));
  console.log(`${name}: ${plan.changes.length} changes, ${readFileSync(file).length} bytes`);
}

const [screenshots, ...files] = process.argv.slice(2);
mkdirSync(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
try {
  for (const file of files) await checkPage(browser, file, screenshots);
} finally {
  await browser.close();
}
