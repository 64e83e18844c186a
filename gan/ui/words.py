"""The page's own words, from gan/locales, as Gradio and the scripts take them."""

import gradio as gr

from gan.locales import ENGLISH, Locale, languages

_PREFIX = "studio_"


class Words:
    """The words as Gradio takes them: `words("seed")` is a label that shows in the reader's language.

    Keys get a prefix, since Gradio's own words lie in the same table ("file", "image") and would win.
    """

    def __init__(self) -> None:
        self.i18n = gr.I18n(
            **{
                tag: {_PREFIX + key: word for key, word in for_scripts(locale).items()}
                for tag, locale in languages().items()
            }
        )

    def __call__(self, key: str):
        if key not in languages()[ENGLISH].words:
            raise KeyError(f"There is no word {key!r} in gan/locales/en.json.")
        return self.i18n(_PREFIX + key)


def for_scripts(locale: Locale) -> dict[str, str]:
    """Every word in one language, by key."""
    return {key: locale.word(key) for key in languages()[ENGLISH].words}
