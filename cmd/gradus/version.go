package main

import (
	"runtime"

	"github.com/spf13/cobra"

	"gradus/internal/kernel"
	"gradus/internal/notice"
	"gradus/model"
)

// newVersion is gradus version.
func newVersion(a *app) *cobra.Command {
	var terms bool
	c := a.command("version", 0, 0, func([]string) error {
		if terms {
			return a.writeTerms()
		}
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
	c.Flags().BoolVar(&terms, "licenses", false, a.text("notice.flag"))
	c.Example = "gradus version\ngradus version --json\ngradus version --licenses"
	return c
}

// writeTerms prints the licences of gradus and of the works of others in it, whose words are theirs in any language.
func (a *app) writeTerms() error {
	text, err := notice.Text()
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(struct {
			Version string `json:"version"`
			Text    string `json:"text"`
		}{model.Version, text})
	}
	a.note(a.text("notice.lead"))
	a.print(text)
	return nil
}
