package main

import (
	"os"
	"reflect"
	"testing"
)

func read(t *testing.T, file string) string {
	t.Helper()
	bytes, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

const mounts = `30 24 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
31 30 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
34 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct
35 30 0:31 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
36 30 0:32 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
`

func TestGroupsAreFoundAmongTheMounts(t *testing.T) {
	groups := "12:memory:/docker/abc/init\n4:cpu,cpuacct:/\n3:pids:/x\n1:name=systemd:/init.scope\n0::/init.scope\n"
	want := []string{
		"/sys/fs/cgroup/memory/init",
		"/sys/fs/cgroup/cpu,cpuacct",
		"/sys/fs/cgroup/systemd/init.scope",
		"/sys/fs/cgroup/unified/init.scope",
	}
	if got := groupFolders(groups, mounts); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %q", got)
	}
}

func TestAGroupOutsideWhatIsMountedIsLeftOut(t *testing.T) {
	if got := groupFolders("12:memory:/docker/abcd\n", mounts); got != nil {
		t.Fatalf("got %q", got)
	}
}

func TestThePathOfTheFirstProcessComesFirst(t *testing.T) {
	if got := searchPath([]byte("HOME=/\x00PATH=/opt/bin\x00")); got != "/opt/bin:"+usualPath {
		t.Fatalf("got %q", got)
	}
	if got := searchPath([]byte("HOME=/\x00PATH=\x00")); got != usualPath {
		t.Fatalf("got %q", got)
	}
}
