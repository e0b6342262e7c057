"""A Slurm of a test's own: munged, slurmctld and two slurmd on this machine, loopback only."""
import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from harness import Skip

DAEMONS = {name: shutil.which(name, path="/usr/sbin:/usr/bin:/sbin") for name in ("munged", "slurmctld", "slurmd")}


def free_ports(n):
    socks = [socket.socket() for _ in range(n)]
    for s in socks:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in socks]
    for s in socks:
        s.close()
    return ports


class Cluster:
    def __init__(self, box, max_array=None, extra=""):
        missing = [name for name, path in DAEMONS.items() if not path]
        if missing:
            raise Skip(f"Slurm is not installed: no {', '.join(missing)} (apt-get install slurm-wlm munge)")
        self.root = box.root / "cluster"
        self.children = {}
        for name in ("munge", "state", "spool-a", "spool-b"):
            (self.root / name).mkdir(parents=True)
            (self.root / name).chmod(0o700)
        key = self.root / "munge/key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.socket = self.root / "munge/socket"
        ctl, a, b = free_ports(3)
        host = socket.gethostname()
        self.conf = self.root / "slurm.conf"
        self.conf.write_text(f"""\
ClusterName=hone
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctl}
SlurmUser={getpass.getuser()}
SlurmdUser={getpass.getuser()}
AuthType=auth/munge
AuthInfo=socket={self.socket}
CredType=cred/munge
StateSaveLocation={self.root}/state
SlurmdSpoolDir={self.root}/spool-%n
SlurmctldPidFile={self.root}/slurmctld.pid
SlurmdPidFile={self.root}/slurmd-%n.pid
SlurmctldLogFile={self.root}/slurmctld.log
SlurmdLogFile={self.root}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=10
KillWait=2
MinJobAge=300
CommunicationParameters=NoCtldInAddrAny
{f"MaxArraySize={max_array}" if max_array else ""}
{extra}
NodeName=a NodeHostname={host} NodeAddr=127.0.0.1 Port={a} CPUs=1 State=UNKNOWN
NodeName=b NodeHostname={host} NodeAddr=127.0.0.1 Port={b} CPUs=1 State=UNKNOWN
PartitionName=main Nodes=a,b Default=YES MaxTime=60 State=UP
""")
        self.env = {"SLURM_CONF": str(self.conf)}
        box.env |= self.env
        box.undo.append(self.stop)
        self.start()

    def spawn(self, name, *argv):
        log = open(self.root / f"{name}.out", "ab")
        self.children[name] = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | self.env, start_new_session=True)

    def start(self):
        self.spawn("munged", DAEMONS["munged"], "--foreground", "--force", f"--socket={self.socket}", f"--key-file={self.root}/munge/key", f"--log-file={self.root}/munge/log", f"--pid-file={self.root}/munge/pid", f"--seed-file={self.root}/munge/seed")
        self.wait(lambda: self.socket.exists(), "munged")
        self.spawn("slurmctld", DAEMONS["slurmctld"], "-D", "-f", str(self.conf))
        for node in "ab":
            self.start_node(node)
        self.wait(self.is_up, "two idle nodes")

    def start_node(self, node):
        self.spawn(f"slurmd-{node}", DAEMONS["slurmd"], "-D", "-N", node, "-f", str(self.conf))

    def call(self, *argv):
        return subprocess.run(argv, env=os.environ | self.env, capture_output=True, text=True, check=False)

    def is_up(self):
        told = self.call("sinfo", "-h", "-N", "-o", "%N %T").stdout.split("\n")
        return sum(line.endswith(" idle") for line in told) == 2

    def wait(self, what, name, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            if time.monotonic() > end:
                raise Skip(f"Slurm does not start on this machine, {name} did not come: {self.logs()}")
            time.sleep(0.1)

    def logs(self):
        return "\n".join(f"{p.name}: {p.read_text(errors='replace')[-1500:]}" for p in self.root.glob("*.out"))

    def kill(self, name):
        child = self.children.pop(name)
        child.kill()
        child.wait()

    def kill_steps(self, node):
        """What a node runs, as if its power had failed: first those that would tell the controller."""
        mark = f"SLURMD_NODENAME={node}\0".encode()
        found, parents = [], []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if mark in Path(f"/proc/{pid}/environ").read_bytes() and str(self.root.parent).encode() in Path(f"/proc/{pid}/environ").read_bytes():
                    found.append(int(pid))
                    parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]
                    if Path(f"/proc/{parent}/comm").read_text().startswith("slurmstepd"):
                        parents.append(int(parent))
            except OSError:
                pass
        for pid in [*parents, *found]:
            try:
                os.kill(pid, 9)
            except OSError:
                pass

    def wrong_key(self):
        """From now on this machine's munge has another key than that with which the controller was started."""
        other = self.root / "other"
        other.mkdir(mode=0o700)
        (other / "key").write_bytes(os.urandom(128))
        (other / "key").chmod(0o600)
        self.spawn("munged-2", DAEMONS["munged"], "--foreground", "--force", f"--socket={other}/socket", f"--key-file={other}/key",
                   f"--log-file={other}/log", f"--pid-file={other}/pid", f"--seed-file={other}/seed")
        self.wait(lambda: (other / "socket").exists(), "munged")
        self.conf.write_text(self.conf.read_text().replace(f"AuthInfo=socket={self.socket}", f"AuthInfo=socket={other}/socket"))

    def stop(self):
        for name in list(self.children):
            child = self.children.pop(name)
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        # steps' daemons
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if str(self.root).encode() in Path(f"/proc/{pid}/environ").read_bytes():
                    os.kill(int(pid), 9)
            except OSError:
                pass

