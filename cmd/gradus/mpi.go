//go:build mpi && linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"gradus/cluster"
	"gradus/internal/kernel"
	"gradus/internal/mpi"
	"gradus/internal/say"
)

// program is the name of this program; offered are its commands.
const program = "gradus-mpi"

var offered = []row{
	{practise, newTrain},
	{practise, newInspect},
	{tool, newScaling},
	{tool, newVersion},
	{tool, newCompletion},
}

// enter runs the program as one rank of the job that a launcher made, or as the only one.
func enter(ctx context.Context, args []string, w world) int {
	l := launched(w.env)
	if l == nil {
		w.job = &job{Job: cluster.Join(cluster.Alone{}, defaultDeadline), of: 1}
		return run(ctx, args, w)
	}
	joined, done := make(chan *peer, 1), make(chan int, 1)
	go func() {
		runtime.LockOSThread() // MPI is called by the thread that started it
		done <- l.serve(ctx, args, w, joined)
	}()
	select {
	case code := <-done:
		return code
	case m := <-joined:
		select {
		case code := <-done:
			return code
		case err := <-m.Lost():
			fmt.Fprintln(w.err, "gradus-mpi: "+say.In(language(args, w.env), err))
			m.end(failed)
			return failed
		}
	}
}

// peer is this process as one rank.
type peer struct {
	*job
	world *mpi.World
}

// serve joins the job, runs the program and leaves the job.
func (l *launcher) serve(ctx context.Context, args []string, w world, joined chan<- *peer) int {
	lang := language(args, w.env)
	m, err := l.join()
	if err != nil {
		if l.rank == 0 {
			fmt.Fprintln(w.err, "gradus-mpi: "+say.In(lang, err))
		}
		return failed
	}
	joined <- m
	own := w.err
	var said bytes.Buffer
	if w.job = m.job; m.rank > 0 { // rank 0 speaks for all
		w.out, w.err, w.tty, w.errTTY = io.Discard, &said, false, false
	}
	m.spare(w.env)
	code := run(ctx, args, w)
	if m.deserted || m.Broken() {
		for line := range strings.Lines(said.String()) {
			fmt.Fprint(own, say.Text(lang, "cluster.rank", "rank", m.rank)+": "+line)
		}
		m.end(code)
		return code
	}
	if err := m.Call(m.world.Leave); err != nil {
		fmt.Fprintln(own, "gradus-mpi: "+say.In(lang, err))
		return failed
	}
	return code
}

// grace is how long MPI has to end the other ranks; the launcher ends them too once it sees this one's exit code.
const grace = 2 * time.Second

// end ends every rank.
func (m *peer) end(code int) {
	ended := make(chan struct{})
	go func() {
		m.world.Abort(code)
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(grace):
	}
}

// spare shares the cores that this process may use with the ranks that may use the same ones.
func (m *peer) spare(env func(string) string) {
	if env("GOMAXPROCS") != "" {
		return
	}
	var mask unix.CPUSet
	if err := unix.SchedGetaffinity(0, &mask); err != nil {
		return
	}
	host, _ := os.Hostname()
	h := fnv.New32a()
	fmt.Fprint(h, host, mask)
	at := make([]float64, m.of)
	at[m.rank] = float64(h.Sum32()) + 1
	if m.Most(context.Background(), at) != nil {
		return
	}
	same := 0
	for _, v := range at {
		if v == at[m.rank] {
			same++
		}
	}
	n := max(1, min(mask.Count(), runtime.GOMAXPROCS(0))/same)
	runtime.GOMAXPROCS(n)
	kernel.Threads(n)
}

// launcher is what started this process as one of many.
type launcher struct {
	name   string
	rank   int
	of     int        // 0: it does not say
	family mpi.Family // whose library belongs to it; empty: either
	path   string     // GRADUS_MPI_LIB
	apart  bool       // GRADUS_MPI_SHARED=0: ranks of one machine share no memory
}

// launched tells from the environment who started the job; nil where nobody did.
func launched(env func(string) string) *launcher {
	path, apart := env("GRADUS_MPI_LIB"), env("GRADUS_MPI_SHARED") == "0"
	step := env("SLURM_STEP_ID") != "" // srun started this process, or what did
	for _, l := range []struct {
		name, rank, of string
		family         mpi.Family
	}{
		{"mpirun (Open MPI)", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", mpi.OpenMPI},
		{"mpirun (MPICH)", "PMI_RANK", "PMI_SIZE", mpi.MPICH},
		{"PMIx", "PMIX_RANK", "SLURM_STEP_NUM_TASKS", ""},
		{"srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", ""}, // without --mpi, which the library then tells
	} {
		rank, err := strconv.Atoi(env(l.rank))
		of, _ := strconv.Atoi(env(l.of))
		if err != nil || l.name == "srun" && (!step || of < 2) {
			continue
		}
		if l.rank == "PMI_RANK" && step {
			l.name, l.family = "srun", "" // its PMI-2 serves either family
		}
		return &launcher{l.name, rank, of, l.family, path, apart}
	}
	if path != "" {
		return &launcher{name: "GRADUS_MPI_LIB", path: path, apart: apart}
	}
	return nil
}

// join loads the library that belongs to the launcher and joins its job.
func (l *launcher) join() (*peer, error) {
	lib, err := l.load()
	if err != nil {
		return nil, err
	}
	if l.family != "" && lib.Family != l.family {
		return nil, say.Failure("mpi.family", "path", lib.Path, "found", string(lib.Family), "launcher", l.name)
	}
	w, err := lib.Start(!l.apart)
	if err != nil {
		return nil, err
	}
	if l.of > 0 && w.Size != l.of {
		return nil, say.Failure("mpi.size", "launcher", l.name, "want", l.of, "path", lib.Path, "found", w.Size)
	}
	return &peer{&job{Job: cluster.Join(w, defaultDeadline), rank: w.Rank, of: w.Size, library: lib.Version()}, w}, nil
}

// load finds the library.
func (l *launcher) load() (*mpi.Library, error) {
	if l.path != "" {
		return mpi.Load(l.path)
	}
	tried := mpi.Places(l.family)
	for _, path := range tried {
		lib, err := mpi.Load(path)
		if err == nil && (l.family == "" || lib.Family == l.family) {
			return lib, nil
		}
	}
	return nil, say.Failure("mpi.none", "launcher", l.name, "tried", tried)
}
