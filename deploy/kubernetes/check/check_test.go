// Package check holds the manifests of deploy/kubernetes against Kubernetes' own types, in a module of its own: gradus needs none of it.
package check

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// read decodes a manifest strictly: a field that Kubernetes does not know is an error.
func read(name string, into any) error {
	b, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		return err
	}
	return yaml.UnmarshalStrict(b, into)
}

func job(t *testing.T, name string) *batch.Job {
	t.Helper()
	j := &batch.Job{}
	if err := read(name, j); err != nil {
		t.Fatal(err)
	}
	return j
}

// complaints are what is wrong with a job as such: its names, its rights, its room, its end.
func complaints(j *batch.Job) (list []string) {
	no := func(ok bool, format string, args ...any) {
		if !ok {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	pod := &j.Spec.Template.Spec
	no(j.APIVersion == "batch/v1" && j.Kind == "Job", "it is a %s %s", j.APIVersion, j.Kind)
	no(len(validation.IsDNS1123Label(j.Name)) == 0, "name %q", j.Name)
	no(pod.RestartPolicy == core.RestartPolicyNever, "restart policy %q, and a failure policy asks for Never", pod.RestartPolicy)
	no(pod.AutomountServiceAccountToken != nil && !*pod.AutomountServiceAccountToken, "it can speak to the cluster")
	no(!pod.HostNetwork && !pod.HostPID && !pod.HostIPC, "it sees the host")
	s := pod.SecurityContext
	no(s != nil && s.RunAsNonRoot != nil && *s.RunAsNonRoot && s.RunAsUser != nil && *s.RunAsUser != 0, "it may be root")
	no(s != nil && s.SeccompProfile != nil && s.SeccompProfile.Type == core.SeccompProfileTypeRuntimeDefault, "any system call is allowed")
	no(len(pod.Containers) == 1 && len(pod.InitContainers) == 0, "%d containers", len(pod.Containers))
	for _, c := range pod.Containers {
		s := c.SecurityContext
		no(s != nil && s.Privileged == nil && s.AllowPrivilegeEscalation != nil && !*s.AllowPrivilegeEscalation, "%s may gain rights", c.Name)
		no(s != nil && s.ReadOnlyRootFilesystem != nil && *s.ReadOnlyRootFilesystem, "%s writes to its image", c.Name)
		no(s != nil && s.Capabilities != nil && slices.Equal(s.Capabilities.Drop, []core.Capability{"ALL"}) && s.Capabilities.Add == nil, "%s has capabilities", c.Name)
		_, tag, tagged := strings.Cut(c.Image[strings.LastIndex(c.Image, "/")+1:], ":")
		no(tagged && tag != "latest", "image %q has no version", c.Image)
		for _, r := range []core.ResourceName{core.ResourceCPU, core.ResourceMemory} {
			ask, most := c.Resources.Requests[r], c.Resources.Limits[r]
			no(!ask.IsZero() && !most.IsZero() && ask.Cmp(most) <= 0, "%s asks for %s of at most %s %s", c.Name, &ask, &most, r)
		}
		for _, m := range c.VolumeMounts {
			no(slices.ContainsFunc(pod.Volumes, func(v core.Volume) bool { return v.Name == m.Name && v.PersistentVolumeClaim != nil }), "no volume %q", m.Name)
			no(m.MountPath == c.WorkingDir, "it works in %s, and the study is in %s", c.WorkingDir, m.MountPath)
		}
		if p := j.Spec.PodFailurePolicy; p != nil {
			for _, r := range p.Rules {
				no(r.OnExitCodes == nil || r.OnExitCodes.ContainerName != nil && *r.OnExitCodes.ContainerName == c.Name, "a rule is about another container")
				no(r.Action != batch.PodFailurePolicyActionFailIndex || j.Spec.BackoffLimitPerIndex != nil, "FailIndex without backoffLimitPerIndex")
			}
		}
	}
	return list
}

func TestJobs(t *testing.T) {
	for _, name := range []string{"shards.yaml", "gather.yaml"} {
		for _, c := range complaints(job(t, name)) {
			t.Errorf("%s: %s", name, c)
		}
	}
}

// The checks bite: each spoilt manifest is noticed.
func TestChecksBite(t *testing.T) {
	b, err := os.ReadFile("../shards.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"completionMode:", "completionsMode:"},
		{"completions: 10", "completions: ten"},
		{"runAsNonRoot: true", "runAsNonRoot: false"},
		{"runAsUser: 65532", "runAsUser: 0"},
		{"allowPrivilegeEscalation: false", "privileged: true"},
		{"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"},
		{"drop: [ALL]", "add: [SYS_ADMIN]"},
		{"gradus:0.1.0", "gradus:latest"},
		{"memory: 4Gi", "memory: 1Gi"},
		{"memory: 4Gi", "memory: 4Gb"},
		{"restartPolicy: Never", "restartPolicy: Always"},
		{"backoffLimitPerIndex: 3", "backoffLimit: 3"},
		{"mountPath: /study", "mountPath: /data"},
		{"containerName: gradus", "containerName: other"},
		{"name: gradus-shards", "name: Gradus_Shards"},
	} {
		bad := bytes.Replace(b, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(bad, b) {
			t.Errorf("the manifest has no %q", change[0])
		}
		var j batch.Job
		if err := yaml.UnmarshalStrict(bad, &j); err == nil && complaints(&j) == nil {
			t.Errorf("%q instead of %q goes unnoticed", change[1], change[0])
		}
	}
}

// The array is indexed, has as many indexes as --shard says, and its shards lie where the gathering job looks.
func TestShards(t *testing.T) {
	j, g := job(t, "shards.yaml"), job(t, "gather.yaml")
	c, end := j.Spec.Template.Spec.Containers[0], g.Spec.Template.Spec.Containers[0]
	if j.Spec.CompletionMode == nil || *j.Spec.CompletionMode != batch.IndexedCompletion || j.Spec.Completions == nil || j.Spec.Parallelism == nil {
		t.Fatal("the job is not indexed")
	}
	n := *j.Spec.Completions
	if at := slices.Index(c.Args, "--shard"); at < 0 || c.Args[at+1] != fmt.Sprintf("auto/%d", n) {
		t.Errorf("%d completions, and the arguments are %v", n, c.Args)
	}
	if *j.Spec.Parallelism > n || *j.Spec.MaxFailedIndexes > n || j.Spec.BackoffLimitPerIndex == nil {
		t.Error("parallelism, maxFailedIndexes or backoffLimitPerIndex do not fit")
	}
	if at := slices.Index(c.Args, "--out"); at < 0 || end.Args[0] != "gather" || end.Args[1] != c.Args[at+1] || !slices.Contains(c.Args, "--resume") {
		t.Errorf("%v, then %v", c.Args, end.Args)
	}
	var claim core.PersistentVolumeClaim
	if err := read("volume.yaml", &claim); err != nil {
		t.Fatal(err)
	}
	for _, j := range []*batch.Job{j, g} {
		if got := j.Spec.Template.Spec.Volumes[0].PersistentVolumeClaim.ClaimName; got != claim.Name {
			t.Errorf("%s wants the claim %s, and there is %s", j.Name, got, claim.Name)
		}
	}
	if !slices.Equal(claim.Spec.AccessModes, []core.PersistentVolumeAccessMode{core.ReadWriteMany}) || c.Image != end.Image {
		t.Error("the volume is not for many pods, or the jobs are of two images")
	}
}

// What the manifests have each pod do is done here, index by index, with the program that GRADUS names: the results have the bytes of one run.
func TestPods(t *testing.T) {
	program := os.Getenv("GRADUS")
	if program == "" {
		t.Skip("GRADUS names no program")
	}
	dir := t.TempDir()
	gradus := func(env string, args ...string) []byte {
		t.Helper()
		c := exec.Command(program, args...)
		c.Dir, c.Env = dir, append(os.Environ(), env)
		var out, err bytes.Buffer
		c.Stdout, c.Stderr = &out, &err
		if bad := c.Run(); bad != nil {
			t.Fatalf("gradus %v: %v: %s", args, bad, err.Bytes())
		}
		return out.Bytes()
	}
	if err := os.WriteFile(filepath.Join(dir, "iris.csv"), gradus("", "data", "iris", "--csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	gradus("", "study", "iris.csv", "--target", "species", "--outer", "2", "--inner", "2", "--draws", "20", "--out", "one", "--no-record")
	if err := os.Link(filepath.Join(dir, "one", "study.yaml"), filepath.Join(dir, "study.yaml")); err != nil {
		t.Fatal(err)
	}
	j, g := job(t, "shards.yaml"), job(t, "gather.yaml")
	for i := range *j.Spec.Completions {
		gradus(fmt.Sprintf("JOB_COMPLETION_INDEX=%d", i), j.Spec.Template.Spec.Containers[0].Args...)
	}
	gradus("", g.Spec.Template.Spec.Containers[0].Args...)
	for _, name := range []string{"model.gradus", "study.json", "study.yaml", "report.json", "report.ko.html", "report.en.html"} {
		a, err := os.ReadFile(filepath.Join(dir, "one", name))
		b, bad := os.ReadFile(filepath.Join(dir, "study", name))
		if err != nil || bad != nil || !bytes.Equal(a, b) {
			t.Errorf("%s has other bytes: %v %v", name, err, bad)
		}
	}
}
