"""A log draws itself."""

import re

import pytest
from ppad_training.curves import draw_log, panels, read_log


def test_the_same_log_gives_the_same_picture_with_every_series(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("50,class,0.7\n50,zhanglab.plain.rule,0.9\n100,class,0.5\n100,zhanglab.plain.rule,0.95\n50,class,0.6\n")
    assert read_log(log) == {"class": {50: 0.6, 100: 0.5}, "zhanglab.plain.rule": {50: 0.9, 100: 0.95}}
    picture = draw_log(log)
    first = picture.read_bytes()
    assert picture.name == "log.svg" and draw_log(log).read_bytes() == first
    assert {"class", "zhanglab.plain.rule", "losses"} <= set(re.findall(r">([^<>]+)</text>", first.decode()))


def test_every_series_has_one_panel():
    names = ["class", "teacher.loss", "where.nih", "nih.whole", "zhanglab.blur.rule", "nih.acc", "boxes.order"]
    assert sorted(name for shown in panels(names).values() for name in shown) == sorted(names)


def test_a_broken_line_is_named(tmp_path):
    (tmp_path / "log.csv").write_text("50,class,0.7\n100,class\n")
    with pytest.raises(ValueError, match="log.csv, line 2"):
        read_log(tmp_path / "log.csv")
