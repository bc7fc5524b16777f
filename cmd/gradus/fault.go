package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/internal/say"
)

// The exit codes.
const (
	done    = 0
	failed  = 1
	wrong   = 2
	stopped = 130
)

// finish says what went wrong, in the language of the run, and returns the exit code.
func (a *app) finish(cmd *cobra.Command, err error) int {
	if err == nil {
		return done
	}
	if a.stopped(err) {
		if _, ok := errors.AsType[*say.Err](err); !ok {
			err = say.Failure("cmd.stopped")
		}
		a.complain(err)
		return stopped
	}
	a.complain(err)
	e, ok := errors.AsType[*say.Err](err)
	if !ok || e.Fault {
		return failed
	}
	if cmd != nil && usage[e.Key] {
		fmt.Fprintln(a.err, a.text("cmd.see_help", "command", cmd.CommandPath()))
	}
	return wrong
}

func (a *app) complain(err error) {
	fmt.Fprintln(a.err, a.paint(a.errTTY, red, program+":")+" "+say.In(a.lang, err))
}

// usage holds the errors after which the command's help is the next step.
var usage = map[string]bool{
	"cmd.unknown_command": true, "cmd.unknown_flag": true, "cmd.args_none": true, "cmd.args": true,
	"cmd.flag_needs": true, "cmd.flag_value": true, "cmd.flag_missing": true, "cmd.flag_syntax": true,
}

// flagError says in the catalogue's words what pflag refused.
func flagError(c *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			name = "-" + e.GetSpecifiedName()
		}
		return say.Error("cmd.unknown_flag", "name", name, "command", c.CommandPath(), "nearest", nearestFlag(c, e.GetSpecifiedName()))
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return say.Error("cmd.flag_needs", "name", "--"+e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		if own, ok := errors.AsType[*say.Err](err); ok {
			return own
		}
		return say.Error("cmd.flag_value", "name", "--"+e.GetFlag().Name, "value", e.GetValue(), "type", allowedType(e.GetFlag()))
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return say.Error("cmd.flag_syntax", "value", e.GetSpecifiedFlag())
	}
	return err
}

// allowedType says what a flag takes.
func allowedType(f *pflag.Flag) *say.Err {
	switch f.Value.Type() {
	case "float64":
		return say.Error("cmd.type_number")
	case "int":
		return say.Error("cmd.type_whole")
	case "uint64":
		return say.Error("cmd.type_count")
	case "bool":
		return say.Error("cmd.type_switch")
	}
	return say.Error("cmd.type_other", "type", f.Value.Type())
}

func nearestFlag(c *cobra.Command, name string) string {
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	return "--" + say.Nearest(name, known)
}

// unknownCommand is the root's check: a word that names no command.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return say.Error("cmd.unknown_command", "name", args[0], "nearest", say.Nearest(args[0], names(root)), "known", names(root))
}

// names lists the commands a person can type.
func names(c *cobra.Command) []string {
	var list []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			list = append(list, sub.Name())
		}
	}
	return list
}

func countArgs(c *cobra.Command, args []string, least, most int) error {
	switch n := len(args); {
	case most == 0 && n > 0:
		return say.Error("cmd.args_none", "command", c.CommandPath(), "value", args[0])
	case n < least || most >= 0 && n > most:
		return say.Error("cmd.args", "usage", c.UseLine(), "n", n)
	}
	return nil
}
