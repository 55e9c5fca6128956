"""The Secret contract of the Exchange 2FA operator (docs/secret-contract.md) in Python, without dependencies.

Pure: nothing here reads a clock or a network. `login.py` does, `vectors.py` holds this file against test/vectors.
Instants are Unix milliseconds: datetime knows neither the year 0000, which RFC 3339 has, nor what follows the year 9999.
"""

import base64
import hashlib
import hmac
import json
import re
import unicodedata
from datetime import datetime, timedelta, timezone

PREFIX = "exchange2fa.io/"
TYPE = "exchange2fa.io/totp"
KEPT = 25  # wrong codes of a kind of browser that are kept, and allowed in 30 days
ROW_LIMIT = 100
MEMORY = 30 * 24 * 3_600_000
COUNT_LIMIT = 2**53 - 1  # the whole numbers that every JSON parser tells apart
LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z; RFC 3339 has no later one
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
HASHES = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}
CODE_HASH = re.compile(r"sha256:[0-9a-f]{32}:[0-9a-f]{64}")


class Unreadable(Exception):
    """An annotation that can't be trusted: the login is refused."""


def secret_name(address):
    """Name of the Secret of an address; None for what can't have one."""
    if not re.fullmatch(r"[\x20-\x7e]+", address):
        return None
    return "totp-" + hashlib.sha256(address.lower().encode("ascii")).hexdigest()[:40]


FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?Z")


def parse_seconds(text):
    return _parse(text, in_milliseconds=False)


def parse_milliseconds(text):
    return _parse(text, in_milliseconds=True)


def _parse(text, in_milliseconds):
    """None for every other form, and for a date that does not exist, as 30 February."""
    found = FORM.fullmatch(text)
    if not found or (found[7] is not None) != in_milliseconds:
        return None
    year, *others, milliseconds = (int(part) for part in found.groups("0"))
    try:
        # The calendar repeats after 400 years: datetime begins with the year 1.
        instant = datetime(year or 400, *others, tzinfo=timezone.utc)
    except ValueError:
        return None
    days = 0 if year else 146_097
    return (instant - EPOCH - timedelta(days=days)) // timedelta(milliseconds=1) + milliseconds


def format_seconds(instant):
    return _datetime(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def format_milliseconds(instant):
    """What is later than RFC 3339 can say is written as its last instant."""
    instant = min(instant, LAST_SECOND * 1000 + 999)
    return _datetime(instant).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant % 1000:03d}Z"


def _datetime(instant):
    return EPOCH + timedelta(milliseconds=instant)


def in_words(value):
    """A verdict or an answer with its instants in RFC 3339."""
    if not isinstance(value, dict):
        return value
    instants = ("until", "notBefore", "expiresAt")
    return {key: format_milliseconds(member) if key in instants else in_words(member) for key, member in value.items()}


def parse_windows(text):
    windows = []
    for interval in text.split(" "):
        ends = [parse_seconds(end) for end in interval.split("/")]
        if len(ends) != 2 or None in ends or ends[0] >= ends[1]:
            return None
        windows.append(tuple(ends))
    return windows


def parse_step(text):
    return int(text) if re.fullmatch(r"0|[1-9][0-9]{0,11}", text) else None


def parse_failures(text):
    try:
        value = json.loads(text, parse_int=float, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or set(value) != {"row", "unknown", "known"}:
        return None
    row, kinds = _count(value["row"]), {kind: _ascending(value[kind]) for kind in ("unknown", "known")}
    return None if row is None or None in kinds.values() else {"row": row, **kinds}


def _no_number(text):
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(text)


def _count(value, limit=COUNT_LIMIT):
    """A whole number, however JSON writes it: 1.0 and 1e0 are 1."""
    return int(value) if type(value) is float and value.is_integer() and 0 <= value <= limit else None


def _ascending(value):
    if not isinstance(value, list) or len(value) > KEPT:
        return None
    instants = [_count(each, LAST_SECOND) for each in value]
    return None if None in instants or instants != sorted(instants) else instants


def parse_enrollment_code(text):
    if text == "required":
        return {"kind": "notIssued"}
    parts = text.split(" ")
    if len(parts) != 2 or not CODE_HASH.fullmatch(parts[0]) or parse_seconds(parts[1]) is None:
        return None
    return {"kind": "issued", "hash": parts[0], "expiresAt": parse_seconds(parts[1])}


READERS = {
    "suspended": parse_windows,
    "minted-at": parse_milliseconds,
    "enrolled-at": parse_seconds,
    "enroll-until": parse_seconds,
    "unlocked-at": parse_seconds,
    "last-step": parse_step,
    "failures": parse_failures,
    "enrollment-code": parse_enrollment_code,
}
DEFAULTS = {
    "suspended": [],
    "failures": {"row": 0, "unknown": [], "known": []},
    "enrollment-code": {"kind": "none"},
}


def read_record(annotations):
    """Every annotation that decides, parsed; raises Unreadable with the first one that can't be trusted."""
    said = {key[len(PREFIX) :]: text for key, text in annotations.items() if key.startswith(PREFIX)}
    values = {key: parse(said[key]) if key in said else DEFAULTS.get(key) for key, parse in READERS.items()}
    for key in READERS:
        if key in said and values[key] is None:
            raise Unreadable(PREFIX + key)
    if ("enrolled-at" in said) != ("last-step" in said):
        raise Unreadable(PREFIX + ("last-step" if "enrolled-at" in said else "enrolled-at"))
    if "data-invalid" in said and said["data-invalid"] == said.get("minted-at"):
        raise Unreadable(PREFIX + "data-invalid")
    return {**values, "second-factor": said.get("second-factor")}


def second_factor(record, now, browser="unknown"):
    """What a login meets at an instant, from type and annotations of the Secret (None: there is none)."""
    if record is None or record["type"] != TYPE:
        return {"kind": "deny", "reason": "NoSecret"}
    if PREFIX + "orphaned-at" in record["annotations"]:
        return {"kind": "deny", "reason": "Orphaned"}
    try:
        read = read_record(record["annotations"])
    except Unreadable as which:
        return {"kind": "deny", "reason": "SecretInvalid", "annotation": str(which)}
    if read["second-factor"] == "off":
        return {"kind": "none", "reason": "Off"}
    if read["second-factor"] != "required":
        return {"kind": "deny", "reason": "Refused"}
    for start, end in read["suspended"]:
        if start <= now < end:
            return {"kind": "none", "reason": "Suspended", "until": end}
    if read["minted-at"] is None:
        return {"kind": "deny", "reason": "SeedLost"}
    return _when_asked(read, now, browser)


def _when_asked(read, now, browser):
    unlocked = read["unlocked-at"]
    wrong = [each * 1000 for each in read["failures"][browser]]
    if unlocked is not None and unlocked <= now:
        wrong = [each for each in wrong if each > unlocked]
    row = read["failures"]["row"]
    if row >= ROW_LIMIT:
        return {"kind": "deny", "reason": "Locked"}
    recent = [each for each in wrong if each + MEMORY > now]
    if len(recent) >= KEPT:
        return {"kind": "deny", "reason": "Locked", "until": recent[0] + MEMORY}
    wait = _waiting(row, wrong, now)
    if read["enrolled-at"] is not None:
        return {"kind": "code", **wait}
    if read["enroll-until"] is not None and now >= read["enroll-until"]:
        return {"kind": "deny", "reason": "EnrollmentExpired"}
    asked = read["enrollment-code"]
    if asked["kind"] == "issued" and now >= asked["expiresAt"]:
        asked = {"kind": "notIssued"}
    return {"kind": "enroll", "enrollmentCode": asked, **wait}


def _waiting(row, wrong, now):
    count = min(row, len(wrong))
    if count < 5:
        return {}
    not_before = wrong[-1] + 1000 * min(30 * 2 ** (count - 5), 3600)
    return {"notBefore": not_before} if now < not_before else {}


# Judging a code


def digits_of(typed):
    """The digits of a code as it was typed; None for what is no code."""
    text = _plain(typed)
    text = text and text.replace("\u2212", "")
    return text if text and re.fullmatch(r"[0-9]{6}|[0-9]{8}", text) else None


def is_enrollment_code(typed, hashed):
    text = _plain(typed)
    if text is None:
        return False
    _, salt, expected = hashed.split(":")
    text = text.upper().replace("I", "1").replace("L", "1").replace("O", "0")
    found = hashlib.sha256(bytes.fromhex(salt) + text.encode("utf-8", "replace")).hexdigest()
    return hmac.compare_digest(found, expected)


def _plain(typed):
    """Without what people put between characters; None for what is longer than any code."""
    if len(typed.encode("utf-16-le", "surrogatepass")) > 2 * 64:
        return None
    text = unicodedata.normalize("NFKC", typed)
    return "".join(each for each in text if not _is_space(each) and unicodedata.category(each) != "Pd")


def _is_space(each):
    """Not str.isspace, which has U+001C to U+001F and U+0085 too, and not U+FEFF."""
    return each in "\t\n\v\f\r\u2028\u2029\ufeff" or unicodedata.category(each) == "Zs"


def decode_seed(text):
    """128 to 512 bits in base32 without padding; None for anything else."""
    if not re.fullmatch(r"[A-Z2-7]+", text) or len(text) % 8 in (1, 3, 6):
        return None
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    canonical = base64.b32encode(key).decode().rstrip("=") == text
    return key if canonical and 16 <= len(key) <= 64 else None


def read_seed(data):
    """Seed and parameters of the Secret's data, already decoded from base64; None if they are not as promised."""
    key = decode_seed(data.get("seed", ""))
    if key is None or data.get("algorithm") not in HASHES:
        return None
    if data.get("digits") not in ("6", "8") or data.get("period") not in ("30", "60"):
        return None
    if not data.get("otpauth-uri", "").startswith("otpauth://totp/"):
        return None
    return key, data["algorithm"], int(data["digits"]), int(data["period"])


def code_at(seed, step):
    """RFC 6238 for one time step."""
    key, algorithm, digits, _ = seed
    mac = hmac.new(key, step.to_bytes(8, "big"), HASHES[algorithm]).digest()
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def judge(secret, typed, now, browser, attempt, minted_at=None, enrollment_code=None, honour_suspensions=True):
    """(answer, annotations to write before it is given or None). `secret`: type, annotations and decoded data, or None.

    `attempt` is written with each verdict: a text that this service recognises, another one for each verdict.
    """
    digits = digits_of(typed)
    if digits is None:
        return {"answer": "malformed"}, None
    verdict = second_factor(secret, now, browser)
    if verdict["kind"] == "none" and verdict["reason"] == "Suspended" and not honour_suspensions:
        others = {key: text for key, text in secret["annotations"].items() if key != PREFIX + "suspended"}
        verdict = second_factor({**secret, "annotations": others}, now, browser)
    stop = _stop(secret, verdict, minted_at, enrollment_code)
    if stop:
        return stop, None
    seed = read_seed(secret["data"])
    if seed is None:
        return {"answer": "dataInvalid"}, {PREFIX + "data-invalid": secret["annotations"][PREFIX + "minted-at"]}
    if len(digits) != seed[2]:
        return {"answer": "malformed"}, None
    return _judge_code(secret["annotations"], seed, digits, now, browser, attempt, verdict["kind"] == "code")


def _stop(secret, verdict, minted_at, enrollment_code):
    if verdict["kind"] in ("none", "deny"):
        return {"answer": verdict["kind"], **{key: verdict[key] for key in ("reason", "until") if key in verdict}}
    if minted_at is not None and minted_at != secret["annotations"].get(PREFIX + "minted-at"):
        return {"answer": "seedChanged"}
    asked = verdict.get("enrollmentCode", {"kind": "none"})
    if asked["kind"] == "notIssued":
        return {"answer": "enrollmentCode", "problem": "notIssued"}
    if asked["kind"] == "issued":
        if enrollment_code is None or all(_is_space(each) for each in enrollment_code):
            return {"answer": "enrollmentCode", "problem": "missing"}
        if not is_enrollment_code(enrollment_code, asked["hash"]):
            return {"answer": "enrollmentCode", "problem": "wrong"}
    return {"answer": "waiting", "notBefore": verdict["notBefore"]} if "notBefore" in verdict else None


def _judge_code(annotations, seed, digits, now, browser, attempt, enrolled):
    seconds = now // 1000
    present = seconds // seed[3]
    fits = [step for step in range(present - 10, present + 11) if hmac.compare_digest(code_at(seed, step), digits)]
    failures = read_record(annotations)["failures"]
    failures = {
        "row": failures["row"],
        **{kind: [each for each in failures[kind] if each * 1000 + MEMORY > now] for kind in ("unknown", "known")},
    }
    last_step = read_record(annotations)["last-step"]
    near = [step for step in fits if abs(step - present) <= 1]
    unused = [step for step in near if last_step is None or step > last_step]
    if unused:
        first = {} if enrolled else {PREFIX + "enrolled-at": format_seconds(now)}
        patch = {**first, PREFIX + "last-step": str(unused[-1]), **_written({**failures, "row": 0}, attempt)}
        return {"answer": "accepted", "firstCode": not enrolled, "wrongCodesBefore": failures["row"]}, patch
    if near:
        return {"answer": "replayed"}, None
    row = failures["row"] + 1
    mine = failures[browser]
    mine = (mine + [max(seconds, mine[-1] if mine else 0)])[-KEPT:]
    # Later than enrolment, a hint at a future step would tell a guesser when his guess is good.
    off_by = sorted((step - present for step in fits if not enrolled or step < present), key=abs)
    hint = {"phoneAhead": off_by[0]} if off_by else {}
    return {"answer": "wrong", "wrongCodes": row, **hint}, _written({**failures, "row": row, browser: mine}, attempt)


def _written(failures, attempt):
    ordered = {key: failures[key] for key in ("row", "unknown", "known")}
    return {PREFIX + "failures": json.dumps(ordered, separators=(",", ":")), PREFIX + "attempt": attempt}
