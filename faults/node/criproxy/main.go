// criproxy stands between a kubelet and its container runtime and holds back the calls it is told to. It takes the
// place of the runtime's socket without restarting either, and gives it back when it ends.
//
//	criproxy serve -socket SOCKET -folder FOLDER -client PID -hold Method,Method [-limit 30m]
//	criproxy stats -folder FOLDER
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("expected serve or stats"))
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	socket := flags.String("socket", "", "the runtime's socket, whose place is taken")
	folder := flags.String("folder", "", "where the control socket is")
	client := flags.Int("client", 0, "the process whose connections are moved to the proxy")
	hold := flags.String("hold", "", "methods whose calls wait, such as ListContainers")
	limit := flags.Duration("limit", 30*time.Minute, "after this time it ends by itself")
	_ = flags.Parse(os.Args[2:])

	switch os.Args[1] {
	case "serve":
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
		defer stop()
		ctx, cancel := context.WithTimeout(ctx, *limit)
		defer cancel()
		if err := serve(ctx, *socket, *folder, *client, strings.Split(*hold, ",")); err != nil {
			fail(err)
		}
	case "stats":
		if err := printStats(*folder); err != nil {
			fail(err)
		}
	default:
		fail(fmt.Errorf("expected serve or stats, found %s", os.Args[1]))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "criproxy:", err)
	os.Exit(1)
}
