package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// How long a stranger may take to show a certificate.
const introductionLimit = 15 * time.Second

// serve runs what it is asked for until it is ended.
func serve(address, folder string) error {
	config, err := tlsConfig(folder)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return serveOn(tls.NewListener(listener, config), []string{self, "enter"})
}

// serveOn puts the prefix before each command.
func serveOn(listener net.Listener, prefix []string) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer connection.Close()
			if err := introduce(connection); err == nil {
				err = answer(connection, prefix)
				if err != io.EOF {
					fmt.Fprintf(os.Stderr, "node-agent: %s: %v\n", connection.RemoteAddr(), err)
				}
			}
		}()
	}
}

func introduce(connection net.Conn) error {
	secure, ok := connection.(*tls.Conn)
	if !ok {
		return nil
	}
	if err := secure.SetDeadline(time.Now().Add(introductionLimit)); err != nil {
		return err
	}
	if err := secure.Handshake(); err != nil {
		return err
	}
	return secure.SetDeadline(time.Time{})
}

// answer runs one command after the other over a connection. When the asker is gone, the command that runs is killed.
func answer(connection io.ReadWriter, prefix []string) error {
	out := &frames{writer: connection}
	var running *child
	defer func() { running.kill() }()
	for {
		what, payload, err := readFrame(connection)
		if err != nil {
			return err
		}
		switch what {
		case command:
			if !running.isOver() {
				return fmt.Errorf("asked for a second command while the first runs")
			}
			var argv []string
			if err := json.Unmarshal(payload, &argv); err != nil || len(argv) == 0 {
				return fmt.Errorf("expected the words of a command")
			}
			if running, err = start(append(append([]string{}, prefix...), argv...), out); err != nil {
				return err
			}
		case input:
			running.write(payload)
		case inputEnd:
			running.closeInput()
		case signal:
			if len(payload) == 1 {
				running.signal(payload[0])
			}
		}
	}
}
