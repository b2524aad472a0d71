package main

import (
	"io"
	"os/exec"
	"syscall"
	"time"
)

// A command that left something behind which still holds its output is over this long after it ended itself.
const outputLimit = time.Second

// child is a command that was started; all of its methods do nothing when there is none or it is over.
type child struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	over    chan struct{}
}

// start runs a command whose output, and at last its exit code, become frames.
func start(argv []string, out *frames) (*child, error) {
	command := exec.Command(argv[0], argv[1:]...)
	command.Stdout, command.Stderr = out.of(output), out.of(errors)
	command.WaitDelay = outputLimit
	// What was asked for ends with this agent; what it left behind on purpose goes on.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	made := &child{command, stdin, make(chan struct{})}
	go func() {
		_ = command.Wait()
		// First, so that the next command may be asked for as soon as this frame has come.
		close(made.over)
		_ = out.write(ended, []byte{exitCode(command)})
	}()
	return made, nil
}

func (c *child) isOver() bool {
	if c == nil {
		return true
	}
	select {
	case <-c.over:
		return true
	default:
		return false
	}
}

func (c *child) write(bytes []byte) {
	if c != nil {
		// A command that does not read its input is no error of ours.
		_, _ = c.stdin.Write(bytes)
	}
}

func (c *child) closeInput() {
	if c != nil {
		_ = c.stdin.Close()
	}
}

func (c *child) signal(number byte) {
	if c != nil {
		_ = c.command.Process.Signal(syscall.Signal(number))
	}
}

func (c *child) kill() { c.signal(byte(syscall.SIGKILL)) }

// exitCode is 128 + n for a command that signal n ended.
func exitCode(command *exec.Cmd) byte {
	if status, ok := command.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return byte(128 + int(status.Signal()))
	}
	return byte(command.ProcessState.ExitCode())
}
