#!/usr/bin/env bash
# release/release.sh VERSION [OUT]: the archives of a release for six platforms, with checksums and bills of materials, in OUT
# (dist/VERSION). It wants a clean tree whose CHANGELOG.md begins with VERSION; the same commit gives the same bytes anywhere. Nothing is
# fetched once `make build` has run. GRADUS_DIRTY=1 lets a changed tree pass, for a trial.
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
stop() { echo "release: $*" >&2; exit 1; }
[ $# -ge 1 ] && [ $# -le 2 ] || stop 'release/release.sh VERSION [OUT]'
version=$1 out=${2:-dist/$1}

[ "${GRADUS_DIRTY:-}" = 1 ] || [ -z "$(git status --porcelain)" ] || stop "the tree has changes that are in no commit: $(git status --porcelain | head -n 3 | tr '\n' ';')"
newest=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
[ "$version" = "$newest" ] || stop "CHANGELOG.md begins with $newest, not with $version"
tag=$(git rev-parse -q --verify "refs/tags/v$version^{commit}" || true)
[ -z "$tag" ] || [ "$tag" = "$(git rev-parse HEAD)" ] || stop "the tag v$version stands at another commit, $tag"
[ ! -e "$out" ] || stop "$out is there already"
command -v npm >/dev/null || stop 'npm is missing: the programs would have no page'

# What would change the bytes is said here and not taken from whoever calls.
unset GOFLAGS GOEXPERIMENT GODEBUG GOFIPS140 GOOS GOARCH
export CGO_ENABLED=0 GOAMD64=v1 GOARM64=v8.0 LC_ALL=C TZ=UTC
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/out"

make -s build
go -C release build -o "$work/release" .
gradus=$PWD/bin/gradus
case $("$gradus" version --quiet) in "gradus $version "*) ;; *) stop "bin/gradus is not of version $version" ;; esac
"$work/release" notices -check -gradus "$gradus"

for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
  name=gradus_${version}_${platform/\//_}
  to=$work/$name suffix='' archive=$name.tar.gz programs=(gradus)
  case $platform in
    windows/*) suffix=.exe archive=$name.zip ;;
    linux/*) [ ! -e cmd/gradus/mpi.go ] || programs+=(gradus-mpi) ;;
  esac
  mkdir -p "$to/completions" "$to/man/man1" "$to/man/ko/man1"
  files=()
  for p in "${programs[@]}"; do
    files+=("$to/$p$suffix") tags=''
    [ "$p" = gradus ] || tags=mpi
    GOOS=${platform%/*} GOARCH=${platform#*/} go build -tags "$tags" -trimpath -buildvcs=false -ldflags "-s -w -X gradus/model.Version=$version" -o "$to/$p$suffix" ./cmd/gradus
  done
  cp README.md CHANGELOG.md LICENSE "$to/"
  cp docs/third-party.txt "$to/THIRD-PARTY.txt"
  git ls-files docs deploy | while IFS= read -r f; do mkdir -p "$to/$(dirname "$f")" && cp "$f" "$to/$f"; done
  "$gradus" man --dir "$to/man/man1" --lang en --quiet
  "$gradus" man --dir "$to/man/ko/man1" --lang ko --quiet
  "$gradus" completion bash >"$to/completions/gradus.bash"
  "$gradus" completion zsh >"$to/completions/_gradus"
  "$gradus" completion fish >"$to/completions/gradus.fish"
  "$gradus" completion powershell >"$to/completions/gradus.ps1"
  "$work/release" sbom -version "$version" -platform "$platform" -epoch "$epoch" -gradus "$gradus" "${files[@]}" >"$to/sbom.cdx.json"
  cp "$to/sbom.cdx.json" "$work/out/$name.cdx.json"
  "$work/release" pack -epoch "$epoch" "$to" "$work/out/$archive"
done
(cd "$work/out" && sha256sum -- * >SHA256SUMS)
"$work/release" verify -version "$version" "$work/out"
mkdir -p "$(dirname "$out")"
mv "$work/out" "$out"
echo "$out"
