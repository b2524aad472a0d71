// Judges histories of registers with porcupine, for comparison with the harness's own checker.
// Reads one JSON history a line from standard input and answers each with one JSON line.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

// An event as history.ndjson has it; the fields that are not here make no difference.
type event struct {
	Action   string          `json:"action"`
	Key      string          `json:"key"`
	Value    json.RawMessage `json:"value"`
	Expected json.RawMessage `json:"expected"`
	StartMs  float64         `json:"startMs"`
	EndMs    float64         `json:"endMs"`
	Outcome  string          `json:"outcome"`
}

type input struct {
	action, key, value, expected string
	answered                     bool
}

const absent = "null"

// A register that is absent at first. An operation without an answer may come last of all, where nothing sees it.
var register = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byKey := map[string][]porcupine.Operation{}
		for _, operation := range history {
			key := operation.Input.(input).key
			byKey[key] = append(byKey[key], operation)
		}
		parts := make([][]porcupine.Operation, 0, len(byKey))
		for _, part := range byKey {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() interface{} { return absent },
	Step: func(state, given, _ interface{}) (bool, interface{}) {
		operation := given.(input)
		switch operation.action {
		case "read":
			return operation.value == state.(string), state
		case "write":
			return true, operation.value
		}
		if operation.expected == state.(string) {
			return true, operation.value
		}
		return !operation.answered, state
	},
}

func operations(events []event) []porcupine.Operation {
	var history []porcupine.Operation
	for _, each := range events {
		answered := each.Outcome == "ok"
		if each.Outcome == "failed" || (each.Action == "read" && !answered) {
			continue
		}
		end := int64(math.MaxInt64)
		if answered {
			end = int64(each.EndMs * 1000)
		}
		history = append(history, porcupine.Operation{
			Input:  input{each.Action, each.Key, string(each.Value), string(each.Expected), answered},
			Call:   int64(each.StartMs * 1000),
			Return: end,
		})
	}
	return history
}

func main() {
	limit := flag.Duration("limit", time.Minute, "how long to search at most for each history")
	flag.Parse()
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	decoder := json.NewDecoder(lines)
	for decoder.More() {
		var events []event
		if err := decoder.Decode(&events); err != nil {
			fmt.Fprintln(os.Stderr, "expected a JSON array of operations on each line:", err)
			os.Exit(1)
		}
		history := operations(events)
		start := time.Now()
		result := porcupine.CheckOperationsTimeout(register, history, *limit)
		tookMs := float64(time.Since(start).Microseconds()) / 1000
		status := map[porcupine.CheckResult]string{porcupine.Ok: "linearizable", porcupine.Illegal: "illegal"}[result]
		if status == "" {
			status = "unknown"
		}
		if err := answers.Encode(map[string]interface{}{"status": status, "tookMs": tookMs}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
