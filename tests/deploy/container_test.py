#!/usr/bin/python3
"""Holds deploy/compose.yaml and deploy/Dockerfile to the files and programs that are here; no engine is needed.

    container_test.py SOURCE-DIRECTORY DIRECTORY-OF-THE-PROGRAMS
"""
import pathlib
import re
import subprocess
import sys

import yaml

source, programs = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
deploy = source / "deploy"
compose = yaml.safe_load((deploy / "compose.yaml").read_text())
services = compose["services"]
complaints = []


def hold(true, otherwise):
    if not true:
        complaints.append(otherwise)


def packages(use):
    """What deploy/packages.txt lists under the heading."""
    listed = re.search(rf"^\[{use}\]\n(.*?)(?:\n\n|\Z)", (deploy / "packages.txt").read_text(), re.DOTALL | re.MULTILINE)
    return set(listed[1].split()) if listed else set()


def check_service(name, service):
    image = service.get("image", "")
    hold(":" in image and not image.endswith(":latest"), f"{name}: its image {image!r} has no version")
    for volume in service.get("volumes", []):
        origin = volume.split(":")[0]
        exists = (deploy / origin).exists() if origin.startswith(".") else origin in compose["volumes"]
        hold(exists, f"{name}: there is no {origin}")
    for port in service.get("ports", []):
        hold(port.startswith("127.0.0.1:"), f"{name}: port {port} is open to everybody")
    for other in service.get("depends_on", {}):
        hold(other in services, f"{name}: there is no service {other}")


def check_build(service):
    context = (deploy / service["build"]["context"]).resolve()
    hold(context == source, f"the context of the build is {context}")
    hold((context / service["build"]["dockerfile"]).is_file(), "there is no Dockerfile")


def check_grafana():
    volumes = dict(v.split(":")[1::-1] for v in services["grafana"]["volumes"])
    for provider in yaml.safe_load((deploy / "grafana/provisioning/dashboards/eidolon.yml").read_text())["providers"]:
        path = provider["options"]["path"]
        hold(f"{path}/eidolon.json" in volumes, f"Grafana looks for dashboards in {path}, where none is")
    for origin in yaml.safe_load((deploy / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"]:
        host = re.fullmatch(r"http://([a-z]+):9090", origin["url"])
        hold(host and host[1] in services, f"Grafana asks {origin['url']}")


def check_prometheus():
    """It is configured as without containers, but for where the daemon is."""
    ours, shipped = (yaml.safe_load((deploy / f / "prometheus.yml").read_text()) for f in ("compose.d", "prometheus"))
    targets = ours["scrape_configs"][0].pop("static_configs")[0]["targets"]
    shipped["scrape_configs"][0].pop("static_configs")
    hold(ours == shipped, "Prometheus is configured in another way than by deploy/prometheus")
    host, port = targets[0].split(":")
    hold(host in services and f"0.0.0.0:{port}" in services[host]["command"], f"nobody answers at {targets[0]}")


def instructions():
    """The Dockerfile as (instruction, argument), comments and line breaks removed."""
    text = re.sub(r"^\s*#.*\n", "", (deploy / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [tuple(line.split(maxsplit=1)) for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def check_dockerfile():
    steps = instructions()
    stages = [argument for what, argument in steps if what == "FROM"]
    hold(len(stages) == 2 and all(re.match(r"debian:12-slim\b", s) for s in stages), f"the stages are {stages}")
    last = len(steps) - 1 - [what for what, _ in reversed(steps)].index("FROM")
    users = [argument for what, argument in steps[last:] if what == "USER"]
    hold(users and users[-1] not in ("root", "0"), "the image runs as root")
    for argument in (a for what, a in steps if what == "COPY" and "--from" not in a):
        for origin in argument.split()[:-1]:
            hold((source / origin).exists(), f"the Dockerfile copies {origin}, which does not exist")
    for use, argument in zip(("build", "runtime"), (a for what, a in steps if what == "RUN" and "apt-get" in a)):
        installed = re.search(r"apt-get install (.*?) &&", argument)[1].split()
        named = [p for p in installed if not p.startswith("--")]
        hold(named == ["$(packages_for", f"{use})"], f"the Dockerfile installs {named}, not what packages.txt lists")
        hold(packages(use), f"packages.txt has nothing for {use}")


def packages_that_are_used(program):
    """The packages of the libraries that the program names itself, the C library and the sanitizers' apart."""
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout)
    found = dict(re.findall(r"^\s*(\S+) => (/\S+)", subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout, re.MULTILINE))
    for library in needed:
        if re.match(r"lib(c|m|gcc_s|asan|ubsan|tsan)\.so|ld-", library):
            continue
        # dpkg knows files by the path that the package has, before /lib became a link.
        owners = subprocess.run(["dpkg-query", "--search", f"*/{pathlib.Path(found[library]).name}"], capture_output=True, text=True, check=True).stdout
        yield re.match("[^:]*", owners)[0]


for name, service in services.items():
    check_service(name, service)
check_build(services["eidolond"])
check_grafana()
check_prometheus()
check_dockerfile()
used = {package for program in ("eidolond", "eidolon") for package in packages_that_are_used(programs / program)}
hold(used == packages("runtime"), f"the programs use {sorted(used)}, packages.txt has {sorted(packages('runtime'))} for runtime")

for complaint in complaints:
    print(complaint)
print(f"{len(services)} services, {len(instructions())} instructions, {len(complaints)} complaints")
sys.exit(bool(complaints))
