#!/usr/bin/env bash
# A job that waits for another to succeed (--dependency=afterok) runs if Slurm has forgotten that one, failed or not.
#
# Guess:    afterok of a job that failed never runs; afterok of a job that nobody knows is refused by sbatch.
# Versions: Slurm 22.05.8 (Debian 12), one node.
# Seen:     right after a job ended with exit code 7, a job with afterok of it stays pending for ever
#           (DependencyNeverSatisfied). Once the controller has forgotten it (MinJobAge after its end, 300 s by default),
#           sbatch takes the same line without a word and the job runs, with no dependency. So it does for a number
#           that never was a job.
# Matters:  pipelines that build, train or measure in stages and submit a stage when they come round to it, more than
#           five minutes after the one before, start it on what a failed stage left. Submit all stages at once, or have
#           the later one check what it needs.

set -euo pipefail

work=$(mktemp -d)
pids=
stop() {
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill $pids 2>/dev/null || true
	wait 2>/dev/null || true
	rm -rf "$work"
}
trap stop EXIT
cd "$work"
export PATH="$PATH:/usr/sbin:/sbin"

changed() {
	echo "changed: $*"
	exit 1
}

# A cluster of one node on this machine, loopback only; Debian's packages, as paths are compiled into Slurm.
for program in slurmctld slurmd munged; do
	command -v $program >/dev/null || apt-get install -qq -y slurm-wlm munge >apt.log 2>&1 || {
		echo "slurm-wlm and munge cannot be installed: not checked"
		exit 77
	}
done
mkdir -m 700 munge state spool
(umask 077 && head -c 128 /dev/urandom >munge/key)
host=$(uname -n)
read -r one two < <(python3 -c '
import socket
s = [socket.socket() for _ in range(2)]
for x in s: x.bind(("127.0.0.1", 0))
print(*(x.getsockname()[1] for x in s))')
cat >slurm.conf <<END
ClusterName=finding
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$one
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MinJobAge=2
SchedulerParameters=bf_interval=1,sched_interval=2
CommunicationParameters=NoCtldInAddrAny
NodeName=a NodeHostname=$host NodeAddr=127.0.0.1 Port=$two CPUs=1 State=UNKNOWN
PartitionName=main Nodes=a Default=YES MaxTime=60 State=UP
END
export SLURM_CONF=$work/slurm.conf
munged --foreground --force --socket="$work/munge/socket" --key-file="$work/munge/key" --log-file="$work/munge/log" \
	--pid-file="$work/munge/pid" --seed-file="$work/munge/seed" >munged.out 2>&1 &
pids=$!
# until COMMAND...: at most a minute
until_true() {
	for _ in $(seq 300); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	changed "within a minute not: $*"
}
until_true test -S munge/socket
slurmctld -D -f "$SLURM_CONF" >slurmctld.out 2>&1 &
pids="$! $pids"
slurmd -D -N a -f "$SLURM_CONF" >slurmd.out 2>&1 &
pids="$! $pids"
is_idle() { [ "$(sinfo -h -o %T)" = idle ]; }
until_true is_idle

ended() { scontrol show job "$1" | grep -qE "JobState=(COMPLETED|FAILED)"; }
forgotten() { ! scontrol show job "$1"; }

failed=$(sbatch --parsable -o /dev/null --wrap 'exit 7')
until_true ended "$failed"
early=$(sbatch --parsable -o /dev/null --dependency=afterok:"$failed" --wrap true)
never_runs() { [ "$(squeue -h -o '%T %r' -j "$early")" = "PENDING DependencyNeverSatisfied" ]; }
until_true never_runs
scancel "$early"
until_true forgotten "$failed"

runs() { # runs JOB WORDS
	late=$(sbatch --parsable -o "$work/out" --dependency=afterok:"$1" --wrap 'echo it ran') || changed "$2: sbatch refuses"
	until_true ended "$late"
	grep -q 'it ran' out || changed "$2: it did not run"
	rm out
}
runs "$failed" "a forgotten job that failed"
runs 99999 "a job that never was"
echo "afterok of a failed job: pending for ever; once that is forgotten: it runs; of a job that never was: it runs"
