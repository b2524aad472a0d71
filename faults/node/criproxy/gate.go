package main

import (
	"context"
	"maps"
	"sync"
)

// Stats is what the proxy knows of the calls that came to it.
type Stats struct {
	// Calls that came, and those of them that had to wait, by method.
	Calls map[string]int `json:"calls"`
	Held  map[string]int `json:"held"`
	// Moved is how many connections of the client were cut, to come again through the proxy.
	Moved int `json:"moved"`
}

// gate counts every call and holds some of them until their caller gives up.
type gate struct {
	mutex sync.Mutex
	hold  map[string]bool
	stats Stats
}

func newGate(hold []string) *gate {
	g := &gate{hold: map[string]bool{}, stats: Stats{Calls: map[string]int{}, Held: map[string]int{}}}
	for _, method := range hold {
		g.hold[method] = true
	}
	return g
}

// pass returns at once, or when the caller of a held method has given up or gone.
func (g *gate) pass(ctx context.Context, method string) error {
	if !g.count(method) {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

func (g *gate) count(method string) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.stats.Calls[method]++
	if g.hold[method] {
		g.stats.Held[method]++
	}
	return g.hold[method]
}

func (g *gate) setMoved(count int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.stats.Moved = count
}

func (g *gate) snapshot() Stats {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return Stats{Calls: maps.Clone(g.stats.Calls), Held: maps.Clone(g.stats.Held), Moved: g.stats.Moved}
}
