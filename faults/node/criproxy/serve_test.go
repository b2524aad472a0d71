package main

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// listen starts a runtime that says its name to whoever connects.
func listen(t *testing.T, socket, name string) {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Write([]byte(name))
		}
	}()
}

func dial(t *testing.T, socket string) net.Conn {
	t.Helper()
	connection, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	_ = connection.SetDeadline(time.Now().Add(2 * time.Second))
	return connection
}

func hear(t *testing.T, connection net.Conn) string {
	t.Helper()
	buffer := make([]byte, 16)
	count, err := connection.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	return string(buffer[:count])
}

func TestThePlaceIsTakenAndGivenBack(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "runtime.sock")
	listen(t, socket, "runtime")
	listener, restore, err := takePlace(socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		if connection, err := listener.Accept(); err == nil {
			_, _ = connection.Write([]byte("proxy"))
		}
	}()
	if heard := hear(t, dial(t, socket)); heard != "proxy" {
		t.Fatalf("expected the proxy in the socket's place, found %s", heard)
	}
	if heard := hear(t, dial(t, realSocket(socket))); heard != "runtime" {
		t.Fatalf("expected the runtime under its second name, found %s", heard)
	}
	restore()
	restore()
	if heard := hear(t, dial(t, socket)); heard != "runtime" {
		t.Fatalf("expected the runtime back in its place, found %s", heard)
	}
}

func TestOnlyConnectionsToTheSocketAreCut(t *testing.T) {
	folder := t.TempDir()
	wanted, other := filepath.Join(folder, "wanted"), filepath.Join(folder, "other")
	listen(t, wanted, "a")
	listen(t, other, "b")
	cut, kept := dial(t, wanted), dial(t, other)
	hear(t, cut)
	hear(t, kept)
	count, err := cutConnections(os.Getpid(), wanted)
	if err != nil {
		t.Skipf("this kernel or this user may not copy descriptors of a process: %v", err)
	}
	if count != 1 {
		t.Fatalf("expected one connection to be cut, found %d", count)
	}
	if _, err := cut.Write([]byte("x")); err == nil {
		t.Fatal("expected the connection to be cut")
	}
	if _, err := kept.Write([]byte("x")); err != nil {
		t.Fatalf("expected the other connection to go on, found %v", err)
	}
}
