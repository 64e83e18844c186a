"""Up- and downsampling as the paper's appendix describes it: zeros inserted, then a plain convolution."""

import numpy as np
import pytest
import torch

from gan.networks.resample import blur, conv_of_doubled, downsample, upsample

TAPS = np.array([1.0, 3.0, 3.0, 1.0])
KERNEL = np.outer(TAPS, TAPS) / 64


def convolve(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Every output is a sum over the kernel, nothing beyond the edges."""
    kh, kw = kernel.shape
    out = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (x[i : i + kh, j : j + kw] * kernel[::-1, ::-1]).sum()
    return out


def slow_upsample(x: np.ndarray) -> np.ndarray:
    """Zeros between pixels, 2 zeros before and 1 after, filter of sum 4: upfirdn of Karras et al."""
    wide = np.zeros((2 * x.shape[0], 2 * x.shape[1]))
    wide[::2, ::2] = x
    return convolve(np.pad(wide, ((2, 1), (2, 1))), KERNEL * 4)


def picture(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("h, w", [(4, 4), (2, 6), (1, 1), (5, 3)])
def test_upsample_is_zero_insertion_and_a_filter(h, w):
    x = picture(2, 3, h, w)
    y = upsample(x)
    assert y.shape == (2, 3, 2 * h, 2 * w)
    for i, c in np.ndindex(2, 3):
        np.testing.assert_allclose(y[i, c], slow_upsample(x[i, c].numpy()), atol=1e-12)


def test_upsample_by_hand():
    """Each new pixel is 3/4 of the nearer and 1/4 of the farther old one; outside is zero."""
    y = upsample(torch.tensor([[[[8.0, 16.0]]]]))
    row = torch.tensor([6.0, 10.0, 14.0, 12.0])  # (3*8+0)/4, (3*8+16)/4, (3*16+8)/4, (3*16+0)/4
    assert torch.equal(y, 0.75 * row.expand(1, 1, 2, 4))


@pytest.mark.parametrize("h, w", [(4, 4), (8, 2), (6, 10)])
def test_downsample_is_a_filter_and_every_second_pixel(h, w):
    x = picture(2, 3, h, w)
    y = downsample(x, torch.tensor(KERNEL))
    assert y.shape == (2, 3, h // 2, w // 2)
    for i, c in np.ndindex(2, 3):
        np.testing.assert_allclose(y[i, c], convolve(np.pad(x[i, c].numpy(), 1), KERNEL)[::2, ::2], atol=1e-12)


@pytest.mark.parametrize("h, w, outputs", [(4, 4, 2), (1, 5, 1), (7, 4, 5), (1, 1, 4)])
def test_a_convolution_of_doubled_pixels(h, w, outputs):
    """The first three have more pixels than weights, the last one fewer: both ways are this one."""
    x, weight, bias = picture(2, 1, h, w), picture(outputs, 1, 3, 3), picture(outputs)
    y = conv_of_doubled(x, weight, bias)
    doubled = np.pad(x.numpy().repeat(2, axis=2).repeat(2, axis=3), ((0, 0), (0, 0), (1, 1), (1, 1)))
    assert y.shape == (2, outputs, 2 * h, 2 * w)
    for i, o in np.ndindex(2, outputs):
        kernel = weight[o, 0].numpy()[::-1, ::-1]  # `convolve` turns it round, the networks' convolutions do not
        np.testing.assert_allclose(y[i, o], convolve(doubled[i, 0], kernel) + bias[o].item(), atol=1e-12)


def test_slopes_of_a_convolution_of_doubled_pixels():
    """Of many maps too, and slopes of slopes, which even steps ask for."""
    given = [part.requires_grad_(True) for part in (picture(2, 2, 5, 4), picture(3, 2, 3, 3), picture(3))]
    assert given[0].numel() > given[1].numel()
    assert torch.autograd.gradcheck(conv_of_doubled, given) and torch.autograd.gradgradcheck(conv_of_doubled, given)


@pytest.mark.parametrize("pad, gain", [(1, 4.0), (2, 1.0)])
def test_blur_is_a_filter(pad, gain):
    x = picture(1, 2, 5, 5)
    y = blur(x, torch.tensor(KERNEL), pad, gain)
    assert y.shape == (1, 2, 5 + 2 * pad - 3, 5 + 2 * pad - 3)
    for c in range(2):
        np.testing.assert_allclose(y[0, c], convolve(np.pad(x[0, c].numpy(), pad), KERNEL * gain), atol=1e-12)


def test_a_flat_picture_stays_flat_inside():
    flat = torch.ones(1, 1, 8, 8)
    torch.testing.assert_close(upsample(flat)[:, :, 1:-1, 1:-1], torch.ones(1, 1, 14, 14))
    torch.testing.assert_close(downsample(flat, torch.tensor(KERNEL))[:, :, 1:-1, 1:-1], torch.ones(1, 1, 2, 2))


@pytest.mark.parametrize(
    "filtered",
    [
        lambda x: blur(x, torch.tensor(KERNEL), 2, 4.0),
        lambda x: blur(x, torch.tensor(KERNEL), 1),
        lambda x: downsample(x, torch.tensor(KERNEL)),
    ],
)
@pytest.mark.parametrize("h, w", [(4, 6), (5, 4)])
def test_slopes_and_slopes_of_slopes(filtered, h, w):
    x = picture(1, 2, h, w).requires_grad_(True)
    assert torch.autograd.gradcheck(filtered, x) and torch.autograd.gradgradcheck(filtered, x)


def test_a_blur_with_a_bias_is_the_same_with_slopes_and_without():
    x, bias = picture(2, 3, 4, 4), picture(3).requires_grad_(True)
    y = blur(x, torch.tensor(KERNEL), 1, bias=bias)
    with torch.no_grad():
        torch.testing.assert_close(blur(x, torch.tensor(KERNEL), 1, bias=bias), y)
    y.sum().backward()
    torch.testing.assert_close(bias.grad, torch.full((3,), 18.0, dtype=torch.float64))


def test_the_slope_of_a_halving_is_taken_as_exactly_in_bfloat16_as_it_comes():
    x = picture(2, 3, 8, 8).bfloat16().requires_grad_(True)
    slope = picture(2, 3, 4, 4).bfloat16()
    (got,) = torch.autograd.grad(downsample(x, torch.tensor(KERNEL)), x, slope)
    exact = x.detach().double().requires_grad_(True)
    (want,) = torch.autograd.grad(downsample(exact, torch.tensor(KERNEL)), exact, slope.double())
    assert got.dtype == torch.bfloat16
    torch.testing.assert_close(got.double(), want, rtol=2**-8, atol=1e-6)
