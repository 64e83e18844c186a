"""What a model is published as: where it comes from, what its terms allow, and the files that go to the Hub."""
