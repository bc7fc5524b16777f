package main

import (
	"bytes"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gradus/export"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/onnx"
)

// form is one kind of file that export writes.
type form struct {
	name  string
	write func(w io.Writer, m *model.Model) error
}

// forms lists them in the order of the help. To add one: a row here, and export.about_NAME in the catalogue.
func forms(pkg string) []form {
	return []form{
		{"onnx", onnx.Write},
		{"safetensors", export.Safetensors},
		{"go", func(w io.Writer, m *model.Model) error { return export.Go(w, m, pkg) }},
		{"c", export.C},
		{"json", export.JSON},
	}
}

// newExport is gradus export MODEL --to FORM.
func newExport(a *app) *cobra.Command {
	var to, out, pkg string
	c := a.command("export MODEL", 1, 1, func(args []string) error {
		if sameFile(out, args[0]) {
			return say.Error("cmd.same_file", "flag", "--out", "path", out, "other", args[0])
		}
		return a.export(args[0], to, out, pkg)
	})
	var names []string
	for _, f := range forms("") {
		names = append(names, f.name)
	}
	c.Flags().StringVar(&to, "to", "", a.text("export.flag_to"))
	c.Flags().StringVar(&out, "out", "-", a.text("cmd.predict_out"))
	c.Flags().StringVar(&pkg, "package", "model", a.text("export.flag_package"))
	_ = c.RegisterFlagCompletionFunc("to", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	c.Example = "gradus export model.gradus --to onnx --out model.onnx\n" +
		"gradus export model.gradus --to c --out model.c\n" +
		"gradus export model.gradus --to go --package risk > risk.go"
	return c
}

func (a *app) export(path, to, out, pkg string) error {
	list := forms(pkg)
	i := slices.IndexFunc(list, func(f form) bool { return f.name == to })
	if i < 0 {
		var names []string
		for _, f := range list {
			names = append(names, f.name)
		}
		return say.Error("export.form", "value", to, "nearest", say.Nearest(to, names), "known", strings.Join(names, ", "))
	}
	if to == "go" && (!token.IsIdentifier(pkg) || pkg == "_") {
		return say.Error("export.package", "value", pkg)
	}
	m, err := a.readModel(path)
	if err != nil {
		return err
	}
	var whole bytes.Buffer
	if err := list[i].write(&whole, m); err != nil {
		return err
	}
	if out == "-" {
		_, err = a.Write(whole.Bytes())
		return err
	}
	if err := disk.WriteFile(out, func(w io.Writer) error { _, err := w.Write(whole.Bytes()); return err }); err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(object{{"form", to}, {"bytes", whole.Len()}})
	}
	a.note(a.text("export.written", "file", filepath.Base(out), "bytes", whole.Len()))
	a.note(a.text("export.about_" + to))
	return nil
}
