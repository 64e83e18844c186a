"""The engine: one picture per recipe, whatever stands beside it."""

import dataclasses
import threading

import numpy as np
import pytest
import torch
from small_models import SmallModels, grey_digits, points, styled

from gan.errors import StudioError
from gan.latents.sampling import seed_to_z
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.engine import BATCH, BATCH_VALUES, PIECE, Engine
from gan.studio.library.loaded import Models
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe


@pytest.fixture(scope="module")
def models():
    return SmallModels(
        digits=grey_digits(),
        squares=grey_digits(pixel_art=True),
        faces=styled(),
        classes=styled(num_classes=3),
        clear=styled(channels=4),
        points=points(),
    )


@pytest.fixture(scope="module")
def engine(models):
    return Engine(models)


def alike(a, b) -> bool:
    return a.shape == b.shape and np.abs(a.astype(int) - b.astype(int)).max() <= 1


FACES = [
    Recipe("faces", seed=1),
    Recipe("faces", seed=2, psi=0.5),
    Recipe("faces", seed=1, noise="none"),
    Recipe("faces", seed=3, noise="random", noise_seed=1),
    Recipe("faces", seed=3, noise="random", noise_seed=2),
    Recipe("faces", seed=1, directions=(2.0, 0.0, -1.0)),
    Recipe("faces", seed=1, overrides=((0, 3.0), (5, -2.0))),
    Recipe("faces", seed=1, psi=0.2, cutoff=3),
    Recipe("faces", seed=1, psi=0.2),
    Recipe("faces", seed=1, layer_psi=((4, -1.0),)),
    Recipe("faces", seed=1, layer_noise=((0, 0.0), (4, 2.0))),
    Recipe("faces", seed=1, layer_noise=((4, 0.0),)),
    Recipe("faces", seed=3, noise="random", noise_seed=1, layer_noise=((4, 0.5),)),
    Recipe("faces", seed=1, style={"seed": 2}, mix=(0, 1)),
    Recipe("faces", seed=1, style={"seed": 2}, mix=(1, 0)),
    Recipe("faces", seed=1, style={"seed": 2}, mix=(0.3, 0.6)),
    Recipe("faces", seed=1, style={"seed": 2, "psi": 0.2, "directions": [2]}, mix=(0, 1)),
    Recipe("faces", seed=1, walk=((9, 0.4), (8, 0.2))),
    Recipe("faces", seed=4, psi=-1.0, directions=(1.0,)),
]
DIGITS = [
    Recipe("digits", seed=1),
    Recipe("digits", seed=1, label=0),
    Recipe("digits", seed=1, label=2),
    Recipe("digits", seed=1, label=2, psi=0.3),
    Recipe("digits", seed=1, label=2, directions=(1.5,)),
]


def test_a_picture_is_the_generators_own_output(engine, models):
    generator = models.get("faces").generator
    x = generator(seed_to_z(7, generator.z_dim))
    expected = (x * 127.5 + 128).clamp(0, 255).to(torch.uint8)[0].permute(1, 2, 0).numpy()
    (picture,) = engine.render([Recipe("faces", seed=7)])
    assert picture.dtype == np.uint8 and picture.shape == (16, 16, 3)
    assert np.array_equal(picture, expected)


@pytest.mark.parametrize("recipes", [FACES, DIGITS], ids=["faces", "digits"])
def test_every_setting_makes_another_picture(engine, recipes):
    pictures = engine.render(recipes)
    for i, a in enumerate(pictures):
        for b in pictures[:i]:
            assert not alike(a, b)


@pytest.mark.parametrize("recipes", [FACES, DIGITS], ids=["faces", "digits"])
def test_the_same_picture_whatever_the_batch_and_the_order(engine, recipes):
    together = engine.render(recipes * 5)
    assert len(together) > BATCH or recipes is DIGITS
    backwards = engine.render(recipes[::-1])[::-1]
    for i, recipe in enumerate(recipes):
        (alone,) = engine.render([recipe])
        assert alike(alone, together[i]) and alike(alone, together[i + len(recipes)]) and alike(alone, backwards[i])


def test_the_same_picture_whatever_the_threads(engine):
    before = torch.get_num_threads()
    try:
        pictures = []
        for threads in (1, 2):
            torch.set_num_threads(threads)
            pictures.append(engine.render(FACES))
    finally:
        torch.set_num_threads(before)
    assert alike(*pictures)


def test_many_threads_may_ask_at_once(engine):
    expected, answers = engine.render(FACES), {}
    askers = [threading.Thread(target=lambda i=i: answers.update({i: engine.render(FACES)})) for i in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(answers) == 8 and all(alike(answer, expected) for answer in answers.values())


def test_grey_pictures_come_as_colour_and_clear_ones_keep_their_transparency(engine):
    (grey,) = engine.render([Recipe("digits")])
    assert grey.shape == (12, 8, 3) and (grey[..., 0] == grey[..., 2]).all()
    assert engine.render([Recipe("clear")]).shape == (1, 16, 16, 4)


def test_models_may_be_mixed(engine):
    mixed = engine.render([Recipe("faces", seed=1), Recipe("clear", seed=1), Recipe("faces", seed=2)])
    assert mixed.shape == (3, 16, 16, 4) and (mixed[[0, 2], ..., 3] == 255).all()
    assert alike(mixed[[0, 2], ..., :3], engine.render([Recipe("faces", seed=1), Recipe("faces", seed=2)]))
    assert alike(mixed[1:2], engine.render([Recipe("clear", seed=1)]))


def test_models_of_different_sizes_may_not_and_nothing_is_painted(engine):
    apart = [Recipe("faces", label=1), Recipe("digits")]  # a class that painting would not find
    for ask in (engine.render, engine.picture_size, engine.at_once):
        with pytest.raises(StudioError, match="differ in size"):
            ask(apart)


def test_the_size_of_pictures_is_known_before_they_are_painted(engine):
    for recipes, size in (([Recipe("digits")], 24), ([Recipe("faces"), Recipe("clear")], None), ([Recipe("faces")], 9)):
        assert engine.picture_size(recipes, size) == engine.render(recipes, size).shape[2:0:-1]


def test_size_is_the_longer_edge(engine):
    assert engine.render([Recipe("digits")], size=96).shape == (1, 96, 64, 3)
    assert engine.render([Recipe("faces")] * 2, size=8).shape == (2, 8, 8, 3)


def test_pixel_art_keeps_its_squares_and_others_are_smooth(engine):
    (native,) = engine.render([Recipe("squares", seed=3)])
    (large,) = engine.render([Recipe("squares", seed=3)], size=48)
    (smooth,) = engine.render([Recipe("digits", seed=3)], size=48)
    assert np.array_equal(large, native.repeat(4, axis=0).repeat(4, axis=1))
    assert len(np.unique(smooth)) > len(np.unique(large))


def test_psi_zero_is_the_average_picture(engine):
    a, b = engine.render([Recipe("faces", seed=1, psi=0), Recipe("faces", seed=2, psi=0)])
    assert alike(a, b)


def test_a_walk_of_nothing_stays_and_a_whole_step_arrives(engine):
    a, b, c, d = engine.render(
        [
            Recipe("faces", seed=1),
            Recipe("faces", seed=1, walk=((2, 0.0),)),
            Recipe("faces", seed=1, walk=((2, 1.0),)),
            Recipe("faces", seed=2),
        ]
    )
    assert alike(a, b) and alike(c, d)


def test_a_mix_of_everything_is_the_second_picture(engine):
    style = Recipe(
        "faces",
        seed=2,
        psi=0.6,
        directions=(1.5,),
        walk=((4, 0.3),),
        overrides=((1, 2.0),),
        cutoff=4,
        layer_psi="1:-0.5",
    )
    whole, second = engine.render([Recipe("faces", seed=1, psi=0.3, style=style, mix=(1, 1)), style])
    assert alike(whole, second)


def test_a_mix_takes_the_w_of_its_layers(engine):
    first, second = Recipe("faces", seed=1), Recipe("faces", seed=2, psi=0.5)
    a, b, coarse, fine, part = engine.latents(
        [first, second, *(dataclasses.replace(first, style=second, mix=mix) for mix in ((1, 0), (0, 1), (0.25, 0.5)))]
    )
    assert torch.allclose(coarse[:2], b[:2]) and torch.allclose(coarse[2:], a[2:])
    assert torch.allclose(fine[:2], a[:2]) and torch.allclose(fine[2:], b[2:])
    assert torch.allclose(part[:2], a[:2].lerp(b[:2], 0.25)) and torch.allclose(part[2:], a[2:].lerp(b[2:], 0.5))


def test_a_mix_across_classes_is_of_both(engine):
    zero, two = Recipe("classes", seed=1, label=0), Recipe("classes", seed=1, label=2)
    crossed = dataclasses.replace(zero, style=two, mix=(0, 1))
    w = engine.latents([zero, two, crossed])
    assert (
        torch.allclose(w[2, 0], w[0, 0])
        and torch.allclose(w[2, -1], w[1, -1])
        and not torch.allclose(w[0, -1], w[1, -1])
    )


def test_layers_truncated_one_by_one(engine):
    """A cutoff, and a psi of its own on some layers, one behind the cutoff."""
    whole, center, some = engine.latents(
        [
            Recipe("faces", seed=1),
            Recipe("faces", seed=1, psi=0),
            Recipe("faces", seed=1, psi=0, cutoff=3, layer_psi="1:1,4:0.5"),
        ]
    )
    assert torch.equal(some[[0, 2]], center[[0, 2]]) and torch.equal(some[[1, 3, 5]], whole[[1, 3, 5]])
    assert torch.allclose(some[4], center[4].lerp(whole[4], 0.5))
    for all_of_them in (6, 7):  # and a cutoff that was meant for a model with more
        assert torch.equal(engine.latents([Recipe("faces", seed=1, psi=0, cutoff=all_of_them)])[0], center)


def test_no_noise_in_any_layer_is_no_noise(engine):
    off = tuple((layer, 0.0) for layer in range(5))
    none, *others = engine.render(
        [
            Recipe("faces", noise="none"),
            Recipe("faces", layer_noise=off),
            Recipe("faces", noise="random", noise_seed=3, layer_noise=off),
        ]
    )
    assert all(alike(none, other) for other in others)


def test_films_of_mixes_and_of_noise_by_layer(engine):
    first = Recipe("faces", seed=1, style={"seed": 5}, mix=(0, 1), layer_noise=((3, 0.0),))
    film = PathRecipe((first, Recipe("faces", seed=2, style={"seed": 6, "psi": 0.2}, mix=(0.5, 0))), steps=6)
    frames = np.concatenate(list(engine.frames(film)))
    for number, recipe in film.keyframe_recipes().items():
        assert alike(frames[number], engine.render([recipe])[0])


def test_latents_are_what_the_synthesis_takes(engine, models):
    generator = models.get("faces").generator
    w = engine.latents(FACES[:2])
    assert w.shape == (2, generator.num_ws, generator.w_dim)
    expected = generator.mapping(seed_to_z(1, generator.z_dim))[0]
    assert torch.allclose(w[0], expected, atol=1e-5)
    halfway = generator.center()[0].lerp(generator.mapping(seed_to_z(2, generator.z_dim))[0], 0.5)
    assert torch.allclose(w[1], halfway, atol=1e-5)


def test_latents_can_be_differentiated(engine, models):
    w = engine.latents([Recipe("faces", directions=(1.0,))]).requires_grad_()
    models.get("faces").generator.synthesis(w).sum().backward()
    assert w.grad.abs().sum() > 0


def test_directions_found_while_rendering_can_be_used_elsewhere():
    fresh = SmallModels(faces=styled())
    Engine(fresh).render([Recipe("faces", directions=(1.0,))])
    assert not fresh.get("faces").directions().vectors.is_inference()


@pytest.mark.parametrize("path", ["linear", "spherical", "smooth"])
@pytest.mark.parametrize("loop", [False, True])
def test_a_film_passes_through_its_keyframes(engine, path, loop):
    keyframes = (
        Recipe("classes", seed=1, label=0, noise="random", noise_seed=3),
        Recipe("classes", seed=2, label=2),
        Recipe("classes", seed=3, label=1, psi=0.6, directions=(1.0,)),
    )
    film = PathRecipe(keyframes, steps=12, path=path, loop=loop, easing="ease")
    frames = np.concatenate(list(engine.frames(film)))
    assert len(frames) == film.frame_count
    for number, recipe in film.keyframe_recipes().items():
        assert alike(frames[number], engine.render([recipe])[0])


def test_a_film_comes_in_bounded_batches(engine):
    film = PathRecipe((Recipe("digits"), Recipe("digits", seed=1, label=1)), steps=40)
    assert [len(batch) for batch in engine.frames(film, size=24)] == [32, 9]


def test_what_lies_between_layers_bounds_batches_too():
    digits = grey_digits()
    digits.generator.most_values = BATCH_VALUES // 5
    wide = Engine(SmallModels(digits=digits, narrow=grey_digits()))
    film = PathRecipe((Recipe("digits"), Recipe("digits", seed=1)), steps=6)
    assert [len(batch) for batch in wide.frames(film)] == [5, 2]
    assert wide.at_once([Recipe("digits")] * 9) == 5 and len(wide.render([Recipe("digits")] * 9)) == 9
    assert wide.at_once([Recipe("narrow")] * 9) == PIECE and wide.at_once([Recipe("narrow"), Recipe("digits")] * 9) == 5


@pytest.mark.parametrize(
    "recipe, word",
    [
        (Recipe("points"), "pictures"),
        (Recipe("nowhere"), "nowhere"),
        (Recipe("faces", label=1), "classes"),
        (Recipe("faces", layer_psi=((6, 0.5),)), "no layer 6"),
        (Recipe("faces", layer_noise=((5, 0.5),)), "no layer with noise 5"),
        (Recipe("digits", layer_noise=((0, 0.5),)), "noise"),
        (Recipe("digits", label=0, style={"seed": 1}, mix=(0, 1)), "one style for all"),
        (Recipe("digits", label=3), "class"),
        (Recipe("digits", overrides=((10, 1.0),)), "latent value"),
    ],
)
def test_what_a_model_cannot_do_is_one_sentence(engine, recipe, word):
    for ask in (
        lambda: engine.render([recipe]),
        lambda: engine.frames(PathRecipe((recipe, dataclasses.replace(recipe, seed=5)))),
    ):
        with pytest.raises(StudioError, match=word):
            ask()


def test_more_directions_than_the_model_has():
    models = SmallModels(digits=grey_digits())
    found = models.get("digits").directions()
    two = dataclasses.replace(found, vectors=found.vectors[:2], scales=found.scales[:2])
    models.get("digits").directions = lambda: two
    with pytest.raises(StudioError, match="direction"):
        Engine(models).render([Recipe("digits", directions=(0.0, 0.0, 1.0))])


@pytest.mark.parametrize("size", [0, 7, 2049, -5, 64.0, True, "64", 10**100])
def test_absurd_sizes(engine, size):
    with pytest.raises(StudioError):
        engine.render([Recipe("faces")], size=size)
    with pytest.raises(StudioError):
        engine.frames(PathRecipe((Recipe("faces"), Recipe("faces", seed=1))), size=size)


def test_nothing_and_too_much(engine):
    with pytest.raises(StudioError, match="at least one"):
        engine.render([])
    with pytest.raises(StudioError, match="too much"):
        engine.render([Recipe("faces")] * 1000, size=1024)
    with pytest.raises(StudioError, match="one model"):
        engine.latents([Recipe("faces"), Recipe("digits")])


def test_a_model_that_broke_while_training_says_so():
    broken = SmallModels(faces=styled())
    next(broken.get("faces").generator.parameters()).fill_(float("nan"))
    with pytest.raises(StudioError, match="not numbers"):
        Engine(broken).render([Recipe("faces")])


def test_a_model_from_its_folder(engine, models, tmp_path):
    values = dict(image_shape=(1, 12, 8), num_classes=3, z_dim=10, hidden=(32,))
    config = ModelConfig(family="mlp", generator=values, classes=("a", "b", "c"), pixel_art=True)
    write_model(tmp_path / "digits", config, models.get("digits").generator)
    from_folder = Engine(Models(roots=(tmp_path,)))
    assert alike(from_folder.render(DIGITS), engine.render(DIGITS))
    assert alike(from_folder.render(DIGITS, 48), from_folder.render(DIGITS).repeat(4, axis=1).repeat(4, axis=2))
