"""The words of the captions: position and side in patient terms, finding, kind of synthetic lesion, with paraphrases."""

import random

from .positions import WORDS

NORMAL = ("normal", "clear", "no finding", "unremarkable", "no abnormality")
ABNORMAL = ("abnormal", "finding", "lesion", "abnormality", "anomaly")
OPACITY = ("opacity", "synthetic opacity", "brighter area", "abnormal opacity")
LUCENCY = ("lucency", "synthetic lucency", "darker area", "abnormal lucency")
# ChestX-ray14's labels and ZhangLab's, as people say them.
FINDINGS = {
    "Atelectasis": ("atelectasis", "collapse"),
    "Cardiomegaly": ("cardiomegaly", "enlarged heart"),
    "Consolidation": ("consolidation", "airspace opacity"),
    "Edema": ("edema", "pulmonary edema"),
    "Effusion": ("effusion", "pleural effusion"),
    "Emphysema": ("emphysema",),
    "Fibrosis": ("fibrosis",),
    "Hernia": ("hernia",),
    "Infiltration": ("infiltration", "infiltrate"),
    "Mass": ("mass",),
    "Nodule": ("nodule",),
    "Pleural_Thickening": ("pleural thickening",),
    "Pneumonia": ("pneumonia",),
    "Pneumothorax": ("pneumothorax",),
    "bacterial": ("pneumonia", "bacterial pneumonia", "consolidation"),
    "viral": ("pneumonia", "viral pneumonia", "infiltrate"),
}
PLACEHOLDERS = " ".join(["x"] * 16)


def compose(position: int, words: str, context: bool = False) -> str:
    """"right lung pneumonia."; with `context` the sixteen X of PPAD's template stand between, as learned prompts have them."""
    return " ".join(part for part in (WORDS[position], PLACEHOLDERS if context else "", words) if part) + "."


def every_caption() -> list[str]:
    """All texts that training may use: what the tokenizer subset must cover."""
    words = {*NORMAL, *ABNORMAL, *OPACITY, *LUCENCY, *(w for ws in FINDINGS.values() for w in ws)}
    return [compose(p, w, c) for p in range(5) for w in sorted(words) for c in (False, True)]


def for_finding(rng: random.Random, position: int, findings: list[str]) -> str:
    """A caption for a real abnormal film: one of its findings, or just that there is one."""
    known = [f for f in findings if f in FINDINGS]
    if not known or rng.random() < 0.4:
        return compose(position, rng.choice(ABNORMAL))
    return compose(position, rng.choice(FINDINGS[rng.choice(known)]))
