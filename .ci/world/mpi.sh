# gradus-mpi under the launchers of others: the same model from any number of ranks; a rank that dies, hangs or is told to stop.
mpi() {
  local family
  mkdir -p "$log/mpi"
  check 'make gradus-mpi' make -s gradus-mpi
  check 'mpi: a table' mpi_table
  check 'mpi: without a launcher it is one rank' mpi_alone
  for family in openmpi mpich; do
    if ! need "mpirun.$family" "$([ $family = mpich ] && echo mpich || echo openmpi-bin)"; then
      skip "mpi: $family" "mpirun.$family is missing"
      continue
    fi
    works 'gradus-mpi train: the same bytes on 1, 2, 3 and 4 ranks' "$(mpi_name $family)" "$(mpi_version $family)" mpi_same $family
    check "mpi: the same bytes by MPI_Allreduce, as over several machines, $family" mpi_allreduce $family
    check "mpi: a rank is killed, $family" mpi_broken $family KILL 2
    check "mpi: a rank hangs, $family" mpi_broken $family STOP 1
    check "mpi: told to stop, $family" mpi_broken $family INT 2
  done
  mpi_slurm
  check 'mpi: an error is said once' mpi_once
  check 'mpi: a library of the other family is refused' mpi_other
}

mpi_name() { [ "$1" = mpich ] && echo MPICH || echo 'Open MPI'; }

mpi_version() { "mpirun.$1" --version | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1; }

mpi_table() { bin/gradus data breast_cancer --csv >"$log/mpi/table.csv"; }

# mpi_run FAMILY RANKS COMMAND…: the site's launcher.
mpi_run() {
  local family=$1 ranks=$2
  shift 2
  case $family in
    openmpi) OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun.openmpi --oversubscribe -n "$ranks" "$@" ;;
    mpich) mpirun.mpich -n "$ranks" "$@" ;;
  esac
}

# mpi_words EPOCHS: the command that every rank runs but for the name of its model.
mpi_words() { echo "bin/gradus-mpi train $log/mpi/table.csv --target diagnosis --hidden 512,256 --activation relu --dropout 0.1 --validation 0.2 --no-record --checkpoint-every 20ms --epochs $1"; }

# mpi_slurm starts ranks by srun, in a Slurm of one node: Open MPI by PMIx, MPICH by PMI-2.
mpi_slurm() {
  [ "$(id -u)" = 0 ] && need sbatch slurm-client && need slurmctld slurmctld && need slurmd slurmd && need munged munge && mpi_pmix || {
    skip 'mpi: srun' 'slurmctld, slurmd, munged or libpmix is missing, or this is not root'
    return
  }
  # shellcheck disable=SC1091
  . .ci/world/shard.sh
  daemons=''
  trap leave EXIT
  check 'mpi: Slurm of one node' cluster
  works 'gradus-mpi train under srun, Open MPI by PMIx' Slurm "$(srun --version | sed 's/.* //')" mpi_srun pmix libmpi.so.40
  works 'gradus-mpi train under srun, MPICH by PMI-2' Slurm "$(srun --version | sed 's/.* //')" mpi_srun pmi2 libmpich.so.12
  leave
  trap - EXIT
}

# mpi_pmix gets the library that srun loads for PMIx; it comes with no command.
mpi_pmix() { ls /usr/lib/*/libpmix.so >/dev/null 2>&1 || { need libpmix.so libpmix-dev; ls /usr/lib/*/libpmix.so >/dev/null 2>&1; }; }

mpi_srun() {
  GRADUS_MPI_LIB=$2 srun "--mpi=$1" -n 2 $(mpi_words 4) --out "$log/mpi/$1.gradus" && cmp "$log/mpi/short.gradus" "$log/mpi/$1.gradus"
}

mpi_alone() { $(mpi_words 4) --out "$log/mpi/short.gradus" && $(mpi_words 25) --out "$log/mpi/long.gradus"; }

mpi_same() {
  local ranks
  for ranks in 1 2 3 4; do
    mpi_run "$1" $ranks $(mpi_words 4) --out "$log/mpi/$1$ranks.gradus" || return 1
    cmp "$log/mpi/short.gradus" "$log/mpi/$1$ranks.gradus" || return 1
  done
}

mpi_allreduce() { GRADUS_MPI_SHARED=0 mpi_run "$1" 3 $(mpi_words 4) --out "$log/mpi/$1-allreduce.gradus" && cmp "$log/mpi/short.gradus" "$log/mpi/$1-allreduce.gradus"; }

# mpi_broken FAMILY SIGNAL RANKS: a job of three ranks loses its last rank, or is told to stop; it ends by itself and leaves nobody behind, and
# what it has done goes on, on so many ranks, to the same model.
mpi_broken() {
  local family=$1 signal=$2 ranks=$3 out=$log/mpi/$1-$2.gradus job pids pid code=0 i
  (mpi_run "$family" 3 $(mpi_words 25) --out "$out" --deadline 10s) &
  job=$!
  for i in $(seq 600); do [ -e "$out-checkpoint" ] && break; sleep 0.05; done
  pids=$(pgrep -f "gradus-mpi train .*--out $out")
  pids=$(for pid in $pids; do [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = gradus-mpi ] && echo "$pid"; done)
  case $signal in
    INT) pid=$(pgrep -f "mpirun.* $out" | tail -n 1) ;;
    *) pid=$(echo "$pids" | tail -n 1) ;;
  esac
  kill "-$signal" "$pid" || { echo "no rank to send $signal to"; return 1; }
  for i in $(seq 600); do kill -0 $job 2>/dev/null || break; sleep 0.05; done
  kill -0 $job 2>/dev/null && { echo 'the job goes on'; kill -KILL $pids $job; return 1; }
  wait $job || code=$?
  [ $code -ne 0 ] || { echo 'the job says that it is done'; return 1; }
  for i in $(seq 100); do [ -z "$(mpi_alive $pids)" ] && break; sleep 0.05; done
  [ -z "$(mpi_alive $pids)" ] || { echo "still there: $(mpi_alive $pids)"; kill -KILL $pids; return 1; }
  [ ! -e "$out" ] || { echo 'there is a model'; return 1; }
  mpi_run "$family" "$ranks" $(mpi_words 25) --out "$out" --resume && cmp "$log/mpi/long.gradus" "$out" && [ ! -e "$out-checkpoint" ]
}

# mpi_alive PID…: those that live; a process that nobody has asked for its exit code does not.
mpi_alive() { local pid; for pid in "$@"; do grep -sq '^State:[[:space:]]*[^ZX]' "/proc/$pid/status" && echo "$pid"; done; }

mpi_once() {
  local said
  said=$(mpi_run openmpi 3 bin/gradus-mpi train "$log/mpi/missing.csv" --target diagnosis --out "$log/mpi/x.gradus" 2>&1) && return 1
  echo "$said"
  [ "$(grep -c 'gradus-mpi: ' <<<"$said")" = 1 ] && grep -q 'missing.csv' <<<"$said"
}

mpi_other() {
  local said
  said=$(GRADUS_MPI_LIB=libmpich.so.12 mpi_run openmpi 2 bin/gradus-mpi train "$log/mpi/table.csv" --target diagnosis --out "$log/mpi/x.gradus" 2>&1) && return 1
  echo "$said"
  [ "$(grep -c 'Open MPI' <<<"$said")" -ge 1 ] && grep -q 'MPICH' <<<"$said" && [ ! -e "$log/mpi/x.gradus" ]
}
