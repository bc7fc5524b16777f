# Models in the runtimes of others: what gradus exports, run by them, and what they wrote, run by gradus.
onnx() {
  local version
  runtimes
  version=$("$GRADUS_PYTHON" -c 'import onnxruntime; print(onnxruntime.__version__)')
  works 'gradus export --to onnx' 'ONNX Runtime' "$version" go test ./onnx -run TestRuntime
  works 'gradus import, networks of others' 'ONNX Runtime' "$version" go test ./onnx ./cmd/gradus -run 'TestReadOthers|TestImport$'
  works 'gradus export --to c' GCC "$(gcc -dumpfullversion)" go test ./export -run 'TestC$'
  works 'gradus export --to go' Go "$(go env GOVERSION | sed 's/^go//')" go test ./export -run 'TestGo$'
}
