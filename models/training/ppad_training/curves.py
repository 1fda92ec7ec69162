"""`curves`: a log of training (`step, name, value`) as a picture beside it."""

import csv
import math
from collections import defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

# Panels by title; a series belongs to the first whose test it passes.
PANELS = (
    ("teacher", lambda name: name.startswith(("teacher.", "where."))),
    ("losses", lambda name: "." not in name),
    ("children: AUROC by PPAD's rule, and of the whole position alone", lambda name: name.startswith("zhanglab.") and name.endswith((".rule", ".whole"))),
    ("adults: AUROC by PPAD's rule, and of the whole position alone", lambda name: name.endswith((".rule", ".whole"))),
    ("boxed half higher, share", lambda name: name == "boxes.order"),
    ("accuracy at 0.5; mean score without findings", lambda name: True),
)


def read_log(log: Path) -> dict[str, dict[int, float]]:
    """By name the values by step. Of a step that stands twice, after a run was resumed, the later one counts."""
    series: dict[str, dict[int, float]] = defaultdict(dict)
    with log.open(newline="") as rows:
        for number, row in enumerate(csv.reader(rows), 1):
            try:
                step, name, value = row
                series[name][int(step)] = float(value)
            except ValueError as cause:
                raise ValueError(f"{log.name}, line {number}: not `step,name,value`") from cause
    return series


def panels(names: list[str]) -> dict[str, list[str]]:
    """Titles of the panels that have something to show, with their series."""
    shown: dict[str, list[str]] = defaultdict(list)
    for name in names:
        shown[next(title for title, belongs in PANELS if belongs(name))].append(name)
    return {title: shown[title] for title, _ in PANELS if title in shown}


def draw_log(log: Path) -> Path:
    """Draws `log` as an SVG of the same name and returns its path. The same log gives the same bytes."""
    series = read_log(log)
    shown = panels(list(series))
    rows = max(1, math.ceil(len(shown) / 2))
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ppad", "font.size": 8, "axes.grid": True, "grid.alpha": 0.3}):
        figure, axes = pyplot.subplots(rows, 2, figsize=(11, 2.8 * rows), squeeze=False)
        for axis, (title, names) in zip(axes.flat, shown.items()):
            for name in names:
                steps = sorted(series[name])
                axis.plot(steps, [series[name][s] for s in steps], linewidth=1, marker="." if len(steps) < 40 else "", label=name)
            axis.set_title(title, loc="left")
            axis.set_xlabel("step")
            axis.legend(fontsize=6, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
        for axis in list(axes.flat)[len(shown) :]:
            axis.remove()
        figure.tight_layout()
        picture = log.with_suffix(".svg")
        figure.savefig(picture, metadata={"Date": None})
        pyplot.close(figure)
    return picture
