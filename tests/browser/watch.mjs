// Holds what the status page of roster watch promises, in a headless Chromium:
//
//     WATCH_URL=http://127.0.0.1:…/ WATCH_PID=… CHROMIUM=… node watch.mjs SCREENSHOTS
//
// below roster-sandbox, with a watch that only looks when it gets SIGHUP.
import assert from "node:assert/strict";
import { writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { checkAccessibility, checkNarrow, flags, NARROW, WIDE } from "./support.mjs";

const { WATCH_URL: url, WATCH_PID: pid, ROSTER_API_URL: api } = process.env;
const screenshots = process.argv[2];
const look = () => process.kill(Number(pid), "SIGHUP");
const verdict = (page) => page.textContent("[data-live=verdict]");

async function waitForVerdict(page, pattern) {
  await page.waitForFunction(
    (source) => new RegExp(source).test(document.querySelector("[data-live=verdict]").textContent),
    pattern,
  );
}

async function waitForRuns(page, count) {
  await page.waitForFunction((n) => document.querySelectorAll("#runs tbody tr").length === n, count);
}

// Any error, and any request but to the page itself and its own two addresses, fails the test.
async function open(browser, options) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const complaints = [];
  const allowed = new Set([url, `${url}status.json`]);

  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error}`));
  page.on("request", (request) => {
    if (!allowed.has(request.url().split("#")[0])) complaints.push(`request: ${request.url()}`);
  });
  const answer = await page.goto(url);
  assert.match(answer.headers()["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
  return { context, page, complaints };
}

// An injected script, style or image is not run, shown or loaded.
async function checkPolicy(browser) {
  const { context, page } = await open(browser, {});
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.body.append(script);
    const style = document.createElement("style");
    style.textContent = "body { display: none }";
    document.head.append(style);
  });
  assert.equal(await page.evaluate(() => window.injected), undefined);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).display), "none");
  await context.close();
}

async function checkKeyboard(page) {
  const focused = () =>
    page.evaluate(() => ({
      id: document.activeElement.id || document.activeElement.className,
      outline: getComputedStyle(document.activeElement).outlineStyle,
    }));
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Tab");
  assert.equal((await focused()).id, "skip");
  await page.keyboard.press("Enter");
  assert.equal((await focused()).id, "plan");
  await page.focus("#theme");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("#theme", "aria-pressed"), "true");
  await page.keyboard.press("Enter");
  await page.keyboard.press("/");
  assert.equal((await focused()).id, "filter-text");
  await page.focus("#runs .scroll");
  assert.equal((await focused()).outline, "solid");
}

// Without a reload, and with what the reader has typed kept.
async function checkUpdates(page) {
  const changes = await page.locator(".change").count();
  assert.ok(changes > 0);
  await page.evaluate(() => {
    window.still = "here";
  });
  await page.focus("#filter-text");
  await page.keyboard.type("zzz");
  await page.waitForFunction(() => document.getElementById("shown").textContent.startsWith("No change"));
  look();
  await waitForRuns(page, 2);
  assert.equal(await page.inputValue("#filter-text"), "zzz", "a plan that is the same stays");

  const pair = Buffer.from(`${process.env.TWILIO_ACCOUNT_SID}:${process.env.TWILIO_AUTH_TOKEN}`);
  const answer = await fetch(`${api}/v1/Services`, {
    method: "POST",
    headers: {
      authorization: `Basic ${pair.toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "FriendlyName=Made+by+hand",
  });
  assert.equal(answer.status, 201);
  const roster = readFileSync("roster.yaml", "utf8");
  writeFileSync("roster.yaml", `${roster}\n  - friendly_name: <i>Newest</i>\n`);
  look();
  await page.waitForFunction((before) => document.querySelectorAll(".change").length > before, changes);
  assert.ok((await page.textContent("#plan")).includes("<i>Newest</i>"));
  assert.equal(await page.inputValue("#filter-text"), "zzz");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter-text");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.getElementById("shown").textContent.startsWith("All "));
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter-text");
  assert.equal(await page.inputValue("#filter-text"), "");

  writeFileSync("roster.yaml", roster.replace("friendly_name", "friendly_nam"));
  look();
  await waitForVerdict(page, "Last run: failed: roster.yaml:.*friendly_nam");
  assert.ok((await page.textContent("[data-live=log] pre")).includes("did you mean"));
  assert.ok((await page.locator(".change").count()) > changes, "the last plan stays");
  await page.screenshot({ path: join(screenshots, "watch-failed.png"), fullPage: true });
  await checkAccessibility(page, "the status page after a failure");
  writeFileSync("roster.yaml", roster);
  look();
  await waitForVerdict(page, "differs: ");
  assert.equal(await page.evaluate(() => window.still), "here", "the page was not loaded again");
}

async function checkLost(page) {
  assert.equal(await page.locator("#lost:visible").count(), 0);
  process.kill(Number(pid), "SIGTERM");
  await page.waitForSelector("#lost:visible");
  assert.match(await page.textContent("#lost"), /out of date/);
  await page.screenshot({ path: join(screenshots, "watch-lost.png") });
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
try {
  const { context, page, complaints } = await open(browser, { colorScheme: "light" });
  await waitForVerdict(page, "Differs: the account is not as the roster says");
  assert.match(await page.title(), /^Differs: /);
  assert.match(await verdict(page), /Last run: differs: /);
  await page.screenshot({ path: join(screenshots, "watch-light.png"), fullPage: true });
  await checkAccessibility(page, "the status page, light");
  await checkKeyboard(page);
  await checkUpdates(page);
  for (const options of [{ colorScheme: "dark" }, { colorScheme: "light", viewport: NARROW }]) {
    const other = await open(browser, options);
    const name = options.viewport ? "narrow" : "dark";
    await other.page.screenshot({ path: join(screenshots, `watch-${name}.png`), fullPage: true });
    if (options.viewport) await checkNarrow(other.page);
    await checkAccessibility(other.page, `the status page, ${name}`);
    assert.deepEqual(other.complaints, []);
    await other.context.close();
  }
  await checkPolicy(browser);
  assert.deepEqual(complaints, []);
  await checkLost(page);
  await context.close();
  console.log("the status page of watch: updates, policy, keyboard, accessibility");
} finally {
  await browser.close();
}
