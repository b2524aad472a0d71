package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// largestMessage is more than the runtime itself sends (16 MiB by default).
const largestMessage = 64 << 20

// rawCodec passes messages on as the bytes they are, so that no version of the interface is too new.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(message any) ([]byte, error) {
	bytes, ok := message.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("expected bytes, found %T", message)
	}
	return *bytes, nil
}

func (rawCodec) Unmarshal(data []byte, message any) error {
	bytes, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("expected bytes, found %T", message)
	}
	*bytes = append([]byte(nil), data...)
	return nil
}

// newProxy passes every call of every service on to the runtime, once the gate lets it.
func newProxy(runtime string, gate *gate) (*grpc.Server, error) {
	upstream, err := grpc.NewClient("unix://"+runtime,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(rawCodec{}),
			grpc.MaxCallRecvMsgSize(largestMessage), grpc.MaxCallSendMsgSize(largestMessage)))
	if err != nil {
		return nil, err
	}
	handle := func(_ any, caller grpc.ServerStream) error {
		method, ok := grpc.MethodFromServerStream(caller)
		if !ok {
			return status.Error(codes.Internal, "a call without a method")
		}
		if err := gate.pass(caller.Context(), path.Base(method)); err != nil {
			return status.FromContextError(err).Err()
		}
		return forward(upstream, caller, method)
	}
	return grpc.NewServer(grpc.ForceServerCodec(rawCodec{}), grpc.UnknownServiceHandler(handle),
		grpc.MaxRecvMsgSize(largestMessage), grpc.MaxSendMsgSize(largestMessage)), nil
}

// forward copies one call both ways until both ends have said all.
func forward(upstream *grpc.ClientConn, caller grpc.ServerStream, method string) error {
	ctx, cancel := context.WithCancel(caller.Context())
	defer cancel()
	if given, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = metadata.NewOutgoingContext(ctx, given.Copy())
	}
	both := &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}
	callee, err := upstream.NewStream(ctx, both, method)
	if err != nil {
		return err
	}
	go func() {
		if err := copyRequests(caller, callee); err != nil {
			cancel()
		}
	}()
	for {
		var message []byte
		if err := callee.RecvMsg(&message); err != nil {
			caller.SetTrailer(callee.Trailer())
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := caller.SendMsg(&message); err != nil {
			return err
		}
	}
}

func copyRequests(caller grpc.ServerStream, callee grpc.ClientStream) error {
	for {
		var message []byte
		err := caller.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			return callee.CloseSend()
		}
		if err != nil {
			return err
		}
		// What the callee has to say about a failed send comes to the other direction.
		if err := callee.SendMsg(&message); err != nil {
			return nil
		}
	}
}
