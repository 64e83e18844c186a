"""Cards of published models, by what the models make."""

from pathlib import Path

import pytest

from gan.evaluation.intervals import Estimate
from gan.evaluation.report import Report
from gan.store.model_config import ModelConfig
from gan.studio.publishing.card import card
from gan.studio.publishing.provenance import Provenance

PICTURES = ModelConfig("mlp", dict(image_shape=[1, 8, 8]), data="5 pictures")
WORDS = ModelConfig("words", dict(symbols=" ab", places=4), data="5 words")


def published(config: ModelConfig, score: str, features: str) -> str:
    told = {score: Estimate(0.5, 0.1)}
    report = Report(features, 600, 400, 400, 1.0, told, told, 1.0)
    return card("", "cc0-1.0", Provenance(Path(), config), report, "", "ada/it")


@pytest.mark.parametrize(
    "config, score, features, said",
    [
        (
            PICTURES,
            "frechet",
            "a network",
            (
                "pipeline_tag: unconditional-image-generation",
                "- Training pictures: 5 pictures",
                "against 400 pictures, each with its 95 % interval, in a network: **not comparable",
                "With so few pictures",
                "| real pictures |",
                "--data PICTURES",
            ),
        ),
        (
            WORDS,
            "letters3",
            "runs of letters",
            (
                "pipeline_tag: text-generation",
                "- Training words: 5 words",
                "against 400 words, each with its 95 % interval, distances in bits. It may have learned these words.",
                "With so few words",
                "| real words |",
                "--data WORDS",
            ),
        ),
    ],
)
def test_a_card_speaks_of_what_its_model_makes(config, score, features, said):
    text = published(config, score, features)
    assert not [part for part in said if part not in text], text
    if config is WORDS:
        assert "picture" not in text and "FID" not in text and "image" not in text
