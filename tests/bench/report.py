#!/usr/bin/python3
"""Turns the measurements of tests/bench/run into Markdown with plots.

    report.py WORK OUTPUT SCALE RUNS RATE

WORK holds results.tsv (part, candidate, round, metric, value), candidates (part|name|title|settings), machine, and PART.md of
each part that another script measured. Plots and results go to a directory beside OUTPUT. What OUTPUT says from "What was learnt" on is kept: people wrote it.
"""
import collections
import pathlib
import shutil
import statistics
import sys

import svg

work, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
scale, runs, rate = sys.argv[3:6]
LEARNT = "## What was learnt"
plots = output.with_suffix("")

titles = collections.defaultdict(dict)
for part, name, title, *_ in (row.split("|") for row in (work / "candidates").read_text().splitlines()):
    titles[part][name] = title
values = collections.defaultdict(list)
curves = collections.defaultdict(list)
for part, name, _, metric, value in (row.split("\t") for row in (work / "results.tsv").read_text().splitlines()):
    if part == "series":
        curves[name].append((float(metric), float(value)))
    else:
        values[part, name, metric].append(float(value))


def median(part, name, metric):
    found = values.get((part, name, metric))
    return statistics.median(found) if found else None


def number(value):
    return f"{value:.0f}" if value >= 100 or value == 0 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cell(part, name, metric):
    """The median, and the range if there is one."""
    found = values.get((part, name, metric))
    if not found:
        return "–"
    least, most = number(min(found)), number(max(found))
    return number(statistics.median(found)) + (f" ({least}–{most})" if least != most else "")


def ratio(part, name, base, metric):
    a, b = median(part, name, metric), median(part, base, metric)
    return None if a is None or not b else a / b


def table(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def plot(name, content, alternative):
    plots.mkdir(exist_ok=True)
    (plots / f"{name}.svg").write_text(content)
    return f"![{alternative}]({plots.name}/{name}.svg)"


def states(part, name):
    found = {metric[3:]: median(part, who, metric) for of, who, metric in values if (of, who) == (part, name) and metric.startswith("in_")}
    longest = sorted(((v, k) for k, v in found.items() if v >= 0.01), reverse=True)
    return ", ".join(f"{k} {v:.2f} s" for v, k in longest)


def idle():
    metrics = [("seconds", "duration, s"), ("wal_mb", "write-ahead log, MB"), ("server_cpu", "CPU of the server, s")]
    head = [""] + [text for _, title in metrics for text in (title, "× ALTER")]
    rows = []
    for name, title in titles["idle"].items():
        row = [title]
        for metric, _ in metrics:
            against = ratio("idle", name, "alter", metric)
            row += [cell("idle", name, metric), "–" if against is None else f"{against:.2f}"]
        rows.append(row)
    panels = [
        (title, [(n, t, median("idle", n, m), min(values["idle", n, m]), max(values["idle", n, m])) for n, t in titles["idle"].items()])
        for m, title in metrics
    ]
    timings = [f"- {title}: {states('idle', name)}" for name, title in titles["idle"].items() if name.startswith("eidolon")]
    return f"""## An idle server: what the whole job costs

`pgbench_accounts` at scale {scale}, `ALTER COLUMN aid TYPE bigint`, {runs} runs of each in turn: the median, and the range in brackets. Eidolon runs
with `verify=off` unless it says otherwise and with `keep_old=0s`, from the submission to the state *done*, with the old table dropped. ALTER TABLE locks the table
for all of its time; pg_repack rewrites the table and changes no type; INSERT … SELECT with an index is the floor: it follows no changes, swaps nothing and drops nothing.

{table(head, rows)}

{plot("idle", svg.bars(panels), "Duration, write-ahead log and CPU on an idle server")}

Eidolon's time by state, median of the runs:

{chr(10).join(timings)}
"""


def load():
    columns = [
        ("seconds", "change, s"),
        ("p50", "p50"),
        ("p99", "p99"),
        ("p99.9", "p99.9"),
        ("max", "max"),
        ("stall", "longest stall"),
        ("lock_waits", "waited for locks"),
        ("failed", "failed"),
    ]
    rows = [[title] + [cell("load", name, metric) for metric, _ in columns] for name, title in titles["load"].items()]
    own = [(n, t) for n, t in titles["load"].items() if n.startswith("eidolon")]
    daemon = [("held", "cutover held its locks, ms"), ("blocked", "application blocked, as the daemon counts it, ms"), ("wal_mb", "write-ahead log with the load's, MB")]
    points = [(n, t, {w: median("load", n, w) for w in ("p50", "p99", "p99.9", "max")}) for n, t in titles["load"].items()]
    shown = [(n, t, curves[n]) for n, t in titles["load"].items() if curves[n]]
    return f"""## Under load: what the application notices

`pgbench -N -R {rate} -c 8`, from 5 s before the change to 5 s after it, {runs} times in turn: the median, and the range in brackets. The change ends with the swap; the old table
is kept, as it is by default, unless `keep_old=0s` says otherwise. Latencies in milliseconds, counted from the moment at which a transaction was due. A stall is a time in which no transaction ended; *waited for locks* is the time in which at least one
session of the load waited for a lock, sampled every 50 ms, both in milliseconds.

{table([""] + [title for _, title in columns], rows)}

{plot("latency", svg.points("latency, ms (p50, p99, p99.9, max)", points), "Latencies under load")}

{plot("time", svg.curves("worst latency of each quarter of a second, ms, first round; the change begins at 0 s", shown), "Worst latency over time")}

{table([""] + [title for _, title in daemon], [[t] + [cell("load", n, m) for m, _ in daemon] for n, t in own])}

Eidolon's time by state, median of the runs:

{chr(10).join(f"- {title}: {states('load', name)}" for name, title in own)}
"""


def standby():
    columns = [("seconds", "change, s"), ("p99.9", "p99.9"), ("max", "max"), ("lag", "replica lag, s"), ("lag_bytes", "replica lag, MB")]
    for key in [key for key in values if key[0] == "standby" and key[2] == "lag_bytes"]:
        values[key] = [value / 1e6 for value in values[key]]
    rows = [[title] + [cell("standby", name, metric) for metric, _ in columns] for name, title in titles["standby"].items()]
    return f"""## With a standby on the same machine

The same load, once each, with a streaming standby that takes its share of the same processors; its highest lag, sampled every 50 ms.

{table([""] + [title for _, title in columns], rows)}
"""


SINGLE = {
    "cutovers": "Many cutovers",
    "triggers": "What the triggers cost",
    "lag": "A standby that replays half of what the primary can write",
    "size": "A table and one ten times as large",
    "many": "A daemon that has much to look after",
}


def single(part):
    """What a script beside tests/bench/run says."""
    return f"## {SINGLE[part]}\n\n`tests/bench/{part}`\n\n{(work / f'{part}.md').read_text().strip()}\n"


def figure(part, metric):
    return median(part, "-", metric)


def goals():
    """(what, measured, wanted, whether at least that); what was not measured is left out."""
    add = lambda a, b: None if a is None or b is None else a - b
    yield "idle, duration against ALTER TABLE", ratio("idle", "eidolon", "alter", "seconds"), 0.75, False
    yield "idle, duration against pg_repack", ratio("idle", "eidolon", "repack", "seconds"), 0.9, False
    yield "idle, write-ahead log against ALTER TABLE", ratio("idle", "eidolon", "alter", "wal_mb"), 1.0, False
    yield "idle, write-ahead log against ALTER TABLE, streaming", ratio("idle", "eidolon_stream", "alter", "wal_mb"), 0.75, False
    yield "under load, p99.9 against no change", ratio("load", "eidolon", "quiet", "p99.9"), 2.0, False
    yield "under load, max less that of no change, ms", add(median("load", "eidolon", "max"), median("load", "quiet", "max")), 60, False
    yield "under load, cutover held its locks, ms", median("load", "eidolon", "held"), 30, False
    yield "cutovers, locks held at the 99th percentile, ms", figure("cutovers", "held_p99"), 30, False
    yield "only the triggers, single-row updates a second against no job", figure("triggers", "single_rows"), 0.8, True
    yield "only the triggers, an UPDATE of 300,000 rows against no job", figure("triggers", "many_rows"), 2.0, False
    yield "lag below 1.5 s, % of the time", figure("lag", "in_time"), 99, True
    yield "copy, % of what the standby can replay", figure("lag", "of_alone"), 80, True
    yield "rows a second of the larger table against the smaller one", figure("size", "rate"), 0.9, True
    yield "200 queued jobs in 50 databases, memory of the daemon, MB", figure("many", "memory"), 100, False
    yield "the same, its processor time, % of a core", figure("many", "cpu"), 5, False


def reached():
    rows = []
    for what, found, wanted, least in goals():
        if found is not None:
            met = found >= wanted if least else found <= wanted
            rows.append([what, number(found), f"at {'least' if least else 'most'} {number(wanted)}", "yes" if met else "**no**"])
    return f"## The figures to reach\n\n{table(['', 'measured', 'wanted', 'reached'], rows)}\n"


def daemon():
    rows = []
    for metric, title in (("daemon_memory", "peak resident memory, MB"), ("daemon_cpu", "CPU, s a job")):
        rows.append([title] + [cell(part, name, metric) for part, name, _ in own_candidates()])
    head = [""] + [f"{title}, {'idle' if part == 'idle' else 'under load'}" for part, _, title in own_candidates()]
    return f"## The daemon itself\n\n{table(head, rows)}\n"


def own_candidates():
    return [(part, n, t) for part in ("idle", "load") for n, t in titles[part].items() if n in ("eidolon", "eidolon_stream") and (part, n, "daemon_cpu") in values]


def learnt():
    before = output.read_text() if output.exists() else ""
    return before[before.index(LEARNT) :] if LEARNT in before else ""


measured = {part for part, *_ in values}
text = f"""# Benchmarks

Measured by `tests/bench/run`; it writes this file, but for what was learnt. Runs alternate, so a slow minute of the machine hits every candidate.

{(work / "machine").read_text()}
"""
sections = {"idle": idle, "load": load, "standby": standby, **{part: lambda part=part: single(part) for part in SINGLE}}
told = [tell() for part, tell in sections.items() if part in measured] + [reached()]
if own_candidates():
    told.append(daemon())
text += "\n".join(told)
text = text.rstrip() + "\n" + ("\n" + learnt() if learnt() else "")
output.write_text(text)
plots.mkdir(exist_ok=True)
shutil.copy(work / "results.tsv", plots / "results.tsv")
