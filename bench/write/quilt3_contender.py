"""One measurement of quilt3 in a process of its own: `python quilt3_contender.py <registry> <task> <world as JSON>`."""

import hashlib
import json
import pathlib
import re
import shutil
import sys
import time

import quilt3

REGISTRY, TASK, WORLD = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
NAME = WORLD["name"]


def from_s3():
    package = quilt3.Package().set_dir(".", f"{REGISTRY}/{WORLD['prefix']}")
    return package.push(NAME, REGISTRY, message=NAME, selector_fn=lambda *_: False)


def upload():
    return quilt3.Package().set_dir(".", WORLD["folder"]).push(NAME, REGISTRY, message=NAME)


def in_place():
    package = quilt3.Package().set_dir(".", WORLD["folder"])
    package.build(NAME, REGISTRY, message=NAME)
    return package


def copied():
    """quilt3 copies nothing into a local registry: its users do."""
    target = pathlib.Path(WORLD["root"]) / NAME
    shutil.copytree(WORLD["folder"], target)
    package = quilt3.Package().set_dir(".", str(target))
    package.build(NAME, REGISTRY, message=NAME)
    return package


def digest_of(package):
    lines = sorted(f"{key} {entry.size} {entry.hash['value']}\n" for key, entry in package.walk())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


started = time.perf_counter()
is_local = REGISTRY.startswith("file:")
package = {"fromS3": from_s3, "upload": copied if is_local else upload, "inPlace": in_place}[TASK]()
ms = (time.perf_counter() - started) * 1000
peak = int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) * 1024 / 1e6
print(json.dumps({"pushed": True}), flush=True)
print(json.dumps({"ms": ms, "peakMb": peak, "answer": digest_of(package)}))
