package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

type identity struct {
	Pod  string `json:"pod"`
	Node string `json:"node"`
	Zone string `json:"zone,omitempty"`
}

// What can be told to hang: answers to clients, the liveness probe, the readiness probe.
var hangable = []string{"requests", "live", "ready"}

type web struct {
	*http.ServeMux
	terminating atomic.Bool
	answers     atomic.Int64
	answer      []byte
	latency     time.Duration

	mutex sync.Mutex
	hung  map[string]chan struct{} // closed when that thing no longer hangs
}

func newWeb(who identity, latency time.Duration) *web {
	answer, err := json.Marshal(who)
	if err != nil {
		panic(err) // three strings always marshal
	}
	w := &web{ServeMux: http.NewServeMux(), answer: answer, latency: latency, hung: map[string]chan struct{}{}}
	w.HandleFunc("GET /{$}", w.serve)
	w.HandleFunc("GET /healthz", func(out http.ResponseWriter, in *http.Request) {
		if w.pass("live", in) {
			fmt.Fprintln(out, "ok")
		}
	})
	w.HandleFunc("GET /readyz", w.ready)
	w.HandleFunc("GET /metrics", func(out http.ResponseWriter, in *http.Request) {
		out.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprintf(out, "# TYPE web_answers_total counter\nweb_answers_total %d\n", w.answers.Load())
	})
	w.HandleFunc("POST /hang", func(out http.ResponseWriter, in *http.Request) { w.toggle(out, in, w.hang) })
	w.HandleFunc("POST /unhang", func(out http.ResponseWriter, in *http.Request) { w.toggle(out, in, w.unhang) })
	return w
}

func (w *web) serve(out http.ResponseWriter, in *http.Request) {
	if !w.pass("requests", in) {
		return
	}
	if w.latency > 0 {
		select {
		case <-time.After(w.latency):
		case <-in.Context().Done():
			return
		}
	}
	w.answers.Add(1)
	out.Header().Set("Content-Type", "application/json")
	out.Write(w.answer)
}

func (w *web) ready(out http.ResponseWriter, in *http.Request) {
	if !w.pass("ready", in) {
		return
	}
	if w.terminating.Load() {
		http.Error(out, "terminating", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(out, "ok")
}

// pass waits while that thing hangs. It returns false when the client gave up meanwhile.
func (w *web) pass(what string, in *http.Request) bool {
	w.mutex.Lock()
	released := w.hung[what]
	w.mutex.Unlock()
	if released == nil {
		return true
	}
	select {
	case <-released:
		return true
	case <-in.Context().Done():
		return false
	}
}

// toggle applies the change to ?what=requests|live|ready, or to all of them.
func (w *web) toggle(out http.ResponseWriter, in *http.Request, change func(string)) {
	what := in.URL.Query().Get("what")
	known := what == ""
	for _, thing := range hangable {
		if what == "" || what == thing {
			known = true
			change(thing)
		}
	}
	if !known {
		http.Error(out, fmt.Sprintf("what: expected one of %v, found %q", hangable, what), http.StatusBadRequest)
	}
}

func (w *web) hang(what string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.hung[what] == nil {
		w.hung[what] = make(chan struct{})
	}
}

func (w *web) unhang(what string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if released := w.hung[what]; released != nil {
		close(released)
		delete(w.hung, what)
	}
}
