// Command node-agent runs commands on a node for the harness, inside a privileged pod. Both ends show the same
// certificate, which exists for one run.
package main

import (
	"fmt"
	"os"
	"runtime"
)

const usage = `usage: node-agent keys FOLDER        makes the certificate and the key of a run
       node-agent serve PORT FOLDER  runs what is asked for by who shows that certificate
       node-agent enter COMMAND...   runs a command as the node's first process would`

func init() {
	// Namespaces belong to a thread: what "enter" changes must be changed for the one that becomes the command.
	runtime.LockOSThread()
}

func main() {
	if err := dispatch(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "node-agent: %v\n", err)
		// What a shell says of a command that it cannot start.
		os.Exit(127)
	}
}

func dispatch(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "keys":
		return makeKeys(args[1])
	case len(args) == 3 && args[0] == "serve":
		return serve(":"+args[1], args[2])
	case len(args) >= 2 && args[0] == "enter":
		return enter(args[1:])
	}
	return fmt.Errorf("%s", usage)
}
