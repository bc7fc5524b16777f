# Models in the runtimes of others: what gradus exports, run by them, and what they wrote, run by gradus.
onnx() {
  runtimes
  works 'gradus export --to onnx' 'ONNX Runtime' "$("$GRADUS_PYTHON" -c 'import onnxruntime; print(onnxruntime.__version__)')" go test ./onnx -run Runtime
}
