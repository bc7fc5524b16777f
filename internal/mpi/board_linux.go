package mpi

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

// board is memory that all ranks of one machine see: each has two sheets of it to write on. Sums go through it piece by piece, so that
// a number crosses from core to core once as a whole number and once as a float, in a third of the time that MPI_Allreduce takes.
type board struct {
	*World
	win    uintptr
	size   int        // numbers of a piece
	sheets [][2]sheet // of each rank
	own    []int64
}

// sheet is what a rank tells the others of a piece: its own whole numbers of their parts, and the sums of its part.
type sheet struct {
	whole []int64
	sums  []float32
}

// A piece is so large that a line of it has left the cache of whoever read it before it is written again, which would be slow; but all
// sheets together stay below what containers commonly grant.
const (
	mostPiece  = 1 << 17
	leastPiece = 1 << 12
	mostShared = 48 << 20
	bytesEach  = 2 * (8 + 4) // of a number, on two sheets
)

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
	b := &board{World: w, size: min(max(mostShared/bytesEach/w.Size/leastPiece*leastPiece, leastPiece), mostPiece)}
	all := b.size * bytesEach
	code, _, _ := purego.SyscallN(w.window, uintptr(all), 8, w.noInfo, node, uintptr(unsafe.Pointer(&base)), uintptr(unsafe.Pointer(&win)))
	if int32(code) != 0 {
		return nil
	}
	b.win, b.own = uintptr(win), make([]int64, b.size)
	if code, _, _ = purego.SyscallN(w.lock, 0, b.win); int32(code) != 0 {
		return nil
	}
	for rank := range w.Size {
		var bytes uint64
		var unit int32
		code, _, _ = purego.SyscallN(w.query, b.win, uintptr(rank), uintptr(unsafe.Pointer(&bytes)), uintptr(unsafe.Pointer(&unit)), uintptr(unsafe.Pointer(&base)))
		if int32(code) != 0 || bytes < uint64(all) || base == nil {
			return nil
		}
		whole, sums := unsafe.Slice((*int64)(base), 2*b.size), unsafe.Slice((*float32)(unsafe.Add(base, 16*b.size)), 2*b.size)
		b.sheets = append(b.sheets, [2]sheet{{whole[:b.size], sums[:b.size]}, {whole[b.size:], sums[b.size:]}})
	}
	return b
}

// add has every rank write its numbers of a piece on its sheet but for its own part, then add up that part over all sheets, and read the
// sums of the other parts. Two sheets in turn: who is at the next piece writes on another than the one that a slower rank still reads.
func (b *board) add(g []float32, fill func(v []int64, from int), round func(to []float32, v []int64, from int)) error {
	for at, turn := 0, 0; at < len(g); at, turn = at+b.size, 1-turn {
		size := min(b.size, len(g)-at)
		from, to := b.part(b.Rank, size)
		mine, own := b.sheets[b.Rank][turn], b.own[:to-from]
		fill(mine.whole[:from], at)
		fill(mine.whole[to:size], at+to)
		fill(own, at+from)
		if err := b.turnOver(); err != nil {
			return err
		}
		for rank := range b.sheets {
			if rank != b.Rank {
				add(own, b.sheets[rank][turn].whole[from:to])
			}
		}
		round(mine.sums[from:to], own, at+from)
		if err := b.turnOver(); err != nil {
			return err
		}
		for rank := range b.sheets {
			from, to := b.part(rank, size)
			copy(g[at+from:at+to], b.sheets[rank][turn].sums[from:to])
		}
	}
	return nil
}

// part is what a rank adds up of a piece: 16 numbers, a line of the cache or two, are one rank's.
func (b *board) part(rank, size int) (from, to int) {
	lines := (size + 15) / 16
	return min(rank*lines/b.Size*16, size), min((rank+1)*lines/b.Size*16, size)
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
