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
				Note     string `json:"note"`
			}{model.Version, runtime.Version(), platform, kernel.ISA(), a.text("cmd.disclaimer")})
		}
		a.print("gradus " + model.Version + " (" + runtime.Version() + ", " + platform + ", " + kernel.ISA() + ")")
		a.print(a.text("cmd.disclaimer"))
		return nil
	})
	c.Example = "gradus version\ngradus version --json"
	return c
}
