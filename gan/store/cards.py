"""README.md of a model that a run made."""

from gan.store.model_folder import ModelConfig
from gan.store.run_settings import RunSettings


def model_card(config: ModelConfig, settings: RunSettings) -> str:
    """README.md of a model that a run made: what it is, from what, and how."""
    rows = {**{k: v for k, v in settings.train.items() if v not in (None, [], ())}, **config.trained}
    table = "\n".join(f"| {name} | {_cell(value)} |" for name, value in rows.items())
    start = f"fine-tuned from {settings.base}" if settings.base else "trained from scratch"
    return (
        f"# {config.title or 'A trained pair'}\n\n{config.summary}\n\n"
        f"- Family: {config.family}, {start}\n- Training pictures: {config.data or 'not said'}\n"
        f"- Licence: {config.licence or 'not said'}\n\n"
        f"`model.safetensors` is the averaged generator, `discriminator.safetensors` its discriminator.\n\n"
        f"| setting | value |\n|---|---|\n{table}\n"
    )


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
