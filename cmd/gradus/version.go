package main

import (
	"runtime"

	"github.com/spf13/cobra"

	"gradus/internal/kernel"
	"gradus/model"
)

// newVersion is gradus version.
func newVersion(a *app) *cobra.Command {
	c := a.command("version", 0, 0, func([]string) error {
		platform := runtime.GOOS + "/" + runtime.GOARCH
		if a.json {
			return a.writeJSON(struct {
				Version  string `json:"version"`
				Go       string `json:"go"`
				Platform string `json:"platform"`
				ISA      string `json:"isa"`
				Threads  int    `json:"threads"`
				Note     string `json:"note"`
			}{model.Version, runtime.Version(), platform, kernel.ISA(), kernel.Cores(), a.text("cmd.disclaimer")})
		}
		a.print("gradus " + model.Version + " (" + runtime.Version() + ", " + platform + ", " + kernel.ISA() + ", " +
			a.text("cmd.version_threads", "threads", kernel.Cores()) + ")")
		a.print(a.text("cmd.disclaimer"))
		return nil
	})
	c.Example = "gradus version\ngradus version --json"
	return c
}
