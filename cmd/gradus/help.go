package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/internal/say"
)

// help prints the page of a command: what it does, how it is called, its commands by group, its flags, examples.
func (a *app) help(c *cobra.Command, _ []string) {
	about := c.Long
	if c.HasParent() {
		about = c.Short + "\n\n" + c.Long
	}
	a.print(strings.TrimSpace(about))
	a.title("cmd.help_usage")
	if c.HasAvailableSubCommands() {
		a.print("  " + c.CommandPath() + " COMMAND [--FLAG …]")
	} else {
		a.print("  " + c.UseLine() + " [--FLAG …]")
	}
	for _, g := range c.Groups() {
		a.print("\n" + a.paint(a.tty, bold, g.Title))
		for _, sub := range c.Commands() {
			if sub.GroupID == g.ID && sub.IsAvailableCommand() {
				a.print(fmt.Sprintf("  %-12s %s", sub.Name(), sub.Short))
			}
		}
	}
	if c.HasAvailableLocalFlags() && c.HasParent() {
		a.title("cmd.help_flags")
		a.flagList(ownFlags(c))
	}
	a.title("cmd.help_global")
	a.flagList(listed(c.Root().PersistentFlags()))
	if c.Example != "" {
		a.title("cmd.help_examples")
		a.print("  " + strings.ReplaceAll(c.Example, "\n", "\n  "))
	}
	if c.HasAvailableSubCommands() {
		a.print("\n" + a.text("cmd.see_help", "command", c.CommandPath()+" COMMAND"))
	}
}

func (a *app) title(key string) { a.print("\n" + a.paint(a.tty, bold, a.text(key))) }

// listed are the flags of a set in the order in which they were declared: the most needed first.
func listed(set *pflag.FlagSet) (list []*pflag.Flag) {
	set.SortFlags = false
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			list = append(list, f)
		}
	})
	return list
}

// ownFlags are the flags of c that not every command has.
func ownFlags(c *cobra.Command) []*pflag.Flag {
	return slices.DeleteFunc(listed(c.Flags()), func(f *pflag.Flag) bool {
		return c.Root().PersistentFlags().Lookup(f.Name) != nil
	})
}

// flagList prints one flag a line, its default in brackets.
func (a *app) flagList(list []*pflag.Flag) {
	for _, f := range list {
		name, about := a.flagWords(f)
		a.print(fmt.Sprintf("  %-28s %s", name, about))
	}
}

// flagWords is a flag as it is typed and what it does.
func (a *app) flagWords(f *pflag.Flag) (name, about string) {
	word, about := pflag.UnquoteUsage(f)
	about = strings.Replace(about, ": "+word, "", 1) // it stands beside the name
	name = "    --" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	if word != "" {
		name += " " + word
	}
	if d := f.DefValue; d != "" && d != "false" && d != "[]" && d != "0" && f.Name != "lang" {
		about += " " + a.text("cmd.help_default", "value", d)
	}
	return name, about
}

// newHelp is gradus help [COMMAND].
func newHelp(a *app) *cobra.Command {
	c := a.command("help [COMMAND]", 0, 1, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		about, rest, err := c.Root().Find(args)
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			return unknownCommand(c.Root(), rest)
		}
		return about.Help()
	}
	c.ValidArgsFunction = func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return names(c.Root()), cobra.ShellCompDirectiveNoFileComp
	}
	c.Example = "gradus help activation"
	return c
}

// choose returns an error that names what is allowed when value is not among known.
func choose(what, value string, known []string) error {
	for _, k := range known {
		if k == value {
			return nil
		}
	}
	return say.Error("say.unknown", "what", what, "name", value, "nearest", say.Nearest(value, known), "known", known)
}
