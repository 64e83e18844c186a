import pytest
import torch

from gan.errors import StudioError
from gan.evaluation.reader import learn, prepared


def bars(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Grey pictures with a bar: uint8 (n, 16, 16, 1), and its column and how bright it is, (n, 2)."""
    draw = torch.Generator().manual_seed(0)
    at, light = torch.randint(0, 14, (n,), generator=draw), torch.rand(n, generator=draw)
    x = torch.randint(0, 40, (n, 16, 16, 1), generator=draw).float()
    for k in range(n):
        x[k, :, at[k] : at[k] + 2] = 100 + 150 * light[k]
    return x.to(torch.uint8), torch.stack([at.float(), 1000 * light], dim=1)


def test_it_reads_where_and_how_much_in_their_own_units():
    pictures, values = bars(700)
    before = torch.random.get_rng_state()
    reader, told = learn(pictures, values, passes=6)
    assert (told > 0.9).all() and torch.equal(torch.random.get_rng_state(), before)
    assert not reader.training and not any(part.requires_grad for part in reader.parameters())
    error = (reader(prepared(pictures)) - values).abs().mean(dim=0)
    assert error[0] < 1.5 and error[1] < 100  # columns, thousandths
    again, _ = learn(pictures, values, passes=6)
    assert torch.equal(again(prepared(pictures[:9])), reader(prepared(pictures[:9])))


@pytest.mark.parametrize("count, same", [(60, False), (200, True)])
def test_what_teaches_nothing_is_said(count, same):
    pictures, values = bars(count)
    with pytest.raises(StudioError, match=f"{count} pictures are too few to learn from"):
        learn(pictures, values * 0 if same else values, passes=1)
