"""One measurement of quilt3 in a process of its own: `python quilt3_contender.py <registry> <task>`."""

import json
import sys
import time

import quilt3

REGISTRY, TASK = sys.argv[1], sys.argv[2]
NAME, UPDATED, DIRECTORY = "bench/large", "bench/updated", "data/batch-03"


def listed():
    return len([name for name in quilt3.list_packages(REGISTRY) if name.startswith("bench/")])


def browse():
    return len(quilt3.Package.browse(NAME, REGISTRY)[DIRECTORY].keys())


def diff():
    newest = sorted((one for one in quilt3.list_package_versions(NAME, REGISTRY) if one[0] != "latest"), key=lambda one: int(one[0]))
    earlier, later = [quilt3.Package.browse(NAME, REGISTRY, top_hash=top_hash) for _, top_hash in newest[-2:]]
    return sum(len(keys) for keys in earlier.diff(later))


def read():
    return quilt3.Package.browse(NAME, REGISTRY)[f"{DIRECTORY}/000003.txt"].get_bytes().decode()


def update():
    package = quilt3.Package.browse(UPDATED, REGISTRY)
    count = sum(1 for _ in package.walk())
    package["data/batch-00/000000.txt"].set_meta({"now": time.time_ns()})
    if REGISTRY.startswith("file:"):
        package.build(UPDATED, REGISTRY, message="update")
    else:
        package.push(UPDATED, REGISTRY, message="update", selector_fn=lambda *_: False)
    return count


started = time.perf_counter()
answer = {"list": listed, "browse": browse, "diff": diff, "read": read, "update": update}[TASK]()
print(json.dumps({"answer": answer, "ms": (time.perf_counter() - started) * 1000}))
