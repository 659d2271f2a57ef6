"""One login for quilt3 8.0.0 and quilt-mcp: each signs in, refreshes and signs out with the files of the other."""

import contextlib
import json
import os
import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

DEMO = json.loads(os.environ["DEMO"])
REGISTRY = DEMO["registryUrl"]
ADA = DEMO["users"]["ada"]
CLI = str(pathlib.Path(__file__).parents[2] / "packages/server/dist/cli.js")


class Home:
    """A user's home folder, in which both programs run; quilt3 finds its folder when it is imported, so each call is a process."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.quilt = self.folder / "data/Quilt"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "XDG_", "QUILT_API"))},
            "HOME": folder,
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "AWS_ENDPOINT_URL_S3": DEMO["s3Endpoint"],
        }

    def start(self, command, text=None):
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=self.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        return lambda: (*process.communicate(text), process.returncode)

    def quilt3(self, program):
        """What a Python program with quilt3 prints."""
        out, err, code = self.start([sys.executable, "-c", f"import quilt3, quilt3.session as session\n{program}"])()
        assert code == 0, err
        return out.strip()

    def mcp(self, *args, text=None, code=0):
        out, err, ended = self.start(["node", CLI, *args], text)()
        assert ended == code, f"{args[0]} ended with {ended}: {out}{err}"
        return out if code == 0 else err

    def who(self):
        """As whom each of the two is known to the registry."""
        mine = json.loads(self.mcp("whoami", "--json", "--backend", "session"))
        return mine["user"]["name"], self.quilt3(WHO)

    def json(self, name):
        return json.loads((self.quilt / name).read_text())

    def expire(self):
        """Makes the access token look old, so that the next use refreshes it."""
        auth = self.json("auth.json")
        auth[REGISTRY]["expires_at"] = 1_700_000_000
        (self.quilt / "auth.json").write_text(json.dumps(auth))


WHO = f"print(session.get_session().get('{REGISTRY}/api/me').json()['name'])"
BUCKETS = "print(len(session.get_boto3_session(fallback=False).client('s3').list_buckets()['Buckets']))"


def a_code():
    """What the login page shows to ada."""
    form = urllib.parse.urlencode({"username": "ada", "password": ADA["password"]}).encode()
    with urllib.request.urlopen(f"{REGISTRY}/login", data=form) as page:
        return re.search("<code>(.*?)</code>", page.read().decode())[1]


def names_in(value):
    """A JSON value without what is particular to one login."""
    return {name: names_in(item) for name, item in value.items()} if isinstance(value, dict) else type(value).__name__


@contextlib.contextmanager
def home(signed_in_by=None):
    with tempfile.TemporaryDirectory() as folder:
        made = Home(folder)
        if signed_in_by == "quilt3":
            made.quilt3(f"quilt3.config('{REGISTRY}'); session.login_with_token('{a_code()}')")
        if signed_in_by == "quilt-mcp":
            made.mcp("login", REGISTRY, "--code", "-", text=a_code())
        yield made


def register(check):
    """Adds the checks to those of the run."""

    @check("quilt-mcp login signs quilt3 in, with AWS credentials; quilt3.login signs quilt-mcp in")
    def _():
        for program in ("quilt-mcp", "quilt3"):
            with home(program) as both:
                assert both.who() == ("ada", "ada"), both.who()
                assert int(both.quilt3(BUCKETS)) > 0
                listed = json.loads(both.mcp("call", "package_list", "--bucket", ADA["bucket"], "--backend", "session", "--json"))
                assert listed["packages"], listed

    @check("quilt-mcp login writes the files of quilt3: the same settings byte for byte, the same fields in the same form")
    def _():
        with home("quilt-mcp") as ours, home("quilt3") as theirs:
            config = [(one.quilt / "config.yml").read_text().replace(one.quilt.as_uri(), "BASE") for one in (ours, theirs)]
            assert config[0] == config[1], config
            for name in ("auth.json", "credentials.json"):
                texts = [(one.quilt / name).read_text() for one in (ours, theirs)]
                assert all(text == json.dumps(json.loads(text)) for text in texts), texts
                assert names_in(json.loads(texts[0])) == names_in(json.loads(texts[1])), texts
                assert stat.S_IMODE((ours.quilt / name).stat().st_mode) == 0o600

    @check("a token that quilt-mcp refreshed is good for quilt3, and the other way round")
    def _():
        with home("quilt3") as both:
            for _ in range(2):
                both.expire()
                assert both.who() == ("ada", "ada")
                both.expire()
                assert both.quilt3(WHO) == "ada"

    @check("quilt3 and quilt-mcp may refresh in the same moment: the sign-in is not lost")
    def _():
        with home("quilt-mcp") as both:
            for _ in range(5):
                both.expire()
                theirs = both.start([sys.executable, "-c", f"import quilt3, quilt3.session as session\n{WHO}"])
                ours = [both.start(["node", CLI, "whoami", "--backend", "session"]) for _ in range(2)]
                for end in (theirs, *ours):
                    end()
                assert both.who() == ("ada", "ada")

    @check("a logout of one signs the other out")
    def _():
        with home("quilt3") as both:
            both.quilt3("quilt3.logout()")
            assert "quilt-mcp login" in both.mcp("whoami", "--backend", "session", code=3)
        with home("quilt-mcp") as both:
            both.mcp("logout")
            assert both.quilt3("print(quilt3.logged_in())") == "None"
            assert both.json("credentials.json") == {}
