"""quilt3 8.0.0 and quilt-mcp write to one registry in turn, and each reads what the other wrote. Run by in-turns.mjs, once a place."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import boto3
import quilt3

# title, registry (`s3://bucket` or `file:///folder`), bucket (as quilt-mcp names it), args (of quilt-mcp), versioned, target (bucket to promote to)
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


@check("quilt3 installs a package of files of this machine, inline content, objects where they lie, and objects copied along")
def _():
    with tempfile.TemporaryDirectory(dir=pathlib.Path.home()) as folder:
        write(folder, {"sub/x.txt": "x of the machine", "y.csv": "a\n1\n"})
        entries = [
            {"logical_key": "local/", "local_path": folder},
            {"logical_key": "note.md", "text": "# Note\n", "metadata": {"kind": "note", "ratio": 1}},
            {"logical_key": "bytes.bin", "base64": "AAECAw=="},
        ]
        made = mcp("package_create", {"package": "turns/sources", "entries": entries, "message": "Sources", "metadata": {"n": 1}})
    expected = {"local/sub/x.txt": "x of the machine", "local/y.csv": "a\n1\n", "note.md": "# Note\n", "bytes.bin": "\0\1\2\3"}
    installs("turns/sources", made["top_hash"], expected)
    browsed = quilt3.Package.browse("turns/sources", REGISTRY)
    assert browsed.meta == {"n": 1} and browsed["note.md"].meta == {"kind": "note", "ratio": 1}, (browsed.meta, browsed["note.md"].meta)

    for copy in ("none", "all"):
        name = f"turns/copy-{copy}"
        entries = [
            {"logical_key": "again/note.md", "uri": f"quilt+s3://{BUCKET}#package=turns/sources&path=note.md"},
            {"logical_key": "again/local/", "uri": f"quilt+s3://{BUCKET}#package=turns/sources&path=local/"},
            {"logical_key": "object.bin", "uri": f"s3://{BUCKET}/turns/sources/bytes.bin"},
        ]
        made = mcp("package_create", {"package": name, "entries": entries, "message": copy, "copy": copy})
        browsed = quilt3.Package.browse(name, REGISTRY)
        places = {key: entry.physical_key for key, entry in browsed.walk()}
        own = [key for key, place in places.items() if f"{name}/" in place.path]
        assert len(own) == (len(places) if copy == "all" else 0), places
        expected = {"again/note.md": "# Note\n", "again/local/sub/x.txt": "x of the machine", "again/local/y.csv": "a\n1\n", "object.bin": "\0\1\2\3"}
        installs(name, made["top_hash"], expected)


@check("quilt3 installs a package that quilt-mcp renamed in, removed from by globs, and gave other metadata")
def _():
    from_quilt3("turns/changed")
    changed = mcp(
        "package_update",
        {
            "package": "turns/changed",
            "message": "Changed",
            "rename": {"data/x": "kept/x"},
            "remove": ["*.csv", "data-1/**"],
            "metadata": {"small": None, "added": [1, 2.5]},
            "add": [{"logical_key": "Z", "metadata": {"only": "metadata"}}],
        },
    )
    installs("turns/changed", changed["top_hash"], {"Z": "z", "kept/x": "x", "ключ.txt": "é", "empty": ""})
    browsed = quilt3.Package.browse("turns/changed", REGISTRY)
    assert browsed.meta == {"float": 1.0, "big": 12345678901234567890123, "10": 2, "9": 3, "added": [1, 2.5]}, browsed.meta
    assert browsed["Z"].meta == {"only": "metadata"}, browsed["Z"].meta


@check("quilt-mcp brings its change together with one that quilt3 made meanwhile")
def _():
    from_quilt3("turns/merged")
    base = revisions("turns/merged")[0]
    package = quilt3.Package.browse("turns/merged", REGISTRY)
    package.delete("Z")
    publish(package, "turns/merged", "Without Z")
    arguments = {"package": "turns/merged", "message": "Also", "base": base, "add": [{"logical_key": "mine", "text": "mine"}]}
    refused = mcp("package_update", arguments, code=1)
    assert refused["error"]["code"] == "conflict", refused
    merged = mcp("package_update", {**arguments, "rebase": True})
    expected = {**FILES, "mine": "mine"}
    del expected["Z"]
    installs("turns/merged", merged["top_hash"], expected)


@check("quilt3 installs a package that was made of a prefix, with a README and a summary in it")
def _():
    files = {"data/a b.csv": "a,b\n1,2\n", "data/ü/x#1.txt": "x", "skipped.tmp": "no", "top.md": "# Top\n"}
    entries = [{"logical_key": key, "text": text} for key, text in files.items()]
    mcp("package_create", {"package": "turns/prefix", "entries": entries, "message": "Objects"})
    for copy in ("none", "all"):
        name = f"turns/from-{copy}"
        arguments = {"source": f"s3://{BUCKET}/turns/prefix/", "exclude": ["**/*.tmp"], "readme": True, "summarize": True, "copy": copy}
        made = mcp("package_create_from_s3", {"package": name, "message": "From a prefix", **arguments})
        browsed = quilt3.Package.browse(name, REGISTRY)
        found = {key for key, _ in browsed.walk()}
        assert found == {"data/a b.csv", "data/ü/x#1.txt", "top.md", "README.md", "quilt_summarize.json"}, found
        texts = {key: browsed[key].get_bytes().decode() for key in found}
        assert {key: text for key, text in texts.items() if key in files} == {key: text for key, text in files.items() if not key.endswith(".tmp")}
        json.loads(texts["quilt_summarize.json"])
        installs(name, made["top_hash"], texts)


@check("quilt3 installs what quilt-mcp promoted: by reference under another name, with its objects in another bucket")
def _():
    from_quilt3("turns/draft")
    promoted = mcp("package_promote", {"package": "turns/draft", "to_bucket": BUCKET, "to_package": "turns/released", "message": "Released"})
    assert versions("turns/released") == [promoted["top_hash"]]
    installs("turns/released", promoted["top_hash"], FILES)
    places = [entry.physical_key.path for _, entry in quilt3.Package.browse("turns/released", REGISTRY).walk()]
    assert not any("turns/released/" in place for place in places), places

    if "target" not in PLACE:
        return
    target = PLACE["target"]
    config = f'version: "1"\nis_workflow_required: false\nworkflows: {{w: {{name: W}}}}\nsuccessors: {{"s3://{target}": {{title: Released}}}}\n'
    s3, key = boto3.client("s3"), ".quilt/workflows/config.yml"
    s3.put_object(Bucket=BUCKET, Key=key, Body=config.encode())
    try:
        promoted = mcp("package_promote", {"package": "turns/draft", "to_bucket": target, "message": "Over there"})
    finally:
        s3.delete_object(Bucket=BUCKET, Key=key)
    browsed = quilt3.Package.browse("turns/draft", f"s3://{target}")
    assert browsed.top_hash == promoted["top_hash"]
    assert {entry.physical_key.bucket for _, entry in browsed.walk()} == {target}
    with tempfile.TemporaryDirectory() as folder:
        quilt3.Package.install("turns/draft", f"s3://{target}", top_hash=promoted["top_hash"], dest=folder)
        assert browsed.verify(folder)


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
