package main

import "github.com/spf13/cobra"

// newCompletion is gradus completion SHELL.
func newCompletion(a *app) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	c := a.command("completion SHELL", 1, 1, nil)
	c.ValidArgs = shells
	c.RunE = func(c *cobra.Command, args []string) error {
		root := c.Root()
		switch args[0] {
		case "bash":
			return root.GenBashCompletionV2(a, true)
		case "zsh":
			return root.GenZshCompletion(a)
		case "fish":
			return root.GenFishCompletion(a, true)
		case "powershell":
			return root.GenPowerShellCompletionWithDesc(a)
		}
		return choose(a.text("cmd.shell"), args[0], shells)
	}
	c.Example = "source <(gradus completion bash)\ngradus completion fish > ~/.config/fish/completions/gradus.fish"
	return c
}
