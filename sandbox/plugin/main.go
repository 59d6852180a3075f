// Command pulumi-resource-kubernetes stands in for the official Pulumi Kubernetes plugin on a machine that cannot get
// it. It behaves as the official plugin does for what the deployer uses, and refuses the rest; see README.md.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	log.SetOutput(io.Discard) // Helm writes warnings with values in them there
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-resource-kubernetes (the sandbox's stand-in): %v\n", err)
		os.Exit(1)
	}
}

// run serves the provider until a signal arrives or the engine is gone.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := newProvider()
	if engine := engineAddress(os.Args[1:]); engine != "" {
		if err := p.connectEngine(engine); err != nil {
			return err
		}
		if err := rpcutil.Healthcheck(ctx, engine, 30*time.Second, stop); err != nil {
			return fmt.Errorf("cannot reach the Pulumi engine at %s: %w", engine, err)
		}
	}
	cancel := make(chan bool)
	server, err := serve(p, cancel)
	if err != nil {
		return err
	}
	// The protocol: the first line on standard output is the port, nothing else.
	fmt.Println(server.Port)
	select {
	case <-ctx.Done():
		p.stop()
		close(cancel)
		return <-server.Done
	case err := <-server.Done:
		return err
	}
}

// serve starts a gRPC server for the provider on a free port of the loopback interface.
func serve(p *provider, cancel chan bool) (rpcutil.ServeHandle, error) {
	return rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel:  cancel,
		Options: []grpc.ServerOption{grpc.UnaryInterceptor(p.guard)},
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(server, p)
			return nil
		},
	})
}

// engineAddress is the last argument: the engine puts its own flags before it, and none when it attaches later.
func engineAddress(args []string) string {
	if len(args) == 0 || strings.HasPrefix(args[len(args)-1], "-") {
		return ""
	}
	return args[len(args)-1]
}
