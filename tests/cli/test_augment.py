"""`python -m gan augment`, as a person has it."""

import json
from pathlib import Path

import numpy as np
from PIL import Image
from training.test_classifier import bars

KNOBS = "--labelled 2 --unlabelled 12 --gan-steps 1 --gan-batch 4 --width 4 --samples 4 --steps 1 --batch 8"


def test_accuracies_a_verdict_and_seeds_that_are_kept(gan, refused):
    x, labels = bars(60)
    np.savez("bars.npz", images=x[:, 0].numpy(), labels=labels.numpy(), label_names=["bar:lies,stands"])
    asked = f"augment --data bars.npz {KNOBS}"
    done = gan(f"{asked} --seeds 2 --out out.json --samples-out samples.png")
    assert done.status == 0, done.err
    rows = done.out.splitlines()
    assert len(rows) == 5 + 3 + 1 and "±" in rows[0] and rows[0].endswith("%  labelled pictures alone")
    assert (
        rows[5].startswith("A GAN of the labelled pictures: ")
        and "2 labelled pictures of each of 2 classes" in rows[-1]
    )
    assert Image.open("samples.png").size == (2 * 16, 8 * 16)
    first = json.loads(Path("out.json").read_text())
    assert set(first["right"]) == {"0", "1"} and first["settings"]["labelled"] == 2
    done = gan(f"{asked} --seeds 3 --out out.json --resume --progress")
    assert done.status == 0 and [json.loads(line)["done"] for line in done.out.splitlines()][-1] > 0.9
    more = json.loads(Path("out.json").read_text())
    assert set(more["right"]) == {"0", "1", "2"} and more["right"]["1"] == first["right"]["1"]
    done = gan(f"{asked} --seeds 9 --out out.json --resume --minutes 1e-9")
    assert "There was time for" in done.out  # three are there, and one more may have been begun
    there = ("bars.npz", "out.json", "samples.png")
    assert "other pictures or settings" in refused(
        f"{asked} --steps 2 --out out.json --resume".replace("--steps 1 ", ""), there
    )
    assert "--resume needs --out" in refused(f"{asked} --resume", there)
    assert "no example with classes" in refused("augment --data example:cats", there)
