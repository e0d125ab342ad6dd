"""Made-up titles to train on, and settings that are quick."""

import gzip
import json
import random

from qa.training import Settings
from qa.training.split import held_out

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
