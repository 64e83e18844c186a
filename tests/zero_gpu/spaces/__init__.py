"""The package `spaces` of a ZeroGPU Space, as far as the studio uses it: the real one (0.51.3) ends at import where
PyTorch was built without CUDA.

Like the real one it runs a function in a forked process, to which arguments and from which results are pickled, for as
many seconds as the function's `duration` says of its arguments; and it raises Gradio's Error with the Hub's words where
the visitor has fewer left. These stand in the file QUOTA.
"""

import multiprocessing
import os
import pickle
from pathlib import Path

import gradio as gr

gr.Blocks  # noqa: B018 (the real package ends where it is imported by Gradio itself)


def GPU(task=None, *, duration=None, size=None):
    return _lent(task, duration) if task else lambda task: _lent(task, duration)


def _lent(task, duration):
    def lent(*args):
        seconds, left = duration(*args), int(Path(os.environ["QUOTA"]).read_text())
        if seconds > left:
            raise gr.Error(
                f"You have exceeded your free ZeroGPU quota ({seconds}s requested vs. {left}s left). "
                "Try again in 1:30:00. ",
                title="ZeroGPU quota exceeded",
            )
        context = multiprocessing.get_context("fork")
        results = context.SimpleQueue()
        process = context.Process(target=_work, args=(task, pickle.dumps(args), results))
        process.start()
        error = results.get()
        process.join()
        if error:
            raise gr.Error(error, title="ZeroGPU worker error")

    return lent


def _work(task, args, results):
    try:
        task(*pickle.loads(args))
        results.put("")
    except Exception as error:
        results.put(type(error).__name__)
