"""One measurement of quilt3 in a process of its own: `python quilt3_contender.py <task> <files as JSON>`."""
import json
import pathlib
import re
import sys
import time

from quilt3.packages import Package

DIRECTORY = "data/batch-00003"


def load(path):
    return Package._from_path(path)


def tree_list(files):
    return len(load(files["manifest"])[DIRECTORY].keys())


def scan(files):
    return sum(1 for _ in load(files["manifest"]).walk())


def top_hash(files):
    return load(files["manifest"]).top_hash


def diff(files):
    return sum(len(keys) for keys in load(files["manifest"]).diff(load(files["later"])))


def write(files):
    target = pathlib.Path(files["manifest"] + ".quilt3")
    with target.open("w", encoding="utf-8") as out:
        load(files["manifest"]).dump(out)
    return target.stat().st_size


def sha256(files):
    from quilt3.data_transfer import FileChecksumTask, calculate_multipart_checksum
    from quilt3.util import PhysicalKey

    path = pathlib.Path(files["object"])
    task = FileChecksumTask.create(PhysicalKey.from_path(path), path.stat().st_size, "sha2-256-chunked")
    return calculate_multipart_checksum([task])[0]


TASKS = {"list": tree_list, "scan": scan, "topHash": top_hash, "diff": diff, "write": write, "writeEntries": write, "sha256": sha256}

task, files = TASKS[sys.argv[1]], json.loads(sys.argv[2])
started = time.perf_counter()
answer = task(files)
ms = (time.perf_counter() - started) * 1000
peak = int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) * 1024 / 1e6
print(json.dumps({"answer": answer, "ms": ms, "peakMb": peak}))
