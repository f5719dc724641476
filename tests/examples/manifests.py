"""Whether the manifests of examples/kubernetes fit together, and are as the Pod Security Standards'
level "restricted" wants them. That each alone is well-formed is checked by lint_kubernetes.mjs.
"""

import collections

from world import EXAMPLES, check, load_yaml

FOLDER = EXAMPLES / "kubernetes"


def load():
    """{kind: {name: manifest}} of the files that the kustomization names."""
    kustomization = load_yaml(FOLDER / "kustomization.yaml")[0]
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    check(set(kustomization["resources"]) == files, f"kustomization.yaml: {kustomization['resources']}")
    manifests = collections.defaultdict(dict)
    for name in kustomization["resources"]:
        for manifest in load_yaml(FOLDER / name):
            manifests[manifest["kind"]][manifest["metadata"]["name"]] = manifest
            if manifest["kind"] != "Namespace":
                check(manifest["metadata"]["namespace"] == kustomization["namespace"], f"{name}: namespace")
    return manifests


def check_restricted(spec, where):
    pod, container = spec["securityContext"], spec["containers"][0]
    own = container["securityContext"]
    check(len(spec["containers"]) == 1 and "initContainers" not in spec, f"{where}: more containers")
    check(pod["runAsNonRoot"] is True and pod["runAsUser"] > 0, f"{where}: runs as root")
    check(pod["seccompProfile"]["type"] == "RuntimeDefault", f"{where}: seccomp")
    check(own == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                  "capabilities": {"drop": ["ALL"]}}, f"{where}: {own}")
    check(spec["automountServiceAccountToken"] is False, f"{where}: has a token of the cluster")
    check({"hostNetwork", "hostPID", "hostIPC", "hostPath"}.isdisjoint(spec), f"{where}: has the host's")
    check("memory" in container["resources"]["limits"], f"{where}: takes any memory")
    check(":" in container["image"] and not container["image"].endswith(":latest"), f"{where}: image")


def check_references(spec, manifests, where):
    container = spec["containers"][0]
    for source in container["envFrom"]:
        check(source["secretRef"]["name"] in manifests["Secret"], f"{where}: {source}")
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    check({mount["name"] for mount in container["volumeMounts"]} == set(volumes), f"{where}: volumes")
    for volume in volumes.values():
        if "configMap" in volume:
            check(volume["configMap"]["name"] in manifests["ConfigMap"], f"{where}: {volume}")
        elif "persistentVolumeClaim" in volume:
            claim = volume["persistentVolumeClaim"]["claimName"]
            check(claim in manifests["PersistentVolumeClaim"], f"{where}: {volume}")
        else:
            check("emptyDir" in volume, f"{where}: {volume}")


def check_manifests():
    """Returns the manifests, by kind and name."""
    manifests = load()
    labels = manifests["Namespace"]["roster"]["metadata"]["labels"]
    check(labels["pod-security.kubernetes.io/enforce"] == "restricted", "the namespace")
    watch = manifests["Deployment"]["roster-watch"]["spec"]
    drift = manifests["CronJob"]["roster-drift"]["spec"]["jobTemplate"]["spec"]
    for where, template in (("watch", watch["template"]), ("drift", drift["template"])):
        check_restricted(template["spec"], where)
        check_references(template["spec"], manifests, where)
    check(watch["replicas"] == 1 and watch["strategy"]["type"] == "Recreate", "two watchers at a time")
    check(drift["backoffLimit"] == 0 and drift["template"]["spec"]["restartPolicy"] == "Never",
          "a job that has found drift is repeated")

    pod = watch["template"]["metadata"]["labels"]
    ports = {port["name"] for port in watch["template"]["spec"]["containers"][0]["ports"]}
    service = manifests["Service"]["roster-watch"]["spec"]
    policy = manifests["NetworkPolicy"]["roster-watch"]["spec"]
    check(watch["selector"]["matchLabels"].items() <= pod.items(), "the Deployment selects other pods")
    check(service["selector"].items() <= pod.items(), "the Service selects other pods")
    check(policy["podSelector"]["matchLabels"].items() <= pod.items(), "the policy is for other pods")
    check(service["ports"][0]["targetPort"] in ports, "the Service's port")
    check({port["port"] for port in policy["ingress"][0]["ports"]} <= ports, "the policy's port")
    every = manifests["NetworkPolicy"]["roster"]["spec"]
    check(every["podSelector"] == {} and "ingress" not in every and
          set(every["policyTypes"]) == {"Ingress", "Egress"}, "not all is closed by default")
    return manifests
