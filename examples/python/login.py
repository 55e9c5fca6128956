"""A login service in one page: asks for the second factor of one account, straight from its Secret.

    python3 examples/python/login.py NAMESPACE ADDRESS CODE

Environment: KUBE_SERVER (https://…), KUBE_CA (file), KUBE_TOKEN (file with a token of an identity with the Role of
manifests/tenant-login). Prints the answer as JSON; exit code 0 if the person is to be let in, 1 if not, 2 for wrong usage.
"""

import base64
import http.client
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request
import uuid
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
        try:
            with open(self._token, encoding="ascii") as file:
                headers = {"Authorization": "Bearer " + file.read().strip(), "Accept": "application/json"}
        except (OSError, ValueError) as error:
            raise Away(type(error).__name__) from error
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
        except (OSError, ValueError, http.client.HTTPException) as error:  # the last: an answer that was cut
            raise (Lost if patch is not None else Away)(type(error).__name__) from error


def verify(api, namespace, address, code, browser="unknown"):
    """Judges a code: one read, one compare-and-swap, and only then the answer."""
    name = contract.secret_name(address)
    if name is None:
        return {"answer": "deny", "reason": "NoSecret"}
    path = f"/api/v1/namespaces/{namespace}/secrets/{name}"
    attempt, sent = str(uuid.uuid4()), None
    for _ in range(ATTEMPTS):
        secret, now, clock_is_right = read(api, path)
        version = secret and secret["version"]
        if sent and secret and secret["annotations"].get(contract.PREFIX + "attempt") == attempt:
            return sent["answer"]  # it was committed: its answer was lost, or it came late and the 409 was its own
        if not sent or sent["version"] != version:  # otherwise nothing was written since: the same again
            answer, patch = contract.judge(secret, code, now, browser, attempt, honour_suspensions=clock_is_right)
            if patch is None:
                return answer
            sent = {"version": version, "answer": answer, "patch": patch}
        try:
            body = {"metadata": {"resourceVersion": version, "annotations": sent["patch"]}}
            status, _, _ = api.ask("PATCH", path, body)
        except Lost:
            continue
        if status == 200:
            answer = sent["answer"]
            return {"answer": "deny", "reason": "SecretInvalid"} if answer["answer"] == "dataInvalid" else answer
        if status not in (404, 409):
            raise Away(str(status))
    raise Away("the Secret changes all the time")


def read(api, path):
    """The Secret, now, and whether this clock agrees with the API server's."""
    status, found, date = api.ask("GET", path)
    now = time.time_ns() // 1_000_000
    if status == 404:
        return None, now, agrees(date, now)
    if status != 200:
        raise Away(str(status))
    try:
        metadata = found["metadata"]
        data = {key: base64.b64decode(text).decode("utf-8", "replace") for key, text in (found.get("data") or {}).items()}
        secret = {
            "type": found.get("type", ""),
            "annotations": metadata.get("annotations") or {},
            "data": data,
            "version": metadata["resourceVersion"],
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Away("the answer is no Secret") from error
    return secret, now, agrees(date, now)


def agrees(date, now):
    try:
        return abs(parsedate_to_datetime(date).timestamp() * 1000 - now) <= 30_000
    except (TypeError, ValueError):  # no Date header, or one that says nothing
        return False


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
    print(json.dumps(contract.in_words(answer)))
    return 0 if answer["answer"] in ("accepted", "none") else 1


if __name__ == "__main__":
    sys.exit(main())
