package main

import (
	"runtime"
	"testing"
	"testing/fstest"
)

// groups is what a process sees of its control groups.
func groups(files map[string]string) fstest.MapFS {
	system := fstest.MapFS{}
	for name, text := range files {
		system[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return system
}

var controlGroups = []struct {
	name  string
	files map[string]string
	want  float64
}{
	{"none", nil, 0},
	{"version 2, no limit", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, 0},
	{"version 2, a container", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "100000 100000\n"}, 1},
	{"version 2, a slice", map[string]string{"proc/self/cgroup": "0::/user.slice/a.scope\n", "sys/fs/cgroup/user.slice/a.scope/cpu.max": "max 100000\n", "sys/fs/cgroup/user.slice/cpu.max": "50000 100000\n"}, .5},
	{"version 2, the least counts", map[string]string{"proc/self/cgroup": "0::/a/b", "sys/fs/cgroup/a/b/cpu.max": "300000 100000", "sys/fs/cgroup/a/cpu.max": "200000 100000"}, 2},
	{"version 1", map[string]string{"proc/self/cgroup": "4:memory:/\n3:cpu:/job\n0::/\n", "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "150000\n", "sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000\n"}, 1.5},
	{"version 1, two controllers", map[string]string{"proc/self/cgroup": "3:cpu,cpuacct:/\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "40000\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n"}, .4},
	{"version 1, no limit", map[string]string{"proc/self/cgroup": "3:cpu:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 0},
	{"a file of nonsense", map[string]string{"proc/self/cgroup": "::\nx\n0::../..\n", "sys/fs/cgroup/cpu.max": "100000 0\n"}, 0},
}

// The limit of the control groups is read as the system writes it.
func TestGranted(t *testing.T) {
	for _, c := range controlGroups {
		if got := granted(groups(c.files)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// One processor is granted, one is used, unless the user said otherwise; a larger limit is Go's own affair.
func TestHeed(t *testing.T) {
	before := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(before)
	one := groups(controlGroups[2].files)
	for _, c := range []struct {
		set    string
		system fstest.MapFS
		want   int
	}{{"", nil, 4}, {"", groups(controlGroups[4].files), 4}, {"4", one, 4}, {"", one, 1}} {
		heed(func(string) string { return c.set }, c.system)
		if got := runtime.GOMAXPROCS(0); got != c.want {
			t.Errorf("GOMAXPROCS=%q: %d processors, want %d", c.set, got, c.want)
		}
	}
}
