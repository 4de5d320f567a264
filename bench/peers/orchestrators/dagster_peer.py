"""100 jobs of 10 ops and one of 40 in Dagster, in one process, with its SQLite instance.

usage: dagster_peer.py FOLDER CHAIN DAGS TASKS LIMIT_SECONDS

Prints `chain SECONDS TASKS` and `dags SECONDS TASKS`.
"""

import pathlib
import sys
import time

from dagster import DagsterInstance, GraphDefinition, In, Nothing, DependencyDefinition, OpDefinition, Out, Output

folder, chain, dags, tasks, limit = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:6])
home = folder / "dagster"
home.mkdir(parents=True)


def nothing(context, inputs):
    yield Output(None)


def job(name, count):
    ops = [
        OpDefinition(nothing, f"t{i}", ins={"after": In(Nothing)} if i else {}, outs={"result": Out(Nothing)})
        for i in range(count)
    ]
    after = {f"t{i}": {"after": DependencyDefinition(f"t{i - 1}")} for i in range(1, count)}
    return GraphDefinition(name, node_defs=ops, dependencies=after).to_job()


QUIET = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}

with DagsterInstance.local_temp(str(home)) as instance:
    job("warm", 2).execute_in_process(instance=instance, run_config=QUIET)
    one = job("chain", chain)
    began = time.monotonic()
    assert one.execute_in_process(instance=instance, run_config=QUIET).success
    print(f"chain {time.monotonic() - began:.2f} {chain}", flush=True)
    many = [job(f"d{i:03}", tasks) for i in range(dags)]
    began = time.monotonic()
    done = 0
    for each in many:
        if time.monotonic() - began < limit:
            assert each.execute_in_process(instance=instance, run_config=QUIET).success
            done += tasks
    print(f"dags {time.monotonic() - began:.2f} {done}", flush=True)
