package cluster_test

import (
	"fmt"
	"log"
	"time"

	"gradus/cluster"
)

// A job of one rank; under mpirun the wire is the site's MPI, and the program stays the same.
func ExampleJoin() {
	job := cluster.Join(cluster.Alone{}, time.Minute)
	rank, of := job.Place()
	err := job.First(func() error {
		fmt.Printf("rank %d of %d writes the model\n", rank, of)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: rank 0 of 1 writes the model
}
