#!/bin/bash
# submit.sh N study study.yaml: N shards as one job array, and a job that gathers them once all have ended well. Prints both job numbers.
# OUT is the folder of the shards (shards), RESULT that of the results (study); SBATCH_PARTITION, SBATCH_ACCOUNT and the like count.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
n=$1
shift
export OUT=${OUT:-shards}
array=$(sbatch --parsable --array="0-$((n - 1))" --export=ALL,SHARDS="$n" "$here/shard.sbatch" "$@")
gather=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes --export=ALL "$here/gather.sbatch" "$OUT" --out "${RESULT:-study}")
echo "$array $gather"
