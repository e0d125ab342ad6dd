"""Made-up titles to train on, and settings that are quick."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys

import numpy as np

from qa.training import RunFolder, Settings
from qa.training.split import held_out

SCRIPT = """
import os, signal, sys
sys.path.insert(0, {toys!r})
from train_toys import quick
from qa.training import RunFolder, train

class Killed(RunFolder):
    def save_state(self, model, optimizer, position):
        if position.step <= 9:
            super().save_state(model, optimizer, position)
        elif position.step == 13:  # four steps later, in the middle of saving
            self.path.joinpath(".state.safetensors.tmp").write_bytes(b"half a file")
            os.kill(os.getpid(), signal.SIGKILL)

train(quick([{file!r}], {base!r}, **{changes!r}), Killed({out!r}), save_seconds=0.0)
"""
TOWNS = ["Arl", "Bem", "Cid", "Dov", "Eno", "Fyr", "Gul", "Hax"]


def dice(seed=0):
    return random.Random(seed)  # noqa: S311 - not a secret


def titles(count, *, kept_for_calibration=False):
    found = [title for title in (f"Town {n}" for n in range(40 * count)) if held_out(title) == kept_for_calibration]
    return found[:count]


def answer(context, text, times=1):
    return [{"text": text, "answer_start": context.index(text)}] * times


def entry(title, paragraphs=5):
    """A title whose paragraphs each name a mayor and a year, with two questions that they answer and one not."""
    made = []
    for at in range(paragraphs):
        mayor, year = TOWNS[at % len(TOWNS)], str(1900 + at)
        context = f"In those days the mayor of {title} was {mayor}. " + f"The bridge was built in {year}. " + "x " * 90
        qas = [
            {"id": f"{title}-{at}-a", "question": "who was the  mayor?", "answers": answer(context, mayor)},
            {
                "id": f"{title}-{at}-b",
                "question": f"what did Mayor {mayor} build?",
                "answers": answer(context, "bridge"),
            },
            {"id": f"{title}-{at}-c", "question": "why?", "is_impossible": True, "answers": []},
        ]
        made.append({"context": context, "qas": qas})
    return {"title": title, "paragraphs": made}


def write(path, entries):
    text = json.dumps({"data": entries}).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def quick(files, base, **changes):
    defaults = {"steps": 24, "tokens": 2000, "max_length": 320, "learning_rate": 3e-3, "warmup": 2, "bf16": False}
    return Settings(tuple(map(str, files)), str(base), **{**defaults, **changes})


def weights(folder):
    from safetensors.numpy import load_file

    return load_file(folder.checkpoint / "model.safetensors")


def same(one, two):
    assert one.keys() == two.keys()
    return all(np.array_equal(one[name], two[name]) for name in one)


def killed(file, base, out, **changes):
    """Begin a run in another process that dies while it saves its state, and return its folder."""
    names = {"toys": os.path.dirname(__file__), "file": str(file), "base": str(base), "out": str(out)}
    script = SCRIPT.format(**names, changes=changes)
    died = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    return RunFolder(out)


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *map(str, words)], capture_output=True, text=True, timeout=180, check=False
    )
