"""Write the software bill of materials: what the lock installs, with hashes and licences, as CycloneDX 1.6.

`make sbom` runs it in an environment of its own that has the tool, which is no dependency of ours: `sbom.py LOCK
ENVIRONMENT PYPROJECT OUTPUT`. The tool reads hashes from the lock, licences from what is installed; here they meet.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

Bom = dict[str, Any]


def main(lock: str, environment: str, pyproject: str, output: str) -> None:
    """Exit with a sentence if the bill is not exactly the lock, or no valid document."""
    locked, installed = _told("requirements", lock, pyproject), _told("environment", environment, pyproject)
    bom = merged(locked, installed)
    text = json.dumps(bom, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"The bill is not valid: {error}")
    listed = {(_name(each["name"]), each["version"]) for each in bom["components"]}
    if listed != (expected := in_lock(Path(lock).read_text("utf-8"))):
        sys.exit(f"The bill is not the lock: {sorted(listed ^ expected)}")
    Path(output).write_text(text, encoding="utf-8")
    without = sorted(each["name"] for each in bom["components"] if not each.get("licenses"))
    said = f"; without a licence, for this machine does not install them: {', '.join(without)}" if without else ""
    print(f"{output}: {len(listed)} packages, as {lock} has them{said}.")  # noqa: T201 - the output of the command


def merged(locked: Bom, installed: Bom) -> Bom:
    """What is *locked*, told as it is *installed* where it is, with the hashes of the lock."""
    known = {_name(each["name"]): each for each in installed["components"]}
    root = installed["metadata"]["component"]["bom-ref"]
    components = []
    for each in locked["components"]:
        its = known.get(_name(each["name"]), {**each, "description": "not installed on the machine that wrote this"})
        hashes = [ref for ref in each["externalReferences"] if ref.get("hashes")]
        components.append({**its, "externalReferences": [*its.get("externalReferences", []), *hashes]})
    refs = {root, *(each["bom-ref"] for each in components)}
    depends = [
        {"ref": each["ref"], "dependsOn": sorted(refs & set(each.get("dependsOn", [])))}
        for each in installed["dependencies"]
        if each["ref"] in refs
    ]
    return {**installed, "components": components, "dependencies": depends}


def in_lock(text: str) -> set[tuple[str, str]]:
    """Names and versions as the lock pins them."""
    return {(_name(name), version) for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)}


def _told(*asked: str) -> Bom:
    how, source, pyproject = asked
    command = ["cyclonedx-py", how, source, "--pyproject", pyproject, "--sv", "1.6", "--output-reproducible"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"cyclonedx-py {how} {source}: {done.stderr}")
    told: Bom = json.loads(done.stdout)
    return told


def _name(name: str) -> str:
    """As PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main(*sys.argv[1:])
