// Package mpi calls the site's own MPI, a C library that is loaded when a program runs: no C compiler is needed to build, and one binary
// works with both families of MPI, whose handles differ. Open MPI's are addresses of exported objects, those of MPICH and its relatives
// (Intel MPI, MVAPICH, Cray) numbers that their common ABI fixes.
package mpi

// Family is one of the two ABIs.
type Family string

// The families.
const (
	OpenMPI Family = "Open MPI"
	MPICH   Family = "MPICH"
)

// handles are what a family calls the objects that are used here.
type handles struct{ world, int64, double, byte, sum, max, errorsReturn, noInfo, inPlace, oneNode uintptr }

// mpich are the numbers of MPICH's ABI, in its mpi.h since version 3.1.
var mpich = handles{
	world: 0x44000000, int64: 0x4c00083a, double: 0x4c00080b, byte: 0x4c00010d, sum: 0x58000003, max: 0x58000001,
	errorsReturn: 0x54000001, noInfo: 0x1c000000, inPlace: ^uintptr(0), oneNode: 1,
}

// marker is the object that only Open MPI exports.
const marker = "ompi_mpi_comm_world"

// openMPI finds the objects of Open MPI; lookup says 0 where there is none.
func openMPI(lookup func(name string) uintptr) (h handles, missing string) {
	h.inPlace, h.oneNode = 1, 0
	for _, o := range []struct {
		name string
		to   *uintptr
	}{
		{marker, &h.world},
		{"ompi_mpi_int64_t", &h.int64},
		{"ompi_mpi_double", &h.double},
		{"ompi_mpi_byte", &h.byte},
		{"ompi_mpi_op_sum", &h.sum},
		{"ompi_mpi_op_max", &h.max},
		{"ompi_mpi_errors_return", &h.errorsReturn},
		{"ompi_mpi_info_null", &h.noInfo},
	} {
		if *o.to = lookup(o.name); *o.to == 0 {
			return h, o.name
		}
	}
	return h, ""
}

// Places are where the library of a family is looked for, first the names that the system's loader knows; of either family where it is "".
func Places(f Family) (list []string) {
	if f != MPICH {
		list = append(list, "libmpi.so.40", "libmpi.so.80", "/usr/lib64/openmpi/lib/libmpi.so.40", "/usr/lib64/openmpi/lib/libmpi.so.80")
	}
	if f != OpenMPI {
		list = append(list, "libmpi.so.12", "libmpich.so.12", "libmpi_cray.so.12", "/usr/lib64/mpich/lib/libmpi.so.12")
	}
	return append(list, "libmpi.so")
}
