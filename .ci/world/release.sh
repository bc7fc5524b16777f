# A release: the same bytes from another folder, six archives, bills of materials by CycloneDX's own validator, arm64 under an emulator.
release() {
  local python version dist=$log/dist there="$log/다른 곳/gradus"
  version=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
  check 'release: a second build, in another folder, with caches, clock, language and rights of its own' elsewhere "$there"
  for python in bin/gradus lab/web/packed lab/web/dist/engine.wasm; do
    check "release: $python has the same bytes" diff -rq "$python" "$there/$python"
  done
  check 'release: a wrong version is refused' refused 'not with 9.9' env GRADUS_DIRTY=1 bash release/release.sh 9.9 "$dist"
  check 'release: a changed tree is refused' refused 'in no commit' bash "$there/release/release.sh" "$version" "$dist"
  check 'release: six archives' env GRADUS_DIRTY=1 bash release/release.sh "$version" "$dist"
  check 'release: sha256sum -c' env -C "$dist" sha256sum --quiet -c SHA256SUMS
  check 'release: a damaged archive is refused' damaged "$dist" "$version"
  if python=$(validator); then
    works 'bills of materials (CycloneDX 1.6)' cyclonedx-python-lib "$("$python" -c 'import importlib.metadata as m; print(m.version("cyclonedx-python-lib"))')" bills "$python" "$dist"
  else
    skip 'release: bills of materials' 'cyclonedx-python-lib cannot be had'
  fi
  if need qemu-aarch64-static qemu-user-static; then
    works 'archive for linux/arm64' QEMU "$(qemu-aarch64-static --version | sed -n 's/^qemu-aarch64 version \([0-9.]*\).*/\1/p')" arm "$dist" "$version"
  else
    skip 'release: archive for linux/arm64' 'qemu-aarch64-static is missing'
  fi
}

# elsewhere FOLDER: make build of a copy of the tree. Modules come from the cache that is here, unpacked anew, so that no path is the same; what
# is compiled goes into a cache that only such builds have, so that the next one compiles no more than what has changed.
elsewhere() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-elsewhere
  mkdir -p "$1" "$home" && git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ ! -f "$f" ] || echo "$f"; done' sh | tar -cf - -T - | tar -C "$1" -xf - || return 1
  [ ! -d lab/web/node_modules ] || cp -a lab/web/node_modules "$1/lab/web/" || return 1
  git -C "$1" init -q || return 1
  (
    umask 077
    GOPROXY=file://$(go env GOMODCACHE)/cache/download
    export GOPROXY GONOSUMDB='*' GOFLAGS=-modcacherw GOPATH=$home/go GOMODCACHE=$home/modules GOCACHE=$home/build
    export TZ=Asia/Seoul LC_ALL=C.UTF-8 LANG=ko_KR.UTF-8 SOURCE_DATE_EPOCH=1 TMPDIR=$1/..
    make -s -C "$1" build
  )
}

# refused TEXT COMMAND…: the command fails, and says TEXT.
refused() {
  local text=$1 out
  shift
  ! out=$("$@" 2>&1) && grep -qF -- "$text" <<<"$out" || { echo "$out"; return 1; }
}

# damaged DIST VERSION: neither a changed byte nor another version passes.
damaged() {
  local copy=$log/damaged
  cp -a "$1" "$copy" && printf x | dd of="$copy/gradus_$2_darwin_arm64.tar.gz" bs=1 seek=1000 conv=notrunc status=none || return 1
  refused SHA-256 go -C release run . verify -version "$2" "$copy" && refused 'not an archive' go -C release run . verify -version 9.9 "$1"
}

# validator prints the Python that has CycloneDX's validator.
validator() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-sbom
  "$home/bin/python" -c 'import cyclonedx, jsonschema' 2>/dev/null || {
    need python3 python3 python3-venv
    python3 -m venv "$home" || apt-get install -qy --no-install-recommends python3-venv && python3 -m venv "$home" &&
      "$home/bin/pip" install -q --disable-pip-version-check 'cyclonedx-python-lib[json-validation]==11.12.0'
  } >/dev/null 2>&1 </dev/null
  echo "$home/bin/python"
  "$home/bin/python" -c 'import cyclonedx, jsonschema' 2>/dev/null
}

# bills PYTHON DIST: each bill is valid, the way a strict reader sees it, and every part has a licence and, but for Go and copied sources, a hash.
bills() {
  "$1" - "$2"/*.cdx.json <<'PYTHON'
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
assert len(sys.argv) == 7, sys.argv
for name in sys.argv[1:]:
    text = open(name, encoding='utf-8').read()
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert wrong is None, f'{name}: {wrong}'
    doc = json.loads(text)
    parts = {c['name']: c for c in doc['components']}
    assert {'std', 'svelte', 'pretendard', 'breast_cancer', 'modernc.org/sqlite'} <= parts.keys(), parts.keys()
    for c in parts.values():
        assert c['licenses'] and (c.get('hashes') or c['name'] in ('std', 'fdlibm', 'onnx')), c
    assert ('github.com/inconshreveable/mousetrap' in parts) == ('windows' in name), name
    graph = {d['ref']: d.get('dependsOn', []) for d in doc['dependencies']}
    reached, todo = set(), [doc['metadata']['component']['bom-ref']]
    while todo:
        ref = todo.pop()
        if ref not in reached:
            reached.add(ref)
            todo += graph[ref]
    assert reached == graph.keys(), graph.keys() - reached
PYTHON
}

# arm DIST VERSION: the arm64 program from its archive says its version, and predicts what the amd64 one predicts, both without assembly.
arm() {
  local at=$log/arm a b
  mkdir -p "$at" && tar -C "$at" -xzf "$1/gradus_$2_linux_arm64.tar.gz" || return 1
  a="qemu-aarch64-static $at/gradus_$2_linux_arm64/gradus" b=bin/gradus
  case $($a version --quiet) in "gradus $2 ("*linux/arm64*) ;; *) $a version; return 1 ;; esac
  $b data iris --csv >"$at/iris.csv" && $b train "$at/iris.csv" --target species --epochs 3 --quiet --out "$at/m" || return 1
  GRADUS_ISA=go $b predict "$at/m" "$at/iris.csv" >"$at/b.csv" && GRADUS_ISA=go $a predict "$at/m" "$at/iris.csv" >"$at/a.csv" && cmp "$at/a.csv" "$at/b.csv"
}
