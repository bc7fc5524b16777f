package main

import (
	"runtime"

	"github.com/spf13/cobra"
)

// version is set by the linker.
var version = "0.1.0"

// newVersion is gradus version.
func newVersion(a *app) *cobra.Command {
	c := a.command("version", 0, 0, func([]string) error {
		platform := runtime.GOOS + "/" + runtime.GOARCH
		if a.json {
			return a.writeJSON(struct {
				Version  string `json:"version"`
				Go       string `json:"go"`
				Platform string `json:"platform"`
				Note     string `json:"note"`
			}{version, runtime.Version(), platform, a.text("cmd.disclaimer")})
		}
		a.print("gradus " + version + " (" + runtime.Version() + ", " + platform + ")")
		a.print(a.text("cmd.disclaimer"))
		return nil
	})
	c.Example = "gradus version\ngradus version --json"
	return c
}
