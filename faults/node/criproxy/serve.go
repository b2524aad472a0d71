package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
)

// realSocket is where the runtime answers while the proxy has its place.
func realSocket(socket string) string { return socket + ".held" }

// serve takes the socket's place until the context ends, and gives it back whatever became of it.
func serve(ctx context.Context, socket, folder string, client int, hold []string) error {
	listener, restore, err := takePlace(socket)
	if err != nil {
		return err
	}
	defer restore()
	gate := newGate(hold)
	control, err := listenControl(folder, gate)
	if err != nil {
		return err
	}
	defer control.Close()
	server, err := newProxy(realSocket(socket), gate)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	moved, err := cutConnections(client, socket)
	if err != nil {
		return fmt.Errorf("moving the connections of process %d: %w", client, err)
	}
	gate.setMoved(moved)
	select {
	case <-ctx.Done():
		restore()
		server.Stop()
		return nil
	case err := <-ended:
		return err
	}
}

// takePlace listens under another name and moves that over the socket's, so that there is a server at every instant.
// The runtime's own socket stays reachable under a second name, and whoever is connected to it stays connected.
func takePlace(socket string) (net.Listener, func(), error) {
	held, fresh := realSocket(socket), socket+".proxy"
	if err := os.Link(socket, held); err != nil {
		return nil, nil, fmt.Errorf("a second name for the runtime's socket: %w", err)
	}
	restore := func() {
		if err := os.Rename(held, socket); err != nil && !errors.Is(err, os.ErrNotExist) {
			fmt.Fprintln(os.Stderr, "criproxy: giving the socket back:", err)
		}
	}
	_ = os.Remove(fresh)
	listener, err := net.Listen("unix", fresh)
	if err != nil {
		restore()
		return nil, nil, err
	}
	// Closing it must not remove what is then the runtime's own socket.
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := os.Rename(fresh, socket); err != nil {
		restore()
		return nil, nil, err
	}
	return listener, restore, nil
}
