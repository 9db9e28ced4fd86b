#!/usr/bin/python3
"""Holds deploy/prometheus to itself: promtool finds the files valid and their tests pass, and every
alert has a test in which it fires and one in which it does not.

    rules_test.py [SOURCE DIRECTORY]
"""
import pathlib
import subprocess
import sys

import yaml

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]) / "deploy/prometheus"


def promtool(*arguments):
    subprocess.run(["promtool", *arguments], cwd=here, check=True)


def situations():
    """(alert, whether it fires) of every test."""
    for test in yaml.safe_load((here / "eidolon.rules_test.yml").read_text())["tests"]:
        for expectation in test["alert_rule_test"]:
            yield expectation["alertname"], bool(expectation["exp_alerts"])


promtool("check", "config", "prometheus.yml")
promtool("check", "rules", "eidolon.rules.yml")
promtool("test", "rules", "eidolon.rules_test.yml")

groups = yaml.safe_load((here / "eidolon.rules.yml").read_text())["groups"]
alerts = {rule["alert"] for group in groups for rule in group["rules"]}
wanted = {(alert, fires) for alert in alerts for fires in (True, False)}
missing = wanted - set(situations())
for alert, fires in sorted(missing):
    print(f"{alert} has no test in which it {'fires' if fires else 'does not fire'}")
sys.exit(not alerts or bool(missing))
