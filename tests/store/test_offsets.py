import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import build_generator
from gan.store.offset_text import check_offset
from gan.store.offsets import offset_of, offset_text

PLAIN = build_generator("mlp", dict(image_shape=[1, 4, 4], z_dim=5, num_classes=2))
STYLED = build_generator("stylegan2", dict(side=16, z_dim=4, w_dim=6, channel_base=64))


@pytest.mark.parametrize(("generator", "rows"), [(PLAIN, 1), (STYLED, 1), (STYLED, STYLED.num_ws)])
def test_an_offset_reads_back_with_nothing_for_the_class(generator, rows):
    free = generator.w_dim - generator.class_columns
    offset = torch.randn(rows, free, generator=torch.Generator().manual_seed(0))
    again = offset_of(offset_text(offset), generator)
    assert again.shape == (rows, generator.w_dim) and (again[:, free:] == 0).all()
    assert torch.allclose(again[:, :free], offset, rtol=1e-3, atol=1e-3)


def test_one_of_another_model_is_refused():
    with pytest.raises(StudioError, match="another model: it has 5 values, not 6"):
        offset_of(offset_text(torch.zeros(1, 5)), STYLED)


@pytest.mark.parametrize("text", ["", "A", "AA", "AAAAA=", "!!!!", "fHw8fA" * 2, "AHwAfA", "AH4AfgB+", "A" * 30_000])
def test_what_is_none_is_said(text):
    with pytest.raises(StudioError, match="is no latent"):
        check_offset(text)
