# Shards of a study: a job array under Slurm and what gathers it, held against one machine; manifests for Kubernetes against its own types.

# cluster begins a Slurm of one node: munged, slurmctld and slurmd, with keys, ports, sockets and logs of their own in $log/slurm.
cluster() {
  local home=$log/slurm host port
  mkdir -p "$home/state" "$home/spool" && chmod 755 "$home" && host=$(hostname -s)
  port=$(python3 -c 'import socket
s = [socket.socket() for _ in range(2)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])') || return 1
  head -c 1024 /dev/urandom >"$home/munge.key" && chmod 400 "$home/munge.key"
  cat >"$home/slurm.conf" <<END
ClusterName=gradus
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${port% *}
SlurmdPort=${port#* }
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$home/munge.socket
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool
SlurmctldPidFile=$home/slurmctld.pid
SlurmdPidFile=$home/slurmd.pid
SlurmctldLogFile=$home/slurmctld.log
SlurmdLogFile=$home/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,batch_sched_delay=0
MpiDefault=none
KillWait=5
ReturnToService=2
NodeName=node NodeHostname=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  export SLURM_CONF=$home/slurm.conf
  munged --foreground --force --key-file="$home/munge.key" --socket="$home/munge.socket" --pid-file="$home/munge.pid" --log-file="$home/munge.log" --seed-file="$home/munge.seed" >"$home/munged.out" 2>&1 &
  daemons=$!
  until [ -S "$home/munge.socket" ]; do kill -0 $! || { cat "$home/munged.out"; return 1; }; sleep .1; done
  slurmctld -D >"$home/slurmctld.out" 2>&1 &
  daemons="$daemons $!"
  slurmd -D -N node >"$home/slurmd.out" 2>&1 &
  daemons="$daemons $!"
  for _ in $(seq 100); do
    [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && return 0
    sleep .2
  done
  tail -n 20 "$home"/*.out "$home"/*.log
  return 1
}

# leave ends what cluster began.
leave() {
  local pid
  [ -z "$daemons" ] || [ -z "$(squeue -h 2>/dev/null)" ] || { scancel --user=root; settled >/dev/null; }
  for pid in $daemons; do kill "$pid" 2>/dev/null; done
  # shellcheck disable=SC2086
  [ -z "$daemons" ] || wait $daemons 2>/dev/null
  daemons=''
  unset SLURM_CONF
}

# settled waits until no job is left.
settled() {
  for _ in $(seq 250); do
    [ -n "$(squeue -h 2>&1)" ] || return 0
    sleep .2
  done
  squeue
  return 1
}

# alike N KIND TABLE FLAG…: what an array of N shards and the job behind it write has the bytes of one machine.
alike() {
  local n=$1 kind=$2 table=$3 at
  shift 3
  at=$work/$table-$n
  mkdir -p "$at" && cd "$at" && cp "$work/$table.csv" . || return 1
  "$GRADUS" "$kind" "$table.csv" "$@" --no-record --quiet --out one >/dev/null &&
    RESULT=gathered "$deploy/submit.sh" "$n" "$kind" "$table.csv" "$@" && settled && diff -r one gathered && [ "$(ls shards/*.gradus-shard | wc -l)" = "$n" ] && return
  tail -n 5 ./*.log
  return 1
}

# lost: of four shards one is cancelled before it begins and one while it runs. The job behind them never runs; gather names what is lost, and
# an array of those alone makes it.
lost() {
  local array gather out
  mkdir -p "$work/lost" && cd "$work/lost" && cp "$work/breast_cancer-3/breast_cancer.csv" "$work/breast_cancer-3/one/study.yaml" . || return 1
  array=$(sbatch --parsable --array=0-3%1 --export=ALL,SHARDS=4 "$deploy/shard.sbatch" study study.yaml --epochs 5) || return 1
  gather=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes "$deploy/gather.sbatch" shards --out gathered) || return 1
  until [ -n "$(squeue -h -t R -j "$array")" ]; do sleep .1; done
  scancel "${array}_0" "${array}_3" && settled || return 1
  [ ! -e gathered ] || { echo 'job ' "$gather" ' gathered what is not whole'; return 1; }
  out=$("$GRADUS" gather shards --out gathered 2>&1)
  [ $? = 2 ] || { echo "$out"; return 1; }
  case $out in *'gradus study shards/study.yaml --epochs 5 --shard 3/4 --out shards'*) ;; *) echo "$out"; return 1 ;; esac
  sbatch --array=0,3 --export=ALL,SHARDS=4 "$deploy/shard.sbatch" study study.yaml --epochs 5 && settled &&
    "$GRADUS" gather shards --out gathered --no-record --quiet >/dev/null && diff -r "$work/breast_cancer-3/one" gathered && return
  tail -n 5 ./*.log
  return 1
}

# manifests: what lies in deploy/kubernetes is what Kubernetes knows, and what its pods do gives the bytes of one machine.
manifests() { GRADUS=$GRADUS go -C deploy/kubernetes/check test -count=1 ./...; }

shard() {
  local GRADUS=$PWD/bin/gradus deploy=$PWD/deploy/slurm work=$log/shards here=$PWD small='--outer 2 --inner 2 --draws 20 --epochs 5' version
  if go -C deploy/kubernetes/check mod download >/dev/null 2>&1; then
    works '`deploy/kubernetes`: manifests of an indexed Job' 'k8s.io/api' "$(sed -n 's/.*k8s.io\/api v//p' deploy/kubernetes/check/go.mod)" manifests
  else
    skip 'deploy/kubernetes' 'k8s.io/api cannot be downloaded here'
  fi
  if ! need sbatch slurm-client || ! need slurmctld slurmctld || ! need slurmd slurmd || ! need munged munge || ! need python3 python3; then
    skip 'shards under Slurm' 'slurmctld, slurmd, sbatch or munged is missing'
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    skip 'shards under Slurm' 'slurmd wants to be root'
    return
  fi
  export GRADUS XDG_DATA_HOME=$work/data LC_ALL=C
  mkdir -p "$work" && for table in breast_cancer iris diabetes lifetimes; do "$GRADUS" data $table --csv >"$work/$table.csv"; done
  daemons=''
  trap leave EXIT
  check 'Slurm of one node' cluster
  version=$(sbatch --version | sed 's/.* //')
  # shellcheck disable=SC2086
  {
    works '`gradus study --shard`, `gather`: an event' Slurm "$version" alike 3 study breast_cancer --target diagnosis $small
    works '`gradus study --shard`, `gather`: classes' Slurm "$version" alike 7 study iris --target species $small
    works '`gradus study --shard`, `gather`: a number' Slurm "$version" alike 2 study diabetes --target progression $small
    works '`gradus survival --shard`, `gather`' Slurm "$version" alike 3 survival lifetimes --time days --event died --outer 2 --inner 2 --draws 20 --epochs 5
  }
  works '`--shard`: a lost shard alone again' Slurm "$version" lost
  cd "$here" && leave
  trap - EXIT
}
