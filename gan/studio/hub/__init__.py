"""The Hugging Face Hub: asked briefly, given up when it does not answer, and what it says in plain words."""
