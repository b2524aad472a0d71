// The web workload: answers with the pod and node it runs on, tells whether it is ready, and can be told to hang.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// How long requests under way may take after the order to end; shorter than Kubernetes' grace period of 30 s.
const drain = 20 * time.Second

func main() {
	latency, err := time.ParseDuration(env("LATENCY", "0s"))
	if err != nil {
		log.Fatalf("LATENCY: expected a duration such as 20ms, found %q", os.Getenv("LATENCY"))
	}
	web := newWeb(identity{Pod: env("POD", "unknown"), Node: env("NODE", "unknown"), Zone: env("ZONE", "")}, latency)
	server := &http.Server{Addr: env("LISTEN", ":8080"), Handler: web, ReadHeaderTimeout: 10 * time.Second}

	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	drained := make(chan struct{})
	go func() {
		<-ended
		web.terminating.Store(true)
		// Clients that keep connections learn with their next answer that this one ends.
		server.SetKeepAlivesEnabled(false)
		limit, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		if err := server.Shutdown(limit); err != nil {
			log.Printf("requests were cut off: %v", err)
		}
		close(drained)
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-drained
}

func env(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return otherwise
}
