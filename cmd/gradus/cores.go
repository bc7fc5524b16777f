package main

import (
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// heed keeps to one processor where the control group grants no more: Go itself keeps to the group's limit, but to no less than two, and
// a helper that waits for work would then use up what the group grants. Who set GOMAXPROCS is obeyed.
func heed(env func(string) string, system fs.FS) {
	if env("GOMAXPROCS") != "" {
		return
	}
	if n := granted(system); n > 0 && n <= 1 {
		runtime.GOMAXPROCS(1)
	}
}

// granted is how many processors the control groups of this process grant, the least of the group and those above it, in version 1 and 2;
// 0 where there is no limit or none can be read.
func granted(system fs.FS) (least float64) {
	text, _ := fs.ReadFile(system, "proc/self/cgroup")
	for line := range strings.Lines(string(text)) {
		part := strings.SplitN(strings.TrimSpace(line), ":", 3) // number, controllers, group
		if len(part) < 3 || part[1] != "" && !slices.Contains(strings.Split(part[1], ","), "cpu") {
			continue
		}
		folder := path.Join("sys/fs/cgroup", part[1])
		for group := path.Clean("/" + part[2]); ; group = path.Dir(group) {
			if n := grant(system, path.Join(folder, group), part[1] == ""); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if group == "/" {
				break
			}
		}
	}
	return least
}

// grant is the limit of one group, 0 for none: "quota period" in version 2, a file each in version 1.
func grant(system fs.FS, folder string, unified bool) float64 {
	names := []string{"cpu.cfs_quota_us", "cpu.cfs_period_us"}
	if unified {
		names = []string{"cpu.max"}
	}
	var words []string
	for _, name := range names {
		b, _ := fs.ReadFile(system, path.Join(folder, name))
		words = append(words, strings.Fields(string(b))...)
	}
	if len(words) != 2 {
		return 0
	}
	quota, err := strconv.ParseFloat(words[0], 64) // "max" and −1 are no limit
	period, bad := strconv.ParseFloat(words[1], 64)
	if err != nil || bad != nil || !(quota > 0) || !(period > 0) {
		return 0
	}
	return quota / period
}
