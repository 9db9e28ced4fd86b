#!/usr/bin/python3
"""Runs every query of the alerts and of the dashboard on a Prometheus that scrapes a live daemon: none may
fail, and none may come back empty.

    queries.py SOURCE-DIRECTORY PROMETHEUS-URL JOB

Of an alert the value is run that it compares with a number on its last line. JOB is the job that the
dashboard's variable stands for.
"""
import json
import math
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

import yaml

source, prometheus, job = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
variables = {"database": "main", "job": job, "__rate_interval": "1m", "__range": "1h"}


def ask(path, **parameters):
    url = f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as refused:
        raise ValueError(json.load(refused).get("error", refused)) from None


def without_fallback(query):
    """What a panel shows while there is nothing to show says nothing about its query; nor does what it looks out for."""
    query = re.sub(r" == 0\)", ")", query)
    return re.sub(r"\s+or\s+(on \(\) )?(vector\(0\)|label_replace\(vector\(0\).*|0 \*.*)$", "", query, flags=re.DOTALL)


def complaint(query):
    """What is wrong with the query; nothing when it gives numbers."""
    try:
        query = without_fallback(query)
        # What the job that copies has not come to, another one has.
        of_any = query.replace(f'job="{job}"', 'job=~".+"')
        samples = ask("query", query=query)["result"] or ask("query", query=of_any)["result"]
    except ValueError as error:
        return str(error)
    if not samples:
        return "is empty"
    return "is not a number" if all(math.isnan(float(s["value"][1])) for s in samples) else None


def substituted(query):
    for name, value in variables.items():
        query = re.sub(rf"\${name}\b", value, query)
    if "$" in query:
        raise ValueError(f"an unknown variable in {query}")
    return query


def alert_queries():
    for group in yaml.safe_load((source / "deploy/prometheus/eidolon.rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            compared = re.fullmatch(r"(.*)\n(?:==|<|>) [0-9.]+", rule["expr"], re.DOTALL)
            if not compared:
                raise ValueError(f"{rule['alert']} does not end with a comparison")
            yield rule["alert"], compared[1]


def dashboard_queries():
    for panel in json.loads((source / "deploy/grafana/eidolon.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            yield f"{panel['title']} {target['refId']}", substituted(target["expr"])


def variable_complaints():
    """The dashboard's variables are label_values(SERIES, LABEL)."""
    for variable in json.loads((source / "deploy/grafana/eidolon.json").read_text())["templating"]["list"]:
        if variable["type"] != "query":
            continue
        series, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
        values = ask(f"label/{label}/values", **{"match[]": substituted(series)})
        if variables[variable["name"]] not in values:
            yield f"the variable {variable['name']} has the values {values}"


def rule_complaints():
    for group in ask("rules")["groups"]:
        for rule in group["rules"]:
            if rule["health"] != "ok":
                yield f"{rule['name']}: {rule.get('lastError', 'was not evaluated')}"


def main():
    queries = [*alert_queries(), *dashboard_queries()]
    complaints = [*rule_complaints(), *variable_complaints()]
    complaints += [f"{name}: {wrong}: {query}" for name, query in queries if (wrong := complaint(query))]
    firing = {a["labels"]["alertname"] for a in ask("alerts")["alerts"] if a["state"] == "firing"}
    if "EidolonJobFailed" not in firing:
        complaints.append(f"a job has failed, and what fires is {sorted(firing)}")
    for text in complaints:
        print(text)
    print(f"{len(queries)} queries, {len(complaints)} complaints")
    return bool(complaints)


sys.exit(main())
