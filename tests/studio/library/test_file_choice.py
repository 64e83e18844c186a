"""Which file of a repository is the generator."""

import pytest
from tiny_model import sentence

from gan.studio.library.file_choice import choose, listed, refuse_others, trouble

MB = 10**6
REPOSITORIES = {  # file names as public repositories have them -> what is read
    "the mixin of the Hub": (["README.md", "config.json", "pytorch_model.bin"], "pytorch_model.bin"),
    "both formats": (["config.json", "model.safetensors", "pytorch_model.bin"], "model.safetensors"),
    "a pair": (["discriminator.pth", "generator.pth"], "generator.pth"),
    "the DCGAN tutorial's": (["netD_epoch_24.pth", "netG_epoch_24.pth", "netG_epoch_9.pth"], "netG_epoch_24.pth"),
    "StyleGAN2's snapshots": (
        ["network-snapshot-000200.pkl", "network-snapshot-001000.pkl", "fid50k.txt"],
        "network-snapshot-001000.pkl",
    ),
    "LightweightGAN's": (["config.json", "model.pt", "fid.txt"], "model.pt"),
    "an average": (["G.pt", "D.pt", "g_ema.pt"], "g_ema.pt"),
    "an optimiser beside": (["optimizer.pt", "model.pt", "training_args.bin"], "model.pt"),
    "in a folder": (["weights/generator.pt", "encoder.pt"], "weights/generator.pt"),
    "what else there is": (["vae.pt"], "vae.pt"),
    "tar": (["README.md", "checkpoint.pth.tar"], "checkpoint.pth.tar"),
    "the best by a score": (["generator_best_fid.pth", "discriminator_best_fid.pth"], "generator_best_fid.pth"),
    "a score behind": (["netG_epoch_24_fid.pth", "netD_epoch_24_fid.pth"], "netG_epoch_24_fid.pth"),
    "what guides it": (["G_clip.pth", "D.pth"], "G_clip.pth"),
    "how it is built": (["generator_resnet.pt", "generator_encoder.pt", "critic.pt"], "generator_encoder.pt"),
    "a plain one before": (["generator_fid.pt", "generator.pt"], "generator.pt"),
    "nothing": (["README.md", "train.py"], None),
}


@pytest.mark.parametrize("case", REPOSITORIES)
def test_the_likeliest_generator_is_read(case):
    names, wanted = REPOSITORIES[case]
    for order in (names, names[::-1]):
        assert choose(dict.fromkeys(order, MB)) == wanted


@pytest.mark.parametrize(
    "name",
    [
        "../generator.pt",
        "a/../../generator.pt",
        "/generator.pt",
        "a\\generator.pt",
        "gen\nerator.pt",
        "-generator.pt",
        "a//generator.pt",
        "x" * 300 + ".pt",
        ".generator.pt",
        "a/" * 9 + "g.pt",
        ".pt",
    ],
)
def test_names_that_no_file_should_have(name):
    assert choose({name: MB}) is None
    (file,) = listed({name: MB})
    assert not file.readable and file.note == "a name that cannot be used here"


def test_empty_and_huge_files_are_not_asked_for():
    sizes = {"generator.pt": 0, "model.pt": 3 * 2**30}
    assert choose(sizes) is None
    assert [file.note for file in listed(sizes)] == ["empty", "larger than 2 GiB"]
    assert trouble("a/b", sizes)[0] == "a/b has no file that is small enough: 'model.pt' has 3.0 GiB."


def test_the_list_says_what_is_what():
    files = listed({"README.md": 10, "netD.pth": MB, "netG.pth": MB, "config.json": 10, "saved_model.pb": MB})
    assert [(f.name, f.readable) for f in files] == [
        ("netG.pth", True),
        ("netD.pth", True),
        ("README.md", False),
        ("config.json", False),
        ("saved_model.pb", False),
    ]
    assert [f.note for f in files] == [
        "weights",
        "seems not to be the generator",
        "its description",
        "its settings",
        "TensorFlow",
    ]


@pytest.mark.parametrize(
    "names, words",
    [
        (["saved_model.pb", "variables/variables.index"], "is a TensorFlow SavedModel"),
        (["g.onnx.data"], "keeps the numbers of its ONNX file beside it"),
        (["model_index.json", "unet/x.txt"], "is a pipeline of several models"),
        (["modeling_gan.py"], "holds code that would have to be run"),
        (["README.md"], "has no weights"),
        ([], "has no weights"),
        (["générateur.pth"], "under a name that cannot be used here: 'générateur.pth'"),
        (["G[64x64].pth"], "'G[64x64].pth'"),
        (["model.gguf"], "in another program's format"),
    ],
)
def test_what_is_said_where_nothing_can_be_read(names, words):
    message, hint = trouble("ada/it", dict.fromkeys(names, MB))
    assert message.startswith("ada/it ") and words in message and hint.endswith(".")


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"auto_map": {"AutoModel": "modeling.Evil"}, "model_type": "x"}, "needs code of its own to be run"),
        ({"model_type": "bert"}, "is no GAN: its config.json says 'bert'"),
        ({"_class_name": "UNet2DModel"}, "'UNet2DModel'"),
        ({"architectures": ["ViT" * 90]}, "is no GAN"),
    ],
)
def test_configs_of_other_libraries(settings, words):
    assert words in sentence(refuse_others, "ada/it", settings)


def test_configs_of_gans_are_welcome():
    for settings in (
        {},
        {"nz": 100, "ngf": 64},
        {"image_size": 512, "latent_dim": 256},
        {"model_type": "dcgan"},
        {"model_type": "custom", "architectures": ["Generator"]},
    ):
        refuse_others("ada/it", settings)
