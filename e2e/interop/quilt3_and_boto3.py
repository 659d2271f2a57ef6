"""quilt3 8.0.0 and boto3 against the embedded stack and our server, in both directions. Run by run.mjs."""

import hashlib
import json
import os
import pathlib
import tempfile
import urllib.error
import urllib.request

import boto3
import botocore.exceptions
import quilt3
import session_files
from botocore.config import Config

DEMO = json.loads(os.environ["DEMO"])
ADA, GRACE = DEMO["users"]["ada"], DEMO["users"]["grace"]
BUCKET = ADA["bucket"]
ODD_KEYS = ["a b/c+d#e?f%g.txt", "it's (1)!*~_-.txt", "ключ/é.txt", "dir//dbl", "x;y:z@w&=,$.txt"]

checks = []


def check(title):
    """Registers a check; its title is what a user sees to be true."""
    return lambda function: checks.append((title, function)) or function


def http(url, body=None, token=None, headers=None):
    """Answer of an HTTP call as (status, parsed JSON)."""
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Accept", "application/json, text/event-stream")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as response:
        text = response.read().decode()
    data = [line[5:].strip() for line in text.splitlines() if line.startswith("data:")]
    return json.loads(data[0] if data else text)


def call_tool(name, arguments, token=ADA["token"]):
    """Structured result of one MCP tool call over HTTP, as the web catalog's assistant makes it."""
    message = {"jsonrpc": "2.0", "id": "1", "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    answer = http(DEMO["mcpUrl"], message, token, {"MCP-Protocol-Version": "2025-06-18"})
    result = answer["result"]
    assert not result.get("isError"), result
    return result["structuredContent"]


def s3_of(user, **config):
    issued = http(f"{DEMO['registryUrl']}/api/auth/get_credentials", token=user["token"])
    return boto3.client(
        "s3",
        aws_access_key_id=issued["AccessKeyId"],
        aws_secret_access_key=issued["SecretAccessKey"],
        aws_session_token=issued["SessionToken"],
        config=Config(s3={"addressing_style": "path"}, **config),
    )


def manifest_of(name, top_hash):
    return s3_of(ADA).get_object(Bucket=BUCKET, Key=f".quilt/packages/{top_hash}")["Body"].read()


@check("boto3 lists, writes and reads objects, odd keys included, each version of them")
def _():
    s3 = s3_of(ADA)
    for key in ODD_KEYS:
        first = s3.put_object(Bucket=BUCKET, Key=f"interop/{key}", Body=b"one")["VersionId"]
        s3.put_object(Bucket=BUCKET, Key=f"interop/{key}", Body=b"two")
        assert s3.get_object(Bucket=BUCKET, Key=f"interop/{key}", VersionId=first)["Body"].read() == b"one"
        assert s3.get_object(Bucket=BUCKET, Key=f"interop/{key}")["Body"].read() == b"two"
    listed = [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET, Prefix="interop/")["Contents"]]
    assert sorted(listed) == sorted(f"interop/{key}" for key in ODD_KEYS), listed
    assert len(s3.list_object_versions(Bucket=BUCKET, Prefix="interop/")["Versions"]) == 2 * len(ODD_KEYS)


@check("boto3 uploads 20 MiB in parts and downloads the same bytes")
def _():
    body = bytes(range(256)) * (20 * 1024 * 1024 // 256)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "big"
        path.write_bytes(body)
        s3 = s3_of(ADA)
        s3.upload_file(str(path), BUCKET, "interop-big/file", ExtraArgs={"ChecksumAlgorithm": "SHA256"})
        s3.download_file(BUCKET, "interop-big/file", str(path) + ".back")
        assert hashlib.sha256(pathlib.Path(str(path) + ".back").read_bytes()).digest() == hashlib.sha256(body).digest()


@check("presigned URLs of both signature versions open the object")
def _():
    for version in ("s3v4", "s3"):
        url = s3_of(ADA, signature_version=version).generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": f"interop/{ODD_KEYS[0]}"}
        )
        with urllib.request.urlopen(url) as response:
            assert response.read() == b"two", version


@check("one tenant's AWS credentials open nothing of the other's")
def _():
    for action in (
        lambda s3: s3.list_objects_v2(Bucket=GRACE["bucket"]),
        lambda s3: s3.put_object(Bucket=GRACE["bucket"], Key="x", Body=b""),
        lambda s3: s3.head_bucket(Bucket=GRACE["bucket"]),
    ):
        try:
            action(s3_of(ADA))
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] in ("AccessDenied", "403"), error
        else:
            raise AssertionError("was let in")


@check("quilt3 signs in with the code of /login and keeps its session")
def _():
    quilt3.config(DEMO["registryUrl"])
    login = http(f"{DEMO['registryUrl']}/api/login", {"username": "ada", "password": ADA["password"]})
    code = http(f"{DEMO['registryUrl']}/api/code", token=login["token"])["code"]
    quilt3.session.login_with_token(code)
    assert quilt3.logged_in() == DEMO["registryUrl"]


@check("quilt3 lists, browses and installs what our server made, with the same top hash")
def _():
    registry = f"s3://{BUCKET}"
    names = set(quilt3.list_packages(registry))
    assert {"climate/seattle-weather", "climate/global-change"} <= names, names
    for name in ("climate/seattle-weather", "climate/global-change"):
        browsed = quilt3.Package.browse(name, registry)
        top_hash = call_tool("package_revisions", {"package": name, "bucket": BUCKET})["revisions"][0]["top_hash"]
        assert browsed.top_hash == top_hash
        with tempfile.TemporaryDirectory() as folder:
            # install(top_hash=...) recomputes the hash and refuses a manifest that does not have it (formats.md 3.5).
            quilt3.Package.install(name, registry, top_hash=top_hash, dest=folder)
            assert browsed.verify(folder), name


@check("quilt3 would have written our manifests byte for byte")
def _():
    for name in ("climate/seattle-weather", "climate/global-change"):
        browsed = quilt3.Package.browse(name, f"s3://{BUCKET}")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "manifest"
            with open(path, "w", encoding="utf-8") as file:
                browsed.dump(file)
            assert path.read_bytes() == manifest_of(name, browsed.top_hash), name


@check("our server browses, updates and diffs what quilt3 pushed, and quilt3 reads that again")
def _():
    name, registry = "interop/from-quilt3", f"s3://{BUCKET}"
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for key, text in {"Z": "z", "data/x": "x", "data-1/y": "y", "data.csv": "a,b\n1,2\n", "ключ.txt": "é", "empty": ""}.items():
            (root / key).parent.mkdir(parents=True, exist_ok=True)
            (root / key).write_text(text, encoding="utf-8")
        package = quilt3.Package().set_dir(".", folder)
        package.set_meta({"float": 1.0, "int": 1, "big": 12345678901234567890123, "small": 1e-7, "b": 1, "10": 2, "9": 3})
        package["data.csv"].set_meta({"columns": ["a", "b"], "ratio": 2.0})
        pushed = package.push(name, registry, message="From quilt3", selector_fn=lambda *_: "copy")

    browsed = call_tool("package_browse", {"package": name, "bucket": BUCKET})
    assert browsed["top_hash"] == pushed.top_hash
    assert [item["name"] for item in browsed["items"]] == ["Z", "data", "data-1", "data.csv", "empty", "ключ.txt"], browsed["items"]

    before = manifest_of(name, pushed.top_hash).splitlines()
    updated = call_tool(
        "package_update",
        {"package": name, "bucket": BUCKET, "message": "From MCP", "add": [{"logical_key": "added.txt", "text": "added\n"}], "remove": ["Z"]},
    )
    after = manifest_of(name, updated["top_hash"]).splitlines()
    untouched = [line for line in before[1:] if not line.startswith(b'{"logical_key": "Z"')]
    assert [line for line in after[1:] if not line.startswith(b'{"logical_key": "added.txt"')] == untouched
    assert after[0] == before[0].replace(b"From quilt3", b"From MCP"), (before[0], after[0])

    compared = call_tool("package_diff", {"package": name, "bucket": BUCKET, "base": pushed.top_hash})
    assert compared["counts"] == {"added": 1, "removed": 1, "unchanged": 5}, compared["counts"]

    again = quilt3.Package.browse(name, registry)
    assert again.top_hash == updated["top_hash"]
    with tempfile.TemporaryDirectory() as folder:
        quilt3.Package.install(name, registry, top_hash=updated["top_hash"], dest=folder)
        assert again.verify(folder)
        assert (pathlib.Path(folder) / "added.txt").read_text() == "added\n"


@check("quilt3 searches what it pushed and put: strings, Elasticsearch's JSON, one bucket or all, and nothing of the other tenant's")
def _():
    bucket = quilt3.Bucket(f"s3://{BUCKET}")
    s3_of(ADA).put_object(Bucket=BUCKET, Key="interop-search/notes.md", Body=b"A zebrafish swims.")
    quilt3.Package().set_meta({"organism": "zebrafish"}).push("interop/zebrafish", f"s3://{BUCKET}", message="Stripes", force=True)

    hits = bucket.search("zebrafish")
    names = {hit["_source"].get("ptr_name") or hit["_source"]["key"] for hit in hits}
    assert names == {"interop/zebrafish", "interop-search/notes.md"}, names
    assert {hit["_index"] for hit in hits} == {BUCKET, f"{BUCKET}_packages"}, hits
    assert len(bucket.search("zebrafish", limit=1)) == 1
    assert [hit["_source"]["mnfst_message"] for hit in quilt3.search("ptr_name:interop\\/zebra*")] == ["Stripes"]

    query = {"query": {"bool": {"must": [{"query_string": {"query": "zebrafish"}}], "filter": [{"terms": {"ext": ["md"]}}]}}}
    assert [hit["_source"]["key"] for hit in bucket.search(query)] == ["interop-search/notes.md"]
    assert quilt3.search(f"bucket:{GRACE['bucket']}") == []
    try:
        quilt3.Bucket(f"s3://{GRACE['bucket']}").search("*")
    except Exception as error:
        assert "may not search" in str(error), error
    else:
        raise AssertionError("was let in")


session_files.register(check)

failed = 0
for title, function in checks:
    try:
        function()
        print(f"  ok      {title}")
    except Exception as error:  # every failure is reported and counted; the next check still runs
        failed += 1
        print(f"  FAILED  {title}: {type(error).__name__}: {error}")
print(f"\ninterop: {len(checks) - failed} passed, {failed} failed")
raise SystemExit(1 if failed else 0)
