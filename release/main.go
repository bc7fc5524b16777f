// Command release makes what a release of gradus needs beside its binaries: the notices of others' work, bills of materials, archives
// whose bytes hang on their content alone, and the check of all of it. release.sh calls it; see docs/release.md.
//
//	release notices [-check] -gradus HOST                        write or check the notices in the tree
//	release sbom -version V -platform OS/ARCH -gradus HOST FILE… bill of materials of the binaries FILE
//	release pack -epoch SECONDS DIR ARCHIVE                      DIR as ARCHIVE (.tar.gz or .zip)
//	release verify -version V DIR                                every archive in DIR is what SHA256SUMS, its own bill and V say
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// run carries out one of the four commands.
func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("notices, sbom, pack or verify")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	root := flags.String("root", ".", "the tree of gradus")
	check := flags.Bool("check", false, "write nothing, fail where the notices are behind")
	version := flags.String("version", "", "the version of the release")
	platform := flags.String("platform", "", "OS/ARCH")
	host := flags.String("gradus", "", "a gradus that runs here")
	epoch := flags.Int64("epoch", 0, "the time of every file, in seconds since 1970")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch rest := flags.Args(); {
	case args[0] == "notices" && *host != "" && len(rest) == 0:
		return notices(*root, *host, *check)
	case args[0] == "sbom" && len(rest) > 0 && strings.Count(*platform, "/") == 1:
		b := builds{root: *root, version: *version, platform: *platform, host: *host, epoch: *epoch, files: rest}
		return b.write(os.Stdout)
	case args[0] == "pack" && len(rest) == 2:
		return pack(rest[0], rest[1], *epoch)
	case args[0] == "verify" && len(rest) == 1:
		return verify(rest[0], *version, os.Stdout)
	}
	return fmt.Errorf("%s: see the comment of main.go", strings.Join(args, " "))
}
