"""Fine-tuning a reader on questions with their answers: data, schedule, loop and what is kept on disk."""

from qa.training.folder import RunFolder
from qa.training.settings import Settings
from qa.training.trainer import train

__all__ = ["RunFolder", "Settings", "train"]
