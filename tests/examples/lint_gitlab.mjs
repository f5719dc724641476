// GitLab's own JSON Schema and rules, by gitlab-ci-local: which jobs a pipeline of each kind has.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tool = fileURLToPath(new URL("node_modules/gitlab-ci-local/src/index.js", import.meta.url));

const pipelines = [
    { changed: true, variables: { CI_PIPELINE_SOURCE: "push" }, jobs: ["validate", "plan", "apply"] },
    { changed: false, variables: { CI_PIPELINE_SOURCE: "push" }, jobs: [] },
    {
        changed: true,
        variables: { CI_PIPELINE_SOURCE: "merge_request_event", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "7" },
        jobs: ["validate", "review"],
    },
    {
        // From a fork: nothing with secrets.
        changed: true,
        variables: { CI_PIPELINE_SOURCE: "merge_request_event", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "8" },
        jobs: ["validate"],
    },
    { changed: false, variables: { CI_PIPELINE_SOURCE: "schedule" }, jobs: ["drift"] },
];

// A repository whose main branch has changed roster.yaml, or not, since the remote's.
function makeRepository(folder, changed) {
    const git = (...words) =>
        execFileSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...words], { cwd: folder });

    mkdirSync(folder);
    git("init", "-q", "-b", "main");
    git("remote", "add", "origin", "git@git.example.com:team/config.git");
    writeFileSync(join(folder, "roster.yaml"), "version: 1\n");
    git("add", ".");
    git("commit", "-q", "-m", "roster");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    writeFileSync(join(folder, changed ? "roster.yaml" : "other.txt"), "version: 1\nservices: []\n");
    git("add", ".");
    git("commit", "-q", "-m", "change");
}

function list(folder, variables) {
    const given = Object.entries({ CI_PROJECT_ID: "7", ...variables });
    const options = given.flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
    return spawnSync(process.execPath, [tool, "--list-csv", ...options], { cwd: folder, encoding: "utf8" });
}

export function lintGitlab(path, scratch) {
    const findings = [];
    const text = readFileSync(path, "utf8");

    for (const [index, { changed, variables, jobs }] of pipelines.entries()) {
        const folder = join(scratch, `pipeline-${index}`);
        makeRepository(folder, changed);
        cpSync(path, join(folder, ".gitlab-ci.yml"));
        const { status, stdout, stderr } = list(folder, variables);
        const found = stdout.split("\n").slice(1).filter((line) => line !== "").map((line) => line.split(";")[0]);
        if (status !== 0) findings.push(stderr);
        else if (found.join() !== jobs.join())
            findings.push(`${JSON.stringify(variables)}: jobs ${found.join()} instead of ${jobs.join()}`);
        writeFileSync(join(folder, ".gitlab-ci.yml"), text.replace("stage: drift", "stage: drift\n  resource_grup: x"));
        if (list(folder, variables).status === 0) findings.push("no mistake is found in an unknown key");
    }
    console.log("checked gitlab-ci.yml");
    return findings;
}
