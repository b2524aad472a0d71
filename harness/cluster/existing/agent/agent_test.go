package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// talk starts an agent without a prefix and gives the other end of a connection.
func talk(t *testing.T, client, server string) net.Conn {
	t.Helper()
	config, err := tlsConfig(server)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() { _ = serveOn(listener, nil) }()
	own, err := tlsConfig(client)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := tls.Dial("tcp", listener.Addr().String(), own)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	return connection
}

func keys(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := makeKeys(folder); err != nil {
		t.Fatal(err)
	}
	return folder
}

func ask(t *testing.T, connection io.ReadWriter, stdin string, argv ...string) (string, string, byte) {
	t.Helper()
	to := &frames{writer: connection}
	words, _ := json.Marshal(argv)
	if err := to.write(command, words); err != nil {
		t.Fatal(err)
	}
	_, _ = to.of(input).Write([]byte(stdin))
	_ = to.write(inputEnd, nil)
	return hear(t, connection)
}

func hear(t *testing.T, connection io.Reader) (string, string, byte) {
	t.Helper()
	var out, errs bytes.Buffer
	for {
		what, payload, err := readFrame(connection)
		if err != nil {
			t.Fatal(err)
		}
		switch what {
		case output:
			out.Write(payload)
		case errors:
			errs.Write(payload)
		case ended:
			return out.String(), errs.String(), payload[0]
		}
	}
}

func TestOneCommandAfterTheOther(t *testing.T) {
	folder := keys(t)
	connection := talk(t, folder, folder)
	out, errs, code := ask(t, connection, "said", "sh", "-c", "cat; echo no >&2; exit 3")
	if out != "said" || errs != "no\n" || code != 3 {
		t.Fatalf("got %q, %q, %d", out, errs, code)
	}
	large := strings.Repeat("0123456789", 300_000)
	if out, _, code := ask(t, connection, large, "cat"); out != large || code != 0 {
		t.Fatalf("got %d bytes and %d", len(out), code)
	}
	// Its input is not read; the next command must not get it.
	if _, _, code := ask(t, connection, large, "true"); code != 0 {
		t.Fatalf("got %d", code)
	}
	if out, _, _ := ask(t, connection, "", "cat"); out != "" {
		t.Fatalf("got %q", out)
	}
}

func TestSignalsAreCounted(t *testing.T) {
	folder := keys(t)
	connection := talk(t, folder, folder)
	to := &frames{writer: connection}
	words, _ := json.Marshal([]string{"sleep", "60"})
	_ = to.write(command, words)
	_ = to.write(signal, []byte{15})
	if _, _, code := hear(t, connection); code != 128+15 {
		t.Fatalf("got %d", code)
	}
}

func TestACommandEndsWithWhoAskedForIt(t *testing.T) {
	folder := keys(t)
	file := folder + "/alive"
	connection := talk(t, folder, folder)
	words, _ := json.Marshal([]string{"sh", "-c", "while :; do date +%N > " + file + "; echo; sleep 0.05; done"})
	_ = (&frames{writer: connection}).write(command, words)
	if what, _, err := readFrame(connection); what != output || err != nil {
		t.Fatalf("got frame %d, %v", what, err)
	}
	connection.Close()
	last := "never"
	for range 100 {
		time.Sleep(200 * time.Millisecond)
		now := read(t, file)
		if now == last {
			return
		}
		last = now
	}
	t.Fatal("it still runs")
}

func TestAStrangerIsNotHeard(t *testing.T) {
	own, other := keys(t), keys(t)
	config, _ := tlsConfig(own)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() { _ = serveOn(listener, nil) }()
	stranger, _ := tlsConfig(other)
	// Who does not care whom it talks to is still asked for the key.
	stranger.InsecureSkipVerify = true
	connection, err := tls.Dial("tcp", listener.Addr().String(), stranger)
	if err != nil {
		return
	}
	defer connection.Close()
	words, _ := json.Marshal([]string{"echo", "heard"})
	_ = (&frames{writer: connection}).write(command, words)
	if what, payload, err := readFrame(connection); err == nil {
		t.Fatalf("got frame %d: %q", what, payload)
	}
}
