"""Compiles the texts, and puts templates, static files and migrations into the wheel; pyproject.toml says the rest.

In a checkout they lie beside the package. `FILES` in engage/config.py finds them in either place.
"""

import runpy
from pathlib import Path

from setuptools import find_namespace_packages, setup

LAID_IN = ("migrations", "static", "templates")


def folders(name: str) -> list[str]:
    return find_namespace_packages(include=[name, f"{name}.*"])


# By its path: nothing is installed yet.
runpy.run_path("engage/catalogs.py")["compile_all"](Path("engage/translations"))

setup(
    packages=[*folders("engage"), *(f"engage.shipped.{each}" for name in LAID_IN for each in folders(name))],
    package_dir={f"engage.shipped.{name}": name for name in LAID_IN},
    package_data={"": ["*"]},
    exclude_package_data={"": ["*.pyc"]},
)
