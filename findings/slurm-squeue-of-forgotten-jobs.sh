#!/usr/bin/env bash
# squeue -j of one job that Slurm has forgotten is an error; of two it is an empty list and success.
#
# Guess:    a list of jobs is asked for like each of them: what is an error alone is one in the list.
# Versions: Slurm 22.05.8 (Debian 12), one node.
# Seen:     `squeue -j N` of a job that ended more than MinJobAge ago (300 s by default): "Invalid job id specified", exit
#           code 1. `squeue -j N,M`: exit code 0, no word, though neither exists; so for numbers that never were jobs. `scancel N`
#           of it is exit code 0, too. `%a` in the output file of a job that is no array's is 4294967294.
# Matters:  scripts wait for jobs by `while squeue -h -j LIST | grep -q .`: with one job left in the list the last call
#           fails, under `set -o pipefail` and elsewhere; a list with a wrong number ends the wait at once, as if all were done.

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

first=$(sbatch --parsable -o "$work/of-%a" --wrap true)
second=$(sbatch --parsable -o /dev/null --wrap true)
until_true ended "$second"
[ -e of-4294967294 ] || changed "%a of a job that is no array's: $(ls)"
until_true forgotten "$first"
until_true forgotten "$second"

code=0
said=$(squeue -h -j "$first" 2>&1) || code=$?
[ "$code" -eq 1 ] || changed "one: exit code $code"
[[ $said == *"Invalid job id specified"* ]] || changed "one: $said"
for list in "$first,$second" 99998,99999; do
	code=0
	said=$(squeue -h -j "$list" 2>&1) || code=$?
	[ "$code $said" = "0 " ] || changed "$list: $code, $said"
done
scancel "$first" || changed "scancel minds"
echo "squeue -j of one forgotten job: exit code 1; of two, or of two that never were: exit code 0, nothing said"
