package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// The node's first process says what the node itself is, whatever container this agent is in.
const first = "/proc/1"

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// enter becomes a command in all namespaces and control groups of the node's first process. So neither the limits nor
// the end of the agent's own container concern what the command leaves behind.
func enter(argv []string) error {
	environ, err := os.ReadFile(first + "/environ")
	if err != nil {
		return fmt.Errorf("the node's first process: %w", err)
	}
	if err := joinNamespaces(); err != nil {
		return err
	}
	if err := joinGroups(); err != nil {
		return err
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	path := searchPath(environ)
	host, _ := os.Hostname()
	if err := os.Setenv("PATH", path); err != nil {
		return err
	}
	program, err := exec.LookPath(argv[0])
	if err != nil {
		return fmt.Errorf("the node has no program %s", argv[0])
	}
	return syscall.Exec(program, argv, []string{"PATH=" + path, "HOME=/root", "HOSTNAME=" + host, "LANG=C.UTF-8"})
}

// joinNamespaces leaves the process namespace as it is: the pod shares the node's, and a running process cannot change it.
func joinNamespaces() error {
	// The kernel demands it of a thread that changes its mount namespace.
	if err := syscall.Unshare(syscall.CLONE_FS); err != nil {
		return fmt.Errorf("unshare: %w", err)
	}
	kinds := []string{"cgroup", "ipc", "uts", "net", "mnt"}
	files := make([]*os.File, len(kinds))
	for at, kind := range kinds {
		// All are opened first: after the last one /proc is another.
		file, err := os.Open(filepath.Join(first, "ns", kind))
		if err != nil {
			return err
		}
		defer file.Close()
		files[at] = file
	}
	for at, file := range files {
		if _, _, failed := syscall.RawSyscall(setns, file.Fd(), 0, 0); failed != 0 {
			return fmt.Errorf("the %s namespace of the node: %w", kinds[at], failed)
		}
	}
	return nil
}

func joinGroups() error {
	groups, err := os.ReadFile(first + "/cgroup")
	if err != nil {
		return err
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	for _, folder := range groupFolders(string(groups), string(mounts)) {
		// A hierarchy that pid 1 is in but that is not shown here is no limit of ours.
		procs := filepath.Join(folder, "cgroup.procs")
		if err := os.WriteFile(procs, []byte(strconv.Itoa(os.Getpid())), 0); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("the control group of the node's first process: %w", err)
		}
	}
	return nil
}

// groupFolders finds the folders of the groups that a /proc/PID/cgroup lists among the mounts of a /proc/PID/mountinfo.
func groupFolders(groups, mounts string) []string {
	var folders []string
	for line := range strings.Lines(groups) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		if folder, found := mountOf(parts[1], parts[2], mounts); found {
			folders = append(folders, folder)
		}
	}
	return folders
}

// mountOf finds where a group of those controllers is: none is the unified hierarchy (proc_pid_mountinfo(5), cgroups(7)).
func mountOf(controllers, path, mounts string) (string, bool) {
	for line := range strings.Lines(mounts) {
		before, after, found := strings.Cut(strings.TrimSpace(line), " - ")
		fields, types := strings.Fields(before), strings.Fields(after)
		if !found || len(fields) < 5 || len(types) < 3 {
			continue
		}
		unified := controllers == "" && types[0] == "cgroup2"
		if !unified && (types[0] != "cgroup" || controllers == "" || !hasOption(types[2], strings.Split(controllers, ",")[0])) {
			continue
		}
		// A mount may show only a part of its hierarchy.
		rest, inside := strings.CutPrefix(path, strings.TrimSuffix(fields[3], "/"))
		if inside && (rest == "" || rest[0] == '/') {
			return filepath.Join(fields[4], rest), true
		}
	}
	return "", false
}

func hasOption(options, wanted string) bool {
	for _, option := range strings.Split(options, ",") {
		if option == wanted {
			return true
		}
	}
	return false
}

// searchPath is the first process's own PATH, and after it the usual one.
func searchPath(environ []byte) string {
	for _, entry := range bytes.Split(environ, []byte{0}) {
		if own, found := strings.CutPrefix(string(entry), "PATH="); found && own != "" {
			return own + ":" + usualPath
		}
	}
	return usualPath
}
