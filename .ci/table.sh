#!/usr/bin/env bash
# .ci/table.sh WORKS NAME…: the table in README.md of what runs where has just the rows of WORKS for the tests NAME; the rest is left to
# other runs. With UPDATE=1 it is written so. Versions are those last written: another one is no fault.
set -eu
works=$1
shift
begin='<!-- world: begin -->' end='<!-- world: end -->'
table() { sed -n "/^$begin/,/^$end/p" README.md | grep '^| ' | tail -n +2; }
mine=$(printf '%s|' "$@")
others=$(table | grep -vE "\`(${mine%|})\` \|\$" || true)
fresh=$(awk -F'\t' '{printf "| %s | %s %s | `%s` |\n", $1, $2, $3, $4}' "$works")
bare() { sed -E 's/ [0-9][0-9A-Za-z.+~-]*( \|)/\1/' | sort; }
rows=$(printf '%s\n%s\n' "$others" "$fresh" | grep . | LC_ALL=C sort -t'|' -k4,4 -k2,2 -k3,3)
if [ "${UPDATE:-}" = 1 ]; then
  awk -v begin="$begin" -v end="$end" -v rows="$rows" '
    $0 == begin {print; print "| what | with | test |"; print "|---|---|---|"; print rows; skip = 1}
    $0 == end {skip = 0}
    !skip && $0 != begin {print}' README.md >README.md.new
  mv README.md.new README.md
  exit
fi
diff <(table | bare) <(printf '%s\n' "$rows" | bare) || {
  echo 'README.md: the table of what runs where is not what this run showed; UPDATE=1 make test-world writes it'
  exit 1
}
