// Manifests by the API's own schemas (kubernetes-models): types, choices, what is required; and
// keys that the API does not know, which its schemas alone let pass.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);
const TOP = ["apiVersion", "kind", "metadata", "spec", "data", "stringData", "type"];

// The value, noting in `seen` which keys of each of its objects a reader asks for.
function watched(value, seen, path) {
    if (value === null || typeof value !== "object") return value;
    const inner = new Map();
    seen.set(path, { value, asked: new Set() });
    return new Proxy(value, {
        get(target, key) {
            seen.get(path).asked.add(String(key));
            if (!Object.hasOwn(target, key)) return target[key];
            if (!inner.has(key)) inner.set(key, watched(target[key], seen, `${path}.${String(key)}`));
            return inner.get(key);
        },
        // Who lists the keys takes any.
        ownKeys(target) {
            Reflect.ownKeys(target).forEach((key) => seen.get(path).asked.add(String(key)));
            return Reflect.ownKeys(target);
        },
    });
}

function lintManifest(manifest, name) {
    const group = manifest.apiVersion === "v1" ? "v1" : manifest.apiVersion;
    const Kind = require(`kubernetes-models/${group}`)[manifest.kind];
    const seen = new Map();
    const findings = Object.keys(manifest)
        .filter((key) => !TOP.includes(key))
        .map((key) => `${name}.${key}: unknown key`);
    const guarded = Object.fromEntries(
        Object.entries(manifest).map(([key, value]) => [key, watched(value, seen, `${name}.${key}`)]),
    );

    try {
        // Its constructor would read all keys, to copy them.
        Object.assign(new Kind(), guarded).validate();
    } catch (error) {
        return [...findings, `${name}: ${error.message}`];
    }
    for (const [path, { value, asked }] of seen)
        if (!Array.isArray(value))
            for (const key of Object.keys(value))
                if (!asked.has(key)) findings.push(`${path}.${key}: unknown key`);
    return findings;
}

// What has to be found, one mistake each.
const mistakes = [
    (manifest) => (manifest.spec.template.spec.containers[0].readynessProbe = {}),
    (manifest) => delete manifest.spec.selector,
    (manifest) => (manifest.spec.replicas = "one"),
    (manifest) => (manifest.specs = {}),
];

export function lintManifests(folder) {
    const findings = [];

    for (const file of readdirSync(folder)) {
        for (const document of parseAllDocuments(readFileSync(join(folder, file), "utf8"))) {
            findings.push(...document.errors.map((error) => `${file}: ${error.message}`));
            const manifest = document.toJS();
            if (manifest.kind === "Kustomization") continue; // run_services.py looks at it
            findings.push(...lintManifest(manifest, `${file}: ${manifest.kind}`));
            for (const mistake of manifest.kind === "Deployment" ? mistakes : []) {
                const wrong = document.toJS();
                mistake(wrong);
                if (lintManifest(wrong, file).length === 0) findings.push(`not found: ${mistake}`);
            }
        }
        console.log(`checked kubernetes/${file}`);
    }
    return findings;
}
