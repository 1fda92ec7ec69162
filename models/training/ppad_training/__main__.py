"""Seven commands: prepare, guess-halves, pretrain, curves, export, learn-prompts, chest-check. `python -m ppad_training COMMAND --help`."""

import argparse
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="ppad_training")
    parser.add_argument("--work", type=Path, default=ROOT / ".work" / "training", help="where everything is kept and resumed from")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--merges", type=Path, default=ROOT / "public" / "tokenizer" / "clip-merges.txt")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare", help="manifests and JPEGs to arrays, split by patient")
    commands.add_parser("guess-halves", help="in which half films without boxes are abnormal, for pretrain to learn from")
    pre = commands.add_parser("pretrain", help="the CLIP")
    pre.add_argument("--steps", type=int, default=2850)
    pre.add_argument("--batch", type=int, default=64)
    pre.add_argument("--rate", type=float, default=1e-3)
    pre.add_argument("--seed", type=int, default=1)
    pre.add_argument("--every", type=int, default=405, help="steps between validations, each of which saves the state")
    pre.add_argument("--later", type=float, default=0.4, help="share of the rate once lesions and halves come in; 0.3 without a teacher")
    pre.add_argument("--teacher-steps", type=int, default=1500, help="0: no teacher, labels alone")
    pre.add_argument("--begin", type=Path, help="a folder that `export` wrote: go on from its weights, after the plain start")
    curves = commands.add_parser("curves", help="a log as a picture beside it; pretrain draws its own at every validation")
    curves.add_argument("logs", type=Path, nargs="+")
    exp = commands.add_parser("export", help="the CLIP as safetensors in OpenAI's layout, and its tokens")
    exp.add_argument("--mean", nargs="+", default=[], metavar="STATE=WEIGHT", help="saved states, or folders of exported ones, to take the mean of, instead of the last state")
    learn = commands.add_parser("learn-prompts", help="ctx and mask_embedding on the exported CLIP")
    check = commands.add_parser("chest-check", help="what tells upright frontal films from everything else, on the exported CLIP")
    check.add_argument("--seed", type=int, default=1)
    check.add_argument("--leave-one-out", action="store_true", help="also: each kind by a check that never saw its like")
    for command in (exp, learn, check):
        command.add_argument("--out", type=Path, default=HERE / "out")
    learn.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    learn.add_argument("--normals", type=int, default=64, help="0: all normals of the training part")
    learn.add_argument("--steps", type=int, default=100)
    learn.add_argument("--batch", type=int, default=64)
    learn.add_argument("--rate", type=float, default=1e-3)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.command == "prepare":
        from .films import lay_out, prepare
        from .probes import lay_out_probes

        prepare(args.data, args.work / "prepared", HERE / "split.json")
        lay_out(args.data, args.work / "validation", HERE / "split.json")
        lay_out_probes(args.data, args.work / "probes", HERE / "split.json")
    elif args.command == "guess-halves":
        from .halves import guess_halves

        guess_halves(args.data, HERE / "split.json", args.work / "pretrain" / "halves.json")
    elif args.command == "pretrain":
        from .pretrain import pretrain

        pretrain(args.work, args.merges, args.steps, args.batch, args.rate, args.seed, args.every, args.later, args.teacher_steps, args.begin)
    elif args.command == "curves":
        from .curves import draw_log

        for log in args.logs:
            print(draw_log(log))
    elif args.command == "export":
        from .export import export

        export(args.work, args.merges, args.out, [(Path(file), float(weight)) for file, _, weight in (s.rpartition("=") for s in args.mean)])
    elif args.command == "learn-prompts":
        from .learn import learn as learn_prompts
        from .learn import torch_auroc, zero_shot

        zero_shot(args.merges, args.out)
        for seed in args.seeds:
            learn_prompts(args.work, args.merges, args.out, seed, args.normals or None, args.steps, args.batch, args.rate)
        if (args.out / "prompts-64-seed1.safetensors").exists():
            torch_auroc(args.data, args.out, HERE / "split.json")
    elif args.command == "chest-check":
        from .chest_check import chest_check

        chest_check(args.work, args.data, args.out, args.seed, args.leave_one_out)


if __name__ == "__main__":
    main()
