import pytest
import torch

from gan.errors import StudioError
from gan.latents.sampling import layer_psi, one_hot, override, seed_to_z, seeds_to_z, truncate, walk
from gan.latents.seeds import MOST_SEEDS, parse_seeds


def test_seed_zero_is_the_latent_that_every_tool_draws():
    known = torch.tensor([[1.7640523, 0.4001572, 0.9787380, 2.2408932, 1.8675580]])
    torch.testing.assert_close(seed_to_z(0, 5), known, rtol=0, atol=1e-6)
    assert seed_to_z(0, 5).dtype == torch.float32


def test_drawing_leaves_the_random_state_of_torch_alone():
    before = torch.get_rng_state()
    seed_to_z(7, 64)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_row_does_not_depend_on_the_seeds_beside_it():
    rows = seeds_to_z([5, 9, 5], 16)
    assert rows.shape == (3, 16)
    assert torch.equal(rows[0], rows[2]) and not torch.equal(rows[0], rows[1])
    assert torch.equal(rows[1:2], seed_to_z(9, 16))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused_by_its_value(seed):
    with pytest.raises(StudioError, match=f"A seed cannot be {seed}"):
        seed_to_z(seed, 4)


def test_the_last_seed_works():
    assert seed_to_z(2**32 - 1, 4).shape == (1, 4)


def test_one_hot_of_a_class_of_none_and_of_a_model_without_classes():
    expected = torch.tensor([[0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0]])
    assert torch.equal(one_hot([3, None, 0], 4), expected)
    assert one_hot([3, None], 0) is None


@pytest.mark.parametrize("label", [-1, 4])
def test_one_hot_refuses_a_class_that_was_not_learnt(label):
    with pytest.raises(StudioError, match=f"no class {label}. Its classes are 0 to 3"):
        one_hot([label], 4)


def test_truncation_by_hand():
    w, center = torch.tensor([[[3.0, -1.0], [3.0, -1.0]]]), torch.tensor([[[1.0, 1.0], [1.0, 1.0]]])
    assert truncate(w, center, 0.5).tolist() == [[[2.0, 0.0], [2.0, 0.0]]]
    assert truncate(w, center, -1).tolist() == [[[-1.0, 3.0], [-1.0, 3.0]]]
    assert truncate(w, center, 2).tolist() == [[[5.0, -3.0], [5.0, -3.0]]]


def test_truncation_spares_the_layers_from_the_cutoff_on():
    w, center = torch.randn(2, 5, 3), torch.zeros(1, 5, 3)
    cut = truncate(w, center, 0.0, cutoff=2)
    assert torch.equal(cut[:, :2], torch.zeros(2, 2, 3)) and torch.equal(cut[:, 2:], w[:, 2:])
    assert torch.equal(truncate(w, center, 0.0, cutoff=0), w)


def test_truncation_is_exact_at_both_ends():
    torch.manual_seed(0)
    w, center = torch.randn(3, 4, 50), torch.randn(3, 4, 50) * 1000
    assert torch.equal(truncate(w, center, 1.0), w)
    assert torch.equal(truncate(w, center, 0.0), center)


def test_every_row_may_have_its_own_psi():
    w, center = torch.randn(3, 2, 4), torch.randn(1, 2, 4)
    together = truncate(w, center, torch.tensor([0.3, 1.0, -0.5]))
    for row, psi in enumerate([0.3, 1.0, -0.5]):
        assert torch.equal(together[row : row + 1], truncate(w[row : row + 1], center, psi))


def test_psi_of_each_layer():
    assert layer_psi(4, 0.5, None, {}) == [0.5] * 4
    assert layer_psi(4, 0.5, 2, {}) == [0.5, 0.5, 1, 1]
    assert layer_psi(4, 0.5, 0, {}) == [1] * 4 and layer_psi(4, 0.5, 4, {}) == [0.5] * 4
    assert layer_psi(4, 0.5, 1, {0: -1, 3: 0}) == [-1, 1, 1, 0]
    assert layer_psi(4, 0.5, 9, {}) == [0.5] * 4  # a cutoff for a model with more layers
    with pytest.raises(StudioError, match="no layer 4"):
        layer_psi(4, 0.5, None, {4: 1.0})


def test_a_walk_of_no_steps_stays_and_a_whole_step_arrives():
    z = seed_to_z(1, 64)
    assert torch.equal(walk(z, []), z)
    torch.testing.assert_close(walk(z, [(2, 0.0)]), z)
    torch.testing.assert_close(walk(z, [(2, 0.3), (3, 1.0)]), seed_to_z(3, 64))


def test_each_step_of_a_walk_covers_its_share_of_the_angle():
    def angle(a, b):
        return torch.acos(torch.cosine_similarity(a, b)).item()

    z, target = seed_to_z(1, 64), seed_to_z(2, 64)
    moved = walk(z, [(2, 0.2)])
    assert angle(z, moved) == pytest.approx(0.2 * angle(z, target), abs=1e-3)
    twice = walk(z, [(2, 0.2), (2, 0.5)])
    assert angle(z, twice) == pytest.approx(0.6 * angle(z, target), abs=1e-3)


def test_a_long_walk_keeps_a_likely_length():
    z = walk(seed_to_z(0, 128), [(seed, 0.2) for seed in range(1, 65)])
    assert 9.5 < z.norm().item() < 13.0, "sqrt(128) is 11.3; straight steps would fall to about 4"


def test_override_sets_single_values_and_leaves_its_input_alone():
    z = seeds_to_z([1, 2], 4)
    before = z.clone()
    edited = override(z, {0: 2.5, 3: -1.0})
    assert torch.equal(z, before)
    assert edited[:, [0, 3]].tolist() == [[2.5, -1.0], [2.5, -1.0]]
    assert torch.equal(edited[:, 1:3], z[:, 1:3])


@pytest.mark.parametrize("index", [-1, 4])
def test_override_refuses_a_value_that_is_not_there(index):
    with pytest.raises(StudioError, match=f"no latent value {index}. They are numbered 0 to 3"):
        override(torch.zeros(1, 4), {index: 1.0})


@pytest.mark.parametrize(
    "text, seeds",
    [
        ("7", [7]),
        ("0-3,7,9-11", [0, 1, 2, 3, 7, 9, 10, 11]),
        (" 5 , 1 - 2 ", [5, 1, 2]),
        ("4-4,4", [4, 4]),
        ("4294967295", [4294967295]),
    ],
)
def test_parse_seeds(text, seeds):
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "'' is not a seed."),
        ("1,,2", "'' is not a seed."),
        ("cat", "'cat' is not a seed."),
        ("-1", "'-1' is not a seed."),
        ("1.5", "'1.5' is not a seed."),
        ("1-2-3", "'1-2-3' is not a seed."),
        ("٣", "'٣' is not a seed."),
        ("9-3", "The seeds '9-3' run backwards."),
        ("4294967296", "A seed cannot be 4294967296."),
        ("99999999999", "'99999999999' is not a seed."),
        ("0-4294967295", "These are more than 10000 seeds."),
        ("0-9999,5", "These are more than 10000 seeds."),
    ],
)
def test_parse_seeds_refuses_nonsense_in_one_sentence(text, sentence):
    with pytest.raises(StudioError) as caught:
        parse_seeds(text)
    assert caught.value.message == sentence
    assert caught.value.hint.endswith(".")


def test_parse_seeds_takes_as_many_as_it_says_and_shows_little_of_a_long_text():
    assert len(parse_seeds("0-9999")) == MOST_SEEDS
    with pytest.raises(StudioError) as caught:
        parse_seeds("x" * 100_000)
    assert len(str(caught.value)) < 120
