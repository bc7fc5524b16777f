package store_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gradus/store"
)

// Runs are kept with hashes only, each a link of a chain that Verify walks.
func ExampleOpen() {
	folder, err := os.MkdirTemp("", "runs")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	s, err := store.Open(filepath.Join(folder, "runs.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	for seed := range uint64(2) {
		if _, err := s.Add(store.Run{Command: "train", Seed: seed, Version: "0.1.0"}); err != nil {
			log.Fatal(err)
		}
	}
	runs, err := s.Runs(0)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range runs {
		fmt.Println(r.ID, r.Command, r.Seed)
	}
	audit, err := s.Verify()
	fmt.Println(audit.Entries, audit.Fault == "", err)
	// Output:
	// 2 train 1
	// 1 train 0
	// 2 true <nil>
}
