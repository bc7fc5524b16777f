module onnxpeer

go 1.26.0

require (
	github.com/yalue/onnxruntime_go v1.27.0
	peer v0.0.0
)

replace peer => ../peer
