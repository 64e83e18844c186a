"""What the knobs of a training may be set to, in words: the names of losses, penalties and augmentations.

Their functions stand in `losses`, `penalties` and `augment`, which compute; whoever only lists or checks settings needs
none of them.
"""

LOSS_WORDS = {
    "non-saturating": "Real or fake, as in 2014; the generator is rewarded for being taken for real.",
    "minimax": "The same game as first written down; learning stalls when the discriminator wins.",
    "least-squares": "The discriminator aims at 1 for real and 0 for fake, and pays the square of its miss.",
    "hinge": "The discriminator stops pushing once it is sure enough.",
    "wasserstein": ("A critic gives scores, not verdicts: the difference of the means is a distance. Needs a penalty."),
    "relativistic": (
        "Of a picture and a sample, which is the real one? Keeps all kinds of pictures in the game; best with r1+r2."
    ),
}

PENALTY_WORDS = {
    "r1": "It is to be flat around the training pictures.",
    "r1+r2": "It is to be flat around training pictures and samples: what the relativistic loss needs to settle.",
    "gradient": "Its scores are to rise evenly between pictures and samples: what the Wasserstein loss needs.",
}

WARP_NAMES = ("zoom", "rotation", "stretch", "drift")
CHANGES = (
    "brightness",
    "saturation",
    "contrast",
    "flip",
    "translation",
    "cutout",
    "quarter_turns",
    *WARP_NAMES,
    "luma_flip",
    "hue",
)

# What Karras et al. 2020 call "bgc": pixels moved whole, geometry, colours. Brightness, contrast, saturation and
# translation are those of Zhao et al., which are about as strong.
BGC = ("flip", "quarter_turns", "translation", *WARP_NAMES, "brightness", "contrast", "luma_flip", "hue", "saturation")
