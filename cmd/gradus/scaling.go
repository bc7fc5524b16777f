//go:build mpi && linux

package main

import (
	"github.com/spf13/cobra"

	"gradus/bench"
)

func newScaling(a *app) *cobra.Command {
	var rounds int
	c := a.command("scaling", 0, 0, func([]string) error {
		s, err := bench.Scale(a.ctx, a.job.Job, rounds, a.seed)
		if err != nil || !a.leads() {
			return err
		}
		return a.writeJSON(s)
	})
	c.Flags().IntVar(&rounds, "rounds", 12, "")
	return c
}
