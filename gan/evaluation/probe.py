"""A linear classifier on frozen features: does a conditional model paint the class that it was asked for?"""

import torch
from torch import Tensor
from torch.nn import functional as F

_DECAY = 1e-4


class Probe:
    """Logistic regression on features (n, d) with labels (n,), whole numbers below `classes`, fitted once and for
    all."""

    def __init__(self, rows: Tensor, labels: Tensor, classes: int) -> None:
        rows = rows.double()
        self._mean, self._scale = rows.mean(dim=0), rows.std(dim=0, correction=0).clamp_min(1e-6)
        self._weight = torch.zeros(classes, rows.shape[1] + 1, dtype=torch.float64, requires_grad=True)
        x = self._seen(rows)
        optimizer = torch.optim.LBFGS([self._weight], max_iter=200, line_search_fn="strong_wolfe")

        def loss() -> Tensor:
            optimizer.zero_grad()
            value = F.cross_entropy(x @ self._weight.T, labels) + _DECAY * self._weight[:, :-1].square().sum() / 2
            value.backward()
            return value

        optimizer.step(loss)

    @torch.no_grad()
    def right(self, rows: Tensor, labels: Tensor) -> Tensor:
        """float (n,): 1 where the likeliest class is the label."""
        return ((self._seen(rows.double()) @ self._weight.T).argmax(dim=1) == labels).float()

    def chances(self, rows: Tensor) -> Tensor:
        """How likely each class is, (n, classes)."""
        return self.logits(rows).softmax(dim=1)

    def logits(self, rows: Tensor) -> Tensor:
        """What these chances are made of, (n, classes): they do not level out."""
        return self._seen(rows.double()) @ self._weight.detach().T

    def _seen(self, rows: Tensor) -> Tensor:
        return F.pad((rows - self._mean) / self._scale, (0, 1), value=1.0)
