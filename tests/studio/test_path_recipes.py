import pytest

from gan.errors import StudioError
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe


def test_paths_count_their_frames():
    keyframes = tuple(Recipe("faces", seed=i) for i in range(4))
    assert PathRecipe(keyframes, steps=10).frame_count == 31
    assert PathRecipe(keyframes, steps=10, loop=True).frame_count == 40


def test_the_keyframes_of_a_path_share_the_noise_of_the_first():
    path = PathRecipe((Recipe("faces", noise="none"), Recipe("faces", seed=1, noise="random", noise_seed=4)), steps=5)
    assert path.keyframe_recipes() == {0: Recipe("faces", noise="none"), 5: Recipe("faces", seed=1, noise="none")}
    path = PathRecipe(
        (Recipe("faces", layer_noise="2:0"), Recipe("faces", seed=1, layer_noise="3:0", layer_psi="1:0")), steps=5
    )
    assert path.keyframe_recipes()[5] == Recipe("faces", seed=1, layer_noise="2:0", layer_psi="1:0")


def test_the_keyframes_of_a_path_share_the_blend_of_the_first():
    path = PathRecipe((Recipe("faces"), Recipe("faces", seed=1, blend=(0, 0, 0))), steps=5)
    assert path.keyframe_recipes()[5] == Recipe("faces", seed=1)


@pytest.mark.parametrize(
    "change",
    [
        {"keyframes": [{"model": "faces"}]},
        {"keyframes": []},
        {"keyframes": {"model": "faces"}},
        {"keyframes": None},
        {"keyframes": [{"model": "faces"}] * 65},
        {"keyframes": [{"model": "faces"}, {"model": "sea"}]},
        {"keyframes": [{"model": "faces"}, {"model": "faces", "revision": "v2"}]},
        {"keyframes": [1, 2]},
        {"keyframes": [{"model": "faces", "seed": -1}] * 2},
        {"steps": 1},
        {"steps": 241},
        {"steps": 2.5},
        {"steps": None},
        {"path": "scenic"},
        {"easing": "bouncy"},
        {"loop": 2},
        {"studio": 7},
        {"speed": 3},
        {"keyframes": [{"model": "faces"}] * 64, "steps": 100},
    ],
)
def test_hostile_paths_are_one_sentence(change):
    sound = {"studio": 1, "keyframes": [{"model": "faces"}, {"model": "faces", "seed": 1}], "steps": 12}
    PathRecipe.from_json(sound)
    with pytest.raises(StudioError) as caught:
        PathRecipe.from_json(sound | change)
    assert 20 < len(str(caught.value)) < 400
