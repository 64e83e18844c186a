"""Generators of other people on the Hub that are worth a first look: facts alone, nothing is fetched before somebody
asks."""

import json
from pathlib import Path

from gan.messages import say

_LIST = Path(__file__).with_name("curated.json")


def curated() -> list[dict]:
    """{"id", "kind", "licence" ("" where the author does not say), "megabytes", "data" (what it learnt from), "makes":
    a message} of each, as their pages on the Hub had it in 2024."""
    rows = json.loads(_LIST.read_text(encoding="utf-8"))
    return [row | {"makes": say(row["makes"]), "kind": say(row["kind"])} for row in rows]
