"""How long recorded builds (units.py) take on so many cores, by events.

- A unit is four tasks in a row: its metadata, the rest of what one thread does, what several do, the link. Others begin when
  the metadata is there, those that link when all is. The third takes up to `all of it / its longest thread` cores at
  once; each other task takes one.
- Every task of the compiler needs a job: a cargo has one of its own, the rest are in a pool of all (`jobs`). Units that
  wait come first, in the order of builds and units, then further threads.
- What cargo and hone do themselves takes one core; so does packing of what was built (`aside`), beside everything.
- More tasks than cores share them evenly. Memory, caches and disks are no limit.
- hone begins builds by its own rules (docs/internals/builds.md), with at most `width` at a time.
"""

from dataclasses import dataclass, field

IDLE_S = 0.3  # HONE_RULE_BUILDS_IDLE_LOOKS, a tenth of a second each
MOST = 8  # HONE_RULE_BUILDS_MOST
TINY = 1e-9


@dataclass
class Task:
    left: float
    most: float = 1.0  # cores that it can use
    job: int = -1
    needs_job: bool = False
    then: object = None
    speed: float = 0.0
    taken: float = 0.0  # jobs that it holds


@dataclass
class Rules:
    """How builds begin."""

    cores: int
    jobs: int
    width: int
    idle_s: float = IDLE_S
    baseline_alone: bool = True
    order: object = None  # of jobs: a key
    shares: bool = True


@dataclass
class Build:
    """A job at work: where it is, and the units of its run of cargo."""

    at: int = 0
    left: dict = field(default_factory=dict)  # units that have not begun
    ready: list = field(default_factory=list)
    metadata: set = field(default_factory=set)
    done: set = field(default_factory=set)
    running: int = 0


class Model:
    def __init__(self, recorded, rules):
        self.recorded, self.rules = recorded, rules
        self.jobs = recorded["jobs"]
        self.made = {u["number"]: u for j in self.jobs for s in j["steps"] if isinstance(s, dict) for u in s["units"] if "number" in u}
        self.kept, self.now, self.idle_since = set(), 0.0, None
        self.state = ["waits"] * len(self.jobs)
        self.builds, self.tasks, self.ends = {}, [], {}

    def add(self, task):
        self.tasks.append(task)

    # ---- a build

    def begin(self, job):
        self.state[job] = "runs"
        self.builds[job] = Build()
        self.step(job)

    def step(self, job):
        """Begins what is next in a build, or ends it."""
        build, steps = self.builds[job], self.jobs[job]["steps"]
        if build.at == len(steps):
            self.state[job] = "done"
            self.ends[job] = self.now
            del self.builds[job]
            if self.recorded["aside"]:
                self.add(Task(self.recorded["aside"]))
            return
        step = steps[build.at]
        if not isinstance(step, dict):
            self.add(Task(step, job=job, then=lambda: self.next(job)))
            return
        self.add(Task(step["before"], job=job, then=lambda: self.compile(job, step)))

    def next(self, job):
        self.builds[job].at += 1
        self.step(job)

    def compile(self, job, step):
        build = self.builds[job]
        build.left = {u["name"]: u for u in step["units"]}
        build.metadata, build.done, build.running = set(), set(), 0
        self.wake(job)

    def wake(self, job):
        """Units whose turn it is; an end of the run."""
        build = self.builds[job]
        for name, unit in list(build.left.items()):
            owner = self.made[unit["taken"]] if "taken" in unit else unit
            is_last = owner["parts"][4] > 0 or owner["parts"][0] == 0  # it links, or nobody waits for its metadata
            there = build.done if is_last else build.metadata
            if not all(dep in there or dep not in self.names_of(job) for dep in unit["deps"]):
                continue
            del build.left[name]
            if "taken" in unit and self.is_taken(owner):
                build.metadata.add(name)
                build.done.add(name)
                return self.wake(job)
            build.ready.append((name, owner))
        if not build.left and not build.ready and not build.running:
            self.next(job)
        return None

    def is_taken(self, unit):
        """Is it there already? Programs are linked anew only by builds beside each other."""
        is_program = unit["parts"][4] > 0 and not unit["name"].startswith("build_script_")
        return self.rules.shares and unit["number"] in self.kept and (self.rules.width > 1 or not is_program)

    def names_of(self, job):
        return {u["name"] for u in self.jobs[job]["steps"][self.builds[job].at]["units"]}

    def start_unit(self, job, name, unit):
        build = self.builds[job]
        build.running += 1
        metadata, serial, beside, longest, link = unit["parts"]

        def after_metadata():
            if metadata > 0:
                build.metadata.add(name)
                self.wake(job)
            self.add(Task(serial, job=job, needs_job=True, then=after_serial))

        def after_serial():
            most = beside / longest if longest > 0 else 1.0
            self.add(Task(beside, max(most, 1.0), job, True, after_beside))

        def after_beside():
            self.add(Task(link, job=job, needs_job=True, then=after_link))

        def after_link():
            build.running -= 1
            build.metadata.add(name)
            build.done.add(name)
            self.kept.add(unit["number"])
            self.wake(job)

        self.add(Task(metadata, job=job, needs_job=True, then=after_metadata))

    # ---- what runs

    def share(self):
        """Gives out jobs and cores."""
        free = self.rules.jobs - len(self.builds)
        own = {job: 1 for job in self.builds}
        for task in self.tasks:
            if task.needs_job:
                free, own[task.job] = (free, 0) if own[task.job] else (free - 1, 0)
                task.taken = 1
        for job, build in self.builds.items():
            while build.ready and (own[job] or free > 0):
                free, own[job] = (free, 0) if own[job] else (free - 1, 0)
                self.start_unit(job, *build.ready.pop(0))
                self.tasks[-1].taken = 1
        for task in self.tasks:
            if task.needs_job and task.most > 1:
                more = min(-(-task.most // 1) - 1, max(free, 0))
                task.taken, free = 1 + more, free - more
        wanted = [min(t.most, max(t.taken, 1.0)) for t in self.tasks]
        share = min(1.0, self.rules.cores / (sum(wanted) or 1.0))
        for task, want in zip(self.tasks, wanted):
            task.speed = want * share
        return free

    def may_begin(self, job):
        waits = self.jobs[job]["waits"]
        if not waits or self.state[waits[0]] == "done":
            return True
        other = self.builds.get(waits[0])
        return other is not None and other.at >= waits[1]

    def next_job(self):
        order = sorted((j for j, s in enumerate(self.state) if s == "waits" and j), key=self.rules.order or self.by_hone)
        if self.rules.baseline_alone and self.state[0] != "done":
            order = [0] if self.state[0] == "waits" else []
        elif self.state[0] == "waits":
            order = [0] + order
        return next((j for j in order if self.may_begin(j)), None)

    def by_hone(self, job):
        return (not self.jobs[job]["learns"], job)

    def begin_jobs(self):
        """As many as may now; how long until one might."""
        while True:
            free = self.share()
            job = self.next_job()
            if free <= 0 or len(self.builds) >= self.rules.width:
                self.idle_since = None
            elif self.idle_since is None:
                self.idle_since = self.now
            if job is None:
                return None
            if self.builds and (self.idle_since is None or self.now - self.idle_since < self.rules.idle_s - TINY):
                return None if self.idle_since is None else self.idle_since + self.rules.idle_s - self.now
            self.begin(job)
            self.idle_since = None

    def run(self):
        """Seconds until all is built."""
        while True:
            until = self.begin_jobs()
            if not self.builds and "waits" not in self.state:
                return self.now + self.recorded["tail"]
            ends = [t.left / t.speed for t in self.tasks if t.speed > 0]
            step = min(ends + ([until] if until is not None else []))
            self.now += step
            ended = []
            for task in self.tasks:
                task.left -= task.speed * step
                if task.left <= TINY:
                    ended.append(task)
            self.tasks = [t for t in self.tasks if t.left > TINY]
            for task in ended:
                if task.then:
                    task.then()


def seconds(recorded, cores, **more):
    """hone on so many cores. On one it builds one after another."""
    rules = Rules(cores, more.pop("jobs", cores), min(cores, MOST))
    for name, value in more.items():
        setattr(rules, name, value)
    return Model(recorded, rules).run()


def cpu_of(recorded):
    steps = [s for job in recorded["jobs"] for s in job["steps"]]
    units = [u for s in steps if isinstance(s, dict) for u in s["units"] if "parts" in u]
    own = sum(s["before"] if isinstance(s, dict) else s for s in steps) + recorded["tail"]
    return own + sum(sum(p for i, p in enumerate(u["parts"]) if i != 3) for u in units) + recorded["aside"] * len(recorded["jobs"])
