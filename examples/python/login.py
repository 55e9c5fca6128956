"""A login service in one page: asks for the second factor of one account, straight from its Secret.

    python3 examples/python/login.py NAMESPACE ADDRESS CODE

Environment: KUBE_SERVER (https://…), KUBE_CA (file), KUBE_TOKEN (file with a token of an identity with the Role of
manifests/tenant-login). Prints the answer as JSON; exit code 0 if the person is to be let in, 1 if not, 2 for wrong usage.
"""

import base64
import json
import os
import ssl
import sys
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import exchange2fa as contract

DEADLINE_S = 5
ATTEMPTS = 10


class Away(Exception):
    """The API server does not answer as it must: nobody is let in."""


class Lost(Away):
    """A write may or may not have happened: look again."""


class ApiServer:
    def __init__(self, environment):
        self._server = environment["KUBE_SERVER"]
        self._token = environment["KUBE_TOKEN"]
        self._tls = ssl.create_default_context(cafile=environment["KUBE_CA"])
        open(self._token, encoding="ascii").close()

    def ask(self, method, path, patch=None):
        """(status, object, Date header)."""
        with open(self._token, encoding="ascii") as file:
            headers = {"Authorization": "Bearer " + file.read().strip(), "Accept": "application/json"}
        if patch is not None:
            headers["Content-Type"] = "application/merge-patch+json"
            # The seed does not come back with the answer.
            headers["Accept"] = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
        body = None if patch is None else json.dumps(patch).encode()
        request = urllib.request.Request(self._server + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S, context=self._tls) as answer:
                return answer.status, json.load(answer), answer.headers.get("Date")
        except urllib.error.HTTPError as error:
            if error.code in (500, 502, 503, 504) and patch is not None:
                raise Lost(str(error.code)) from error
            return error.code, None, error.headers.get("Date")
        except (OSError, ValueError) as error:
            raise (Lost if patch is not None else Away)(type(error).__name__) from error


def verify(api, namespace, address, code, browser="unknown"):
    """Judges a code: one read, one compare-and-swap, and only then the answer."""
    name = contract.secret_name(address)
    if name is None:
        return {"answer": "deny", "reason": "NoSecret"}
    path = f"/api/v1/namespaces/{namespace}/secrets/{name}"
    attempt, lost = str(uuid.uuid4()), None
    for _ in range(ATTEMPTS):
        secret, now, clock_is_right = read(api, path)
        version = secret and secret["version"]
        if lost and secret and secret["annotations"].get(contract.PREFIX + "attempt") == attempt:
            return lost["answer"]  # it was committed, and its answer was lost
        if lost and lost["version"] == version:
            answer, patch = lost["answer"], lost["patch"]  # it was not: the same again
        else:
            answer, patch = contract.judge(secret, code, now, browser, attempt, honour_suspensions=clock_is_right)
        if patch is None:
            return answer
        try:
            status, _, _ = api.ask("PATCH", path, {"metadata": {"resourceVersion": version, "annotations": patch}})
        except Lost:
            lost = {"version": version, "answer": answer, "patch": patch}
            continue
        if status == 200:
            return {"answer": "deny", "reason": "SecretInvalid"} if answer["answer"] == "dataInvalid" else answer
        if status not in (404, 409):
            raise Away(str(status))
        lost = None  # somebody else wrote first: read and judge again
    raise Away("the Secret changes all the time")


def read(api, path):
    """The Secret, now, and whether this clock agrees with the API server's."""
    status, found, date = api.ask("GET", path)
    now = datetime.now(timezone.utc)
    clock_is_right = date is not None and abs((parsedate_to_datetime(date) - now).total_seconds()) <= 30
    if status == 404:
        return None, now, clock_is_right
    if status != 200:
        raise Away(str(status))
    metadata = found["metadata"]
    data = {key: base64.b64decode(text).decode("utf-8", "replace") for key, text in (found.get("data") or {}).items()}
    secret = {
        "type": found.get("type", ""),
        "annotations": metadata.get("annotations") or {},
        "data": data,
        "version": metadata["resourceVersion"],
    }
    return secret, now, clock_is_right


def connect(environment):
    """Exits with a sentence and 2, which says nothing of the person, where the environment does not name an API server."""
    missing = [name for name in ("KUBE_SERVER", "KUBE_CA", "KUBE_TOKEN") if not environment.get(name)]
    if missing:
        problem = f"the environment lacks {', '.join(missing)}"
    elif not environment["KUBE_SERVER"].startswith("https://"):
        problem = "KUBE_SERVER must begin with https://"
    else:
        try:
            return ApiServer(environment)
        except OSError as error:
            problem = f"KUBE_CA or KUBE_TOKEN can't be used: {error}"
    print(f"login.py: {problem}", file=sys.stderr)
    sys.exit(2)


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    api = connect(os.environ)
    try:
        answer = verify(api, *sys.argv[1:])
    except Away as error:
        answer = {"answer": "unavailable", "reason": str(error)}
    print(json.dumps(answer, default=str))
    return 0 if answer["answer"] in ("accepted", "none") else 1


if __name__ == "__main__":
    sys.exit(main())
