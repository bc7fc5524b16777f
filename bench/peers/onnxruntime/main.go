// Command onnxruntime is ONNX Runtime through its C API: predictions from tensors that were made and bound before, on the models that
// onnx_peer.py writes.
//
// It is started as onnxruntime FOLDER THREADS LIBRARY, the last being the file of the wheel's libonnxruntime.so.
package main

import (
	"os"
	"path/filepath"
	"peer"
	"strconv"

	ort "github.com/yalue/onnxruntime_go"
)

// session is a model with one input x (at,in) and one output y (at,out), in memory that stays.
type session struct {
	*ort.AdvancedSession
	x, y []float32
	out  int
}

func newSession(folder string, w *peer.Work, at, threads int) (*session, error) {
	out := w.Sizes[len(w.Sizes)-1]
	s := &session{x: make([]float32, at*w.Sizes[0]), y: make([]float32, at*out), out: out}
	x, err := ort.NewTensor(ort.NewShape(int64(at), int64(w.Sizes[0])), s.x)
	if err != nil {
		return nil, err
	}
	y, err := ort.NewTensor(ort.NewShape(int64(at), int64(out)), s.y)
	if err != nil {
		return nil, err
	}
	opt, err := options(threads)
	if err != nil {
		return nil, err
	}
	s.AdvancedSession, err = ort.NewAdvancedSession(filepath.Join(folder, w.Name+".onnx"), []string{"x"}, []string{"y"},
		[]ort.Value{x}, []ort.Value{y}, opt)
	return s, err
}

// options are the program's own best: every optimisation of the graph, which is its default, and threads that do not spin.
func options(threads int) (*ort.SessionOptions, error) {
	opt, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	if err := opt.SetIntraOpNumThreads(threads); err != nil {
		return nil, err
	}
	if err := opt.SetInterOpNumThreads(1); err != nil {
		return nil, err
	}
	return opt, opt.AddSessionConfigEntry("session.intra_op.allow_spinning", "0")
}

func main() {
	threads, err := strconv.Atoi(os.Args[2])
	if err != nil {
		peer.Skip(err.Error())
		return
	}
	ort.SetSharedLibraryPath(os.Args[3])
	if err := ort.InitializeEnvironment(); err != nil {
		peer.Skip(err.Error())
		return
	}
	peer.Serve("ONNX Runtime C API", ort.GetVersion(), func(folder, work string) (*peer.Job, error) {
		name, at, ok := peer.Predictions(work)
		if !ok {
			return nil, nil
		}
		w, err := peer.Load(folder, name)
		if err != nil {
			return nil, err
		}
		s, err := newSession(folder, w, at, threads)
		if err != nil {
			return nil, err
		}
		return s.job(w, at), nil
	})
}

func (s *session) job(w *peer.Work, at int) *peer.Job {
	steps, sum := len(w.Rows)/at, 0.
	run := func() {
		sum = 0
		for i := range steps {
			for k := range at {
				copy(s.x[k*w.Sizes[0]:], w.Rows[i*at+k])
			}
			if err := s.Run(); err != nil {
				panic(err)
			}
			for k := range at {
				sum += float64(s.y[k*s.out])
			}
		}
	}
	return &peer.Job{Steps: steps, Run: run, Losses: func() []float64 { return []float64{sum / float64(len(w.Rows))} }}
}
