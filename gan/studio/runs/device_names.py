"""What devices are called."""


def with_number(name: str) -> str:
    """The whole name of a device: "cuda" is "cuda:0"."""
    return name if name == "cpu" or ":" in name else f"{name}:0"
