package main

import (
	"github.com/spf13/cobra"

	"gradus/internal/say"
)

// The groups of the help.
const (
	learn    = "learn"
	practise = "practise"
	tool     = "tool"
)

// row is one command and the group of the help it stands in.
type row struct {
	group string
	make  func(*app) *cobra.Command
}

// commands lists every command in the order of the help. To add one: its file, a row here, cmd.NAME and cmd.NAME_long in the
// catalogue.
var commands = []row{
	{learn, newDeck},
	{learn, newTrace},
	{learn, newPerceptron},
	{learn, newActivation},
	{learn, newCost},
	{learn, newOptimize},
	{learn, newExperiment},
	{learn, newLab},
	{practise, newDemo},
	{practise, newData},
	{practise, newCheck},
	{practise, newStudy},
	{practise, newSurvival},
	{practise, newGather},
	{practise, newTrain},
	{practise, newEvaluate},
	{practise, newMetrics},
	{practise, newRecalibrate},
	{practise, newSampleSize},
	{practise, newPredict},
	{practise, newServe},
	{practise, newExplain},
	{practise, newDrift},
	{practise, newInspect},
	{practise, newExport},
	{practise, newImport},
	{practise, newFed},
	{practise, newRuns},
	{practise, newCompare},
	{tool, newPipe},
	{tool, newBench},
	{tool, newVersion},
	{tool, newCompletion},
	{tool, newMan},
}

// newRoot builds the command tree in the language of a.
func newRoot(a *app) *cobra.Command {
	cobra.MousetrapHelpText, cobra.EnableCommandSorting = "", false
	root := a.command(program, 0, 0, func([]string) error { return nil })
	root.Args = func(c *cobra.Command, args []string) error { return unknownCommand(c, args) }
	root.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	root.SilenceErrors, root.SilenceUsage, root.DisableSuggestions = true, true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetIn(a.in)
	root.SetOut(a)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(a.help)
	for _, g := range []string{learn, practise, tool} {
		root.AddGroup(&cobra.Group{ID: g, Title: a.text("cmd.group_" + g)})
	}
	for _, r := range offered {
		c := r.make(a)
		c.GroupID = r.group
		root.AddCommand(c)
	}
	root.SetHelpCommand(newHelp(a))
	root.SetHelpCommandGroupID(tool)
	a.flags(root)
	return root
}

// flags are what every command understands.
func (a *app) flags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.SortFlags = false
	f.BoolP("help", "h", false, a.text("cmd.flag_help"))
	f.Var((*langFlag)(&a.lang), "lang", a.text("cmd.flag_lang"))
	f.BoolVar(&a.json, "json", false, a.text("cmd.flag_json"))
	f.BoolVarP(&a.quiet, "quiet", "q", false, a.text("cmd.flag_quiet"))
	f.Uint64Var(&a.seed, "seed", 1, a.text("cmd.flag_seed"))
	f.BoolVar(&a.noColor, "no-color", false, a.text("cmd.flag_no_color"))
	_ = root.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"en", "ko"}, cobra.ShellCompDirectiveNoFileComp))
}

// command makes a command from its usage ("deck [PAGE]"), the number of arguments it takes (most < 0: any) and what it does.
// Its one line and its page are the catalogue's cmd.NAME and cmd.NAME_long; set Example on the result.
func (a *app) command(use string, least, most int, do func(args []string) error) *cobra.Command {
	c := &cobra.Command{Use: use, DisableFlagsInUseLine: true}
	c.Short = a.text("cmd." + c.Name())
	c.Long = a.text("cmd." + c.Name() + "_long")
	c.Args = func(c *cobra.Command, args []string) error { return countArgs(c, args, least, most) }
	c.RunE = func(_ *cobra.Command, args []string) error { return do(args) }
	c.Flags().SortFlags = false
	return c
}

// langFlag is --lang: one of the catalogue's languages.
type langFlag say.Lang

func (l *langFlag) String() string { return string(*l) }
func (l *langFlag) Type() string   { return "ko|en" }
func (l *langFlag) Set(s string) error {
	if s != string(say.English) && s != string(say.Korean) {
		return say.Error("cmd.lang", "value", s)
	}
	*l = langFlag(s)
	return nil
}
