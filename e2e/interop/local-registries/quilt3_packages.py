"""quilt3 8.0.0 on local registries: builds packages for us to read, then reads those that we wrote. Run by run.mjs.

Two words on stdin, "build" and "check", an answer to each on stdout, as one line of JSON."""

import contextlib
import hashlib
import json
import pathlib
import random
import struct
import sys

import quilt3
from quilt3.packages import PackageEntry
from quilt3.util import PhysicalKey

ROOT = pathlib.Path(sys.argv[1])
PACKAGES, PACKAGES_WITH_WORKFLOWS = 120, 20
MEBIBYTE = 1024 * 1024

choose = random.Random(8)

TEXTS = ["", "a", "ключ", "é", "e\u0301", "\uff21", "😀", "\u007f\u2028\u0000\u001f", 'q"\\/\b\f\n\r\t', "__proto__", "10", "9", "constructor"]
INTS = [0, 1, -1, 2**53, -(2**53) - 1, 12345678901234567890123, -(10**40)]
FLOATS = [1.0, -0.0, 0.1, 1.5, 1e15, 1e16, 123456789012345680.0, 1e21, 1e22, 1e-4, 1e-5, 1e-7, 100.0, 5e-324, 1.7976931348623157e308]
KEY_PARTS = ["Z", "data", "data-1", "data.csv", "a b", "a+b", "c#d", "e?f", "g%h%20", "it's (1)!*~_-", "ключ", "é", "e\u0301", "😀", "\uff21", "x;y:z@w&=,$", '"\\', "10", "9", "__proto__", "tab\there", "line\nfeed", "...", "-"]
NAMES = ["data", "данные", "x²", "Ⅷ", "a-b_c", "数据", "Ünïcode", "१२", "_", "-"]


def a_double():
    """Any finite double, each exponent alike."""
    while True:
        (value,) = struct.unpack("<d", choose.randbytes(8))
        if value - value == 0:
            return value


def a_value(depth=0):
    kind = choose.randrange(9 if depth < 4 else 7)
    if kind == 7:
        return [a_value(depth + 1) for _ in range(choose.randrange(4))]
    if kind == 8:
        return an_object(depth + 1)
    return (choose.choice(TEXTS), choose.choice(INTS), choose.choice(FLOATS), a_double(), choose.getrandbits(80), None, choose.random() < 0.5)[kind]


def an_object(depth=0):
    return {choose.choice(TEXTS) + choose.choice(["", "k"]): a_value(depth) for _ in range(choose.randrange(5))}


def some_keys():
    """Logical keys, none of which is a folder of another."""
    keys = []
    for _ in range(choose.randrange(12)):
        key = "/".join(choose.choice(KEY_PARTS) for _ in range(choose.randint(1, 4)))
        if not any(key == other or key.startswith(other + "/") or other.startswith(key + "/") for other in keys):
            keys.append(key)
    return keys


def some_bytes():
    return choose.randbytes(choose.choice([0, 0, 1, 5, 1000, 70_000]))


def write(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def a_package(number, folder):
    package = quilt3.Package()
    if choose.random() < 0.5:
        package.set_meta(choose.choice([{}, None, an_object(), an_object(), an_object()]))
    for key in some_keys():
        body = some_bytes()
        path = write(folder / key, body)
        if choose.random() < 0.2:  # as manifests before quilt3 6.0 have it
            legacy = {"type": "SHA256", "value": hashlib.sha256(body).hexdigest()}
            package.set(key, PackageEntry(PhysicalKey.from_path(str(path)), len(body), legacy, {}))
        else:
            package.set(key, str(path))
        if choose.random() < 0.5:
            package[key].set_meta(choose.choice([{}, an_object(), an_object()]))
        parent = key.rpartition("/")[0]
        if parent and choose.random() < 0.4:
            package[parent].set_meta(choose.choice([{}, an_object()]))
    if number == 0:
        package.set("20 MiB", str(write(folder / "20 MiB", bytes(range(256)) * (20 * MEBIBYTE // 256))))
        package.set("8 MiB", str(write(folder / "8 MiB", bytes(8 * MEBIBYTE))))
    if number % 10 == 1:  # `user_meta: null` in the header, files by a walk of the folder
        package = quilt3.Package().set_dir(".", str(write(folder / "walked", b"walked").parent))
    if number % 10 == 2:  # system metadata: `format`, `target`
        package.set("object.json", {"a": 1}, meta=an_object(), serialization_location=str(folder / "object.json"))
    return package


WORKFLOWS = """version: "1"
is_workflow_required: false
workflows:
  plain: {name: Plain}
  strict: {name: Strict, metadata_schema: any, entries_schema: list, handle_pattern: "/", is_message_required: true}
schemas:
  any: {url: "%s"}
  list: {url: "%s"}
"""


def build():
    """Two registries, the second with workflows. Answers how many packages were built."""
    plain, checked = ROOT / "from-quilt3", ROOT / "from-quilt3-workflows"
    any_url = write(ROOT / "schemas/any.json", b"{}").as_uri()
    list_url = write(ROOT / "schemas/list.json", b'{"type": "array"}').as_uri()
    write(checked / ".quilt/workflows/config.yml", (WORKFLOWS % (any_url, list_url)).encode())
    for number in range(PACKAGES + PACKAGES_WITH_WORKFLOWS):
        folder = ROOT / "data" / str(number)
        folder.mkdir(parents=True)
        package = a_package(number, folder)
        name = f"{choose.choice(NAMES)}{number}/{choose.choice(NAMES)}"
        if number < PACKAGES:
            package.build(name, registry=plain.as_uri(), message=choose.choice([None, "", "A message", "Сообщение 😀\n\u0001"]))
        else:
            workflow = choose.choice([None, "plain", "strict"])
            package.build(name, registry=checked.as_uri(), message="Checked", workflow=workflow)
    return PACKAGES + PACKAGES_WITH_WORKFLOWS


def check_one(name, registry, number):
    """quilt3 browses, verifies and installs a package that we wrote, and would have written the same manifest."""
    top_hash = (registry / ".quilt/named_packages" / name / "latest").read_text()
    browsed = quilt3.Package.browse(name, registry.as_uri())
    assert browsed.top_hash == top_hash, f"quilt3 computes {browsed.top_hash}, we {top_hash}"
    installed = ROOT / "installed"
    files = ROOT / "installed-files" / str(number)
    files.mkdir(parents=True)
    quilt3.Package.install(name, registry.as_uri(), top_hash=top_hash, dest=files.as_uri(), dest_registry=installed.as_uri())
    assert browsed.verify(files.as_uri()), "the installed files are not those of the manifest"
    ours = (registry / ".quilt/packages" / top_hash).read_bytes()
    theirs = (installed / ".quilt/packages" / top_hash).read_bytes()
    assert ours == theirs, f"quilt3 writes {theirs!r}, we {ours!r}"


def check():
    """Answers the packages that we wrote, and what is wrong with some."""
    registry = ROOT / "from-core"
    names = sorted(quilt3.list_packages(registry.as_uri()))
    failures = {}
    for number, name in enumerate(names):
        try:
            check_one(name, registry, number)
        except Exception as error:  # every failure is reported and counted; the next package is still checked
            failures[name] = f"{type(error).__name__}: {error}"[:2000]
    return {"names": names, "failures": failures}


quilt3.config(default_local_registry=(ROOT / "default").as_uri())
for line in sys.stdin:
    with contextlib.redirect_stdout(sys.stderr):
        answer = {"build": build, "check": check}[line.strip()]()
    print(json.dumps(answer), flush=True)
