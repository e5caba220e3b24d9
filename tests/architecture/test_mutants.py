"""The list of what no test notices speaks of mutants that there are."""

import tomllib

from tests.mutants import survivors
from tests.mutants.mutations import HERE, ROOT, source_of

MODULES = tomllib.loads((HERE / "modules.toml").read_text())


def test_every_mutant_that_is_listed_exists() -> None:
    for module, listed in survivors.read().items():
        assert {*listed} <= {each.name for each in source_of(module).mutations}, module


def test_what_is_to_notice_exists() -> None:
    for module, entry in MODULES.items():
        assert source_of(module).mutations
        assert [test for test in entry["tests"] if not (ROOT / test.partition("::")[0]).exists()] == []
