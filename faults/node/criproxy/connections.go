package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// cutConnections shuts down the connections of a running process to a unix socket, from outside, so that it connects
// again and finds who has the socket's place now. It takes pidfd_getfd(2): Linux 5.6, and the right to trace the process.
func cutConnections(pid int, socket string) (int, error) {
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(process)
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return 0, err
	}
	cut := 0
	for _, entry := range entries {
		number, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		done, err := cutOne(process, number, socket)
		if err != nil {
			return cut, err
		}
		if done {
			cut++
		}
	}
	return cut, nil
}

func cutOne(process, number int, socket string) (bool, error) {
	copied, err := unix.PidfdGetfd(process, number, 0)
	if errors.Is(err, unix.EBADF) {
		return false, nil // closed since it was listed
	}
	if err != nil {
		return false, err
	}
	defer unix.Close(copied)
	peer, err := unix.Getpeername(copied)
	if err != nil {
		return false, nil // no socket, or not connected
	}
	// The proxy's own socket was bound under another name: connections to it are left alone.
	if address, ok := peer.(*unix.SockaddrUnix); !ok || address.Name != socket {
		return false, nil
	}
	return true, unix.Shutdown(copied, unix.SHUT_RDWR)
}
