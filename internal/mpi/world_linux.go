package mpi

import (
	"bytes"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"

	"gradus/internal/say"
)

// World is all the ranks of a job, seen from one of them. Its methods but Abort are called from the one OS thread that started it, and
// those that every rank takes part in by every rank in the same order.
type World struct {
	*Library
	Rank, Size int

	board *board // nil where the ranks do not share their memory
	sum   []int64
}

const (
	funneled   = 1    // MPI_THREAD_FUNNELED: only the thread that started MPI calls it
	mostText   = 8192 // MPICH's MPI_MAX_LIBRARY_VERSION_STRING, the larger of the two
	mostAtOnce = 1 << 30
)

// Start joins the job that the launcher made. Ranks of one machine share memory for their sums if they may and can.
func (l *Library) Start(share bool) (*World, error) {
	var got, rank, size int32
	w := &World{Library: l}
	if code, _, _ := purego.SyscallN(l.init, 0, 0, funneled, uintptr(unsafe.Pointer(&got))); int32(code) != 0 {
		return nil, say.Failure("mpi.call", "call", "MPI_Init_thread", "library", l.Path, "cause", l.text(code))
	}
	if code, _, _ := purego.SyscallN(l.setErrors, l.world, l.errorsReturn); int32(code) != 0 {
		return nil, l.failure("MPI_Comm_set_errhandler", code)
	}
	if code, _, _ := purego.SyscallN(l.rank, l.world, uintptr(unsafe.Pointer(&rank))); int32(code) != 0 {
		return nil, l.failure("MPI_Comm_rank", code)
	}
	if code, _, _ := purego.SyscallN(l.size, l.world, uintptr(unsafe.Pointer(&size))); int32(code) != 0 {
		return nil, l.failure("MPI_Comm_size", code)
	}
	w.Rank, w.Size = int(rank), int(size)
	if !share {
		return w, nil
	}
	return w, w.meet()
}

// Place is this rank and how many there are.
func (w *World) Place() (rank, of int) { return w.Rank, w.Size }

// Sum is g := Σ over the ranks, added as whole numbers: fill writes this rank's own, those from from on, and round turns sums into floats.
func (w *World) Sum(g []float32, fill func(v []int64, from int), round func(to []float32, v []int64, from int)) error {
	if w.board != nil {
		return w.board.add(g, fill, round)
	}
	if cap(w.sum) < len(g) {
		w.sum = make([]int64, len(g))
	}
	v := w.sum[:len(g)]
	fill(v, 0)
	if err := w.reduce(unsafe.Pointer(unsafe.SliceData(v)), len(v), w.int64, w.Library.sum); err != nil {
		return err
	}
	round(g, v, 0)
	return nil
}

// Most is v[i] := the largest v[i] of any rank; of NaN MPI says nothing.
func (w *World) Most(v []float64) error {
	return w.reduce(unsafe.Pointer(unsafe.SliceData(v)), len(v), w.double, w.max)
}

func (w *World) reduce(at unsafe.Pointer, n int, kind, op uintptr) error {
	if n == 0 {
		return nil
	}
	code, _, _ := purego.SyscallN(w.allreduce, w.inPlace, uintptr(at), uintptr(n), kind, op, w.world)
	if int32(code) != 0 {
		return w.failure("MPI_Allreduce", code)
	}
	return nil
}

// Spread gives b of rank 0 to every rank's b, which is as long.
func (w *World) Spread(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), mostAtOnce)
		code, _, _ := purego.SyscallN(w.bcast, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(n), w.byte, 0, w.world)
		if int32(code) != 0 {
			return w.failure("MPI_Bcast", code)
		}
		b = b[n:]
	}
	return nil
}

// Wait returns when every rank has called it.
func (w *World) Wait() error {
	if code, _, _ := purego.SyscallN(w.barrier, w.world); int32(code) != 0 {
		return w.failure("MPI_Barrier", code)
	}
	return nil
}

// Abort ends every rank of the job, this one too; any thread may call it, for nothing comes after.
func (w *World) Abort(code int) { _, _, _ = purego.SyscallN(w.abort, w.world, uintptr(code)) }

// Leave ends this rank's part in the job, together with every other.
func (w *World) Leave() error {
	if code, _, _ := purego.SyscallN(w.finalize); int32(code) != 0 {
		return w.failure("MPI_Finalize", code)
	}
	return nil
}

// Version is the first line of what the library says of itself.
func (l *Library) Version() string {
	text, n := make([]byte, mostText), int32(0)
	_, _, _ = purego.SyscallN(l.version, uintptr(unsafe.Pointer(unsafe.SliceData(text))), uintptr(unsafe.Pointer(&n)))
	first, _, _ := strings.Cut(terminated(text), "\n")
	first, _, _ = strings.Cut(first, ",")
	return strings.Join(strings.Fields(first), " ")
}

func (l *Library) failure(call string, code uintptr) error {
	return say.Failure("mpi.call", "call", call, "library", l.Path, "cause", l.text(code))
}

func (l *Library) text(code uintptr) string {
	text, n := make([]byte, mostText), int32(0)
	_, _, _ = purego.SyscallN(l.errorString, code, uintptr(unsafe.Pointer(unsafe.SliceData(text))), uintptr(unsafe.Pointer(&n)))
	return terminated(text)
}

// terminated is the C string that b holds.
func terminated(b []byte) string {
	before, _, _ := bytes.Cut(b, []byte{0})
	return string(before)
}
