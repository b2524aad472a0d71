package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func call(t *testing.T, server *httptest.Server, method, path string, limit time.Duration) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func start(t *testing.T, w *web) *httptest.Server {
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return server
}

func TestAnswersWithItsIdentity(t *testing.T) {
	server := start(t, newWeb(identity{Pod: "web-1", Node: "w1", Zone: "zone-a"}, 0))
	status, body := call(t, server, "GET", "/", time.Second)
	if status != 200 || body != `{"pod":"web-1","node":"w1","zone":"zone-a"}` {
		t.Errorf("got %d %q", status, body)
	}
	if status, _ := call(t, server, "GET", "/other", time.Second); status != 404 {
		t.Errorf("an unknown path gave %d", status)
	}
}

func TestCountsItsAnswers(t *testing.T) {
	server := start(t, newWeb(identity{Pod: "p", Node: "n"}, 0))
	for range 2 {
		call(t, server, "GET", "/", time.Second)
	}
	status, body := call(t, server, "GET", "/metrics", time.Second)
	if status != 200 || body != "# TYPE web_answers_total counter\nweb_answers_total 2\n" {
		t.Errorf("got %d %q", status, body)
	}
}

func TestHangsUntilReleased(t *testing.T) {
	server := start(t, newWeb(identity{Pod: "p", Node: "n"}, 0))
	if status, body := call(t, server, "POST", "/hang?what=requests", time.Second); status != 200 {
		t.Fatalf("hang gave %d %q", status, body)
	}
	if status, _ := call(t, server, "GET", "/", 50*time.Millisecond); status != 0 {
		t.Errorf("a hanging server answered %d", status)
	}
	if status, _ := call(t, server, "GET", "/readyz", time.Second); status != 200 {
		t.Errorf("readiness must not hang with the requests, got %d", status)
	}
	waiting := make(chan int)
	go func() {
		status, _ := call(t, server, "GET", "/", 5*time.Second)
		waiting <- status
	}()
	call(t, server, "POST", "/unhang", time.Second)
	if status := <-waiting; status != 200 {
		t.Errorf("a released request gave %d", status)
	}
}

func TestRefusesToHangUnknownThings(t *testing.T) {
	server := start(t, newWeb(identity{Pod: "p", Node: "n"}, 0))
	if status, _ := call(t, server, "POST", "/hang?what=nothing", time.Second); status != 400 {
		t.Errorf("got %d", status)
	}
}

func TestIsNotReadyWhileTerminating(t *testing.T) {
	w := newWeb(identity{Pod: "p", Node: "n"}, 0)
	server := start(t, w)
	w.terminating.Store(true)
	if status, _ := call(t, server, "GET", "/readyz", time.Second); status != 503 {
		t.Errorf("got %d", status)
	}
	if status, _ := call(t, server, "GET", "/", time.Second); status != 200 {
		t.Errorf("requests under way must be served, got %d", status)
	}
}

func TestAddsLatency(t *testing.T) {
	server := start(t, newWeb(identity{Pod: "p", Node: "n"}, 80*time.Millisecond))
	before := time.Now()
	call(t, server, "GET", "/", time.Second)
	if took := time.Since(before); took < 80*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
}
