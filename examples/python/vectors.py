"""Holds exchange2fa.py against test/vectors: `python3 examples/python/vectors.py [FOLDER]`; exit code 0 if all pass."""

import json
import sys
from pathlib import Path

import exchange2fa as contract


def check(folder):
    for case in load(folder, "names.json"):
        yield case["address"], contract.secret_name(case["address"]), case["name"]
    for case in load(folder, "second-factor.json"):
        now = contract.parse_milliseconds(case["now"])
        yield case["name"], contract.in_words(contract.second_factor(case["record"], now, case["browser"])), case["verdict"]
    for case in load(folder, "codes.json"):
        answer, patch = contract.judge(
            case["secret"],
            case["typed"],
            contract.parse_milliseconds(case["now"]),
            case["browser"],
            case["attempt"],
            case["mintedAt"],
            case["enrollmentCode"],
            case["honourSuspensions"],
        )
        yield case["name"], (contract.in_words(answer), patch), (case["answer"], case["patch"])


def load(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))["cases"]


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "test" / "vectors"
    results = list(check(folder))
    failed = [(name, found, wanted) for name, found, wanted in results if found != wanted]
    for name, found, wanted in failed:
        print(f"{name!r}: found {found}, wanted {wanted}")
    print(f"{len(results) - len(failed)} of {len(results)} vectors pass")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
