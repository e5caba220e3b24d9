"""The mutants that no test notices, and why each may stay: survivors.txt, known by what they change."""

from collections.abc import Iterable, Mapping

from tests.mutants.mutations import HERE

FILE = HERE / "survivors.txt"
INTRODUCTION = """\
# Mutants that no test notices, by module: function | line | change # why it may stay.
# `make mutants` fails on one that is not here, or whose reason is missing.
"""


def read() -> dict[str, dict[str, str]]:
    """By module, by the mutant's name: why it may stay, empty where no one has said."""
    found: dict[str, dict[str, str]] = {}
    reasons: dict[str, str] = {}
    for line in FILE.read_text().splitlines():
        if line.startswith("["):
            reasons = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            name, _sign, reason = line.rpartition("  # ") if "  # " in line else (line, "", "")
            reasons[name] = reason
    return found


def write(left: Mapping[str, Iterable[str]]) -> None:
    """Adds what is left to the explained ones of these modules; what is neither goes."""
    known = read()
    for module, names in left.items():
        explained = {name: reason for name, reason in known.get(module, {}).items() if reason}
        known[module] = explained | dict.fromkeys(names, "")
    parts = [INTRODUCTION]
    for module, reasons in known.items():
        lines = (f"{name}  # {reason}" if reason else name for name, reason in reasons.items())
        parts.append("\n".join([f"[{module}]", *lines]) + "\n")
    FILE.write_text("\n".join(parts))
