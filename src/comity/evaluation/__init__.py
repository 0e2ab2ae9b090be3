"""Scoring of what Comity finds against gold files."""

from comity.evaluation.measuring import GoldError, Mistake
from comity.evaluation.running import MEASURES, Evaluation, evaluate

__all__ = ["MEASURES", "Evaluation", "GoldError", "Mistake", "evaluate"]
