"""quilt3 8.0.0 and quilt-mcp write to one registry in turn, and each reads what the other wrote. Run by in-turns.mjs, once a place."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import quilt3

# title, registry (`s3://bucket` or `file:///folder`), bucket (as quilt-mcp names it), args (of quilt-mcp), versioned
PLACE = json.loads(os.environ["PLACE"])
REGISTRY, BUCKET = PLACE["registry"], PLACE["bucket"]
IS_LOCAL = REGISTRY.startswith("file:")
CLI = str(pathlib.Path(__file__).parents[2] / "packages/server/dist/cli.js")
FILES = {"Z": "z", "data/x": "x", "data-1/y b#c?.txt": "y", "data.csv": "a,b\n1,2\n", "ключ.txt": "é", "empty": ""}

checks = []


def check(title):
    """Registers a check; its title is what a user sees to be true."""
    return lambda function: checks.append((title, function)) or function


def mcp(tool, arguments, code=0):
    """Result of a tool of quilt-mcp, called as its users call it."""
    command = ["node", CLI, "call", tool, json.dumps({"bucket": BUCKET, **arguments}), "--json", "--yes", *PLACE["args"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, f"{tool} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout)


def revisions(name):
    return [one["top_hash"] for one in mcp("package_revisions", {"package": name})["revisions"]]


def versions(name):
    """Top hashes as quilt3 lists them, `latest` left out."""
    return [top_hash for pointer, top_hash in quilt3.list_package_versions(name, REGISTRY) if pointer != "latest"]


def text_of(name, key):
    """A file of a package, read through it by quilt-mcp."""
    escaped = "".join(f"%{byte:02X}" if chr(byte) in "#?&% +" or byte > 126 else chr(byte) for byte in key.encode())
    arguments = {"uri": f"quilt+s3://{BUCKET}#package={name}&path={escaped}"}
    command = ["node", CLI, "call", "object_read", json.dumps(arguments), "--json", *PLACE["args"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def write(folder, files):
    for key, text in files.items():
        path = pathlib.Path(folder) / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def publish(package, name, message):
    """quilt3 pushes to a bucket; in a local registry it builds. @returns the top hash"""
    # quilt3 writes over a revision of the same second, whoever made it (formats.md 1.1); quilt-mcp takes the next free one.
    taken = [int(pointer) for pointer, _ in quilt3.list_package_versions(name, REGISTRY) if pointer != "latest"] if name in set(quilt3.list_packages(REGISTRY)) else []
    while taken and time.time() < max(taken) + 1:
        time.sleep(0.1)
    if IS_LOCAL:
        return package.build(name, REGISTRY, message=message)
    return package.push(name, REGISTRY, message=message, selector_fn=lambda *_: "copy").top_hash


def from_quilt3(name, message="From quilt3"):
    """Makes a package whose files lie in the registry's own folder when it is a local one."""
    folder = tempfile.mkdtemp(dir=REGISTRY.removeprefix("file://") if IS_LOCAL else None)
    write(folder, FILES)
    package = quilt3.Package().set_dir(".", folder)
    package.set_meta({"float": 1.0, "big": 12345678901234567890123, "small": 1e-7, "10": 2, "9": 3})
    package["data.csv"].set_meta({"columns": ["a", "b"], "ratio": 2.0})
    return publish(package, name, message)


def installs(name, top_hash, expected):
    """quilt3 recomputes the top hash, fetches all and verifies it."""
    with tempfile.TemporaryDirectory() as folder:
        if IS_LOCAL:
            package = quilt3.Package.browse(name, REGISTRY, top_hash=top_hash)
            assert package.top_hash == top_hash, package.top_hash
            package.fetch(folder)
        else:
            quilt3.Package.install(name, REGISTRY, top_hash=top_hash, dest=folder)
            package = quilt3.Package.browse(name, REGISTRY, top_hash=top_hash)
            assert package.verify(folder)
        found = {str(path.relative_to(folder)): path.read_text("utf-8") for path in pathlib.Path(folder).rglob("*") if path.is_file()}
        assert found == expected, found


@check("quilt-mcp browses and reads every byte of what quilt3 pushed")
def _():
    top_hash = from_quilt3("turns/first")
    browsed = mcp("package_browse", {"package": "turns/first"})
    assert browsed["top_hash"] == top_hash and browsed["total_entries"] == len(FILES), browsed
    assert [item["name"] for item in browsed["items"]] == ["Z", "data", "data-1", "data.csv", "empty", "ключ.txt"], browsed["items"]
    for key, text in FILES.items():
        read = text_of("turns/first", key)
        assert read["size"] == len(text.encode()) and (text == "" or read["text"]["untrusted"] == text), (key, read)


@check("quilt3 browses and installs what quilt-mcp made of it, under the same top hash")
def _():
    updated = mcp(
        "package_update",
        {"package": "turns/first", "message": "From MCP", "add": [{"logical_key": "added/a b.txt", "text": "added\n"}], "remove": ["Z"]},
    )
    browsed = quilt3.Package.browse("turns/first", REGISTRY)
    assert browsed.top_hash == updated["top_hash"]
    assert browsed.meta == {"float": 1.0, "big": 12345678901234567890123, "small": 1e-7, "10": 2, "9": 3}, browsed.meta
    assert browsed["data.csv"].meta == {"columns": ["a", "b"], "ratio": 2.0}
    expected = {**FILES, "added/a b.txt": "added\n"}
    del expected["Z"]
    installs("turns/first", updated["top_hash"], expected)


@check("quilt3 goes on from there, and quilt-mcp from that: no revision is lost")
def _():
    package = quilt3.Package.browse("turns/first", REGISTRY)
    package.set_meta({**package.meta, "third": True})
    third = publish(package, "turns/first", "From quilt3 again")
    fourth = mcp("package_update", {"package": "turns/first", "message": "Renamed", "rename": {"data/x": "moved/x"}})["top_hash"]
    assert quilt3.Package.browse("turns/first", REGISTRY).top_hash == fourth
    listed = revisions("turns/first")
    assert listed[:2] == [fourth, third] and len(listed) == 4, listed
    assert sorted(versions("turns/first")) == sorted(listed)


@check("quilt-mcp refuses to update what quilt3 has changed since it was read")
def _():
    base = mcp("package_browse", {"package": "turns/first"})["top_hash"]
    package = quilt3.Package.browse("turns/first", REGISTRY)
    package.set_meta({"changed": "meanwhile"})
    changed = publish(package, "turns/first", "Meanwhile")
    refused = mcp("package_update", {"package": "turns/first", "message": "Late", "remove": ["empty"], "base": base}, code=1)
    assert refused["error"]["code"] == "conflict", refused
    assert revisions("turns/first")[0] == changed


@check("each deletes a revision, and the other sees what is latest then")
def _():
    newest, second, *older = revisions("turns/first")
    quilt3.delete_package("turns/first", REGISTRY, top_hash=newest)
    assert revisions("turns/first") == [second, *older]
    removed = mcp("package_delete", {"package": "turns/first", "revision": second})
    assert removed["removed"] == [second] and removed["latest"] == older[0], removed
    assert quilt3.Package.browse("turns/first", REGISTRY).top_hash == older[0]
    assert sorted(versions("turns/first")) == sorted(older)


@check("quilt3 installs, then deletes, a package that quilt-mcp made from nothing")
def _():
    entries = [{"logical_key": key, "text": text} for key, text in FILES.items()]
    metadata = '{"float": 1.0, "b": 1, "10": 2, "9": 3}'
    made = mcp("package_create", {"package": "turns/mcp", "entries": entries, "message": "Made", "metadata": metadata})
    assert "turns/mcp" in set(quilt3.list_packages(REGISTRY))
    installs("turns/mcp", made["top_hash"], FILES)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "manifest"
        with open(path, "w", encoding="utf-8") as file:
            quilt3.Package.browse("turns/mcp", REGISTRY).dump(file)
        assert path.read_text("utf-8").splitlines()[0] == '{"version": "v0", "user_meta": ' + metadata + ', "message": "Made"}'
    quilt3.delete_package("turns/mcp", REGISTRY)
    refused = mcp("package_browse", {"package": "turns/mcp"}, code=1)
    assert refused["error"]["code"] == "not_found", refused


@check("quilt-mcp deletes a package of quilt3, and quilt3 makes it again")
def _():
    from_quilt3("turns/again")
    gone = mcp("package_delete", {"package": "turns/again", "revision": "all"})
    assert gone["package_gone"] is True, gone
    assert "turns/again" not in set(quilt3.list_packages(REGISTRY))
    again = from_quilt3("turns/again", "Once more")
    assert revisions("turns/again") == [again]


@check("the bucket says whether it keeps versions")
def _():
    made = mcp("package_create", {"package": "turns/versions", "entries": [{"logical_key": "a", "text": "a"}], "message": "V"})
    notes = " ".join(made.get("warnings", []))
    assert ("keeps no versions" in notes) is not PLACE["versioned"], made


failed = 0
for title, function in checks:
    try:
        function()
        print(f"  ok      {PLACE['title']}: {title}")
    except Exception as error:  # every failure is reported and counted; the next check still runs
        failed += 1
        print(f"  FAILED  {PLACE['title']}: {title}: {type(error).__name__}: {error}")
sys.exit(1 if failed else 0)
