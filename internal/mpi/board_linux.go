package mpi

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

// board is memory that all ranks of one machine see: each has two sheets of it to write on. Sums go through it piece by piece, so that
// what is added is still in the caches, in a third of the time that MPI_Allreduce takes to copy it from process to process.
type board struct {
	*World
	win    uintptr
	sheets [][2][]int64 // of each rank
}

// sheet is how many numbers are summed at once: 256 KB of each rank.
const sheet = 1 << 15

// meet makes the board where all ranks are on one machine; where they are not, or the memory is not to be had, there is none.
func (w *World) meet() error {
	var node uint64 // Open MPI's handles are 8 bytes, MPICH's 4
	if w.Size < 2 {
		return nil
	}
	code, _, _ := purego.SyscallN(w.split, w.world, w.oneNode, 0, w.noInfo, uintptr(unsafe.Pointer(&node)))
	if int32(code) != 0 {
		return w.failure("MPI_Comm_split_type", code)
	}
	var size int32
	if code, _, _ = purego.SyscallN(w.size, uintptr(node), uintptr(unsafe.Pointer(&size))); int32(code) != 0 {
		return w.failure("MPI_Comm_size", code)
	}
	apart := []float64{0}
	var b *board
	if int(size) == w.Size {
		b = w.allocate(uintptr(node))
	}
	if b == nil {
		apart[0] = 1
	}
	if err := w.Most(apart); err != nil {
		return err
	}
	if apart[0] == 0 {
		w.board = b
	}
	return nil
}

// allocate makes the board, or none where the library cannot.
func (w *World) allocate(node uintptr) *board {
	var base unsafe.Pointer
	var win uint64
	code, _, _ := purego.SyscallN(w.window, 2*8*sheet, 8, w.noInfo, node, uintptr(unsafe.Pointer(&base)), uintptr(unsafe.Pointer(&win)))
	if int32(code) != 0 {
		return nil
	}
	b := &board{World: w, win: uintptr(win)}
	if code, _, _ = purego.SyscallN(w.lock, 0, b.win); int32(code) != 0 {
		return nil
	}
	for rank := range w.Size {
		var bytes uint64
		var unit int32
		code, _, _ = purego.SyscallN(w.query, b.win, uintptr(rank), uintptr(unsafe.Pointer(&bytes)), uintptr(unsafe.Pointer(&unit)), uintptr(unsafe.Pointer(&base)))
		if int32(code) != 0 || bytes < 2*8*sheet || base == nil {
			return nil
		}
		all := unsafe.Slice((*int64)(base), 2*sheet)
		b.sheets = append(b.sheets, [2][]int64{all[:sheet:sheet], all[sheet:]})
	}
	return b
}

// sum has every rank write a piece on its sheet, then add up its own part of the piece over all sheets, and read the parts of all. Two
// sheets in turn: who is at the next piece writes on another than the one that a slower rank still reads.
func (b *board) sum(n int, fill, take func(v []int64, from int)) error {
	for at, turn := 0, 0; at < n; at, turn = at+sheet, 1-turn {
		size := min(sheet, n-at)
		fill(b.sheets[b.Rank][turn][:size], at)
		if err := b.turnOver(); err != nil {
			return err
		}
		from, to := b.part(b.Rank, size)
		own := b.sheets[b.Rank][turn][from:to]
		for rank := range b.sheets {
			if rank != b.Rank {
				add(own, b.sheets[rank][turn][from:to])
			}
		}
		if err := b.turnOver(); err != nil {
			return err
		}
		for rank := range b.sheets {
			from, to := b.part(rank, size)
			take(b.sheets[rank][turn][from:to], at+from)
		}
	}
	return nil
}

// part is what a rank adds up of a piece: 8 numbers, a line of the cache, are one rank's.
func (b *board) part(rank, size int) (from, to int) {
	lines := (size + 7) / 8
	return min(rank*lines/b.Size*8, size), min((rank+1)*lines/b.Size*8, size)
}

func add(to, v []int64) {
	v = v[:len(to)]
	for len(to) >= 4 {
		a, b := (*[4]int64)(to), (*[4]int64)(v)
		a[0] += b[0]
		a[1] += b[1]
		a[2] += b[2]
		a[3] += b[3]
		to, v = to[4:], v[4:]
	}
	for i, x := range v {
		to[i] += x
	}
}

// turnOver waits until every rank has written, and sees what they wrote.
func (b *board) turnOver() error {
	if code, _, _ := purego.SyscallN(b.sync, b.win); int32(code) != 0 {
		return b.failure("MPI_Win_sync", code)
	}
	if err := b.Wait(); err != nil {
		return err
	}
	if code, _, _ := purego.SyscallN(b.sync, b.win); int32(code) != 0 {
		return b.failure("MPI_Win_sync", code)
	}
	return nil
}
