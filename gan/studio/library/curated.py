"""Generators of other people on the Hub that are worth a first look: facts alone, nothing is fetched before somebody
asks."""

import json
from pathlib import Path

_LIST = Path(__file__).with_name("curated.json")


def curated() -> list[dict]:
    """{"id", "kind", "licence" ("" where the author does not say), "megabytes", "data" (what it learnt from), "makes":
    [in English, in Chinese]} of each, as their pages on the Hub had it in 2024."""
    return json.loads(_LIST.read_text(encoding="utf-8"))
