package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

func controlSocket(folder string) string { return filepath.Join(folder, "control") }

// listenControl answers every connection with the counts as JSON.
func listenControl(folder string, gate *gate) (net.Listener, error) {
	listener, err := net.Listen("unix", controlSocket(folder))
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_ = connection.SetDeadline(time.Now().Add(time.Second))
			if err := json.NewEncoder(connection).Encode(gate.snapshot()); err != nil {
				fmt.Fprintln(os.Stderr, "criproxy: telling the counts:", err)
			}
			_ = connection.Close()
		}
	}()
	return listener, nil
}

func printStats(folder string) error {
	connection, err := net.DialTimeout("unix", controlSocket(folder), time.Second)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		return err
	}
	_, err = io.Copy(os.Stdout, connection)
	return err
}
