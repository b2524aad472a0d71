// netfault does on a node what its kernel cannot: it holds packets back, or answers DNS queries with SERVFAIL.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "netfault:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 3 && args[0] == "delay" {
		queue, err := strconv.ParseUint(args[1], 10, 16)
		if err != nil {
			return fmt.Errorf("queue number: %w", err)
		}
		delayMs, err := strconv.Atoi(args[2])
		if err != nil {
			return fmt.Errorf("delay in milliseconds: %w", err)
		}
		return delay(uint16(queue), time.Duration(delayMs)*time.Millisecond)
	}
	if len(args) == 2 && args[0] == "servfail" {
		return servfail(args[1])
	}
	return fmt.Errorf("usage: netfault delay QUEUE MILLISECONDS | netfault servfail PORT")
}
