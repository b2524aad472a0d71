package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestGateHoldsUntilTheCallerGivesUp(t *testing.T) {
	gate := newGate([]string{"ListContainers"})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := gate.pass(ctx, "ListContainers"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("expected the deadline of the caller, found %v", err)
	}
	if err := gate.pass(context.Background(), "Status"); err != nil {
		t.Fatal(err)
	}
	stats := gate.snapshot()
	if stats.Calls["ListContainers"] != 1 || stats.Held["ListContainers"] != 1 || stats.Calls["Status"] != 1 || stats.Held["Status"] != 0 {
		t.Fatalf("expected one held and one passed call, found %+v", stats)
	}
}
