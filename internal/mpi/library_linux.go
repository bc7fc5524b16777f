package mpi

import (
	"github.com/ebitengine/purego"

	"gradus/internal/say"
)

// Library is an MPI library in this process.
type Library struct {
	Path   string
	Family Family

	handles
	calls
}

// calls are the addresses of MPI's functions.
type calls struct {
	init, finalize, abort, rank, size, allreduce, bcast, barrier, version, errorString, setErrors uintptr
	split, window, query, lock, sync                                                              uintptr // of memory that ranks share
}

// Load opens the library at path: a file, or a name that the system's loader finds.
func Load(path string) (*Library, error) {
	at, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL) // Open MPI's own plugins look for it among the global names
	if err != nil {
		return nil, say.Failure("mpi.load", "path", path, "cause", err)
	}
	lookup := func(name string) uintptr {
		p, err := purego.Dlsym(at, name)
		if err != nil {
			return 0
		}
		return p
	}
	l := &Library{Path: path, Family: MPICH, handles: mpich}
	if lookup(marker) != 0 {
		var missing string
		l.Family = OpenMPI
		if l.handles, missing = openMPI(lookup); missing != "" {
			return nil, say.Failure("mpi.symbol", "path", path, "name", missing)
		}
	}
	return l, l.bind(lookup)
}

// bind finds the functions.
func (l *Library) bind(lookup func(name string) uintptr) error {
	for _, f := range []struct {
		name string
		to   *uintptr
	}{
		{"MPI_Init_thread", &l.init},
		{"MPI_Finalize", &l.finalize},
		{"MPI_Abort", &l.abort},
		{"MPI_Comm_rank", &l.rank},
		{"MPI_Comm_size", &l.size},
		{"MPI_Allreduce", &l.allreduce},
		{"MPI_Bcast", &l.bcast},
		{"MPI_Barrier", &l.barrier},
		{"MPI_Get_library_version", &l.version},
		{"MPI_Error_string", &l.errorString},
		{"MPI_Comm_set_errhandler", &l.setErrors},
		{"MPI_Comm_split_type", &l.split},
		{"MPI_Win_allocate_shared", &l.window},
		{"MPI_Win_shared_query", &l.query},
		{"MPI_Win_lock_all", &l.lock},
		{"MPI_Win_sync", &l.sync},
	} {
		if *f.to = lookup(f.name); *f.to == 0 {
			return say.Failure("mpi.symbol", "path", l.Path, "name", f.name)
		}
	}
	return nil
}
